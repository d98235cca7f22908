//! How `try` comes to its end: what is put off for a short while is waited for.

use anyhow::Result;
use domain::{
    call::{Call, CallState},
    connection::Window,
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{connections::SyncStore, ledger::Ledger},
    verdict::{Deadline, FUNCTION_TIMEOUT},
};

use crate::app::App;

/// What is put off for no longer than this is waited for.
const SHORT_WAIT: Span = Span::minutes(2);
/// The run ends when so many rounds in a row have decided nothing.
const IDLE_ROUNDS: u32 = 10;
/// What such a round left open is taken up again after this.
const BETWEEN_ROUNDS: Span = Span::seconds(1);

/// Delivers what is queued and waits for what is put off, until all is decided, waits for long, or
/// does not move any more.
///
/// # Errors
/// When the database does not answer.
pub async fn work_to_the_end(app: &App, org: &OrgId) -> Result<()> {
    let (mut least, mut idle) = (usize::MAX, 0);
    loop {
        app.drain().await;
        let windows = app.store.windows(org).await?;
        let calls = open_calls(app, org).await?;
        let left = left(&windows, &calls);
        idle = if left < least { 0 } else { idle + 1 };
        least = least.min(left);
        let now = app.clock.now();
        let Some(next) = next(&windows, &calls, now).filter(|_| idle < IDLE_ROUNDS) else {
            return Ok(());
        };
        let maintenance = &app.poller.maintenance;
        match next {
            Next::TakeUp => {
                // A listing that paused for calls which are decided by now begins again at once.
                if idle > 0 {
                    app.clock.sleep_until(now + BETWEEN_ROUNDS).await;
                }
                maintenance.resume(run_from(app)).await?;
            }
            Next::At(at) => {
                app.clock.sleep_until(at).await;
                maintenance.tick(run_from(app)).await?;
            }
        }
    }
}

fn run_from(app: &App) -> Deadline {
    Deadline(app.clock.now() + FUNCTION_TIMEOUT)
}

/// What keeps a run from its end.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// A listing, or a call that nobody has in hand, is open.
    TakeUp,
    /// Something is put off until then.
    At(Timestamp),
}

async fn open_calls(app: &App, org: &OrgId) -> Result<Vec<Call>> {
    let (mut calls, mut after) = (Vec::new(), None);
    loop {
        let page = app.store.open_calls(org, None, after.as_ref(), 100).await?;
        let Some(last) = page.last() else {
            return Ok(calls);
        };
        after = Some(last.id.clone());
        calls.extend(page);
    }
}

/// How much is left to do: calls, slices and windows.
fn left(windows: &[Window], calls: &[Call]) -> usize {
    let unfinished = windows.iter().filter(|window| window.finished.is_none());
    let slices = unfinished.map(|w| 1 + w.slices.iter().filter(|slice| !slice.done).count());
    let calls = calls
        .iter()
        .filter(|c| c.state != CallState::AwaitingTranscript);
    slices.sum::<usize>() + calls.count()
}

fn next(windows: &[Window], calls: &[Call], now: Timestamp) -> Option<Next> {
    let unfinished = windows.iter().any(|window| window.finished.is_none());
    let in_hand = |call: &Call| matches!(call.state, CallState::Queued | CallState::Processing);
    if unfinished || calls.iter().any(in_hand) {
        return Some(Next::TakeUp);
    }
    let put_off = calls
        .iter()
        .filter(|call| call.state == CallState::Deferred);
    let soonest = put_off.filter_map(|call| call.due).min()?;
    (soonest - now <= SHORT_WAIT).then_some(Next::At(soonest))
}

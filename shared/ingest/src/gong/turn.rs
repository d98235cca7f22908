//! The turn of a request to Gong: a slot of the company's budget, and what is looked at just
//! before it.
//!
//! The look at the ledger and at Gong's wish to wait ends before the slot begins, so that a slow
//! database takes nothing of it. The clock is read last: whoever is later than the slot allows
//! exchanges it for a later one instead of sending. What is promised is therefore three requests in
//! any second *by the time at which they are handed over*; a process that is stopped between that
//! last reading and the network is late by as long as it was stopped.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use domain::{
    call::{CallState, READING_MAX_AGE},
    ids::{CallId, OrgId},
    moment::{Span, Timestamp},
    ports::{
        connections::{BudgetStore, Slot, SlotError, SlotWish},
        ledger::Ledger,
        system::{Clock, Ids},
    },
    verdict::Deadline,
};

use super::error::GateError;

/// Waits up to this long are waited out; longer ones end the run.
const SHORT_WAIT: Span = Span::seconds(10);
/// How often Gong may ask to wait, or the line be too long, before the run is ended, and for how
/// long.
const MAX_WAITS: u32 = 60;
const AFTER_MAX_WAITS: Span = Span::minutes(1);
/// How many slots may pass unused before the run is ended. With each, more time is asked for.
const MAX_MISSES: u32 = 20;
/// What is known of the calls and of Gong's wish to wait is at most this old when a request is sent.
const LOOK_MAX_AGE: Span = Span::seconds(2);
/// The look begins this long before the slot at the earliest: the rest is for waking up late.
const LOOK_AHEAD: Span = Span::seconds(1);
/// Clocks of two workers may differ by this much, so a reading counts as old that much earlier.
const CLOCK_TOLERANCE: Span = Span::seconds(30);

/// A call and when its private flag was read as "not private".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagRead {
    pub call_id: CallId,
    pub at: Timestamp,
}

/// How long this process lately took to be ready for a slot, and how late it came to one that it
/// waited for. Both are forgotten by quarters.
#[derive(Debug)]
pub struct Pace {
    ready_after: AtomicI64,
    late_by: AtomicI64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            ready_after: AtomicI64::new(100),
            late_by: AtomicI64::new(0),
        }
    }
}

impl Pace {
    /// No slot is kept for longer than this.
    const MOST: Span = Span::seconds(5);
    /// Nor, by whoever waits for it, for longer than this: what it has looked at is too old by then.
    const MOST_LATE: Span = Span(LOOK_MAX_AGE.0 - LOOK_AHEAD.0);
    /// A sender that is as late as this is late by nothing that could be planned for.
    const USUAL_LATENESS: Span = Span::millis(20);

    fn note(&self, ready_after: Span, late_by: Span) {
        for (known, seen) in [(&self.ready_after, ready_after), (&self.late_by, late_by)] {
            // Of two workers that write at once either may win: it is an estimate.
            let faded = known.load(Ordering::Relaxed) * 3 / 4;
            known.store(faded.max(seen.0), Ordering::Relaxed);
        }
    }

    /// Twice what was seen lately.
    fn ready_in(&self) -> Span {
        Span(2 * self.ready_after.load(Ordering::Relaxed)).min(Self::MOST)
    }

    fn lateness(&self) -> Span {
        let late = Span(self.late_by.load(Ordering::Relaxed));
        if late <= Self::USUAL_LATENESS {
            return Span(0);
        }
        Span(2 * late.0).min(Self::MOST_LATE)
    }

    fn look_ahead(&self) -> Span {
        (self.ready_in() + self.lateness()).min(LOOK_AHEAD)
    }
}

/// How often a request has waited for its turn, over all times that it was sent.
#[derive(Debug, Default)]
pub(super) struct Patience {
    waits: u32,
    misses: u32,
}

/// Gives each request its turn.
#[derive(Clone)]
pub struct Turns {
    /// The company's request slots.
    pub budget: Arc<dyn BudgetStore>,
    /// What is known of calls whose transcripts are asked for.
    pub ledger: Arc<dyn Ledger>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// How fast this process is.
    pub pace: Arc<Pace>,
}

impl Turns {
    /// Returns when the request may be sent, which has to be done at once, and what time it is
    /// then.
    pub(super) async fn next(
        &self,
        org: &OrgId,
        flags: &[FlagRead],
        patience: &mut Patience,
        deadline: Deadline,
    ) -> Result<Timestamp, GateError> {
        let mut unused: Option<Slot> = None;
        loop {
            let asked = self.clock.now();
            let wish = SlotWish {
                now: asked,
                ready_in: self.pace.ready_in(),
                late_by: self.pace.lateness(),
                instead_of: unused,
            };
            let slot = match self.budget.reserve_slot(org, &wish).await {
                Ok(slot) => slot,
                Err(SlotError::Blocked { until }) => {
                    self.wait_out(until, patience, deadline).await?;
                    continue;
                }
                Err(SlotError::Store(error)) => return Err(error.into()),
            };
            unused = Some(slot);
            let reserved = self.clock.now();
            if slot.from > deadline.0 {
                return Err(GateError::OutOfTime);
            }
            self.sleep(slot.from - self.pace.look_ahead()).await;
            let looked = self.clock.now();
            let (blocked, going_on) = futures::join!(
                self.budget.blocked_until(org),
                self.check_going_on(org, flags)
            );
            going_on?;
            if let Some(until) = blocked?.filter(|until| *until > self.clock.now()) {
                self.wait_out(until, patience, deadline).await?;
                continue;
            }
            let took = (reserved - asked) + (self.clock.now() - looked);
            self.sleep(slot.from).await;
            let now = self.clock.now();
            let waited = slot.from > reserved;
            let late_by = if waited { now - slot.from } else { Span(0) };
            self.pace.note(took, late_by);
            check_age(flags, now)?;
            if now <= slot.last_moment() && now - looked <= LOOK_MAX_AGE {
                return Ok(now);
            }
            patience.misses += 1;
            if patience.misses > MAX_MISSES {
                return Err(GateError::SlotsMissed);
            }
        }
    }

    /// Waits for a while that Gong or the line asks for, unless that is long or often.
    async fn wait_out(
        &self,
        until: Timestamp,
        patience: &mut Patience,
        deadline: Deadline,
    ) -> Result<(), GateError> {
        patience.waits += 1;
        if until - self.clock.now() > SHORT_WAIT {
            return Err(GateError::Blocked { until });
        }
        if patience.waits > MAX_WAITS {
            let until = self.clock.now() + AFTER_MAX_WAITS;
            return Err(GateError::Blocked { until });
        }
        let jitter = self.ids.jitter(Span::millis(500));
        self.wait_until(until + jitter, deadline).await
    }

    /// Waits, unless the run has to end before.
    pub(super) async fn wait_until(
        &self,
        at: Timestamp,
        deadline: Deadline,
    ) -> Result<(), GateError> {
        if at > deadline.0 {
            return Err(GateError::OutOfTime);
        }
        self.clock.sleep_until(at).await;
        Ok(())
    }

    async fn sleep(&self, until: Timestamp) {
        if until > self.clock.now() {
            self.clock.sleep_until(until).await;
        }
    }

    /// What a listing has found out since is in the ledger: a call that turned private is no longer
    /// being processed.
    async fn check_going_on(&self, org: &OrgId, flags: &[FlagRead]) -> Result<(), GateError> {
        if flags.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = flags.iter().map(|r| r.call_id.clone()).collect();
        let known = self.ledger.calls(org, &ids).await?;
        let goes_on = |id: &CallId| {
            let call = known.iter().find(|call| call.id == *id);
            call.is_some_and(|call| call.state == CallState::Processing)
        };
        if ids.iter().all(goes_on) {
            Ok(())
        } else {
            Err(GateError::StaleFlag)
        }
    }
}

/// Every reading is young enough to be sent now.
fn check_age(flags: &[FlagRead], now: Timestamp) -> Result<(), GateError> {
    let oldest = now + CLOCK_TOLERANCE - READING_MAX_AGE;
    if flags.iter().any(|reading| reading.at < oldest) {
        return Err(GateError::StaleFlag);
    }
    Ok(())
}

#[cfg(test)]
mod tests;

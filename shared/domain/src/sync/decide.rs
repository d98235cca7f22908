//! What a listing does with one call: pure rules.

use super::settle::skipped;
use crate::{
    call::{Call, CallState, SkipCause},
    connection::{Connection, WindowKind},
    gong::shapes::{Affiliation, ListedCall},
    ids::CallId,
    moment::{Span, Timestamp},
    usage::Usage,
};

/// Care looks at a queued call after this long: its message was lost, or the queue is long.
pub const QUEUED_GRACE: Span = Span::minutes(15);

/// What to do with a listed call.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Add it to the ledger as given (queued or skipped).
    Insert(Box<Call>),
    /// Replace the ledger's record.
    Replace {
        /// As it was read.
        read: Box<Call>,
        /// As it shall be.
        next: Box<Call>,
    },
    /// It was made private after it had given evidence: withdraw that, where the settings say so.
    Withdraw(Box<Call>),
    /// Nothing to do.
    Leave,
}

/// Decides about a call that a listing showed at `read_at`.
#[must_use]
pub fn decide(
    connection: &Connection,
    id: &CallId,
    listed: &ListedCall,
    known: Option<&Call>,
    kind: WindowKind,
    read_at: Timestamp,
) -> Decision {
    let fresh = || record(connection, id, listed, read_at);
    let Some(known) = known else {
        let below = skip_cause(connection, listed) == Some(SkipCause::BelowFloor);
        // The lookback goes below the floor for what is known alone.
        return match below && kind == WindowKind::Lookback {
            true => Decision::Leave,
            false => Decision::Insert(Box::new(fresh())),
        };
    };
    let replace = |next: Call| Decision::Replace {
        read: Box::new(known.clone()),
        next: Box::new(next),
    };
    if known.state.is_open() {
        return decide_open(connection, listed, known, read_at, fresh)
            .map_or(Decision::Leave, replace);
    }
    if !listed.is_public() {
        return match known.skip_cause {
            Some(cause) if cause.forgets() => Decision::Leave,
            _ if !known.outcomes.is_empty() => Decision::Withdraw(Box::new(known.clone())),
            _ => replace(skipped(known, SkipCause::Private, read_at)),
        };
    }
    let may = known.skip_cause.is_some_and(SkipCause::may_be_taken_up);
    let next = fresh();
    if may && next.state == CallState::Queued {
        return replace(Call {
            first_seen: known.first_seen,
            ..next
        });
    }
    Decision::Leave
}

fn decide_open(
    connection: &Connection,
    listed: &ListedCall,
    known: &Call,
    read_at: Timestamp,
    fresh: impl Fn() -> Call,
) -> Option<Call> {
    let next = fresh();
    // Private calls are taken from their worker: whatever it has read leads to nothing.
    let worked_on =
        known.state == CallState::Processing && known.generation == connection.generation;
    if worked_on && listed.is_public() {
        return None;
    }
    if !listed.is_public() || known.generation != connection.generation {
        return Some(Call {
            first_seen: known.first_seen,
            ..next
        });
    }
    Some(Call {
        title: next.title,
        url: next.url,
        account: next.account,
        parties: next.parties,
        read_at: Some(read_at),
        updated: read_at,
        ..known.clone()
    })
}

/// Whether the rules let a call through to the pipeline, whatever the ledger knows of it.
#[must_use]
pub fn skip_cause(connection: &Connection, listed: &ListedCall) -> Option<SkipCause> {
    if !listed.is_public() {
        return Some(SkipCause::Private);
    }
    if !connection.reaches(listed.started) {
        return Some(SkipCause::BelowFloor);
    }
    let outsider = |affiliation| affiliation != Affiliation::Internal;
    if !listed.parties.iter().any(|p| outsider(p.affiliation)) {
        return Some(SkipCause::InternalOnly);
    }
    None
}

fn record(connection: &Connection, id: &CallId, listed: &ListedCall, read_at: Timestamp) -> Call {
    let bare = Call {
        stages: Vec::new(),
        org_id: connection.org_id.clone(),
        id: id.clone(),
        generation: connection.generation,
        state: CallState::Skipped,
        reason: String::new(),
        skip_cause: None,
        title: None,
        url: None,
        started: None,
        language: None,
        account: None,
        parties: Vec::new(),
        read_at: None,
        attempts: 0,
        overruns: 0,
        refused: None,
        lease: None,
        due: None,
        first_seen: read_at,
        updated: read_at,
        outcomes: Vec::new(),
        engine: None,
        usage: Usage::default(),
        found: None,
    };
    let cause = skip_cause(connection, listed);
    if cause == Some(SkipCause::Private) {
        return Call {
            reason: SkipCause::Private.words().into(),
            skip_cause: cause,
            ..bare
        };
    }
    let described = Call {
        title: listed.title.clone(),
        url: listed.url.clone(),
        started: listed.started,
        language: listed.language.clone(),
        ..bare
    };
    if let Some(cause) = cause {
        return Call {
            reason: cause.words().into(),
            skip_cause: Some(cause),
            ..described
        };
    }
    Call {
        state: CallState::Queued,
        reason: "waits for the pipeline".into(),
        account: listed.account.clone(),
        parties: listed.parties.clone(),
        read_at: Some(read_at),
        due: Some(read_at + QUEUED_GRACE),
        ..described
    }
}

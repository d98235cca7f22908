//! What a listing does with one call: pure rules.

use domain::{
    call::{Call, CallState, SkipCause},
    connection::{Connection, WindowKind},
    gong::shapes::ListedCall,
    ids::CallId,
    moment::Timestamp,
    party::Affiliation,
};

/// What to do with a listed call.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Add it to the ledger as given (queued or skipped).
    Insert(Box<Call>),
    /// Replace the ledger's record.
    Replace {
        read: Box<Call>,
        /// As it shall be.
        next: Box<Call>,
    },
    /// It was made private after it had given evidence: withdraw that, where the settings say so.
    Withdraw(Box<Call>),
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
    let fresh = || listed_call(connection, id, listed, read_at);
    let Some(known) = known else {
        let below = skip_cause(connection, listed) == Some(SkipCause::BeforeImport);
        // The lookback goes before the import start for what is known alone.
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
            _ => replace(known.skip(SkipCause::Private, read_at)),
        };
    }
    let next = fresh();
    if next.state != CallState::Queued {
        return Decision::Leave;
    }
    known.start_over(next).map_or(Decision::Leave, replace)
}

fn decide_open(
    connection: &Connection,
    listed: &ListedCall,
    known: &Call,
    read_at: Timestamp,
    fresh: impl Fn() -> Call,
) -> Option<Call> {
    // Private calls are taken from their worker: whatever it has read leads to nothing.
    let worked_on =
        known.state == CallState::Processing && known.generation == connection.generation;
    if worked_on && listed.is_public() {
        return None;
    }
    if !listed.is_public() || known.generation != connection.generation {
        return known.start_over(fresh()).ok();
    }
    known.refresh(listed.details(), read_at).ok()
}

/// Whether the rules let a call through to the pipeline, whatever the ledger knows of it.
#[must_use]
pub fn skip_cause(connection: &Connection, listed: &ListedCall) -> Option<SkipCause> {
    if !listed.is_public() {
        return Some(SkipCause::Private);
    }
    if !connection.reaches(listed.started) {
        return Some(SkipCause::BeforeImport);
    }
    let outsider = |affiliation| affiliation != Affiliation::Internal;
    if !listed.parties.iter().any(|p| outsider(p.affiliation)) {
        return Some(SkipCause::InternalOnly);
    }
    None
}

/// The call as a listing showed it: queued, or skipped by a rule.
fn listed_call(
    connection: &Connection,
    id: &CallId,
    listed: &ListedCall,
    read_at: Timestamp,
) -> Call {
    let (org, generation) = (connection.org_id.clone(), connection.generation);
    let call = Call::listed(org, id.clone(), generation, listed.details(), read_at);
    match skip_cause(connection, listed) {
        Some(cause) => call.skip(cause, read_at),
        None => call,
    }
}

#[cfg(test)]
mod tests;

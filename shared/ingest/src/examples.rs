//! A connection, a listed call and a call of the ledger, for this crate's tables.

#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::BTreeSet;

use domain::{
    call::{Call, CallState},
    connection::{Connection, ConnectionStatus, History},
    gong::shapes::ListedCall,
    ids::{CallId, OrgId, UserId},
    moment::{Span, Timestamp},
    party::{Affiliation, Party},
    ports::system::Ids,
    secret::Secret,
};
use uuid::Uuid;

/// 2026-11-20T12:00:00Z.
pub const NOW: Timestamp = Timestamp(1_795_176_000_000);
/// The earliest start of a call that [`connection`] imports.
pub const IMPORT_FROM: Timestamp = Timestamp(NOW.0 - Span::days(7).0);

pub fn org() -> OrgId {
    OrgId::parse("fernhill").unwrap()
}

pub fn call_id(id: &str) -> CallId {
    CallId::parse(id).unwrap()
}

/// A time as people write it.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse_typed(text).unwrap()
}

/// The third connection of an organization; it is of the same workspace as the second.
pub fn connection() -> Connection {
    Connection {
        org_id: org(),
        status: ConnectionStatus::Connected,
        generation: 3,
        same_since: 2,
        workspace: "Fernhill".into(),
        fingerprints: BTreeSet::new(),
        history: History::Days(7),
        import_from: IMPORT_FROM,
        connected_by: UserId::parse("ada").unwrap(),
        connected_at: NOW,
        disconnected_at: None,
        secret_name: "productbridge/gong/fernhill/1".into(),
        last_error: None,
    }
}

pub fn party(affiliation: Affiliation) -> Party {
    Party {
        affiliation,
        ..Party::default()
    }
}

/// A call with a customer that is not private.
pub fn listed() -> ListedCall {
    ListedCall {
        id: Some(call_id("7")),
        title: Some("Fernhill and Harbour".into()),
        started: Some(NOW - Span::days(1)),
        is_private: Some(false),
        parties: vec![party(Affiliation::Internal), party(Affiliation::External)],
        ..ListedCall::default()
    }
}

/// The same call in the ledger, first seen two days ago.
pub fn call(state: CallState, generation: u64) -> Call {
    let seen = NOW - Span::days(2);
    let call = Call::listed(org(), call_id("7"), generation, listed().details(), seen);
    Call { state, ..call }
}

/// The same id every time, and no randomness.
pub struct SameId;

impl Ids for SameId {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(7)
    }

    fn secret(&self) -> Secret {
        Secret::new("secret")
    }

    fn jitter(&self, _: Span) -> Span {
        Span(0)
    }
}

use domain::moment::Span;

use super::*;
use crate::examples::{IMPORT_FROM, NOW, call, call_id, connection};

const TAKEN_OVER: Option<(CallState, Option<SkipCause>)> = Some((CallState::Queued, None));
const SKIPPED: Option<(CallState, Option<SkipCause>)> =
    Some((CallState::Skipped, Some(SkipCause::Disconnected)));

#[test]
fn an_open_call_is_left_taken_over_or_skipped_by_what_became_of_its_connection() {
    use CallState::{AwaitingTranscript, Deferred, Processing, Queued};
    use ConnectionStatus::{Connected, Connecting, Disconnected, ReconnectRequired};
    let early = Some(Timestamp(IMPORT_FROM.0 - 1));
    let start = Some(NOW - Span::days(1));
    // The connection is of generation 3 and of the same workspace since generation 2.
    for (name, call, started, status, expected) in [
        (
            "there is no connection",
            call(Queued, 3),
            start,
            None,
            SKIPPED,
        ),
        (
            "it is the same",
            call(Queued, 3),
            start,
            Some(Connected),
            None,
        ),
        (
            "it is the same, at work",
            call(Processing, 3),
            start,
            Some(Connected),
            None,
        ),
        (
            "it waits for a reconnect",
            call(Queued, 3),
            start,
            Some(ReconnectRequired),
            None,
        ),
        (
            "it is being approved again",
            call(Queued, 3),
            start,
            Some(Connecting),
            None,
        ),
        (
            "it was closed",
            call(Queued, 3),
            start,
            Some(Disconnected),
            SKIPPED,
        ),
        (
            "closed while it was at work",
            call(Processing, 3),
            start,
            Some(Disconnected),
            SKIPPED,
        ),
        (
            "closed while it waited",
            call(AwaitingTranscript, 3),
            start,
            Some(Disconnected),
            SKIPPED,
        ),
        (
            "closed again",
            call(Deferred, 2),
            start,
            Some(Disconnected),
            SKIPPED,
        ),
        (
            "made anew",
            call(Queued, 2),
            start,
            Some(Connected),
            TAKEN_OVER,
        ),
        (
            "made anew, at work",
            call(Processing, 2),
            start,
            Some(Connected),
            TAKEN_OVER,
        ),
        (
            "made anew, waiting",
            call(AwaitingTranscript, 2),
            start,
            Some(Connected),
            TAKEN_OVER,
        ),
        (
            "made anew, put off",
            call(Deferred, 2),
            start,
            Some(Connected),
            TAKEN_OVER,
        ),
        (
            "made anew, waits for a reconnect",
            call(Queued, 2),
            start,
            Some(ReconnectRequired),
            TAKEN_OVER,
        ),
        (
            "another workspace",
            call(Queued, 1),
            start,
            Some(Connected),
            SKIPPED,
        ),
        (
            "another workspace, at work",
            call(Processing, 1),
            start,
            Some(Connected),
            SKIPPED,
        ),
        (
            "made anew from a later time on",
            call(Queued, 2),
            early,
            Some(Connected),
            SKIPPED,
        ),
        (
            "made anew from that very time on",
            call(Queued, 2),
            Some(IMPORT_FROM),
            Some(Connected),
            TAKEN_OVER,
        ),
        (
            "the start is not told",
            call(Queued, 2),
            None,
            Some(Connected),
            TAKEN_OVER,
        ),
        (
            "the same, but it started too early",
            call(Queued, 3),
            early,
            Some(Connected),
            None,
        ),
    ] {
        let call = Call { started, ..call };
        let connection = status.map(|status| Connection {
            status,
            ..connection()
        });
        let next = reconciled(&call, connection.as_ref(), NOW);
        let what = next.as_ref().map(|next| (next.state, next.skip_cause));
        assert_eq!(what, expected, "{name}");
        if what == TAKEN_OVER {
            assert_eq!(
                next.map(|next| (next.generation, next.lease)),
                Some((3, None)),
                "{name}"
            );
        }
    }
}

#[test]
fn calls_of_other_sources_do_not_hang_on_gongs_connection() {
    for (name, id, generation, connection) in [
        ("no Gong", "chat:12", 0, None),
        ("Gong made anew", "chat:12", 2, Some(connection())),
        (
            "another workspace at Gong",
            "chat:12",
            1,
            Some(connection()),
        ),
        (
            "Gong closed",
            "meet:2026-11.7",
            3,
            Some(Connection {
                status: ConnectionStatus::Disconnected,
                ..connection()
            }),
        ),
    ] {
        let call = Call {
            id: call_id(id),
            ..call(CallState::Queued, generation)
        };
        assert_eq!(reconciled(&call, connection.as_ref(), NOW), None, "{name}");
    }
}

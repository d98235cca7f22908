use domain::{
    call::{Outcome, OutcomeResult},
    ids::PostId,
    moment::Span,
};

use super::*;
use crate::examples::{IMPORT_FROM, NOW, call, call_id, connection, listed, party};

const OLD: Timestamp = Timestamp(IMPORT_FROM.0 - 1);

fn with(parties: &[Affiliation]) -> ListedCall {
    ListedCall {
        parties: parties.iter().map(|side| party(*side)).collect(),
        ..listed()
    }
}

fn started(at: Timestamp) -> ListedCall {
    ListedCall {
        started: Some(at),
        ..listed()
    }
}

fn private() -> ListedCall {
    ListedCall {
        is_private: Some(true),
        ..listed()
    }
}

fn internal() -> ListedCall {
    with(&[Affiliation::Internal, Affiliation::Internal])
}

#[test]
fn a_listed_call_is_eligible_unless_a_rule_says_why_not() {
    use Affiliation::{External, Internal, Unknown};
    use SkipCause::{BeforeImport, InternalOnly, Private};
    for (name, listed, cause) in [
        ("public, with a customer", listed(), None),
        ("private", private(), Some(Private)),
        (
            "without the flag",
            ListedCall {
                is_private: None,
                ..listed()
            },
            Some(Private),
        ),
        (
            "private, old and internal at once",
            ListedCall {
                is_private: Some(true),
                started: Some(OLD),
                ..internal()
            },
            Some(Private),
        ),
        (
            "a millisecond before the import",
            started(OLD),
            Some(BeforeImport),
        ),
        (
            "at the first moment of the import",
            started(IMPORT_FROM),
            None,
        ),
        ("years ago", started(Timestamp(0)), Some(BeforeImport)),
        ("dated in the future", started(NOW + Span::days(30)), None),
        (
            "without a start",
            ListedCall {
                started: None,
                ..listed()
            },
            None,
        ),
        (
            "old and internal at once",
            ListedCall {
                started: Some(OLD),
                ..internal()
            },
            Some(BeforeImport),
        ),
        ("our own people only", internal(), Some(InternalOnly)),
        (
            "one of our own alone",
            with(&[Internal]),
            Some(InternalOnly),
        ),
        ("without participants", with(&[]), Some(InternalOnly)),
        ("a customer alone", with(&[External]), None),
        ("somebody whose side is not known", with(&[Unknown]), None),
        (
            "ours and somebody unknown",
            with(&[Internal, Unknown]),
            None,
        ),
        (
            "one customer among many of ours",
            with(&[Internal, Internal, Internal, External, Internal]),
            None,
        ),
        (
            "without title, page, language and account",
            ListedCall {
                title: None,
                url: None,
                language: None,
                account: None,
                ..listed()
            },
            None,
        ),
    ] {
        assert_eq!(skip_cause(&connection(), &listed), cause, "{name}");
    }
}

/// A decision in a few words, such as `queued, generation 3`.
fn told(decision: &Decision) -> String {
    let state = |call: &Call| match call.skip_cause {
        Some(cause) => format!("{}: {}", call.state, cause.as_str()),
        None => format!("{}, generation {}", call.state, call.generation),
    };
    match decision {
        Decision::Insert(call) => format!("new {}", state(call)),
        Decision::Replace { next, .. } => state(next),
        Decision::Withdraw(_) => "withdraw".into(),
        Decision::Leave => "leave".into(),
    }
}

fn decided(listed: &ListedCall, known: Option<&Call>, kind: WindowKind) -> Decision {
    decide(&connection(), &call_id("7"), listed, known, kind, NOW)
}

#[test]
fn a_call_that_is_met_for_the_first_time_is_queued_or_skipped_by_its_rule() {
    use WindowKind::{Backfill, Lookback, Poll};
    for (name, listed, kind, expected) in [
        ("new at a poll", listed(), Poll, "new queued, generation 3"),
        (
            "in the history",
            listed(),
            Backfill,
            "new queued, generation 3",
        ),
        (
            "late, in the lookback",
            listed(),
            Lookback,
            "new queued, generation 3",
        ),
        ("private", private(), Poll, "new skipped: private"),
        (
            "internal",
            internal(),
            Backfill,
            "new skipped: internal_only",
        ),
        (
            "old, in the history",
            started(OLD),
            Backfill,
            "new skipped: below_floor",
        ),
        (
            "old, at a poll",
            started(OLD),
            Poll,
            "new skipped: below_floor",
        ),
        ("old, in the lookback", started(OLD), Lookback, "leave"),
        (
            "internal, in the lookback",
            internal(),
            Lookback,
            "new skipped: internal_only",
        ),
    ] {
        let decision = decided(&listed, None, kind);
        assert_eq!(told(&decision), expected, "{name}");
        let Decision::Insert(call) = decision else {
            continue;
        };
        assert_eq!(call.first_seen, NOW, "{name}");
        assert_eq!(call.title.is_some(), listed.is_public(), "{name}");
        assert_eq!(call.read_at.is_some(), call.state.is_open(), "{name}");
    }
}

#[test]
fn an_open_call_is_refreshed_taken_over_or_skipped() {
    use CallState::{AwaitingTranscript, Deferred, Processing, Queued};
    for (name, state, generation, listed, expected) in [
        (
            "queued, shown again",
            Queued,
            3,
            listed(),
            "queued, generation 3",
        ),
        (
            "waiting for its transcript",
            AwaitingTranscript,
            3,
            listed(),
            "awaiting_transcript, generation 3",
        ),
        ("put off", Deferred, 3, listed(), "deferred, generation 3"),
        ("at work", Processing, 3, listed(), "leave"),
        (
            "at work for the earlier connection",
            Processing,
            2,
            listed(),
            "queued, generation 3",
        ),
        (
            "queued by the earlier connection",
            Queued,
            2,
            listed(),
            "queued, generation 3",
        ),
        (
            "put off by the earlier connection",
            Deferred,
            2,
            listed(),
            "queued, generation 3",
        ),
        (
            "waiting since the earlier connection",
            AwaitingTranscript,
            1,
            listed(),
            "queued, generation 3",
        ),
        (
            "queued, private now",
            Queued,
            3,
            private(),
            "skipped: private",
        ),
        (
            "put off, private now",
            Deferred,
            3,
            private(),
            "skipped: private",
        ),
        (
            "waiting, private now",
            AwaitingTranscript,
            3,
            private(),
            "skipped: private",
        ),
        (
            "at work, private now",
            Processing,
            3,
            private(),
            "skipped: private",
        ),
        (
            "earlier connection's, private now",
            Processing,
            2,
            private(),
            "skipped: private",
        ),
        (
            "earlier connection's, out of reach now",
            Queued,
            2,
            started(OLD),
            "skipped: below_floor",
        ),
        (
            "earlier connection's, internal now",
            Queued,
            2,
            internal(),
            "skipped: internal_only",
        ),
    ] {
        let known = call(state, generation);
        let decision = decided(&listed, Some(&known), WindowKind::Poll);
        assert_eq!(told(&decision), expected, "{name}");
        if let Decision::Replace { read, next } = decision {
            assert_eq!(
                (*read, next.first_seen),
                (known.clone(), known.first_seen),
                "{name}"
            );
        }
    }
}

fn with_outcome(state: CallState, result: OutcomeResult) -> Call {
    let outcome = Outcome {
        result,
        post_id: PostId::parse("p").expect("a valid id"),
        score: None,
        n: None,
    };
    Call {
        outcomes: vec![outcome],
        ..call(state, 3)
    }
}

#[test]
fn a_decided_call_is_left_alone_unless_it_turned_private_or_is_in_reach_now() {
    use CallState::{Consolidated, Discarded, Failed, InReview, Posted, Queued};
    use SkipCause::{
        BeforeImport, Disconnected, Erased, InternalOnly, NoTranscript, Private, Withdrawn,
    };
    let gave = with_outcome;
    let skipped = |cause| call(Queued, 2).skip(cause, NOW);
    for (name, known, listed, expected) in [
        (
            "posted",
            gave(Posted, OutcomeResult::Posted),
            listed(),
            "leave",
        ),
        (
            "posted, private now",
            gave(Posted, OutcomeResult::Posted),
            private(),
            "withdraw",
        ),
        (
            "support, private now",
            gave(Consolidated, OutcomeResult::Consolidated),
            private(),
            "withdraw",
        ),
        (
            "in review, private now",
            gave(InReview, OutcomeResult::InReview),
            private(),
            "withdraw",
        ),
        (
            "rejected, private now",
            gave(Discarded, OutcomeResult::Rejected),
            private(),
            "withdraw",
        ),
        ("without feedback", call(Discarded, 3), listed(), "leave"),
        (
            "without feedback, private now",
            call(Discarded, 3),
            private(),
            "skipped: private",
        ),
        ("failed", call(Failed, 3), listed(), "leave"),
        (
            "failed for the earlier connection",
            call(Failed, 2),
            listed(),
            "leave",
        ),
        (
            "failed, private now",
            call(Failed, 3),
            private(),
            "skipped: private",
        ),
        ("private still", skipped(Private), private(), "leave"),
        ("private no longer", skipped(Private), listed(), "leave"),
        (
            "withdrawn, private still",
            skipped(Withdrawn),
            private(),
            "leave",
        ),
        (
            "withdrawn, private no longer",
            skipped(Withdrawn),
            listed(),
            "leave",
        ),
        ("erased", skipped(Erased), listed(), "leave"),
        ("erased, private now", skipped(Erased), private(), "leave"),
        (
            "internal then, a customer now",
            skipped(InternalOnly),
            listed(),
            "leave",
        ),
        (
            "internal, private now",
            skipped(InternalOnly),
            private(),
            "skipped: private",
        ),
        (
            "never had a transcript",
            skipped(NoTranscript),
            listed(),
            "leave",
        ),
        (
            "out of reach then, in reach now",
            skipped(BeforeImport),
            listed(),
            "queued, generation 3",
        ),
        (
            "out of reach still",
            skipped(BeforeImport),
            started(OLD),
            "leave",
        ),
        (
            "in reach now, but internal",
            skipped(BeforeImport),
            internal(),
            "leave",
        ),
        (
            "disconnected then",
            skipped(Disconnected),
            listed(),
            "queued, generation 3",
        ),
        (
            "disconnected, out of reach now",
            skipped(Disconnected),
            started(OLD),
            "leave",
        ),
        (
            "disconnected, private now",
            skipped(Disconnected),
            private(),
            "skipped: private",
        ),
    ] {
        for kind in [WindowKind::Poll, WindowKind::Lookback, WindowKind::Backfill] {
            let decision = decided(&listed, Some(&known), kind);
            assert_eq!(told(&decision), expected, "{name}, {kind:?}");
        }
    }
}

use domain::call::{CallState, Details};

use super::*;
use crate::samples::{call_id, org, post_id};

fn outcomes(results: &[(&str, OutcomeResult)]) -> Vec<Outcome> {
    let outcome = |(post, result): &(&str, OutcomeResult)| Outcome {
        result: *result,
        post_id: post_id(post),
        score: None,
        n: None,
    };
    results.iter().map(outcome).collect()
}

#[test]
fn a_call_follows_what_a_person_decides_of_its_feedback() {
    use OutcomeResult::{Consolidated, InReview, Posted, Rejected};
    const DID: &str = "ada rejected its feedback";
    for (name, before, after, expected) in [
        (
            "its only feedback",
            &[("a", InReview)][..],
            Rejected,
            Some((CallState::Discarded, DID)),
        ),
        (
            "one of two",
            &[("a", InReview), ("b", Posted)],
            Rejected,
            Some((
                CallState::Posted,
                "2 pieces of feedback: 1 gave a new post, 1 was rejected. At last ada rejected its feedback",
            )),
        ),
        (
            "two that lie with one post",
            &[("a", InReview), ("a", InReview)],
            Consolidated,
            Some((
                CallState::Consolidated,
                "2 pieces of feedback: 2 support posts that existed. At last ada rejected its feedback",
            )),
        ),
        ("what it is already", &[("a", Rejected)], Rejected, None),
        (
            "feedback of other posts",
            &[("b", InReview)],
            Rejected,
            None,
        ),
        ("no feedback", &[], Rejected, None),
    ] {
        let listed = Call::listed(org(), call_id("7"), 1, Details::default(), Timestamp(1));
        let read = Call {
            state: CallState::InReview,
            outcomes: outcomes(before),
            ..listed
        };
        let change = with_outcomes(read.clone(), Timestamp(9), DID, |outcome| {
            if outcome.post_id == post_id("a") {
                now_is(after)(outcome);
            }
        });
        let next = change.as_ref().map(|change| &change.next);
        let decided = next.map(|next| (next.state, next.reason.as_str()));
        assert_eq!(decided, expected, "{name}");
        assert!(change.is_none_or(|change| change.read == read), "{name}");
    }
}

#[test]
fn an_open_or_forgotten_call_is_not_decided_again() {
    for (state, decided) in [
        (CallState::Posted, true),
        (CallState::Consolidated, true),
        (CallState::InReview, true),
        (CallState::Discarded, true),
        (CallState::Queued, false),
        (CallState::Processing, false),
        (CallState::Skipped, false),
        (CallState::Failed, false),
    ] {
        let listed = Call::listed(org(), call_id("7"), 1, Details::default(), Timestamp(1));
        let read = Call {
            state,
            outcomes: outcomes(&[("a", OutcomeResult::Posted)]),
            ..listed
        };
        let rejected = now_is(OutcomeResult::Rejected);
        let change = with_outcomes(read, Timestamp(9), "ada rejected it", rejected);
        assert_eq!(change.is_some(), decided, "{state}");
    }
}

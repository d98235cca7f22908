use super::*;
use crate::{call::OutcomeResult, findings::Found, ids::PostId, party::Party};

const SEEN: Timestamp = Timestamp(1_000_000);
const NOW: Timestamp = Timestamp(2_000_000);
/// After the last day on which a transcript is waited for.
const LATE: Timestamp = Timestamp(SEEN.0 + Span::days(14).0);

fn lease(owner: &str) -> Lease {
    Lease {
        owner: owner.into(),
        until: NOW + Span::minutes(15),
    }
}

fn details() -> Details {
    Details {
        title: Some("Fernhill · Harbour".into()),
        url: Some("https://gong.test/call?id=7".into()),
        started: Some(SEEN),
        language: Some("eng".into()),
        account: Some("Harbour".into()),
        parties: vec![Party::default()],
    }
}

fn engine() -> EngineStamp {
    EngineStamp {
        llm: "rules".into(),
        version: "1".into(),
        product: None,
    }
}

fn outcome(result: OutcomeResult) -> Outcome {
    Outcome {
        result,
        post_id: PostId::parse("p").unwrap(),
        score: None,
        n: None,
    }
}

/// A call in a state, with everything that the state may have kept until then.
fn call(state: CallState) -> Call {
    let org = OrgId::parse("a").unwrap();
    let id = CallId::parse("7").unwrap();
    let call = Call::listed(org, id, 3, details(), SEEN);
    Call {
        state,
        attempts: 2,
        lease: (state == CallState::Processing).then(|| Lease {
            until: NOW,
            ..lease("earlier")
        }),
        found: Some(Found {
            of: "hash".into(),
            findings: Vec::new(),
        }),
        ..call
    }
}

fn newer() -> CallState {
    serde_json::from_str("\"archived\"").unwrap()
}

type Change = fn(&Call) -> Option<Call>;

/// Every change, as the table names it.
const CHANGES: [(&str, Change); 19] = [
    ("refresh", |c| c.refresh(details(), NOW).ok()),
    ("start_over", |c| {
        let (org, id) = (c.org_id.clone(), c.id.clone());
        c.start_over(Call::listed(org, id, 4, details(), NOW)).ok()
    }),
    ("skip", |c| Some(c.skip(SkipCause::Disconnected, NOW))),
    ("withdraw", |c| Some(c.withdraw(2, 1, NOW))),
    ("requeue", |c| c.requeue("again", NOW).ok()),
    ("take_over", |c| c.take_over(4, NOW).ok()),
    ("retry", |c| {
        c.retry(&UserId::parse("ada").unwrap(), 4, NOW).ok()
    }),
    ("claim", |c| c.claim(3, &lease("w"), NOW).ok()),
    ("give_up", |c| c.give_up(NOW).ok()),
    ("abandon", |c| c.abandon("stopped", NOW).ok()),
    ("stand_by", |c| c.stand_by(NOW).ok()),
    ("begin", |c| c.begin(NOW).ok()),
    ("give_back", |c| c.give_back("no time", NOW).ok()),
    ("defer", |c| c.defer("away", Span::hours(1), NOW).ok()),
    ("defer_refused", |c| {
        c.defer_refused("refused", Span::hours(1), NOW).ok()
    }),
    ("await_transcript", |c| c.await_transcript("none", NOW).ok()),
    ("discard", |c| c.discard("nothing", NOW).ok()),
    ("fail", |c| c.fail("broken", NOW).ok()),
    ("commit", |c| {
        let outcomes = vec![outcome(OutcomeResult::Consolidated)];
        c.commit(outcomes, engine(), "supports".into(), NOW).ok()
    }),
];

/// What each change makes of a call in each state; `-` where the state does not allow it.
const TABLE: &str = "
                 queued     processing awaiting_transcript deferred   posted    consolidated in_review discarded skipped   failed    archived
refresh          queued     processing awaiting_transcript deferred   -         -            -         -         -         -         -
start_over       queued     queued     queued              queued     -         -            -         -         -         -         -
skip             skipped    skipped    skipped             skipped    skipped   skipped      skipped   skipped   skipped   skipped   skipped
withdraw         skipped    skipped    skipped             skipped    skipped   skipped      skipped   skipped   skipped   skipped   skipped
requeue          queued     queued     queued              queued     -         -            -         -         -         -         -
take_over        queued     queued     queued              queued     -         -            -         -         -         -         -
retry            -          -          -                   -          -         -            -         -         -         queued    -
claim            processing processing processing          processing -         -            -         -         -         -         -
give_up          failed     failed     failed              failed     -         -            -         -         -         -         -
abandon          -          queued     -                   -          -         -            -         -         -         -         -
stand_by         -          processing -                   -          -         -            -         -         -         -         -
begin            -          processing -                   -          -         -            -         -         -         -         -
give_back        -          queued     -                   -          -         -            -         -         -         -         -
defer            -          deferred   -                   -          -         -            -         -         -         -         -
defer_refused    -          deferred   -                   -          -         -            -         -         -         -         -
await_transcript -          awaiting_transcript -          -          -         -            -         -         -         -         -
discard          -          discarded  -                   -          -         -            -         -         -         -         -
fail             -          failed     -                   -          -         -            -         -         -         -         -
commit           -          consolidated -                 -          -         -            -         -         -         -         -
";

fn states() -> Vec<CallState> {
    CallState::ALL.iter().copied().chain([newer()]).collect()
}

#[test]
fn every_change_of_every_state_is_as_the_table_says() {
    let mut lines = TABLE.trim().lines();
    let head: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    let states = states();
    assert_eq!(head, states.iter().map(|s| s.as_str()).collect::<Vec<_>>());
    for (name, change) in CHANGES {
        let made: Vec<_> = states
            .iter()
            .map(|state| change(&call(*state)).map_or("-", |next| next.state.as_str()))
            .collect();
        let line: Vec<_> = lines.next().unwrap().split_whitespace().collect();
        assert_eq!((line[0], &line[1..]), (name, &made[..]));
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn a_decided_call_keeps_nothing_that_only_work_on_it_needed() {
    let mut decided = 0;
    for state in states() {
        for (name, change) in CHANGES {
            let Some(next) = change(&call(state)) else {
                continue;
            };
            let what = format!("{name} of {state}: {next:?}");
            assert_eq!(next.updated, NOW, "{what}");
            if next.state == CallState::Processing {
                continue;
            }
            assert_eq!(next.lease, None, "{what}");
            if next.state.is_open() {
                assert!(next.due.is_some() && next.found.is_some() || name == "start_over");
                continue;
            }
            decided += 1;
            assert_eq!((next.due, next.read_at), (None, None), "{what}");
            assert_eq!(next.found, None, "{what}");
            let kept = next.state == CallState::Failed;
            assert_eq!(next.parties.is_empty(), !kept, "{what}");
        }
    }
    assert!(decided > 20);
}

#[test]
fn attempts_are_counted_by_what_is_the_calls_own() {
    let counted = |name: &str| {
        let (_, change) = CHANGES.iter().find(|(known, _)| *known == name).unwrap();
        let from = if name == "retry" {
            CallState::Failed
        } else {
            CallState::Processing
        };
        change(&call(from)).unwrap().attempts
    };
    for (name, attempts) in [
        ("claim", 3),
        ("begin", 3),
        ("stand_by", 1),
        ("give_back", 1),
        ("defer", 1),
        ("defer_refused", 1),
        ("abandon", 2),
        ("requeue", 2),
        ("fail", 2),
        ("await_transcript", 0),
        ("retry", 0),
        ("start_over", 0),
    ] {
        assert_eq!(counted(name), attempts, "{name}");
    }
    let worn = Call {
        attempts: MAX_ATTEMPTS,
        ..call(CallState::Processing)
    };
    assert_eq!(
        worn.abandon("stopped", NOW).unwrap().state,
        CallState::Failed
    );
    assert_eq!(worn.claim(3, &lease("w"), NOW), Err(NotClaimed::Exhausted));
}

#[test]
fn a_claim_says_why_not() {
    let held = Call {
        lease: Some(lease("other")),
        ..call(CallState::Processing)
    };
    let until = NOW + Span::minutes(15);
    for (call, generation, now, why) in [
        (
            call(CallState::Posted),
            3,
            NOW,
            NotClaimed::Decided(CallState::Posted),
        ),
        (call(newer()), 3, NOW, NotClaimed::Decided(newer())),
        (call(CallState::Queued), 4, NOW, NotClaimed::OtherGeneration),
        (call(CallState::Queued), 2, NOW, NotClaimed::OtherGeneration),
        (held.clone(), 3, NOW, NotClaimed::Leased { until }),
    ] {
        assert_eq!(call.claim(generation, &lease("w"), now), Err(why));
    }
    let taken = held.claim(3, &lease("w"), until).unwrap();
    assert_eq!((taken.attempts, taken.lease), (3, Some(lease("w"))));
    assert_eq!(taken.due, Some(lease("w").until));
}

#[test]
fn a_transcript_is_waited_for_until_the_patience_ends() {
    let waits = call(CallState::Processing);
    let next = waits.await_transcript("none yet", NOW).unwrap();
    assert_eq!((next.due, next.reason.as_str()), (Some(LATE), "none yet"));
    let over = waits.await_transcript("none yet", LATE).unwrap();
    assert_eq!(over.skip_cause, Some(SkipCause::NoTranscript));
    let refused = waits.defer_refused("Gong refuses it", Span::hours(1), LATE);
    let refused = refused.unwrap();
    assert_eq!(refused.state, CallState::Failed);
    assert_eq!(
        refused.reason,
        "Gong refuses it, for 14 days; an admin may retry it"
    );
}

#[test]
fn nothing_is_kept_of_a_call_that_is_to_be_forgotten() {
    let gave = call(CallState::Processing).commit(
        vec![outcome(OutcomeResult::Posted)],
        engine(),
        "gave a new post".into(),
        NOW,
    );
    let gave = gave.unwrap();
    for cause in SkipCause::ALL {
        let next = gave.skip(*cause, NOW);
        assert_eq!(next.reason, cause.label());
        if cause.forgets() {
            let (org, id) = (gave.org_id.clone(), gave.id.clone());
            let bare = Call::listed(org, id, 3, Details::default(), SEEN);
            assert_eq!(next, bare.skip(*cause, NOW), "{cause:?}");
        } else {
            assert_eq!(
                (next.title, next.account),
                (gave.title.clone(), gave.account.clone())
            );
        }
    }
    assert_eq!(
        gave.withdraw(2, 1, NOW).reason,
        "made private later; its evidence was withdrawn (posts that it supported: 2; of these now in review: 1)"
    );
}

#[test]
fn a_later_connection_takes_up_only_what_it_may() {
    for cause in SkipCause::ALL {
        let skipped = call(CallState::Queued).skip(*cause, NOW);
        let (org, id) = (skipped.org_id.clone(), skipped.id.clone());
        let listed = Call::listed(org, id, 4, details(), NOW);
        let taken = skipped.start_over(listed.clone()).ok();
        let expected = cause.may_be_taken_up().then_some(Call {
            first_seen: SEEN,
            ..listed
        });
        assert_eq!(taken, expected, "{cause:?}");
    }
}

#[test]
fn a_persons_decision_changes_what_the_call_gave() {
    for (state, results, next) in [
        (
            CallState::InReview,
            vec![OutcomeResult::Rejected],
            Some(CallState::Discarded),
        ),
        (
            CallState::Discarded,
            vec![OutcomeResult::Posted],
            Some(CallState::Posted),
        ),
        (
            CallState::Posted,
            vec![OutcomeResult::InReview, OutcomeResult::Consolidated],
            Some(CallState::Consolidated),
        ),
        (
            CallState::Consolidated,
            vec![OutcomeResult::InReview],
            Some(CallState::InReview),
        ),
        (CallState::Skipped, vec![OutcomeResult::Posted], None),
        (CallState::Queued, vec![OutcomeResult::Posted], None),
        (newer(), vec![OutcomeResult::Posted], None),
    ] {
        let outcomes: Vec<_> = results.into_iter().map(outcome).collect();
        let made = call(state).redecide(outcomes, "ada decided".into(), NOW);
        assert_eq!(made.ok().map(|call| call.state), next, "{state}");
    }
}

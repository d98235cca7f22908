use domain::{
    call::{CallState, SkipCause, TRANSCRIPT_PATIENCE},
    ports::feedback::IndexError,
};

use super::*;
use crate::examples::{NOW, call};

fn refusal() -> Refusal {
    Refusal {
        stage: Stage::Detect,
        model: "small".into(),
        detail: "status 400".into(),
    }
}

/// An ending in a few words, with its wait in minutes.
fn told(ending: &Ending) -> String {
    match ending {
        Ending::Deferred(why, after) => format!("in {} min: {why}", after.0 / 60_000),
        Ending::Failed(why) => format!("failed: {why}"),
        Ending::Refused(by) => format!("refused by {}: {}", by.model, by.detail),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_stage_without_an_answer_waits_fails_or_is_looked_into() {
    let unavailable = |minutes: Option<i64>| AnalysisError::Unavailable {
        detail: "status 529".into(),
        retry_after: minutes.map(Span::minutes),
    };
    for (error, expected) in [
        (
            unavailable(None),
            "in 10 min: the language model's provider is not available (status 529)",
        ),
        (
            unavailable(Some(3)),
            "in 3 min: the language model's provider is not available (status 529)",
        ),
        (
            unavailable(Some(90)),
            "in 90 min: the language model's provider is not available (status 529)",
        ),
        (
            AnalysisError::Misconfigured("status 401".into()),
            "in 60 min: the language model's provider refuses this installation (status 401); check the key and the model's name",
        ),
        (
            AnalysisError::Refused("status 400".into()),
            "refused by small: status 400",
        ),
        (
            AnalysisError::Unusable("no findings".into()),
            "failed: the language model's answer could not be used: no findings; an admin may retry the call",
        ),
    ] {
        let name = format!("{error:?}");
        let ending = Ending::without_answer(error, Stage::Detect, "small".into());
        assert_eq!(told(&ending), expected, "{name}");
    }
}

#[test]
fn what_the_database_the_index_and_the_embedding_do_not_give_is_waited_for() {
    let busy = || StoreError::Unavailable("throttled".into());
    let unavailable = |retry_after| EmbedError::Unavailable {
        detail: "status 503".into(),
        retry_after,
    };
    for (name, ending, minutes) in [
        ("the database is busy", Ending::from(busy()), 1),
        (
            "an item is unreadable",
            StoreError::Corrupt("a post".into()).into(),
            1,
        ),
        (
            "the database refuses",
            StoreError::Refused("no table".into()).into(),
            1,
        ),
        (
            "the database is busy while posts are compared",
            CandidatesError::Store(busy()).into(),
            1,
        ),
        (
            "there is no index",
            CandidatesError::Index(IndexError::Missing).into(),
            5,
        ),
        (
            "the index is away",
            CandidatesError::Index(IndexError::Unavailable("down".into())).into(),
            5,
        ),
        ("the embedding is away", unavailable(None).into(), 10),
        (
            "the embedding asks to wait",
            unavailable(Some(Span::minutes(2))).into(),
            2,
        ),
        (
            "the embedding's key is refused",
            EmbedError::Misconfigured("status 403".into()).into(),
            60,
        ),
    ] {
        let words = told(&ending);
        assert!(
            words.starts_with(&format!("in {minutes} min: ")),
            "{name}: {words}"
        );
    }
}

#[test]
fn every_analysis_that_does_not_end_in_time_is_waited_for_longer() {
    for (overruns, minutes) in [
        (0, 10),
        (1, 20),
        (2, 40),
        (3, 80),
        (7, 1_280),
        (8, 1_440),
        (10, 1_440),
        (11, 1_440),
        (u32::MAX, 1_440),
    ] {
        assert_eq!(
            told(&Ending::not_in_time(overruns)),
            format!(
                "in {minutes} min: a provider did not answer before the time of the run was over"
            ),
            "{overruns} overruns before"
        );
    }
}

#[test]
fn an_ending_makes_of_the_call_what_it_says() {
    use CallState::{AwaitingTranscript, Deferred, Discarded, Failed};
    let wait = Span::minutes(10);
    for (name, ending, state, attempts, due) in [
        (
            "put off",
            Ending::deferred("the provider is away", wait),
            Deferred,
            1,
            Some(NOW + wait),
        ),
        (
            "put off for no time",
            Ending::deferred("busy", Span(0)),
            Deferred,
            1,
            Some(NOW),
        ),
        (
            "failed",
            Ending::Failed("cannot be read".into()),
            Failed,
            2,
            None,
        ),
        (
            "no feedback",
            Ending::Discarded("small talk".into()),
            Discarded,
            2,
            None,
        ),
        (
            "no transcript",
            Ending::AwaitsTranscript("none yet".into()),
            AwaitingTranscript,
            0,
            Some(call(CallState::Processing, 3).first_seen + TRANSCRIPT_PATIENCE),
        ),
    ] {
        let attempted = Call {
            attempts: 2,
            ..call(CallState::Processing, 3)
        };
        let next = ending.of(&attempted, NOW).and_then(Result::ok);
        let next = next.map(|next| (next.state, next.attempts, next.due));
        assert_eq!(next, Some((state, attempts, due)), "{name}");
    }
}

#[test]
fn what_is_written_already_or_anothers_makes_nothing_of_the_call() {
    for ending in [Ending::Committed, Ending::Lost, Ending::Refused(refusal())] {
        let name = told(&ending);
        assert_eq!(
            ending.of(&call(CallState::Processing, 3), NOW),
            None,
            "{name}"
        );
    }
}

#[test]
fn a_call_that_nobody_works_on_is_not_ended() {
    for state in [
        CallState::Queued,
        CallState::Deferred,
        CallState::Posted,
        CallState::Skipped,
    ] {
        for ending in [
            Ending::deferred("the provider is away", PROVIDER_WAIT),
            Ending::Failed("cannot be read".into()),
            Ending::Discarded("small talk".into()),
            Ending::AwaitsTranscript("none yet".into()),
        ] {
            let name = told(&ending);
            let next = ending.of(&call(state, 3), NOW);
            assert!(matches!(next, Some(Err(_))), "{name} of {state}: {next:?}");
        }
    }
}

#[test]
fn a_transcript_is_waited_for_for_fourteen_days() {
    let seen = call(CallState::Processing, 3).first_seen;
    for (name, now, state, cause) in [
        ("at once", seen, CallState::AwaitingTranscript, None),
        (
            "after a week",
            seen + Span::days(7),
            CallState::AwaitingTranscript,
            None,
        ),
        (
            "a millisecond before the end",
            Timestamp(seen.0 + Span::days(14).0 - 1),
            CallState::AwaitingTranscript,
            None,
        ),
        (
            "after fourteen days",
            seen + Span::days(14),
            CallState::Skipped,
            Some(SkipCause::NoTranscript),
        ),
        (
            "after a year",
            seen + Span::days(365),
            CallState::Skipped,
            Some(SkipCause::NoTranscript),
        ),
    ] {
        let ending = Ending::AwaitsTranscript("none yet".into());
        let next = ending
            .of(&call(CallState::Processing, 3), now)
            .and_then(Result::ok);
        let next = next.map(|next| (next.state, next.skip_cause));
        assert_eq!(next, Some((state, cause)), "{name}");
    }
}

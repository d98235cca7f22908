use domain::{call::MAX_ATTEMPTS, ids::GONG};

use super::*;
use crate::examples::{NOW, call, call_id, org};

fn window() -> Due {
    let id = WindowId::parse("1").expect("a valid id");
    Due::Connection(DueConnectionWork::Window(org(), id))
}

fn poll() -> Due {
    Due::Connection(DueConnectionWork::Poll(org()))
}

fn secret() -> Due {
    Due::Connection(DueConnectionWork::Secret(org(), Uuid::from_u128(7)))
}

fn token() -> Due {
    Due::Connection(DueConnectionWork::Token(org()))
}

fn due_call() -> Due {
    Due::Call(org(), call_id("7"))
}

fn vector() -> Due {
    Due::Vector(org(), PostId::parse("p").expect("a valid id"))
}

#[test]
fn what_is_quick_comes_before_what_takes_long() {
    for (name, due, handled) in [
        ("nothing", vec![], vec![]),
        (
            "a token and a window",
            vec![token(), window()],
            vec![window(), token()],
        ),
        (
            "a token and a secret",
            vec![token(), secret()],
            vec![secret(), token()],
        ),
        (
            "a secret and a vector",
            vec![secret(), vector()],
            vec![vector(), secret()],
        ),
        (
            "a vector and a call",
            vec![vector(), due_call()],
            vec![due_call(), vector()],
        ),
        (
            "a call and a poll",
            vec![due_call(), poll()],
            vec![poll(), due_call()],
        ),
        (
            "a poll and a window",
            vec![poll(), window()],
            vec![window(), poll()],
        ),
        (
            "one of each",
            vec![token(), secret(), vector(), due_call(), poll(), window()],
            vec![window(), poll(), due_call(), vector(), secret(), token()],
        ),
        (
            "in order already",
            vec![window(), poll(), token()],
            vec![window(), poll(), token()],
        ),
    ] {
        let mut round = due;
        round.sort_by_key(Due::rank);
        assert_eq!(round, handled, "{name}");
    }
}

#[test]
fn an_open_call_that_nobody_works_on_goes_on_where_it_waited() {
    use CallState::{AwaitingTranscript, Deferred, Failed, Processing, Queued, Skipped};
    let waited = "waits for the pipeline";
    let stopped = "its worker stopped; queued again";
    let restart = "queued again after a restart";
    let given_up = "3 attempts ended without a result (the worker stopped or ran out of time); an admin may retry it";
    let patience = call(AwaitingTranscript, 3).patience_ends();
    let before = Timestamp(patience.0 - 1);
    for (name, state, attempts, alone, now, expected) in [
        (
            "its message was lost",
            Queued,
            0,
            false,
            NOW,
            Some((Queued, 0, waited)),
        ),
        (
            "its message was lost before a restart",
            Queued,
            1,
            true,
            NOW,
            Some((Queued, 1, waited)),
        ),
        (
            "its wait is over",
            Deferred,
            0,
            false,
            NOW,
            Some((Queued, 0, "tried again after a wait")),
        ),
        (
            "put off before a restart",
            Deferred,
            2,
            true,
            NOW,
            Some((Queued, 2, "tried again after a wait")),
        ),
        (
            "its worker stopped",
            Processing,
            1,
            false,
            NOW,
            Some((Queued, 1, stopped)),
        ),
        (
            "its worker stopped again",
            Processing,
            MAX_ATTEMPTS - 1,
            false,
            NOW,
            Some((Queued, 2, stopped)),
        ),
        (
            "its worker stopped once too often",
            Processing,
            MAX_ATTEMPTS,
            false,
            NOW,
            Some((Failed, 3, given_up)),
        ),
        (
            "the process was stopped",
            Processing,
            1,
            true,
            NOW,
            Some((Queued, 0, restart)),
        ),
        (
            "the process was stopped at the last attempt",
            Processing,
            MAX_ATTEMPTS,
            true,
            NOW,
            Some((Queued, 2, restart)),
        ),
        (
            "its transcript may come yet",
            AwaitingTranscript,
            0,
            false,
            NOW,
            None,
        ),
        (
            "its transcript may come yet, after a restart",
            AwaitingTranscript,
            0,
            true,
            NOW,
            None,
        ),
        (
            "its transcript may come for a moment more",
            AwaitingTranscript,
            0,
            false,
            before,
            None,
        ),
        (
            "its transcript never came",
            AwaitingTranscript,
            0,
            false,
            patience,
            Some((Skipped, 0, "no transcript")),
        ),
        (
            "its transcript never came, after a restart",
            AwaitingTranscript,
            0,
            true,
            patience,
            Some((Skipped, 0, "no transcript")),
        ),
    ] {
        let call = Call {
            attempts,
            ..call(state, 3)
        };
        let next = next_step(&call, alone, now);
        let told = next
            .as_ref()
            .map(|next| (next.state, next.attempts, next.reason.as_str()));
        assert_eq!(told, expected, "{name}");
        if let Some(next) = &next {
            assert_eq!((next.id.source(), &next.lease), (GONG, &None), "{name}");
        }
    }
}

#[test]
fn a_call_that_is_decided_is_left_as_it_is() {
    for state in CallState::ALL.iter().filter(|state| !state.is_open()) {
        for alone in [false, true] {
            assert_eq!(next_step(&call(*state, 3), alone, NOW), None, "{state}");
        }
    }
}

#[test]
fn a_tick_counts_what_it_did_by_kind() {
    let none = MaintenanceReport::default();
    let work = MaintenanceReport {
        connection_work: 1,
        ..none
    };
    for (name, handled, report) in [
        ("a window", Handled::Done(window()), work),
        ("a poll", Handled::Done(poll()), work),
        ("a token", Handled::Done(token()), work),
        ("a secret", Handled::Done(secret()), work),
        (
            "a call",
            Handled::Done(due_call()),
            MaintenanceReport { calls: 1, ..none },
        ),
        (
            "a vector",
            Handled::Done(vector()),
            MaintenanceReport { vectors: 1, ..none },
        ),
        (
            "an error",
            Handled::Error,
            MaintenanceReport { errors: 1, ..none },
        ),
        (
            "no time left",
            Handled::Left,
            MaintenanceReport { left: 1, ..none },
        ),
    ] {
        let mut counted = none;
        handled.add_to(&mut counted);
        assert_eq!(counted, report, "{name}");
    }
}

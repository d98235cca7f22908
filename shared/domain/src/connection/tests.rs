use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp(Span::days(100).0);

#[test]
fn history_is_one_to_sixty_whole_days() {
    for (on, days, history) in [
        (true, "1", Some(History::Days(1))),
        (true, "30", Some(History::Days(30))),
        (true, " 60 ", Some(History::Days(60))),
        (true, "07", Some(History::Days(7))),
        (true, "0", None),
        (true, "61", None),
        (true, "256", None),
        (true, "999999999999", None),
        (true, "-1", None),
        (true, "+5", None),
        (true, "1.5", None),
        (true, "1e1", None),
        (true, "7 days", None),
        (true, "٧", None),
        (true, "", None),
        (false, "7", Some(History::Off)),
        (false, "nonsense", Some(History::Off)),
        (false, "", Some(History::Off)),
    ] {
        assert_eq!(History::parse(on, days).ok(), history, "{on}, {days:?}");
    }
}

#[test]
fn a_refused_history_is_named_as_it_was_typed() {
    for (typed, given) in [("a week", "a week"), (" 61 ", "61"), ("", "")] {
        let refused = History::parse(true, typed).unwrap_err();
        assert_eq!(refused.given, given, "{typed:?}");
    }
    let long = History::parse(true, &"ä".repeat(100)).unwrap_err();
    assert_eq!(long.given, "ä".repeat(40));
}

#[test]
fn a_history_reaches_back_as_far_as_it_says() {
    for (history, from) in [
        (History::Off, NOW),
        (History::Days(1), NOW - Span::hours(24)),
        (History::Days(60), NOW - Span::days(60)),
        (History::Since(Timestamp(5)), Timestamp(5)),
        (History::Since(NOW + Span::days(1)), NOW + Span::days(1)),
    ] {
        assert_eq!(history.import_from(NOW), from, "{history:?}");
    }
}

fn stored(history: &Value) -> Value {
    json!({
        "org_id": "fernhill", "status": "connected", "generation": 2, "same_since": 1,
        "workspace": "Fernhill", "witnesses": ["user:7"], "history": history, "floor": 1_000,
        "connected_by": "ada", "connected_at": 2_000, "secret_name": "s"
    })
}

#[test]
fn a_connection_reaches_calls_from_its_import_start_on() {
    let connection: Connection = serde_json::from_value(stored(&json!("off"))).unwrap();
    for (started, reaches) in [
        (Some(999), false),
        (Some(1_000), true),
        (Some(1_001), true),
        (None, true),
    ] {
        let reached = connection.reaches(started.map(Timestamp));
        assert_eq!(reached, reaches, "{started:?}");
    }
}

#[test]
fn a_stored_history_is_read_and_one_of_a_newer_version_is_none() {
    for (written, history) in [
        (json!("off"), History::Off),
        (json!({"days": 30}), History::Days(30)),
        (json!({"since": 5}), History::Since(Timestamp(5))),
        (json!({"quarters": 2}), History::Off),
        (json!("everything"), History::Off),
    ] {
        let connection: Connection = serde_json::from_value(stored(&written)).unwrap();
        assert_eq!(connection.history, history, "{written}");
    }
}

#[test]
fn a_status_is_said_in_words() {
    for (word, label) in [
        ("connecting", "connecting"),
        ("connected", "connected"),
        ("reconnect_required", "reconnect required"),
        ("disconnected", "disconnected"),
        ("paused", "paused"),
    ] {
        let status: ConnectionStatus = serde_json::from_value(json!(word)).unwrap();
        assert_eq!(status.label(), label, "{word}");
    }
}

#[test]
fn fingerprints_of_different_kinds_are_different() {
    for (fingerprint, text) in [
        (WorkspaceFingerprint::workspace("7"), "workspace:7"),
        (
            WorkspaceFingerprint::slug("us-1.join.gong.io/fernhill"),
            "slug:us-1.join.gong.io/fernhill",
        ),
        (WorkspaceFingerprint::user("7"), "user:7"),
    ] {
        assert_eq!(fingerprint.as_str(), text);
        let read: WorkspaceFingerprint = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(read, fingerprint, "{text}");
    }
}

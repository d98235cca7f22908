use gong_sandbox::{Faults, InjectedStatus, SandboxCall, ViolationKind::*};
use serde_json::{Value, json};

use crate::support::*;

fn by_ids(ids: &[&str]) -> Value {
    json!({"filter": {"callIds": ids}})
}

fn transcribed(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let items = json["callTranscripts"]
        .as_array()
        .unwrap_or_else(|| panic!("no transcripts: {json}"));
    items
        .iter()
        .map(|item| item["callId"].as_str().expect("an id is a text").to_owned())
        .collect()
}

#[tokio::test]
async fn transcripts_by_id() {
    let mut silent = call("3", 2);
    silent.transcript = Some(json!([]));
    let app = app(|options| options.calls = vec![call("1", 1), call("2", 0), silent]).await;
    let answer = app.post(TRANSCRIPT, &by_ids(&["3", "1", "404"])).await;
    assert_eq!(
        (answer.status, transcribed(&answer)),
        (200, vec!["1".into(), "3".into()])
    );
    let json = answer.json();
    assert_eq!(
        json["records"],
        json!({"totalRecords": 2, "currentPageSize": 2, "currentPageNumber": 0})
    );
    assert_eq!(
        json["callTranscripts"][0]["transcript"][0]["sentences"][0]["text"],
        "Spoken in 1."
    );
    assert_eq!(json["callTranscripts"][1]["transcript"], json!([]));
    assert_eq!(app.sandbox.stats().transcripts_requested, ["3", "1", "404"]);
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn a_transcript_may_come_later() {
    let later = |id: &str, at_ms, seconds| SandboxCall {
        transcript_available_at_ms: at_ms,
        available_after_seconds: seconds,
        ..call(id, 0)
    };
    let app = app(|options| {
        let none = SandboxCall {
            transcript: None,
            ..call("1", 0)
        };
        options.calls = vec![
            none,
            later("2", Some(START_MS + 5_000), None),
            later("3", None, Some(60)),
        ];
    })
    .await;
    let all = by_ids(&["1", "2", "3"]);
    let first = app.post(TRANSCRIPT, &all).await;
    let not_found = "No calls found corresponding to the provided filters";
    assert_eq!((first.status, first.error().as_str()), (404, not_found));
    for (wait_ms, expected) in [(5_000, vec!["2"]), (54_999, vec!["2"]), (1, vec!["2", "3"])] {
        app.advance(wait_ms);
        assert_eq!(transcribed(&app.post(TRANSCRIPT, &all).await), expected);
    }
    assert!(app.sandbox.set_transcript("1", Some(json!([]))));
    assert!(app.sandbox.set_transcript("2", None));
    assert!(!app.sandbox.set_transcript("404", None));
    assert_eq!(transcribed(&app.post(TRANSCRIPT, &all).await), ["1", "3"]);
    app.sandbox.set_faults(Faults {
        omit_from_transcripts: ["3".into()].into(),
        ..Faults::default()
    });
    assert_eq!(transcribed(&app.post(TRANSCRIPT, &all).await), ["1"]);
}

#[tokio::test]
async fn a_private_call_must_not_be_named() {
    let mut unflagged = call("2", 1);
    unflagged.call["metaData"]
        .as_object_mut()
        .map(|meta| meta.remove("isPrivate"));
    let app = app(|options| options.calls = vec![call("1", 0), unflagged]).await;
    assert!(app.sandbox.set_private("1", true));
    assert!(!app.sandbox.set_private("404", true));
    let answer = app.post(TRANSCRIPT, &by_ids(&["1", "2"])).await;
    assert_eq!(transcribed(&answer), ["1", "2"]);
    assert_eq!(app.violations(), [TranscriptOfPrivateCall; 2]);
    let told = app.sandbox.violations()[0].to_string();
    assert_eq!(
        told,
        "POST /v2/calls/transcript: transcript of a private call requested (call 1)"
    );
    assert!(app.sandbox.set_private("1", false));
    app.post(TRANSCRIPT, &by_ids(&["1"])).await;
    assert_eq!(app.violations().len(), 2);
}

#[tokio::test]
async fn naming_a_private_call_counts_even_when_the_request_fails() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    app.sandbox.set_private("1", true);
    let down = InjectedStatus {
        status: 500,
        ..InjectedStatus::default()
    };
    app.sandbox.set_faults(Faults {
        next_statuses: [down].into(),
        ..Faults::default()
    });
    assert_eq!(app.post(TRANSCRIPT, &by_ids(&["1"])).await.status, 500);
    assert_eq!(
        app.post_as("nobody", TRANSCRIPT, &by_ids(&["1"]))
            .await
            .status,
        401
    );
    assert_eq!(app.violations(), [TranscriptOfPrivateCall; 2]);
    assert_eq!(app.sandbox.stats().transcripts_requested, ["1", "1"]);
}

#[tokio::test]
async fn requests_that_break_the_contract() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let range = json!({"filter": {"fromDateTime": "2026-11-01T00:00:00Z", "toDateTime": "2026-11-02T00:00:00Z"}});
    assert_eq!(transcribed(&app.post(TRANSCRIPT, &range).await), ["1"]);
    let both = app
        .post(
            TRANSCRIPT,
            &json!({"filter": {"callIds": ["1"], "workspaceId": "7"}}),
        )
        .await;
    let message = "filter.workspaceId: must not provide both callIds and workspaceId";
    assert_eq!((both.status, both.error().as_str()), (400, message));
    assert_eq!(app.post(TRANSCRIPT, &by_ids(&[])).await.status, 400);
    assert_eq!(
        app.violations(),
        [TranscriptByDateRange, IdsWithWorkspace, EmptyCallIds]
    );
}

#[tokio::test]
async fn a_hundred_transcripts_a_page() {
    let app =
        app(|options| options.calls = (0..130).map(|at| call(&at.to_string(), at)).collect()).await;
    let ids: Vec<String> = (0..130).map(|id| id.to_string()).collect();
    let mut body = json!({"filter": {"callIds": ids}});
    let first = app.post(TRANSCRIPT, &body).await;
    assert_eq!(transcribed(&first).len(), 100);
    body["cursor"] = first.json()["records"]["cursor"].clone();
    assert_eq!(transcribed(&app.post(TRANSCRIPT, &body).await).len(), 30);
    assert_eq!(app.violations(), [MoreThanAPage; 2]);
}

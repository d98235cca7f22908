//! `POST /v2/calls/transcript`.

use domain::{
    conversation::Sentence,
    gong::shapes::{Monologue, Transcript, TranscriptsPage},
    ids::CallId,
    ports::gong::{GongApi, GongError},
};
use serde_json::{Value, json};

use crate::gong::server::{Answer, Server, access, client};

fn ids(texts: &[&str]) -> Vec<CallId> {
    texts.iter().map(|id| CallId::parse(*id).unwrap()).collect()
}

async fn page(body: &Value, asked: &[&str]) -> Result<TranscriptsPage, GongError> {
    let server = Server::start([Answer::json(body)]).await;
    client()
        .transcripts(&access(&server.origin), &ids(asked), None)
        .await
}

fn said(start_ms: i64, end_ms: i64, text: &str) -> Sentence {
    Sentence {
        start_ms,
        end_ms,
        text: text.into(),
        is_loop: false,
    }
}

#[tokio::test]
async fn the_request_names_ids_and_nothing_else() {
    let empty = json!({"callTranscripts": [], "records": {"cursor": "eyJ.2"}});
    let server = Server::start([Answer::json(&empty), Answer::json(&empty)]).await;
    let (client, access, ids) = (
        client(),
        access(&server.origin),
        ids(&["7022652889306584427", "2"]),
    );
    let first = client.transcripts(&access, &ids, None).await.unwrap();
    assert_eq!(first.cursor.as_deref(), Some("eyJ.2"));
    client
        .transcripts(&access, &ids, first.cursor.as_deref())
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str()),
        ("POST", "/v2/calls/transcript")
    );
    let filter = json!({"callIds": ["7022652889306584427", "2"]});
    assert_eq!(seen[0].json(), json!({"filter": filter}));
    assert_eq!(
        seen[1].json(),
        json!({"cursor": "eyJ.2", "filter": {"callIds": ["7022652889306584427", "2"]}})
    );
}

#[tokio::test]
async fn no_ids_ask_for_nothing() {
    let server = Server::start([]).await;
    let page = client()
        .transcripts(&access(&server.origin), &[], Some("cursor"))
        .await;
    assert_eq!(page, Ok(TranscriptsPage::default()));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_recorded_transcript_is_read() {
    let page = page(
        &json!({"requestId": "x", "records": {"totalRecords": 1, "currentPageSize": 1, "currentPageNumber": 0},
          "callTranscripts": [{"callId": "7022652889306584427", "transcript": [
            {"speakerId": "656861958384341821", "topic": null, "sentences": [{"start": 160, "end": 740, "text": "chapter I."}]},
            {"speakerId": null, "topic": "Small Talk", "sentences": [{"start": 17500, "end": 19740, "text": "Hello."}]}]}]}),
        &["7022652889306584427"],
    )
    .await
    .unwrap();
    assert_eq!(page.cursor, None);
    let (id, transcript) = &page.transcripts[0];
    assert_eq!(id.as_str(), "7022652889306584427");
    assert_eq!(
        transcript.monologues,
        [
            Monologue {
                speaker_id: Some("656861958384341821".into()),
                sentences: vec![said(160, 740, "chapter I.")],
            },
            Monologue {
                speaker_id: None,
                sentences: vec![said(17_500, 19_740, "Hello.")],
            },
        ]
    );
}

#[tokio::test]
async fn a_call_without_a_transcript_is_left_out_and_a_silent_one_is_not() {
    let page = page(
        &json!({"callTranscripts": [
            {"callId": "1", "transcript": null}, {"callId": "2"}, {"callId": "3", "transcript": "x"},
            {"callId": 4, "transcript": []}, {"callId": null, "transcript": []}, {"callId": "x", "transcript": []},
            null, 5, {}, {"callId": "6", "transcript": []}]}),
        &["1", "2", "3", "4", "5", "6"],
    )
    .await
    .unwrap();
    assert_eq!(
        page.transcripts,
        [(CallId::parse("6").unwrap(), Transcript::default())]
    );
}

#[tokio::test]
async fn odd_monologues_and_sentences_fail_nothing() {
    let page = page(
        &json!({"callTranscripts": [{"callId": "1", "transcript": [
            null, "x",
            {"speakerId": 656861958384341821_u64, "sentences": null},
            {"sentences": [null, {"text": "first"}, {"start": 100.9, "end": 300, "text": "second"}, {"text": "third"},
                           {"start": "x", "end": 900, "text": "fourth"}, {"start": 1}, {"start": 2, "text": "  "}, {"text": 7}]},
        ]}]}),
        &["1"],
    )
    .await
    .unwrap();
    let monologues = &page.transcripts[0].1.monologues;
    assert_eq!(monologues.len(), 2);
    assert_eq!(monologues[0], Monologue::default());
    assert_eq!(
        monologues[1].sentences,
        [
            said(0, 0, "first"),
            said(100, 300, "second"),
            said(300, 300, "third"),
            said(300, 900, "fourth"),
        ]
    );
}

#[tokio::test]
async fn what_was_not_asked_for_is_dropped() {
    let page = page(
        &json!({"callTranscripts": [{"callId": "2", "transcript": []}, {"callId": "1", "transcript": []}]}),
        &["1"],
    )
    .await
    .unwrap();
    assert_eq!(page.transcripts.len(), 1);
    assert_eq!(page.transcripts[0].0.as_str(), "1");
}

#[tokio::test]
async fn a_page_without_its_list_cannot_be_read() {
    let error = page(&json!({"callTranscripts": null}), &["1"])
        .await
        .unwrap_err();
    assert_eq!(
        error,
        GongError::Unreadable("it has no callTranscripts".into())
    );
}

//! Calls as they are when people and recorders are not at their best.

use domain::{call::CallState, connection::History, moment::Span};
use kit::{
    TestApp,
    calls::{call, pdf_call},
};
use serde_json::{Value, json};

async fn state(test: &TestApp, id: &str) -> (CallState, String) {
    let call = test.call(id).await;
    (call.state, call.reason)
}

#[tokio::test]
async fn an_empty_transcript_of_a_recent_call_may_be_filled_and_of_an_old_one_is_final() {
    let silent = |id: &str, transcript: Value, hours: i64| {
        let mut call = pdf_call(id)
            .started(kit::system::BEGIN - Span::hours(hours))
            .build();
        call.transcript = Some(transcript);
        call
    };
    let kinds = [
        json!([]),
        json!([{"speakerId": "111", "sentences": []}]),
        json!([{"speakerId": "111", "sentences": [{"start": 0, "end": 1, "text": " \u{200b} "}]}]),
        json!([{"speakerId": "111", "sentences": null}, null]),
    ];
    let mut calls = Vec::new();
    for (n, kind) in kinds.iter().enumerate() {
        calls.push(silent(&format!("1{n}"), kind.clone(), 2));
        calls.push(silent(&format!("2{n}"), kind.clone(), 30));
    }
    let test = TestApp::with_calls(calls).await;
    test.connected(History::Days(30)).await;
    for n in 0..kinds.len() {
        let (recent, why) = state(&test, &format!("1{n}")).await;
        assert_eq!(recent, CallState::AwaitingTranscript, "{why}");
        let (old, why) = state(&test, &format!("2{n}")).await;
        assert_eq!(
            (old, why.as_str()),
            (CallState::Discarded, "the transcript holds no speech")
        );
    }
    // Gong fills one of them; the others stay empty until they are old.
    assert!(
        test.sandbox
            .set_transcript("10", Some(pdf_call("10").transcript()))
    );
    test.later(Span::hours(4)).await;
    assert_eq!(state(&test, "10").await.0, CallState::Posted);
    test.later(Span::hours(24)).await;
    assert_eq!(state(&test, "11").await.0, CallState::Discarded);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn sentences_out_of_order_are_read_in_the_order_of_time() {
    let mut shuffled = pdf_call("1").build();
    let monologues = shuffled
        .transcript
        .as_mut()
        .unwrap()
        .as_array_mut()
        .unwrap();
    monologues.reverse();
    for monologue in monologues {
        monologue["sentences"].as_array_mut().unwrap().reverse();
    }
    let mut timeless = pdf_call("2").build();
    for monologue in timeless
        .transcript
        .as_mut()
        .unwrap()
        .as_array_mut()
        .unwrap()
    {
        for sentence in monologue["sentences"].as_array_mut().unwrap() {
            sentence["start"] = json!(-5);
            sentence["end"] = json!(i64::MAX);
        }
    }
    let test = TestApp::with_calls(vec![shuffled, timeless, pdf_call("3").build()]).await;
    test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    assert_eq!(post.evidence_count, 3);
    let mut quotes: Vec<_> = test
        .evidence(&post.id)
        .await
        .into_iter()
        .map(|e| (e.call_id.to_string(), e.quotes))
        .collect();
    quotes.sort_by(|a, b| a.0.cmp(&b.0));
    let of = |n: usize| {
        quotes[n]
            .1
            .iter()
            .map(|q| (q.text.clone(), q.start_ms))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(0), of(2), "the order of the answer does not matter");
    assert!(
        of(0)
            .iter()
            .any(|(text, at)| text.contains("PDF") && *at == 10_000),
        "{:?}",
        of(0)
    );
}

#[tokio::test]
async fn what_our_own_side_asks_for_is_not_feedback() {
    let ours = "We really need to be able to export the weekly SLA report to PDF.";
    let call = call("1")
        .customer("Thanks for the slides.")
        .internal(ours)
        .customer("Sure, sounds fine.");
    let test = TestApp::with_calls(vec![call.build()]).await;
    test.connected(History::Days(30)).await;
    let (state, why) = state(&test, "1").await;
    assert_eq!(state, CallState::Discarded, "{why}");
    assert_eq!(test.all_posts().await, []);
}

#[tokio::test]
async fn words_and_fields_that_gong_adds_are_accepted() {
    let mut call = pdf_call("1").build();
    let meta = call.call["metaData"].as_object_mut().unwrap();
    for field in [
        "direction",
        "system",
        "scope",
        "media",
        "language",
        "purpose",
        "sdrDisposition",
    ] {
        meta.insert(field.into(), json!("SomethingNewOf2027"));
    }
    meta.insert("newInMetaData".into(), json!({"deep": [1, {"a": null}]}));
    call.call["newSection"] = json!([{"x": 1}]);
    call.call["parties"][0]["methods"] = json!(["Attendee", "Hologram"]);
    call.call["parties"][0]["newInParty"] = json!(true);
    // A new word for a customer's side is as good as none: the address tells.
    call.call["parties"][0]["affiliation"] = json!("Partner");
    for monologue in call.transcript.as_mut().unwrap().as_array_mut().unwrap() {
        monologue["newInMonologue"] = json!({"mood": "good"});
        for sentence in monologue["sentences"].as_array_mut().unwrap() {
            sentence["confidence"] = json!(0.5);
        }
    }
    let test = TestApp::with_calls(vec![call]).await;
    test.connected(History::Days(30)).await;
    assert_eq!(
        test.only_post().await.author.name.as_deref(),
        Some("Cleo Customer")
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

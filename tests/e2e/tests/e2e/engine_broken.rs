//! A language model's broken answers: a clear outcome for the call, nothing lost, nothing invented.

use domain::{call::CallState, connection::History};
use kit::{calls::pdf_call, test_app::member};
use lambda_http::http::StatusCode;
use serde_json::json;

use crate::{
    engine_answers::test_app,
    model::{BOTH, PDF_QUOTE, Stage, Switch, finding, good, model},
};
use kit::scripted::Reply;

/// A broken answer for each call, by a word that only this call holds.
fn broken() -> Vec<(&'static str, Stage, Reply, &'static str)> {
    let nameless = finding(" ", &[PDF_QUOTE]);
    vec![
        (
            "aardvark",
            Stage::Detect,
            Reply::Text("Sure! They said hello".into()),
            "detect: it is not JSON",
        ),
        (
            "badger",
            Stage::Detect,
            Reply::Text("{\"feedback\": tr".into()),
            "detect: its JSON is cut off",
        ),
        (
            "cheetah",
            Stage::Detect,
            Reply::text(&json!({})),
            "detect: the answer lacks `feedback`",
        ),
        (
            "dolphin",
            Stage::Detect,
            Reply::Empty,
            "detect: it is empty",
        ),
        (
            "elephant",
            Stage::Detect,
            Reply::Raw(json!({"hello": "world"})),
            "detect: it is",
        ),
        (
            "ferret",
            Stage::Extract,
            Reply::text(&json!({"sentiment": "hello"})),
            "extract: the answer lacks `findings`",
        ),
        (
            "gazelle",
            Stage::Extract,
            Reply::text(&json!({"findings": "hello"})),
            "extract: `findings` is not of type array",
        ),
        (
            "hedgehog",
            Stage::Extract,
            Reply::text(&json!({"findings": [{}]})),
            "extract: `findings[0]` lacks `title`",
        ),
        (
            "iguana",
            Stage::Extract,
            Reply::text(&json!({"findings": [nameless, {"title": "hello"}]})),
            "extract: `findings[0]` lacks `title`",
        ),
        (
            "jackal",
            Stage::Extract,
            Reply::CutOff("{\"findings\": [{\"title\": \"hello".into()),
            "extract: it is longer than the tokens",
        ),
        (
            "koala",
            Stage::Extract,
            Reply::Refusal,
            "extract: the model or its provider refuses to answer",
        ),
        (
            "lemur",
            Stage::Extract,
            Reply::Status(
                400,
                None,
                json!({"error": {"message": "hello, prompt is too long: 210000 tokens > 200000 maximum"}}),
            ),
            "the provider refuses the request",
        ),
        (
            "marmot",
            Stage::Detect,
            Reply::Text("I'm sorry, but I can't help with hello.".into()),
            "detect: the model refuses to answer",
        ),
    ]
}

#[tokio::test]
async fn a_broken_answer_fails_its_own_call_in_words_and_an_admin_can_retry_it() {
    for protocol in BOTH {
        let mended = Switch::default();
        let (turned, table) = (mended.clone(), broken());
        let (_server, analyst) = model(protocol, move |stage, material| {
            let entry = table
                .iter()
                .find(|(word, at, ..)| *at == stage && material.contains(word));
            match entry.filter(|_| !turned.is_on()) {
                Some((_, _, reply, _)) => reply.clone(),
                None => good(stage, material),
            }
        })
        .await;
        let mut calls: Vec<_> = broken()
            .iter()
            .enumerate()
            .map(|(n, (word, ..))| {
                pdf_call(&format!("{}", 100 + n)).customer(&format!("Our {word} says hello."))
            })
            .collect();
        calls.push(pdf_call("1"));
        let test = test_app(&calls, analyst).await;
        let mut browser = test.connected(History::Days(30)).await;

        for (n, (word, _, _, what)) in broken().iter().enumerate() {
            let call = test.call(&format!("{}", 100 + n)).await;
            assert_eq!(call.state, CallState::Failed, "{word}: {}", call.reason);
            assert!(
                call.reason.contains(what) && call.reason.contains("may retry"),
                "{word}: {}",
                call.reason
            );
            assert!(!call.reason.contains("hello"), "{word}: {}", call.reason);
            assert!(call.usage.llm_calls > 0);
        }
        assert_eq!(
            test.call("1").await.state,
            CallState::Posted,
            "the other call went on"
        );
        assert_eq!(test.only_post().await.evidence_count, 1);
        assert!(
            browser
                .get("/calls?state=failed")
                .await
                .body
                .contains("/calls/100/retry")
        );

        mended.set(true);
        let mut other = test.browser(&member()).await;
        assert_eq!(
            other.post("/calls/100/retry", &[]).await.status,
            StatusCode::FORBIDDEN
        );
        for n in 0..broken().len() {
            let page = browser
                .post(&format!("/calls/{}/retry", 100 + n), &[])
                .await;
            assert_eq!(page.location(), "/calls?done=retried");
        }
        test.app.drain().await;
        let post = test.only_post().await;
        assert_eq!(post.evidence_count, 1 + broken().len() as u64);
        assert_eq!(test.violations(), Vec::<String>::new());
    }
}

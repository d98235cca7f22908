use gong_sandbox::SandboxCall;
use serde_json::json;
use url::Url;

use crate::support::*;

async fn open(app: &Visitor, parameters: &[(&str, &str)]) -> Answer {
    let url = Url::parse_with_params(&app.url("/call"), parameters).expect("a URL");
    app.send(app.http.get(url)).await
}

#[tokio::test]
async fn the_call_page_shows_and_marks_the_moment() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let plain = open(&app, &[("id", "1")]).await;
    assert_eq!(plain.status, 200);
    for text in ["Call 1", "Ines Vogel", "External", "Spoken in 1.", "0:01"] {
        assert!(plain.text.contains(text), "{text} is missing");
    }
    assert!(!plain.text.contains("#moment"));
    let marked = open(
        &app,
        &[
            ("id", "1"),
            ("highlights", r#"[{"type":"SHARE","from":1,"to":1}]"#),
        ],
    )
    .await;
    assert!(marked.text.contains("href=\"#moment\""));
    assert_eq!(marked.text.matches("id=\"moment\"").count(), 1);
    assert!(marked.text.contains("<mark>Spoken in 1.</mark>"));
    let odd = open(&app, &[("id", "1"), ("highlights", "<oops>")]).await;
    assert_eq!((odd.status, odd.text.contains("#moment")), (200, false));
}

#[tokio::test]
async fn html_in_calls_is_escaped() {
    let attack = "<img src=x onerror=alert(1)>";
    let text = json!({
        "metaData": {"id": "1", "title": attack, "isPrivate": false, "started": attack},
        "parties": [{"name": attack, "affiliation": attack, "title": attack, "speakerId": "8"}],
    });
    let transcript =
        json!([{"speakerId": "8", "sentences": [{"start": 0, "end": 9, "text": attack}]}]);
    let app = app(|options| options.calls = vec![SandboxCall::new(text, Some(transcript))]).await;
    let page = open(
        &app,
        &[("id", "1"), ("highlights", r#"[{"from":0,"to":0}]"#)],
    )
    .await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("<img"));
    assert!(
        page.text
            .matches("&lt;img src=x onerror=alert(1)&gt;")
            .count()
            >= 6
    );
}

#[tokio::test]
async fn odd_calls_have_a_page_too() {
    let odd = json!({"metaData": {"id": "1", "isPrivate": false, "title": 5}, "parties": {"a": 1}});
    let transcript = json!([null, {"speakerId": null, "sentences": [{"start": "x", "text": 7}, 3]}, {"sentences": {}}]);
    let app = app(|options| options.calls = vec![SandboxCall::new(odd, Some(transcript))]).await;
    let page = open(&app, &[("id", "1"), ("highlights", "[{}]")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Untitled call") && page.text.contains("Unknown speaker"));
}

#[tokio::test]
async fn private_and_unknown_calls_have_none() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    app.sandbox.set_private("1", true);
    for id in ["1", "2", "<script>"] {
        let page = open(&app, &[("id", id)]).await;
        assert_eq!(page.status, 404, "{id}");
        assert!(
            !page.text.contains("Spoken in") && !page.text.contains("<script>"),
            "{id}"
        );
    }
    assert_eq!(open(&app, &[]).await.status, 404);
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn a_transcript_that_is_not_there_yet_is_not_shown() {
    let later = SandboxCall {
        available_after_seconds: Some(1),
        ..call("1", 0)
    };
    let app = app(|options| options.calls = vec![later]).await;
    assert!(
        open(&app, &[("id", "1")])
            .await
            .text
            .contains("no transcript yet")
    );
    app.advance(1_000);
    assert!(
        open(&app, &[("id", "1")])
            .await
            .text
            .contains("Spoken in 1.")
    );
}

#[tokio::test]
async fn the_first_page_tells_what_this_is() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let page = app.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("stand-in for Gong") && page.text.contains("1 call "));
    assert!(page.header("content-type").starts_with("text/html"));
}

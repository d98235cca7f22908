//! A language model's answers on their way to posts: what is verified, what is refused.

use domain::{
    call::CallState, connection::History, feedback::Moderation, moment::Span,
    ports::feedback::PostFilter, usage::Usage,
};
use kit::{
    TestApp, TestOptions,
    calls::{CallBuilder, pdf_call},
    test_app::admin,
};
use serde_json::json;

use crate::model::{
    BOTH, PDF_QUOTE, PDF_TITLE, Stage, Switch, detects, finding, finds, good, model, places,
};
use kit::scripted::Reply;

pub async fn test_app(
    calls: &[CallBuilder],
    analyst: std::sync::Arc<dyn domain::ports::analysis::Analyst>,
) -> TestApp {
    TestApp::start(TestOptions {
        calls: calls.iter().map(CallBuilder::build).collect(),
        analyst: Some(analyst),
        ..TestOptions::default()
    })
    .await
}

#[tokio::test]
async fn a_good_answer_becomes_a_post_with_its_verified_quotes_alone() {
    for protocol in BOTH {
        let claims = [
            PDF_QUOTE,
            "we take   SCREENSHOTS, every friday",
            "We would pay twice the price for PDF export.",
            "Understood, I will pass that on.",
            "PDF",
        ];
        let (server, analyst) = model(protocol, move |stage, material| match stage {
            Stage::Extract => finds(PDF_TITLE, &claims),
            _ => good(stage, material),
        })
        .await;
        let test = test_app(&[pdf_call("1").from("Northwind", "Cleo Customer")], analyst).await;
        let mut browser = test.connected(History::Days(30)).await;

        let post = test.only_post().await;
        assert_eq!(
            (post.request.title.as_str(), post.moderation),
            (PDF_TITLE, Moderation::Published)
        );
        assert_eq!(post.board_id.as_str(), "feature-requests");
        assert_eq!(
            post.category_id
                .as_ref()
                .map(ToString::to_string)
                .as_deref(),
            Some("reports")
        );
        assert_eq!(
            post.tag_ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["export"]
        );
        let engine = post.engine.as_ref().unwrap();
        assert_eq!(
            (engine.llm.as_str(), engine.version.as_str()),
            ("scripted-model", "prompts v3")
        );

        let evidence = test.evidence(&post.id).await;
        let quotes = &evidence[0].quotes;
        let words: Vec<_> = quotes
            .iter()
            .map(|q| (q.text.as_str(), q.speaker.as_str(), q.start_ms))
            .collect();
        assert_eq!(
            words,
            [
                (PDF_QUOTE, "Cleo Customer", 10_000),
                (
                    "Right now we take screenshots every Friday and it is painful.",
                    "Cleo Customer",
                    12_000
                ),
            ]
        );
        let call = test.call("1").await;
        assert_eq!(call.state, CallState::Posted);
        let used = Usage {
            llm_calls: 3,
            prompt_tokens: 300,
            completion_tokens: 30,
            detected: 1,
            extracted: 1,
            embedded_texts: 1,
            unpriced_tokens: 330,
            ..Usage::default()
        };
        assert_eq!(call.usage, used);

        let page = browser.get(&format!("/feedback/{}", post.id)).await.text();
        assert!(
            page.contains("scripted-model") && !page.contains("twice the price"),
            "{page}"
        );
        assert!(
            browser
                .get("/calls")
                .await
                .text()
                .contains("3 model requests, 330 tokens")
        );
        let asked = server.seen();
        assert_eq!(asked.len(), 3);
        assert!(
            !asked.iter().any(|seen| seen.user().contains("Cleo")),
            "names do not leave the app"
        );
        assert_eq!(test.violations(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn ids_that_do_not_exist_and_a_placement_that_cannot_be_read_lead_to_the_default_board() {
    for protocol in BOTH {
        for placement in [
            places(
                "no-such-board",
                "no-such-category",
                &["no-such-tag", "export"],
            ),
            places("none", "reports", &[]),
            places("../../etc", "<b>", &["\u{202e}"]),
            Reply::Text("I would put it on the first board.".into()),
            Reply::text(&json!({})),
        ] {
            let (_server, analyst) = model(protocol, move |stage, material| match stage {
                Stage::Organize => placement.clone(),
                _ => good(stage, material),
            })
            .await;
            let test = test_app(&[pdf_call("1")], analyst).await;
            test.connected(History::Days(30)).await;
            let post = test.only_post().await;
            assert_eq!(post.board_id.as_str(), "feature-requests");
            let tags: Vec<_> = post.tag_ids.iter().map(ToString::to_string).collect();
            assert!(tags.is_empty() || tags == ["export"], "{tags:?}");
            let category = post.category_id.as_ref().map(ToString::to_string);
            assert!(
                category.is_none() || category.as_deref() == Some("reports"),
                "{category:?}"
            );
            assert_eq!(test.call("1").await.state, CallState::Posted);
        }
    }
}

#[tokio::test]
async fn feedback_without_a_verified_quote_waits_for_a_person_and_is_not_merged_into() {
    let invented = ["We would pay twice the price for PDF export."];
    let ours = [
        "Understood, I will pass that on.",
        "Good to see you. How is the team?",
    ];
    for protocol in BOTH {
        for claims in [&invented[..], &ours[..], &[]] {
            let claims: Vec<String> = claims.iter().map(ToString::to_string).collect();
            let honest = Switch::default();
            let turned = honest.clone();
            let (_server, analyst) = model(protocol, move |stage, material| match stage {
                Stage::Extract if !turned.is_on() => {
                    let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
                    finds(PDF_TITLE, &claims)
                }
                _ => good(stage, material),
            })
            .await;
            let test = test_app(&[pdf_call("1")], analyst).await;
            let mut browser = test.connected(History::Days(30)).await;

            let waiting = test.only_post().await;
            assert_eq!(waiting.moderation, Moderation::InReview);
            assert_eq!(test.evidence(&waiting.id).await[0].quotes, []);
            let call = test.call("1").await;
            assert_eq!(call.state, CallState::InReview);
            assert!(
                call.reason
                    .contains("None of the quotes that the engine gave"),
                "{}",
                call.reason
            );
            let shown = browser.get("/feedback?moderation=published").await.text();
            assert!(!shown.contains(PDF_TITLE), "{shown}");
            let page = browser
                .get(&format!("/feedback/{}", waiting.id))
                .await
                .text();
            assert!(
                page.contains("In review.") && page.contains("stays out of search and merging"),
                "{page}"
            );

            honest.set(true);
            test.sandbox
                .set_calls(["1", "2", "3"].map(|id| pdf_call(id).build()).into());
            test.later(Span::hours(4)).await;
            let published = PostFilter {
                moderation: Some(Moderation::Published),
                ..PostFilter::default()
            };
            let published = test.posts(&published).await;
            assert_eq!(published.len(), 1, "{published:#?}");
            assert_eq!(published[0].evidence_count, 2);
            assert_eq!(
                test.evidence(&waiting.id).await.len(),
                1,
                "nothing is merged into it"
            );
            assert_eq!(test.all_posts().await.len(), 2);
            assert_eq!(test.violations(), Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn feedback_that_is_detected_but_not_found_is_discarded_and_says_so() {
    for (detected, findings) in [(false, json!([])), (true, json!([]))] {
        let (_server, analyst) = model(BOTH[0], move |stage, material| match stage {
            Stage::Detect => detects(detected),
            Stage::Extract => Reply::text(&json!({ "findings": findings })),
            Stage::Repair | Stage::Judge | Stage::Organize => good(stage, material),
        })
        .await;
        let test = test_app(&[pdf_call("1")], analyst).await;
        test.connected(History::Days(30)).await;
        let call = test.call("1").await;
        assert_eq!(call.state, CallState::Discarded);
        assert!(
            call.reason.contains("So says the scripted model."),
            "{}",
            call.reason
        );
        assert_eq!(test.all_posts().await, []);
    }
}

#[tokio::test]
async fn the_author_is_the_customer_who_said_it_and_not_who_talked_most() {
    let (_server, analyst) = model(BOTH[0], good).await;
    let talk = pdf_call("1").colleague(
        "Dana Whitlock",
        "We had a long week. The harbour was full on Monday, and the crane broke on Tuesday night.",
    );
    let test = test_app(&[talk], analyst).await;
    test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    let evidence = test.evidence(&post.id).await;
    for author in [&post.author, &evidence[0].author] {
        assert_eq!(author.name.as_deref(), Some("Cleo Customer"));
        let email = author.email.as_deref();
        assert!(email.is_some_and(|email| email.starts_with("cleo.customer@")));
    }
}

#[tokio::test]
async fn the_same_feedback_twice_in_one_call_is_one_post() {
    let (_server, analyst) = model(BOTH[0], |stage, material| match stage {
        Stage::Extract => Reply::text(&json!({"findings": [
            finding(PDF_TITLE, &[PDF_QUOTE]),
            finding("Weekly SLA report: export to PDF", &["we take screenshots every Friday"]),
            finding("Log in by telephone number", &["Good, thanks."]),
        ]})),
        _ => good(stage, material),
    })
    .await;
    let test = test_app(&[pdf_call("1")], analyst).await;
    let mut browser = test.browser(&admin()).await;
    let settings = [
        ("feedback_per_call", "5"),
        ("merging", "automatic"),
        ("own_domains", ""),
        ("review", "off"),
    ];
    let saved = browser.post("/integrations/gong/settings", &settings).await;
    assert_eq!(
        saved.location(),
        "/integrations/gong?done=settings-saved",
        "{}",
        saved.text()
    );
    test.connected(History::Days(30)).await;
    let counts: Vec<_> = test
        .all_posts()
        .await
        .iter()
        .map(|p| (p.request.title.clone(), p.evidence_count))
        .collect();
    assert_eq!(counts.len(), 2, "{counts:?}");
    assert!(counts.contains(&(PDF_TITLE.to_owned(), 2)), "{counts:?}");
    assert_eq!(test.call("1").await.outcomes.len(), 3);
}

#[tokio::test]
async fn what_nobody_said_is_written_anew_once_and_waits_where_it_stays() {
    const UNSAID: &str = "412 people of Vantablick wait for it.";
    let waits = "The number 412 stands in its text, but nobody in the call said it.";
    for (repaired, moderation) in [
        ("People wait for it.", Moderation::Published),
        (UNSAID, Moderation::InReview),
    ] {
        let (server, analyst) = model(BOTH[0], move |stage, material| match stage {
            Stage::Extract => {
                let mut found = finding(PDF_TITLE, &[PDF_QUOTE]);
                found["description"] = json!(UNSAID);
                Reply::text(&json!({"findings": [found]}))
            }
            Stage::Repair => {
                let named = material.contains("Said by nobody: 412");
                assert!(named && material.contains("Said by nobody: Vantablick"));
                Reply::text(&json!({
                    "title": PDF_TITLE, "description": repaired, "pain_points": ["Work by hand"],
                }))
            }
            _ => good(stage, material),
        })
        .await;
        let test = test_app(&[pdf_call("1")], analyst).await;
        test.connected(History::Days(30)).await;
        let post = test.only_post().await;
        assert_eq!(post.request.description, repaired);
        assert_eq!(post.moderation, moderation, "{:?}", post.review_reason);
        let reason = post.review_reason.unwrap_or_default();
        assert_eq!(reason.contains(waits), repaired == UNSAID, "{reason}");
        let seen = server.seen();
        let repairs = seen.iter().filter(|seen| Stage::of(seen) == Stage::Repair);
        assert_eq!(repairs.count(), 1);
    }
}

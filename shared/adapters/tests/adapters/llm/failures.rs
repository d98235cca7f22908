//! Broken answers, outages and refusals.

use adapters::llm::Protocol;
use domain::{
    moment::Span,
    ports::analysis::{AnalysisError, Analyst, Reading},
};
use serde_json::json;

use crate::llm::fixtures::{BOTH, finding, findings, short_call, stage, unusable, used, yes};
use crate::time::slept;
use kit::scripted::Reply;

#[tokio::test]
async fn a_broken_answer_is_asked_for_once_more_without_repeating_it() {
    for protocol in BOTH {
        for (broken, what) in [
            (
                Reply::Text("Sure! They said: hello".into()),
                "it is not JSON",
            ),
            (
                Reply::Text("{\"feedback\": tr".into()),
                "its JSON is cut off",
            ),
            (Reply::Text("{}".into()), "the answer lacks `feedback`"),
            (
                Reply::text(&json!({"answer": 42})),
                "the answer lacks `feedback`",
            ),
            (
                Reply::text(&json!({"feedback": "hello", "reason": "r"})),
                "`feedback` is not of type boolean",
            ),
            (
                Reply::Text("I can't help with that hello.".into()),
                "the model refuses to answer",
            ),
            (
                Reply::CutOff("{\"feedback\": true".into()),
                "it is longer than the tokens that are allowed for it",
            ),
            (Reply::Empty, "it is empty"),
            (Reply::Raw(json!({"hello": "world"})), "it is"),
        ] {
            let stage = stage(protocol, [broken, yes()]).await;
            let answer = stage
                .analyst
                .detect(Reading::of(&short_call()), &stage.meter)
                .await
                .unwrap();
            assert!(answer.feedback);
            assert_eq!(stage.meter.take().llm_calls, 2);
            let second = stage.server.seen()[1].user().to_owned();
            let said = format!("An earlier answer could not be used: {what}");
            assert!(second.contains(&said), "{what}: {second}");
            assert!(!second.contains("hello"));
        }
    }
}

#[tokio::test]
async fn an_answer_that_stays_broken_is_unusable_in_our_words_with_its_cost() {
    let nameless = findings(&[finding(" ", "low"), json!({"quotes": ["hello"]})]);
    let unquoted = findings(&[json!({"title": "hello"})]);
    let half = "{\"findings\": [{\"title\": \"hello\", \"quotes\": [\"h".to_owned();
    for protocol in BOTH {
        for (broken, what) in [
            (
                Reply::Text("{}".into()),
                "extract: the answer lacks `findings`",
            ),
            (nameless.clone(), "extract: `findings[0]` lacks `title`"),
            (unquoted.clone(), "extract: `findings[0]` lacks `quotes`"),
            (Reply::Text(half.clone()), "extract: its JSON is cut off"),
            (
                Reply::CutOff(half.clone()),
                "extract: it is longer than the tokens that are allowed for it",
            ),
            (
                Reply::Text("Lo siento, no puedo ayudarte con eso.".into()),
                "extract: the model refuses to answer",
            ),
            (Reply::Empty, "extract: it is empty"),
        ] {
            let stage = stage(protocol, [broken.clone(), broken]).await;
            let error = stage
                .analyst
                .extract(Reading::of(&short_call()), &stage.meter)
                .await
                .unwrap_err();
            assert_eq!(
                (unusable(error), stage.meter.take()),
                (what.to_owned(), used(2, 2))
            );
            assert_eq!(stage.server.left(), 0);
        }
        let stage = stage(protocol, [Reply::Refusal, Reply::Refusal]).await;
        let error = stage
            .analyst
            .extract(Reading::of(&short_call()), &stage.meter)
            .await
            .unwrap_err();
        let what = unusable(error);
        assert_eq!(what, "extract: the model or its provider refuses to answer");
    }
}

#[tokio::test]
async fn passing_failures_are_waited_out() {
    for protocol in BOTH {
        for (failure, waited) in [
            (Reply::wait(429, "2"), Span::seconds(2)),
            (
                Reply::wait(429, "Wed, 21 Oct 2026 07:28:07 GMT"),
                Span::seconds(7),
            ),
            (Reply::status(529), Span::millis(500)),
            (Reply::status(500), Span::millis(500)),
            (Reply::Page, Span::millis(500)),
        ] {
            let stage = stage(protocol, [failure, yes()]).await;
            let answer = stage
                .analyst
                .detect(Reading::of(&short_call()), &stage.meter)
                .await;
            assert!(answer.unwrap().feedback);
            assert_eq!(stage.meter.take(), used(2, 1));
            assert_eq!(slept(&stage.clock), waited);
        }
    }
}

#[tokio::test]
async fn an_outage_or_a_long_wait_is_unavailable() {
    for protocol in BOTH {
        let stage_ = stage(protocol, vec![Reply::status(503); 4]).await;
        let error = stage_
            .analyst
            .detect(Reading::of(&short_call()), &stage_.meter)
            .await
            .unwrap_err();
        let (detail, retry_after) = ("status 503".to_owned(), None);
        assert_eq!(
            error,
            AnalysisError::Unavailable {
                detail,
                retry_after
            }
        );
        assert_eq!(stage_.server.left(), 1, "three attempts");
        assert_eq!(slept(&stage_.clock), Span::millis(1_500));

        let limit = json!({"error": {"type": "rate_limit_error", "message": "Ada, slow down"}});
        let reply = Reply::Status(429, Some("3600".into()), limit);
        let stage = stage(protocol, [reply, yes()]).await;
        let error = stage
            .analyst
            .detect(Reading::of(&short_call()), &stage.meter)
            .await
            .unwrap_err();
        let detail = "status 429, rate_limit_error".to_owned();
        let retry_after = Some(Span::hours(1));
        assert_eq!(
            error,
            AnalysisError::Unavailable {
                detail,
                retry_after
            }
        );
        assert_eq!(
            (stage.server.left(), slept(&stage.clock)),
            (1, Span::millis(0))
        );
    }
}

#[tokio::test]
async fn what_was_used_before_an_outage_is_counted() {
    for protocol in BOTH {
        let replies = [
            Reply::Text("{}".into()),
            Reply::wait(429, "3600"),
            Reply::Text("{}".into()),
            Reply::status(401),
        ];
        let stage = stage(protocol, replies).await;
        for _ in 0..2 {
            let error = stage
                .analyst
                .detect(Reading::of(&short_call()), &stage.meter)
                .await;
            assert!(!matches!(error, Ok(_) | Err(AnalysisError::Unusable(_))));
            assert_eq!(stage.meter.take(), used(2, 1));
        }
    }
}

#[tokio::test]
async fn a_wrong_key_or_model_is_the_operators_matter_and_not_tried_again() {
    for protocol in BOTH {
        for status in [401, 403, 404] {
            let stage = stage(protocol, [Reply::status(status), yes()]).await;
            let error = stage
                .analyst
                .detect(Reading::of(&short_call()), &stage.meter)
                .await
                .unwrap_err();
            assert_eq!(
                error,
                AnalysisError::Misconfigured(format!("status {status}"))
            );
            assert_eq!(stage.server.left(), 1);
        }
    }
}

#[tokio::test]
async fn what_a_model_does_not_take_is_left_out_from_then_on() {
    let refusal = |message: &str| Reply::Status(400, None, json!({"error": {"message": message}}));
    for protocol in BOTH {
        let replies = [
            refusal("Unsupported value: 'temperature' does not support 0 with this model."),
            refusal("Invalid schema: keyword not permitted"),
            yes(),
            yes(),
        ];
        let stage = stage(protocol, replies).await;
        let first = stage
            .analyst
            .detect(Reading::of(&short_call()), &stage.meter)
            .await;
        assert!(first.unwrap().feedback);
        assert_eq!(stage.meter.take(), used(3, 1));
        stage
            .analyst
            .detect(Reading::of(&short_call()), &stage.meter)
            .await
            .unwrap();
        let seen = stage.server.seen();
        assert!(seen[1].body["temperature"].is_null() && !seen[1].schema().is_null());
        for later in &seen[2..] {
            assert!(later.body["temperature"].is_null());
            assert!(!later.schema().to_string().contains("maxLength"));
            assert_eq!(later.schema().is_null(), protocol == Protocol::Anthropic);
        }
        assert_eq!(slept(&stage.clock), Span::millis(0));
    }
}

#[tokio::test]
async fn a_request_that_is_refused_for_what_it_is_counts_against_the_call() {
    let body = json!({"error": {"message": "too many tokens", "code": "context_length_exceeded"}});
    for protocol in BOTH {
        let stage = stage(protocol, [Reply::Status(400, None, body.clone())]).await;
        let error = stage
            .analyst
            .detect(Reading::of(&short_call()), &stage.meter)
            .await
            .unwrap_err();
        let what = "the provider refuses the request (status 400, context_length_exceeded)";
        assert_eq!(
            (unusable(error), stage.meter.take()),
            (what.to_owned(), used(1, 0))
        );
    }
}

//! Voyage against a scripted server.

use std::sync::Arc;

use adapters::embeddings::{Voyage, VoyageConfig, VoyageConfigError};
use domain::{
    moment::Span,
    ports::analysis::{EmbedError, Embedded, Embedder},
    secret::Secret,
};
use kit::{
    scripted::{Reply, Scripted},
    system::{TestClock, TestIds},
};
use serde_json::{Value, json};

use crate::time::{clock, slept};

async fn voyage(replies: impl IntoIterator<Item = Reply>) -> (Scripted, Arc<TestClock>, Voyage) {
    let server = Scripted::start(replies).await;
    let clock = clock();
    let mut config = VoyageConfig::new(Secret::new("key-of-the-test"));
    config.base_url = server.url.clone();
    config.dimension = 2;
    let voyage = Voyage::new(config, clock.clone(), Arc::new(TestIds::default())).unwrap();
    (server, clock, voyage)
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{n}")).collect()
}

/// A vector that points where the text's number says, the last text first.
fn angles(request: &Value) -> Value {
    let inputs = request["input"].as_array().unwrap();
    let vector = |(index, text): (usize, &Value)| {
        let n: f64 = text.as_str().unwrap().parse().unwrap();
        let angle = n / 1_000.0;
        json!({"object": "embedding", "index": index,
               "embedding": [3.0 * angle.cos(), 3.0 * angle.sin()]})
    };
    let data: Vec<Value> = inputs.iter().enumerate().map(vector).rev().collect();
    json!({"object": "list", "data": data, "model": "voyage-4", "usage": {"total_tokens": 1}})
}

#[tokio::test]
async fn three_hundred_texts_go_in_batches_and_come_back_in_order() {
    let (server, _, voyage) = voyage(vec![Reply::Made(angles); 3]).await;
    let embedded = voyage.embed(&texts(300)).await.unwrap();
    let vectors = embedded.vectors;
    assert_eq!((vectors.len(), embedded.tokens), (300, 3));
    for (n, vector) in (0_u16..).zip(&vectors) {
        let angle = f32::from(n) / 1_000.0;
        assert!((vector[0] - angle.cos()).abs() < 1e-6, "{n}");
        assert!((vector[1] - angle.sin()).abs() < 1e-6, "{n}");
    }
    let sizes: Vec<_> = server
        .seen()
        .iter()
        .map(|s| s.body["input"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [128, 128, 44]);
}

#[tokio::test]
async fn the_request_pins_model_dimension_and_type() {
    let (server, _, voyage) = voyage([Reply::Made(angles)]).await;
    voyage.embed(&texts(1)).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/v1/embeddings");
    assert_eq!(seen.header("authorization"), "Bearer key-of-the-test");
    assert_eq!(
        seen.body,
        json!({"input": ["0"], "model": "voyage-4", "input_type": "document",
               "output_dimension": 2, "truncation": true})
    );
    assert_eq!(voyage.name(), "voyage-4@2");
    assert!((voyage.threshold() - 0.85).abs() < f32::EPSILON);
}

#[tokio::test]
async fn nothing_is_asked_for_no_texts() {
    let (server, _, voyage) = voyage([]).await;
    assert_eq!(voyage.embed(&[]).await, Ok(Embedded::default()));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn another_dimension_is_the_operators_matter() {
    let three = json!({"data": [{"index": 0, "embedding": [1.0, 0.0, 0.0]}]});
    let (_server, _, voyage) = voyage([Reply::Raw(three)]).await;
    let error = voyage.embed(&texts(1)).await.unwrap_err();
    assert!(
        matches!(&error, EmbedError::Misconfigured(why) if why.contains("3 numbers instead of 2")),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_vector_is_noticed() {
    let one = json!({"data": [{"index": 1, "embedding": [1.0, 0.0]}]});
    let (_server, _, voyage) = voyage([Reply::Raw(one)]).await;
    assert!(voyage.embed(&texts(2)).await.is_err());
}

#[tokio::test]
async fn passing_failures_are_waited_out() {
    let replies = [Reply::wait(429, "2"), Reply::Page, Reply::Made(angles)];
    let (server, clock, voyage) = voyage(replies).await;
    assert_eq!(voyage.embed(&texts(1)).await.unwrap().vectors.len(), 1);
    assert_eq!(slept(&clock), Span::seconds(3));
    assert_eq!(server.left(), 0);
}

#[tokio::test]
async fn a_long_wait_and_an_outage_are_unavailable() {
    let (_server, clock, long) = voyage([Reply::wait(429, "3600")]).await;
    let (detail, retry_after) = ("status 429".to_owned(), Some(Span::hours(1)));
    let error = EmbedError::Unavailable {
        detail,
        retry_after,
    };
    assert_eq!(long.embed(&texts(1)).await, Err(error));
    assert_eq!(slept(&clock), Span::millis(0));

    let (server, _, out) = voyage(vec![Reply::status(502); 4]).await;
    let (detail, retry_after) = ("status 502".to_owned(), None);
    let error = EmbedError::Unavailable {
        detail,
        retry_after,
    };
    assert_eq!(out.embed(&texts(1)).await, Err(error));
    assert_eq!(server.left(), 1);
}

#[tokio::test]
async fn a_wrong_key_is_not_tried_again() {
    for status in [400, 401, 403] {
        let (server, _, voyage) = voyage([Reply::status(status), Reply::Made(angles)]).await;
        let error = EmbedError::Misconfigured(format!("Voyage answers status {status}"));
        assert_eq!(voyage.embed(&texts(1)).await, Err(error));
        assert_eq!(server.left(), 1);
    }
}

#[test]
fn the_configuration_is_checked() {
    let made = |config| Voyage::new(config, clock(), Arc::new(TestIds::default())).err();
    let key = || VoyageConfig::new(Secret::new("k"));
    assert!(made(key()).is_none());
    let none = VoyageConfig::new(Secret::new(" "));
    assert!(matches!(made(none), Some(VoyageConfigError::NoKey)));
    let zero = VoyageConfig {
        dimension: 0,
        ..key()
    };
    assert!(matches!(made(zero), Some(VoyageConfigError::Dimension)));
    let url = VoyageConfig {
        base_url: "ftp://x".into(),
        ..key()
    };
    assert!(matches!(made(url), Some(VoyageConfigError::BaseUrl(_))));
}

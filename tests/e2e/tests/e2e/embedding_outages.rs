//! An embedding model that is away, slow, or refuses this installation.

use domain::{call::MAX_ATTEMPTS, connection::History, moment::Span};
use lambda_http::http::StatusCode;

use crate::{
    engine_outages::{all_done, all_wait, test_app},
    model::{DIMENSION, Switch, embeds, voyage},
};
use kit::scripted::Reply;

#[tokio::test]
async fn an_outage_of_the_embedding_model_defers_and_is_never_counted() {
    let down = Switch::turned_on();
    let turned = down.clone();
    let (_server, embedder) = voyage(move |texts| {
        if turned.is_on() {
            Reply::status(502)
        } else {
            embeds(texts)
        }
    })
    .await;
    let test = test_app(None, Some(embedder)).await;
    let mut browser = test.connected(History::Days(30)).await;
    all_wait(&test, "embedding model is not available (status 502)").await;
    let form = [
        ("title", "Export to PDF"),
        ("description", ""),
        ("board", ""),
    ];
    let page = browser.post("/feedback", &form).await;
    assert!(
        page.status == StatusCode::SERVICE_UNAVAILABLE && page.text().contains("was not saved"),
        "{}",
        page.text()
    );
    for _ in 0..=MAX_ATTEMPTS {
        test.later(Span::minutes(11)).await;
        all_wait(&test, "status 502").await;
    }
    down.set(false);
    test.later(Span::minutes(11)).await;
    all_done(&test).await;
    // Whichever call came first made the post.
    let evidence = test.evidence(&test.only_post().await.id).await;
    let merge = evidence.iter().find_map(|one| one.merge.as_ref());
    assert!(merge.unwrap().embedder.starts_with("voyage-4@"));
}

#[tokio::test]
async fn voyages_retry_after_is_obeyed() {
    let busy = Switch::turned_on();
    let turned = busy.clone();
    let (server, embedder) = voyage(move |texts| {
        if turned.is_on() {
            Reply::wait(429, "1800")
        } else {
            embeds(texts)
        }
    })
    .await;
    let test = test_app(None, Some(embedder)).await;
    test.connected(History::Days(30)).await;
    let asked = server.seen().len();
    busy.set(false);
    test.later(Span::minutes(20)).await;
    all_wait(&test, "status 429").await;
    assert_eq!(server.seen().len(), asked);
    test.later(Span::minutes(11)).await;
    all_done(&test).await;
}

#[tokio::test]
async fn a_refused_voyage_key_or_another_dimension_is_the_operators_matter() {
    let three =
        Reply::Raw(serde_json::json!({"data": [{"index": 0, "embedding": [1.0, 0.0, 0.0]}]}));
    let wrong_dimension = format!("vectors of 3 numbers instead of {DIMENSION}");
    for (reply, why) in [
        (Reply::status(401), "Voyage answers status 401"),
        (three, &*wrong_dimension),
    ] {
        let wrong = Switch::turned_on();
        let turned = wrong.clone();
        let (_server, embedder) = voyage(move |texts| {
            if turned.is_on() {
                reply.clone()
            } else {
                embeds(texts)
            }
        })
        .await;
        let test = test_app(None, Some(embedder)).await;
        test.connected(History::Days(30)).await;
        all_wait(&test, why).await;
        wrong.set(false);
        test.later(Span::minutes(61)).await;
        all_done(&test).await;
    }
}

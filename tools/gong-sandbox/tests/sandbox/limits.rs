use gong_sandbox::Limits;
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn three_requests_in_any_sliding_second() {
    let app = app(|options| {
        options.limits = Limits::default();
        options.calls = vec![call("1", 0)];
    })
    .await;
    let body = json!({"filter": {}});
    for (wait_ms, status) in [
        (0, 200),
        (400, 200),
        (400, 200),
        (0, 429),
        (199, 429),
        (1, 200),
        (0, 429),
        (400, 200),
    ] {
        app.advance(wait_ms);
        let answer = app.post(EXTENSIVE, &body).await;
        assert_eq!(answer.status, status);
        if status == 429 {
            assert_eq!(answer.header("retry-after"), "1");
            assert!(!answer.error().is_empty());
        }
    }
    let stats = app.sandbox.stats();
    assert_eq!(
        stats.served_at_ms,
        [0, 400, 800, 1_000, 1_400].map(|at_ms| START_MS + at_ms)
    );
    assert_eq!(
        (stats.rate_limited, stats.count("POST /v2/calls/extensive")),
        (3, 8)
    );
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn a_used_up_day_ends_at_midnight() {
    let app = app(|options| {
        options.limits = Limits {
            per_second: 100,
            per_day: 2,
        };
        options.calls = vec![call("1", 0)];
    })
    .await;
    let body = json!({"filter": {}});
    for status in [200, 200, 429] {
        let answer = app.post(EXTENSIVE, &body).await;
        assert_eq!(answer.status, status);
        if status == 429 {
            // It is ten o'clock.
            assert_eq!(answer.header("retry-after"), (14 * 3_600).to_string());
        }
    }
    app.advance(14 * HOUR_MS);
    assert_eq!(app.post(EXTENSIVE, &body).await.status, 200);
}

#[tokio::test]
async fn token_requests_are_free() {
    let app = app(|options| {
        options.limits = Limits {
            per_second: 0,
            per_day: 0,
        }
    })
    .await;
    let tokens = app.redeem(&app.code().await).await.json();
    for _ in 0..4 {
        assert_eq!(app.refresh("x").await.status, 400);
    }
    let bearer = tokens["access_token"].as_str().expect("an access token");
    assert_eq!(
        app.post_as(bearer, EXTENSIVE, &json!({"filter": {}}))
            .await
            .status,
        429
    );
    assert_eq!(app.sandbox.stats().served_at_ms, Vec::<i64>::new());
}

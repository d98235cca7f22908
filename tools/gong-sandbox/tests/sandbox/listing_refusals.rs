use gong_sandbox::ViolationKind::{self, *};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn requests_that_gong_refuses() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let same = "2026-11-01T00:00:00Z";
    let table: [(Value, u16, &str, Option<ViolationKind>); 11] = [
        (json!({}), 400, "filter: must not be null", None),
        (json!([]), 400, "filter: must not be null", None),
        (json!({"filter": 1}), 400, "filter: must be an object", None),
        (
            json!({"filter": {"fromDateTime": same, "toDateTime": same}}),
            400,
            "filter.fromDateTime: must be before toDateTime",
            None,
        ),
        (
            json!({"filter": {"fromDateTime": "1 May"}}),
            400,
            "filter.fromDateTime: must be an ISO-8601 date-time with an offset",
            None,
        ),
        (
            json!({"filter": {"callIds": []}}),
            400,
            "filter.callIds: must not be empty",
            Some(EmptyCallIds),
        ),
        (
            json!({"filter": {"callIds": [1]}}),
            400,
            "filter.callIds: must be a string",
            Some(IdNotText),
        ),
        (
            json!({"filter": {"workspaceId": 7}}),
            400,
            "filter.workspaceId: must be a string",
            Some(IdNotText),
        ),
        (
            json!({"filter": {}, "cursor": "made up"}),
            400,
            "failed to verify cursor",
            None,
        ),
        (
            json!({"filter": {}, "cursor": 5}),
            400,
            "failed to verify cursor",
            None,
        ),
        (
            json!({"filter": {"callIds": ["2"]}}),
            404,
            "No calls found corresponding to the provided filters",
            None,
        ),
    ];
    let mut expected = Vec::new();
    for (body, status, error, violation) in table {
        let answer = app.post(EXTENSIVE, &body).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (status, error),
            "{body}"
        );
        expected.extend(violation);
        assert_eq!(app.violations(), expected, "{body}");
    }
}

#[tokio::test]
async fn inputs_must_not_change_between_pages() {
    let app =
        app(|options| options.calls = (0..101).map(|at| call(&at.to_string(), at)).collect()).await;
    let cursor =
        app.post(EXTENSIVE, &json!({"filter": {}})).await.json()["records"]["cursor"].clone();
    let selector = json!({"exposedFields": {"parties": true}});
    let changed = app
        .post(
            EXTENSIVE,
            &json!({"filter": {}, "contentSelector": selector, "cursor": cursor}),
        )
        .await;
    assert_eq!(changed.status, 400);
    let elsewhere = app
        .post(TRANSCRIPT, &json!({"filter": {}, "cursor": cursor}))
        .await;
    assert_eq!(elsewhere.status, 400);
    assert_eq!(
        app.violations(),
        [
            CursorInputsChanged,
            TranscriptByDateRange,
            CursorInputsChanged
        ]
    );
}

#[tokio::test]
async fn more_ids_than_a_page_holds_are_served_and_noted() {
    let app =
        app(|options| options.calls = (0..101).map(|at| call(&at.to_string(), at)).collect()).await;
    let ids: Vec<String> = (0..101).map(|id| id.to_string()).collect();
    let answer = app
        .post(EXTENSIVE, &json!({"filter": {"callIds": ids}}))
        .await;
    assert_eq!(
        (answer.status, &answer.json()["records"]["totalRecords"]),
        (200, &json!(101))
    );
    assert_eq!(app.violations(), [MoreThanAPage]);
}

#[tokio::test]
async fn a_body_that_is_not_json() {
    let app = app(|_| {}).await;
    let tokens = app
        .sandbox
        .grant(&["api:calls:read:extensive"])
        .expect("tokens");
    let request = app
        .http
        .post(app.url(EXTENSIVE))
        .bearer_auth(&tokens.access_token)
        .body("{");
    let answer = app.send(request).await;
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (400, "The request body is not valid JSON")
    );
}

#[tokio::test]
async fn the_bearer_needs_the_endpoints_scope() {
    let app = app(|_| {}).await;
    let none = app
        .send(
            app.http
                .post(app.url(EXTENSIVE))
                .json(&json!({"filter": {}})),
        )
        .await;
    assert_eq!(
        (none.status, none.error().as_str()),
        (401, "The request carries no bearer token")
    );
    let tokens = app.sandbox.grant(&["api:users:read"]).expect("tokens");
    for path in [EXTENSIVE, TRANSCRIPT] {
        let answer = app
            .post_as(
                &tokens.access_token,
                path,
                &json!({"filter": {"callIds": ["1"]}}),
            )
            .await;
        assert_eq!(answer.status, 403);
        assert!(answer.error().contains("api:calls:read:"));
    }
}

#[tokio::test]
async fn other_paths_and_verbs() {
    let app = app(|_| {}).await;
    for (verb, path, status, violations) in [
        (Method::GET, EXTENSIVE, 405, vec![WrongVerb]),
        (Method::POST, "/v2/users", 405, vec![WrongVerb]),
        (Method::GET, "/v2/calls", 404, vec![]),
        (Method::GET, "/elsewhere", 404, vec![]),
        (Method::POST, "/v2/calls", 404, vec![NotAReadEndpoint]),
        (Method::DELETE, "/v2/calls/1", 404, vec![NotAReadEndpoint]),
        (
            Method::PUT,
            "/v2/data-privacy/erase",
            404,
            vec![NotAReadEndpoint],
        ),
    ] {
        let before = app.violations().len();
        let answer = app.request(verb.clone(), path).await;
        assert_eq!(answer.status, status, "{verb} {path}");
        assert!(!answer.error().contains("No calls found"), "{verb} {path}");
        assert_eq!(app.violations()[before..], violations, "{verb} {path}");
    }
    assert_eq!(app.sandbox.stats().count("DELETE /v2/calls/1"), 1);
    assert_eq!(app.sandbox.stats().count("GET /elsewhere"), 0);
    let first = &app.sandbox.violations()[0];
    assert_eq!(
        first.to_string(),
        "GET /v2/calls/extensive: wrong verb for this path"
    );
    assert_eq!(first.at_ms, START_MS);
}

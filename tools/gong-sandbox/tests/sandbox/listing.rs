use gong_sandbox::{Faults, InjectedStatus, SandboxCall, ViolationKind};
use serde_json::{Value, json};

use crate::support::*;

fn many(count: u32) -> Vec<SandboxCall> {
    // Given in descending order, so that ascending answers are the sandbox's doing.
    (0..count)
        .rev()
        .map(|minute| {
            call(
                &format!("{}", 70_000_000_000_000_000_000_u128 + u128::from(minute)),
                minute,
            )
        })
        .collect()
}

/// Follows cursors to the end; yields the ids and the number of pages.
async fn walk(app: &Visitor, body: &Value) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut body) = (Vec::new(), 0, body.clone());
    loop {
        let answer = app.post(EXTENSIVE, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let records = answer.json()["records"].clone();
        let page = ids(&answer);
        assert_eq!(
            (&records["currentPageSize"], &records["currentPageNumber"]),
            (&json!(page.len()), &json!(pages))
        );
        all.extend(page);
        pages += 1;
        match records.get("cursor") {
            Some(cursor) => body["cursor"] = cursor.clone(),
            None => return (all, pages),
        }
    }
}

#[tokio::test]
async fn pages_of_a_hundred_ascend_by_time_and_keep_long_ids() {
    let app = app(|options| options.calls = many(250)).await;
    let (all, pages) = walk(&app, &json!({"filter": {}})).await;
    assert_eq!((all.len(), pages), (250, 3));
    assert!(all.is_sorted());
    assert_eq!(all[249], "70000000000000000249");
    let first = app.post(EXTENSIVE, &json!({"filter": {}})).await.json();
    assert_eq!(first["records"]["totalRecords"], 250);
    assert!(first["requestId"].is_string());
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn a_full_last_page_has_no_cursor() {
    let app = app(|options| options.calls = many(200)).await;
    assert_eq!(walk(&app, &json!({"filter": {}})).await.1, 2);
}

#[tokio::test]
async fn a_listing_goes_on_though_calls_come_and_go() {
    let app = app(|options| options.calls = many(150)).await;
    let first = app.post(EXTENSIVE, &json!({"filter": {}})).await;
    let mut calls = many(150);
    calls.retain(|call| call.id() != Some("70000000000000000099"));
    calls.push(call("5", 0));
    app.sandbox.set_calls(calls);
    let cursor = first.json()["records"]["cursor"].clone();
    let second = app
        .post(EXTENSIVE, &json!({"filter": {}, "cursor": cursor}))
        .await;
    assert_eq!(
        ids(&second).first().map(String::as_str),
        Some("70000000000000000100")
    );
    assert_eq!(ids(&second).len(), 50);
}

#[tokio::test]
async fn the_range_includes_its_start_and_excludes_its_end() {
    let app = app(|options| options.calls = many(5)).await;
    let filter =
        json!({"fromDateTime": "2026-11-01T01:01:00+01:00", "toDateTime": "2026-11-01T00:03:00Z"});
    let (all, _) = walk(&app, &json!({"filter": filter})).await;
    assert_eq!(all, ["70000000000000000001", "70000000000000000002"]);
}

#[tokio::test]
async fn listings_go_by_the_start_whatever_was_scheduled() {
    let mut early = call("1", 0);
    early.call["metaData"]["scheduled"] = json!("2026-11-05T00:00:00Z");
    let mut unknown = call("3", 0);
    unknown.call["metaData"]["started"] = json!(null);
    let calls = vec![early, call("2", 10), unknown];
    let app = app(|options| options.calls = calls).await;
    assert_eq!(walk(&app, &json!({"filter": {}})).await.0, ["3", "1", "2"]);
    let filter = json!({"fromDateTime": "2026-11-04T00:00:00Z"});
    assert_eq!(walk(&app, &json!({"filter": filter})).await.0, ["3"]);
}

#[tokio::test]
async fn filters_by_ids_workspace_and_owner() {
    let mut other = call("2", 1);
    other.call["metaData"]["workspaceId"] = json!("77");
    other.call["metaData"]["primaryUserId"] = json!("88");
    let app = app(|options| options.calls = vec![call("1", 0), other, call("3", 2)]).await;
    for (filter, expected) in [
        (json!({"callIds": ["3", "1", "404"]}), vec!["1", "3"]),
        (json!({"workspaceId": "77"}), vec!["2"]),
        (json!({"primaryUserIds": ["88"]}), vec!["2"]),
        (
            json!({"primaryUserIds": [], "callIds": null}),
            vec!["1", "2", "3"],
        ),
    ] {
        assert_eq!(
            walk(&app, &json!({"filter": filter})).await.0,
            expected,
            "{filter}"
        );
    }
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn odd_calls_reach_the_client_as_they_are() {
    let odd = json!({
        "metaData": {"id": "18446744073709551616", "scope": "Galactic", "duration": null, "new": {"x": [1, 2.5]}},
        "brandNew": "field",
    });
    let app = app(|options| options.calls = vec![SandboxCall::new(odd.clone(), None)]).await;
    let filter =
        json!({"fromDateTime": "2026-01-01T00:00:00Z", "toDateTime": "2026-01-02T00:00:00Z"});
    let answer = app.post(EXTENSIVE, &json!({"filter": filter})).await;
    assert_eq!(answer.json()["calls"], json!([odd]));
}

#[tokio::test]
async fn parties_and_context_only_when_asked_for() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let bare = app.post(EXTENSIVE, &json!({"filter": {}})).await.json()["calls"][0].clone();
    assert_eq!((bare.get("parties"), bare.get("context")), (None, None));
    let selector = json!({"context": "Extended", "exposedFields": {"parties": true}});
    let full = app
        .post(
            EXTENSIVE,
            &json!({"filter": {}, "contentSelector": selector}),
        )
        .await
        .json()["calls"][0]
        .clone();
    assert_eq!(
        (&full["parties"][0]["name"], &full["context"]),
        (&json!("Ines Vogel"), &json!([]))
    );
}

#[tokio::test]
async fn a_misplaced_cursor_is_ignored_and_noted() {
    let app = app(|options| options.calls = many(150)).await;
    let first = app.post(EXTENSIVE, &json!({"filter": {}})).await;
    let cursor = first.json()["records"]["cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    let in_filter = app
        .post(EXTENSIVE, &json!({"filter": {"cursor": cursor}}))
        .await;
    let in_query = app
        .post(
            &format!("{EXTENSIVE}?cursor={cursor}"),
            &json!({"filter": {}}),
        )
        .await;
    for answer in [in_filter, in_query] {
        assert_eq!((answer.status, ids(&answer)), (200, ids(&first)));
    }
    assert_eq!(app.violations(), [ViolationKind::CursorMisplaced; 2]);
}

#[tokio::test]
async fn cursors_expire_an_hour_after_the_first_request() {
    let app = app(|options| options.calls = many(250)).await;
    let first = app.post(EXTENSIVE, &json!({"filter": {}})).await;
    app.advance(HOUR_MS - 1);
    let body = json!({"filter": {}, "cursor": first.json()["records"]["cursor"]});
    let second = app.post(EXTENSIVE, &body).await;
    assert_eq!(second.status, 200);
    app.advance(1);
    let third = app
        .post(
            EXTENSIVE,
            &json!({"filter": {}, "cursor": second.json()["records"]["cursor"]}),
        )
        .await;
    assert_eq!(
        (third.status, third.error().as_str()),
        (400, "cursor has expired")
    );
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn faults_bend_listings() {
    let app = app(|options| options.calls = many(250)).await;
    app.sandbox.set_faults(Faults {
        reverse_pages: true,
        ..Faults::default()
    });
    let (all, pages) = walk(&app, &json!({"filter": {}})).await;
    assert_eq!(
        (all.len(), pages, all.iter().rev().is_sorted()),
        (250, 3, true)
    );
    app.sandbox.set_faults(Faults {
        fail_extensive_after_page: Some(1),
        ..Faults::default()
    });
    let first = app.post(EXTENSIVE, &json!({"filter": {}})).await;
    let next = json!({"filter": {}, "cursor": first.json()["records"]["cursor"]});
    assert_eq!(app.post(EXTENSIVE, &next).await.status, 500);
    let slow = InjectedStatus {
        endpoint: "POST /v2/calls".into(),
        status: 429,
        retry_after_seconds: Some(7_200),
        body: None,
    };
    app.sandbox.set_faults(Faults {
        next_statuses: [slow].into(),
        ..Faults::default()
    });
    let refused = app.post(EXTENSIVE, &json!({"filter": {}})).await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (429, "7200")
    );
    assert_eq!(
        app.post(EXTENSIVE, &json!({"filter": {}})).await.status,
        200
    );
}

/// As Gong does while it processes a recording: the count runs ahead, and the transcript may be there before the
/// details.
#[tokio::test]
async fn a_call_that_is_not_processed_yet_is_counted_and_not_shown() {
    let hidden = |mut call: SandboxCall, at_ms: i64| {
        call.visible_at_ms = Some(at_ms);
        call.transcript = Some(json!([]));
        call
    };
    let app = app(|options| {
        let now_ms = (options.now)();
        options.calls = vec![call("1", 1), hidden(call("2", 2), now_ms + 60_000)];
    })
    .await;
    let page = app.post(EXTENSIVE, &json!({"filter": {}})).await;
    assert_eq!(ids(&page), ["1"]);
    let records = page.json()["records"].clone();
    assert_eq!(
        (&records["totalRecords"], &records["currentPageSize"]),
        (&json!(2), &json!(1))
    );
    let by_id = json!({"filter": {"callIds": ["2"]}});
    let refused = app.post(EXTENSIVE, &by_id).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
    let transcript = app.post("/v2/calls/transcript", &by_id).await;
    assert_eq!(transcript.json()["callTranscripts"][0]["callId"], "2");
    app.advance(60_000);
    let page = app.post(EXTENSIVE, &json!({"filter": {}})).await;
    assert_eq!(ids(&page), ["1", "2"]);
}

#[tokio::test]
async fn a_sandbox_without_a_port_answers_the_same() {
    let clock = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
    let mut options = options(&clock);
    (options.port, options.calls) = (4_711, many(3));
    let sandbox = gong_sandbox::Sandbox::in_process(options);
    assert_eq!(sandbox.origin(), "http://127.0.0.1:4711");
    let issued = sandbox
        .grant(&["api:calls:read:extensive"])
        .expect("tokens");
    let request = axum::http::Request::post("/v2/calls/extensive")
        .header("host", "127.0.0.1")
        .header("authorization", format!("Bearer {}", issued.access_token))
        .body(axum::body::Body::from(r#"{"filter": {}}"#));
    let answer = sandbox.answer(request.expect("a request")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(sandbox.stats().count("POST /v2/calls/extensive"), 1);
    sandbox.stop().await;
}

//! The API's reads.

use domain::{
    connection::{ConnectionStatus, History},
    principal::Role,
};

use crate::{sample::connection, site::Site};

#[tokio::test]
async fn posts_come_in_pages_of_the_size_asked_for() {
    let app = Site::new().await;
    app.furnish().await;
    let mut ids = Vec::new();
    let mut path = "/api/posts?limit=3".to_owned();
    loop {
        let json = app.get(Role::Viewer, &path).await.json();
        let items = json["items"].as_array().unwrap();
        ids.extend(
            items
                .iter()
                .map(|post| post["id"].as_str().unwrap().to_owned()),
        );
        assert_eq!(json["has_next_page"], json["cursor"].is_string());
        let Some(cursor) = json["cursor"].as_str() else {
            break;
        };
        assert_eq!(items.len(), 3);
        path = format!("/api/posts?limit=3&cursor={cursor}");
    }
    assert_eq!(ids, ["bulk-export", "sso", "export-30", "dark-mode"]);
    let json = app
        .get(Role::Viewer, "/api/posts?status=planned")
        .await
        .json();
    assert_eq!(
        json["items"][0]["title"],
        "Keep exports for 90 days instead of 30"
    );
    assert_eq!(json["items"][0]["status"], "planned");
    assert_eq!(json["items"][0]["created"], "2026-11-20T05:03:00Z");
    for bad in [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "status=x",
        "limit=1&limit=2",
    ] {
        let answer = app.get(Role::Viewer, &format!("/api/posts?{bad}")).await;
        assert_eq!(answer.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_post_comes_with_its_evidence() {
    let app = Site::new().await;
    app.furnish().await;
    let json = app.get(Role::Viewer, "/api/posts/bulk-export").await.json();
    assert_eq!(
        (&json["source"], &json["source_type"]),
        (&"gong".into(), &"integration".into())
    );
    assert_eq!(json["engine"]["llm"], "built-in engine");
    assert_eq!(json["evidence"].as_array().unwrap().len(), 2);
    let quote = &json["evidence"][0]["quotes"][0];
    assert_eq!(
        (&quote["time"], &quote["start_ms"]),
        (&"04:31".into(), &271_000.into())
    );
    assert_eq!(json["evidence"][1]["merge"]["embedder"], "voyage-4@1024");
    assert_eq!(json["similar"][0]["post_id"], "export-30");
}

#[tokio::test]
async fn the_ledger_comes_without_what_is_nobodys_business() {
    let app = Site::new().await;
    app.furnish().await;
    let json = app
        .get(Role::Viewer, "/api/calls?state=skipped&limit=1")
        .await;
    assert_eq!(json.json()["items"][0]["skip_cause"], "private");
    assert!(json.json()["items"][0]["title"].is_null());
    json.hides("parties").hides("lease");
    let cursor = json.json()["cursor"].as_str().unwrap().to_owned();
    let next = app
        .get(
            Role::Viewer,
            &format!("/api/calls?state=skipped&limit=1&cursor={cursor}"),
        )
        .await
        .json();
    assert_eq!(
        (&next["items"][0]["id"], &next["has_next_page"]),
        (&"13".into(), &false.into())
    );
    assert_eq!(
        app.get(Role::Viewer, "/api/calls?cursor=%21").await.status,
        400
    );
}

#[tokio::test]
async fn the_connection_comes_without_its_secrets() {
    let app = Site::new().await;
    let json = app.get(Role::Viewer, "/api/integrations/gong").await.json();
    assert_eq!(
        (&json["status"], &json["connection"]),
        (&"not connected".into(), &serde_json::Value::Null)
    );
    let connection = connection(ConnectionStatus::Connected, History::Days(30));
    app.connect(connection, Vec::new(), true).await;
    let answer = app.get(Role::Viewer, "/api/integrations/gong").await;
    let json = answer.json();
    assert_eq!(
        (&json["status"], &json["connection"]["workspace"]),
        (&"connected".into(), &"fernhill".into())
    );
    assert_eq!(json["connection"]["history"]["days"], 30);
    assert_eq!(json["next_poll"], "2026-11-20T17:03:00Z");
    answer.hides("secret").hides("fingerprint").hides("424242");
    let boards = app.get(Role::Viewer, "/api/boards").await.json();
    assert_eq!(boards["items"], serde_json::json!([]));
}

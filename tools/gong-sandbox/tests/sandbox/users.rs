use gong_sandbox::User;
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn the_directory_has_the_documented_shape() {
    let app = app(|_| {}).await;
    let answer = app.get("/v2/users").await;
    assert_eq!(answer.status, 200);
    let json = answer.json();
    assert_eq!(json["users"].as_array().map(Vec::len), Some(8));
    let user = &json["users"][0];
    assert_eq!(user["id"], "5120000000000000101");
    assert_eq!(user["emailAddress"], "mara.lindqvist@fernhill.example");
    let consent_page = "https://us-12345.join.gong.io/sandbox-company/mara.lindqvist";
    assert_eq!(user["meetingConsentPageUrl"], consent_page);
    for field in [
        "created",
        "active",
        "emailAliases",
        "trustedEmailAddress",
        "firstName",
        "lastName",
        "title",
        "phoneNumber",
        "extension",
        "personalMeetingUrls",
        "settings",
        "managerId",
        "conferencingProviders",
        "spokenLanguages",
    ] {
        assert!(user.get(field).is_some(), "{field}");
    }
}

#[tokio::test]
async fn the_directory_pages_by_cursor() {
    let app = app(|options| {
        options.company.users = (1..=150)
            .rev()
            .map(|id| User {
                id: id.to_string(),
                email: format!("u{id}@fernhill.example"),
                first_name: "U".into(),
                last_name: String::new(),
                active: true,
            })
            .collect();
    })
    .await;
    let first = app.get("/v2/users").await.json();
    assert_eq!(
        (&first["users"][99]["id"], &first["records"]["totalRecords"]),
        (&json!("100"), &json!(150))
    );
    let cursor = first["records"]["cursor"].as_str().expect("a cursor");
    let second = app.get(&format!("/v2/users?cursor={cursor}")).await.json();
    assert_eq!(second["users"].as_array().map(Vec::len), Some(50));
    assert_eq!(second["records"].get("cursor"), None);
    assert_eq!(
        app.get("/v2/users?cursor=x").await.error(),
        "failed to verify cursor"
    );
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn workspaces_need_their_scope() {
    let app = app(|_| {}).await;
    assert_eq!(app.get("/v2/workspaces").await.status, 403);
    let tokens = app.sandbox.grant(&["api:workspaces:read"]).expect("tokens");
    let answer = app
        .send(
            app.http
                .get(app.url("/v2/workspaces"))
                .bearer_auth(tokens.access_token),
        )
        .await;
    let workspace = json!({
        "id": "6300000000000000001", "name": "Initial workspace", "description": "The built-in workspace",
    });
    assert_eq!(
        (answer.status, &answer.json()["workspaces"][0]),
        (200, &workspace)
    );
}

#[tokio::test]
async fn an_empty_directory_is_not_found() {
    let app = app(|options| options.company.users.clear()).await;
    let answer = app.get("/v2/users").await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.error(),
        "No users found corresponding to the provided filters"
    );
}

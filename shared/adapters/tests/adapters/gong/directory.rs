//! `GET /v2/users` and `GET /v2/workspaces`.

use domain::{
    gong::shapes::{DirectoryUser, GongWorkspace},
    ports::gong::{GongApi, GongError},
};
use serde_json::json;

use crate::gong::server::{Answer, Server, access, client};

fn user(id: &str, emails: &[&str]) -> DirectoryUser {
    DirectoryUser {
        id: id.into(),
        emails: emails.iter().map(|email| (*email).to_owned()).collect(),
    }
}

#[tokio::test]
async fn users_are_read_page_by_page() {
    let server = Server::start([
        Answer::json(&json!({"records": {"cursor": "a+b/c=&d"}, "users": [
            {"id": "98765432109876543210", "emailAddress": "Ana.B@Vendor.example", "active": true,
             "emailAliases": ["ANA@vendor.example", "ana.b@vendor.example", 5, ""],
             "trustedEmailAddress": "Ana@Trusted.example", "settings": {},
             "meetingConsentPageUrl": "https://US-12100.join.gong.io/Acme-Inc/ana.b?x=1"}]})),
        Answer::json(&json!({"users": []})),
    ])
    .await;
    let (client, access) = (client(), access(&server.origin));
    let page = client.users(&access, None).await.unwrap();
    assert_eq!(
        page.users,
        [user(
            "98765432109876543210",
            &[
                "ana.b@vendor.example",
                "ana@trusted.example",
                "ana@vendor.example"
            ]
        )]
    );
    assert_eq!(page.company_slugs, ["us-12100.join.gong.io/Acme-Inc"]);
    let last = client.users(&access, page.cursor.as_deref()).await.unwrap();
    assert_eq!(last.cursor, None);
    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str()),
        ("GET", "/v2/users")
    );
    assert_eq!(seen[0].query, None);
    assert_eq!(seen[1].query.as_deref(), Some("cursor=a%2Bb%2Fc%3D%26d"));
}

#[tokio::test]
async fn odd_users_fail_nothing() {
    let slug = |url: &str| json!({"id": null, "meetingConsentPageUrl": url});
    let server = Server::start([Answer::json(&json!({"users": [
        null, 4, {}, {"id": 5, "emailAddress": "lost@vendor.example"}, {"id": " "},
        {"id": "1", "emailAddress": null, "emailAliases": null, "trustedEmailAddress": 7},
        {"id": "2", "emailAliases": "x@vendor.example"},
        slug("https://us-1.join.gong.io/acme/b"), slug("https://us-1.join.gong.io/acme/c"),
        slug("https://us-1.join.gong.io/"), slug("https://us-1.join.gong.io"), slug("javascript:alert(1)"),
        slug("us-1.join.gong.io/acme"), slug(""), {"meetingConsentPageUrl": 5},
    ]}))])
    .await;
    let page = client().users(&access(&server.origin), None).await.unwrap();
    assert_eq!(page.users, [user("1", &[]), user("2", &[])]);
    assert_eq!(page.company_slugs, ["us-1.join.gong.io/acme"]);
}

#[tokio::test]
async fn workspaces_are_read() {
    let server = Server::start([
        Answer::json(&json!({"requestId": "x", "workspaces": [
            {"id": "7273476131570014205", "name": "Initial workspace", "description": "built in"},
            {"id": "1", "name": null}, {"id": 5, "name": "lost"}, null]})),
        Answer::json(&json!({"workspaces": null})),
    ])
    .await;
    let (client, access) = (client(), access(&server.origin));
    let workspace = |id: &str, name: Option<&str>| GongWorkspace {
        id: id.into(),
        name: name.map(str::to_owned),
    };
    assert_eq!(
        client.workspaces(&access).await.unwrap(),
        [
            workspace("7273476131570014205", Some("Initial workspace")),
            workspace("1", None)
        ]
    );
    let error = client.workspaces(&access).await.unwrap_err();
    assert!(matches!(error, GongError::Unreadable(_)), "{error:?}");
    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str()),
        ("GET", "/v2/workspaces")
    );
}

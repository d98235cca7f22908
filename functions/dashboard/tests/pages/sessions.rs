//! Signing in and out, and how long it lasts.

use std::sync::Arc;

use domain::{moment::Span, ports::StoreError, principal::Role};
use futures::FutureExt;
use http::Method;
use runtime::cookies::SESSION_LIFE;

use crate::site::Site;

#[tokio::test]
async fn a_role_is_chosen_and_the_session_begins() {
    let app = Site::new().await;
    app.get(None, "/sign-in")
        .await
        .shows("value=\"admin\" required checked")
        .shows("value=\"demo\"");
    let entered = app
        .post(
            None,
            "/sign-in",
            &[("role", "member"), ("org", " acme "), ("name", "")],
        )
        .await;
    assert_eq!(entered.status, 303);
    assert_eq!(entered.location(), "/feedback");
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("pb_session="));
    assert!(
        cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let seen = app.signed_in.lock().unwrap().clone();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (
            seen[0].org_id.as_str(),
            seen[0].user_id.as_str(),
            seen[0].role
        ),
        ("acme", "max", Role::Member)
    );

    let headers = [(
        "cookie".to_owned(),
        cookie.split(';').next().unwrap().to_owned(),
    )];
    app.send(Method::GET, "/feedback", &headers, "")
        .await
        .shows("max · member · acme");
}

#[tokio::test]
async fn behind_https_the_cookies_are_bound_to_the_host() {
    let app = Site::with(|dashboard| dashboard.cookies.secure = true).await;
    app.add_board("product", "Product").await;
    let entered = app
        .post(None, "/sign-in", &[("role", "admin"), ("org", "demo")])
        .await;
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Host-pb_session="));
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    let connect = app
        .post(
            Role::Admin,
            "/integrations/gong/connect",
            &[("history", "off")],
        )
        .await;
    let cookie = connect.header("set-cookie");
    assert!(cookie.starts_with("__Host-pb_connect="));
    assert!(
        cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    let left = app.post(Role::Admin, "/sign-out", &[]).await;
    assert_eq!(left.location(), "/sign-in");
    assert!(
        left.header("set-cookie")
            .starts_with("__Host-pb_session=; Path=/; Max-Age=0")
    );
}

#[tokio::test]
async fn a_session_ends_by_the_clock() {
    let app = Site::new().await;
    let headers = app.headers(Some(Role::Viewer), &[]);
    app.clock.advance(Span(SESSION_LIFE.0 - 1));
    let page = app.send(Method::GET, "/feedback", &headers, "").await;
    assert_eq!(page.status, 200);
    app.clock.advance(Span(1));
    let page = app.send(Method::GET, "/feedback", &headers, "").await;
    assert_eq!((page.status.as_u16(), page.location()), (303, "/sign-in"));
    let api = app.send(Method::GET, "/api/posts", &headers, "").await;
    assert_eq!(api.status, 401);
    assert_eq!(api.json()["error"]["code"], "signed_out");
}

#[tokio::test]
async fn a_cookie_of_another_app_is_nobodys() {
    let (app, other) = (Site::new().await, Site::new().await);
    let mut headers = other.headers(Some(Role::Admin), &[]);
    assert_eq!(
        app.send(Method::GET, "/feedback", &headers, "")
            .await
            .status,
        303
    );
    headers[0].1 = "pb_session=gAAAAAnonsense".into();
    assert_eq!(
        app.send(Method::GET, "/feedback", &headers, "")
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn what_was_typed_wrongly_stays_on_the_page() {
    let app = Site::new().await;
    let wrong = app
        .post(
            None,
            "/sign-in",
            &[("role", "viewer"), ("org", "a b"), ("name", "Zoë \"Z\"")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.header("set-cookie"), "");
    wrong
        .shows("value=\"a b\"")
        .shows("value=\"Zoë &quot;Z&quot;\"")
        .shows("value=\"viewer\" required checked");
    wrong.shows("id=\"org-error\"").shows("id=\"name-error\"");
    let owner = app
        .post(None, "/sign-in", &[("role", "owner"), ("org", "demo")])
        .await;
    assert_eq!(owner.status, 422);
    owner.shows("Choose one of the three roles.");
    assert!(app.signed_in.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_organization_that_cannot_be_prepared_keeps_the_person_out() {
    let app = Site::with(|dashboard| {
        let fail = || Err(StoreError::Unavailable("10.1.2.3".into()));
        dashboard.on_sign_in = Arc::new(move |_| async move { fail() }.boxed());
    })
    .await;
    let answer = app
        .post(None, "/sign-in", &[("role", "admin"), ("org", "acme")])
        .await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("set-cookie"), "");
    answer.shows("value=\"acme\"").hides("10.1.2.3");
}

//! Signing in with the organization's identity provider, from the button to the first page.

use std::{sync::Arc, time::Duration};

use adapters::system::SystemIds;
use aws::sign_in::{OpenIdSettings, OpenIdSignIn};
use dashboard::SignIn;
use domain::{moment::Span, principal::Role, secret::Secret};
use http::Method;
use openid_sandbox::{Client, OpenId};
use serde_json::json;

use crate::site::{Answer, ORIGIN, START, Site};

/// An app whose people sign in with a provider, and the provider.
async fn with_provider() -> (Site, OpenId) {
    let client = Client {
        id: "productbridge".into(),
        secret: Some("hush".into()),
        redirect_uri: format!("{ORIGIN}/sign-in/callback"),
    };
    let openid = OpenId::at(client, || START.0 / 1_000).await;
    let settings = OpenIdSettings {
        issuer: openid.issuer().into(),
        client_id: "productbridge".into(),
        public_url: ORIGIN.into(),
    };
    let app = Site::with(|dashboard| {
        let ours = OpenIdSignIn::new(
            &settings,
            Some(Secret::new("hush").into()),
            adapters::http::client(Duration::from_secs(5)),
            dashboard.clock.clone(),
            Arc::new(SystemIds),
        );
        dashboard.sign_in = SignIn::Provider(Arc::new(ours.unwrap()));
    })
    .await;
    app.furnish().await;
    (app, openid)
}

/// The name and value of the answer's cookie whose name this is.
fn cookie(answer: &Answer, name: &str) -> String {
    let lines = answer.headers.get_all("set-cookie");
    let line = lines
        .iter()
        .map(|line| line.to_str().unwrap())
        .find(|line| line.starts_with(&format!("{name}=")));
    line.unwrap().split(';').next().unwrap().to_owned()
}

/// What a browser brings back from the provider: the path with its query, and its cookie.
async fn travel(app: &Site) -> (String, String) {
    let left = app.post(None, "/sign-in", &[]).await;
    assert_eq!(left.status, 303);
    let browser = adapters::http::client(Duration::from_secs(5));
    let answer = browser.get(left.location()).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    let path = back.strip_prefix(ORIGIN).unwrap().to_owned();
    (path, cookie(&left, "pb_signin"))
}

async fn arrive(app: &Site, path: &str, cookie: &str) -> Answer {
    let headers = [("cookie".to_owned(), cookie.to_owned())];
    app.send(Method::GET, path, &headers, "").await
}

#[track_caller]
fn nobody_is_in(answer: &Answer) {
    let lines: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        answer
            .header("set-cookie")
            .starts_with("pb_signin=; Path=/; Max-Age=0"),
        "{lines:?}"
    );
    answer.shows("<h1>Not signed in</h1>").shows("/sign-in");
}

#[tokio::test]
async fn a_person_signs_in_and_reads_the_first_page() {
    let (app, openid) = with_provider().await;
    openid.signs_in(json!({"sub": "auth0|7", "org_id": "demo", "role": "member"}));
    let page = app.get(None, "/sign-in").await;
    page.shows("Continue with your company's sign-in")
        .hides("name=\"role\"");
    // The form is answered with a redirect to the provider.
    assert!(
        !page
            .header("content-security-policy")
            .contains("form-action")
    );

    let (path, kept) = travel(&app).await;
    let entered = arrive(&app, &path, &kept).await;
    assert_eq!(
        (entered.status.as_u16(), entered.location()),
        (303, "/feedback")
    );
    assert_eq!(cookie(&entered, "pb_signin"), "pb_signin=");
    assert_eq!(entered.header("referrer-policy"), "no-referrer");
    let session = cookie(&entered, "pb_session");
    arrive(&app, "/feedback", &session)
        .await
        .shows("auth0_7c7 · member · demo")
        .shows("Keep exports for 90 days");
    let seen = app.signed_in.lock().unwrap().clone();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].role, Role::Member);
}

#[tokio::test]
async fn what_the_browser_keeps_is_sealed_short_lived_and_no_session() {
    let (app, _openid) = with_provider().await;
    let left = app.post(None, "/sign-in", &[]).await;
    let line = left.header("set-cookie");
    assert!(
        line.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"),
        "{line}"
    );
    let state = left.location().split("state=").nth(1).unwrap();
    let state = state.split('&').next().unwrap();
    assert!(!line.contains(state));
    let disguised = cookie(&left, "pb_signin").replace("pb_signin", "pb_session");
    let page = arrive(&app, "/feedback", &disguised).await;
    assert_eq!((page.status.as_u16(), page.location()), (303, "/sign-in"));

    let mut dashboard = app.dashboard.clone();
    dashboard.cookies.secure = true;
    let secure = Site {
        router: dashboard::router(dashboard),
        ..app
    };
    let left = secure.post(None, "/sign-in", &[]).await;
    assert!(left.header("set-cookie").starts_with("__Host-pb_signin="));
    assert!(left.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn a_return_belongs_to_the_browser_that_left_within_ten_minutes() {
    let (app, _openid) = with_provider().await;
    let (path, kept) = travel(&app).await;
    let (_, other) = travel(&app).await;
    for wrong in ["", "pb_signin=", "pb_signin=gAAAAAnonsense", &other] {
        let refused = arrive(&app, &path, wrong).await;
        assert_eq!(refused.status, 400);
        nobody_is_in(&refused);
        refused.shows("does not belong to a sign-in that was");
    }
    let session = app.cookie(Role::Admin).replace("pb_session", "pb_signin");
    nobody_is_in(&arrive(&app, &path, &session).await);
    for path in [
        "/sign-in/callback".to_owned(),
        path.replace("state=", "state=x"),
        format!("{path}&state=x"),
        path.replace("state=", "estate="),
    ] {
        nobody_is_in(&arrive(&app, &path, &kept).await);
    }
    app.clock.advance(Span::minutes(10));
    nobody_is_in(&arrive(&app, &path, &kept).await);
    assert!(app.signed_in.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_return_is_good_once() {
    let (app, _openid) = with_provider().await;
    let (path, kept) = travel(&app).await;
    assert_eq!(arrive(&app, &path, &kept).await.status, 303);
    // The browser forgot; someone who kept both is turned away by the provider.
    nobody_is_in(&arrive(&app, &path, "").await);
    let again = arrive(&app, &path, &kept).await;
    nobody_is_in(&again);
    again.shows("it was used before, or it took too long");
    assert_eq!(app.signed_in.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_sign_in_begins_on_our_own_page_and_ends_where_we_say() {
    let (app, openid) = with_provider().await;
    let headers = app.headers(None, &[("origin", "https://evil.example")]);
    let refused = app.send(Method::POST, "/sign-in", &headers, "").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("set-cookie"), "");
    let (path, kept) = travel(&app).await;
    let path = format!("{path}&return=https://evil.example&redirect_uri=https://evil.example");
    let entered = arrive(&app, &path, &kept).await;
    assert_eq!(entered.location(), "/feedback");

    openid.declines("access_denied");
    let (path, kept) = travel(&app).await;
    let refused = arrive(&app, &path, &kept).await;
    assert_eq!(refused.status, 403);
    nobody_is_in(&refused);
    refused.shows("or you declined");
}

#[tokio::test]
async fn nobody_chooses_a_role_where_there_is_a_provider() {
    let (app, _openid) = with_provider().await;
    let form = [("role", "admin"), ("org", "demo"), ("name", "eve")];
    let left = app.post(None, "/sign-in", &form).await;
    assert!(left.location().contains("/authorize?"));
    assert!(!left.header("set-cookie").contains("pb_session"));
    let local = Site::new().await;
    assert_eq!(local.get(None, "/sign-in/callback").await.status, 404);
}

//! What every request passes, and what every answer carries.

use http::Method;

use domain::principal::Role;

use crate::{
    sample,
    site::{ORIGIN, Site},
};

#[tokio::test]
async fn a_change_comes_from_our_own_pages_or_not_at_all() {
    let app = Site::new().await;
    app.add_board("product", "Product").await;
    let cases: [(&[(&str, &str)], u16); 7] = [
        (&[("origin", ORIGIN)], 303),
        (&[("origin", "http://localhost:8080")], 303),
        (&[("referer", "http://127.0.0.1:8080/boards")], 303),
        (&[("sec-fetch-site", "same-origin")], 303),
        (&[("origin", "http://evil.example")], 403),
        (&[("origin", "null")], 403),
        (&[], 403),
    ];
    for (headers, expected) in cases {
        let headers = app.headers(Some(Role::Admin), headers);
        let answer = app.send(Method::POST, "/tags", &headers, "name=a").await;
        assert_eq!(answer.status, expected, "{headers:?}");
    }
    let headers = app.headers(None, &[("origin", "http://evil.example")]);
    let answer = app
        .send(Method::POST, "/sign-in", &headers, "role=admin&org=demo")
        .await;
    assert_eq!(answer.status, 403);
    answer.shows("did not come from one of ProductBridge");
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let app = Site::with(|dashboard| dashboard.cookies.secure = true).await;
    for (role, path) in [
        (Some(Role::Viewer), "/feedback"),
        (None, "/feedback"),
        (Some(Role::Viewer), "/nothing"),
        (None, "/api/posts"),
    ] {
        let page = app.get(role, path).await;
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
    }
    // Its form is answered with a redirect to Gong, which `form-action 'self'` would block.
    let gong = app.get(Role::Admin, "/integrations/gong").await;
    assert!(
        !gong
            .header("content-security-policy")
            .contains("form-action")
    );
}

#[tokio::test]
async fn pages_hold_neither_script_nor_style_of_their_own() {
    let app = Site::new().await;
    app.furnish().await;
    for path in [
        "/feedback",
        "/feedback/bulk-export",
        "/calls",
        "/boards",
        "/integrations/gong",
        "/settings/product",
        "/sign-in",
    ] {
        let page = app.get(Role::Admin, path).await;
        page.hides("<style").hides("style=\"").hides("onclick");
        let scripts = page.body.matches("<script").count();
        assert_eq!(
            scripts,
            page.body.matches("<script src=\"/assets/").count(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn assets_may_be_kept_for_good_by_their_version() {
    let app = Site::new().await;
    let page = app.get(None, "/sign-in").await;
    let start = page.body.find("/assets/style.css").unwrap();
    let url = page.body[start..].split('"').next().unwrap().to_owned();
    let style = app.get(None, &url).await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(
        style.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let other = app.get(None, "/assets/style.css?v=1").await;
    assert_eq!(other.header("cache-control"), "no-cache");
    assert_eq!(app.get(None, "/assets/secret.css").await.status, 404);
}

#[tokio::test]
async fn what_is_not_there_has_a_page_and_an_answer_for_programs() {
    let app = Site::new().await;
    for path in [
        "/nothing",
        "/feedback/none",
        "/boards/a%2Fb/edit",
        "/feedback/%FF",
    ] {
        let page = app.get(Role::Admin, path).await;
        assert_eq!(page.status, 404, "{path}");
        page.shows("<h1>Not found</h1>").shows("Sign out");
    }
    app.get(None, "/nothing").await.shows("Go to Sign in");
    let api = app.get(None, "/api/nothing").await;
    assert_eq!(api.status, 404);
    assert_eq!(api.json()["error"]["code"], "not_found");

    let wrong = app.post(Role::Admin, "/calls", &[]).await;
    assert_eq!(wrong.status, 405);
    assert_eq!(wrong.header("allow"), "GET,HEAD");
    wrong.shows("<h1>Not possible here</h1>");
    assert_eq!(app.get(Role::Admin, "/sign-out").await.status, 405);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_plainly() {
    let app = Site::new().await;
    let huge = "x".repeat(300 * 1024);
    let large = app.post(Role::Admin, "/tags", &[("name", &huge)]).await;
    assert_eq!(large.status, 413);
    let twice = app
        .post(Role::Admin, "/tags", &[("name", "a"), ("name", "b")])
        .await;
    assert_eq!(twice.status, 400);
    for path in [
        "/feedback?status=nonsense",
        "/feedback?board=%23",
        "/feedback?after=x",
        "/calls?state=nonsense",
        "/calls?next=%21",
    ] {
        let page = app.get(Role::Admin, path).await;
        assert_eq!(page.status, 400, "{path}");
        page.shows("The address contains an unknown value for")
            .hides("nonsense");
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_told_without_its_details() {
    let app = Site::broken().await;
    for path in [
        "/feedback",
        "/feedback/a",
        "/boards",
        "/integrations/gong",
        "/settings/product",
    ] {
        let page = app.get(Role::Admin, path).await;
        assert_eq!(page.status, 503, "{path}");
        page.shows("Our database did not respond").hides("10.1.2.3");
    }
    let api = app.get(Role::Admin, "/api/posts").await;
    assert_eq!(api.status, 503);
    assert_eq!(api.json()["error"]["code"], "storage_unavailable");
    api.hides("10.1.2.3");
}

#[tokio::test]
async fn what_others_wrote_is_shown_as_text() {
    let app = Site::new().await;
    app.furnish().await;
    let nasty = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'";
    let mut post = sample::post("nasty", nasty);
    post.request.description = nasty.into();
    post.request.pain_points = vec![nasty.into()];
    post.author.account = Some(nasty.into());
    post.metadata
        .insert("gong_call_url".into(), "javascript:alert(1)".into());
    post.metadata.insert(nasty.into(), nasty.into());
    let mut evidence = sample::evidence("nasty", "40", nasty);
    evidence.call_url = Some("javascript:alert(1)".into());
    evidence.call_title = Some(nasty.into());
    evidence.quotes[0].link = Some("data:text/html,hi".into());
    evidence.quotes[0].speaker = nasty.into();
    let mut call = sample::call("40", domain::call::CallState::Posted, nasty);
    call.title = Some(nasty.into());
    call.url = Some("javascript:alert(1)".into());
    call.outcomes = vec![sample::outcome(
        domain::call::OutcomeResult::Posted,
        "nasty",
        None,
    )];
    let mut heard = sample::heard(1, nasty);
    heard.request.description = nasty.into();
    heard.author.name = Some(nasty.into());
    heard.doubts = vec![nasty.into()];
    heard.quotes.clone_from(&evidence.quotes);
    app.commit(call, vec![post], vec![evidence], vec![heard])
        .await;
    app.add_board("nasty", nasty).await;
    for path in [
        "/feedback",
        "/feedback/nasty",
        "/calls",
        "/calls/40",
        "/boards",
        "/boards/nasty/edit",
        "/feedback?q=%22%3E%3Cscript%3Ealert(1)",
    ] {
        let page = app.get(Role::Admin, path).await;
        assert_eq!(page.status, 200, "{path}");
        page.hides("<script>")
            .hides("<img src=x")
            .hides("href=\"javascript:")
            .hides("href=\"data:text");
    }
    app.get(Role::Admin, "/feedback/nasty")
        .await
        .shows("&lt;script&gt;alert(1)&lt;/script&gt;");
    let api = app.get(Role::Admin, "/api/posts/nasty").await;
    assert!(api.json()["evidence"][0]["call_url"].is_null());
}

//! Who may do what: refused with words, and no button that would be refused.

use domain::{connection::History, moment::Span, principal::Principal};
use kit::{
    Browser, TestApp,
    calls::pdf_call,
    consent::THIRTY_DAYS,
    test_app::{admin, member, viewer},
};
use lambda_http::http::StatusCode;

/// A changing route, the form that it takes, and whether members may use it.
type Route = (String, Vec<(&'static str, &'static str)>, bool);

/// Every changing route, on things that exist.
async fn routes(test: &TestApp) -> Vec<Route> {
    let post = test.only_post().await;
    let route = |path: &str, form: &[(&'static str, &'static str)], members| {
        (path.to_owned(), form.to_vec(), members)
    };
    let board = [
        ("name", "Taken over"),
        ("description", ""),
        ("categories", ""),
    ];
    let settings = [
        ("feedback_per_call", "5"),
        ("own_domains", ""),
        ("merging", "automatic"),
        ("review", "off"),
    ];
    let edit = [
        ("edits", "0"),
        ("title", "Edited"),
        ("status", "planned"),
        ("board", "feature-requests"),
    ];
    let page = format!("/feedback/{}", post.id);
    vec![
        route("/integrations/gong/connect", THIRTY_DAYS, false),
        route("/integrations/gong/connect", &[("reconnect", "1")], false),
        route("/integrations/gong/sync", &[], false),
        route("/integrations/gong/settings", &settings, false),
        route("/integrations/gong/disconnect", &[], false),
        route(
            "/settings/product",
            &[("about", "Taken over"), ("seen", "0")],
            false,
        ),
        route(
            "/feedback",
            &[("title", "Written by hand"), ("details", ""), ("board", "")],
            true,
        ),
        route("/calls/1/retry", &[], false),
        route("/calls/retry-failed", &[("since", "2020-01-01")], false),
        route("/boards", &board, false),
        route(&format!("/boards/{}/edit", post.board_id), &board, false),
        route("/tags", &[("name", "taken-over")], false),
        route("/tags/export", &[("name", "taken-over")], false),
        route(&format!("{page}/edit"), &edit, true),
        route(&format!("{page}/evidence/1/0/move"), &[("to", "")], true),
        route(&format!("{page}/approve"), &[("own", "1")], true),
        route("/calls/1/erase", &[], false),
    ]
}

/// Everything that a refused change could have changed.
async fn everything(test: &TestApp) -> Vec<(String, String)> {
    let mut all = test.items("connections").await;
    all.extend(test.items("calls").await);
    all.extend(test.items("feedback").await);
    all.extend(
        test.secret_files()
            .into_iter()
            .map(|file| (file, String::new())),
    );
    all
}

async fn connected() -> TestApp {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    test.connected(History::Days(30)).await;
    test
}

async fn assert_refused(test: &TestApp, who: &Principal, words: &str) {
    let mut browser = test.browser(who).await;
    let before = everything(test).await;
    for (path, form, members) in routes(test).await {
        if members && *who == member() {
            continue;
        }
        let page = browser.post(&path, &form).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        let said = page.text();
        assert!(
            said.contains("Not allowed") && said.contains(words),
            "{path}: {said}"
        );
    }
    assert_eq!(everything(test).await, before);
    assert_eq!(test.app.windows.len() + test.app.calls.len(), 0);
}

#[tokio::test]
async fn a_viewer_is_refused_every_change_with_words() {
    let test = connected().await;
    assert_refused(
        &test,
        &viewer(),
        "you are signed in as viewer. Ask an admin of your organization.",
    )
    .await;
    let mut vera = test.browser(&viewer()).await;
    let page = vera.post("/feedback", &[("title", "x")]).await.text();
    assert!(
        page.contains("Only members and admins can do this"),
        "{page}"
    );
    for path in [
        "/feedback/new",
        "/boards/new",
        "/integrations/gong/disconnect",
    ] {
        assert_eq!(vera.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_member_writes_posts_and_is_refused_the_rest() {
    let test = connected().await;
    assert_refused(
        &test,
        &member(),
        "Only admins can do this, and you are signed in as member.",
    )
    .await;
    let mut max = test.browser(&member()).await;
    let page = max
        .post("/feedback", &[("title", "A dark theme for the agent desk")])
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    for path in [
        "/boards/new",
        "/boards/feature-requests/edit",
        "/integrations/gong/disconnect",
    ] {
        assert_eq!(max.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn an_admin_is_refused_nothing() {
    let test = connected().await;
    let mut ada = test.browser(&admin()).await;
    for (path, form, _) in routes(&test).await {
        let answer = ada.post(&path, &form).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{path}: {}",
            answer.text()
        );
        assert_ne!(answer.location(), "/sign-in", "{path}");
    }
    let feedback = test.items("feedback").await;
    let changed = |text: &str| feedback.iter().any(|(_, item)| item.contains(text));
    assert!(changed("Taken over") && changed("taken-over") && changed("Written by hand"));
    assert_eq!(test.secret_files().len(), 0, "the disconnect too");
}

#[tokio::test]
async fn a_change_from_a_foreign_page_is_refused() {
    let test = connected().await;
    let mut ada = test.browser(&admin()).await;
    let before = everything(&test).await;
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:9998",
        "https://127.0.0.1:9999",
        "http://127.0.0.1:9999.evil.example",
        "",
    ] {
        for (path, form, _) in routes(&test).await {
            let page = ada.post_from(origin, &path, &form).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{origin:?} {path}");
            let words = page.text();
            assert!(
                words.contains("did not come from one of ProductBridge's own pages"),
                "{words}"
            );
        }
    }
    assert_eq!(everything(&test).await, before);
    let page = ada.post_from("http://evil.example", "/sign-out", &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whoever_is_signed_out_sees_and_changes_nothing() {
    let test = connected().await;
    let before = everything(&test).await;
    let post = format!("/feedback/{}", test.only_post().await.id);
    let mut nobody = Browser::new(test.app.clone());
    let mut forged = Browser::new(test.app.clone());
    forged.set_cookie("pb_session", "made-up");
    let mut expired = test.browser(&admin()).await;
    let mut left = test.browser(&admin()).await;
    left.post("/sign-out", &[]).await;
    test.clock.advance(Span::hours(12));
    for browser in [&mut nobody, &mut forged, &mut expired, &mut left] {
        for path in [
            "/",
            "/feedback",
            &post,
            "/feedback/new",
            "/calls",
            "/boards",
            "/integrations/gong",
        ] {
            let page = browser.get(path).await;
            assert_eq!(
                (page.status, page.location()),
                (StatusCode::SEE_OTHER, "/sign-in"),
                "{path}"
            );
        }
        for path in [
            "/api/posts",
            "/api/calls",
            "/api/boards",
            "/api/tags",
            "/api/integrations/gong",
            "/api/integrations/gong/progress",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
            assert!(
                page.body.contains("signed_out") && !page.body.contains("PDF"),
                "{}",
                page.body
            );
        }
        for (path, form, _) in routes(&test).await {
            let page = browser.post(&path, &form).await;
            assert_eq!(
                (page.status, page.location()),
                (StatusCode::SEE_OTHER, "/sign-in"),
                "{path}"
            );
        }
    }
    assert_eq!(everything(&test).await, before);
}

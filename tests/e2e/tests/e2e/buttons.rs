//! Nobody sees a button that would be refused.

use domain::connection::History;
use kit::{
    Browser, TestApp,
    calls::pdf_call,
    test_app::{admin, member, viewer},
};
use lambda_http::http::StatusCode;

/// The addresses of a page's forms and links that change something.
async fn offered(browser: &mut Browser, path: &str) -> Vec<String> {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    let changing = [
        "/new",
        "/edit",
        "/disconnect",
        "/connect",
        "/sync",
        "/settings",
        "/retry",
    ];
    let quoted = page.body.split('"').map(str::to_owned);
    let mut found: Vec<_> = quoted
        .filter(|text| text.starts_with('/') && changing.iter().any(|end| text.ends_with(end)))
        .collect();
    let forms = page.body.split("<form").skip(1);
    let posts = forms.filter(|form| form.contains("method=\"post\""));
    let actions = posts.filter_map(|form| form.split("action=\"").nth(1)?.split('"').next());
    found.extend(
        actions
            .filter(|action| *action != "/sign-out")
            .map(str::to_owned),
    );
    found.sort();
    found.dedup();
    found
}

#[tokio::test]
async fn nobody_sees_a_button_that_would_be_refused() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    test.connected(History::Days(30)).await;
    let post = format!("/feedback/{}", test.only_post().await.id);
    let pages = [
        "/feedback",
        &post,
        "/review",
        "/activity",
        "/usage",
        "/calls",
        "/calls/1",
        "/boards",
        "/integrations/gong",
        "/settings/product",
    ];
    let mut vera = test.browser(&viewer()).await;
    let mut max = test.browser(&member()).await;
    let mut ada = test.browser(&admin()).await;
    for page in pages {
        assert_eq!(
            offered(&mut vera, page).await,
            Vec::<String>::new(),
            "{page} to a viewer"
        );
        let members = offered(&mut max, page).await;
        let allowed = match page {
            "/feedback" => vec!["/feedback/new".to_owned()],
            page if page == post => ["edit", "evidence/1/0/move", "merge"]
                .map(|end| format!("{post}/{end}"))
                .to_vec(),
            _ => Vec::new(),
        };
        assert_eq!(members, allowed, "{page} to a member");
    }
    let admins = offered(&mut ada, "/integrations/gong").await;
    assert_eq!(
        admins,
        [
            "/integrations/gong/connect",
            "/integrations/gong/disconnect",
            "/integrations/gong/settings",
            "/integrations/gong/sync",
        ]
    );
    assert!(
        offered(&mut ada, "/boards")
            .await
            .contains(&"/boards/new".to_owned())
    );
    // Before the first connect neither.
    let fresh = TestApp::with_calls(Vec::new()).await;
    let mut vera = fresh.browser(&viewer()).await;
    assert_eq!(
        offered(&mut vera, "/integrations/gong").await,
        Vec::<String>::new()
    );
}

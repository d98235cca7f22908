//! Organizations apart: nothing of one is seen, changed or merged into by another.

use domain::{call::CallState, connection::History};
use kit::{
    Browser, TestApp,
    calls::{pdf_call, pricing_call},
    consent::{NO_HISTORY, THIRTY_DAYS},
    gongs::{in_workspace, other_company},
    inside::{api, rival},
    test_app::{admin, person},
};
use lambda_http::http::StatusCode;

/// `demo` with a post, calls, a board and a tag of its own; `rival` signed in beside it.
async fn two() -> (TestApp, Browser, Browser) {
    let test = TestApp::with_calls(vec![
        pdf_call("1").from("Northwind", "Cleo Customer").build(),
        pricing_call("2").build(),
        pdf_call("3").private(true.into()).build(),
    ])
    .await;
    let mut ada = test.connected(History::Days(30)).await;
    let board = [
        ("name", "Moonshots"),
        ("description", "of demo"),
        ("categories", "Orbit"),
    ];
    ada.post("/boards", &board).await;
    ada.post("/tags", &[("name", "lunar")]).await;
    let rita = test.browser(&rival()).await;
    (test, ada, rita)
}

#[tokio::test]
async fn nothing_of_one_organization_stands_on_anothers_pages() {
    let (test, _, mut rita) = two().await;
    let telling = [
        "SLA",
        "Northwind",
        "Cleo",
        "Moonshots",
        "Orbit",
        "lunar",
        "sandbox-company",
        "ada",
    ];
    for path in [
        "/feedback",
        "/feedback?q=SLA",
        "/calls",
        "/calls?state=skipped",
        "/boards",
        "/integrations/gong",
        "/feedback/new",
        "/api/posts",
        "/api/posts?q=report",
        "/api/calls",
        "/api/boards",
        "/api/tags",
        "/api/integrations/gong",
        "/api/integrations/gong/progress",
    ] {
        let page = rita.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        // What she asked for herself stands in the search field.
        let body = page.body.replace("value=\"SLA\"", "");
        let said = telling.iter().find(|word| {
            body.split(|c: char| !c.is_alphanumeric() && c != '-')
                .any(|w| w == **word)
        });
        assert_eq!(said, None, "{path}: {}", page.text());
    }
    assert_eq!(
        api(&mut rita, "/api/posts").await["items"],
        serde_json::json!([])
    );
    assert_eq!(
        api(&mut rita, "/api/calls").await["items"],
        serde_json::json!([])
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn another_organizations_ids_name_nothing() {
    let (test, mut ada, mut rita) = two().await;
    let post = test.only_post().await;
    let boards = api(&mut ada, "/api/boards").await;
    let named = |list: &serde_json::Value, name: &str| {
        let mut items = list["items"].as_array().unwrap().iter();
        items.find(|item| item["name"] == name).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let board = named(&boards, "Moonshots");
    let tag = named(&api(&mut ada, "/api/tags").await, "lunar");
    for path in [
        format!("/feedback/{}", post.id),
        format!("/api/posts/{}", post.id),
        format!("/boards/{board}/edit"),
        "/feedback/does-not-exist".into(),
    ] {
        let page = rita.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            !page.body.contains("SLA") && !page.body.contains("Moonshots"),
            "{path}"
        );
    }
    let before = test.items("feedback").await;
    let form = [
        ("name", "Mine now"),
        ("description", ""),
        ("categories", ""),
    ];
    let edit = rita.post(&format!("/boards/{board}/edit"), &form).await;
    assert_eq!(edit.status, StatusCode::NOT_FOUND);
    let rename = rita
        .post(&format!("/tags/{tag}"), &[("name", "mine")])
        .await;
    assert_eq!(rename.status, StatusCode::NOT_FOUND);
    let retry = rita.post("/calls/1/retry", &[]).await;
    assert!(
        retry.status == StatusCode::NOT_FOUND
            || retry.location().ends_with("done=retry-not-connected")
    );
    // A post may not be laid onto another organization's board.
    let form = [
        ("title", "A post of the rival"),
        ("details", ""),
        ("board", &*board),
    ];
    let laid = rita.post("/feedback", &form).await;
    assert_eq!(laid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        laid.text().contains("There is no such board"),
        "{}",
        laid.text()
    );
    assert_eq!(test.items("feedback").await, before);
    for filter in [
        format!("/feedback?board={board}"),
        format!("/feedback?tag={tag}"),
    ] {
        let page = rita.get(&filter).await.text();
        assert!(page.contains("No posts match."), "{page}");
    }
}

#[tokio::test]
async fn the_same_request_in_two_organizations_makes_two_posts() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut rita = test.browser(&rival()).await;
    let form = [
        ("title", "Export the weekly SLA report to PDF"),
        ("details", "Customers take screenshots every Friday."),
        ("board", ""),
    ];
    let answer = rita.post("/feedback", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let hers = answer.location().split('?').next().unwrap().to_owned();
    test.connected(History::Days(30)).await;
    let ours = test.only_post().await;
    assert_eq!((ours.source.as_str(), ours.evidence_count), ("gong", 1));
    assert!(ours.similar.is_empty(), "it is not even named as similar");
    let page = rita.get(&hers).await.text();
    assert!(page.contains("Evidence (0)"), "{page}");
    assert!(!page.contains("Cleo"), "{page}");
}

#[tokio::test]
async fn two_connected_organizations_are_worked_on_side_by_side() {
    let test = TestApp::with_calls(vec![
        pdf_call("1").from("Northwind", "Cleo Customer").build(),
    ])
    .await;
    let mut ada = test.connected(History::Days(30)).await;
    let other = test
        .another_gong(|options| {
            options.company = other_company();
            // The same id as a call of demo's: ids are Gong's, keys are the organization's.
            options.calls = vec![in_workspace(
                pdf_call("1").from("Contoso", "Dan Door").build(),
                "99",
            )];
        })
        .await;
    let app = test.process_at(&other).await;
    let mut rita = Browser::new(app.clone());
    rita.sign_in(&rival()).await;
    assert!(rita.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    app.drain().await;
    assert_eq!(test.call("1").await.state, CallState::Posted);
    assert_eq!(
        test.only_post().await.author.account.as_deref(),
        Some("Northwind")
    );
    let hers = api(&mut rita, "/api/posts").await;
    assert_eq!(hers["items"].as_array().unwrap().len(), 1, "{hers:#}");
    assert_eq!(hers["items"][0]["author"]["account"], "Contoso");
    let ours = ada.get("/feedback").await.text();
    assert!(
        ours.contains("Northwind") && !ours.contains("Contoso"),
        "{ours}"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_organization_whose_name_begins_like_another_is_another() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    ada.post("/feedback", &[("title", "A dark theme for the agent desk")])
        .await;
    for org in ["demo-2", "dem", "demo.", "DEMO", "demo_"] {
        let mut other = test.browser(&person(org, "eve", admin().role)).await;
        assert_eq!(
            api(&mut other, "/api/posts").await["items"],
            serde_json::json!([]),
            "{org}"
        );
        assert_eq!(
            api(&mut other, "/api/calls").await["items"],
            serde_json::json!([]),
            "{org}"
        );
        let page = other.gong_page().await;
        assert!(page.contains("Status: not connected"), "{org}: {page}");
        let location = other.connect(NO_HISTORY).await;
        assert!(
            location.ends_with("refused=workspace-held"),
            "{org}: {location}"
        );
    }
}

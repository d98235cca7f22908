//! One workspace belongs to one organization, whoever comes first and however close.

use domain::{
    connection::{ConnectionStatus, History},
    moment::Span,
};
use gong_sandbox::{Company, User};
use ingest::connect::ConnectRefusal;
use kit::{
    Browser, Page, TestApp,
    calls::{pdf_call, pricing_call},
    consent::{RECONNECT, THIRTY_DAYS},
    gongs::{in_workspace, other_company},
    inside::rival,
    system::BEGIN,
    test_app::admin,
};

async fn test_app() -> TestApp {
    TestApp::with_calls(vec![pricing_call("1").build()]).await
}

#[tokio::test]
async fn a_workspace_that_another_organization_holds() {
    let test = test_app().await;
    let mut rita = test.browser(&rival()).await;
    assert!(rita.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    let held = test.reservations().await;
    let mut ada = test.browser(&admin()).await;
    let location = ada.connect(THIRTY_DAYS).await;
    assert!(location.ends_with("refused=workspace-held"), "{location}");
    let page = ada.get(&location).await.text();
    assert!(
        page.contains(&ConnectRefusal::WorkspaceHeld.to_string()),
        "{page}"
    );
    assert!(!page.contains("rival") && !page.contains("rita"), "{page}");
    test.assert_nothing_connected(&test.org()).await;
    assert_eq!(test.secret_files().len(), 1, "the holder's alone");
    assert_eq!(test.reservations().await, held);
    let status = rita.gong_page().await;
    assert!(status.contains("Status: connected"), "{status}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn two_organizations_race_for_one_workspace_and_one_gets_it() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let mut rita = test.browser(&rival()).await;
    let mine = ada.begin_connect(THIRTY_DAYS).await.approve().await;
    let hers = rita.begin_connect(THIRTY_DAYS).await.approve().await;
    let (mine, hers) = futures::join!(ada.get(&mine), rita.get(&hers));
    let won = |page: &Page| page.location().ends_with("connected=1");
    let lost = |page: &Page| page.location().ends_with("refused=workspace-held");
    let (winner, loser) = match (won(&mine), won(&hers)) {
        (true, false) if lost(&hers) => (admin(), rival()),
        (false, true) if lost(&mine) => (rival(), admin()),
        _ => panic!("{} and {}", mine.location(), hers.location()),
    };
    test.assert_nothing_connected(&loser.org_id).await;
    assert_eq!(test.secret_files().len(), 1);
    let reservations = test.reservations().await;
    let of_winner = format!("\"{}\"", winner.org_id);
    assert!(
        reservations.iter().all(|one| one.contains(&of_winner)),
        "{reservations:#?}"
    );
    test.app.drain().await;
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn another_workspace_than_the_connected_one_is_refused_until_disconnect() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    test.connected(History::Days(30)).await;
    let (before, post) = (test.connection().await, test.only_post().await);
    let other = test
        .another_gong(|options| {
            options.company = other_company();
            options.calls = vec![in_workspace(pricing_call("77").build(), "99")];
        })
        .await;
    let app = test.process_at(&other).await;
    let mut ada = Browser::new(app.clone());
    ada.sign_in(&admin()).await;
    for form in [RECONNECT, THIRTY_DAYS] {
        let location = ada.connect(form).await;
        assert!(location.ends_with("refused=other-workspace"), "{location}");
        let page = ada.get(&location).await.text();
        assert!(
            page.contains(&ConnectRefusal::OtherWorkspace.to_string()),
            "{page}"
        );
        assert!(page.contains("Gong workspace sandbox-company"), "{page}");
    }
    assert_eq!(test.connection().await, before, "nothing was changed");
    assert_eq!(test.secret_files().len(), 1);
    let reservations = test.reservations().await;
    assert!(
        !reservations.iter().any(|one| one.contains("other-company")),
        "{reservations:#?}"
    );
    test.later(Span::hours(3)).await;
    assert_eq!(test.connection().await.status, ConnectionStatus::Connected);

    // After a disconnect it may be another one; the posts of the first stay.
    ada.post("/integrations/gong/disconnect", &[]).await;
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    app.drain().await;
    assert_eq!(test.connection().await.workspace, "other-company");
    assert_eq!(test.only_post().await, post);
    assert_eq!(other.stats().transcripts_requested, ["77"]);
    let reservations = test.reservations().await;
    assert!(
        !reservations
            .iter()
            .any(|one| one.contains("sandbox-company")),
        "{reservations:#?}"
    );
}

#[tokio::test]
async fn calls_of_a_workspace_that_another_holds_stop_the_connection_for_good() {
    let test = test_app().await;
    test.connected(History::Days(30)).await;
    // The rival holds workspace 99 by an account of its own.
    let other = test
        .another_gong(|options| {
            options.company = other_company();
            options.calls = vec![in_workspace(pricing_call("77").build(), "99")];
        })
        .await;
    let mut rita = Browser::new(test.process_at(&other).await);
    rita.sign_in(&rival()).await;
    assert!(rita.connect(THIRTY_DAYS).await.ends_with("connected=1"));

    // One of its calls shows up in our listing.
    let foreign = in_workspace(pdf_call("78").started(BEGIN + Span::hours(1)).build(), "99");
    test.sandbox.set_calls(vec![foreign]);
    test.later(Span::hours(3)).await;
    let stopped = test.connection().await;
    assert_eq!(stopped.status, ConnectionStatus::ReconnectRequired);
    let mut ada = test.browser(&admin()).await;
    let page = ada.gong_page().await;
    assert!(
        page.contains(
            "Calls of a Gong workspace showed up that another organization has connected"
        ),
        "{page}"
    );
    assert!(
        !test.ledger().await.contains_key("78"),
        "it was not recorded"
    );

    // It stays stopped, also when the token is due to be renewed.
    let asked = test.requests();
    for _ in 0..3 {
        test.later(Span::hours(24)).await;
    }
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::ReconnectRequired
    );
    assert_eq!(test.requests(), asked, "nothing is read any more");
    assert_eq!(
        test.asked("POST /v2/calls/transcript"),
        1,
        "of our own call only"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn one_shared_fingerprint_is_enough_to_be_held() {
    let test = test_app().await;
    test.connected(History::Off).await;
    let ours = "4042227664642553970";
    let user = Company::default().users.remove(0);
    // Other people, but a call of our workspace; then another workspace, but one of our people.
    for (calls, users) in [
        (
            vec![in_workspace(pricing_call("77").build(), ours)],
            Vec::new(),
        ),
        (
            vec![in_workspace(pricing_call("77").build(), "99")],
            vec![user],
        ),
    ] {
        let other = test
            .another_gong(|options| {
                options.company = other_company();
                options.company.users.extend(users);
                options.calls = calls;
            })
            .await;
        let mut rita = Browser::new(test.process_at(&other).await);
        rita.sign_in(&rival()).await;
        let location = rita.connect(THIRTY_DAYS).await;
        assert!(location.ends_with("refused=workspace-held"), "{location}");
        test.assert_nothing_connected(&rival().org_id).await;
    }
}

#[tokio::test]
async fn a_large_company_reserves_its_twenty_lowest_users_and_at_most_eighty_fingerprints() {
    let test = test_app().await;
    let user = |n: usize| User {
        // Ids of nine and ten digits: the shorter is the lower.
        id: (999_999_900 + n).to_string(),
        email: format!("user{n}@other.example"),
        first_name: "User".into(),
        last_name: n.to_string(),
        active: true,
    };
    let large = test
        .another_gong(|options| {
            options.company = other_company();
            options.company.users = (0..150).rev().map(user).collect();
            let call = |n: usize| {
                in_workspace(pricing_call(&(500 + n).to_string()).build(), &n.to_string())
            };
            options.calls = (1..=100).map(call).collect();
        })
        .await;
    let mut ada = Browser::new(test.process_at(&large).await);
    ada.sign_in(&admin()).await;
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
    let fingerprints = test.connection().await.fingerprints;
    assert_eq!(fingerprints.len(), 80);
    let users: Vec<_> = fingerprints
        .iter()
        .map(|w| w.as_str())
        .filter(|w| w.starts_with("user:"))
        .collect();
    let lowest: Vec<_> = (0..20)
        .map(|n| format!("user:{}", 999_999_900 + n))
        .collect();
    assert_eq!(users, lowest);
    assert_eq!(test.reservations().await.len(), 80);
    ada.post("/integrations/gong/disconnect", &[]).await;
    assert_eq!(test.reservations().await.len(), 0, "all are freed");
}

#[tokio::test]
async fn a_workspace_that_shows_up_later_is_reserved_and_freed_too() {
    let test = test_app().await;
    let mut ada = test.connected(History::Days(30)).await;
    let before = test.reservations().await.len();
    let new = pdf_call("2").started(BEGIN + Span::hours(1)).build();
    test.sandbox.set_calls(vec![in_workspace(new, "55")]);
    test.later(Span::hours(3)).await;
    assert_eq!(test.reservations().await.len(), before + 1);
    assert!(
        test.connection()
            .await
            .fingerprints
            .iter()
            .any(|w| w.as_str() == "workspace:55")
    );
    ada.post("/integrations/gong/disconnect", &[]).await;
    assert_eq!(test.reservations().await.len(), 0);
}

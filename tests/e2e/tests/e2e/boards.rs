//! Boards, categories, tags and settings that an admin makes, and the pipeline that obeys them.

use domain::{
    call::{CallState, SkipCause},
    connection::History,
    ports::feedback::FeedbackStore,
};
use kit::{
    Browser, TestApp, TestOptions,
    calls::{CallBuilder, call, pdf_call},
    consent::THIRTY_DAYS,
    test_app::{admin, viewer},
};
use lambda_http::http::StatusCode;

async fn without_boards(calls: Vec<CallBuilder>) -> TestApp {
    TestApp::start(TestOptions {
        calls: calls.iter().map(CallBuilder::build).collect(),
        default_board: false,
        ..TestOptions::default()
    })
    .await
}

async fn board(
    browser: &mut Browser,
    name: &str,
    description: &str,
    categories: &str,
    default: bool,
) {
    let is_default = if default { "on" } else { "" };
    let form = [
        ("name", name),
        ("description", description),
        ("categories", categories),
        ("is_default", is_default),
    ];
    let answer = browser.post("/boards", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

/// Two different requests in one call.
fn two_requests(id: &str) -> CallBuilder {
    call(id)
        .internal("What is on your mind today?")
        .customer("We really need to be able to export the weekly SLA report to PDF. Right now we take screenshots every Friday and it is painful.")
        .internal("Understood. Anything else?")
        .customer("Yes, something completely different. The mobile app logs me out every hour when I am in the field. It would be great if we could sign in with a fingerprint on the phone instead of typing the password again.")
        .internal("I will pass both on.")
}

#[tokio::test]
async fn posts_are_laid_onto_the_boards_categories_and_tags_that_an_admin_made() {
    let test = without_boards(vec![pdf_call("1")]).await;
    let mut ada = test.browser(&admin()).await;
    board(&mut ada, "Everything else", "What fits nowhere.", "", true).await;
    board(
        &mut ada,
        "Mobile app",
        "Phones and tablets, the field app.",
        "Offline\nSign-in",
        false,
    )
    .await;
    board(
        &mut ada,
        "Reporting",
        "Reports, exports, dashboards, PDF.",
        "Dashboards\nReport exports",
        false,
    )
    .await;
    for tag in ["export", "billing", "offline"] {
        ada.post("/tags", &[("name", tag)]).await;
    }
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    let post = test.only_post().await;
    let page = ada.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(page.contains("Board Reporting"), "{page}");
    assert!(page.contains("Category Report exports"), "{page}");
    assert!(page.contains("Tags export Sentiment"), "{page}");
    let on_board = ada
        .get(&format!("/feedback?board={}", post.board_id))
        .await
        .text();
    assert!(on_board.contains("1 post found"), "{on_board}");
    let tagged = ada
        .get(&format!("/feedback?tag={}", post.tag_ids[0]))
        .await
        .text();
    assert!(tagged.contains("1 post found"), "{tagged}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_fits_no_board_goes_to_the_default_one() {
    let test = without_boards(vec![pdf_call("1")]).await;
    let mut ada = test.browser(&admin()).await;
    board(&mut ada, "Zoology", "Animals of the sea.", "Whales", false).await;
    board(&mut ada, "Astronomy", "Stars and planets.", "Comets", true).await;
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    let post = test.only_post().await;
    let page = ada.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(
        page.contains("Board Astronomy Category none Tags none"),
        "{page}"
    );
}

#[tokio::test]
async fn boards_and_tags_are_edited_and_posts_follow_their_names() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    let edit = format!("/boards/{}/edit", post.board_id);
    let shown = ada.get(&edit).await;
    let category = post.category_id.as_ref().unwrap();
    assert!(shown.body.contains("Reports and exports"), "{}", shown.body);
    let form = [
        ("name", "Wishes"),
        ("description", "All of them."),
        ("category_id", category.as_str()),
        ("category", "Exports"),
        ("categories", "Trains"),
        ("is_default", "on"),
    ];
    let saved = ada.post(&edit, &form).await;
    assert!(
        ada.get(saved.location())
            .await
            .text()
            .contains("The board was saved.")
    );
    ada.post("/tags/export", &[("name", "exports")]).await;
    let mut vera = test.browser(&viewer()).await;
    let boards = vera.get("/boards").await.text();
    assert!(
        boards.contains("Wishes default") && boards.contains("Trains"),
        "{boards}"
    );
    assert!(
        boards.contains("exports") && !boards.contains("Mobile app"),
        "{boards}"
    );
    let page = vera.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(page.contains("Board Wishes Category Exports"), "{page}");
    // Two of one name.
    let (name, id) = (("name", "Wishes"), ("category_id", category.as_str()));
    let boards = test.app.store.boards(&test.org()).await.unwrap();
    let trains = boards.iter().flat_map(|board| &board.categories);
    let trains = trains
        .clone()
        .find(|category| category.name == "Trains")
        .unwrap();
    let trains = ("category_id", trains.id.as_str());
    let same = [
        name,
        id,
        ("category", "Exports"),
        trains,
        ("category", " Exports "),
    ];
    let refused = ada.post(&edit, &same).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = refused.text();
    assert!(
        words.contains("Two categories are named “Exports”"),
        "{words}"
    );
    // One without a name is gone, and its posts stay on the board.
    ada.post(
        &edit,
        &[name, id, ("category", ""), trains, ("category", "Trams")],
    )
    .await;
    let page = vera.get(&format!("/feedback/{}", post.id)).await.text();
    assert!(page.contains("Board Wishes Category none"), "{page}");
    let boards = vera.get("/boards").await.text();
    assert!(boards.contains("Categories: Trams"), "{boards}");
    // A name that is needed.
    let nameless = ada
        .post(
            &edit,
            &[("name", " "), ("description", ""), ("categories", "")],
        )
        .await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        nameless.text().contains("A name is required"),
        "{}",
        nameless.text()
    );
}

#[tokio::test]
async fn the_default_board_moves_and_there_is_always_one() {
    let test = without_boards(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    board(&mut ada, "First", "", "", false).await;
    let only = test.app.store.boards(&test.org()).await.unwrap();
    assert!(only[0].is_default, "the first board is the default one");
    board(&mut ada, "Second", "", "", true).await;
    let boards = test.app.store.boards(&test.org()).await.unwrap();
    let defaults: Vec<_> = boards
        .iter()
        .filter(|b| b.is_default)
        .map(|b| &*b.name)
        .collect();
    assert_eq!(defaults, ["Second"]);
}

#[tokio::test]
async fn one_feedback_a_call_unless_the_settings_say_more() {
    let test = TestApp::with_calls(vec![two_requests("1").build()]).await;
    test.connected(History::Days(30)).await;
    assert_eq!(test.all_posts().await.len(), 1, "one by default");

    let test = TestApp::with_calls(vec![two_requests("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    let settings = "/integrations/gong/settings";
    let form = [
        ("feedback_per_call", "2"),
        ("merging", "automatic"),
        ("review", "off"),
        ("own_domains", ""),
    ];
    let saved = ada.post(settings, &form).await.location().to_owned();
    assert!(
        ada.get(&saved)
            .await
            .text()
            .contains("The settings were saved.")
    );
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    let posts = test.all_posts().await;
    assert_eq!(posts.len(), 2, "{posts:#?}");
    let call = test.call("1").await;
    assert_eq!((call.state, call.outcomes.len()), (CallState::Posted, 2));
    for post in &posts {
        let evidence = test.evidence(&post.id).await;
        assert_eq!(evidence.len(), 1);
        assert!(!evidence[0].quotes.is_empty());
    }
    let ledger = ada.get("/calls").await.text();
    assert!(
        posts
            .iter()
            .all(|post| ledger.contains(&post.request.title)),
        "{ledger}"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused_and_nothing_changes() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    let before = test.items("feedback").await;
    for (count, domains, words) in [
        (
            "0",
            "",
            "Posts per call must be a whole number from 1 to 5.",
        ),
        (
            "6",
            "",
            "Posts per call must be a whole number from 1 to 5.",
        ),
        (
            "two",
            "",
            "Posts per call must be a whole number from 1 to 5.",
        ),
        ("1", "not a domain", "“not” is not an e-mail domain."),
        (
            "1",
            "fernhill.example\n<b>",
            "“<b>” is not an e-mail domain.",
        ),
    ] {
        let form = [
            ("feedback_per_call", count),
            ("own_domains", domains),
            ("merging", "automatic"),
            ("review", "off"),
        ];
        let page = ada.post("/integrations/gong/settings", &form).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{count} {domains}"
        );
        assert!(page.text().contains(words), "{words}: {}", page.text());
        assert!(!page.body.contains("<b>"), "shown as text");
    }
    assert_eq!(test.items("feedback").await, before);
}

#[tokio::test]
async fn an_address_of_an_own_domain_makes_an_unknown_party_internal() {
    let said = || {
        pdf_call("1")
            .affiliation("Unknown")
            .from("Partner", "Pat Partner")
    };
    let test = TestApp::with_calls(vec![said().build()]).await;
    let mut ada = test.browser(&admin()).await;
    let form = [
        ("feedback_per_call", "1"),
        ("merging", "automatic"),
        ("own_domains", "@Partner.example"),
        ("review", "off"),
    ];
    ada.post("/integrations/gong/settings", &form).await;
    ada.connect(THIRTY_DAYS).await;
    test.app.drain().await;
    let call = test.call("1").await;
    assert_eq!(call.state, CallState::Discarded, "{}", call.reason);
    assert!(
        call.reason
            .contains("nobody who is known to be from the customer's side"),
        "{}",
        call.reason
    );
    assert_eq!(call.skip_cause, None::<SkipCause>);
    assert!(test.all_posts().await.is_empty());
}

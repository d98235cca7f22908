//! Posts that people write count as existing feedback.

use domain::{call::CallState, connection::History, feedback::Moderation, moment::Span};
use kit::{
    Browser, TestApp,
    calls::{pdf_call, pricing_call},
    consent::THIRTY_DAYS,
    system::BEGIN,
    test_app::{admin, member},
};
use lambda_http::http::StatusCode;

const TITLE: &str = "Export the weekly SLA report to PDF";
const DETAILS: &str =
    "Customers take screenshots of the weekly SLA report every Friday, which is painful.";

async fn write(browser: &mut Browser, title: &str, details: &str) -> String {
    let form = [("title", title), ("details", details), ("board", "")];
    let answer = browser.post("/feedback", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.location().to_owned()
}

#[tokio::test]
async fn a_call_that_asks_for_the_same_is_added_to_a_post_by_hand() {
    let test = TestApp::with_calls(vec![
        pdf_call("1").from("Northwind", "Cleo Customer").build(),
    ])
    .await;
    let mut max = test.browser(&member()).await;
    let location = write(&mut max, TITLE, DETAILS).await;
    let page = max.get(&location).await.text();
    assert!(
        page.contains("The post was saved. Calls that ask for the same thing will be added to it."),
        "{page}"
    );
    assert!(page.contains("No call supports this post yet."), "{page}");
    assert!(page.contains("Written by max"), "{page}");

    test.connected(History::Days(30)).await;
    let post = test.only_post().await;
    assert_eq!(
        (
            post.request.title.as_str(),
            post.request.description.as_str()
        ),
        (TITLE, DETAILS),
        "its words stay"
    );
    assert_eq!(
        (post.source.as_str(), post.source_type.as_str()),
        ("manual", "manual")
    );
    assert_eq!(post.author.name.as_deref(), Some("max"));
    assert_eq!(post.engine, None);
    assert_eq!(post.evidence_count, 1);
    let evidence = test.evidence(&post.id).await;
    let merge = evidence[0].merge.as_ref().unwrap();
    assert!(merge.score >= merge.threshold, "{merge:?}");
    let spoken = pdf_call("1").transcript().to_string();
    assert!(!evidence[0].quotes.is_empty());
    assert!(
        evidence[0]
            .quotes
            .iter()
            .all(|quote| spoken.contains(&quote.text))
    );
    let call = test.call("1").await;
    assert_eq!(call.state, CallState::Consolidated);
    assert_eq!(call.outcomes[0].post_id, post.id);

    let page = max.get(&format!("/feedback/{}", post.id)).await.text();
    for words in [
        "Evidence (1)",
        "export the weekly SLA report to PDF",
        "Cleo Customer, Northwind",
        "Source By hand",
        "Added because the similarity reaches the threshold",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_post_written_after_the_calls_gets_the_next_ones() {
    let test = TestApp::with_calls(vec![pricing_call("1").build()]).await;
    test.connected(History::Days(30)).await;
    let mut max = test.browser(&member()).await;
    write(&mut max, TITLE, DETAILS).await;
    let new = pdf_call("2").started(BEGIN + Span::hours(1));
    test.sandbox.set_calls(vec![new.build()]);
    test.later(Span::hours(3)).await;
    let post = test.only_post().await;
    assert_eq!((post.source.as_str(), post.evidence_count), ("manual", 1));
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_post_about_something_else_gets_nothing() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut max = test.browser(&member()).await;
    write(
        &mut max,
        "Sign in with a fingerprint on the phone",
        "Typing passwords in the van is slow.",
    )
    .await;
    write(
        &mut max,
        "Export the ticket list to CSV",
        "For spreadsheets.",
    )
    .await;
    test.connected(History::Days(30)).await;
    let posts = test.all_posts().await;
    assert_eq!(posts.len(), 3, "{posts:#?}");
    for post in posts {
        let expected = u64::from(post.source == "gong");
        assert_eq!(post.evidence_count, expected, "{}", post.request.title);
    }
}

#[tokio::test]
async fn a_post_written_while_a_call_waits_to_be_analysed_counts_too() {
    let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    kit::inside::list_all(&test.app).await;
    write(&mut ada, TITLE, DETAILS).await;
    test.app.drain().await;
    assert_eq!(test.only_post().await.evidence_count, 1);
}

#[tokio::test]
async fn what_cannot_be_saved_is_refused_and_kept_in_the_form() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut max = test.browser(&member()).await;
    let long = "x".repeat(201);
    let details = "y".repeat(10_001);
    for (title, details, board, words) in [
        ("", "kept", "", "A name is required"),
        (" \u{200B} ", "kept", "", "A name is required"),
        ("???", "kept", "", "A name is required"),
        (
            long.as_str(),
            "kept",
            "",
            "This name is too long: at most 200 characters.",
        ),
        ("A title", details.as_str(), "", "The details are too long"),
        ("A title", "kept", "nowhere", "There is no such board."),
    ] {
        let form = [("title", title), ("details", details), ("board", board)];
        let page = max.post("/feedback", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{title}");
        assert!(page.text().contains(words), "{words}: {}", page.text());
        assert!(page.body.contains(details), "what was typed is kept");
    }
    assert!(test.all_posts().await.is_empty());
}

#[tokio::test]
async fn what_people_write_is_shown_as_text() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut max = test.browser(&member()).await;
    let title = "<img src=x onerror=alert(1)> & \"quotes\"";
    let location = write(&mut max, title, "<script>alert(2)</script>\n\n</textarea>").await;
    for path in [location.as_str(), "/feedback", "/feedback?q=<img"] {
        let page = max.get(&path.replace('<', "%3C")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            !page.body.contains("<img src=x") && !page.body.contains("<script>alert"),
            "{path}"
        );
        assert!(
            page.text()
                .contains("<img src=x onerror=alert(1)> & \"quotes\""),
            "{}",
            page.text()
        );
    }
    assert_eq!(test.only_post().await.moderation, Moderation::Published);
}

#[tokio::test]
async fn a_post_like_another_is_saved_when_its_writer_has_seen_that() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut max = test.browser(&member()).await;
    let first = write(&mut max, TITLE, DETAILS).await;
    let again = "The weekly SLA report as a PDF file";
    let mut form = vec![
        ("title", again),
        ("details", "For the board."),
        ("board", ""),
    ];
    let page = max.post("/feedback", &form).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Possible duplicates",
        TITLE,
        "Save as a new post",
        "For the board.",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.text());
    }
    let link = first.split('?').next().unwrap();
    assert!(page.body.contains(link), "{}", page.body);
    assert_eq!(test.all_posts().await.len(), 1, "nothing is saved yet");
    form.push(("seen", again));
    let saved = max.post("/feedback", &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert_eq!(test.all_posts().await.len(), 2);
    // What was seen of one title says nothing of another.
    form[0] = ("title", "Export the SLA report to PDF every week");
    let page = max.post("/feedback", &form).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(test.all_posts().await.len(), 2);
}

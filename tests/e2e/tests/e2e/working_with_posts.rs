//! Editing posts: fields, conflicts, the search that follows, and the log of who did what.

use domain::feedback::PostStatus;
use kit::test_app::admin;
use lambda_http::http::StatusCode;

use crate::people::{Company, INVOICE, NIGHT, REPORT, asks, counted};

async fn edits(company: &Company) -> (String, Vec<(&'static str, String)>) {
    let page = company.page_of(REPORT.title).await;
    let post = company.test.only_post().await;
    let form = vec![
        ("edits", post.edits.to_string()),
        ("title", post.request.title),
        ("details", post.request.description),
        ("status", "open".into()),
        ("board", post.board_id.to_string()),
        ("category", String::new()),
        ("owner", String::new()),
    ];
    (page, form)
}

fn with<'a>(
    form: &'a [(&'static str, String)],
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = form
        .iter()
        .filter(|(name, _)| changes.iter().all(|(other, _)| other != name));
    let kept = kept.map(|(name, value)| (*name, value.as_str()));
    kept.chain(changes.iter().copied()).collect()
}

#[tokio::test]
async fn a_member_edits_a_post_and_the_log_says_what_was_changed() {
    let company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let mut ada = company.test.browser(&admin()).await;
    ada.post("/tags", &[("name", "Exports")]).await;
    let tags = company.test.app.store.clone();
    let tags = domain::ports::feedback::FeedbackStore::tags(&*tags, &company.test.org()).await;
    let tag = tags
        .unwrap()
        .into_iter()
        .find(|tag| tag.name == "Exports")
        .unwrap();
    let (page, form) = edits(&company).await;
    let shown = max.get(&format!("{page}/edit")).await;
    assert!(shown.body.contains(REPORT.title), "{}", shown.text());
    let changes = [
        ("status", "planned"),
        ("owner", "max"),
        ("tag", tag.id.as_str()),
        ("details", "Planned for spring."),
    ];
    let saved = max
        .post(&format!("{page}/edit"), &with(&form, &changes))
        .await;
    let words = max.get(saved.location()).await.text();
    for text in [
        "The post was saved.",
        "Status planned",
        "Owner max",
        "Exports",
        "Planned for spring.",
        "max changed the details, the status from open to planned, the tags from none to Exports, the owner from nobody to max",
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    let log = max.get("/activity").await.text();
    assert!(log.contains("max changed the details, the status"), "{log}");
    assert_eq!(company.test.only_post().await.status, PostStatus::Planned);
}

#[tokio::test]
async fn two_who_edit_at_once_notice_each_other_and_nothing_typed_is_lost() {
    let company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let mut ada = company.test.browser(&admin()).await;
    let (page, form) = edits(&company).await;
    let path = format!("{page}/edit");
    ada.post(&path, &with(&form, &[("title", "Ada's title")]))
        .await;
    let refused = max
        .post(&path, &with(&form, &[("title", "Max's title")]))
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let words = refused.text();
    assert!(words.contains("Someone else edited this post"), "{words}");
    assert!(words.contains("Ada's title"), "{words}");
    assert!(
        refused.body.contains("value=\"Max's title\""),
        "{}",
        refused.body
    );
    assert!(
        refused.body.contains("name=\"edits\" value=\"1\""),
        "{}",
        refused.body
    );
    for (name, value, why) in [
        ("title", "", "A name is required"),
        ("status", "done", "The status is not in the list."),
        ("board", "elsewhere", "The board is not in the list."),
        ("tag", "strange", "The tag is not in the list."),
        ("owner", "no such name!", "The owner is not in the list."),
    ] {
        let form = with(&form, &[("edits", "1"), (name, value)]);
        let form: Vec<_> = form.into_iter().collect();
        let refused = max.post(&path, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text().contains(why), "{name}: {}", refused.text());
    }
    assert_eq!(company.test.only_post().await.request.title, "Ada's title");
}

#[tokio::test]
async fn evidence_that_arrives_while_someone_edits_is_no_conflict_and_is_kept() {
    let mut company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let (page, form) = edits(&company).await;
    company.hears(vec![asks("2", REPORT).build()]).await;
    let saved = max
        .post(
            &format!("{page}/edit"),
            &with(&form, &[("status", "complete")]),
        )
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    assert_eq!(company.counts().await, counted(&[(REPORT, 2)]));
}

#[tokio::test]
async fn a_new_title_moves_the_post_in_the_search() {
    let mut company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let (page, form) = edits(&company).await;
    let changes = [("title", NIGHT.title), ("details", NIGHT.said)];
    max.post(&format!("{page}/edit"), &with(&form, &changes))
        .await;
    // The pain points of the old text stay, so the test's model still knows it by its first word.
    company
        .hears(vec![asks("2", NIGHT).build(), asks("3", INVOICE).build()])
        .await;
    let counts = company.counts().await;
    assert_eq!(counts, counted(&[(NIGHT, 2), (INVOICE, 1)]));
}

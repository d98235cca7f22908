//! Posts: the list, one post, a new one.

use domain::{
    feedback::{Moderation, PostStatus},
    ids::PostId,
    moment::Span,
    ports::feedback::FeedbackStore,
    principal::Role,
};

use crate::{
    sample::post,
    site::{START, Site, org},
};

#[tokio::test]
async fn the_list_shows_what_a_reader_looks_for() {
    let app = Site::new().await;
    app.get(Role::Viewer, "/feedback")
        .await
        .shows("No feedback yet.")
        .hides("write a post yourself");
    app.get(Role::Member, "/feedback")
        .await
        .shows("write a post yourself");
    app.furnish().await;
    let page = app.get(Role::Viewer, "/feedback").await;
    page.shows("4 posts")
        .shows("href=\"/feedback/bulk-export\">Export all reports at once</a>")
        .shows("Harrow Pike")
        .shows("<td class=\"number\" data-label=\"Evidence\">2</td>")
        .shows("Mobile app")
        .shows("Enterprise")
        .shows("in review")
        .shows("By hand")
        .shows("planned");
}

#[tokio::test]
async fn filters_and_search_narrow_it_down() {
    let app = Site::new().await;
    app.furnish().await;
    for (query, shown, found) in [
        (
            "board=mobile",
            "Sign in with our identity provider",
            "1 post found",
        ),
        ("tag=onboarding", "Dark mode", "1 post found"),
        ("status=planned", "Keep exports for 90 days", "1 post found"),
        (
            "moderation=in_review",
            "Sign in with our identity provider",
            "1 post found",
        ),
        ("moderation=published", "Dark mode", "3 posts found"),
        ("q=EXPORT+ALL", "Export all reports at once", "1 post found"),
        ("q=&board=&tag=", "Dark mode", "4 posts"),
    ] {
        let page = app.get(Role::Viewer, &format!("/feedback?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        page.shows(shown).shows(found);
    }
    let page = app
        .get(
            Role::Viewer,
            "/feedback?q=nothing+like+it&status=in+progress",
        )
        .await;
    page.shows("No posts match.")
        .shows("value=\"nothing like it\"")
        .shows("value=\"in progress\" selected");
}

#[tokio::test]
async fn a_long_list_is_read_in_parts_without_loss() {
    let app = Site::new().await;
    for n in 0..53 {
        let mut post = post(&format!("p{n:02}"), &format!("Post number {n:02} of many"));
        // Some are made at the same instant.
        post.created = START - Span::minutes(n / 3);
        app.put_post(&post).await;
    }
    let first = app.get(Role::Viewer, "/feedback?status=open").await;
    first.shows("1–50 of 53 posts");
    let start = first.body.find("/feedback?status=open&amp;after=").unwrap();
    let next = first.body[start..]
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let mut new = post("new", "Made meanwhile");
    new.created = START + Span::minutes(1);
    app.put_post(&new).await;
    let second = app.get(Role::Viewer, &next).await;
    second.shows("52–54 of 54 posts").hides("Older posts");
    for n in 0..53 {
        let title = format!("Post number {n:02} of many");
        assert!(
            first.body.contains(&title) != second.body.contains(&title),
            "{title}"
        );
    }
}

#[tokio::test]
async fn a_post_shows_what_it_rests_on() {
    let app = Site::new().await;
    app.furnish().await;
    let page = app.get(Role::Viewer, "/feedback/bulk-export").await;
    page.shows("Evidence (2)")
        .shows("<blockquote><p>We can’t export more than one report at a time")
        .shows(">04:31</a>")
        .shows("Dana Whitlock")
        .shows("2026-11-18 14:03 UTC")
        .shows("href=\"https://us-1.app.gong.io/call?id=11\"")
        .shows("Created from this call.")
        .shows("Added because the similarity reaches the threshold (similarity 0.91, threshold 0.85 of voyage-4@1024); no guard objected.")
        .shows("the built-in engine, version 1")
        .shows("Keep exports for 90 days instead of 30</a>")
        .shows("Possible duplicates")
        .shows("threshold 0.85 of voyage-4@1024): differing numbers: 30 and 90")
        .shows("Two hours of clicking a week")
        .shows("negative")
        .shows("high")
        .shows("Reporting")
        .shows("Exports")
        .hides("In review.");
    app.get(Role::Viewer, "/feedback/sso")
        .await
        .shows("In review.")
        .shows("Reason: no sentence of the customer could be verified")
        .shows("No evidence is stored");
    app.get(Role::Viewer, "/feedback/dark-mode")
        .await
        .shows("No call supports this post yet.")
        .shows("<dd>max</dd>");
}

#[tokio::test]
async fn a_person_writes_a_post() {
    let app = Site::new().await;
    let none = app
        .post(Role::Member, "/feedback", &[("title", "A title")])
        .await;
    assert_eq!(none.status, 422);
    none.shows("There is no such board.")
        .shows("value=\"A title\"");
    app.add_board("product", "Product").await;
    app.add_board("mobile", "Mobile app").await;
    app.get(Role::Member, "/feedback/new")
        .await
        .shows("value=\"product\" selected");
    let form = [
        ("title", " Offline mode "),
        ("details", "Line one\r\nLine two"),
        ("board", "mobile"),
    ];
    let made = app.post(Role::Member, "/feedback", &form).await;
    assert_eq!(made.status, 303);
    let id = made
        .location()
        .strip_prefix("/feedback/")
        .unwrap()
        .strip_suffix("?done=post-created")
        .unwrap();
    let post = app
        .store
        .post(&org(), &PostId::parse(id).unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (post.request.title.as_str(), post.board_id.as_str()),
        ("Offline mode", "mobile")
    );
    assert_eq!(
        (post.status, post.moderation),
        (PostStatus::Open, Moderation::Published)
    );
    app.get(Role::Viewer, made.location())
        .await
        .shows("The post was saved.")
        .shows("<p>Line one</p><p>Line two</p>");
}

#[tokio::test]
async fn a_refused_post_keeps_what_was_typed() {
    let app = Site::new().await;
    app.add_board("product", "Product").await;
    let details = "x".repeat(10_001);
    for (title, details, field) in [
        ("   ", "kept & dear", "title-error"),
        ("A title", &*details, "details-error"),
    ] {
        let page = app
            .post(
                Role::Member,
                "/feedback",
                &[("title", title), ("details", details), ("board", "product")],
            )
            .await;
        assert_eq!(page.status, 422);
        page.shows(&format!("id=\"{field}\""))
            .shows(&details.replace('&', "&amp;"))
            .shows("aria-invalid=\"true\"");
    }
    let page = app
        .post(
            Role::Member,
            "/feedback",
            &[("title", "T"), ("board", "gone")],
        )
        .await;
    page.shows("There is no such board.").shows("value=\"T\"");
    assert!(
        app.store
            .posts(&org(), &Default::default())
            .await
            .unwrap()
            .is_empty()
    );
}

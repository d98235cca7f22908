//! What was also heard: on the call's page, on the post's, and what a person makes of it.

use domain::{
    feedback::{Post, PostStatus},
    ids::{CallId, PostId},
    ports::{feedback::FeedbackStore, ledger::Ledger},
    principal::Role,
};

use crate::site::{Answer, Site, org};

const TITLE: &str = "Tell us before a session ends";
const OTHER: &str = "Sort the list by customer";

async fn furnished() -> Site {
    let app = Site::new().await;
    app.furnish().await;
    app
}

/// The post that an answer leads to.
async fn led_to(app: &Site, answer: &Answer) -> Post {
    let page = answer.location().strip_prefix("/feedback/").unwrap();
    let id = page.strip_suffix("?done=heard-posted").unwrap();
    let id = PostId::parse(id).unwrap();
    app.store.post(&org(), &id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_calls_page_shows_it_with_its_quotes_and_for_members_the_buttons() {
    let app = furnished().await;
    let page = app.get(Role::Viewer, "/calls/11").await;
    page.shows("Also heard (2)")
        .shows("id=\"heard-2\"")
        .shows(TITLE)
        .shows("A button that exports every report of a week.")
        .shows("We ask for 2.")
        .shows("highlights=x\" rel=\"noreferrer\">04:31</a>")
        .shows("1 quote from the model’s answer left out")
        .shows("Read by the built-in engine, version 1.")
        .hides("Make a post of it")
        .hides("Dismiss");
    let page = app.get(Role::Member, "/calls/11").await;
    page.shows("Make a post of it")
        .shows("<option value=\"product\" selected>Product</option>")
        .shows("action=\"/calls/11/heard/4/dismiss\"");
    app.get(Role::Member, "/calls/14").await.hides("Also heard");
    app.get(Role::Viewer, "/feedback/bulk-export")
        .await
        .shows("Also heard in the same calls")
        .shows(&format!("href=\"/calls/11#heard-2\">{TITLE}</a>"));
    app.get(Role::Viewer, "/feedback/dark-mode")
        .await
        .hides("Also heard");
}

#[tokio::test]
async fn a_post_is_made_of_it_once_with_evidence_and_possible_duplicates() {
    let app = furnished().await;
    let path = "/calls/11/heard/2/post";
    let answer = app.post(Role::Member, path, &[("board", "mobile")]).await;
    let post = led_to(&app, &answer).await;
    let again = app.post(Role::Admin, path, &[("board", "product")]).await;
    assert_eq!(led_to(&app, &again).await, post);

    assert_eq!(
        (&*post.request.title, post.board_id.as_str()),
        (TITLE, "mobile")
    );
    assert_eq!((post.status, post.evidence_count), (PostStatus::Open, 1));
    assert_eq!(post.author.name.as_deref(), Some("Dana Whitlock"));
    let evidence = app.store.evidence(&org(), &post.id).await.unwrap();
    assert_eq!(
        (evidence[0].n, &*evidence[0].quotes[0].text),
        (2, "We ask for 2.")
    );
    let call = CallId::parse("11").unwrap();
    let call = app.store.call(&org(), &call).await.unwrap().unwrap();
    let outcome = call.outcomes.last().unwrap();
    assert_eq!((outcome.n, &outcome.post_id), (Some(2), &post.id));

    let page = app
        .get(Role::Member, &format!("/feedback/{}", post.id))
        .await;
    page.shows("Possible duplicates")
        .shows("a person made a post of its own of what was also heard in a call")
        .shows(&format!("href=\"/calls/11#heard-4\">{OTHER}</a>"))
        .hides("#heard-2");
    let page = app.get(Role::Member, "/calls/11").await;
    page.shows(&format!("href=\"/feedback/{}\">a post</a> of it", post.id))
        .hides("action=\"/calls/11/heard/2/");
    let refused = app
        .post(Role::Member, "/calls/11/heard/2/dismiss", &[])
        .await;
    assert_eq!(refused.status, 409);
    let log = app.get(Role::Viewer, "/activity").await;
    log.shows("of what was also heard in call 11").hides(TITLE);
}

#[tokio::test]
async fn its_evidence_is_moved_like_any_other() {
    let app = furnished().await;
    let path = "/calls/11/heard/4/post";
    let post = led_to(&app, &app.post(Role::Member, path, &[]).await).await;
    assert_eq!(post.board_id.as_str(), "product", "the default board");
    let path = format!("/feedback/{}/evidence/11/4/move", post.id);
    let to = [("to", "dark-mode")];
    assert_eq!(app.post(Role::Member, &path, &to).await.status, 303);
    let call = CallId::parse("11").unwrap();
    let call = app.store.call(&org(), &call).await.unwrap().unwrap();
    let posts: Vec<_> = call.outcomes.iter().map(|o| o.post_id.as_str()).collect();
    assert_eq!(posts, ["bulk-export", "dark-mode"]);
    app.get(Role::Member, "/feedback/dark-mode")
        .await
        .hides("/calls/11#heard-4");
}

#[tokio::test]
async fn it_is_dismissed_and_taken_up_again() {
    let app = furnished().await;
    let done = app
        .post(Role::Member, "/calls/11/heard/2/dismiss", &[])
        .await;
    assert_eq!(done.location(), "/calls/11?done=heard-dismissed");
    let page = app.get(Role::Member, done.location()).await;
    page.shows("The request was dismissed.")
        .shows("dismissed it, ")
        .shows("Undo the dismissal")
        .hides("action=\"/calls/11/heard/2/post\"");
    app.get(Role::Member, "/feedback/bulk-export")
        .await
        .hides(TITLE)
        .shows(OTHER);
    let refused = app.post(Role::Member, "/calls/11/heard/2/post", &[]).await;
    assert_eq!(refused.status, 409);
    refused.shows("already decided about this request");
    let path = "/calls/11/heard/2/undo-dismissal";
    let done = app.post(Role::Member, path, &[]).await;
    assert_eq!(done.location(), "/calls/11?done=dismissal-undone");
    app.get(Role::Member, "/calls/11")
        .await
        .shows("action=\"/calls/11/heard/2/post\"");
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let app = furnished().await;
    for (path, form, status, words) in [
        (
            "/calls/11/heard/3/post",
            &[][..],
            404,
            "no longer kept with its call",
        ),
        (
            "/calls/14/heard/2/dismiss",
            &[],
            404,
            "no longer kept with its call",
        ),
        (
            "/calls/11/heard/2/post",
            &[("board", "none")],
            422,
            "The board is not in the list.",
        ),
        (
            "/calls/11/heard/2/post",
            &[("board", "#")],
            422,
            "The board is not in the list.",
        ),
    ] {
        let answer = app.post(Role::Member, path, form).await;
        assert_eq!(answer.status, status, "{path} {form:?}");
        answer.shows(words);
    }
}

#[tokio::test]
async fn the_api_tells_what_was_also_heard_in_a_call() {
    let app = furnished().await;
    app.post(Role::Member, "/calls/11/heard/4/dismiss", &[])
        .await;
    let call = app.get(Role::Viewer, "/api/calls/11").await.json();
    let heard = &call["also_heard"];
    assert_eq!(heard[0]["title"], TITLE);
    assert_eq!(
        (&heard[0]["n"], &heard[0]["state"]),
        (&2.into(), &"open".into())
    );
    assert_eq!(heard[0]["quotes"][0]["text"], "We ask for 2.");
    assert_eq!(heard[1]["state"], "dismissed");
    let none = app.get(Role::Viewer, "/api/calls/14").await.json();
    assert_eq!(none["also_heard"], serde_json::json!([]));
}

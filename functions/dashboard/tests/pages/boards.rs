//! Boards and tags.

use domain::{ports::feedback::FeedbackStore, principal::Role};

use crate::site::{Site, org};

#[tokio::test]
async fn an_admin_makes_and_edits_a_board() {
    let app = Site::new().await;
    app.get(Role::Viewer, "/boards")
        .await
        .shows("No boards yet.")
        .hides("Create the first board");
    let form = [
        ("name", "Product"),
        ("description", "Everything"),
        ("categories", "Exports\r\nSign-in\r\n"),
        ("is_default", "on"),
    ];
    let made = app.post(Role::Admin, "/boards", &form).await;
    assert_eq!(made.location(), "/boards?done=board-saved");
    let page = app.get(Role::Viewer, "/boards").await;
    page.shows("Product")
        .shows("default")
        .shows("Exports")
        .shows("Sign-in")
        .shows("Everything");
    let board = app.store.boards(&org()).await.unwrap().remove(0);
    let edit = format!("/boards/{}/edit", board.id);
    app.get(Role::Admin, &edit)
        .await
        .shows("value=\"Product\"")
        .shows("name=\"category\" value=\"Exports\"")
        .shows("name=\"category\" value=\"Sign-in\"")
        .shows("value=\"on\" checked");
    app.post(
        Role::Admin,
        &edit,
        &[("name", "Product & app"), ("categories", "Exports")],
    )
    .await;
    let after = app.store.boards(&org()).await.unwrap().remove(0);
    assert_eq!(
        (after.name.as_str(), after.categories.len()),
        ("Product & app", 1)
    );
    assert_eq!(after.categories[0].id, board.categories[0].id);
    assert_eq!(
        app.post(Role::Admin, "/boards/none/edit", &[("name", "A")])
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_refused_board_keeps_what_was_typed_and_names_the_field() {
    let app = Site::new().await;
    let long = "x".repeat(61);
    for (name, categories, field) in [
        ("", "Kept", "name-error"),
        ("Kept", &*long, "categories-error"),
    ] {
        let page = app
            .post(
                Role::Admin,
                "/boards",
                &[
                    ("name", name),
                    ("categories", categories),
                    ("is_default", "on"),
                ],
            )
            .await;
        assert_eq!(page.status, 422);
        page.shows(&format!("id=\"{field}\""))
            .shows("Kept")
            .shows("value=\"on\" checked");
    }
    assert!(app.store.boards(&org()).await.unwrap().is_empty());
}

#[tokio::test]
async fn tags_are_added_and_renamed() {
    let app = Site::new().await;
    app.post(Role::Admin, "/tags", &[("name", " Enterprise ")])
        .await;
    let tag = app.store.tags(&org()).await.unwrap().remove(0);
    assert_eq!(tag.name, "Enterprise");
    let rename = format!("/tags/{}", tag.id);
    let done = app
        .post(Role::Admin, &rename, &[("name", "Large accounts")])
        .await;
    assert_eq!(done.location(), "/boards?done=tag-saved");
    let tags = app.store.tags(&org()).await.unwrap();
    assert_eq!((tags.len(), tags[0].name.as_str()), (1, "Large accounts"));
    let empty = app.post(Role::Admin, &rename, &[("name", "  ")]).await;
    assert_eq!(empty.status, 422);
    empty
        .shows("A name is required")
        .shows("<details open>")
        .shows("aria-invalid=\"true\"");
    let long = app
        .post(Role::Admin, "/tags", &[("name", &"y".repeat(41))])
        .await;
    long.shows("at most 40 characters").shows(&"y".repeat(41));
    assert_eq!(
        app.post(Role::Admin, "/tags/none", &[("name", "A")])
            .await
            .status,
        404
    );
    assert_eq!(app.store.tags(&org()).await.unwrap().len(), 1);
}

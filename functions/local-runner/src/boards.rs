//! The boards that an organization finds when the sandbox is in use.

use domain::{
    feedback::{Board, Category, Tag},
    ids::{BoardId, CategoryId, OrgId, TagId},
    moment::Timestamp,
    ports::{StoreError, feedback::FeedbackStore},
};

/// Makes the default board, with categories and tags, when the organization has no board at all.
///
/// # Errors
/// [`StoreError`].
pub async fn ensure_default(
    store: &dyn FeedbackStore,
    org: &OrgId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !store.boards(org).await?.is_empty() {
        return Ok(());
    }
    let category = |(id, name): (&str, &str)| Category {
        id: CategoryId::parse(id).expect("a fixed, valid id"),
        name: name.into(),
    };
    let categories = [
        ("reports", "Reports and exports"),
        ("tickets", "Tickets and automation"),
        ("mobile", "Mobile app"),
        ("access", "Sign-in and access"),
        ("integrations", "Integrations"),
        ("interface", "Interface and usability"),
        ("search", "Search and knowledge base"),
    ];
    let board = Board {
        org_id: org.clone(),
        id: BoardId::parse("feature-requests").expect("a fixed, valid id"),
        name: "Feature requests".into(),
        description: "What customers ask for or run into, from calls and by hand.".into(),
        is_default: true,
        categories: categories.into_iter().map(category).collect(),
        created: now,
    };
    store.put_board(&board).await?;
    for (id, name) in [
        ("export", "export"),
        ("limits", "limits"),
        ("usability", "usability"),
        ("mobile", "mobile"),
        ("reporting", "reporting"),
    ] {
        let tag = Tag {
            org_id: org.clone(),
            id: TagId::parse(id).expect("a fixed, valid id"),
            name: name.into(),
        };
        store.put_tag(&tag).await?;
    }
    Ok(())
}

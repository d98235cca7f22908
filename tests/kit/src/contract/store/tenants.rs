use domain::{
    connection::WorkspaceFingerprint,
    feedback::{AlsoHeard, Board, Settings, Tag},
    ids::{BoardId, TagId},
    ports::{
        connections::{BudgetStore, ConnectionStore, SyncStore, TokenStore},
        feedback::{Commit, DedupeStore, FeedbackStore, PostFilter},
        ledger::Ledger,
    },
};

use super::{Store, make::*};

/// Organizations whose names begin like another's have everything; "a" has nothing and sees
/// nothing. (A name cannot hold the '#' that keys are made with.)
pub async fn organizations_never_see_each_other(store: &Store) {
    let a = org("a");
    for name in ["a2", "a.b", "a-", "aa", "A"] {
        fill(store, name).await;
    }
    assert!(domain::ids::OrgId::parse("a#CALL#1").is_err());

    assert_eq!(store.connection(&a).await, Ok(None));
    assert_eq!(store.directory(&a).await, Ok(None));
    assert_eq!(store.token(&a).await, Ok(None));
    assert_eq!(store.poll(&a).await, Ok(None));
    assert_eq!(store.blocked_until(&a).await, Ok(None));
    assert_eq!(store.windows(&a).await, Ok(Vec::new()));
    assert_eq!(store.window(&a, &window_id("first-1")).await, Ok(None));
    assert_eq!(store.calls(&a, &[call_id(1)]).await, Ok(Vec::new()));
    assert_eq!(store.open_calls(&a, None, None, 9).await, Ok(Vec::new()));
    assert_eq!(store.count_in_work(&a, 9).await, Ok(0));
    assert!(store.counts(&a).await.unwrap().is_empty());
    assert!(
        store
            .page(&a, None, None, 9)
            .await
            .unwrap()
            .calls
            .is_empty()
    );
    assert_eq!(store.boards(&a).await, Ok(Vec::new()));
    assert_eq!(store.tags(&a).await, Ok(Vec::new()));
    assert_eq!(store.settings(&a).await, Ok(Settings::default()));
    assert_eq!(store.post(&a, &post_id("p")).await, Ok(None));
    assert_eq!(
        store.posts(&a, &PostFilter::default()).await,
        Ok(Vec::new())
    );
    assert_eq!(store.evidence(&a, &post_id("p")).await, Ok(Vec::new()));
    assert_eq!(store.also_heard(&a, &call_id(1)).await, Ok(None));
    assert_eq!(store.all_also_heard(&a).await, Ok(Vec::new()));
    assert_eq!(store.epoch(&a).await, Ok(0));
    assert_eq!(store.pending(&a).await, Ok(Vec::new()));

    // And each sees its own alone.
    let a2 = org("a2");
    assert_eq!(
        store
            .posts(&a2, &PostFilter::default())
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(store.page(&a2, None, None, 9).await.unwrap().calls.len(), 2);
    assert_eq!(store.pending(&a2).await.unwrap().len(), 1);
}

async fn fill(store: &Store, name: &str) {
    let org = org(name);
    let fingerprint = WorkspaceFingerprint::workspace(name);
    store
        .connect(&new_connection(&org, 1, &[fingerprint]))
        .await
        .unwrap();
    store.put_directory(&org, NOW, &[]).await.unwrap();
    store.block(&org, NOW).await.unwrap();
    let claimed = claimed(store, &org, 1, "w").await;
    store.insert(&call(&org, 2)).await.unwrap();
    let heard = AlsoHeard {
        org_id: org.clone(),
        call_id: call_id(1),
        version: 0,
        items: Vec::new(),
    };
    let commit = Commit {
        also_heard: Some(heard),
        ..commit(&claimed, "w", 0, "p")
    };
    store.commit(&commit).await.unwrap();
    let board = Board {
        org_id: org.clone(),
        id: BoardId::parse("board").unwrap(),
        name: "Board".to_owned(),
        description: String::new(),
        is_default: true,
        categories: Vec::new(),
        created: NOW,
    };
    store.put_board(&board).await.unwrap();
    let tag = Tag {
        org_id: org.clone(),
        id: TagId::parse("tag").unwrap(),
        name: "Tag".to_owned(),
    };
    store.put_tag(&tag).await.unwrap();
    let settings = Settings {
        feedback_per_call: 5,
        ..Settings::default()
    };
    store.put_settings(&org, &settings).await.unwrap();
}

use domain::feedback::Request;
use domain::{
    feedback::{
        Board, Moderation, Post, PostStatus, Settings, Tag,
        settings::{Merging, MonthlyBudget, Review},
    },
    ids::{BoardId, TagId},
    ports::feedback::{DedupeStore, FeedbackStore, PostFilter},
};

use super::{Store, make::*};

fn board(id: &str, created: i64) -> Board {
    Board {
        org_id: org("a"),
        id: BoardId::parse(id).unwrap(),
        name: id.to_owned(),
        description: String::new(),
        is_default: false,
        categories: Vec::new(),
        created: later(created),
    }
}

fn tag(id: &str, name: &str) -> Tag {
    Tag {
        org_id: org("a"),
        id: TagId::parse(id).unwrap(),
        name: name.to_owned(),
    }
}

pub async fn boards_tags_and_settings(store: &Store) {
    let a = org("a");
    let boards = [board("z", 1), board("m", 2), board("a", 3)];
    for board in boards.iter().rev() {
        store.put_board(board).await.unwrap();
    }
    assert_eq!(store.boards(&a).await.unwrap(), boards);
    let renamed = Board {
        name: "New name".to_owned(),
        ..boards[1].clone()
    };
    store.put_board(&renamed).await.unwrap();
    assert_eq!(store.boards(&a).await.unwrap()[1], renamed);

    let tags = [tag("9", "api"), tag("1", "Billing"), tag("5", "export")];
    for tag in tags.iter().rev() {
        store.put_tag(tag).await.unwrap();
    }
    assert_eq!(store.tags(&a).await.unwrap(), tags);

    assert_eq!(store.settings(&a).await, Ok(Settings::default()));
    let settings = Settings {
        feedback_per_call: 5,
        merging: Merging::Judged,
        withdraw_private: true,
        own_domains: vec!["fernhill.example".to_owned()],
        redact: false,
        review: Review::Uncertain,
        budget: MonthlyBudget {
            tokens: Some(5),
            dollars: None,
        },
    };
    store.put_settings(&a, &settings).await.unwrap();
    assert_eq!(store.settings(&a).await, Ok(settings));
    assert_eq!(store.settings(&org("b")).await, Ok(Settings::default()));
}

pub async fn posts_by_filter_newest_first(store: &Store) {
    let a = org("a");
    let posts = [
        Post {
            created: later(3),
            tag_ids: vec![tag("1", "").id],
            ..post(&a, "p3")
        },
        Post {
            created: later(2),
            status: PostStatus::UnderReview,
            ..post(&a, "p2")
        },
        Post {
            request: Request {
                description: "Größe der Listen".to_owned(),
                ..post(&a, "p1").request
            },
            created: later(1),
            board_id: BoardId::parse("other").unwrap(),
            moderation: Moderation::InReview,
            ..post(&a, "p1")
        },
    ];
    for post in &posts {
        store.create_post(post, &vector(post)).await.unwrap();
    }
    let [p3, p2, p1] = &posts;
    let none = PostFilter::default();
    let text = |text: &str| PostFilter {
        text: Some(text.to_owned()),
        ..none.clone()
    };
    let cases = [
        (none.clone(), vec![p3, p2, p1]),
        (
            PostFilter {
                board: Some(p1.board_id.clone()),
                ..none.clone()
            },
            vec![p1],
        ),
        (
            PostFilter {
                tag: Some(tag("1", "").id),
                ..none.clone()
            },
            vec![p3],
        ),
        (
            PostFilter {
                tag: Some(tag("2", "").id),
                ..none.clone()
            },
            vec![],
        ),
        (
            PostFilter {
                status: Some(PostStatus::Open),
                ..none.clone()
            },
            vec![p3, p1],
        ),
        (
            PostFilter {
                moderation: Some(Moderation::InReview),
                ..none.clone()
            },
            vec![p1],
        ),
        (text("title OF"), vec![p3, p2, p1]),
        (text("GRÖSSE"), vec![]),
        (text("GRÖßE"), vec![p1]),
        (text("p2"), vec![p2]),
    ];
    for (filter, expected) in cases {
        let found = store.posts(&a, &filter).await.unwrap();
        assert!(found.iter().eq(expected), "{filter:?}");
    }
}

pub async fn evidence_oldest_first(store: &Store) {
    let a = org("a");
    let claimed = claimed(store, &a, 1, "w").await;
    let mut commit = commit(&claimed, "w", 0, "p");
    let [new, other] = ["p", "p-2"].map(|id| post(&a, id));
    commit.posts.push((other.clone(), None));
    let mut second = evidence(&new, 1, 1);
    second.created = later(-1);
    commit.evidence = vec![evidence(&new, 1, 0), second.clone(), evidence(&other, 1, 0)];
    store.commit(&commit).await.unwrap();
    let found = store.evidence(&a, &new.id).await.unwrap();
    assert_eq!(found, [second, commit.evidence[0].clone()]);
    assert_eq!(store.evidence(&a, &post_id("none")).await, Ok(Vec::new()));
}

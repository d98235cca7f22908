use std::collections::BTreeMap;

use domain::{
    call::{
        Call, CallState, Outcome, OutcomeResult, SkipCause,
        stages::{Stage, StageRecord},
    },
    connection::{
        Connection, ConnectionStatus, History, OAuthState, Poll, Slice, Token, Window, WindowKind,
        WorkspaceFingerprint,
    },
    feedback::{
        Author, Before, Board, Category, Evidence, Judged, MergeBasis, MergeCheck, Merged,
        Moderation, Move, Post, PostStatus, Priority, Quote, Request, Reviewed, Sentiment,
        Settings, Similar, Tag,
    },
    findings::{Confidence, Finding, Found, Sameness},
    gong::shapes::DirectoryUser,
    ids::{BoardId, CategoryId, TagId},
    moment::Timestamp,
    party::{Affiliation, Party},
    ports::{
        connections::{ConnectionStore, NewConnection, SyncStore, TokenStore},
        feedback::{DedupeStore, FeedbackStore, PostVector},
        ledger::Ledger,
    },
    usage::Usage,
};
use serde_json::json;

use super::{Store, make::*};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

async fn connections_table(store: &Store, new: &NewConnection, state: &OAuthState) {
    let org = &new.connection.org_id;
    store.connect(new).await.unwrap();
    assert_eq!(
        store.connection(org).await,
        Ok(Some(new.connection.clone()))
    );
    assert_eq!(store.token(org).await, Ok(Some(new.token.clone())));
    assert_eq!(store.poll(org).await, Ok(Some(new.poll.clone())));
    for window in &new.windows {
        let stored = store.window(org, &window.id).await;
        assert_eq!(stored, Ok(Some(window.clone())));
    }
    store.put_state("hash", state).await.unwrap();
    let taken = store.take_state("hash", &state.browser_hash, NOW).await;
    assert_eq!(taken.as_ref(), Ok(state));
}

pub async fn full_connections_table(store: &Store) {
    let a = org("a");
    let full = Window {
        slices: vec![
            Slice {
                from: Timestamp(-1),
                to: NOW,
                done: true,
                listed: u64::MAX,
                queued: 1,
            },
            Slice {
                from: NOW,
                to: later(1),
                done: false,
                listed: 0,
                queued: 0,
            },
        ],
        listed: 7,
        queued: 6,
        announced: 5,
        woke: true,
        after: text("98765432109876543210"),
        lease: Some(lease("w", later(9))),
        finished: Some(later(8)),
        waiting_for: text("Gong asked us to wait until 12:00"),
        ..window(&a, "full", WindowKind::Lookback)
    };
    let new = NewConnection {
        connection: Connection {
            status: ConnectionStatus::ReconnectRequired,
            history: History::Since(Timestamp(i64::MIN)),
            disconnected_at: Some(later(7)),
            last_error: text("“Übel” – nicht gut\n\u{1f980}"),
            ..connection(
                &a,
                1,
                &[
                    WorkspaceFingerprint::workspace("1"),
                    WorkspaceFingerprint::slug("x/y"),
                    WorkspaceFingerprint::user(""),
                ],
            )
        },
        token: Token {
            version: u64::MAX,
            lease: Some(lease("w", Timestamp(i64::MAX))),
            revoked: true,
            ..token(&a, 1)
        },
        poll: Poll {
            last_success: Some(later(1)),
            last_lookback: Some(later(2)),
            last_manual: Some(later(3)),
            seen_calls: true,
            last_error: text("why"),
            ..poll(&a, 1)
        },
        windows: vec![full],
        ..new_connection(&a, 1, &[])
    };
    connections_table(store, &new, &state(&a)).await;
    let users = [DirectoryUser {
        id: "1".to_owned(),
        emails: vec!["a@x.example".to_owned(), "b@x.example".to_owned()],
    }];
    store.put_directory(&a, NOW, &users).await.unwrap();
    assert_eq!(store.directory(&a).await, Ok(Some((NOW, users.to_vec()))));
}

pub async fn empty_connections_table(store: &Store) {
    let a = org("a");
    let new = NewConnection {
        connection: Connection {
            workspace: String::new(),
            secret_name: String::new(),
            ..connection(&a, 1, &[])
        },
        token: Token {
            due: None,
            ..token(&a, 1)
        },
        poll: Poll {
            due: None,
            ..poll(&a, 1)
        },
        windows: vec![Window {
            due: None,
            ..window(&a, "empty", WindowKind::Reconcile)
        }],
        ..new_connection(&a, 1, &[])
    };
    let state = OAuthState {
        history: History::Off,
        ..state(&a)
    };
    connections_table(store, &new, &state).await;
}

fn check() -> MergeCheck {
    MergeCheck {
        reason: "why".to_owned(),
        basis: Some(MergeBasis::PersonsMove),
        guarded: false,
        score: 0.851_234_56,
        threshold: 0.85,
        embedder: "voyage-1024".to_owned(),
        guards: vec!["the numbers differ".to_owned()],
        judged: Some(Judged {
            model: "some-model".to_owned(),
            sameness: Sameness::Unsure,
            confidence: Some(Confidence::Low),
        }),
    }
}

fn full_post(a: &domain::ids::OrgId) -> Post {
    let metadata: BTreeMap<_, _> = [
        ("gong_call_url", json!("https://us-1.app.gong.io/call?id=1")),
        ("nothing", json!(null)),
        ("whole", json!(9_007_199_254_740_993_u64)),
        ("negative", json!(-12)),
        ("one", json!(1.0)),
        ("sum", json!(0.1 + 0.2)),
        ("third", json!(1.0 / 3.0)),
        ("large", json!(1e300)),
        ("small", json!(5e-324)),
        ("deep", json!({"": [1, [true, {"x": [null]}]]})),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let similar = [
        -1.0,
        -0.0,
        f32::EPSILON,
        f32::MIN_POSITIVE,
        1.0 / 3.0,
        0.999_999_94,
    ];
    Post {
        request: Request {
            sentiment: Some(Sentiment::Negative),
            priority: Some(Priority::Critical),
            feature_area: text("Exports"),
            pain_points: vec!["slow".to_owned(), String::new()],
            ..post(a, "p").request
        },
        revision: u64::MAX,
        category_id: Some(CategoryId::parse("c").unwrap()),
        tag_ids: vec![TagId::parse("t").unwrap()],
        status: PostStatus::UnderReview,
        moderation: Moderation::InReview,
        review_reason: text("no quote"),
        proposed: Some(Similar {
            post_id: post_id("other"),
            check: check(),
        }),
        reviewed: Some(Reviewed {
            by: user("ada"),
            at: NOW,
            reason: text("no"),
        }),
        merged_into: Some(Merged {
            into: post_id("root"),
            by: user("ada"),
            at: NOW,
            check: Some(check()),
            before: Before {
                moderation: Moderation::InReview,
                review_reason: text("unsure"),
                proposed: Some(Similar {
                    post_id: post_id("other"),
                    check: check(),
                }),
            },
        }),
        merged_from: vec![post_id("x"), post_id("y")],
        unmerges: 3,
        owner: Some(user("max")),
        edits: 4,
        author: Author {
            name: text("Ada"),
            email: text("ada@x.example"),
            account: text("X"),
        },
        metadata,
        engine: Some(engine()),
        similar: similar
            .map(|score| Similar {
                post_id: post_id("other"),
                check: MergeCheck { score, ..check() },
            })
            .to_vec(),
        created_by: Some(user("ada")),
        ..post(a, "p")
    }
}

fn full_evidence(post: &Post) -> Evidence {
    Evidence {
        request: Request {
            sentiment: Some(Sentiment::Positive),
            priority: Some(Priority::Low),
            feature_area: text("Area"),
            pain_points: vec!["slow".to_owned()],
            ..evidence(post, 1, u32::MAX).request
        },
        call_url: text("https://us-1.app.gong.io/call?id=1"),
        call_title: text("Review"),
        call_started: Some(NOW),
        author: post.author.clone(),
        quotes: vec![
            Quote {
                text: "It’s “slow”.".to_owned(),
                speaker: "Ada".to_owned(),
                start_ms: 61_500,
                link: text("https://us-1.app.gong.io/call?id=1&highlights=%5B%5D"),
            },
            Quote {
                text: String::new(),
                speaker: String::new(),
                start_ms: 0,
                link: None,
            },
        ],
        rejected_quotes: 2,
        moves: vec![Move {
            from: post_id("before"),
            by: user("ada"),
            at: NOW,
        }],
        merge: Some(check()),
        ..evidence(post, 1, u32::MAX)
    }
}

pub async fn full_feedback_table(store: &Store) {
    let a = org("a");
    let board = Board {
        org_id: a.clone(),
        id: BoardId::parse("b").unwrap(),
        name: "Product".to_owned(),
        description: "What belongs on it".to_owned(),
        is_default: true,
        categories: vec![Category {
            id: CategoryId::parse("c").unwrap(),
            name: "Exports".to_owned(),
        }],
        created: NOW,
    };
    store.put_board(&board).await.unwrap();
    assert_eq!(store.boards(&a).await, Ok(vec![board]));
    let post = full_post(&a);
    let claimed = claimed(store, &a, 1, "w").await;
    let mut commit = commit(&claimed, "w", 0, "p");
    let vector = PostVector {
        vector: vec![f32::MIN, f32::MAX, f32::NEG_INFINITY, -0.0, f32::EPSILON],
        ..vector(&post)
    };
    commit.posts = vec![(post.clone(), Some(vector.clone()))];
    commit.evidence = vec![full_evidence(&post)];
    store.commit(&commit).await.unwrap();
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post.clone())));
    assert_eq!(store.evidence(&a, &post.id).await, Ok(commit.evidence));
    let pending = store.pending(&a).await.unwrap();
    assert_eq!(pending[0].vector.as_ref(), Some(&vector.vector));
    assert_eq!(pending[0].revision, u64::MAX);
    assert_eq!(store.all_vectors(None).await, Ok((vec![vector], None)));
}

pub async fn empty_feedback_table(store: &Store) {
    let a = org("a");
    let board = Board {
        org_id: a.clone(),
        id: BoardId::parse("b").unwrap(),
        name: String::new(),
        description: String::new(),
        is_default: false,
        categories: Vec::new(),
        created: NOW,
    };
    store.put_board(&board).await.unwrap();
    assert_eq!(store.boards(&a).await, Ok(vec![board]));
    let tag = Tag {
        org_id: a.clone(),
        id: TagId::parse("t").unwrap(),
        name: String::new(),
    };
    store.put_tag(&tag).await.unwrap();
    assert_eq!(store.tags(&a).await, Ok(vec![tag]));
    store.put_settings(&a, &Settings::default()).await.unwrap();
    assert_eq!(store.settings(&a).await, Ok(Settings::default()));
    let post = Post {
        request: Request {
            title: String::new(),
            description: String::new(),
            ..post(&a, "p").request
        },
        source: String::new(),
        evidence_count: 0,
        ..post(&a, "p")
    };
    let vector = PostVector {
        vector: Vec::new(),
        ..vector(&post)
    };
    store.create_post(&post, &vector).await.unwrap();
    assert_eq!(store.post(&a, &post.id).await, Ok(Some(post)));
    assert_eq!(store.all_vectors(None).await, Ok((vec![vector], None)));
}

pub async fn calls(store: &Store) {
    let a = org("a");
    let outcome = |result, score: Option<f32>| Outcome {
        result,
        post_id: post_id("p"),
        n: score.map(|_| u32::MAX),
        score,
    };
    let full = Call {
        state: CallState::Skipped,
        skip_cause: Some(SkipCause::NoTranscript),
        title: text("Review"),
        url: text("https://us-1.app.gong.io/call?id=1"),
        language: text("eng"),
        account: text("X"),
        parties: vec![
            Party {
                id: text("1"),
                name: text("Ada"),
                email: text("ada@x.example"),
                user_id: text("2"),
                speaker_id: text("3"),
                affiliation: Affiliation::External,
            },
            Party::default(),
        ],
        read_at: Some(later(1)),
        attempts: u32::MAX,
        overruns: 3,
        lease: Some(lease("w", later(9))),
        outcomes: vec![
            outcome(OutcomeResult::Posted, None),
            outcome(OutcomeResult::Consolidated, Some(0.912_345_67)),
            outcome(OutcomeResult::InReview, Some(-1.0)),
        ],
        engine: Some(engine()),
        stages: vec![StageRecord {
            stage: Stage::Detect,
            model: text("m"),
            version: None,
            says: "no".to_owned(),
            usage: Usage::default(),
        }],
        usage: Usage {
            llm_calls: 4,
            prompt_tokens: u64::MAX,
            cached_tokens: 6,
            cache_written_tokens: 7,
            completion_tokens: 2,
            detected: 8,
            extracted: 9,
            embedded_texts: 1,
            embedded_tokens: 3,
            cost_micros: 4,
            unpriced_tokens: 5,
        },
        found: Some(Found {
            of: "a hash".to_owned(),
            findings: vec![Finding {
                request: Request {
                    title: "CSV".to_owned(),
                    description: String::new(),
                    sentiment: Some(Sentiment::Negative),
                    priority: None,
                    feature_area: text("Reports"),
                    pain_points: vec!["by hand".to_owned()],
                },
                quotes: vec!["We need CSV.".to_owned()],
                confidence: Some(Confidence::High),
                doubts: Vec::new(),
            }],
        }),
        ..call(&a, 18_446_744_073_709_551_615)
    };
    let empty = Call {
        reason: String::new(),
        started: None,
        due: None,
        ..call(&a, 0)
    };
    for call in [full, empty] {
        store.insert(&call).await.unwrap();
        let stored = store.calls(&a, std::slice::from_ref(&call.id)).await;
        assert_eq!(stored, Ok(vec![call]));
    }
}

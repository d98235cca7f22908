//! Sample boards, posts, calls and connections.

use std::collections::BTreeMap;

use domain::{
    call::{Call, CallState, Outcome, OutcomeResult, SkipCause},
    connection::{
        Connection, ConnectionStatus, History, Poll, Slice, Token, Window, WindowKind,
        WorkspaceFingerprint,
    },
    feedback::{
        AlsoHeard, Author, Board, Category, EngineStamp, Evidence, Heard, MergeBasis, MergeCheck,
        Moderation, Post, PostStatus, Priority, Quote, Request, Sentiment, Similar, Tag,
    },
    ids::{BoardId, CallId, CategoryId, PostId, TagId, UserId, WindowId},
    lease::Lease,
    moment::Span,
    ports::{
        connections::{ConnectionStore, NewConnection},
        feedback::{Commit, DedupeStore, FeedbackStore, PostVector},
        ledger::Ledger,
    },
    usage::Usage,
};
use serde_json::json;

use crate::site::{START, Site, org};

impl Site {
    pub async fn add_board(&self, id: &str, name: &str) {
        self.store.put_board(&board(id, name)).await.unwrap();
    }
}

pub fn board(id: &str, name: &str) -> Board {
    Board {
        org_id: org(),
        id: BoardId::parse(id).unwrap(),
        name: name.into(),
        description: format!("What customers say about {name}."),
        is_default: id == "product",
        categories: vec![Category {
            id: CategoryId::parse("exports").unwrap(),
            name: "Exports".into(),
        }],
        created: START,
    }
}

pub fn engine() -> EngineStamp {
    EngineStamp {
        llm: "built-in engine".into(),
        version: "1".into(),
        product: None,
    }
}

pub fn post(id: &str, title: &str) -> Post {
    Post {
        category_id: Some(CategoryId::parse("exports").unwrap()),
        tag_ids: vec![TagId::parse("enterprise").unwrap()],
        source: "gong".into(),
        source_type: "integration".into(),
        author: Author {
            name: Some("Dana Whitlock".into()),
            email: Some("dana@harrowpike.example".into()),
            account: Some("Harrow Pike".into()),
        },
        metadata: BTreeMap::from([
            (
                "gong_call_url".to_owned(),
                json!("https://us-1.app.gong.io/call?id=11"),
            ),
            ("gong_call_id".to_owned(), json!("11")),
        ]),
        engine: Some(engine()),
        created: START - Span::hours(3),
        ..Post::new(
            org(),
            PostId::parse(id).unwrap(),
            Request {
                title: title.into(),
                description:
                    "They export every Friday and have to click through each report by hand.".into(),
                sentiment: Some(Sentiment::Negative),
                priority: Some(Priority::High),
                feature_area: Some("Reporting".into()),
                pain_points: vec!["Two hours of clicking a week".into()],
            },
            BoardId::parse("product").unwrap(),
            START,
        )
    }
}

pub fn evidence(post: &str, call: &str, quote: &str) -> Evidence {
    let url = format!("https://us-1.app.gong.io/call?id={call}");
    Evidence {
        request: Request {
            title: "Export all reports at once".into(),
            description: "A button that exports every report of a week.".into(),
            sentiment: None,
            priority: None,
            feature_area: None,
            pain_points: Vec::new(),
        },
        org_id: org(),
        post_id: PostId::parse(post).unwrap(),
        call_id: CallId::parse(call).unwrap(),
        n: 0,
        call_url: Some(url.clone()),
        call_title: Some("Harrow Pike biweekly".into()),
        call_started: Some(START - Span::days(2)),
        author: Author {
            name: Some("Dana Whitlock".into()),
            email: None,
            account: Some("Harrow Pike".into()),
        },
        rejected_quotes: 0,
        moves: Vec::new(),
        quotes: vec![Quote {
            text: quote.into(),
            speaker: "Dana Whitlock".into(),
            start_ms: 271_000,
            link: Some(format!("{url}&highlights=x")),
        }],
        merge: None,
        engine: engine(),
        created: START,
    }
}

pub fn heard(n: u32, title: &str) -> Heard {
    let evidence = evidence("unused", "11", &format!("We ask for {n}."));
    Heard {
        n,
        request: Request {
            title: title.into(),
            ..evidence.request
        },
        quotes: evidence.quotes,
        rejected_quotes: 1,
        author: evidence.author,
        doubts: Vec::new(),
        engine: engine(),
        decided: None,
    }
}

pub fn check(guards: &[&str]) -> MergeCheck {
    MergeCheck {
        reason: "the similarity reaches the threshold".into(),
        basis: Some(MergeBasis::Similarity),
        guarded: true,
        score: 0.912,
        threshold: 0.85,
        embedder: "voyage-4@1024".into(),
        guards: guards.iter().map(|guard| (*guard).to_owned()).collect(),
        judged: None,
    }
}

pub fn call(id: &str, state: CallState, reason: &str) -> Call {
    Call {
        stages: Vec::new(),
        org_id: org(),
        id: CallId::parse(id).unwrap(),
        generation: 1,
        state,
        reason: reason.into(),
        skip_cause: None,
        title: Some(format!("Call number {id}")),
        url: Some(format!("https://us-1.app.gong.io/call?id={id}")),
        started: Some(START - Span::hours(id.parse().unwrap())),
        language: Some("eng".into()),
        account: Some("Harrow Pike".into()),
        parties: Vec::new(),
        read_at: None,
        attempts: 0,
        overruns: 0,
        refused: None,
        lease: None,
        due: None,
        first_seen: START,
        updated: START,
        outcomes: Vec::new(),
        engine: None,
        usage: Usage::default(),
        found: None,
    }
}

pub fn connection(status: ConnectionStatus, history: History) -> Connection {
    Connection {
        org_id: org(),
        status,
        generation: 1,
        same_since: 1,
        workspace: "fernhill".into(),
        fingerprints: [WorkspaceFingerprint::user("424242")].into(),
        history,
        import_from: history.import_from(START),
        connected_by: UserId::parse("ada").unwrap(),
        connected_at: START,
        disconnected_at: None,
        secret_name: "productbridge/gong/demo/secret-name".into(),
        last_error: None,
    }
}

pub fn window(kind: WindowKind, finished: bool) -> Window {
    let from = START - Span::days(30);
    Window {
        org_id: org(),
        id: WindowId::parse(format!("{kind:?}-{finished}")).unwrap(),
        generation: 1,
        kind,
        created: START,
        slices: vec![Slice {
            from,
            to: START,
            done: finished,
            listed: 0,
            queued: 0,
        }],
        listed: 120,
        queued: 80,
        announced: 340,
        woke: true,
        resume: None,
        after: None,
        due: None,
        lease: None,
        finished: finished.then_some(START),
        waiting_for: None,
    }
}

impl Site {
    /// A connection of generation 1 with these windows; `last_success` when all are finished.
    pub async fn connect(&self, connection: Connection, windows: Vec<Window>, seen_calls: bool) {
        let done = windows.iter().all(|window| window.finished.is_some());
        let new = NewConnection {
            previous_generation: 0,
            freed: Vec::new(),
            outdated_secret: None,
            token: Token {
                org_id: org(),
                generation: 1,
                version: 1,
                secret_name: connection.secret_name.clone(),
                expires_at: START + Span::hours(24),
                due: None,
                lease: None,
                revoked: false,
            },
            poll: Poll {
                org_id: org(),
                generation: 1,
                import_from: connection.import_from,
                high_water: connection.import_from,
                due: Some(START + Span::hours(3)),
                last_success: done.then_some(START),
                last_lookback: Some(START),
                last_manual: None,
                seen_calls,
                last_error: None,
            },
            connection,
            windows,
        };
        self.store.connect(&new).await.unwrap();
    }

    /// Puts a post where a person's post would lie.
    pub async fn put_post(&self, post: &Post) {
        let vector = PostVector {
            org_id: org(),
            post_id: post.id.clone(),
            revision: post.revision,
            embedder: "one-place@2".into(),
            vector: vec![1.0, 0.0],
        };
        assert!(self.store.create_post(post, &vector).await.unwrap());
    }

    pub async fn put_call(&self, call: &Call) {
        assert!(self.store.insert(call).await.unwrap());
    }

    /// Commits a call with new posts, evidence and what was also heard, as the pipeline does.
    pub async fn commit(
        &self,
        call: Call,
        posts: Vec<Post>,
        evidence: Vec<Evidence>,
        items: Vec<Heard>,
    ) {
        let queued = Call {
            state: CallState::Queued,
            outcomes: Vec::new(),
            engine: None,
            ..call.clone()
        };
        self.put_call(&queued).await;
        let lease = Lease {
            owner: "worker".into(),
            until: START + Span::minutes(6),
        };
        let claimed = queued.claim(1, &lease, START).unwrap();
        self.store.replace(&queued, &claimed).await.unwrap();
        let also_heard = (!items.is_empty()).then(|| AlsoHeard {
            org_id: org(),
            call_id: call.id.clone(),
            version: 0,
            items,
        });
        let commit = Commit {
            call,
            owner: lease.owner,
            epoch: self.store.epoch(&org()).await.unwrap(),
            posts: posts.into_iter().map(|post| (post, None)).collect(),
            merges: Vec::new(),
            evidence,
            also_heard,
        };
        self.store.commit(&commit).await.unwrap();
    }

    /// Boards, tags, posts with evidence and a ledger: enough to look at.
    pub async fn furnish(&self) {
        self.add_board("product", "Product").await;
        self.add_board("mobile", "Mobile app").await;
        for (id, name) in [("enterprise", "Enterprise"), ("onboarding", "Onboarding")] {
            let tag = Tag {
                org_id: org(),
                id: TagId::parse(id).unwrap(),
                name: name.into(),
            };
            self.store.put_tag(&tag).await.unwrap();
        }
        let mut bulk = post("bulk-export", "Export all reports at once");
        bulk.evidence_count = 2;
        bulk.similar = vec![Similar {
            post_id: PostId::parse("export-30").unwrap(),
            check: check(&["differing numbers: 30 and 90"]),
        }];
        let second = Evidence {
            merge: Some(check(&[])),
            call_id: CallId::parse("11").unwrap(),
            n: 1,
            ..evidence(
                "bulk-export",
                "11",
                "Every Friday someone sits there for two hours, clicking.",
            )
        };
        let mut made = call(
            "11",
            CallState::Posted,
            "holds product feedback: a request for a bulk export",
        );
        made.outcomes = vec![outcome(OutcomeResult::Posted, "bulk-export", None)];
        made.engine = Some(engine());
        made.usage = Usage {
            llm_calls: 3,
            prompt_tokens: 5_320,
            completion_tokens: 412,
            embedded_texts: 1,
            ..Usage::default()
        };
        let first = evidence(
            "bulk-export",
            "11",
            "We can’t export more than one report at a time, and that is “half a day” gone.",
        );
        let items = vec![
            heard(2, "Tell us before a session ends"),
            heard(4, "Sort the list by customer"),
        ];
        self.commit(made, vec![bulk], vec![first, second], items)
            .await;

        let mut review = post("sso", "Sign in with our identity provider");
        review.moderation = Moderation::InReview;
        review.review_reason =
            Some("no sentence of the customer could be verified word for word".into());
        review.board_id = BoardId::parse("mobile").unwrap();
        review.tag_ids.clear();
        review.author.account = None;
        review.created = START - Span::hours(5);
        self.put_post(&review).await;
        let mut ninety = post("export-30", "Keep exports for 90 days instead of 30");
        ninety.status = PostStatus::Planned;
        ninety.created = START - Span::hours(9);
        self.put_post(&ninety).await;
        let mut manual = post("dark-mode", "Dark mode for night shifts in the warehouse");
        manual.source = "manual".into();
        manual.engine = None;
        manual.metadata.clear();
        manual.created_by = Some(UserId::parse("max").unwrap());
        manual.author = Author {
            name: Some("max".into()),
            ..Author::default()
        };
        manual.tag_ids = vec![TagId::parse("onboarding").unwrap()];
        manual.created = START - Span::days(3);
        self.put_post(&manual).await;

        let mut private = call("12", CallState::Skipped, "private");
        private.skip_cause = Some(SkipCause::Private);
        (private.title, private.url, private.account) = (None, None, None);
        self.put_call(&private).await;
        let mut internal = call(
            "13",
            CallState::Skipped,
            "no participant from outside the company",
        );
        internal.skip_cause = Some(SkipCause::InternalOnly);
        self.put_call(&internal).await;
        self.put_call(&call(
            "14",
            CallState::Discarded,
            "scheduling and pricing only; nothing about the product",
        ))
        .await;
        self.put_call(&call("15", CallState::Failed, "the language model’s answer could not be used after three attempts; retry it when the model works again")).await;
        self.put_call(&call(
            "16",
            CallState::AwaitingTranscript,
            "Gong has no transcript yet",
        ))
        .await;
        for id in 20..30 {
            self.put_call(&call(
                &id.to_string(),
                CallState::Queued,
                "waits for analysis",
            ))
            .await;
        }
    }
}

pub fn outcome(result: OutcomeResult, post: &str, score: Option<f32>) -> Outcome {
    Outcome {
        result,
        post_id: PostId::parse(post).unwrap(),
        score,
        n: None,
    }
}

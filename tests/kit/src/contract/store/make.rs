//! Domain values for the tests.

use domain::{
    call::{Call, CallState},
    connection::{
        Connection, ConnectionStatus, History, OAuthState, Poll, Token, Window, WindowKind,
        WorkspaceFingerprint,
    },
    feedback::{Author, EngineStamp, Evidence, Post, Request},
    ids::{BoardId, CallId, OrgId, PostId, UserId, WindowId},
    lease::Lease,
    moment::{Span, Timestamp},
    ports::{
        connections::NewConnection,
        feedback::{Commit, PostVector},
        ledger::Ledger,
    },
};

use super::Store;

/// 2025-11-25, noon UTC.
pub const NOW: Timestamp = Timestamp(1_764_072_000_000);

pub fn org(name: &str) -> OrgId {
    OrgId::parse(name).unwrap()
}
pub fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}
pub fn call_id(n: u64) -> CallId {
    CallId::parse(n.to_string()).unwrap()
}
pub fn post_id(name: &str) -> PostId {
    PostId::parse(name).unwrap()
}
pub fn window_id(name: &str) -> WindowId {
    WindowId::parse(name).unwrap()
}
pub fn later(seconds: i64) -> Timestamp {
    NOW + Span::seconds(seconds)
}
pub fn lease(owner: &str, until: Timestamp) -> Lease {
    Lease {
        owner: owner.to_owned(),
        until,
    }
}

pub fn state(org: &OrgId) -> OAuthState {
    OAuthState {
        org_id: org.clone(),
        user_id: user("ada"),
        history: History::Days(30),
        browser_hash: "browser".to_owned(),
        expires_at: later(600),
    }
}

pub fn connection(
    org: &OrgId,
    generation: u64,
    fingerprints: &[WorkspaceFingerprint],
) -> Connection {
    Connection {
        org_id: org.clone(),
        status: ConnectionStatus::Connected,
        generation,
        same_since: generation,
        workspace: "Fernhill".to_owned(),
        fingerprints: fingerprints.iter().cloned().collect(),
        history: History::Off,
        import_from: NOW,
        connected_by: user("ada"),
        connected_at: NOW,
        disconnected_at: None,
        secret_name: format!("gong-{org}-{generation}"),
        last_error: None,
    }
}

pub fn token(org: &OrgId, generation: u64) -> Token {
    Token {
        org_id: org.clone(),
        generation,
        version: 1,
        secret_name: format!("gong-{org}-{generation}"),
        expires_at: later(3_600),
        due: Some(later(3_300)),
        lease: None,
        revoked: false,
    }
}

pub fn poll(org: &OrgId, generation: u64) -> Poll {
    Poll {
        org_id: org.clone(),
        generation,
        import_from: NOW,
        high_water: NOW,
        due: Some(later(10_800)),
        last_success: None,
        last_lookback: None,
        last_manual: None,
        seen_calls: false,
        last_error: None,
    }
}

pub fn window(org: &OrgId, id: &str, kind: WindowKind) -> Window {
    Window {
        org_id: org.clone(),
        id: window_id(id),
        generation: 1,
        kind,
        created: NOW,
        slices: Vec::new(),
        listed: 0,
        queued: 0,
        announced: 0,
        woke: false,
        resume: None,
        after: None,
        due: Some(NOW),
        lease: None,
        finished: None,
        waiting_for: None,
    }
}

pub fn new_connection(
    org: &OrgId,
    generation: u64,
    fingerprints: &[WorkspaceFingerprint],
) -> NewConnection {
    NewConnection {
        connection: connection(org, generation, fingerprints),
        previous_generation: generation - 1,
        freed: Vec::new(),
        outdated_secret: None,
        token: token(org, generation),
        poll: poll(org, generation),
        windows: vec![window(
            org,
            &format!("first-{generation}"),
            WindowKind::Backfill,
        )],
    }
}

pub fn call(org: &OrgId, n: u64) -> Call {
    Call {
        stages: Vec::new(),
        org_id: org.clone(),
        id: call_id(n),
        generation: 1,
        state: CallState::Queued,
        reason: "new".to_owned(),
        skip_cause: None,
        title: None,
        url: None,
        started: Some(NOW),
        language: None,
        account: None,
        parties: Vec::new(),
        read_at: None,
        attempts: 0,
        overruns: 0,
        refused: None,
        lease: None,
        due: Some(later(300)),
        first_seen: NOW,
        updated: NOW,
        outcomes: Vec::new(),
        engine: None,
        usage: Default::default(),
        found: None,
    }
}

/// A call in the ledger that `owner` has.
pub async fn claimed(store: &Store, org: &OrgId, n: u64, owner: &str) -> Call {
    let read = call(org, n);
    assert!(store.insert(&read).await.unwrap());
    claim(&store.dynamo, &read, owner).await
}

/// A call that is there as it was read, now `owner`'s.
pub async fn claim(ledger: &dyn Ledger, read: &Call, owner: &str) -> Call {
    let claimed = read.claim(read.generation, &lease(owner, later(900)), NOW);
    let claimed = claimed.unwrap();
    ledger.replace(read, &claimed).await.unwrap();
    claimed
}

pub fn engine() -> EngineStamp {
    EngineStamp {
        llm: "built-in engine".to_owned(),
        version: "1".to_owned(),
        product: None,
    }
}

pub fn post(org: &OrgId, id: &str) -> Post {
    Post {
        source: "gong".to_owned(),
        source_type: "integration".to_owned(),
        evidence_count: 1,
        ..Post::new(
            org.clone(),
            post_id(id),
            Request {
                title: format!("Title of {id}"),
                description: "Details".to_owned(),
                ..Request::default()
            },
            BoardId::parse("board").unwrap(),
            NOW,
        )
    }
}

pub fn vector(post: &Post) -> PostVector {
    PostVector {
        org_id: post.org_id.clone(),
        post_id: post.id.clone(),
        revision: post.revision,
        embedder: "minilm-384".to_owned(),
        vector: vec![0.1, -0.7, f32::MIN_POSITIVE, 1.0 / 3.0],
    }
}

pub fn evidence(post: &Post, call: u64, n: u32) -> Evidence {
    Evidence {
        request: Request {
            title: "Title".to_owned(),
            description: "Details".to_owned(),
            sentiment: None,
            priority: None,
            feature_area: None,
            pain_points: Vec::new(),
        },
        org_id: post.org_id.clone(),
        post_id: post.id.clone(),
        call_id: call_id(call),
        n,
        call_url: None,
        call_title: None,
        call_started: None,
        author: Author::default(),
        quotes: Vec::new(),
        rejected_quotes: 0,
        merge: None,
        engine: engine(),
        created: NOW,
        moves: Vec::new(),
    }
}

/// A commit of a claimed call with one new searchable post, on this epoch.
pub fn commit(claimed: &Call, owner: &str, epoch: u64, id: &str) -> Commit {
    let post = post(&claimed.org_id, id);
    let n = claimed.id.as_str().parse().unwrap();
    Commit {
        call: Call {
            state: CallState::Posted,
            reason: "one new post".to_owned(),
            lease: None,
            due: None,
            updated: later(5),
            ..claimed.clone()
        },
        owner: owner.to_owned(),
        epoch,
        evidence: vec![evidence(&post, n, 0)],
        merges: Vec::new(),
        also_heard: None,
        posts: vec![(post.clone(), Some(vector(&post)))],
    }
}

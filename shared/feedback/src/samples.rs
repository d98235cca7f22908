//! What the tests of the rules are made of.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use async_trait::async_trait;
use domain::{
    feedback::{
        Activity, AlsoHeard, Author, Board, EngineStamp, Evidence, Heard, Post, Product,
        ProductVersion, Quote, Request, Settings, Tag, Unmerge,
    },
    findings::{Feedback, Finding},
    ids::{BoardId, CallId, OrgId, PostId, TagId},
    moment::Timestamp,
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{FeedbackStore, PostFilter},
    },
};

pub fn org() -> OrgId {
    OrgId::parse("fernhill").unwrap()
}

pub fn post_id(id: &str) -> PostId {
    PostId::parse(id).unwrap()
}

pub fn call_id(id: &str) -> CallId {
    CallId::parse(id).unwrap()
}

pub fn post(id: &str, title: &str) -> Post {
    let board = BoardId::parse("product").unwrap();
    Post::new(
        org(),
        post_id(id),
        Request::titled(title),
        board,
        Timestamp(1),
    )
}

pub fn board(id: &str, name: &str) -> Board {
    Board {
        org_id: org(),
        id: BoardId::parse(id).unwrap(),
        name: name.to_owned(),
        description: String::new(),
        is_default: false,
        categories: Vec::new(),
        created: Timestamp(1),
    }
}

pub fn tags() -> Vec<Tag> {
    let tag = |(id, name): (&str, &str)| Tag {
        org_id: org(),
        id: TagId::parse(id).unwrap(),
        name: name.to_owned(),
    };
    [("t1", "Billing"), ("t2", "Churn")].map(tag).into()
}

pub fn quote(speaker: &str) -> Quote {
    Quote {
        text: "We need this.".into(),
        speaker: speaker.into(),
        start_ms: 0,
        link: None,
    }
}

/// A feedback with a verified quote.
pub fn feedback(title: &str, vector: &[f32]) -> Feedback {
    Feedback {
        finding: Finding {
            request: Request::titled(title),
            quotes: Vec::new(),
            confidence: None,
            doubts: Vec::new(),
        },
        quotes: vec![quote("Lin")],
        rejected_quotes: 0,
        vector: vector.to_vec(),
    }
}

pub fn engine() -> EngineStamp {
    EngineStamp {
        llm: "built-in engine".into(),
        version: "1".into(),
        product: None,
    }
}

/// A request that was also heard, with a quote.
pub fn heard(n: u32, title: &str, who: &str) -> Heard {
    Heard {
        n,
        request: Request::titled(title),
        quotes: vec![quote(who)],
        rejected_quotes: 0,
        author: Author {
            name: Some(who.into()),
            ..Author::default()
        },
        doubts: Vec::new(),
        engine: engine(),
        decided: None,
    }
}

/// The first evidence of a call.
pub fn evidence(post: &str, call: &str, title: &str) -> Evidence {
    Evidence {
        org_id: org(),
        post_id: post_id(post),
        call_id: call_id(call),
        n: 0,
        call_url: None,
        call_title: None,
        call_started: None,
        author: Author::default(),
        request: Request::titled(title),
        quotes: vec![quote("Lin")],
        rejected_quotes: 0,
        merge: None,
        engine: engine(),
        created: Timestamp(1),
        moves: Vec::new(),
    }
}

/// Posts, their evidence and what was moved out of them.
#[derive(Default)]
pub struct Stored {
    pub posts: Vec<Post>,
    pub evidence: Vec<Evidence>,
    pub unmerges: Vec<Unmerge>,
    pub also_heard: Vec<AlsoHeard>,
}

type Answer<T> = Result<T, StoreError>;

#[async_trait]
impl FeedbackStore for Stored {
    async fn product(&self, _: &OrgId) -> Answer<Product> {
        unreachable!()
    }
    async fn product_at(&self, _: &OrgId, _: u32) -> Answer<Option<ProductVersion>> {
        unreachable!()
    }
    async fn put_product(&self, _: &Product, _: &Activity) -> Result<(), ChangeError> {
        unreachable!()
    }
    async fn post(&self, _: &OrgId, id: &PostId) -> Answer<Option<Post>> {
        Ok(self.posts.iter().find(|post| post.id == *id).cloned())
    }
    async fn evidence(&self, _: &OrgId, post: &PostId) -> Answer<Vec<Evidence>> {
        let own = self.evidence.iter().filter(|one| one.post_id == *post);
        Ok(own.cloned().collect())
    }
    async fn unmerges(&self, _: &OrgId, post: &PostId) -> Answer<Vec<Unmerge>> {
        let own = self.unmerges.iter().filter(|one| one.post_id == *post);
        Ok(own.cloned().collect())
    }
    async fn also_heard(&self, _: &OrgId, call: &CallId) -> Answer<Option<AlsoHeard>> {
        let mut all = self.also_heard.iter();
        Ok(all.find(|heard| heard.call_id == *call).cloned())
    }
    async fn boards(&self, _: &OrgId) -> Answer<Vec<Board>> {
        unreachable!()
    }
    async fn put_board(&self, _: &Board) -> Answer<()> {
        unreachable!()
    }
    async fn tags(&self, _: &OrgId) -> Answer<Vec<Tag>> {
        unreachable!()
    }
    async fn put_tag(&self, _: &Tag) -> Answer<()> {
        unreachable!()
    }
    async fn settings(&self, _: &OrgId) -> Answer<Settings> {
        unreachable!()
    }
    async fn put_settings(&self, _: &OrgId, _: &Settings) -> Answer<()> {
        unreachable!()
    }
    async fn posts(&self, _: &OrgId, _: &PostFilter) -> Answer<Vec<Post>> {
        unreachable!()
    }
    async fn all_evidence(&self, _: &OrgId) -> Answer<Vec<Evidence>> {
        unreachable!()
    }
    async fn all_also_heard(&self, _: &OrgId) -> Answer<Vec<AlsoHeard>> {
        unreachable!()
    }
    async fn history(&self, _: &OrgId, _: &PostId) -> Answer<Vec<Activity>> {
        unreachable!()
    }
    async fn activity(
        &self,
        _: &OrgId,
        _: Option<&str>,
        _: usize,
    ) -> Answer<(Vec<Activity>, Option<String>)> {
        unreachable!()
    }
}

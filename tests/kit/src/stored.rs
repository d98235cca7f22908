//! What the stores hold, where a page does not show it.

use std::collections::BTreeMap;

use domain::{
    call::{Call, CallState},
    feedback::{Evidence, Post},
    ids::{CallId, OrgId, PostId},
    ports::{
        feedback::{FeedbackStore, PostFilter},
        ledger::Ledger,
    },
};

use crate::test_app::{TestApp, admin};

impl TestApp {
    #[must_use]
    pub fn org(&self) -> OrgId {
        admin().org_id
    }

    /// One call of the ledger.
    ///
    /// # Panics
    /// When the ledger does not know it.
    pub async fn call(&self, id: &str) -> Call {
        let (org, id) = (self.org(), CallId::parse(id).expect("a call's id"));
        let found = self.app.store.call(&org, &id).await;
        let found = found.expect("the ledger answers");
        found.expect("the ledger knows the call")
    }

    /// The whole ledger: state and reason by the call's id.
    ///
    /// # Panics
    /// When the ledger cannot be read.
    pub async fn ledger(&self) -> BTreeMap<String, (CallState, String)> {
        let (org, mut after, mut all) = (self.org(), None, BTreeMap::new());
        loop {
            let page = self.app.store.page(&org, None, after.as_deref(), 100);
            let page = page.await.expect("the ledger answers");
            let calls = page.calls.into_iter();
            all.extend(calls.map(|call| (call.id.to_string(), (call.state, call.reason))));
            after = page.next;
            if after.is_none() {
                return all;
            }
        }
    }

    /// The posts that pass the filter, newest first.
    ///
    /// # Panics
    /// When they cannot be read.
    pub async fn posts(&self, filter: &PostFilter) -> Vec<Post> {
        let org = self.org();
        let posts = self.app.store.posts(&org, filter).await;
        posts.expect("the posts can be read")
    }

    /// All posts, newest first.
    pub async fn all_posts(&self) -> Vec<Post> {
        self.posts(&PostFilter::default()).await
    }

    /// The only post.
    ///
    /// # Panics
    /// When there is none, or another beside it.
    pub async fn only_post(&self) -> Post {
        let mut posts = self.all_posts().await;
        assert_eq!(posts.len(), 1, "{posts:#?}");
        posts.remove(0)
    }

    /// A post's evidence, oldest first.
    ///
    /// # Panics
    /// When it cannot be read.
    pub async fn evidence(&self, post: &PostId) -> Vec<Evidence> {
        let org = self.org();
        let evidence = self.app.store.evidence(&org, post).await;
        evidence.expect("the evidence can be read")
    }
}

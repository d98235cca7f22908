//! Parts that tests decide.

use async_trait::async_trait;
use domain::{
    feedback::{
        Activity, AlsoHeard, Board, Evidence, Post, Product, ProductVersion, Settings, Tag, Unmerge,
    },
    ids::{CallId, OrgId, PostId},
    ports::{
        StoreError,
        connections::ChangeError,
        feedback::{FeedbackStore, PostFilter},
        gong::{GongOAuth, Grant, OAuthError},
    },
    secret::Secret,
};

/// A consent page that is never visited.
pub struct Consent;

#[async_trait]
impl GongOAuth for Consent {
    fn authorize_url(&self, state: &Secret) -> String {
        format!(
            "https://app.gong.io/oauth2/authorize?state={}",
            state.expose()
        )
    }
    async fn exchange(&self, _: &Secret) -> Result<Grant, OAuthError> {
        Err(OAuthError::InvalidGrant)
    }
    async fn refresh(&self, _: &Secret) -> Result<Grant, OAuthError> {
        Err(OAuthError::InvalidGrant)
    }
}

/// A store that does not answer.
pub struct Broken;

fn broken<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable(
        "connection to 10.1.2.3 timed out".into(),
    ))
}

#[async_trait]
impl FeedbackStore for Broken {
    async fn boards(&self, _: &OrgId) -> Result<Vec<Board>, StoreError> {
        broken()
    }
    async fn put_board(&self, _: &Board) -> Result<(), StoreError> {
        broken()
    }
    async fn tags(&self, _: &OrgId) -> Result<Vec<Tag>, StoreError> {
        broken()
    }
    async fn put_tag(&self, _: &Tag) -> Result<(), StoreError> {
        broken()
    }
    async fn settings(&self, _: &OrgId) -> Result<Settings, StoreError> {
        broken()
    }
    async fn put_settings(&self, _: &OrgId, _: &Settings) -> Result<(), StoreError> {
        broken()
    }
    async fn product(&self, _: &OrgId) -> Result<Product, StoreError> {
        broken()
    }
    async fn product_at(&self, _: &OrgId, _: u32) -> Result<Option<ProductVersion>, StoreError> {
        broken()
    }
    async fn put_product(&self, _: &Product, _: &Activity) -> Result<(), ChangeError> {
        Ok(broken()?)
    }
    async fn post(&self, _: &OrgId, _: &PostId) -> Result<Option<Post>, StoreError> {
        broken()
    }
    async fn posts(&self, _: &OrgId, _: &PostFilter) -> Result<Vec<Post>, StoreError> {
        broken()
    }
    async fn evidence(&self, _: &OrgId, _: &PostId) -> Result<Vec<Evidence>, StoreError> {
        broken()
    }
    async fn all_evidence(&self, _: &OrgId) -> Result<Vec<Evidence>, StoreError> {
        broken()
    }
    async fn also_heard(&self, _: &OrgId, _: &CallId) -> Result<Option<AlsoHeard>, StoreError> {
        broken()
    }
    async fn all_also_heard(&self, _: &OrgId) -> Result<Vec<AlsoHeard>, StoreError> {
        broken()
    }
    async fn unmerges(&self, _: &OrgId, _: &PostId) -> Result<Vec<Unmerge>, StoreError> {
        broken()
    }
    async fn history(&self, _: &OrgId, _: &PostId) -> Result<Vec<Activity>, StoreError> {
        broken()
    }
    async fn activity(
        &self,
        _: &OrgId,
        _: Option<&str>,
        _: usize,
    ) -> Result<(Vec<Activity>, Option<String>), StoreError> {
        broken()
    }
}

//! What the provider says of itself: its endpoints and its keys.

use std::sync::Arc;

use domain::{
    moment::{Span, Timestamp},
    ports::{sign_in::SignInError, system::Clock},
};
use openidconnect::{IssuerUrl, core::CoreProviderMetadata};
use tokio::sync::Mutex;

use super::{address::may_follow, failure::discovery, http::Http};

/// How long it is believed; keys that are withdrawn stop working after this at the latest.
pub const LIFE: Span = Span::hours(1);

/// The description, fetched when it is first needed and kept for [`LIFE`].
pub struct Description {
    issuer: IssuerUrl,
    http: Http,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Known>>,
}

struct Known {
    metadata: Arc<CoreProviderMetadata>,
    since: Timestamp,
}

impl Description {
    /// Knows nothing yet.
    pub fn new(issuer: IssuerUrl, http: Http, clock: Arc<dyn Clock>) -> Self {
        Self {
            issuer,
            http,
            clock,
            known: Mutex::default(),
        }
    }

    /// The description, at most [`LIFE`] old.
    pub async fn get(&self) -> Result<Arc<CoreProviderMetadata>, SignInError> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        match &*known {
            Some(known) if now < known.since + LIFE => Ok(Arc::clone(&known.metadata)),
            _ => self.fetch(&mut known).await,
        }
    }

    /// A newer one than this: fetched, unless someone else did so meanwhile.
    pub async fn renewed(
        &self,
        old: &Arc<CoreProviderMetadata>,
    ) -> Result<Arc<CoreProviderMetadata>, SignInError> {
        let mut known = self.known.lock().await;
        match &*known {
            Some(known) if !Arc::ptr_eq(&known.metadata, old) => Ok(Arc::clone(&known.metadata)),
            _ => self.fetch(&mut known).await,
        }
    }

    async fn fetch(
        &self,
        known: &mut Option<Known>,
    ) -> Result<Arc<CoreProviderMetadata>, SignInError> {
        let since = self.clock.now();
        let issuer = self.issuer.clone();
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.http).await;
        let metadata = Arc::new(metadata.map_err(discovery)?);
        self.check(&metadata)?;
        *known = Some(Known {
            metadata: Arc::clone(&metadata),
            since,
        });
        Ok(metadata)
    }

    /// That the endpoints that we ask are private is checked when they are asked; the one that the
    /// browser is sent to is checked here.
    fn check(&self, metadata: &CoreProviderMetadata) -> Result<(), SignInError> {
        let unusable = |why: &str| Err(SignInError::Unusable(why.into()));
        if metadata.token_endpoint().is_none() {
            return unusable("it names no token endpoint");
        }
        let authorize = metadata.authorization_endpoint().url();
        if !may_follow(self.issuer.url(), authorize) {
            return unusable("one of its endpoints is not https");
        }
        Ok(())
    }
}

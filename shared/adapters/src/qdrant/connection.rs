//! The client, made with its key when it is needed first, and how often a request is sent.

use std::{sync::Arc, time::Duration};

use domain::{
    ports::{
        feedback::IndexError,
        system::{Clock, Ids},
    },
    service_url::ServiceUrl,
};
use qdrant_client::{Qdrant, QdrantError};
use tokio::sync::Mutex;

use super::failure::Failure;
use crate::{
    http::{install_crypto, retry::Pauses},
    keys::Key,
};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long one request may take with its answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long a call may take with all its attempts, the client's own among them.
const ALL_ATTEMPTS: Duration = Duration::from_secs(20);

/// A server and the key to it.
pub struct Connection {
    url: ServiceUrl,
    api_key: Option<Key>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    client: Mutex<Option<Qdrant>>,
}

impl Connection {
    /// A server; nothing is sent or fetched yet.
    pub fn new(
        url: ServiceUrl,
        api_key: Option<Key>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let client = Mutex::new(None);
        Self {
            url,
            api_key,
            clock,
            ids,
            client,
        }
    }

    /// Sends a request, which must be safe to repeat, until it succeeds or the attempts are used
    /// up.
    pub async fn call<T, F>(&self, request: impl Fn(Qdrant) -> F) -> Result<T, IndexError>
    where
        F: Future<Output = Result<T, QdrantError>>,
    {
        let attempts = tokio::time::timeout(ALL_ATTEMPTS, self.attempts(request));
        let late = || IndexError::Unavailable("it timed out".into());
        attempts.await.map_err(|_| late())?
    }

    async fn attempts<T, F>(&self, request: impl Fn(Qdrant) -> F) -> Result<T, IndexError>
    where
        F: Future<Output = Result<T, QdrantError>>,
    {
        let mut key_read_again = false;
        let mut pauses = Pauses::new(Arc::clone(&self.clock), Arc::clone(&self.ids));
        loop {
            let failure = match request(self.client().await?).await {
                Ok(answer) => return Ok(answer),
                Err(error) => Failure::of(&error),
            };
            let again = match &failure {
                Failure::Passing(_, asked) => pauses.again(*asked).await,
                // A stored key may have been changed since it was read.
                Failure::Key => {
                    self.forget_key().await;
                    let stored = matches!(self.api_key, Some(Key::Stored(..)));
                    stored && !std::mem::replace(&mut key_read_again, true)
                }
                Failure::Missing | Failure::Final(_) => false,
            };
            if !again {
                return Err(failure.error());
            }
        }
    }

    async fn client(&self) -> Result<Qdrant, IndexError> {
        let mut client = self.client.lock().await;
        if let Some(client) = &*client {
            return Ok(client.clone());
        }
        let key = match &self.api_key {
            Some(key) => key.secret().await,
            None => Ok(None),
        };
        let key = key.map_err(|error| IndexError::Unavailable(error.to_string()))?;
        install_crypto();
        let made = Qdrant::from_url(self.url.as_str())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .api_key(key.as_ref().map(|key| key.expose()))
            .skip_compatibility_check()
            .build()
            .map_err(|error| Failure::of(&error).error())?;
        Ok(client.insert(made).clone())
    }

    /// The next request reads the key anew.
    async fn forget_key(&self) {
        *self.client.lock().await = None;
        if let Some(Key::Stored(name, source)) = &self.api_key {
            source.forget(*name).await;
        }
    }
}

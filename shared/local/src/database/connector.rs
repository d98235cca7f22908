//! The way from the SDK to the database: through this process, without a socket.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

use super::api::{Answer, Api};

/// Requests that are read, run and written at once. The engine runs one at a time; the others are
/// read and written meanwhile, and do not hold more of the runtime's threads.
const AT_ONCE: u32 = 4;
/// A request that does not end is not waited for longer than this.
const UNTIL_STOPPED: Duration = Duration::from_secs(5);

/// The SDK's HTTP client over an [`Api`]; clones share it.
#[derive(Debug, Clone)]
pub(super) struct Connector(Arc<Door>);

#[derive(Debug)]
struct Door {
    places: Arc<Semaphore>,
    /// None once it is closed.
    api: RwLock<Option<Api>>,
}

impl Door {
    fn api(&self) -> Option<Api> {
        let api = self.api.read().unwrap_or_else(PoisonError::into_inner);
        api.clone()
    }

    fn close(&self) -> Option<Api> {
        let mut api = self.api.write().unwrap_or_else(PoisonError::into_inner);
        api.take()
    }
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
enum Unanswered {
    #[error("the local database was stopped")]
    Stopped,
    #[error("the local database broke off")]
    BrokeOff(#[from] JoinError),
}

impl Connector {
    pub(super) fn new(api: Api) -> Self {
        let places = Arc::new(Semaphore::new(AT_ONCE as usize));
        let api = RwLock::new(Some(api));
        Self(Arc::new(Door { places, api }))
    }

    /// Lets requests that are running finish, at most 5 s, and closes the database.
    pub(super) async fn stop(&self) {
        // Held to the end, so that no request comes in between.
        let all = self.0.places.acquire_many(AT_ONCE);
        let all = tokio::time::timeout(UNTIL_STOPPED, all).await;
        if all.is_err() {
            tracing::warn!("the local database still has a request running; it is left");
        }
        self.0.places.close();
        let api = self.0.close();
        // What was written since the last checkpoint is moved into the file.
        if let Err(error) = spawn_blocking(move || drop(api)).await {
            tracing::warn!(%error, "the local database's end broke off");
        }
    }

    async fn answer(&self, request: HttpRequest) -> Result<Answer, Unanswered> {
        let place = Arc::clone(&self.0.places).acquire_owned().await;
        let place = place.map_err(|_closed| Unanswered::Stopped)?;
        let api = self.0.api().ok_or(Unanswered::Stopped)?;
        let work = move || {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let operation = target.rsplit('.').next().unwrap_or_default();
            let answer = api.answer(operation, request.body().bytes().unwrap_or_default());
            // The place is held until the work is done, whether or not anyone still waits for it,
            // and until nothing of it keeps the database open.
            drop(api);
            drop(place);
            answer
        };
        Ok(spawn_blocking(work).await?)
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move {
            let answer = connector.answer(request).await;
            let answer = answer.map_err(|why| ConnectorError::other(why.into(), None))?;
            let status = StatusCode::try_from(answer.status);
            let status = status.map_err(|why| ConnectorError::other(why.into(), None))?;
            Ok(HttpResponse::new(status, answer.body.into()))
        })
    }
}

//! Gong's read endpoints.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    gong::shapes::{CallsFilter, CallsPage, GongWorkspace, TranscriptsPage, UsersPage},
    ids::CallId,
    ports::{
        gong::{Access, GongApi, GongError},
        system::Clock,
    },
};
use reqwest::{RequestBuilder, header::ACCEPT};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Transport, convert, errors,
    requests::{CallsBody, TranscriptsBody},
    responses::{CallsResponse, TranscriptsResponse, UsersResponse, WorkspacesResponse},
};
use crate::http::{self, BodyError};

/// The largest answer that is read: 100 transcripts of the longest calls stay well below it.
const LARGEST_ANSWER: usize = 64 << 20;

/// The largest error body that is read.
const LARGEST_ERROR: usize = 64 << 10;

/// How long a read request may take.
pub const READ_TIMEOUT: Duration = Duration::from_secs(30);

const CALLS: &str = "/v2/calls/extensive";
const TRANSCRIPTS: &str = "/v2/calls/transcript";
const USERS: &str = "/v2/users";
const WORKSPACES: &str = "/v2/workspaces";

/// Gong's read endpoints over HTTP. Only endpoint names and statuses are logged.
#[derive(Clone)]
pub struct GongClient {
    http: reqwest::Client,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
}

impl GongClient {
    /// A client on connections made by [`http::client`], which follow no redirect; the clock turns
    /// a `Retry-After` date into a span.
    #[must_use]
    pub fn new(http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        let transport = Arc::new(http.clone());
        Self {
            http,
            transport,
            clock,
        }
    }

    /// The same client, whose requests travel another way.
    #[must_use]
    pub fn carried_by(self, transport: Arc<dyn Transport>) -> Self {
        Self { transport, ..self }
    }

    async fn post<T: DeserializeOwned>(
        &self,
        access: &Access,
        endpoint: &'static str,
        body: &impl Serialize,
    ) -> Result<T, GongError> {
        let url = format!("{}{endpoint}", access.base_url);
        self.send(access, endpoint, self.http.post(url).json(body))
            .await
    }

    async fn get<T: DeserializeOwned>(
        &self,
        access: &Access,
        endpoint: &'static str,
        cursor: Option<&str>,
    ) -> Result<T, GongError> {
        let url = format!("{}{endpoint}", access.base_url);
        let mut request = self.http.get(url);
        if let Some(cursor) = cursor {
            request = request.query(&[("cursor", cursor)]);
        }
        self.send(access, endpoint, request).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        access: &Access,
        endpoint: &'static str,
        request: RequestBuilder,
    ) -> Result<T, GongError> {
        let request = request
            .bearer_auth(access.token.expose())
            .header(ACCEPT, "application/json");
        let response = super::send(&*self.transport, request).await;
        let response = response.map_err(|reason| {
            tracing::debug!(endpoint, reason, "Gong did not answer");
            GongError::Unavailable(reason.to_owned())
        })?;
        let status = response.status();
        tracing::debug!(endpoint, status = status.as_u16(), "Gong answered");
        if status.is_success() {
            let body = http::read_limited(response, LARGEST_ANSWER)
                .await
                .map_err(no_body)?;
            return serde_json::from_slice(&body).map_err(|error| errors::not_the_contract(&error));
        }
        let retry_after = http::retry::retry_after(response.headers(), self.clock.now());
        if let Some(error) = errors::by_status(status, retry_after) {
            return Err(error);
        }
        match http::read_limited(response, LARGEST_ERROR).await {
            Ok(body) => Err(errors::by_body(status, &body, &access.token)),
            Err(BodyError::TooLarge { .. }) => Err(errors::by_body(status, &[], &access.token)),
            Err(error @ BodyError::Broken(_)) => Err(no_body(error)),
        }
    }
}

fn no_body(error: BodyError) -> GongError {
    match error {
        BodyError::TooLarge { .. } => GongError::Unreadable(error.to_string()),
        BodyError::Broken(reason) => GongError::Unavailable(reason.to_owned()),
    }
}

#[async_trait]
impl GongApi for GongClient {
    /// No ids ask for nothing, so nothing is sent: Gong could take an empty list for "all".
    async fn calls(
        &self,
        access: &Access,
        filter: &CallsFilter,
        cursor: Option<&str>,
    ) -> Result<CallsPage, GongError> {
        if matches!(filter, CallsFilter::Ids(ids) if ids.is_empty()) {
            return Ok(CallsPage::default());
        }
        let response: CallsResponse = self
            .post(access, CALLS, &CallsBody::new(filter, cursor))
            .await?;
        convert::calls_page(response)
    }

    /// No ids ask for nothing, so nothing is sent; what was not asked for is dropped.
    async fn transcripts(
        &self,
        access: &Access,
        ids: &[CallId],
        cursor: Option<&str>,
    ) -> Result<TranscriptsPage, GongError> {
        if ids.is_empty() {
            return Ok(TranscriptsPage::default());
        }
        let response: TranscriptsResponse = self
            .post(access, TRANSCRIPTS, &TranscriptsBody::new(ids, cursor))
            .await?;
        convert::transcripts_page(response, ids)
    }

    async fn users(&self, access: &Access, cursor: Option<&str>) -> Result<UsersPage, GongError> {
        let response: UsersResponse = self.get(access, USERS, cursor).await?;
        convert::users_page(response)
    }

    async fn workspaces(&self, access: &Access) -> Result<Vec<GongWorkspace>, GongError> {
        let response: WorkspacesResponse = self.get(access, WORKSPACES, None).await?;
        convert::workspaces(response)
    }
}

//! The gate that every request to Gong goes through: a token, its turn in the company's budget with
//! a look at the private flag's age, and retries that obey Gong.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    gong::shapes::{CallsFilter, CallsPage, GongWorkspace, TranscriptsPage, UsersPage},
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::gong::{Access, GongApi, GongError},
    verdict::Deadline,
};

use super::{
    error::GateError,
    tokens::{Granted, TokenKeeper},
    turn::{FlagRead, Patience, Turns},
};

/// How often an unanswered request is sent in all.
const MAX_SENDS: u32 = 3;

/// Sends requests to Gong.
#[derive(Clone)]
pub struct GongGate {
    pub api: Arc<dyn GongApi>,
    pub keeper: TokenKeeper,
    /// The turns in the company's budget.
    pub turns: Turns,
}

/// A request of one kind.
#[async_trait]
trait Request: Sync {
    type Reply;

    /// The calls whose transcripts it asks for.
    fn flags(&self) -> &[FlagRead] {
        &[]
    }

    async fn send(&self, api: &dyn GongApi, access: &Access) -> Result<Self::Reply, GongError>;
}

struct Calls<'a>(&'a CallsFilter, Option<&'a str>);

#[async_trait]
impl Request for Calls<'_> {
    type Reply = CallsPage;

    async fn send(&self, api: &dyn GongApi, access: &Access) -> Result<CallsPage, GongError> {
        Ok(api.calls(access, self.0, self.1).await?.tidied())
    }
}

struct Transcripts<'a>(&'a [FlagRead], Option<&'a str>);

#[async_trait]
impl Request for Transcripts<'_> {
    type Reply = TranscriptsPage;

    fn flags(&self) -> &[FlagRead] {
        self.0
    }

    async fn send(&self, api: &dyn GongApi, access: &Access) -> Result<TranscriptsPage, GongError> {
        let ids: Vec<_> = self.0.iter().map(|r| r.call_id.clone()).collect();
        api.transcripts(access, &ids, self.1).await
    }
}

struct Users<'a>(Option<&'a str>);

#[async_trait]
impl Request for Users<'_> {
    type Reply = UsersPage;

    async fn send(&self, api: &dyn GongApi, access: &Access) -> Result<UsersPage, GongError> {
        api.users(access, self.0).await
    }
}

struct Workspaces;

#[async_trait]
impl Request for Workspaces {
    type Reply = Vec<GongWorkspace>;

    async fn send(
        &self,
        api: &dyn GongApi,
        access: &Access,
    ) -> Result<Vec<GongWorkspace>, GongError> {
        api.workspaces(access).await
    }
}

/// Whose token a request carries.
#[derive(Clone, Copy)]
pub enum Bearer<'a> {
    /// The organization's current one.
    Connection,
    /// This one: a connection that is being made has none stored yet.
    Given(&'a Access),
}

impl GongGate {
    /// A page of calls, and the time from which on it was read: that of the request's sending, as
    /// an answer may be long on its way.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn calls(
        &self,
        org: &OrgId,
        bearer: Bearer<'_>,
        filter: &CallsFilter,
        cursor: Option<&str>,
        deadline: Deadline,
    ) -> Result<(CallsPage, Timestamp), GateError> {
        self.send(org, bearer, &Calls(filter, cursor), deadline)
            .await
    }

    /// A page of transcripts of calls whose reading says "not private".
    ///
    /// # Errors
    /// [`GateError`]; `StaleFlag` when a reading is too old at the moment of sending, or the
    /// call is no longer being processed by then.
    pub async fn transcripts(
        &self,
        org: &OrgId,
        flags: &[FlagRead],
        cursor: Option<&str>,
        deadline: Deadline,
    ) -> Result<TranscriptsPage, GateError> {
        let request = Transcripts(flags, cursor);
        let sent = self.send(org, Bearer::Connection, &request, deadline);
        Ok(sent.await?.0)
    }

    /// A page of users.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn users(
        &self,
        org: &OrgId,
        bearer: Bearer<'_>,
        cursor: Option<&str>,
        deadline: Deadline,
    ) -> Result<UsersPage, GateError> {
        let request = Users(cursor);
        let sent = self.send(org, bearer, &request, deadline);
        Ok(sent.await?.0)
    }

    /// The workspaces.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn workspaces(
        &self,
        org: &OrgId,
        bearer: Bearer<'_>,
        deadline: Deadline,
    ) -> Result<Vec<GongWorkspace>, GateError> {
        let sent = self.send(org, bearer, &Workspaces, deadline);
        Ok(sent.await?.0)
    }

    /// The answer, and when the request that it answers was sent.
    async fn send<R: Request>(
        &self,
        org: &OrgId,
        bearer: Bearer<'_>,
        request: &R,
        deadline: Deadline,
    ) -> Result<(R::Reply, Timestamp), GateError> {
        let turns = &self.turns;
        let (mut sends, mut renewed) = (0, false);
        let mut patience = Patience::default();
        let mut granted: Option<Granted> = None;
        loop {
            let access = match bearer {
                Bearer::Given(access) => access,
                Bearer::Connection => {
                    let known = match granted.take() {
                        Some(known) => known,
                        None => self.keeper.access(org, deadline).await?,
                    };
                    &granted.insert(known).access
                }
            };
            let turn = turns.next(org, request.flags(), &mut patience, deadline);
            let sent = turn.await?;
            sends += 1;
            match request.send(&*self.api, access).await {
                Ok(reply) => return Ok((reply, sent)),
                Err(GongError::RateLimited { retry_after }) => {
                    let until = turns.clock.now() + retry_after;
                    turns.budget.block(org, until).await?;
                    sends -= 1;
                }
                Err(GongError::Unauthorized) if !renewed => {
                    let Some(seen) = granted.take() else {
                        return Err(GongError::Unauthorized.into());
                    };
                    renewed = true;
                    granted = Some(self.keeper.access_after(org, &seen, deadline).await?);
                }
                Err(GongError::Unavailable(_)) if sends < MAX_SENDS => {
                    let pause = Span::seconds(1 << sends) + turns.ids.jitter(Span::seconds(1));
                    let until = turns.clock.now() + pause;
                    turns.wait_until(until, deadline).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

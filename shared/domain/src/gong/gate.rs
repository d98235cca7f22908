//! The gate that every request to Gong goes through: a token, its turn in the company's budget with
//! a look at the private flag's age, and retries that obey Gong.

use std::sync::Arc;

use super::{
    shapes::{CallsFilter, CallsPage, GongWorkspace, TranscriptsPage, UsersPage},
    tokens::{Granted, TokenError, TokenKeeper},
    turn::{Pace, Patience},
};
use crate::{
    ids::{CallId, OrgId},
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::BudgetStore,
        gong::{Access, GongApi, GongError},
        ledger::Ledger,
        system::{Clock, Ids},
    },
    verdict::Deadline,
};

/// After this it makes sense to try again what could not use its slots.
pub const AFTER_MISSED_SLOTS: Span = Span::seconds(10);
/// How often an unanswered request is sent in all.
const MAX_SENDS: u32 = 3;

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Not before this time.
    #[error(
        "no request to Gong before {until}, because the company's request budget is used up or Gong asked to wait"
    )]
    Blocked {
        /// The end of the wait.
        until: Timestamp,
    },
    /// Before the slot came, a reading of the private flag became older than 15 minutes, or the
    /// ledger learned something newer of the call.
    #[error("the private flag has to be read again first")]
    StaleReading,
    /// No token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Not enough time is left in this run.
    #[error("not enough time is left in this run")]
    OutOfTime,
    /// Several slots in a row passed before they could be used.
    #[error(
        "the requests could not be sent in the moments that were reserved for them, because this machine or the database is too slow just now"
    )]
    SlotsMissed,
    /// Gong's answer.
    #[error(transparent)]
    Gong(#[from] GongError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A call and when its private flag was read as "not private".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The call.
    pub call_id: CallId,
    /// When it was read.
    pub at: Timestamp,
}

/// Sends requests to Gong.
#[derive(Clone)]
pub struct GongGate {
    /// The endpoints.
    pub api: Arc<dyn GongApi>,
    /// Access tokens.
    pub keeper: TokenKeeper,
    /// The company's request slots.
    pub budget: Arc<dyn BudgetStore>,
    /// What is known of calls whose transcripts are asked for.
    pub ledger: Arc<dyn Ledger>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: Arc<dyn Ids>,
    /// How fast this process is.
    pub pace: Arc<Pace>,
}

pub(super) enum Request<'a> {
    Calls(&'a CallsFilter, Option<&'a str>),
    Transcripts(&'a [Reading], Option<&'a str>),
    Users(Option<&'a str>),
    Workspaces,
}

enum Reply {
    Calls(CallsPage),
    Transcripts(TranscriptsPage),
    Users(UsersPage),
    Workspaces(Vec<GongWorkspace>),
}

macro_rules! expect_reply {
    ($reply:expr, $variant:ident) => {
        match $reply {
            Reply::$variant(value) => Ok(value),
            _ => unreachable!("a request gets the reply of its own kind"),
        }
    };
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
        let request = Request::Calls(filter, cursor);
        let (reply, sent) = self.send(org, bearer, &request, deadline).await?;
        expect_reply!(reply, Calls).map(|page| (page, sent))
    }

    /// A page of transcripts of calls whose reading says "not private".
    ///
    /// # Errors
    /// [`GateError`]; `StaleReading` when a reading is too old at the moment of sending, or the
    /// call is no longer being processed by then.
    pub async fn transcripts(
        &self,
        org: &OrgId,
        readings: &[Reading],
        cursor: Option<&str>,
        deadline: Deadline,
    ) -> Result<TranscriptsPage, GateError> {
        let request = Request::Transcripts(readings, cursor);
        let (reply, _) = self
            .send(org, Bearer::Connection, &request, deadline)
            .await?;
        expect_reply!(reply, Transcripts)
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
        let request = Request::Users(cursor);
        let (reply, _) = self.send(org, bearer, &request, deadline).await?;
        expect_reply!(reply, Users)
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
        let request = Request::Workspaces;
        let (reply, _) = self.send(org, bearer, &request, deadline).await?;
        expect_reply!(reply, Workspaces)
    }

    async fn send(
        &self,
        org: &OrgId,
        bearer: Bearer<'_>,
        request: &Request<'_>,
        deadline: Deadline,
    ) -> Result<(Reply, Timestamp), GateError> {
        let (mut sends, mut renewed) = (0, false);
        let mut patience = Patience::default();
        let mut granted: Option<Granted> = None;
        loop {
            if matches!(bearer, Bearer::Connection) && granted.is_none() {
                granted = Some(self.keeper.access(org, deadline).await?);
            }
            let access = match (&bearer, &granted) {
                (Bearer::Given(access), _) => *access,
                (Bearer::Connection, Some(granted)) => &granted.access,
                (Bearer::Connection, None) => unreachable!("it was fetched above"),
            };
            let sent = self.turn(org, request, &mut patience, deadline).await?;
            sends += 1;
            match self.dispatch(access, request).await {
                Ok(reply) => return Ok((reply, sent)),
                Err(GongError::RateLimited { retry_after }) => {
                    let until = self.clock.now() + retry_after;
                    self.budget.block(org, until).await?;
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
                    let pause = Span::seconds(1 << sends) + self.ids.jitter(Span::seconds(1));
                    self.wait_until(self.clock.now() + pause, deadline).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn dispatch(&self, access: &Access, request: &Request<'_>) -> Result<Reply, GongError> {
        let api = &self.api;
        Ok(match *request {
            Request::Calls(filter, cursor) => {
                Reply::Calls(api.calls(access, filter, cursor).await?.tidied())
            }
            Request::Transcripts(readings, cursor) => {
                let ids: Vec<_> = readings.iter().map(|r| r.call_id.clone()).collect();
                Reply::Transcripts(api.transcripts(access, &ids, cursor).await?)
            }
            Request::Users(cursor) => Reply::Users(api.users(access, cursor).await?),
            Request::Workspaces => Reply::Workspaces(api.workspaces(access).await?),
        })
    }
}

//! The gate that every request to Gong goes through: a token, a slot of the company's budget,
//! the private flag's age, and retries that obey Gong.

use std::sync::Arc;

use super::{
    shapes::{CallsFilter, CallsPage, GongWorkspace, TranscriptsPage, UsersPage},
    tokens::{Granted, TokenError, TokenKeeper},
};
use crate::{
    call::{CallState, READING_MAX_AGE},
    ids::{CallId, OrgId},
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{BudgetStore, SlotError},
        gong::{Access, GongApi, GongError},
        ledger::Ledger,
        system::{Clock, Ids},
    },
    verdict::Deadline,
};

/// Waits up to this long are waited out; longer ones end the run.
const SHORT_WAIT: Span = Span::seconds(10);
/// A sender this late gives its slot up.
const SLOT_GRACE: Span = Span::millis(50);
/// How often a slot may be missed or Gong ask to wait before the run is ended, and for how long.
const MAX_WAITS: u32 = 60;
const AFTER_MAX_WAITS: Span = Span::minutes(1);
/// Clocks of two workers may differ by this much, so a reading counts as old that much earlier.
pub const CLOCK_TOLERANCE: Span = Span::seconds(30);
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
}

enum Request<'a> {
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
        let (mut waits, mut sends, mut renewed) = (0, 0, false);
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
            waits += 1;
            if waits > 2 * MAX_WAITS {
                let until = self.clock.now() + AFTER_MAX_WAITS;
                return Err(GateError::Blocked { until });
            }
            if !self.take_slot(org, request, waits, deadline).await? {
                continue;
            }
            sends += 1;
            let sent = self.clock.now();
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

    /// Reserves a slot, waits for it, and makes sure that the request may still be sent then;
    /// `false` when the slot passed unused and another is needed.
    async fn take_slot(
        &self,
        org: &OrgId,
        request: &Request<'_>,
        waits: u32,
        deadline: Deadline,
    ) -> Result<bool, GateError> {
        let slot = match self.budget.reserve_slot(org, self.clock.now()).await {
            Ok(slot) => slot,
            Err(SlotError::Blocked { until }) => {
                if until - self.clock.now() > SHORT_WAIT || waits > MAX_WAITS {
                    return Err(GateError::Blocked { until });
                }
                let jitter = self.ids.jitter(Span::millis(500));
                self.wait_until(until + jitter, deadline).await?;
                return Ok(false);
            }
            Err(SlotError::Store(error)) => return Err(error.into()),
        };
        self.wait_until(slot, deadline).await?;
        let (blocked, fresh) = futures::join!(
            self.budget.blocked_until(org),
            self.check_readings(org, request)
        );
        fresh?;
        if let Some(until) = blocked?
            && until > self.clock.now()
        {
            if until - self.clock.now() > SHORT_WAIT {
                return Err(GateError::Blocked { until });
            }
            return Ok(false);
        }
        let late = self.clock.now() - slot > SLOT_GRACE;
        if late && waits > MAX_WAITS {
            return Err(GateError::OutOfTime);
        }
        Ok(!late)
    }

    async fn wait_until(&self, at: Timestamp, deadline: Deadline) -> Result<(), GateError> {
        if at > deadline.0 {
            return Err(GateError::OutOfTime);
        }
        self.clock.sleep_until(at).await;
        Ok(())
    }

    /// What a listing has found out since is in the ledger: a call that turned private is no longer
    /// being processed.
    async fn check_readings(&self, org: &OrgId, request: &Request<'_>) -> Result<(), GateError> {
        let Request::Transcripts(readings, _) = *request else {
            return Ok(());
        };
        let ids: Vec<_> = readings.iter().map(|r| r.call_id.clone()).collect();
        let known = self.ledger.calls(org, &ids).await?;
        let goes_on = |id: &CallId| {
            let call = known.iter().find(|call| call.id == *id);
            call.is_some_and(|call| call.state == CallState::Processing)
        };
        let oldest = self.clock.now() + CLOCK_TOLERANCE - READING_MAX_AGE;
        if readings
            .iter()
            .any(|r| r.at < oldest || !goes_on(&r.call_id))
        {
            return Err(GateError::StaleReading);
        }
        Ok(())
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

//! What a batch reads from Gong: fresh private flags, transcripts, the users directory.

use std::collections::HashMap;

use domain::{
    call::{Call, READING_MAX_AGE, SkipCause},
    feedback::Settings,
    gong::shapes::{CallsFilter, DirectoryUser, Transcript},
    ids::CallId,
    moment::Span,
    ports::{StoreError, gong::GongError},
};

use super::{
    analysis::Context,
    batch::Batch,
    ending::PROVIDER_WAIT,
    normalize::{OwnPeople, needs_directory},
};
use crate::gong::{
    error::{AFTER_MISSED_SLOTS, GateError},
    gate::Bearer,
    tokens::TokenError,
    turn::Reading,
};

/// Readings are renewed when they would be too old within this.
const READING_MARGIN: Span = Span::minutes(1);
/// The users directory is read again after this.
const DIRECTORY_LIFE: Span = Span::hours(24);
/// At most this many pages of users are read.
const DIRECTORY_PAGES: usize = 100;
/// At most this many times a batch begins or goes on with its transcripts.
const FETCH_ROUNDS: usize = 20;

impl Batch<'_> {
    /// Fetches transcripts for readings that are fresh at the moment of sending; returns the
    /// calls that may be read.
    pub(super) async fn fetch(
        &self,
        mut calls: Vec<Call>,
        transcripts: &mut HashMap<CallId, Transcript>,
    ) -> Result<Vec<Call>, Halt> {
        let mut cursor: Option<String> = None;
        for _ in 0..FETCH_ROUNDS {
            calls = self.renew_readings(calls).await?;
            if calls.is_empty() {
                return Ok(calls);
            }
            let readings: Vec<Reading> = calls.iter().filter_map(reading).collect();
            let gate = &self.pipeline.gate;
            let page = gate
                .transcripts(self.org, &readings, cursor.as_deref(), self.deadline)
                .await;
            let page = match page {
                Ok(page) => page,
                Err(GateError::StaleReading) => {
                    calls = self.still_ours(calls).await?;
                    cursor = None;
                    continue;
                }
                Err(GateError::Gong(GongError::CursorExpired)) if cursor.is_some() => {
                    cursor = None;
                    continue;
                }
                Err(GateError::Gong(GongError::NoneFound)) => return Ok(calls),
                Err(error) => return Err(self.halt(error)),
            };
            transcripts.extend(page.transcripts);
            if page.cursor.is_none() {
                return Ok(calls);
            }
            cursor = page.cursor;
        }
        let why = "Gong's pages of transcripts did not come to an end";
        Err(Halt::Defer(why.into(), PROVIDER_WAIT))
    }

    /// The calls that nobody has taken from this worker.
    async fn still_ours(&self, calls: Vec<Call>) -> Result<Vec<Call>, Halt> {
        let ids: Vec<_> = calls.iter().map(|call| call.id.clone()).collect();
        let known = self.pipeline.ledger.calls(self.org, &ids).await?;
        let ours = |call: &Call| {
            let known = known.iter().find(|known| known.id == call.id);
            let lease = known.and_then(|known| known.lease.as_ref());
            lease.is_some_and(|lease| lease.owner == self.owner)
        };
        Ok(calls.into_iter().filter(ours).collect())
    }

    /// Reads the private flag again where the last reading is old; private calls and calls that
    /// Gong no longer shows leave the batch.
    async fn renew_readings(&self, calls: Vec<Call>) -> Result<Vec<Call>, Halt> {
        let now = self.pipeline.clock.now();
        let old = |call: &Call| {
            call.read_at
                .is_none_or(|at| at + READING_MAX_AGE < now + READING_MARGIN)
        };
        let (stale, mut fresh): (Vec<_>, Vec<_>) = calls.into_iter().partition(|c| old(c));
        if stale.is_empty() {
            return Ok(fresh);
        }
        let filter = CallsFilter::Ids(stale.iter().map(|c| c.id.clone()).collect());
        let gate = &self.pipeline.gate;
        let page = gate
            .calls(self.org, Bearer::Connection, &filter, None, self.deadline)
            .await;
        let (listed, read_at) = match page {
            Ok((page, read_at)) => (page.calls, read_at),
            Err(GateError::Gong(GongError::NoneFound)) => (Vec::new(), now),
            Err(error) => return Err(self.halt(error)),
        };
        for call in stale {
            let now_listed = listed.iter().find(|l| l.id.as_ref() == Some(&call.id));
            match now_listed {
                None if call.patience_ends() <= read_at => {
                    let next = call.skip(SkipCause::NoTranscript, read_at);
                    self.finish(Ok(next)).await?;
                }
                None => {
                    let reason = "Gong does not show this call just now; asked again later";
                    self.defer(&call, reason, Span::hours(1)).await?;
                }
                Some(listed) if !listed.is_public() => {
                    let next = call.skip(SkipCause::Private, read_at);
                    self.finish(Ok(next)).await?;
                }
                Some(listed) => fresh.extend(call.refresh(listed.details(), read_at)),
            }
        }
        Ok(fresh)
    }

    pub(super) async fn context(
        &self,
        calls: &[Call],
        settings: &Settings,
    ) -> Result<Context, Halt> {
        let store = &self.pipeline.analysis.feedback;
        let unclear = calls.iter().any(|call| needs_directory(&call.parties));
        let directory = if unclear {
            self.directory().await?
        } else {
            Vec::new()
        };
        Ok(Context {
            own: OwnPeople::new(&directory, &settings.own_domains),
            boards: store.boards(self.org).await?,
            tags: store.tags(self.org).await?,
            settings: settings.clone(),
        })
    }

    /// The users directory, from the cache while it is fresh.
    async fn directory(&self) -> Result<Vec<DirectoryUser>, Halt> {
        let (pipeline, now) = (self.pipeline, self.pipeline.clock.now());
        let cached = pipeline.connections.directory(self.org).await?;
        if let Some((at, users)) = &cached
            && *at + DIRECTORY_LIFE > now
        {
            return Ok(users.clone());
        }
        let (mut users, mut cursor) = (Vec::new(), None::<String>);
        for _ in 0..DIRECTORY_PAGES {
            let gate = &pipeline.gate;
            let page = gate
                .users(
                    self.org,
                    Bearer::Connection,
                    cursor.as_deref(),
                    self.deadline,
                )
                .await;
            let page = match page {
                Ok(page) => page,
                Err(GateError::Gong(GongError::NoneFound)) => break,
                Err(error) => return Err(self.halt(error)),
            };
            users.extend(page.users);
            cursor = page.cursor;
            if cursor.is_none() {
                break;
            }
        }
        pipeline
            .connections
            .put_directory(self.org, now, &users)
            .await?;
        Ok(users)
    }

    fn halt(&self, error: GateError) -> Halt {
        let now = self.pipeline.clock.now();
        match error {
            GateError::Store(error) | GateError::Token(TokenError::Store(error)) => {
                Halt::Store(error)
            }
            GateError::Blocked { until } => {
                Halt::Defer(error.to_string(), (until - now).max(Span::seconds(1)))
            }
            GateError::SlotsMissed => Halt::Defer(error.to_string(), AFTER_MISSED_SLOTS),
            GateError::OutOfTime | GateError::Token(TokenError::OutOfTime) => Halt::Defer(
                "not enough time was left in this run".into(),
                Span::seconds(1),
            ),
            GateError::Token(TokenError::ReconnectRequired) => Halt::Defer(
                "waits for the connection to be reconnected".into(),
                Span::hours(1),
            ),
            GateError::Gong(error @ (GongError::Refused { .. } | GongError::Unreadable(_))) => {
                Halt::Refused(error.to_string())
            }
            error => Halt::Defer(error.to_string(), PROVIDER_WAIT),
        }
    }
}

/// Why a batch does not go on.
pub(super) enum Halt {
    /// The database.
    Store(StoreError),
    /// Gong: all calls wait, with this reason, for this long.
    Defer(String, Span),
    /// Gong: the request is refused, or its answer cannot be read; fewer calls might be.
    Refused(String),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn reading(call: &Call) -> Option<Reading> {
    Some(Reading {
        call_id: call.id.clone(),
        at: call.read_at?,
    })
}

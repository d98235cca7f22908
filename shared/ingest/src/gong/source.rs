//! Gong as a source of conversations: fresh private flags, transcripts, the users directory.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    call::{Call, READING_MAX_AGE, SkipCause},
    connection::ConnectionStatus,
    feedback::Settings,
    gong::shapes::{CallsFilter, DirectoryUser, Transcript},
    ids::{CallId, GONG, OrgId},
    moment::Span,
    ports::{StoreError, connections::ConnectionStore, gong::GongError},
};

use super::{
    error::{AFTER_MISSED_SLOTS, GateError},
    gate::{Bearer, GongGate},
    normalize::{OwnPeople, needs_directory, normalize},
    tokens::TokenError,
    turn::FlagRead,
};
use crate::pipeline::{
    ending::PROVIDER_WAIT,
    source::{Halt, Normalize, Source},
    worker::{REFUSED_WAIT, Worker},
};

/// Readings are renewed when they would be too old within this.
const READING_MARGIN: Span = Span::minutes(1);
/// The users directory is read again after this.
const DIRECTORY_LIFE: Span = Span::hours(24);
/// At most this many pages of users are read.
const DIRECTORY_PAGES: usize = 100;
/// At most this many times a batch begins or goes on with its transcripts.
const FETCH_ROUNDS: usize = 20;

#[derive(Clone)]
pub struct GongSource {
    pub gate: GongGate,
    /// Connections, and the users directory.
    pub connections: Arc<dyn ConnectionStore>,
}

#[async_trait]
impl Source for GongSource {
    fn name(&self) -> &str {
        GONG
    }

    async fn may_be_read(&self, org: &OrgId, generation: u64) -> Result<bool, StoreError> {
        let connection = self.connections.connection(org).await?;
        Ok(connection
            .is_some_and(|c| c.generation == generation && c.status == ConnectionStatus::Connected))
    }

    async fn read(
        &self,
        worker: &Worker<'_>,
        calls: Vec<Call>,
        settings: &Settings,
    ) -> Result<Vec<(Call, Normalize)>, Halt> {
        let reads = Reads {
            source: self,
            worker,
        };
        let mut transcripts = HashMap::new();
        let calls = reads.fetch(calls, &mut transcripts).await?;
        let mut with = Vec::new();
        for call in calls {
            match transcripts.remove(&call.id) {
                Some(transcript) => with.push((call, transcript)),
                None => {
                    let reason = "Gong has no transcript yet; asked again at later polls";
                    let next = call.await_transcript(reason, worker.now());
                    worker.finish(next).await?;
                }
            }
        }
        let unclear = |(call, _): &(Call, Transcript)| needs_directory(&call.parties);
        let directory = if with.iter().any(unclear) {
            reads.directory().await.map_err(|halt| match halt {
                // It is not a call that is refused.
                Halt::Refused(reason) => Halt::Defer(reason, REFUSED_WAIT),
                halt => halt,
            })?
        } else {
            Vec::new()
        };
        let own = Arc::new(OwnPeople::new(&directory, &settings.own_domains));
        let read = with.into_iter().map(|(call, transcript)| {
            let own = Arc::clone(&own);
            let normalize: Normalize = Box::new(move |call| normalize(call, &transcript, &own));
            (call, normalize)
        });
        Ok(read.collect())
    }
}

/// What one worker reads.
struct Reads<'a> {
    source: &'a GongSource,
    worker: &'a Worker<'a>,
}

impl Reads<'_> {
    /// Fetches transcripts for flags that are fresh at the moment of sending; returns the
    /// calls that may be read.
    async fn fetch(
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
            let flags: Vec<FlagRead> = calls.iter().filter_map(flag_read).collect();
            let gate = &self.source.gate;
            let page = gate
                .transcripts(
                    self.worker.org,
                    &flags,
                    cursor.as_deref(),
                    self.worker.deadline,
                )
                .await;
            let page = match page {
                Ok(page) => page,
                Err(GateError::StaleFlag) => {
                    calls = self.worker.still_ours(calls).await?;
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

    /// Reads the private flag again where the last reading is old; private calls and calls that
    /// Gong no longer shows leave the batch.
    async fn renew_readings(&self, calls: Vec<Call>) -> Result<Vec<Call>, Halt> {
        let now = self.worker.now();
        let old = |call: &Call| {
            call.read_at
                .is_none_or(|at| at + READING_MAX_AGE < now + READING_MARGIN)
        };
        let (stale, mut fresh): (Vec<_>, Vec<_>) = calls.into_iter().partition(|c| old(c));
        if stale.is_empty() {
            return Ok(fresh);
        }
        let filter = CallsFilter::Ids(stale.iter().map(|c| c.id.clone()).collect());
        let gate = &self.source.gate;
        let page = gate
            .calls(
                self.worker.org,
                Bearer::Connection,
                &filter,
                None,
                self.worker.deadline,
            )
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
                    self.worker.finish(Ok(next)).await?;
                }
                None => {
                    let reason = "Gong does not show this call just now; asked again later";
                    self.worker.defer(&call, reason, Span::hours(1)).await?;
                }
                Some(listed) if !listed.is_public() => {
                    let next = call.skip(SkipCause::Private, read_at);
                    self.worker.finish(Ok(next)).await?;
                }
                Some(listed) => fresh.extend(call.refresh(listed.details(), read_at)),
            }
        }
        Ok(fresh)
    }

    /// The users directory, from the cache while it is fresh.
    async fn directory(&self) -> Result<Vec<DirectoryUser>, Halt> {
        let (source, now) = (self.source, self.worker.now());
        let cached = source.connections.directory(self.worker.org).await?;
        if let Some((at, users)) = &cached
            && *at + DIRECTORY_LIFE > now
        {
            return Ok(users.clone());
        }
        let (mut users, mut cursor) = (Vec::new(), None::<String>);
        for _ in 0..DIRECTORY_PAGES {
            let gate = &source.gate;
            let page = gate
                .users(
                    self.worker.org,
                    Bearer::Connection,
                    cursor.as_deref(),
                    self.worker.deadline,
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
        source
            .connections
            .put_directory(self.worker.org, now, &users)
            .await?;
        Ok(users)
    }

    fn halt(&self, error: GateError) -> Halt {
        let now = self.worker.now();
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

fn flag_read(call: &Call) -> Option<FlagRead> {
    Some(FlagRead {
        call_id: call.id.clone(),
        at: call.read_at?,
    })
}

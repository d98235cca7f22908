//! A call's life: every change of its state, by name.
//!
//! Each change is a pure function from the call as it was read to the call as it shall be; the
//! ledger writes it when the call is still as it was read, or still in its worker's lease. A state
//! that does not allow a change answers [`NotPossible`], and the call stays as it is.

use super::{
    Call, CallState, Details, MAX_ATTEMPTS, Outcome, QUEUED_GRACE, SkipCause, TRANSCRIPT_PATIENCE,
    state_of,
};
use crate::{
    feedback::EngineStamp,
    ids::{CallId, OrgId, UserId},
    lease::Lease,
    moment::{Span, Timestamp},
    usage::Usage,
};

const WAITS: &str = "waits for the pipeline";

/// The call's state does not allow a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a call that is {state} cannot be {change}")]
pub struct NotPossible {
    pub state: CallState,
    /// The change, as a participle.
    pub change: &'static str,
}

/// Why a worker may not have a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotClaimed {
    /// It is decided: nothing to do.
    #[error("the call is already {0}")]
    Decided(CallState),
    /// It belongs to another generation of the connection.
    #[error("the call belongs to another connection")]
    OtherGeneration,
    /// Another worker has it.
    #[error("another worker has the call until {until}")]
    Leased { until: Timestamp },
    /// It was begun too often without an end: it is to be given up.
    #[error("{MAX_ATTEMPTS} attempts ended without a result")]
    Exhausted,
}

/// What a listing does.
impl Call {
    /// A call that a listing shows for the first time: it waits for the pipeline.
    #[must_use]
    pub fn listed(
        org_id: OrgId,
        id: CallId,
        generation: u64,
        details: Details,
        read_at: Timestamp,
    ) -> Self {
        let blank = Self {
            org_id,
            id,
            generation,
            state: CallState::Queued,
            reason: WAITS.to_owned(),
            skip_cause: None,
            title: None,
            url: None,
            started: None,
            language: None,
            account: None,
            parties: Vec::new(),
            read_at: Some(read_at),
            attempts: 0,
            overruns: 0,
            refused: None,
            lease: None,
            due: Some(read_at + QUEUED_GRACE),
            first_seen: read_at,
            updated: read_at,
            outcomes: Vec::new(),
            engine: None,
            stages: Vec::new(),
            usage: Usage::default(),
            found: None,
        };
        blank.described(details)
    }

    /// Takes over what a listing, or a reading by id, says of an open call that is not private.
    ///
    /// # Errors
    /// [`NotPossible`] for a decided call.
    pub fn refresh(&self, details: Details, read_at: Timestamp) -> Result<Self, NotPossible> {
        self.open("refreshed")?;
        Ok(Self {
            read_at: Some(read_at),
            updated: read_at,
            ..self.clone().described(details)
        })
    }

    /// Begins anew, as the listing `listed` it: an open call of an earlier connection, or one that
    /// this connection may take up after all.
    ///
    /// # Errors
    /// [`NotPossible`] for any other call.
    pub fn start_over(&self, listed: Self) -> Result<Self, NotPossible> {
        if !self.skip_cause.is_some_and(SkipCause::may_be_taken_up) {
            self.open("listed anew")?;
        }
        Ok(Self {
            first_seen: self.first_seen,
            ..listed
        })
    }

    /// Decides by a rule that the call is not analysed, whatever became of it until now. Of some
    /// causes nothing is kept but that it was skipped.
    #[must_use]
    pub fn skip(&self, cause: SkipCause, now: Timestamp) -> Self {
        let kept = if cause.forgets() {
            let (org, id) = (self.org_id.clone(), self.id.clone());
            Self::listed(
                org,
                id,
                self.generation,
                Details::default(),
                self.first_seen,
            )
        } else {
            self.clone()
        };
        Self {
            skip_cause: Some(cause),
            ..kept.decided(CallState::Skipped, cause.label(), now)
        }
    }

    /// Skips a call whose evidence was withdrawn from so many posts, of which so many wait for a
    /// person now.
    #[must_use]
    pub fn withdraw(&self, posts: usize, in_review: usize, now: Timestamp) -> Self {
        let cause = SkipCause::Withdrawn;
        let words = cause.label();
        Self {
            reason: format!(
                "{words} (posts that it supported: {posts}; of these now in review: {in_review})"
            ),
            ..self.skip(cause, now)
        }
    }

    fn described(self, details: Details) -> Self {
        Self {
            title: details.title,
            url: details.url,
            started: details.started,
            language: details.language,
            account: details.account,
            parties: details.parties,
            ..self
        }
    }
}

/// What the queue, maintenance and people do with a call that nobody works on.
impl Call {
    /// Queues an open call again; its attempts stay counted.
    ///
    /// # Errors
    /// [`NotPossible`] for a decided call.
    pub fn requeue(&self, reason: &str, now: Timestamp) -> Result<Self, NotPossible> {
        self.open("queued again")?;
        Ok(self.queued(reason, now))
    }

    /// Queues an open call of an earlier connection for this one.
    ///
    /// # Errors
    /// [`NotPossible`] for a decided call.
    pub fn take_over(&self, generation: u64, now: Timestamp) -> Result<Self, NotPossible> {
        let next = self.requeue("taken over by the new connection", now)?;
        Ok(Self { generation, ..next })
    }

    /// Queues a failed call with nothing counted. Its private flag is read anew before its
    /// transcript is asked for.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that has not failed.
    pub fn retry(&self, by: &UserId, generation: u64, now: Timestamp) -> Result<Self, NotPossible> {
        self.allow(self.state == CallState::Failed, "retried")?;
        Ok(Self {
            generation,
            attempts: 0,
            overruns: 0,
            refused: None,
            read_at: None,
            ..self.queued(&format!("retried by {by}"), now)
        })
    }

    /// Gives an open call that no other worker has to a worker, and counts the attempt.
    ///
    /// # Errors
    /// [`NotClaimed`] says why not.
    pub fn claim(
        &self,
        generation: u64,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<Self, NotClaimed> {
        if !self.state.is_open() {
            return Err(NotClaimed::Decided(self.state));
        }
        if self.generation != generation {
            return Err(NotClaimed::OtherGeneration);
        }
        if let Some(held) = self.lease.as_ref().filter(|held| held.live(now)) {
            return Err(NotClaimed::Leased { until: held.until });
        }
        if self.attempts >= MAX_ATTEMPTS {
            return Err(NotClaimed::Exhausted);
        }
        Ok(Self {
            state: CallState::Processing,
            attempts: self.attempts + 1,
            lease: Some(lease.clone()),
            due: Some(lease.until),
            updated: now,
            ..self.clone()
        })
    }

    /// Gives an open call up after too many attempts without an end.
    ///
    /// # Errors
    /// [`NotPossible`] for a decided call.
    pub fn give_up(&self, now: Timestamp) -> Result<Self, NotPossible> {
        self.open("given up")?;
        let reason = format!(
            "{MAX_ATTEMPTS} attempts ended without a result (the worker stopped or ran out of time); an admin may retry it"
        );
        Ok(self.clone().decided(CallState::Failed, reason, now))
    }

    /// After an attempt that ended without a result: queued again, or given up.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody worked on.
    pub fn abandon(&self, reason: &str, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("abandoned")?;
        if self.attempts >= MAX_ATTEMPTS {
            return self.give_up(now);
        }
        self.requeue(reason, now)
    }
}

/// What its worker does with a call.
impl Call {
    /// Takes the attempt back, as the call waits for its turn within the lease: what kills the
    /// worker before must not be counted against it.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn stand_by(&self, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("put in line")?;
        Ok(Self {
            updated: now,
            ..self.clone().uncounted()
        })
    }

    /// Counts the attempt that begins after [`stand_by`](Self::stand_by).
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn begin(&self, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("begun")?;
        Ok(Self {
            attempts: self.attempts + 1,
            updated: now,
            ..self.clone()
        })
    }

    /// Back to the queue, as no time is left for it: the attempt is not counted.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn give_back(&self, reason: &str, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("given back")?;
        Ok(self.clone().uncounted().queued(reason, now))
    }

    /// A wait that is not the call's fault: the attempt is not counted.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn defer(&self, reason: &str, after: Span, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("deferred")?;
        let next = self.clone().uncounted();
        Ok(next.waiting(CallState::Deferred, reason, now + after, now))
    }

    /// Its source refuses this very call: asked for again as long as a transcript is waited for,
    /// then failed.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn defer_refused(
        &self,
        reason: &str,
        after: Span,
        now: Timestamp,
    ) -> Result<Self, NotPossible> {
        if now < self.patience_ends() {
            return self.defer(reason, after, now);
        }
        self.fail(
            &format!("{reason}, for 14 days; an admin may retry it"),
            now,
        )
    }

    /// Its source has no transcript yet: asked for again at later polls, then skipped.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn await_transcript(&self, reason: &str, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("put off for its transcript")?;
        let last = self.patience_ends();
        if last <= now {
            return Ok(self.skip(SkipCause::NoTranscript, now));
        }
        let next = self.waiting(CallState::AwaitingTranscript, reason, last, now);
        Ok(Self {
            attempts: 0,
            ..next
        })
    }

    /// Analysed; it holds no feedback.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn discard(&self, reason: &str, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("discarded")?;
        Ok(self.clone().decided(CallState::Discarded, reason, now))
    }

    /// Cannot be analysed; an admin may retry it.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn fail(&self, reason: &str, now: Timestamp) -> Result<Self, NotPossible> {
        self.in_work("failed")?;
        Ok(self.clone().decided(CallState::Failed, reason, now))
    }

    /// Gave feedback, which is written with it.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that nobody works on.
    pub fn commit(
        &self,
        outcomes: Vec<Outcome>,
        engine: EngineStamp,
        reason: String,
        now: Timestamp,
    ) -> Result<Self, NotPossible> {
        self.in_work("committed")?;
        let next = self.clone().decided(state_of(&outcomes), reason, now);
        Ok(Self {
            outcomes,
            engine: Some(engine),
            ..next
        })
    }

    /// The state after a person changed what its feedback led to.
    ///
    /// # Errors
    /// [`NotPossible`] for a call that gave no feedback.
    pub fn redecide(
        &self,
        outcomes: Vec<Outcome>,
        reason: String,
        now: Timestamp,
    ) -> Result<Self, NotPossible> {
        let gave = matches!(
            self.state,
            CallState::Posted
                | CallState::Consolidated
                | CallState::InReview
                | CallState::Discarded
        );
        self.allow(gave, "decided again")?;
        let next = self.clone().decided(state_of(&outcomes), reason, now);
        Ok(Self { outcomes, ..next })
    }
}

/// What the changes are made of.
impl Call {
    /// Until when a transcript is waited for.
    #[must_use]
    pub fn patience_ends(&self) -> Timestamp {
        self.first_seen + TRANSCRIPT_PATIENCE
    }

    const fn allow(&self, allowed: bool, change: &'static str) -> Result<(), NotPossible> {
        if allowed {
            return Ok(());
        }
        Err(NotPossible {
            state: self.state,
            change,
        })
    }

    const fn open(&self, change: &'static str) -> Result<(), NotPossible> {
        self.allow(self.state.is_open(), change)
    }

    const fn in_work(&self, change: &'static str) -> Result<(), NotPossible> {
        self.allow(matches!(self.state, CallState::Processing), change)
    }

    const fn uncounted(mut self) -> Self {
        self.attempts = self.attempts.saturating_sub(1);
        self
    }

    fn queued(&self, reason: &str, now: Timestamp) -> Self {
        self.waiting(CallState::Queued, reason, now + QUEUED_GRACE, now)
    }

    fn waiting(&self, state: CallState, reason: &str, due: Timestamp, now: Timestamp) -> Self {
        Self {
            state,
            reason: reason.to_owned(),
            lease: None,
            due: Some(due),
            updated: now,
            ..self.clone()
        }
    }

    /// What a decided call keeps: nothing that only the work on it needed. Who took part stays
    /// with a failed one, which may be retried, and is erased with those people.
    fn decided(self, state: CallState, reason: impl Into<String>, now: Timestamp) -> Self {
        let may_be_retried = state == CallState::Failed;
        Self {
            state,
            reason: reason.into(),
            parties: if may_be_retried {
                self.parties
            } else {
                Vec::new()
            },
            read_at: None,
            found: None,
            lease: None,
            due: None,
            updated: now,
            ..self
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;

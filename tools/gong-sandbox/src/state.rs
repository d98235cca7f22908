//! What the handlers share.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::calls::{SandboxCall, Stored, in_listing_order};
use crate::clock::{Clock, seconds_ms};
use crate::company::Company;
use crate::faults::Faults;
use crate::limits::{Limiter, Limits};
use crate::options::Options;
use crate::paging::Cursors;
use crate::secret::{Secret, fingerprint};
use crate::state_file::{StateError, StateRecord, write};
use crate::stats::Stats;
use crate::tokens::Ledger;
use crate::violations::{Violation, ViolationKind};

/// What is fixed from start to stop, and the world that changes.
pub(crate) struct Shared {
    pub(crate) now: Clock,
    pub(crate) origin: String,
    pub(crate) port: u16,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) redirect_uris: Option<Vec<String>>,
    pub(crate) company: Company,
    pub(crate) limits: Limits,
    pub(crate) access_token_seconds: u64,
    pub(crate) seed: u64,
    pub(crate) cursors: Cursors,
    pub(crate) first_started_ms: i64,
    state_file: Option<PathBuf>,
    world: Mutex<World>,
}

/// What requests and tests change.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) calls: Vec<Stored>,
    pub(crate) tokens: Ledger,
    pub(crate) limiter: Limiter,
    pub(crate) stats: Stats,
    pub(crate) violations: Vec<Violation>,
    pub(crate) faults: Faults,
    requests: u64,
}

impl Shared {
    pub(crate) fn new(options: Options, port: u16, first_started_ms: i64, tokens: Ledger) -> Self {
        Self {
            now: options.now,
            origin: format!("http://127.0.0.1:{port}"),
            port,
            client_id: options.client_id,
            client_secret: Secret::new(options.client_secret),
            redirect_uris: options.redirect_uris,
            company: options.company,
            limits: options.limits,
            access_token_seconds: options.access_token_seconds,
            seed: options.seed,
            cursors: Cursors::new(options.seed, seconds_ms(options.cursor_seconds)),
            first_started_ms,
            state_file: options.state_file,
            world: Mutex::new(World {
                calls: in_listing_order(options.calls),
                tokens,
                limiter: Limiter::default(),
                stats: Stats::default(),
                violations: Vec::new(),
                faults: options.faults,
                requests: 0,
            }),
        }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.now)()
    }

    /// The world, even after a handler panicked: every change to it is complete in itself.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the tokens, on disk first, so that nothing is handed out that a crash would lose.
    pub(crate) fn keep_tokens(&self, world: &mut World, tokens: Ledger) -> Result<(), StateError> {
        let record = StateRecord::new(self.first_started_ms, self.port, tokens);
        if let Some(path) = &self.state_file {
            write(path, &record)?;
        }
        world.tokens = record.tokens;
        Ok(())
    }
}

impl World {
    /// A request id in Gong's style, for the envelope.
    pub(crate) fn next_request_id(&mut self, seed: u64) -> String {
        self.requests += 1;
        fingerprint(&format!("gong-sandbox request {seed} {}", self.requests))[..19].to_owned()
    }

    pub(crate) fn violate(
        &mut self,
        at_ms: i64,
        request: &str,
        kind: ViolationKind,
        detail: impl Into<String>,
    ) {
        let violation = Violation {
            at_ms,
            request: request.to_owned(),
            kind,
            detail: detail.into(),
        };
        tracing::warn!(%violation, "the client broke Gong's contract");
        self.violations.push(violation);
    }

    /// The call with this id.
    pub(crate) fn call(&self, id: &str) -> Option<&SandboxCall> {
        self.calls
            .iter()
            .map(|stored| &stored.call)
            .find(|call| call.id() == Some(id))
    }

    /// The same, to change it; its id and times must stay.
    pub(crate) fn call_mut(&mut self, id: &str) -> Option<&mut SandboxCall> {
        self.calls
            .iter_mut()
            .map(|stored| &mut stored.call)
            .find(|call| call.id() == Some(id))
    }
}

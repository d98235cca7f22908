//! What goes wrong, decided by the seed: at every call to the outside a worker may be delayed,
//! lose the request, lose the answer, or die before or after the effect.

use std::{
    future::{Future, pending},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::StdRng};
use tokio::sync::Notify;

tokio::task_local! {
    static WORKER: Arc<Worker>;
}

/// One invocation of a function: it can be killed at any step.
#[derive(Debug, Default)]
pub struct Worker {
    wake: Notify,
}

impl Worker {
    fn kill(&self) {
        self.wake.notify_one();
    }
}

/// Runs an invocation until it ends, is killed by a fault, or has run for `limit`; `None` when it
/// did not live to its end.
pub async fn invocation<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let worker = Arc::<Worker>::default();
    let run = WORKER.scope(Arc::clone(&worker), tokio::time::timeout(limit, work));
    tokio::select! {
        biased;
        () = worker.wake.notified() => None,
        done = run => done.ok(),
    }
}

/// Where the outside begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seam {
    Database,
    /// A request to one of Gong's read endpoints.
    Gong,
    /// A request to Gong's token endpoint.
    Token,
    /// A request to the secret store.
    Secrets,
    Queue,
    /// A request to a model or to the vector index.
    Engine,
}

/// What became of a request that has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    NotDone,
    /// It was done, and nobody was told.
    Unknown,
}

/// How often things go wrong, in a thousand steps.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rates {
    pub crash: f64,
    /// A request is lost on its way.
    pub lost_request: f64,
    /// An answer is lost on its way.
    pub lost_answer: f64,
    /// A worker stands still for up to four minutes.
    pub stall: f64,
}

/// How long a step takes at most, in milliseconds, before and again after its effect; how long
/// exactly is chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// Of the database, the secret store and the queues.
    pub store: u64,
    /// Of a model.
    pub engine: u64,
    /// Of Gong, whose requests arrive at once and whose answers take this long.
    pub gong: u64,
}

impl Default for Latency {
    fn default() -> Self {
        Self {
            store: 12,
            engine: 400,
            gong: 300,
        }
    }
}

/// The faults of one run.
pub struct Chaos {
    rng: Mutex<StdRng>,
    rates: Mutex<Rates>,
    trouble: AtomicBool,
    steps: AtomicU64,
    kill_at: AtomicU64,
    latency: Latency,
}

impl Chaos {
    /// Faults by this seed; none before [`unleash`](Self::unleash).
    #[must_use]
    pub fn new(seed: u64, latency: Latency) -> Self {
        Self {
            latency,
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            rates: Mutex::default(),
            trouble: AtomicBool::new(false),
            steps: AtomicU64::new(0),
            kill_at: AtomicU64::new(u64::MAX),
        }
    }

    /// The worker that takes the step after so many more dies: before the effect when `before`,
    /// else after it.
    pub fn kill_after(&self, steps: u64, before: bool) {
        let at = 2 * (self.steps() + steps + 1) + u64::from(!before);
        self.kill_at.store(at, Ordering::SeqCst);
    }

    /// How many steps were taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Whether things still go wrong.
    #[must_use]
    pub fn trouble(&self) -> bool {
        self.trouble.load(Ordering::SeqCst)
    }

    /// From now on things go wrong this often.
    pub fn unleash(&self, rates: Rates) {
        *self.rates.lock().unwrap_or_else(PoisonError::into_inner) = rates;
        self.trouble.store(true, Ordering::SeqCst);
    }

    /// From now on nothing goes wrong.
    pub fn calm(&self) {
        *self.rates.lock().unwrap_or_else(PoisonError::into_inner) = Rates::default();
        self.trouble.store(false, Ordering::SeqCst);
    }

    /// A number from the seed, below `below`.
    pub fn below(&self, below: u64) -> u64 {
        self.with_rng(|rng| rng.random_range(0..below.max(1)))
    }

    /// Whether something happens that happens in `in_a_thousand` of a thousand cases.
    pub fn chance(&self, in_a_thousand: f64) -> bool {
        self.with_rng(|rng| rng.random_range(0.0..1_000.0) < in_a_thousand)
    }

    /// 128 random bits.
    pub fn bits(&self) -> u128 {
        self.with_rng(|rng| rng.random())
    }

    fn with_rng<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One step to the outside.
    ///
    /// # Errors
    /// [`Lost`] when the request or its answer was lost.
    pub async fn step<T>(&self, seam: Seam, work: impl Future<Output = T>) -> Result<T, Lost> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst) + 1;
        let rates = *self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        // Requests to Gong leave at once: their pace is the client's, not the network's.
        if !matches!(seam, Seam::Gong | Seam::Token) {
            self.delay(seam, rates).await;
        }
        self.maybe_die(rates, 2 * step).await;
        if self.chance(rates.lost_request) {
            return Err(Lost::NotDone);
        }
        let done = work.await;
        self.delay(seam, rates).await;
        self.maybe_die(rates, 2 * step + 1).await;
        if self.chance(rates.lost_answer) {
            return Err(Lost::Unknown);
        }
        Ok(done)
    }

    async fn delay(&self, seam: Seam, rates: Rates) {
        let usual = match seam {
            Seam::Database | Seam::Secrets | Seam::Queue => self.latency.store,
            Seam::Engine => self.latency.engine,
            Seam::Gong | Seam::Token => self.latency.gong,
        };
        let mut ms = self.below(usual);
        if self.chance(rates.stall) {
            ms += self.below(240_000);
        }
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    async fn maybe_die(&self, rates: Rates, half_step: u64) {
        let dies = self.chance(rates.crash) || half_step == self.kill_at.load(Ordering::SeqCst);
        if dies && let Ok(worker) = WORKER.try_with(Arc::clone) {
            worker.kill();
            pending::<()>().await;
        }
    }
}

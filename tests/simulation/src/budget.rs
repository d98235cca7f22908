//! How many requests to Gong a job takes, and how long, when nothing goes wrong.

use std::sync::Arc;

use domain::{
    moment::{Span, Timestamp},
    ports::{ledger::Ledger, system::Clock},
};

use crate::{
    faults::{Latency, Rates},
    gong::Moods,
    plan::{Plan, PlannedCall},
    run::in_simulated_time,
    time::{BEGIN, duration},
    world::{World, admin},
};

/// What a job took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Pages of calls, those by id too.
    pub listings: u64,
    /// Requests for transcripts.
    pub transcripts: u64,
    pub users: u64,
    /// Simulated time from the first request to the last, in milliseconds.
    pub milliseconds: i64,
    pub decided: u64,
}

impl Taken {
    /// What was taken beyond `before`; the time is that of everything.
    const fn since(self, before: &Self) -> Self {
        Self {
            listings: self.listings - before.listings,
            transcripts: self.transcripts - before.transcripts,
            users: self.users - before.users,
            milliseconds: self.milliseconds,
            decided: self.decided - before.decided,
        }
    }

    /// All requests to the read endpoints, which are what Gong counts.
    #[must_use]
    pub const fn requests(&self) -> u64 {
        self.listings + self.transcripts + self.users
    }
}

/// Calls spread evenly over the time before the connect, every `private`th of them private.
fn past(count: usize, over: Span, private: usize) -> Vec<PlannedCall> {
    let step = over.0 / i64::try_from(count).unwrap_or(1).max(1);
    let of = |n: usize| {
        let at = BEGIN - over + Span(step * i64::try_from(n).unwrap_or(0));
        planned(n, at, private > 0 && n.is_multiple_of(private))
    };
    (0..count).map(of).collect()
}

/// A call without a wish.
#[must_use]
pub fn planned(n: usize, at: Timestamp, private: bool) -> PlannedCall {
    PlannedCall {
        id: format!("{}", 7_000_000_000_000_000_000_u64 + n as u64),
        scheduled: at,
        started: at,
        visible: at,
        transcribed: Some(at),
        topic: None,
        outsider: true,
        private: (private, None),
        oddity: 1,
    }
}

fn plan(calls: Vec<PlannedCall>, history_days: u8, poll_every: Span) -> Plan {
    Plan {
        calls,
        ..quiet_plan(history_days, poll_every)
    }
}

/// Nothing goes wrong, and there is no call.
#[must_use]
pub fn quiet_plan(history_days: u8, poll_every: Span) -> Plan {
    Plan {
        seed: 1,
        history_days,
        calls: Vec::new(),
        deeds: Vec::new(),
        rates: Rates::default(),
        moods: Moods::default(),
        trouble: Span(0),
        calm: Span(0),
        skew: Span(0),
        processes: 5,
        token_seconds: 86_400,
        cursor_seconds: 3_600,
        poll_every,
        latency: Latency {
            store: 4,
            engine: 1,
            gong: 250,
        },
        gathered: Some(Span::seconds(5)),
        rival: false,
    }
}

impl World {
    async fn decided(&self) -> u64 {
        let counts = self.store.counts(&admin("one").org_id).await;
        let counts = counts.expect("the ledger answers");
        let open = ["queued", "processing", "awaiting_transcript", "deferred"];
        let states = counts.iter().filter(|(state, _)| !state.contains(':'));
        states
            .filter(|(state, _)| !open.contains(&state.as_str()))
            .map(|(_, calls)| calls)
            .sum()
    }

    async fn taken(&self) -> Taken {
        let stats = self.sandbox.stats();
        let at = &stats.served_at_ms;
        Taken {
            listings: stats.count("POST /v2/calls/extensive"),
            transcripts: stats.count("POST /v2/calls/transcript"),
            users: stats.count("GET /v2/users"),
            milliseconds: at.last().unwrap_or(&0) - at.first().unwrap_or(&0),
            decided: self.decided().await,
        }
    }

    /// Until this many calls are decided.
    async fn until_decided(&self, calls: u64) {
        let end = self.clock.now() + Span::hours(12);
        while self.decided().await < calls && self.clock.now() < end {
            tokio::time::sleep(duration(Span::minutes(1))).await;
        }
    }
}

fn job<T>(plan: Plan, work: impl AsyncFnOnce(&World) -> T) -> T {
    in_simulated_time(async {
        let world = World::build(plan).await;
        let working = {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.work().await })
        };
        world.connect("one").await;
        let result = work(&world).await;
        working.abort();
        result
    })
}

/// The first read of `count` calls, every `private`th of them private (none when 0).
#[must_use]
pub fn first_read(count: usize, private: usize) -> Taken {
    let calls = past(count, Span::days(6), private);
    job(plan(calls, 7, Span::hours(3)), async |world: &World| {
        world.until_decided(count as u64).await;
        world.taken().await
    })
}

/// The backfill of `count` calls of sixty days.
#[must_use]
pub fn backfill(count: usize) -> Taken {
    let calls = past(count, Span::days(59), 0);
    job(plan(calls, 60, Span::hours(24)), async |world: &World| {
        world.until_decided(count as u64).await;
        world.taken().await
    })
}

/// A poll that finds nothing new, with a hundred calls in its overlap.
#[must_use]
pub fn idle_poll() -> Taken {
    let calls = past(100, Span::hours(8), 0);
    job(plan(calls, 7, Span::hours(3)), async |world: &World| {
        world.until_decided(100).await;
        let before = world.taken().await;
        tokio::time::sleep(duration(Span::hours(3) + Span::minutes(40))).await;
        let after = world.taken().await;
        after.since(&before)
    })
}

/// A day on which a hundred calls are recorded one after the other, with a poll every hour; the
/// week before had a hundred a day as well.
#[must_use]
pub fn day() -> Taken {
    let quarter = Span(Span::days(1).0 / 100);
    let calls = (0..900).map(|n| {
        let after = Span(quarter.0 * i64::from(n));
        let mut call = planned(
            usize::try_from(n).unwrap_or(0),
            BEGIN - Span::days(7) + after,
            false,
        );
        call.visible = call.scheduled + Span::minutes(25);
        call.transcribed = Some(call.visible);
        call
    });
    job(
        plan(calls.collect(), 7, Span::hours(1)),
        async |world: &World| {
            world.until_decided(700).await;
            tokio::time::sleep(duration(Span::hours(1))).await;
            let before = world.taken().await;
            tokio::time::sleep(duration(Span::days(1))).await;
            let after = world.taken().await;
            Taken {
                listings: after.listings - before.listings,
                transcripts: after.transcripts - before.transcripts,
                users: after.users - before.users,
                decided: after.decided - before.decided,
                ..after
            }
        },
    )
}

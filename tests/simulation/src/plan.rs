//! What happens in a run, all of it drawn from the seed before anything begins.

use domain::moment::{Span, Timestamp};
use gong_sandbox::SandboxCall;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    engine::{beside, wish},
    faults::{Latency, Rates},
    gong::Moods,
    time::BEGIN,
};

/// One call at Gong.
#[derive(Debug, Clone)]
pub struct PlannedCall {
    pub id: String,
    pub scheduled: Timestamp,
    /// When it started: the time that listings go by.
    pub started: Timestamp,
    /// From when on listings show it.
    pub visible: Timestamp,
    /// From when on its transcript is served; never when none.
    pub transcribed: Option<Timestamp>,
    /// What the customer asks for.
    pub topic: Option<usize>,
    /// Whether somebody from outside takes part.
    pub outsider: bool,
    /// Whether it is private, and from when on it is not or is.
    pub private: (bool, Option<Timestamp>),
    /// Which oddity its transcript has.
    pub oddity: u8,
}

/// Something that a person does at Gong or at our pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The admin asks for a sync.
    SyncNow,
    /// The admin connects anew although it works.
    Reconnect,
    /// The same in two browsers at once.
    ReconnectTwice,
    /// The admin closes the connection, to connect again after a while.
    Disconnect,
    /// The customer's Gong admin takes the authorization away.
    Revoke,
    /// Gong forgets the access tokens before their time.
    ExpireTokens,
    /// The call's private flag is set or taken away.
    SetPrivate(String, bool),
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    /// Days of history that the admin chooses.
    pub history_days: u8,
    pub calls: Vec<PlannedCall>,
    /// The deeds by their time.
    pub deeds: Vec<(Timestamp, Deed)>,
    pub rates: Rates,
    pub moods: Moods,
    /// How long things go wrong.
    pub trouble: Span,
    /// How long they then go right.
    pub calm: Span,
    /// How wrong the processes' clocks are, at most.
    pub skew: Span,
    pub processes: usize,
    /// Life of access tokens, in seconds.
    pub token_seconds: u64,
    /// Life of cursors, in seconds.
    pub cursor_seconds: u64,
    /// From one poll to the next.
    pub poll_every: Span,
    /// How long steps take.
    pub latency: Latency,
    /// How long SQS gathers a batch of a hundred calls; when none, batches of any size come at any
    /// time.
    pub gathered: Option<Span>,
    /// Whether a second organization tries for the same workspace at the same time.
    pub rival: bool,
}

impl Plan {
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed ^ 0x5eed_0f91_a500_0000);
        let trouble = Span::hours(rng.random_range(4..=14));
        let history_days = rng.random_range(1..=10);
        let count = match rng.random_range(0..20) {
            0 => rng.random_range(110..=230),
            1..=4 => rng.random_range(1..=4),
            _ => rng.random_range(5..=30),
        };
        let patience_runs_out = rng.random_range(0..25) == 0;
        let calls: Vec<_> = (0..count)
            .map(|n| call(&mut rng, n, history_days, trouble, patience_runs_out))
            .collect();
        let deeds = deeds(&mut rng, &calls, trouble);
        let quiet = rng.random_range(0..8) == 0;
        let mut per_mille = |most: f64| {
            if quiet || rng.random_range(0..3) == 0 {
                0.0
            } else {
                rng.random_range(0.0..most)
            }
        };
        let rates = Rates {
            crash: per_mille(6.0),
            lost_request: per_mille(8.0),
            lost_answer: per_mille(8.0),
            stall: per_mille(4.0),
        };
        let moods = Moods {
            failing: per_mille(80.0),
            busy: per_mille(80.0),
            used_up: per_mille(10.0),
        };
        Self {
            seed,
            history_days,
            calls,
            deeds,
            rates,
            moods,
            trouble,
            calm: if patience_runs_out {
                Span::days(18)
            } else {
                Span::hours(30)
            },
            skew: Span::millis([0, 0, 2_000, 12_000][rng.random_range(0..4)]),
            processes: rng.random_range(1..=3),
            // The long run need not renew every hour.
            token_seconds: if patience_runs_out {
                86_400
            } else {
                [7_200, 21_600, 86_400][rng.random_range(0..3)]
            },
            cursor_seconds: [30, 600, 3_600][rng.random_range(0..3)],
            poll_every: Span::hours(4),
            latency: Latency::default(),
            gathered: None,
            rival: rng.random_range(0..5) == 0,
        }
    }
}

fn call(
    rng: &mut StdRng,
    n: usize,
    history_days: u8,
    trouble: Span,
    patience_runs_out: bool,
) -> PlannedCall {
    let oldest = -Span::days(i64::from(history_days)).0 - Span::hours(5).0;
    let scheduled = BEGIN + Span(rng.random_range(oldest..trouble.0));
    let started = match rng.random_range(0..4) {
        0 => scheduled + Span::minutes(rng.random_range(-20..=90)),
        _ => scheduled,
    };
    // What is older than the lookback reaches is there from the start.
    let young = started > BEGIN - Span::days(2);
    let visible = match rng.random_range(0..4) {
        0 if young => started + Span::minutes(rng.random_range(60..=600)),
        _ => started + Span::minutes(20),
    };
    let transcribed = match rng.random_range(0..8) {
        0 if patience_runs_out => None,
        0 | 1 => Some(visible + Span::minutes(rng.random_range(-30..=400))),
        _ => Some(visible),
    };
    let private = match rng.random_range(0..8) {
        0 => (true, None),
        1 if young => (true, Some(moment(rng, trouble))),
        2 | 3 if young => (false, Some(moment(rng, trouble))),
        _ => (false, None),
    };
    PlannedCall {
        // Ids of 19 digits, in no order.
        id: format!(
            "{}{n:04}",
            rng.random_range(100_000_000_000_000_u64..999_999_999_999_999)
        ),
        scheduled,
        started,
        visible,
        transcribed,
        topic: (rng.random_range(0..5) > 0).then(|| rng.random_range(0..6)),
        outsider: rng.random_range(0..10) > 0,
        private,
        oddity: rng.random_range(0..6),
    }
}

fn moment(rng: &mut StdRng, trouble: Span) -> Timestamp {
    BEGIN + Span(rng.random_range(0..trouble.0))
}

fn deeds(rng: &mut StdRng, calls: &[PlannedCall], trouble: Span) -> Vec<(Timestamp, Deed)> {
    let flips = calls.iter().filter_map(|call| {
        let (private, flip) = call.private;
        Some((flip?, Deed::SetPrivate(call.id.clone(), !private)))
    });
    let mut deeds: Vec<_> = flips.collect();
    for (deed, one_in) in [
        (Deed::SyncNow, 2),
        (Deed::SyncNow, 3),
        (Deed::Reconnect, 5),
        (Deed::ReconnectTwice, 5),
        (Deed::Disconnect, 6),
        (Deed::Revoke, 5),
        (Deed::ExpireTokens, 4),
    ] {
        if rng.random_range(0..one_in) == 0 {
            deeds.push((moment(rng, trouble), deed));
        }
    }
    deeds.sort_by_key(|(at, _)| *at);
    deeds
}

impl PlannedCall {
    /// Whether it is private when everything has happened.
    #[must_use]
    pub const fn private_at_last(&self) -> bool {
        let (private, flip) = self.private;
        private != flip.is_some()
    }

    /// Whether it was never private.
    #[must_use]
    pub const fn always_public(&self) -> bool {
        matches!(self.private, (false, None))
    }

    /// Whether anything is said in it.
    #[must_use]
    pub const fn speaks(&self) -> bool {
        self.oddity != 5
    }

    fn transcript(&self) -> Value {
        let said = self.topic.map_or_else(|| "All is well.".to_owned(), wish);
        let mut sentences = vec![json!({"start": 9_000, "end": 9_900, "text": said})];
        let more = self.topic.and_then(beside).map(wish);
        sentences.extend(more.map(|said| json!({"start": 10_000, "end": 10_900, "text": said})));
        let customer = json!({"speakerId": "111", "topic": null, "sentences": sentences});
        let ours = json!({"speakerId": "222", "topic": "Small Talk", "sentences": [
            {"start": 1_000, "end": 1_900, "text": "How are you?"},
        ]});
        let nobody = json!({"speakerId": null, "topic": null, "sentences": [
            {"start": 20_000, "end": 20_900, "text": "Bye."},
        ]});
        match self.oddity {
            0 => json!([customer, ours, nobody]),
            5 => json!([]),
            _ => json!([ours, customer]),
        }
    }

    /// As the sandbox serves it.
    #[must_use]
    pub fn build(&self) -> SandboxCall {
        let affiliation = if self.outsider {
            "External"
        } else {
            "Internal"
        };
        let call = json!({
            "metaData": {
                "id": self.id, "url": format!("https://us-00000.app.gong.io/call?id={}", self.id),
                "title": "A call", "scheduled": self.scheduled.to_rfc3339(),
                "started": self.started.to_rfc3339(), "duration": 900, "language": "eng",
                "workspaceId": "4042227664642553970", "isPrivate": self.private.0,
            },
            "context": [],
            "parties": [
                {"id": "1", "name": "Cleo Customer", "emailAddress": "cleo@northwind.example",
                 "speakerId": "111", "affiliation": affiliation, "methods": ["Attendee"]},
                {"id": "2", "name": "Ingrid Internal", "userId": "5550001",
                 "emailAddress": "ingrid@fernhill.example",
                 "speakerId": "222", "affiliation": "Internal", "methods": ["Attendee"]},
            ],
        });
        SandboxCall {
            visible_at_ms: Some(self.visible.0),
            transcript_available_at_ms: self.transcribed.map(|at| at.0),
            ..SandboxCall::new(call, self.transcribed.map(|_| self.transcript()))
        }
    }
}

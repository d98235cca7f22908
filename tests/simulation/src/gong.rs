//! Gong in this process: the real client's requests go to the sandbox without a socket, and an eye
//! watches what is asked against what was told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use adapters::gong::Transport;
use async_trait::async_trait;
use axum::body::Body;
use domain::{
    call::READING_MAX_AGE,
    moment::{Span, Timestamp},
    ports::system::Clock,
};
use gong_sandbox::Sandbox;
use http_body_util::BodyExt;
use serde_json::Value;

use crate::{
    faults::{Chaos, Lost, Seam},
    time::SimClock,
};

/// How Gong misbehaves, in a thousand requests.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moods {
    /// Answers 500 without doing anything.
    pub failing: f64,
    /// Answers 429, to wait seconds.
    pub busy: f64,
    /// Answers 429, to wait hours.
    pub used_up: f64,
}

/// What Gong told last of a call, and when.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    public_at: Option<Timestamp>,
}

/// What the eye saw.
#[derive(Default)]
struct Seen {
    told: BTreeMap<String, Told>,
    broken: Vec<String>,
    hosts: Vec<String>,
    transcripts: BTreeMap<String, u64>,
}

/// Asks whether the ledger has known for some seconds that a call is private.
pub type KnownPrivate = dyn Fn(&str, Timestamp) -> bool + Send + Sync;

pub struct Wire {
    sandbox: Arc<Sandbox>,
    chaos: Arc<Chaos>,
    clock: SimClock,
    moods: Moods,
    seen: Mutex<Seen>,
    known_private: Box<KnownPrivate>,
}

impl Wire {
    #[must_use]
    pub fn new(
        sandbox: Arc<Sandbox>,
        chaos: Arc<Chaos>,
        clock: SimClock,
        moods: Moods,
        known_private: Box<KnownPrivate>,
    ) -> Self {
        Self {
            sandbox,
            chaos,
            clock,
            moods,
            seen: Mutex::default(),
            known_private,
        }
    }

    /// What was asked that must never be asked.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        self.seen().broken.clone()
    }

    /// Where the requests went, in order.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        self.seen().hosts.clone()
    }

    /// How often each call's transcript was asked for.
    #[must_use]
    pub fn transcripts(&self) -> BTreeMap<String, u64> {
        self.seen().transcripts.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before a request is sent: a transcript may be asked for only on a reading "not private" of
    /// the last 15 minutes, and never when the ledger has known better for five seconds: it is read
    /// two seconds before at the earliest, and three are for a write that was on its way to it.
    fn watch(&self, path: &str, body: &[u8]) {
        if path != "/v2/calls/transcript" {
            return;
        }
        let now = self.clock.now();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let ids = body["filter"]["callIds"].as_array().into_iter().flatten();
        let mut seen = self.seen();
        for id in ids.filter_map(Value::as_str) {
            *seen.transcripts.entry(id.to_owned()).or_default() += 1;
            let told = seen.told.get(id).copied().unwrap_or_default();
            let fresh = told.public_at.is_some_and(|at| at + READING_MAX_AGE >= now);
            if !fresh {
                let text = format!("{now}: transcript of {id} without a fresh reading ({told:?})");
                seen.broken.push(text);
            }
            if (self.known_private)(id, now - Span::seconds(5)) {
                let text = format!("{now}: transcript of {id}, which the ledger has as private");
                seen.broken.push(text);
            }
        }
    }

    /// What an answer tells of calls, whoever gets it.
    fn note(&self, path: &str, at: Timestamp, body: &[u8]) {
        if path != "/v2/calls/extensive" {
            return;
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut seen = self.seen();
        for call in body["calls"].as_array().into_iter().flatten() {
            let meta = &call["metaData"];
            if let Some(id) = meta["id"].as_str()
                && meta["isPrivate"] == Value::Bool(false)
            {
                seen.told.entry(id.to_owned()).or_default().public_at = Some(at);
            }
        }
    }

    /// An answer that Gong gives without looking.
    fn mood(&self, api: bool) -> Option<(u16, Option<u64>)> {
        let Moods {
            failing,
            busy,
            used_up,
        } = self.moods;
        if !self.chaos.trouble() {
            None
        } else if self.chaos.chance(failing) {
            Some((500, None))
        } else if api && self.chaos.chance(busy) {
            Some((429, Some(1 + self.chaos.below(3))))
        } else if api && self.chaos.chance(used_up) {
            Some((429, Some(3_600 + self.chaos.below(7_200))))
        } else {
            None
        }
    }

    async fn ask(&self, path: &str, request: axum::extract::Request) -> http::Response<Vec<u8>> {
        let at = self.clock.now();
        let (parts, body) = self.sandbox.answer(request).await.into_parts();
        let body = body.collect().await.expect("a body in memory").to_bytes();
        if parts.status.is_success() {
            self.note(path, at, &body);
        }
        http::Response::from_parts(parts, body.to_vec())
    }
}

#[async_trait]
impl Transport for Wire {
    async fn carry(&self, request: reqwest::Request) -> Result<reqwest::Response, &'static str> {
        let path = request.url().path().to_owned();
        let api = path.starts_with("/v2/");
        let body = request.body().and_then(|body| body.as_bytes());
        let body = body.unwrap_or_default().to_vec();
        let host = request.url().origin().ascii_serialization();
        self.seen().hosts.push(host);
        let mut ask = http::Request::builder()
            .method(request.method().clone())
            .uri(request.url().as_str())
            .header("host", "127.0.0.1");
        for (name, value) in request.headers() {
            ask = ask.header(name, value);
        }
        self.watch(&path, &body);
        let ask = ask.body(Body::from(body)).expect("the client's request");
        let seam = if api { Seam::Gong } else { Seam::Token };
        let mood = self.mood(api);
        let answer = self.chaos.step(seam, async {
            match mood {
                None => self.ask(&path, ask).await,
                Some((status, wait)) => {
                    let mut answer = http::Response::builder().status(status);
                    if let Some(seconds) = wait {
                        answer = answer.header("retry-after", seconds);
                    }
                    answer.body(Vec::new()).expect("an answer")
                }
            }
        });
        match answer.await {
            Ok(answer) => Ok(reqwest::Response::from(answer)),
            Err(Lost::NotDone) => Err("no connection"),
            Err(Lost::Unknown) => Err("it timed out"),
        }
    }
}

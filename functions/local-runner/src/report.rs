//! What `try` prints: the ledger and the posts, as text or as one JSON document.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Result;
use domain::{
    call::{Call, CallState, Outcome, SkipCause},
    feedback::{Board, Evidence, Post, Tag},
    ids::OrgId,
    ports::{
        feedback::{FeedbackStore, PostFilter},
        ledger::Ledger,
    },
    usage::Usage,
};
use gong_sandbox::{Sandbox, Stats};
use serde_json::{Value, json};

use crate::{app::App, engine::Engine};

/// Everything that a run led to.
pub struct Report {
    engine: Value,
    calls: Vec<Call>,
    posts: Vec<(Post, Vec<Evidence>)>,
    boards: Vec<Board>,
    tags: Vec<Tag>,
    stats: Stats,
    /// What the sandbox's strict eye saw.
    pub violations: Vec<String>,
}

/// Reads what an organization has.
///
/// # Errors
/// When the database does not answer.
pub async fn collect(app: &App, engine: &Engine, sandbox: &Sandbox, org: &OrgId) -> Result<Report> {
    let store = &app.store;
    let mut calls = Vec::new();
    let mut after = None;
    loop {
        let page = store.page(org, None, after.as_deref(), 100).await?;
        calls.extend(page.calls);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    calls.sort_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
    let mut posts = Vec::new();
    for post in store.posts(org, &PostFilter::default()).await? {
        let evidence = store.evidence(org, &post.id).await?;
        posts.push((post, evidence));
    }
    posts.sort_by(|(a, _), (b, _)| {
        (b.evidence_count, &a.request.title, &a.id).cmp(&(
            a.evidence_count,
            &b.request.title,
            &b.id,
        ))
    });
    Ok(Report {
        engine: json!({
            "llm": engine.analyst.engine().llm,
            "embeddings": engine.embedder.name(),
            "threshold": two_decimals(engine.embedder.threshold()),
        }),
        calls,
        posts,
        boards: store.boards(org).await?,
        tags: store.tags(org).await?,
        stats: sandbox.stats(),
        violations: sandbox
            .violations()
            .iter()
            .map(ToString::to_string)
            .collect(),
    })
}

/// Whether a run has done with a call what it is there for. The time from which on it imports is
/// its own choice, so a call that it skipped for that is not done.
fn decided(call: &Call) -> bool {
    match call.state {
        CallState::AwaitingTranscript => true,
        CallState::Failed => false,
        state => !state.is_open() && call.skip_cause != Some(SkipCause::BeforeImport),
    }
}

/// A threshold without the noise of its 32 bits.
fn two_decimals(value: f32) -> f64 {
    (f64::from(value) * 1_000.0).round() / 1_000.0
}

/// The number of open calls and of all, by the ledger's counts.
#[must_use]
pub fn open_and_all(counts: &BTreeMap<String, u64>) -> (u64, u64) {
    let count = |state: &CallState| counts.get(state.as_str()).copied().unwrap_or(0);
    let open = CallState::ALL
        .iter()
        .filter(|s| s.is_open())
        .map(count)
        .sum();
    (open, CallState::ALL.iter().map(count).sum())
}

impl Report {
    /// The calls that failed, were left out, or are open for another reason than a missing
    /// transcript, in words: a line for each reason, with the calls.
    #[must_use]
    pub fn undecided(&self) -> Vec<String> {
        let mut reasons: BTreeMap<(CallState, &str), Vec<&str>> = BTreeMap::new();
        for call in self.calls.iter().filter(|call| !decided(call)) {
            let reason = (call.state, call.reason.as_str());
            reasons.entry(reason).or_default().push(call.id.as_str());
        }
        let line = |((state, reason), ids): ((CallState, &str), Vec<&str>)| {
            let what = match (ids.len(), state) {
                (1, CallState::Failed) => "1 call failed".to_owned(),
                (n, CallState::Failed) => format!("{n} calls failed"),
                (1, CallState::Skipped) => "1 call was left out".to_owned(),
                (n, CallState::Skipped) => format!("{n} calls were left out"),
                (1, state) => format!("1 call is still {state}"),
                (n, state) => format!("{n} calls are still {state}"),
            };
            format!("{what}: {reason} ({})", ids.join(", "))
        };
        reasons.into_iter().map(line).collect()
    }

    /// The calls, in the order of their start.
    #[must_use]
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// The posts with their evidence, most evidence first.
    #[must_use]
    pub fn posts(&self) -> &[(Post, Vec<Evidence>)] {
        &self.posts
    }

    /// What the analysis of all calls took.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        for call in &self.calls {
            usage += call.usage;
        }
        usage
    }

    /// One JSON document.
    #[must_use]
    pub fn json(&self) -> Value {
        let usage = self.usage();
        json!({
            "engine": self.engine,
            "calls": self.calls.iter().map(call_json).collect::<Vec<_>>(),
            "posts": self.posts.iter().map(|(p, e)| self.post_json(p, e)).collect::<Vec<_>>(),
            "gong": {
                "requests": self.stats.requests,
                "transcripts_requested": self.stats.transcripts_requested,
                "violations": self.violations,
            },
            "usage": usage,
        })
    }

    fn post_json(&self, post: &Post, evidence: &[Evidence]) -> Value {
        let board = self.boards.iter().find(|board| board.id == post.board_id);
        let category = board.and_then(|board| {
            let id = post.category_id.as_ref()?;
            board.categories.iter().find(|category| category.id == *id)
        });
        let tags = self
            .tags
            .iter()
            .filter(|tag| post.tag_ids.contains(&tag.id));
        json!({
            "id": post.id,
            "title": post.request.title,
            "description": post.request.description,
            "sentiment": post.request.sentiment,
            "priority": post.request.priority,
            "feature_area": post.request.feature_area,
            "pain_points": post.request.pain_points,
            "board": board.map(|board| &board.name),
            "category": category.map(|category| &category.name),
            "tags": tags.map(|tag| &tag.name).collect::<Vec<_>>(),
            "status": post.status,
            "moderation": post.moderation,
            "source": post.source,
            "source_type": post.source_type,
            "author": post.author,
            "metadata": post.metadata,
            "evidence": evidence.iter().map(evidence_json).collect::<Vec<_>>(),
        })
    }

    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        let word = |key: &str| self.engine[key].as_str().unwrap_or("").to_owned();
        writeln!(
            out,
            "Analysed by {}; similarity by {}, threshold {}.\n",
            word("llm"),
            word("embeddings"),
            self.engine["threshold"]
        )?;
        writeln!(out, "POSTS ({})", self.posts.len())?;
        for (post, evidence) in &self.posts {
            writeln!(out, "\n{}", post.request.title)?;
            let words = [
                post.request
                    .priority
                    .map(|p| format!("priority {}", p.as_str())),
                post.request
                    .sentiment
                    .map(|s| format!("sentiment {}", s.as_str())),
                post.request.feature_area.clone(),
                Some(format!("{} evidence", evidence.len())),
            ];
            let words: Vec<_> = words.into_iter().flatten().collect();
            writeln!(out, "  {}", words.join(" · "))?;
            for line in post.request.description.lines() {
                writeln!(out, "  {line}")?;
            }
            for item in evidence {
                let who = item.author.name.as_deref().unwrap_or("unknown");
                let account = item.author.account.as_deref();
                let account = account.map_or_else(String::new, |a| format!(", {a}"));
                writeln!(out, "  - {who}{account} (call {})", item.call_id)?;
                for quote in &item.quotes {
                    let at = clock_time(quote.start_ms);
                    writeln!(out, "    {at} {}: “{}”", quote.speaker, quote.text)?;
                }
            }
        }
        writeln!(out, "\nCALLS ({})", self.calls.len())?;
        for call in &self.calls {
            let title = call.title.as_deref().unwrap_or("");
            writeln!(
                out,
                "  {:<20} {:<19} {} | {title}",
                call.id.as_str(),
                call.state,
                call.reason
            )?;
        }
        let usage = self.usage();
        writeln!(out, "\nGONG")?;
        for (request, count) in &self.stats.requests {
            writeln!(out, "  {count:>5} × {request}")?;
        }
        for violation in &self.violations {
            writeln!(out, "  against the contract: {violation}")?;
        }
        writeln!(
            out,
            "\nUSAGE  {} LLM calls, {} + {} tokens, {} texts embedded",
            usage.llm_calls, usage.prompt_tokens, usage.completion_tokens, usage.embedded_texts
        )
    }
}

fn clock_time(ms: i64) -> String {
    let seconds = ms / 1_000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

fn call_json(call: &Call) -> Value {
    let outcome = |o: &Outcome| json!({"result": o.result, "post_id": o.post_id});
    json!({
        "id": call.id,
        "state": call.state,
        "reason": call.reason,
        "outcomes": call.outcomes.iter().map(outcome).collect::<Vec<_>>(),
    })
}

fn evidence_json(evidence: &Evidence) -> Value {
    json!({
        "call_id": evidence.call_id,
        "call_url": evidence.call_url,
        "author": evidence.author,
        "quotes": evidence.quotes,
        "merge": evidence.merge,
    })
}

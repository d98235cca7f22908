//! `GET /call`: the page that a call's `url` leads to, with the moment that a quote came from.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use crate::calls::SandboxCall;
use crate::pages;
use crate::state::Shared;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Parameters {
    id: String,
    highlights: String,
}

/// A range of a recording, in ms from its start, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    from_ms: f64,
    to_ms: f64,
}

struct Sentence<'a> {
    start_ms: f64,
    end_ms: f64,
    text: &'a str,
}

/// Shows a call that is not private.
pub(crate) async fn show(
    State(shared): State<Arc<Shared>>,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Response {
    let Query(parameters) = parameters.unwrap_or_default();
    let world = shared.world();
    match world.call(&parameters.id).filter(|call| !call.is_private()) {
        Some(call) => {
            let transcript = call.transcript_at(shared.now_ms(), shared.first_started_ms);
            pages::page(
                StatusCode::OK,
                title(call),
                body(call, transcript, &parameters.highlights),
            )
        }
        None => pages::error(
            StatusCode::NOT_FOUND,
            "There is no such call",
            "The sandbox serves no call with this id, or the call is private. Check the link.",
        ),
    }
}

fn title(call: &SandboxCall) -> &str {
    call.call["metaData"]["title"]
        .as_str()
        .filter(|title| !title.trim().is_empty())
        .unwrap_or("Untitled call")
}

fn body(call: &SandboxCall, transcript: Option<&Value>, highlights: &str) -> Markup {
    let turns = transcript
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let marked = marked_ranges(turns, &ranges(highlights));
    let is_marked =
        |sentence: &Sentence<'_>| marked.iter().any(|range| range.holds_start_of(sentence));
    let first = turns
        .iter()
        .flat_map(sentences)
        .find(|sentence| is_marked(sentence))
        .map(|first| first.start_ms);
    let mut anchored = false;
    let mut anchor = |marked: bool| {
        let here = marked && !anchored;
        anchored |= here;
        here.then_some("moment")
    };
    html! {
        h1 { (title(call)) }
        @if let Some(started) = call.call["metaData"]["started"].as_str() { p.soft { "Started " (started) } }
        @if let Some(start_ms) = first {
            p { a href="#moment" { "Go to the moment (" (clock(start_ms)) ")" } }
        }
        h2 { "Who took part" }
        (parties(call))
        h2 { "What was said" }
        @if turns.is_empty() { p.soft { "There is no transcript yet." } }
        @for turn in turns {
            p.turn { (speaker(call, &turn["speakerId"])) }
            @for sentence in sentences(turn) {
                @let marked = is_marked(&sentence);
                div.sentence.marked[marked] id=[anchor(marked)] {
                    time { (clock(sentence.start_ms)) }
                    @if marked { mark { (sentence.text) } } @else { span { (sentence.text) } }
                }
            }
        }
    }
}

fn parties(call: &SandboxCall) -> Markup {
    let parties = call.call["parties"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    html! {
        @if parties.is_empty() { p.soft { "Nobody is named." } }
        ul {
            @for party in parties {
                li {
                    (name(party))
                    @if let Some(title) = party["title"].as_str() { ", " (title) }
                    @if let Some(side) = party["affiliation"].as_str() { " " span.soft.small { (side) } }
                }
            }
        }
    }
}

fn name(party: &Value) -> &str {
    let text = |field: &str| party[field].as_str().filter(|text| !text.trim().is_empty());
    text("name")
        .or_else(|| text("emailAddress"))
        .unwrap_or("Someone without a name")
}

fn speaker<'a>(call: &'a SandboxCall, speaker_id: &Value) -> &'a str {
    let parties = call.call["parties"].as_array().into_iter().flatten();
    let mut speaking =
        parties.filter(|party| speaker_id.is_string() && party["speakerId"] == *speaker_id);
    speaking.next().map_or("Unknown speaker", name)
}

fn sentences(turn: &Value) -> impl Iterator<Item = Sentence<'_>> {
    turn["sentences"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|sentence| {
            let start_ms = sentence["start"].as_f64().unwrap_or(0.0);
            Sentence {
                start_ms,
                end_ms: sentence["end"].as_f64().unwrap_or(start_ms),
                text: sentence["text"].as_str().unwrap_or_default(),
            }
        })
}

impl Range {
    fn holds_start_of(self, sentence: &Sentence<'_>) -> bool {
        self.from_ms <= sentence.start_ms && sentence.start_ms < self.to_ms
    }

    fn overlaps(self, sentence: &Sentence<'_>) -> bool {
        self.from_ms < sentence.end_ms && sentence.start_ms < self.to_ms
    }
}

/// The ranges of `[{"from":S,"to":S}]`, in seconds; whatever else stands there is ignored.
fn ranges(highlights: &str) -> Vec<Range> {
    let highlights: Vec<Value> = serde_json::from_str(highlights).unwrap_or_default();
    let range = |highlight: &Value| {
        let (from, to) = (highlight["from"].as_f64()?, highlight["to"].as_f64()?);
        // Links give whole seconds, rounded down, so the last second belongs to the range.
        Some(Range {
            from_ms: from * 1_000.0,
            to_ms: (to + 1.0) * 1_000.0,
        })
    };
    highlights.iter().filter_map(range).collect()
}

/// A range marks the sentences that start in it. One that falls into the middle of a sentence is widened to it.
fn marked_ranges(turns: &[Value], ranges: &[Range]) -> Vec<Range> {
    let widened = |range: &Range| {
        if turns
            .iter()
            .flat_map(sentences)
            .any(|sentence| range.holds_start_of(&sentence))
        {
            return *range;
        }
        let around = turns
            .iter()
            .flat_map(sentences)
            .find(|sentence| range.overlaps(sentence));
        around.map_or(*range, |sentence| Range {
            from_ms: sentence.start_ms,
            ..*range
        })
    };
    ranges.iter().map(widened).collect()
}

/// Milliseconds as `m:ss` or `h:mm:ss`.
fn clock(start_ms: f64) -> String {
    let seconds = std::time::Duration::try_from_secs_f64(start_ms / 1_000.0)
        .unwrap_or_default()
        .as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_range_marks_what_starts_in_it_or_runs_through_it() {
        let turns = [json!({"sentences": [
            {"start": 160, "end": 4_200, "text": "one"},
            {"start": 4_300, "end": 9_900, "text": "two"},
        ]})];
        let marked = |highlights: &str| -> Vec<&str> {
            let marked = marked_ranges(&turns, &ranges(highlights));
            let hit =
                |sentence: &Sentence<'_>| marked.iter().any(|range| range.holds_start_of(sentence));
            turns
                .iter()
                .flat_map(sentences)
                .filter(hit)
                .map(|sentence| sentence.text)
                .collect()
        };
        assert_eq!(marked(r#"[{"type":"SHARE","from":4,"to":4}]"#), ["two"]);
        assert_eq!(marked(r#"[{"from":0,"to":4}]"#), ["one", "two"]);
        assert_eq!(marked(r#"[{"from":7,"to":7}]"#), ["two"]);
        assert_eq!(marked(r#"[{"from":"x"}]"#), Vec::<&str>::new());
        assert_eq!(marked("not JSON"), Vec::<&str>::new());
        assert_eq!(marked(r#"[{"from":90,"to":91}]"#), Vec::<&str>::new());
    }

    #[test]
    fn times_are_told_as_people_read_them() {
        assert_eq!(clock(160.0), "0:00");
        assert_eq!(clock(61_900.0), "1:01");
        assert_eq!(clock(3_723_000.0), "1:02:03");
        assert_eq!(clock(-5.0), "0:00");
        assert_eq!(clock(f64::NAN), "0:00");
    }
}

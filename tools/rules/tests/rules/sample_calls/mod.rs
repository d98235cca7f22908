//! Sample calls as conversations, in a simple way: Normalize proper lives in the domain.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{collections::HashMap, fs, path::PathBuf};

use domain::{
    conversation::{Conversation, Sentence, Side, Turn},
    feedback::Author,
};
use serde_json::Value;

/// The folder of the samples' first part.
pub fn part_one() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples/part-one")
}

/// Reads a JSON file.
pub fn json(path: &std::path::Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A `{"call", "transcript"}` document as a conversation.
pub fn conversation(call: &Value) -> Conversation {
    let parties = call["call"]["parties"].as_array().unwrap();
    let by_speaker: HashMap<&str, (&str, Side)> = parties
        .iter()
        .filter_map(|party| {
            let name = party["name"].as_str().unwrap_or("Speaker");
            Some((party["speakerId"].as_str()?, (name, side(party))))
        })
        .collect();
    let turns = call["transcript"]
        .as_array()
        .unwrap()
        .iter()
        .map(|monologue| {
            let known = monologue["speakerId"]
                .as_str()
                .and_then(|id| by_speaker.get(id));
            let (speaker, side) = known.copied().unwrap_or(("Speaker", Side::Unknown));
            let sentences: Vec<Sentence> = monologue["sentences"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| Sentence {
                    start_ms: s["start"].as_i64().unwrap(),
                    end_ms: s["end"].as_i64().unwrap(),
                    text: s["text"].as_str().unwrap().to_owned(),
                })
                .collect();
            Turn {
                speaker: speaker.to_owned(),
                side,
                start_ms: sentences.first().map_or(0, |s| s.start_ms),
                sentences,
            }
        });
    of_turns(turns.collect())
}

fn side(party: &Value) -> Side {
    let own = party["emailAddress"]
        .as_str()
        .is_some_and(|email| email.ends_with("@fernhill.example"));
    match party["affiliation"].as_str() {
        Some("Internal") => Side::Internal,
        Some("External") => Side::Customer,
        _ if own => Side::Internal,
        _ => Side::Customer,
    }
}

/// A conversation of these turns.
pub fn of_turns(turns: Vec<Turn>) -> Conversation {
    Conversation {
        title: None,
        url: None,
        moments: None,
        started: None,
        language: None,
        author: Author::default(),
        turns,
    }
}

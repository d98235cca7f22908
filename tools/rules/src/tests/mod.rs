//! Tests of the rules, one family of rules a table.
#![expect(clippy::unwrap_used, reason = "tests")]

mod families;
mod languages;
mod odd;
mod organizing;
mod wording;

use domain::{
    conversation::{Conversation, Sentence, Side, Turn},
    feedback::Author,
};

use super::{BuiltInRules, segments::segments};

/// A talk written as lines: `c` and `d` are the customer, `v` is the vendor, `?` nobody known. A line's sentences stand as the recorder would cut them.
fn talk(lines: &str) -> Conversation {
    let turns = lines.trim().lines().map(|line| {
        let (who, said) = line.trim().split_once(": ").expect("who: what");
        let (speaker, side) = match who {
            "c" => ("Ada Brandt", Side::Customer),
            "d" => ("Olu Reyes", Side::Customer),
            "v" => ("Mia Falk", Side::Internal),
            _ => ("Speaker 3", Side::Unknown),
        };
        let sentences = segments(said).into_iter().map(|text| Sentence {
            start_ms: 0,
            end_ms: 1,
            text: text.to_owned(),
        });
        Turn {
            speaker: speaker.to_owned(),
            side,
            start_ms: 0,
            sentences: sentences.collect(),
        }
    });
    Conversation {
        title: None,
        url: None,
        moments: None,
        started: None,
        language: None,
        author: Author::default(),
        turns: turns.collect(),
    }
}

fn check(expected: bool, talks: &[&str]) {
    let wrong: Vec<String> = talks
        .iter()
        .map(|lines| (lines, BuiltInRules.detect(&talk(lines))))
        .filter(|(_, found)| found.feedback != expected)
        .map(|(lines, found)| format!("{lines}\n   -> {}", found.reason))
        .collect();
    assert!(
        wrong.is_empty(),
        "expected feedback = {expected}:\n{}",
        wrong.join("\n")
    );
}

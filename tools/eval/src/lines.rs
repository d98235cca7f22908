//! Labelled texts: one JSON object a line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use domain::{
    conversation::{Conversation, Sentence, Side, Turn},
    text::clean,
};
use ingest::pipeline::redact::redact;
use serde::{Deserialize, de::DeserializeOwned};

/// A line of `detect*.jsonl`.
#[derive(Debug, Clone, Deserialize)]
pub struct DetectLine {
    /// What someone wrote or said.
    pub text: String,
    pub label: Label,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    Feedback,
    Other,
}

/// A line of `dedupe*.jsonl`.
#[derive(Debug, Clone, Deserialize)]
pub struct DedupeLine {
    /// What someone wrote or said.
    pub text: String,
    pub cluster: String,
}

/// The files of a folder whose names begin so and end in `.jsonl`, by name.
///
/// # Errors
/// When the folder cannot be read.
pub fn files(folder: &Path, begin: &str) -> Result<Vec<PathBuf>> {
    let read = std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in read {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with(begin) && name.ends_with(".jsonl")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file; empty lines are passed over.
///
/// # Errors
/// With the file and the line that is not of the documented shape.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(n, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}, line {}", path.display(), n + 1))
        })
        .collect()
}

/// A text as a conversation in which a customer says it, redacted as calls are.
#[must_use]
pub fn conversation(text: &str) -> Conversation {
    let sentences: Vec<Sentence> = text
        .split_inclusive(['.', '!', '?', '\n'])
        .map(clean)
        .filter(|sentence| !sentence.is_empty())
        .map(|text| Sentence {
            text,
            ..Sentence::default()
        })
        .collect();
    let turn = Turn {
        speaker: "Customer".into(),
        side: Side::Customer,
        start_ms: 0,
        sentences,
    };
    let mut conversation = Conversation {
        turns: Vec::from_iter((!turn.sentences.is_empty()).then_some(turn)),
        ..Conversation::default()
    };
    redact(&mut conversation);
    conversation
}

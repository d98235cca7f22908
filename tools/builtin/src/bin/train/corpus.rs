//! Labelled lines of made-up calls, working meetings and reviews.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use builtin::{features::Line, text::sentences};
use domain::conversation::Side;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    Asks,
    Lacks,
    Hurts,
    Explains,
    Nothing,
}

impl Label {
    pub const fn is_feedback(self) -> bool {
        matches!(self, Self::Asks | Self::Lacks | Self::Hurts)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Call,
    /// A working meeting among colleagues, in which nobody is a customer.
    Peers,
    /// One review: a label for all its sentences together.
    Review,
}

#[derive(Debug, Clone)]
pub struct Scene {
    pub kind: Kind,
    pub language: String,
    lines: Vec<Said>,
}

#[derive(Debug, Clone)]
struct Said {
    speaker: char,
    label: Label,
    text: String,
}

impl Scene {
    /// The sentences and their labels, with the colleagues of a working meeting on the sides that
    /// this variant gives them: recorders do not know better.
    pub fn lines(&self, variant: usize) -> Vec<(Line<'_>, Label)> {
        let mut turn = 0;
        let mut out = Vec::new();
        for (at, said) in self.lines.iter().enumerate() {
            turn += usize::from(at > 0 && self.lines[at - 1].speaker != said.speaker);
            let side = side(said.speaker, variant);
            for sentence in sentences(&said.text) {
                out.push((Line::new(side, turn, sentence), said.label));
            }
        }
        out
    }

    /// The ways to give its people sides: more than one where they are colleagues.
    pub fn variants(&self) -> Range<usize> {
        0..if self.kind == Kind::Peers { 2 } else { 1 }
    }

    /// Whether somebody gives feedback in it.
    pub fn is_feedback(&self) -> bool {
        self.lines.iter().any(|said| said.label.is_feedback())
    }
}

/// How many labelled sentences were spoken, and how many reviews written, in words.
pub fn counted(scenes: &[Scene]) -> String {
    let (reviews, calls): (Vec<_>, Vec<_>) =
        scenes.iter().partition(|scene| scene.kind == Kind::Review);
    let spoken: usize = calls.iter().map(|scene| scene.lines.len()).sum();
    format!("{spoken} spoken sentences, {} reviews", reviews.len())
}

fn side(speaker: char, variant: usize) -> Side {
    let customer = match speaker {
        'I' | 'J' => false,
        'P' => variant.is_multiple_of(2),
        'Q' => !variant.is_multiple_of(2),
        _ => true,
    };
    if customer {
        Side::Customer
    } else {
        Side::Internal
    }
}

/// All scenes of a folder and the folders in it, by name.
pub fn load(folder: &Path) -> Result<Vec<Scene>> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    files.sort();
    let mut scenes = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        read(file, &text, &mut scenes)?;
    }
    Ok(scenes)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "txt") {
            files.push(path);
        }
    }
    Ok(())
}

fn read(file: &Path, text: &str, scenes: &mut Vec<Scene>) -> Result<()> {
    let mut header: Option<(Kind, String)> = None;
    for (n, line) in text.lines().enumerate() {
        let at = || format!("{}, line {}", file.display(), n + 1);
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if let Some(head) = line.strip_prefix("== ") {
            let mut words = head.split_whitespace();
            let kind = match words.next() {
                Some("call") => Kind::Call,
                Some("peers") => Kind::Peers,
                Some("reviews") => Kind::Review,
                _ => bail!("{}: a scene is of call, peers or reviews", at()),
            };
            let language = words
                .next()
                .with_context(|| format!("{}: no language", at()))?;
            header = Some((kind, language.to_owned()));
            if kind != Kind::Review {
                scenes.push(scene(kind, language));
            }
            continue;
        }
        let (kind, language) = header
            .as_ref()
            .with_context(|| format!("{}: no scene", at()))?;
        if *kind == Kind::Review {
            scenes.push(scene(*kind, language));
        }
        let said = said(line).with_context(at)?;
        let scene = scenes.last_mut().with_context(at)?;
        scene.lines.push(said);
    }
    Ok(())
}

fn scene(kind: Kind, language: &str) -> Scene {
    Scene {
        kind,
        language: language.to_owned(),
        lines: Vec::new(),
    }
}

fn said(line: &str) -> Result<Said> {
    let mut parts = line.splitn(3, ' ');
    let (speaker, label, text) = (parts.next(), parts.next(), parts.next());
    let label = match label {
        Some("ask") => Label::Asks,
        Some("lack") => Label::Lacks,
        Some("hurt") => Label::Hurts,
        Some("why") => Label::Explains,
        Some("no") => Label::Nothing,
        _ => bail!("a label is one of ask, lack, hurt, why, no"),
    };
    let speaker = speaker.and_then(|speaker| speaker.chars().next());
    Ok(Said {
        speaker: speaker.context("no speaker")?,
        label,
        text: text.context("no text")?.to_owned(),
    })
}

//! What was said, sentence by sentence, with the cues found in it.

use std::{borrow::Cow, collections::HashSet};

use domain::conversation::{Conversation, Side};

use super::{
    cues::{CUSTOMER_CUES, Family, OUR_CUES},
    pattern::Object,
    segments::segments,
    text,
    token::Token,
    topics::{self, TopicSet},
    words::{AFTER_DENIALS, ALSO_WORDS, DENIALS},
};

/// A cue found in an utterance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) family: Family,
    pub(crate) points: u32,
    pub(crate) start: usize,
    /// The token after the last.
    pub(crate) end: usize,
    pub(crate) object: Object,
}

impl Hit {
    const fn len(&self) -> usize {
        self.end - self.start
    }

    const fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    const fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && self.end >= other.end && self.len() > other.len()
    }
}

/// One sentence, or several that an interruption had parted.
#[derive(Debug)]
pub(crate) struct Utterance<'a> {
    pub(crate) side: Side,
    pub(crate) speaker: &'a str,
    /// The index of the turn that it begins in.
    pub(crate) turn: usize,
    /// The sentences exactly as the transcript has them.
    pub(crate) parts: Vec<&'a str>,
    pub(crate) text: Cow<'a, str>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) hits: Vec<Hit>,
}

impl Utterance<'_> {
    /// The most points of a cue of the family; 0 when there is none.
    pub(crate) fn points(&self, family: Family) -> u32 {
        self.of(family).map(|hit| hit.points).max().unwrap_or(0)
    }

    /// Whether a cue of the family is in it.
    pub(crate) fn has(&self, family: Family) -> bool {
        self.of(family).next().is_some()
    }

    pub(crate) fn of(&self, family: Family) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.family == family)
    }

    /// How many words of the product are in it, each place once.
    pub(crate) fn product_words(&self) -> u32 {
        let mut last = None;
        let mut count = 0;
        for hit in &self.hits {
            if let Family::Product(topic) = hit.family
                && topics::is_evidence(topic)
                && last != Some(hit.start)
            {
                (last, count) = (Some(hit.start), count + 1);
            }
        }
        count
    }

    pub(crate) fn topics(&self) -> TopicSet {
        let mut topics = TopicSet::default();
        for hit in &self.hits {
            if let Family::Product(topic) = hit.family {
                topics.add(topic);
            }
        }
        topics
    }

    /// Whether the speaker broke off.
    fn open(&self) -> bool {
        self.text.ends_with(['—', '–', '-', '…', ',']) || self.text.ends_with("...")
    }
}

/// First and last names of the people on the call, folded, by side.
struct Names {
    ours: HashSet<String>,
    theirs: HashSet<String>,
}

impl Names {
    fn of(conversation: &Conversation) -> Self {
        let mut names = Self {
            ours: HashSet::new(),
            theirs: HashSet::new(),
        };
        for turn in &conversation.turns {
            let set = match turn.side {
                Side::Customer => &mut names.theirs,
                Side::Internal => &mut names.ours,
                Side::Unknown => continue,
            };
            let parts = turn
                .speaker
                .split(|c: char| !c.is_alphabetic())
                .map(text::fold);
            set.extend(parts.filter(|p| p.len() > 2 && !ALSO_WORDS.contains(p.as_str())));
        }
        names
    }

    /// Puts a sign for the side in the place of each name.
    fn mask(&self, text: &str, tokens: &mut [Token]) {
        for token in tokens {
            if !text[token.start..].starts_with(char::is_uppercase) {
                continue;
            }
            if self.ours.contains(&token.norm) {
                "@ours".clone_into(&mut token.norm);
            } else if self.theirs.contains(&token.norm) {
                "@theirs".clone_into(&mut token.norm);
            }
        }
    }
}

/// The utterances of both known sides, in order. People of an unknown side are passed over.
pub(crate) fn utterances(conversation: &Conversation) -> Vec<Utterance<'_>> {
    let names = Names::of(conversation);
    let mut out: Vec<Utterance<'_>> = Vec::new();
    for (turn, said) in conversation.turns.iter().enumerate() {
        if said.side == Side::Unknown {
            continue;
        }
        for part in said.sentences.iter().flat_map(|s| segments(&s.text)) {
            if said.side == Side::Customer
                && let Some(earlier) = broken_off(&mut out, &said.speaker, turn)
            {
                let joined = format!("{} {}", without_dash(&earlier.text), without_dash(part));
                earlier.text = Cow::Owned(joined);
                earlier.parts.push(part);
                continue;
            }
            out.push(Utterance {
                side: said.side,
                speaker: &said.speaker,
                turn,
                parts: vec![part],
                text: Cow::Borrowed(part),
                tokens: Vec::new(),
                hits: Vec::new(),
            });
        }
    }
    for utterance in &mut out {
        utterance.tokens = text::tokens(&utterance.text);
        names.mask(&utterance.text, &mut utterance.tokens);
        utterance.hits = hits(utterance.side, &utterance.tokens);
    }
    out
}

fn without_dash(text: &str) -> &str {
    text.trim_matches(|c: char| matches!(c, '—' | '–' | '-' | '…') || c.is_whitespace())
        .trim_end_matches("...")
}

/// At most this many sentences are joined.
const MOST_PARTS: usize = 3;
/// At most this many words of others may stand between the halves of a sentence.
const INTERRUPTION: usize = 4;

/// The speaker's unfinished sentence that the next one continues.
fn broken_off<'o, 'a>(
    out: &'o mut [Utterance<'a>],
    speaker: &str,
    turn: usize,
) -> Option<&'o mut Utterance<'a>> {
    let own = |u: &Utterance<'_>| u.side == Side::Customer && u.speaker == speaker;
    let at = out.iter().rposition(own)?;
    let between: usize = out[at + 1..]
        .iter()
        .map(|u| u.text.split_whitespace().count())
        .sum();
    let earlier = &mut out[at];
    (earlier.open()
        && earlier.parts.len() < MOST_PARTS
        && turn - earlier.turn <= 2
        && between <= INTERRUPTION)
        .then_some(earlier)
}

fn hits(side: Side, tokens: &[Token]) -> Vec<Hit> {
    let lexicon = if side == Side::Customer {
        &CUSTOMER_CUES
    } else {
        &OUR_CUES
    };
    let all: Vec<Hit> = lexicon
        .find(tokens)
        .into_iter()
        .map(|(found, meaning)| Hit {
            family: meaning.family,
            points: meaning.points,
            start: found.start,
            end: found.end,
            object: found.object,
        })
        .collect();
    let silenced = |hit: &Hit| all.iter().any(|other| silences(other, hit));
    all.iter()
        .filter(|hit| !silenced(hit) && !denied(hit, tokens))
        .copied()
        .collect()
}

/// "It didn't crash": a complaint right after a denial is none.
fn denied(hit: &Hit, tokens: &[Token]) -> bool {
    matches!(
        hit.family,
        Family::Defect | Family::Friction | Family::Limit | Family::Pain
    ) && tokens[..hit.start]
        .iter()
        .rev()
        .find(|token| !token.skippable && !AFTER_DENIALS.contains(token.norm.as_str()))
        .is_some_and(|token| DENIALS.contains(token.norm.as_str()))
}

/// Whether a cue shows that another is not what it looks like.
fn silences(strong: &Hit, weak: &Hit) -> bool {
    let (by, of) = (strong.family, weak.family);
    if !(of.speaks_for() || of.speaks_against()) {
        return false;
    }
    match by {
        Family::Pain | Family::Would => {
            matches!(of, Family::Declined | Family::Pain | Family::Would) && strong.contains(weak)
        }
        // "Haven't had any issues syncing", "everything I need to see".
        Family::Praise => {
            let opens = strong.start < weak.start && strong.overlaps(weak);
            strong.contains(weak) || of.speaks_for() && opens && strong.len() >= weak.len()
        }
        _ if by.speaks_against() && of.speaks_for() => {
            strong.contains(weak) || strong.overlaps(weak) && strong.len() >= weak.len()
        }
        _ => (by.speaks_for() || by.speaks_against()) && strong.contains(weak),
    }
}

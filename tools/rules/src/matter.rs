//! What the customer's sentences are about: those that speak of one thing are one matter.

use std::collections::HashSet;

use super::{
    cues::Family, sentence::Scored, topics::TopicSet, utterance::Utterance, words::content_stems,
};

/// One thing that the customer asks for or complains about.
#[derive(Debug)]
pub(crate) struct Matter<'a> {
    /// The sentences, in order: those that ask or complain, and those that support them.
    pub(crate) units: Vec<Scored>,
    /// How much speaks for it.
    pub(crate) score: u32,
    topics: TopicSet,
    stems: HashSet<&'a str>,
    last: usize,
}

/// Sentences with fewer points than this only support others.
const ANCHOR: u32 = 14;
/// Within so many utterances, sentences belong together unless something speaks against it.
const NEAR: usize = 12;
/// Farther than this, only much in common brings sentences together.
const FAR: usize = 60;
/// A sentence joins one of so many matters at the end of the list.
const OPEN: usize = 8;
/// Supporting sentences are kept for the next matter over so many utterances.
const LEAD: usize = 16;

/// Groups the sentences into matters, the strongest first.
pub(crate) fn matters<'a>(utterances: &'a [Utterance<'_>], units: &[Scored]) -> Vec<Matter<'a>> {
    let mut matters: Vec<Matter<'a>> = Vec::new();
    let mut waiting: Vec<Scored> = Vec::new();
    for unit in units.iter().filter(|unit| unit.counts()) {
        let stems: HashSet<&str> = content_stems(&utterances[unit.at].tokens).collect();
        if unit.score < ANCHOR {
            match matters.last_mut() {
                Some(matter) if unit.at - matter.last <= NEAR / 3 => {
                    matter.add(*unit, &HashSet::new())
                }
                _ => waiting.push(*unit),
            }
            continue;
        }
        let at = match home(&matters, utterances, unit, &stems) {
            Some(at) => at,
            None => {
                matters.push(Matter::new(unit.at));
                matters.len() - 1
            }
        };
        let matter = &mut matters[at];
        for support in waiting
            .drain(..)
            .filter(|support| unit.at - support.at <= LEAD)
        {
            matter.add(support, &HashSet::new());
        }
        matter.add(*unit, &stems);
    }
    for matter in &mut matters {
        matter.units.sort_by_key(|unit| unit.at);
        matter.score = score(&matter.units);
    }
    matters.sort_by_key(|matter| std::cmp::Reverse(matter.score));
    matters
}

/// The matter that a sentence belongs to.
fn home(
    matters: &[Matter<'_>],
    utterances: &[Utterance<'_>],
    unit: &Scored,
    stems: &HashSet<&str>,
) -> Option<usize> {
    let from = matters.len().saturating_sub(OPEN);
    let fits = |(n, matter): (usize, &Matter<'_>)| {
        let gap = unit.at.saturating_sub(matter.last);
        let shared = stems.intersection(&matter.stems).count();
        let related = unit.topics.meets(matter.topics);
        let vague = unit.topics.is_empty() || matter.topics.is_empty();
        let near = gap <= if vague { 2 * NEAR } else { NEAR };
        let turned = near
            && n + 1 == matters.len()
            && utterances[matter.last + 1..=unit.at]
                .iter()
                .any(|u| u.has(Family::Switch));
        let bond = if near && !turned && (vague || related || shared > 0) {
            3 + shared
        } else if gap <= FAR && (shared >= 2 || (related || vague) && shared >= 1) || shared >= 4 {
            shared
        } else {
            return None;
        };
        Some((bond, n))
    };
    matters
        .iter()
        .enumerate()
        .skip(from)
        .filter_map(fits)
        .max()
        .map(|(_, n)| n)
}

impl<'a> Matter<'a> {
    fn new(at: usize) -> Self {
        Self {
            units: Vec::new(),
            score: 0,
            topics: TopicSet::default(),
            stems: HashSet::new(),
            last: at,
        }
    }

    fn add(&mut self, unit: Scored, stems: &HashSet<&'a str>) {
        self.last = self.last.max(unit.at);
        self.topics.add_all(unit.topics);
        self.stems.extend(stems);
        self.units.push(unit);
    }

    /// The sentence that says it best: the most points, and at the heart of what was said back.
    pub(crate) fn request(&self) -> Option<&Scored> {
        self.units
            .iter()
            .enumerate()
            .max_by_key(|(n, unit)| (weight(unit), std::cmp::Reverse(*n)))
            .map(|(_, unit)| unit)
    }
}

fn weight(unit: &Scored) -> u32 {
    let asks = match unit.kind {
        Family::Request | Family::Question => 12,
        Family::Missing | Family::Limit => 4,
        _ => 0,
    };
    if unit.score == 0 {
        0
    } else {
        unit.score + asks + 3 * unit.core
    }
}

fn score(units: &[Scored]) -> u32 {
    let best = units.iter().map(|unit| unit.score).max().unwrap_or(0);
    let sum: u32 = units.iter().map(|unit| unit.score).sum();
    let pain: u32 = units.iter().map(|unit| unit.pain).sum();
    let core = units.iter().map(|unit| unit.core).max().unwrap_or(0);
    best + ((sum - best) / 4 + pain / 4).min(30) + 2 * core
}

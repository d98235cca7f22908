//! From a matter to a finding.

use domain::feedback::Request;
use std::collections::HashSet;

use domain::findings::Finding;

use super::{
    concepts::{self, Concept},
    cues::Family,
    grade,
    matter::Matter,
    sentence::Scored,
    text::tokens,
    tidy,
    token::Token,
    topics,
    utterance::Utterance,
    wording,
    words::{content_stems, is_number},
};

/// At most so many quotes, pain points and sentences of a description.
const MOST: usize = 3;

/// Words a matter as a finding; none when it has no sentence that asks or complains.
pub(crate) fn finding(
    matter: &Matter<'_>,
    utterances: &[Utterance<'_>],
    units: &[Scored],
) -> Option<Finding> {
    let request = matter.request()?;
    let heavy = |unit: &Scored| unit.score / 8 + if unit.at == request.at { 6 } else { 1 };
    let concept = concept(matter, request, utterances);
    let area = concept
        .map(|concept| concept.area)
        .or_else(|| topics::area(matter.units.iter().map(|unit| (unit.topics, heavy(unit)))));
    let near = near(matter, request, utterances, units);
    let mut pains = best(&near, MOST, |one| one.hurts);
    if pains.is_empty() && request.pain > 0 {
        pains.push(request.at);
    }
    let mut description = best(&near, MOST - 1, |one| {
        if pains.contains(&one.unit.at) {
            0
        } else {
            one.tells
        }
    });
    description.push(request.at);
    description.sort_unstable();
    let words = |at: &usize| tidy::tidy(&utterances[*at]);
    Some(Finding {
        request: Request {
            title: title(
                matter,
                request,
                concept.map(|c| c.label).or(area),
                utterances,
            ),
            description: description.iter().map(words).collect::<Vec<_>>().join(" "),
            sentiment: Some(grade::sentiment(matter, utterances)),
            priority: Some(grade::priority(matter, utterances)),
            feature_area: area.map(str::to_owned),
            pain_points: pains.iter().map(words).collect(),
        },
        quotes: quotes(matter, request, utterances),
        confidence: None,
    })
}

/// The common wish that the matter is, by the request first, then its other sentences, then what
/// both sides say around it.
fn concept(
    matter: &Matter<'_>,
    request: &Scored,
    utterances: &[Utterance<'_>],
) -> Option<&'static Concept> {
    let asked = utterances[request.at].turn;
    let weight = |at: usize, u: &Utterance<'_>| {
        if at == request.at {
            6
        } else if matter.units.iter().any(|unit| unit.at == at) || u.turn == asked {
            3
        } else {
            1
        }
    };
    let from = request.at.saturating_sub(AROUND);
    let to = (request.at + AROUND + 1).min(utterances.len());
    concepts::concept_of((from..to).map(|at| {
        (
            utterances[at].tokens.as_slice(),
            weight(at, &utterances[at]),
        )
    }))
}

/// So many utterances before and after a request tell what it is about.
const AROUND: usize = 20;

fn title(
    matter: &Matter<'_>,
    request: &Scored,
    heading: Option<&'static str>,
    utterances: &[Utterance<'_>],
) -> String {
    let mut units: Vec<&Scored> = matter.units.iter().filter(|unit| unit.score > 0).collect();
    units.sort_by_key(|unit| (unit.at != request.at, std::cmp::Reverse(unit.score)));
    let text = units
        .iter()
        .map(|unit| wording::title(&utterances[unit.at], unit.kind))
        .find(|title| title.split_whitespace().count() >= 2)
        .unwrap_or_else(|| wording::title(&utterances[request.at], request.kind));
    match heading {
        Some(heading) if !says(&text, heading) => {
            let room = wording::TITLE.saturating_sub(heading.len() + 2);
            format!("{heading}: {}", wording::shortened(&text, room))
        }
        _ => tidy::capitalized(&wording::shortened(&text, wording::TITLE)),
    }
}

/// Whether a title has every word of a heading.
fn says(title: &str, heading: &str) -> bool {
    let (title, heading) = (tokens(title), tokens(heading));
    let said: HashSet<&str> = content_stems(&title).collect();
    content_stems(&heading).all(|stem| said.contains(stem))
}

/// A sentence beside the request, with how much it tells about it.
struct Near {
    unit: Scored,
    /// As a part of the description.
    tells: u32,
    /// As a pain point.
    hurts: u32,
}

/// The other sentences of the matter, and what the same person said right before and after.
fn near(
    matter: &Matter<'_>,
    request: &Scored,
    utterances: &[Utterance<'_>],
    units: &[Scored],
) -> Vec<Near> {
    let asked = &utterances[request.at];
    let heart: HashSet<&str> = content_stems(&asked.tokens).collect();
    let beside = |unit: &&Scored| {
        unit.at.abs_diff(request.at) <= BESIDE
            && utterances[unit.at].turn == asked.turn
            && unit.product > 0
            && unit.dismissed.is_none()
            && !matter.units.iter().any(|own| own.at == unit.at)
    };
    matter
        .units
        .iter()
        .chain(units.iter().filter(beside))
        .filter(|unit| unit.at != request.at && utterances[unit.at].tokens.len() >= SHORT)
        .map(|unit| rated(unit, &utterances[unit.at], asked, &heart))
        .collect()
}

fn rated(unit: &Scored, u: &Utterance<'_>, asked: &Utterance<'_>, heart: &HashSet<&str>) -> Near {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let stems: HashSet<&str> = content_stems(&u.tokens).collect();
    let strange = |token: &&Token| {
        is_number(&token.norm) && !asked.tokens.iter().any(|own| own.norm == token.norm)
    };
    let numbers = count(u.tokens.iter().filter(strange).count());
    let common = 6 * count(stems.intersection(heart).count()) + 4 * unit.core + 3 * unit.product;
    let nearby = if u.turn == asked.turn && unit.product > 0 {
        8
    } else {
        0
    };
    let rambling = if u.tokens.len() > LONG { 8 } else { 0 };
    let complains = matches!(
        unit.kind,
        Family::Defect | Family::Friction | Family::Limit | Family::Missing
    );
    let hurt = unit.pain + if complains { unit.score / 2 } else { 0 };
    Near {
        unit: *unit,
        tells: (common + unit.score / 2 + unit.pain / 3 + nearby)
            .saturating_sub(8 * numbers + rambling),
        hurts: if hurt < HURTS {
            0
        } else {
            (common + hurt).saturating_sub(3 * numbers + rambling)
        },
    }
}

/// Sentences below this say too little about the request.
const TELLS: u32 = 16;
/// Sentences below this hurt too little.
const HURTS: u32 = 12;
/// So many sentences beside the request may explain it.
const BESIDE: usize = 2;
/// Sentences of fewer words explain nothing.
const SHORT: usize = 4;
/// Sentences of more words tell of other things too.
const LONG: usize = 35;

/// The best of the sentences by a rating, in their order.
fn best(near: &[Near], most: usize, rate: impl Fn(&Near) -> u32) -> Vec<usize> {
    let mut rated: Vec<(u32, usize)> = near
        .iter()
        .map(|one| (rate(one), one.unit.at))
        .filter(|(rate, _)| *rate >= TELLS)
        .collect();
    rated.sort_by_key(|(rate, at)| (std::cmp::Reverse(*rate), *at));
    let mut found: Vec<usize> = rated.into_iter().map(|(_, at)| at).take(most).collect();
    found.sort_unstable();
    found
}

/// The customer's own sentences, the request first.
fn quotes(matter: &Matter<'_>, request: &Scored, utterances: &[Utterance<'_>]) -> Vec<String> {
    let mut units: Vec<&Scored> = matter
        .units
        .iter()
        .filter(|unit| unit.at != request.at)
        .collect();
    units.sort_by_key(|unit| {
        (
            std::cmp::Reverse(unit.score + unit.pain / 2 + 2 * unit.core),
            unit.at,
        )
    });
    let mut quotes: Vec<String> = Vec::new();
    for unit in std::iter::once(request).chain(units) {
        let mut parts = utterances[unit.at].parts.clone();
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        for part in parts {
            if quotes.len() < MOST && !quotes.iter().any(|quote| quote == part) {
                quotes.push(part.to_owned());
            }
        }
    }
    quotes
}

//! From a matter to a finding.

use std::collections::HashSet;

use domain::pipeline::findings::Finding;

use super::{
    cues::Family,
    grade,
    matter::Matter,
    score::Scored,
    text::{content_stems, is_number},
    topics,
    utterance::Utterance,
    wording,
};

/// At most so many quotes, pain points and sentences of a description.
const MOST: usize = 3;

/// Words a matter as a finding; none when it has no sentence that asks or complains.
pub(crate) fn finding(matter: &Matter<'_>, utterances: &[Utterance<'_>]) -> Option<Finding> {
    let request = matter.request()?;
    let heavy = |unit: &Scored| unit.score / 8 + if unit.at == request.at { 6 } else { 1 };
    let area = topics::area(matter.units.iter().map(|unit| (unit.topics, heavy(unit))));
    let near: Vec<&Scored> = related(matter, request, utterances);
    let pains = pain_points(matter, request, &near);
    let about: Vec<usize> = near
        .iter()
        .map(|unit| unit.at)
        .filter(|at| !pains.contains(at))
        .take(MOST - 1)
        .collect();
    let mut description: Vec<usize> = about;
    description.push(request.at);
    description.sort_unstable();
    let words = |at: &usize| wording::tidy(&utterances[*at]);
    Some(Finding {
        title: title(matter, request, area, utterances),
        description: description.iter().map(words).collect::<Vec<_>>().join(" "),
        sentiment: Some(grade::sentiment(matter, utterances)),
        priority: Some(grade::priority(matter, utterances)),
        feature_area: area.map(str::to_owned),
        pain_points: pains.iter().map(words).collect(),
        quotes: quotes(matter, request, utterances),
    })
}

fn title(
    matter: &Matter<'_>,
    request: &Scored,
    area: Option<&'static str>,
    utterances: &[Utterance<'_>],
) -> String {
    let mut units: Vec<&Scored> = matter.units.iter().filter(|unit| unit.score > 0).collect();
    units.sort_by_key(|unit| (unit.at != request.at, std::cmp::Reverse(unit.score)));
    let worded = units
        .iter()
        .map(|unit| (unit, wording::title(&utterances[unit.at], unit.kind)))
        .find(|(_, title)| title.split_whitespace().count() >= 2);
    let (text, named) = match worded {
        Some((unit, title)) => (title, !unit.topics.is_empty()),
        None => (wording::title(&utterances[request.at], request.kind), false),
    };
    match area {
        Some(area) if !named && area.len() + 2 + text.chars().count() <= wording::TITLE => {
            format!("{area}: {}", lower_first(&text))
        }
        _ => text,
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next();
    let rest = chars.as_str();
    match first {
        // "I'd", "PDF": a word whose second letter is no small letter keeps its first.
        Some(c) if rest.starts_with(char::is_lowercase) => c.to_lowercase().chain(rest.chars()).collect(),
        _ => text.to_owned(),
    }
}

/// The other sentences that tell most about the request, best first.
fn related<'m>(
    matter: &'m Matter<'_>,
    request: &Scored,
    utterances: &[Utterance<'_>],
) -> Vec<&'m Scored> {
    let heart: HashSet<&str> = content_stems(&utterances[request.at].tokens).collect();
    let mut rated: Vec<(u32, &Scored)> = matter
        .units
        .iter()
        .filter(|unit| unit.at != request.at && utterances[unit.at].tokens.len() >= 4)
        .map(|unit| {
            let u = &utterances[unit.at];
            let stems: HashSet<&str> = content_stems(&u.tokens).collect();
            let shared = u32::try_from(stems.intersection(&heart).count()).unwrap_or(0);
            let numbers = u.tokens.iter().filter(|t| is_number(&t.norm)).count();
            let plus = unit.score / 2 + unit.pain / 3 + 6 * shared + 4 * unit.core + 3 * unit.product;
            (plus.saturating_sub(4 * u32::try_from(numbers).unwrap_or(0)), unit)
        })
        .filter(|(rate, _)| *rate >= RELATED)
        .collect();
    rated.sort_by_key(|(rate, unit)| (std::cmp::Reverse(*rate), unit.at));
    rated.into_iter().map(|(_, unit)| unit).collect()
}

/// Sentences below this say too little about the request.
const RELATED: u32 = 8;

/// What hurts: the sentences, by their place.
fn pain_points(matter: &Matter<'_>, request: &Scored, near: &[&Scored]) -> Vec<usize> {
    let hurts = |unit: &Scored| {
        unit.pain > 0
            || matches!(unit.kind, Family::Defect | Family::Friction | Family::Limit | Family::Missing)
    };
    let mut pains: Vec<usize> = near
        .iter()
        .filter(|unit| hurts(unit))
        .map(|unit| unit.at)
        .take(MOST)
        .collect();
    if pains.is_empty() && hurts(request) && matter.units.len() == 1 && request.pain > 0 {
        pains.push(request.at);
    }
    pains.sort_unstable();
    pains
}

/// The customer's own sentences, the request first.
fn quotes(matter: &Matter<'_>, request: &Scored, utterances: &[Utterance<'_>]) -> Vec<String> {
    let mut units: Vec<&Scored> = matter.units.iter().filter(|unit| unit.at != request.at).collect();
    units.sort_by_key(|unit| (std::cmp::Reverse(unit.score + unit.pain / 2 + 2 * unit.core), unit.at));
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

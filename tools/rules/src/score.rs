//! How much each sentence of the customer's side speaks for feedback, given what stands around it.

use domain::conversation::Side;

use super::{
    concepts,
    context::{self, Around},
    cues::Family,
    sentence::{Dismissal, Scored},
    utterance::Utterance,
};

/// In this order when points are equal: what asks comes before what complains.
const KINDS: [Family; 6] = [
    Family::Request,
    Family::Question,
    Family::Missing,
    Family::Limit,
    Family::Defect,
    Family::Friction,
];

/// Scores every sentence of the customer's side.
pub(crate) fn scored(utterances: &[Utterance<'_>]) -> Vec<Scored> {
    let around = Around::of(utterances);
    let mut out: Vec<Scored> = utterances
        .iter()
        .enumerate()
        .filter(|(_, u)| u.side == Side::Customer)
        .map(|(at, u)| alone(at, u, around.elicited(at)))
        .collect();
    context::carry_announcements(utterances, &mut out);
    for unit in &mut out {
        weigh(unit, utterances, &around);
    }
    context::dismiss_our_ideas(utterances, &mut out);
    context::dismiss_solved(utterances, &mut out);
    context::hear_answers(utterances, &mut out);
    context::hear_recaps(utterances, &mut out);
    out
}

/// The points of a sentence by its own words.
fn alone(at: usize, u: &Utterance<'_>, elicited: bool) -> Scored {
    let mut kind = Family::Pain;
    let (mut best, mut sum) = (0, 0);
    for family in KINDS {
        let mut points = u.points(family);
        if family == Family::Request && elicited {
            points = points.max(u.points(Family::Would));
        }
        sum += points;
        if points > best {
            (best, kind) = (points, family);
        }
    }
    let pain = u
        .of(Family::Pain)
        .map(|hit| hit.points)
        .sum::<u32>()
        .min(30);
    let support = if best > 0 {
        (sum - best) / 3 + pain / 3
    } else {
        0
    };
    Scored {
        at,
        kind,
        score: best + support.min(15),
        pain,
        product: u.product_words().min(3),
        topics: u.topics(),
        core: 0,
        elicited,
        confirmed_missing: false,
        dismissed: None,
    }
}

/// Sets the points against what the sentence and its surroundings are about.
fn weigh(unit: &mut Scored, utterances: &[Utterance<'_>], around: &Around) {
    let u = &utterances[unit.at];
    let commerce = around.commerce(unit.at, 0);
    let asks = matches!(unit.kind, Family::Request | Family::Question);
    if commerce > 0 && unit.product == 0 {
        unit.dismissed = Some(Dismissal::Commerce);
    } else if u.has(Family::Social) && unit.product == 0 && unit.score < 25 {
        unit.dismissed = Some(Dismissal::Social);
    } else if u.has(Family::Declined) && (asks || unit.score < 25) && u.points(Family::Request) < 20
    {
        unit.dismissed = Some(Dismissal::Declined);
    }
    if unit.score == 0 {
        return;
    }
    if commerce > unit.product {
        unit.score /= 3;
    }
    if u.has(Family::Hypothetical) {
        unit.score /= 2;
    }
    if unit.kind == Family::Question && unit.score < 18 && unit.product == 0 {
        unit.score = 0;
    }
    unit.score = match (unit.product, around.product(unit.at, WINDOW)) {
        (0, 0) if unit.score >= 25 => unit.score * 2 / 3,
        (0, 0) => unit.score / 3,
        (0, near) if around.commerce(unit.at, WINDOW) > near => unit.score / 3,
        (0, 1) => unit.score * 3 / 4,
        (own, _) if unit.score > 0 => unit.score + 4 * own,
        _ => unit.score,
    };
    if unit.elicited && unit.score > 0 {
        unit.score += 6;
    }
    if unit.score >= CUE && concepts::names_one(&u.tokens) {
        unit.score += 8;
    }
}

/// A sentence of so many points that names a common wish gets some more.
const CUE: u32 = 12;

/// How many utterances before and after tell what the talk is about.
const WINDOW: usize = 6;

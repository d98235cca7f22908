//! How the customer feels about a matter, and how much it matters.

use domain::{
    conversation::Side,
    feedback::{Priority, Sentiment},
};

use super::{cues::Family, matter::Matter, utterance::Utterance};

/// How the customer feels, by the cues of the matter's sentences.
pub(crate) fn sentiment(matter: &Matter<'_>, utterances: &[Utterance<'_>]) -> Sentiment {
    let mut negative = 0;
    let mut positive = 0;
    for unit in &matter.units {
        let u = &utterances[unit.at];
        negative += unit.pain + u.points(Family::Defect) + u.points(Family::Friction);
        positive += u.points(Family::Praise);
    }
    if negative >= 20 {
        Sentiment::Negative
    } else if positive > negative {
        Sentiment::Positive
    } else {
        Sentiment::Neutral
    }
}

/// How much it matters, by the cues in the matter's sentences and right beside them.
pub(crate) fn priority(matter: &Matter<'_>, utterances: &[Utterance<'_>]) -> Priority {
    let mut near: Vec<usize> = matter
        .units
        .iter()
        .flat_map(|unit| unit.at.saturating_sub(BESIDE)..=unit.at + BESIDE)
        .filter(|at| {
            utterances
                .get(*at)
                .is_some_and(|u| u.side == Side::Customer)
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    let count = |family| {
        near.iter()
            .filter(|at| utterances[**at].has(family))
            .count()
    };
    let asks_low = matter
        .request()
        .is_some_and(|unit| utterances[unit.at].has(Family::Minor));
    if count(Family::Critical) > 0 {
        Priority::Critical
    } else if count(Family::Urgent) >= 2
        || count(Family::Urgent) == 1 && !asks_low && has_pain(matter)
    {
        Priority::High
    } else if asks_low || count(Family::Minor) > 0 {
        Priority::Low
    } else {
        Priority::Medium
    }
}

/// How many utterances beside a sentence still grade it.
const BESIDE: usize = 2;

fn has_pain(matter: &Matter<'_>) -> bool {
    matter
        .units
        .iter()
        .any(|unit| unit.pain >= 14 || unit.kind == Family::Defect)
}

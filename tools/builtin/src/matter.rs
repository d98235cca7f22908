//! What a customer raises in a conversation: sentences that belong together, around the strongest.

use domain::conversation::{Conversation, Side, Turn};

use crate::{
    features::{Line, features},
    model::{Answer, Model},
    text::sentences,
    whole::{of_both_sides, of_customers},
};

/// Sentences of fewer words raise nothing by themselves.
const SHORTEST: usize = 3;
/// So many sentences on either side of the strongest one belong to its matter.
const REACH: usize = 6;
const EVEN: f32 = 0.0;
/// How much the second sentence of a matter counts beside the first.
const SECOND: f32 = 0.7;
/// A matter without a second sentence is as if it had one of these odds to the contrary.
const LEAST: f32 = 1.0;
/// What is this little above the threshold waits in review.
pub const DOUBTFUL: f32 = 0.4;

/// From here on a sentence is taken for feedback, as a logit. More is asked of a long call, in which
/// the strongest sentence is likelier strong by chance, and of what does not sound like a vendor and
/// its customer as a whole; a text that nobody answers is judged by all its words as well. Set by
/// cross-validation over the authors of `data/train`, and on `data/tune`.
#[must_use]
pub fn threshold(lines: &[Line<'_>], scored: &[Scored], model: &Model) -> f32 {
    let length = (count(scored.len().max(1)) / 25.0).ln();
    let ends = lines.first().zip(lines.last());
    let is_answered = ends.is_some_and(|(first, last)| first.turn != last.turn);
    if is_answered {
        1.4 + 0.2 * length + doubt(model.call(&of_both_sides(lines)), lines.len())
    } else {
        let text = model.text(&of_customers(lines));
        (0.45 * length - 0.4 - 4.0 * text).clamp(-2.0, (1.4 + 0.5 * length).max(-1.0))
    }
}

/// What a conversation is asked beyond its length when it hardly sounds like a call: few words say
/// little about it.
fn doubt(call: f32, lines: usize) -> f32 {
    let told = count(lines) / (count(lines) + 20.0);
    4.0 * told * (1.0 - call).max(0.0)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a call has some thousands at most"
)]
const fn count(of: usize) -> f32 {
    of as f32
}

/// A customer's sentence and what the model says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// Its place among the conversation's sentences.
    pub at: usize,
    pub answer: Answer,
}

/// What a customer raises.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// The sentence that looks like feedback most.
    pub heart: Scored,
    /// The others that say or explain it, in the order of the conversation.
    pub beside: Vec<Scored>,
    /// How much it looks like feedback, as a logit: what is really raised is said more than once.
    pub strength: f32,
}

/// The sentences of all sides, in order. What one speaker says without another in between is one
/// turn, however the recorder cut it.
#[must_use]
pub fn lines(conversation: &Conversation) -> Vec<Line<'_>> {
    let mut turn = 0;
    let mut lines = Vec::new();
    let mut before: Option<&Turn> = None;
    for said in &conversation.turns {
        let goes_on = |last: &Turn| last.speaker == said.speaker && last.side == said.side;
        turn += usize::from(!before.is_some_and(goes_on));
        before = Some(said);
        let texts = said.sentences.iter().flat_map(|one| sentences(&one.text));
        lines.extend(texts.map(|text| Line::new(said.side, turn, text)));
    }
    lines
}

/// What the model says of the customers' sentences that are long enough to say something.
#[must_use]
pub fn scored(lines: &[Line<'_>], model: &Model) -> Vec<Scored> {
    let customers = (0..lines.len())
        .filter(|&at| lines[at].side == Side::Customer && lines[at].len() >= SHORTEST);
    customers
        .map(|at| Scored {
            at,
            answer: model.answer(&features(lines, at, true)),
        })
        .collect()
}

/// The matters that reach a threshold, the strongest first. The scored sentences are in the order
/// of the conversation.
#[must_use]
pub fn matters(lines: &[Line<'_>], scored: &[Scored], threshold: f32) -> Vec<Matter> {
    let apart = |heart: &Scored, one: &Scored| another(lines, heart, one, threshold);
    let mut all: Vec<Matter> = scored
        .iter()
        .map(|heart| matter(*heart, around(heart, scored), apart))
        .filter(|matter| matter.strength >= threshold)
        .collect();
    all.sort_by(|a, b| {
        let by_strength = b.strength.total_cmp(&a.strength);
        by_strength.then(a.heart.at.cmp(&b.heart.at))
    });
    let mut matters: Vec<Matter> = Vec::new();
    for matter in all {
        let same = |other: &Matter| {
            matter.heart.at.abs_diff(other.heart.at) <= REACH && !apart(&other.heart, &matter.heart)
        };
        if !matters.iter().any(same) {
            matters.push(matter);
        }
    }
    matters
}

/// The scored sentences within reach of one, itself among them.
fn around<'s>(heart: &Scored, scored: &'s [Scored]) -> &'s [Scored] {
    let from = scored.partition_point(|one| one.at + REACH < heart.at);
    let to = scored.partition_point(|one| one.at <= heart.at + REACH);
    &scored[from..to]
}

/// Whether a sentence raises something else than another: it is strong by itself, said in another
/// turn, and shares no long word.
fn another(lines: &[Line<'_>], heart: &Scored, one: &Scored, threshold: f32) -> bool {
    let strong = |one: &Scored| one.answer.feedback >= threshold.max(EVEN);
    let (heart_line, line) = (&lines[heart.at], &lines[one.at]);
    strong(heart) && strong(one) && heart_line.turn != line.turn && !heart_line.shares(line)
}

fn matter(heart: Scored, around: &[Scored], apart: impl Fn(&Scored, &Scored) -> bool) -> Matter {
    let beside: Vec<Scored> = around
        .iter()
        .filter(|one| one.at != heart.at && !apart(&heart, one))
        .copied()
        .collect();
    let odds = beside.iter().map(|one| one.answer.feedback);
    let second = odds.fold(f32::MIN, f32::max);
    let second = second.clamp(-LEAST, heart.answer.feedback.max(-LEAST));
    let says = |one: &Scored| one.answer.feedback >= EVEN || one.answer.explains >= EVEN;
    Matter {
        heart,
        beside: beside.into_iter().filter(says).collect(),
        strength: heart.answer.feedback + SECOND * second,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;
    use crate::model::{Fitted, Weights};

    fn said(at: usize, feedback: f32, explains: f32) -> Scored {
        Scored {
            at,
            answer: Answer {
                feedback,
                explains,
                ..Answer::default()
            },
        }
    }

    /// Neighbours share a long word, but for the last.
    const TEXTS: [&str; 3] = ["the reports", "more reports", "a password"];

    /// The matters of sentences that each are a turn of their own and say these texts in turn.
    fn all(texts: &[&str], scored: &[Scored], threshold: f32) -> Vec<Matter> {
        let most = scored.iter().map(|one| one.at + 1).max().unwrap_or(0);
        let lines: Vec<_> = (0..most)
            .map(|at| Line::new(Side::Customer, at, texts[at % texts.len()]))
            .collect();
        matters(&lines, scored, threshold)
    }

    /// How much the strongest looks like feedback, of sentences about the same.
    fn strength(scored: &[Scored]) -> Option<f32> {
        let found = all(&TEXTS[..1], scored, f32::MIN);
        found.first().map(|matter| matter.strength)
    }

    /// The hearts and what lies beside each.
    fn found(scored: &[Scored], threshold: f32) -> Vec<(usize, Vec<usize>)> {
        let beside = |matter: &Matter| matter.beside.iter().map(|one| one.at).collect();
        all(&TEXTS, scored, threshold)
            .iter()
            .map(|matter| (matter.heart.at, beside(matter)))
            .collect()
    }

    #[test]
    fn sentences_around_the_strongest_are_one_matter() {
        for (name, scored, expected) in [
            ("nothing", &[][..], &[][..]),
            ("below", &[said(0, 0.5, -1.0)], &[]),
            ("one, said once", &[said(0, 2.0, -1.0)], &[(0, &[][..])]),
            (
                "said twice and explained",
                &[said(0, -1.0, 0.5), said(1, 2.0, -1.0), said(4, 0.5, -1.0)],
                &[(1, &[0, 4])],
            ),
            (
                "what neither says nor explains stays out",
                &[said(0, -1.0, -1.0), said(1, 2.0, -1.0)],
                &[(1, &[])],
            ),
            (
                "two, the stronger first",
                &[said(0, 2.0, -1.0), said(20, 3.0, -1.0)],
                &[(20, &[]), (0, &[])],
            ),
            (
                "near, and of the same",
                &[said(0, 2.0, -1.0), said(1, 3.0, -1.0)],
                &[(1, &[0])],
            ),
            (
                "near, and of something else",
                &[said(1, 2.0, -1.0), said(2, 3.0, -1.0)],
                &[(2, &[]), (1, &[])],
            ),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(at, beside)| (*at, beside.to_vec()))
                .collect();
            assert_eq!(found(scored, 1.0), expected, "{name}");
        }
    }

    #[test]
    fn what_is_said_twice_is_stronger_than_what_is_said_once() {
        let once = strength(&[said(0, 1.2, -1.0)]).unwrap();
        let twice = strength(&[said(0, 1.2, -1.0), said(2, 1.0, -1.0)]).unwrap();
        let apart = strength(&[said(0, 1.2, -1.0), said(30, 1.0, -1.0)]).unwrap();
        assert!(twice > once);
        assert!((apart - once).abs() < f32::EPSILON);
        assert_eq!(strength(&[]), None);
    }

    /// A model for which a call of no words sounds like one by this much.
    fn sounding(call: f32) -> Model {
        Model::read(
            &Fitted {
                call: Weights {
                    bias: call,
                    ..Weights::default()
                },
                ..Fitted::default()
            }
            .file(),
        )
    }

    #[test]
    fn more_is_asked_of_a_long_call_and_of_what_does_not_sound_like_one() {
        let asked = |sentences: usize, call: f32| {
            let lines: Vec<_> = (0..sentences)
                .map(|at| Line::new(Side::Customer, at, "so we did"))
                .collect();
            let scored: Vec<_> = (0..sentences).map(|at| said(at, 0.0, 0.0)).collect();
            threshold(&lines, &scored, &sounding(call))
        };
        for (less, more) in [
            ((3, 2.0), (30, 2.0)),
            ((30, 2.0), (300, 2.0)),
            ((30, 2.0), (30, 0.0)),
            ((30, 0.0), (300, 0.0)),
            ((30, 0.0), (30, -1.0)),
        ] {
            assert!(
                asked(less.0, less.1) < asked(more.0, more.1),
                "{less:?} {more:?}"
            );
        }
        let sounds = asked(30, 2.0) - asked(30, 1.5);
        assert!(sounds.abs() < f32::EPSILON, "a call is a call");
    }
}

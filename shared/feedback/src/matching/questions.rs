//! What a language model still has to be asked about the pieces of feedback of a call.

use std::collections::BTreeSet;

use domain::feedback::RequestText;

use super::{
    bearing::{Bearing, MergeRule, Near, bearing},
    candidates::Candidate,
    judgements::{Judgements, Pair},
};

/// At most this many requests go before the model at once.
pub const MOST_AT_ONCE: usize = 8;
/// After this many rounds of questions about a call the threshold and the guards decide the rest.
const ROUNDS: u32 = 3;

/// How far the questions about one feedback have come.
#[derive(Debug, Clone, Default)]
struct Reach {
    /// The similarity below which no more is asked: of what was farthest when as many were asked
    /// about as can be.
    above: Option<f32>,
    /// Pairs that were asked about, whatever came of it.
    asked: BTreeSet<Pair>,
}

/// The questions about the pieces of feedback of one call.
#[derive(Debug)]
pub struct Questions {
    rounds: u32,
    reach: Vec<Reach>,
}

impl Questions {
    #[must_use]
    pub fn about(pieces: usize) -> Self {
        Self {
            rounds: 0,
            reach: vec![Reach::default(); pieces],
        }
    }

    /// Whether there are no more rounds: what is open is decided without the model.
    #[must_use]
    pub const fn are_over(&self) -> bool {
        self.rounds >= ROUNDS
    }

    pub const fn end_round(&mut self) {
        self.rounds += 1;
    }

    /// Whether the model was asked about as many as it can be, all of them nearer than this one:
    /// then this one is out of the question.
    #[must_use]
    pub fn are_beyond(
        &self,
        n: usize,
        text: RequestText<'_>,
        near: &Near<'_>,
        known: &Judgements,
    ) -> bool {
        let above = self.reach[n].above;
        above.is_some_and(|above| near.score <= above) && known.of(text, near.text).is_none()
    }

    /// The requests that a feedback has to be compared with: of the posts those that come before
    /// the first that it is known to be the same as, and those in flight, the nearest first.
    #[must_use]
    pub fn open<'a>(
        &self,
        n: usize,
        text: RequestText<'_>,
        (posts, in_flight): (&'a [Candidate], &[Near<'a>]),
        (rule, known): (&MergeRule, &Judgements),
    ) -> Vec<Near<'a>> {
        let reach = &self.reach[n];
        let mut open = Vec::new();
        let mut settled = None;
        for near in posts.iter().map(Near::from) {
            match bearing(text, &near, rule, known) {
                Bearing::Same(_) => {
                    settled = Some(near.score);
                    break;
                }
                Bearing::Open => open.push(near),
                Bearing::Apart(_) | Bearing::Far => {}
            }
        }
        let nearer = |near: &&Near<'_>| {
            settled.is_none_or(|score| near.score > score)
                && bearing(text, near, rule, known) == Bearing::Open
        };
        open.extend(in_flight.iter().filter(nearer));
        open.retain(|near| {
            reach.above.is_none_or(|above| near.score > above)
                && !reach.asked.contains(&Pair::of(text, near.text))
        });
        open.sort_by(|a, b| b.score.total_cmp(&a.score));
        open.dedup_by(|a, b| a.text == b.text);
        open.truncate(MOST_AT_ONCE);
        open
    }

    /// Notes that the model was asked about these.
    pub fn note(&mut self, n: usize, text: RequestText<'_>, asked: &[Near<'_>]) {
        let reach = &mut self.reach[n];
        let pairs = asked.iter().map(|near| Pair::of(text, near.text));
        reach.asked.extend(pairs);
        if asked.len() == MOST_AT_ONCE {
            let farthest = asked
                .iter()
                .map(|near| near.score)
                .fold(f32::INFINITY, f32::min);
            reach.above = Some(reach.above.map_or(farthest, |above| above.max(farthest)));
        }
    }
}

#[cfg(test)]
mod tests;

//! Requests for a call that a model's provider refuses without a known reason: whose trouble is it?
//!
//! A provider that refuses everybody has trouble of its own, or with this installation. One that
//! refuses the same call again and again while its model answers for others means the call.

use serde::{Deserialize, Serialize};

use super::stages::Stage;
use crate::moment::{Span, Timestamp};

/// So many refusals, the last one at least [`OVER`] after the first, are needed.
const ENOUGH: u32 = 3;
/// See [`ENOUGH`].
const OVER: Span = Span::hours(24);
/// The time from the first refusal to the next attempt.
const FIRST_WAIT: Span = Span::hours(1);
/// The longest time from one refusal to the next attempt, which may cost tokens of other stages.
const LONGEST_WAIT: Span = Span::hours(6);

/// A stage's request that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub stage: Stage,
    pub model: String,
    /// What the provider answered, in our words.
    pub detail: String,
}

/// How often a call was refused in one stage by one model's provider, without an answer in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    pub stage: Stage,
    pub model: String,
    pub count: u32,
    pub first: Timestamp,
    pub last: Timestamp,
}

impl Refusals {
    /// These and one more; the first of its kind when what is known is about something else.
    #[must_use]
    pub fn and(known: Option<&Self>, refusal: &Refusal, at: Timestamp) -> Self {
        let known = known.filter(|known| known.is_of(refusal));
        Self {
            stage: refusal.stage,
            model: refusal.model.clone(),
            count: known.map_or(1, |known| known.count.saturating_add(1)),
            first: known.map_or(at, |known| known.first),
            last: at,
        }
    }

    /// Whether they are of the same stage and model.
    #[must_use]
    pub fn is_of(&self, refusal: &Refusal) -> bool {
        self.stage == refusal.stage && self.model == refusal.model
    }

    /// Whether one more refusal, at `at`, means that the call itself is the reason. The model
    /// must have answered for another call since the refusal before: an answer at the beginning of
    /// an outage that lasts for a day proves nothing.
    #[must_use]
    pub fn mean_the_call(&self, at: Timestamp, answered: Option<Timestamp>) -> bool {
        self.count + 1 >= ENOUGH
            && self.first + OVER <= at
            && answered.is_some_and(|answered| answered > self.last)
    }

    /// Twice as long after every refusal: an attempt may cost what the stages before it take.
    #[must_use]
    pub fn wait(&self) -> Span {
        let doubled = Span(FIRST_WAIT.0 << (self.count.saturating_sub(1)).min(8));
        doubled.min(LONGEST_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = Span::hours(1).0;

    fn refusal(stage: Stage, model: &str) -> Refusal {
        Refusal {
            stage,
            model: model.into(),
            detail: "status 400".into(),
        }
    }

    #[test]
    fn refusals_of_a_day_mean_the_call_when_the_model_answers_others_in_between() {
        let known = |count, last_hour: i64| Refusals {
            stage: Stage::Detect,
            model: "m".into(),
            count,
            first: Timestamp(0),
            last: Timestamp(last_hour * HOUR),
        };
        for (known, at_hour, answered_hour, means) in [
            (known(2, 19), 25, Some(20), true),
            (known(6, 19), 25, Some(20), true),
            // Too few.
            (known(1, 0), 25, Some(20), false),
            // Not for a day yet.
            (known(2, 19), 23, Some(20), false),
            // Nobody else was answered, or only before the last refusal.
            (known(6, 19), 25, None, false),
            (known(6, 19), 25, Some(19), false),
            (known(6, 19), 25, Some(1), false),
        ] {
            let answered = answered_hour.map(|hour: i64| Timestamp(hour * HOUR));
            let at = Timestamp(at_hour * HOUR);
            assert_eq!(known.mean_the_call(at, answered), means, "{known:?}");
        }
    }

    #[test]
    fn another_model_or_stage_begins_anew_and_every_wait_is_longer() {
        let mut refused = None;
        let (mut at, mut hours) = (Timestamp(0), Vec::new());
        for _ in 0..7 {
            let next = Refusals::and(refused.as_ref(), &refusal(Stage::Extract, "m"), at);
            hours.push((at.0 / HOUR, next.count));
            at = at + next.wait();
            refused = Some(next);
        }
        assert_eq!(
            hours,
            [(0, 1), (1, 2), (3, 3), (7, 4), (13, 5), (19, 6), (25, 7)]
        );
        for other in [refusal(Stage::Detect, "m"), refusal(Stage::Extract, "n")] {
            let next = Refusals::and(refused.as_ref(), &other, at);
            assert_eq!((next.count, next.first), (1, at));
        }
    }
}

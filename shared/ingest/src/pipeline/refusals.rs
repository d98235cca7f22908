//! Requests that a model's provider refuses without a known reason: whose trouble is it?
//!
//! A provider that refuses everybody has trouble of its own, or with this installation. One that
//! refuses the same call again and again while its model answers for others means the call.

use std::collections::BTreeSet;

use domain::{
    call::{
        Call,
        refusals::{Refusal, Refusals},
    },
    moment::Timestamp,
    ports::StoreError,
};

use super::{
    batch::Batch,
    ending::{Ending, PROVIDER_REFUSED},
};

impl Batch<'_> {
    /// Keeps that these models answered, once a run: what shows that a refusal elsewhere is not
    /// theirs. What fails here is no error.
    pub(super) async fn note_answers(&self, models: BTreeSet<String>) {
        let now = self.worker.now();
        for model in models {
            if !self.noted.note(&model) {
                continue;
            }
            let noted = self
                .pipeline
                .usage
                .note_answer(self.worker.org, &model, now);
            if let Err(error) = noted.await {
                tracing::warn!(org = %self.worker.org, %error, "that a model answered was not kept");
            }
        }
    }

    /// How a refused call goes on: it waits, with the operator's alarm, or has failed by itself.
    pub(super) async fn weigh(
        &self,
        call: &mut Call,
        refusal: &Refusal,
    ) -> Result<Ending, StoreError> {
        let now = self.worker.now();
        let known = call.refused.take().filter(|known| known.is_of(refusal));
        let answered = match known {
            Some(_) => {
                let usage = &self.pipeline.usage;
                usage.last_answer(self.worker.org, &refusal.model).await?
            }
            None => None,
        };
        let (refused, ending) = weighed(known.as_ref(), refusal, answered, now);
        if matches!(ending, Ending::Deferred(..)) {
            let (model, detail) = (&refusal.model, &refusal.detail);
            tracing::error!(call = %call.id, %model, %detail, "{PROVIDER_REFUSED}");
        }
        call.refused = Some(refused);
        Ok(ending)
    }
}

/// The refusals with one more at `now`, and what follows when the model has last `answered` for
/// another call then.
fn weighed(
    known: Option<&Refusals>,
    refusal: &Refusal,
    answered: Option<Timestamp>,
    now: Timestamp,
) -> (Refusals, Ending) {
    let (model, detail) = (&refusal.model, &refusal.detail);
    let refused = Refusals::and(known, refusal, now);
    let ending = if known.is_some_and(|known| known.mean_the_call(now, answered)) {
        Ending::Failed(format!(
            "the provider of the model {model} gave no answer to this call, {} times since {} ({detail}), and answered for other calls; an admin may retry the call",
            refused.count,
            refused.first.to_rfc3339()
        ))
    } else {
        Ending::deferred(
            format!(
                "the provider of the model {model} gives no answer to this call ({detail}), and nothing says that the call is the reason; it is asked again"
            ),
            refused.wait(),
        )
    };
    (refused, ending)
}

#[cfg(test)]
mod tests {
    use domain::{call::stages::Stage, moment::Span};

    use super::*;
    use crate::examples::NOW;

    const fn hours(n: i64) -> Timestamp {
        Timestamp(NOW.0 + Span::hours(n).0)
    }

    /// So many refusals, the first of them at hour 0, the last one then.
    fn known(count: u32, last: i64) -> Refusals {
        Refusals {
            stage: Stage::Detect,
            model: "small".into(),
            count,
            first: NOW,
            last: hours(last),
        }
    }

    #[test]
    fn a_refused_call_waits_unless_it_alone_is_refused_for_a_day() {
        let refusal = Refusal {
            stage: Stage::Detect,
            model: "small".into(),
            detail: "status 400".into(),
        };
        for (name, known, answered, now, count, wait) in [
            ("the first time", None, None, 0, 1, Some(1)),
            (
                "the first time, others are answered",
                None,
                Some(0),
                0,
                1,
                Some(1),
            ),
            ("the second time", Some(known(1, 0)), Some(1), 1, 2, Some(2)),
            (
                "the third time within hours",
                Some(known(2, 1)),
                Some(2),
                3,
                3,
                Some(4),
            ),
            (
                "the fourth time within hours",
                Some(known(3, 3)),
                Some(5),
                7,
                4,
                Some(6),
            ),
            (
                "for a day, nobody is answered",
                Some(known(5, 19)),
                None,
                25,
                6,
                Some(6),
            ),
            (
                "for a day, others not since the last time",
                Some(known(5, 19)),
                Some(19),
                25,
                6,
                Some(6),
            ),
            (
                "for almost a day, others are answered",
                Some(known(5, 19)),
                Some(20),
                23,
                6,
                Some(6),
            ),
            (
                "twice in two days, others are answered",
                Some(known(1, 0)),
                Some(40),
                48,
                2,
                Some(2),
            ),
            (
                "for a day, others are answered",
                Some(known(5, 19)),
                Some(20),
                25,
                6,
                None,
            ),
            (
                "to the hour for a day",
                Some(known(2, 18)),
                Some(20),
                24,
                3,
                None,
            ),
            (
                "by another model before",
                Some(Refusals {
                    model: "large".into(),
                    ..known(5, 19)
                }),
                Some(20),
                25,
                1,
                Some(1),
            ),
            (
                "in another stage before",
                Some(Refusals {
                    stage: Stage::Extract,
                    ..known(5, 19)
                }),
                Some(20),
                25,
                1,
                Some(1),
            ),
        ] {
            let known = known.filter(|known| known.is_of(&refusal));
            let (refused, ending) =
                weighed(known.as_ref(), &refusal, answered.map(hours), hours(now));
            assert_eq!((refused.count, refused.last), (count, hours(now)), "{name}");
            let waits = match &ending {
                Ending::Deferred(_, after) => Some(after.0 / Span::hours(1).0),
                _ => None,
            };
            assert_eq!(waits, wait, "{name}: {ending:?}");
        }
    }

    #[test]
    fn the_ledger_is_told_who_refused_how_often_and_what_follows() {
        let refusal = Refusal {
            stage: Stage::Detect,
            model: "small".into(),
            detail: "status 400".into(),
        };
        for (known, answered, ending) in [
            (
                None,
                None,
                Ending::deferred(
                    "the provider of the model small gives no answer to this call (status 400), and nothing says that the call is the reason; it is asked again",
                    Span::hours(1),
                ),
            ),
            (
                Some(known(5, 19)),
                Some(hours(20)),
                Ending::Failed("the provider of the model small gave no answer to this call, 6 times since 2026-11-20T12:00:00Z (status 400), and answered for other calls; an admin may retry the call".into()),
            ),
        ] {
            let (refused, found) = weighed(known.as_ref(), &refusal, answered, hours(25));
            assert_eq!(found, ending, "{refused:?}");
        }
    }
}

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
        let (model, detail) = (&refusal.model, &refusal.detail);
        let known = call.refused.take().filter(|known| known.is_of(refusal));
        let refused = Refusals::and(known.as_ref(), refusal, now);
        let ending = match known {
            Some(known)
                if known.mean_the_call(
                    now,
                    self.pipeline
                        .usage
                        .last_answer(self.worker.org, model)
                        .await?,
                ) =>
            {
                Ending::Failed(format!(
                    "the provider of the model {model} gave no answer to this call, {} times since {} ({detail}), and answered for other calls; an admin may retry the call",
                    refused.count,
                    refused.first.to_rfc3339()
                ))
            }
            _ => {
                tracing::error!(call = %call.id, %model, %detail, "{PROVIDER_REFUSED}");
                Ending::deferred(
                    format!(
                        "the provider of the model {model} gives no answer to this call ({detail}), and nothing says that the call is the reason; it is asked again"
                    ),
                    refused.wait(),
                )
            }
        };
        call.refused = Some(refused);
        Ok(ending)
    }
}

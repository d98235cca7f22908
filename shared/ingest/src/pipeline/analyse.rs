//! One call from its conversation to its ending; a commit is written here, every other ending by
//! the batch.

use domain::{
    call::{
        Call, EMPTY_TRANSCRIPT_PATIENCE,
        stages::{Stage, StageRecord},
    },
    conversation::Conversation,
    feedback::EngineStamp,
    usage::Usage,
};

use super::{
    analysis::{Analysis, Context},
    commit::Job,
    ending::Ending,
    meters::Meters,
    redact::redact,
};

/// A longer transcript, in bytes, is no conversation: a day of talk has fewer.
pub const LONGEST_TRANSCRIPT: usize = 1_500_000;

impl Analysis {
    /// Analyses a leased call and commits what it gave; the call's `usage` and `stages` tell what
    /// it took and what each stage said, whatever the ending. What the meters hold after it is not
    /// booked yet.
    pub async fn run(
        &self,
        call: &mut Call,
        owner: &str,
        conversation: Conversation,
        context: &Context,
        meters: &Meters,
    ) -> Ending {
        let earlier = std::mem::take(&mut call.stages);
        if conversation.bytes() > LONGEST_TRANSCRIPT {
            let why = "the transcript is longer than a day of talk; it was not read, since it cannot be a conversation";
            return Ending::Failed(why.into());
        }
        let conversation = redacted(call, conversation, context);
        if conversation.turns.is_empty() {
            return self.no_speech(call);
        }
        if conversation.customer_turns().next().is_none() {
            let why = "nobody who is known to be from the customer's side speaks";
            return Ending::Discarded(why.into());
        }
        let product = &context.product;
        let is_told = self.analyst.reads_product() && !product.is_unknown();
        let engine = EngineStamp {
            product: is_told.then_some(product.version),
            ..self.analyst.engine()
        };
        call.engine = Some(engine.clone());
        let asked = (meters, earlier);
        match self
            .find(call, &conversation, (context, &engine), asked)
            .await
        {
            Ok((pieces, rest)) => {
                let job = Job {
                    analysis: self,
                    owner,
                    conversation: &conversation,
                    pieces: &pieces,
                    also_heard: &rest.kept,
                    context,
                    engine: &engine,
                    meters,
                };
                job.commit(call).await.unwrap_or_else(|ending| ending)
            }
            Err(ending) => ending,
        }
    }

    fn no_speech(&self, call: &Call) -> Ending {
        let recent = |at| at + EMPTY_TRANSCRIPT_PATIENCE > self.clock.now();
        if call.started.is_some_and(recent) {
            let why = "the transcript is still empty; a call this recent may be filled yet";
            return Ending::AwaitsTranscript(why.into());
        }
        Ending::Discarded("the transcript holds no speech".into())
    }
}

/// The conversation, redacted where the settings say so.
fn redacted(call: &mut Call, mut conversation: Conversation, context: &Context) -> Conversation {
    let redacted = context.settings.redact.then(|| redact(&mut conversation));
    let customers = conversation.customer_turns().count();
    let says = format!(
        "{} turns, {customers} of them by the customer's side{}",
        conversation.turns.len(),
        match redacted {
            Some(0) => String::new(),
            Some(1) => "; 1 passage was redacted".into(),
            Some(places) => format!("; {places} passages were redacted"),
            None => "; redaction is off".into(),
        }
    );
    call.record(StageRecord {
        stage: Stage::Normalize,
        model: None,
        version: None,
        says,
        usage: Usage::default(),
    });
    conversation
}

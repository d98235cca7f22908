//! The two queues on SQS: batches of ten, partial failures tried again, one message group for an
//! organization (which makes a standard queue a fair one).

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use aws_sdk_sqs::{
    Client, error::DisplayErrorContext, operation::send_message_batch::SendMessageBatchOutput,
    types::SendMessageBatchRequestEntry,
};
use domain::{
    call::CallMessage,
    connection::WindowMessage,
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        queues::{CallQueue, QueueError, WindowQueue},
        system::{Clock, Ids},
    },
};
use serde::Serialize;

/// SQS takes this many messages in a request.
const BATCH: usize = 10;
/// SQS holds a message back no longer than this.
const LONGEST_DELAY: Span = Span::minutes(15);
/// How often what SQS did not take is offered.
const TRIES: u32 = 4;

/// A queue by its address.
#[derive(Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl SqsQueue {
    /// The queue at this address; nothing is sent.
    #[must_use]
    pub fn new(client: Client, url: String, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self {
            client,
            url,
            clock,
            ids,
        }
    }

    async fn send_all<M: Serialize>(
        &self,
        messages: impl Iterator<Item = (&OrgId, M)>,
        delay: Option<Span>,
    ) -> Result<(), QueueError> {
        let entries = messages
            .enumerate()
            .map(|(index, (org, message))| entry(index, org, &message, delay))
            .collect::<Result<Vec<_>, _>>()?;
        for batch in entries.chunks(BATCH) {
            self.send_batch(batch.to_vec()).await?;
        }
        Ok(())
    }

    async fn send_batch(
        &self,
        mut entries: Vec<SendMessageBatchRequestEntry>,
    ) -> Result<(), QueueError> {
        for attempt in 1.. {
            let request = self.client.send_message_batch().queue_url(&self.url);
            let answer = request.set_entries(Some(entries.clone())).send().await;
            let answer = answer.map_err(|error| QueueError(in_words(&error)))?;
            let (left, why) = refused(entries, &answer)?;
            if left.is_empty() {
                return Ok(());
            }
            if attempt >= TRIES {
                return Err(QueueError(format!(
                    "{} of a batch were refused {attempt} times: {why}",
                    left.len()
                )));
            }
            let pause = Span::millis(100 << attempt) + self.ids.jitter(Span::millis(100));
            self.clock.sleep_until(self.clock.now() + pause).await;
            entries = left;
        }
        Ok(())
    }
}

/// The entries to be offered again, and what SQS said of the last one. An entry that SQS blames on
/// the sender would be refused again and again.
fn refused(
    entries: Vec<SendMessageBatchRequestEntry>,
    answer: &SendMessageBatchOutput,
) -> Result<(Vec<SendMessageBatchRequestEntry>, String), QueueError> {
    let mut why = String::new();
    let mut failed = HashMap::new();
    for failure in answer.failed() {
        if failure.sender_fault() {
            let code = failure.code();
            return Err(QueueError(format!(
                "a message was refused as faulty: {code}"
            )));
        }
        failure.code().clone_into(&mut why);
        failed.insert(failure.id().to_owned(), ());
    }
    let left = entries
        .into_iter()
        .filter(|entry| failed.contains_key(entry.id()))
        .collect();
    Ok((left, why))
}

fn entry<M: Serialize>(
    index: usize,
    org: &OrgId,
    message: &M,
    delay: Option<Span>,
) -> Result<SendMessageBatchRequestEntry, QueueError> {
    let body = serde_json::to_string(message).map_err(|error| QueueError(error.to_string()))?;
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(body)
        .message_group_id(org.as_str())
        .set_delay_seconds(delay.map(seconds))
        .build()
        .map_err(|error| QueueError(error.to_string()))
}

/// Whole seconds, no fewer than asked for and no more than SQS takes.
fn seconds(delay: Span) -> i32 {
    let seconds = delay
        .0
        .clamp(0, LONGEST_DELAY.0)
        .unsigned_abs()
        .div_ceil(1_000);
    i32::try_from(seconds).unwrap_or(0)
}

fn in_words(error: &(impl std::error::Error + 'static)) -> String {
    DisplayErrorContext(error).to_string()
}

#[async_trait]
impl CallQueue for SqsQueue {
    async fn send(&self, messages: &[CallMessage]) -> Result<(), QueueError> {
        let messages = messages.iter().map(|message| (&message.org_id, message));
        self.send_all(messages, None).await
    }
}

#[async_trait]
impl WindowQueue for SqsQueue {
    async fn send(&self, message: &WindowMessage) -> Result<(), QueueError> {
        let message = std::iter::once((&message.org_id, message));
        self.send_all(message, None).await
    }

    async fn send_later(
        &self,
        message: &WindowMessage,
        now: Timestamp,
        not_before: Timestamp,
    ) -> Result<(), QueueError> {
        let message = std::iter::once((&message.org_id, message));
        self.send_all(message, Some(not_before - now)).await
    }
}

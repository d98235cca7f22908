//! The in-process queue: at-least-once delivery in batches, as SQS and its event source mapping
//! do it. What it holds is lost with the process; the ledger refills it at the next start.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use aws_lambda_events::sqs::SqsEvent;
use domain::{
    call::CallMessage,
    connection::WindowMessage,
    moment::{Span, Timestamp},
    ports::queues::{CallQueue, QueueError, WindowQueue},
};
use serde::Serialize;
use serde_json::json;
use tokio::sync::Notify;

/// A message is delivered at most this often; what it was about stays in the database, where maintenance
/// finds it.
const MAX_RECEIVES: u32 = 5;
/// A failed message is not delivered again before this.
const REDELIVERY: Span = Span::seconds(30);

const AT_ONCE: Timestamp = Timestamp(i64::MIN);

/// A message on its way.
#[derive(Debug, Clone)]
pub struct Delivery<M> {
    pub id: u64,
    pub message: M,
    receives: u32,
    not_before: Timestamp,
}

struct Inner<M> {
    waiting: VecDeque<Delivery<M>>,
    next_id: u64,
}

/// A queue of one kind of message.
pub struct LocalQueue<M> {
    inner: Mutex<Inner<M>>,
    changed: Notify,
}

impl<M> Default for LocalQueue<M> {
    fn default() -> Self {
        Self {
            inner: Mutex::new(Inner {
                waiting: VecDeque::new(),
                next_id: 1,
            }),
            changed: Notify::new(),
        }
    }
}

impl<M: Clone> LocalQueue<M> {
    fn push(&self, messages: &[M], not_before: Timestamp) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for message in messages {
            let delivery = Delivery {
                id: inner.next_id,
                message: message.clone(),
                receives: 0,
                not_before,
            };
            inner.next_id += 1;
            inner.waiting.push_back(delivery);
        }
        drop(inner);
        self.changed.notify_one();
    }

    /// Up to `most` messages that may be delivered at `now`, in the order of arrival.
    #[must_use]
    pub fn take(&self, now: Timestamp, most: usize) -> Vec<Delivery<M>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::new();
        let mut later = VecDeque::new();
        while let Some(mut delivery) = inner.waiting.pop_front() {
            if taken.len() < most && delivery.not_before <= now {
                delivery.receives += 1;
                taken.push(delivery);
            } else {
                later.push_back(delivery);
            }
        }
        inner.waiting = later;
        taken
    }

    /// Takes a message back that failed; it comes again after a while, a limited number of times.
    pub fn give_back(&self, delivery: Delivery<M>, now: Timestamp) {
        if delivery.receives >= MAX_RECEIVES {
            tracing::error!(
                message = delivery.id,
                "a message failed too often and is left to maintenance"
            );
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.waiting.push_back(Delivery {
            not_before: now + REDELIVERY,
            ..delivery
        });
    }

    /// How many messages wait.
    #[must_use]
    pub fn len(&self) -> usize {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.waiting.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns when a message was sent, or after `at_most` (failed messages become due by time).
    pub async fn changed(&self, at_most: Duration) {
        // A time-out is as good as a change: the caller looks again.
        let _ = tokio::time::timeout(at_most, self.changed.notified()).await;
    }
}

#[async_trait]
impl CallQueue for LocalQueue<CallMessage> {
    async fn send(&self, messages: &[CallMessage]) -> Result<(), QueueError> {
        self.push(messages, AT_ONCE);
        Ok(())
    }
}

#[async_trait]
impl WindowQueue for LocalQueue<WindowMessage> {
    async fn send(&self, message: &WindowMessage) -> Result<(), QueueError> {
        self.push(std::slice::from_ref(message), AT_ONCE);
        Ok(())
    }

    async fn send_later(
        &self,
        message: &WindowMessage,
        _: Timestamp,
        not_before: Timestamp,
    ) -> Result<(), QueueError> {
        self.push(std::slice::from_ref(message), not_before);
        Ok(())
    }
}

/// The SQS event of a batch.
///
/// # Errors
/// When a message cannot be written as JSON.
pub fn sqs_event<M: Serialize>(batch: &[Delivery<M>]) -> Result<SqsEvent, serde_json::Error> {
    let records = batch
        .iter()
        .map(|delivery| {
            Ok(json!({
                "messageId": delivery.id.to_string(),
                "receiptHandle": delivery.id.to_string(),
                "body": serde_json::to_string(&delivery.message)?,
                "attributes": {"ApproximateReceiveCount": delivery.receives.to_string()},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:local:000000000000:local",
                "awsRegion": "local",
            }))
        })
        .collect::<Result<Vec<_>, serde_json::Error>>()?;
    serde_json::from_value(json!({ "Records": records }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_failed_message_comes_again_later_and_not_for_ever() {
        let queue: LocalQueue<u8> = LocalQueue::default();
        queue.push(&[1, 2], AT_ONCE);
        let mut now = Timestamp(0);
        let first = queue.take(now, 1).pop().unwrap();
        assert_eq!((first.message, queue.len()), (1, 1));
        queue.give_back(first, now);
        assert_eq!(queue.take(now, 10).len(), 1, "only the other one is ready");
        for _ in 1..MAX_RECEIVES {
            now = now + REDELIVERY;
            let again = queue.take(now, 10).pop().unwrap();
            queue.give_back(again, now);
        }
        assert!(queue.is_empty());
    }
}

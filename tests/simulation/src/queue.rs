//! SQS in memory: at least once, in any order, visible again when nobody says that it is done.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    call::CallMessage,
    connection::WindowMessage,
    moment::{Span, Timestamp},
    ports::queues::{CallQueue, QueueError, WindowQueue},
};
use tokio::{sync::Notify, time::Instant};

use crate::{
    faults::{Chaos, Lost, Seam},
    time::duration,
};

/// How long a message that was taken is hidden, as `template.yaml` sets it.
const VISIBILITY: Duration = Duration::from_secs(1_800);
/// How often a message is delivered before it is put aside.
const DELIVERIES: u32 = 5;
/// In a thousand messages, how many are delivered twice and how many are late.
const TWICE: f64 = 30.0;
const LATE: f64 = 20.0;

struct Message<T> {
    id: u64,
    body: T,
    visible: Instant,
    deliveries: u32,
}

pub struct SimQueue<T> {
    messages: Mutex<(u64, Vec<Message<T>>)>,
    chaos: Arc<Chaos>,
    sent: Notify,
}

impl<T: Clone> SimQueue<T> {
    #[must_use]
    pub fn new(chaos: Arc<Chaos>) -> Self {
        Self {
            messages: Mutex::default(),
            chaos,
            sent: Notify::new(),
        }
    }

    fn all(&self) -> MutexGuard<'_, (u64, Vec<Message<T>>)> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, body: &T, delay: Span) {
        let copies = if self.chaos.trouble() && self.chaos.chance(TWICE) {
            2
        } else {
            1
        };
        for _ in 0..copies {
            let late = self.chaos.trouble() && self.chaos.chance(LATE);
            let ms = self.chaos.below(if late { 900_000 } else { 300 });
            let mut all = self.all();
            all.0 += 1;
            let id = all.0;
            all.1.push(Message {
                id,
                body: body.clone(),
                visible: Instant::now() + duration(delay) + Duration::from_millis(ms),
                deliveries: 0,
            });
        }
        self.sent.notify_waiters();
    }

    async fn send_all(&self, bodies: &[T], delay: Span) -> Result<(), QueueError> {
        for ten in bodies.chunks(10) {
            let send = async { ten.iter().for_each(|body| self.add(body, delay)) };
            match self.chaos.step(Seam::Queue, send).await {
                Ok(()) => {}
                Err(Lost::NotDone) => return Err(QueueError("it was not reached".into())),
                Err(Lost::Unknown) => return Err(QueueError("its answer was lost".into())),
            }
        }
        Ok(())
    }

    /// Up to `most` visible messages in any order; waits until there is at least one.
    pub async fn take(&self, most: usize) -> Vec<(u64, T)> {
        loop {
            let sent = self.sent.notified();
            let next = {
                let now = Instant::now();
                let mut all = self.all();
                all.1
                    .retain(|m| m.visible > now || m.deliveries < DELIVERIES);
                let mut taken = Vec::new();
                while taken.len() < most {
                    let ready: Vec<usize> = (0..all.1.len())
                        .filter(|n| all.1[*n].visible <= now)
                        .collect();
                    if ready.is_empty() {
                        break;
                    }
                    let pick = self.chaos.below(ready.len() as u64);
                    let pick = ready[usize::try_from(pick).unwrap_or(0)];
                    let message = &mut all.1[pick];
                    message.visible = now + VISIBILITY;
                    message.deliveries += 1;
                    taken.push((message.id, message.body.clone()));
                }
                if !taken.is_empty() {
                    return taken;
                }
                all.1.iter().map(|m| m.visible).min()
            };
            match next {
                Some(at) => tokio::select! {
                    biased;
                    () = sent => {}
                    () = tokio::time::sleep_until(at) => {}
                },
                None => sent.await,
            }
        }
    }

    /// Up to `most` messages, gathered for `window` from the first one on.
    pub async fn gather(&self, most: usize, window: Span) -> Vec<(u64, T)> {
        let mut batch = self.take(most).await;
        let end = Instant::now() + duration(window);
        while batch.len() < most {
            match tokio::time::timeout_at(end, self.take(most - batch.len())).await {
                Ok(more) => batch.extend(more),
                Err(_) => break,
            }
        }
        batch
    }

    /// These are done with.
    pub fn done(&self, ids: &[u64]) {
        self.all().1.retain(|message| !ids.contains(&message.id));
    }

    /// How many messages there are, hidden ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all().1.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[async_trait]
impl CallQueue for SimQueue<CallMessage> {
    async fn send(&self, messages: &[CallMessage]) -> Result<(), QueueError> {
        self.send_all(messages, Span(0)).await
    }
}

#[async_trait]
impl WindowQueue for SimQueue<WindowMessage> {
    async fn send(&self, message: &WindowMessage) -> Result<(), QueueError> {
        self.send_all(std::slice::from_ref(message), Span(0)).await
    }

    async fn send_later(
        &self,
        message: &WindowMessage,
        now: Timestamp,
        not_before: Timestamp,
    ) -> Result<(), QueueError> {
        let message = std::slice::from_ref(message);
        self.send_all(message, not_before - now).await
    }
}

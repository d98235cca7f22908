//! The poller function: the Scheduler's tick, and an SQS batch of sync windows.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::{connection::WindowMessage, ports::StoreError};
use ingest::{maintenance::Maintenance, sync::listing::Lister};
use lambda_runtime::{Diagnostic, LambdaEvent};
use runtime::batch;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The two use cases.
#[derive(Clone)]
pub struct Poller {
    pub maintenance: Maintenance,
    pub lister: Lister,
}

/// What invokes the function.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum PollerEvent {
    /// Sync windows from the queue.
    Windows(SqsRecords),
    Tick(Tick),
}

/// An event with `Records`, kept as it came until its kind is known.
#[derive(Debug, Clone, Deserialize)]
pub struct SqsRecords {
    #[serde(rename = "Records")]
    records: Value,
}

/// The payload that the schedule is configured with.
#[derive(Debug, Clone, Deserialize)]
pub struct Tick {
    /// Always `maintenance`.
    #[serde(rename = "tick")]
    pub kind: TickKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TickKind {
    /// Due polls and maintenance, every five minutes; a stack deployed before 0.2 says `care`.
    #[serde(alias = "care")]
    Maintenance,
}

/// What the function answers.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum PollerAnswer {
    Batch(SqsBatchResponse),
    /// To the Scheduler, for the log.
    Maintenance {
        /// Items of the connections table.
        connection_work: usize,
        calls: usize,
        vectors: usize,
        /// Items that stay due.
        errors: usize,
    },
}

/// Why an event was not handled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PollerError {
    /// serde's words could name what stands in the event.
    #[error("this event is neither an SQS batch nor the maintenance tick")]
    UnknownEvent,
    /// The due work could not be read: the Scheduler tries again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PollerError> for Diagnostic {
    fn from(error: PollerError) -> Self {
        let error_type = match &error {
            PollerError::UnknownEvent => "UnknownEvent",
            PollerError::Store(_) => "StoreError",
        };
        Self {
            error_type: error_type.into(),
            error_message: error.to_string(),
        }
    }
}

/// Handles one event.
///
/// # Errors
/// [`PollerError`]; what fails in a batch is reported message by message.
pub async fn handle(
    poller: &Poller,
    event: LambdaEvent<Value>,
) -> Result<PollerAnswer, PollerError> {
    let deadline = batch::deadline(event.context.deadline);
    match serde_json::from_value(event.payload) {
        Ok(PollerEvent::Windows(records)) => {
            let event: SqsEvent =
                serde_json::from_value(serde_json::json!({"Records": records.records}))
                    .map_err(|_| PollerError::UnknownEvent)?;
            let (items, mut response) = batch::open::<WindowMessage>(event);
            for item in &items {
                let verdict = poller.lister.run(&item.message, deadline).await;
                batch::record_verdict(&mut response, &item.id, verdict);
            }
            Ok(PollerAnswer::Batch(response))
        }
        Ok(PollerEvent::Tick(Tick {
            kind: TickKind::Maintenance,
        })) => {
            let report = poller.maintenance.tick(deadline).await?;
            Ok(PollerAnswer::Maintenance {
                connection_work: report.connection_work,
                calls: report.calls,
                vectors: report.vectors,
                errors: report.errors,
            })
        }
        Err(_) => Err(PollerError::UnknownEvent),
    }
}

//! What invokes functions.

use serde_json::Value;

use crate::template::{number, of_type, target};

/// A queue's batch fails message by message, and the number of batches at once is bounded.
#[must_use]
pub fn mappings(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mappings: Vec<_> = of_type(template, "AWS::Lambda::EventSourceMapping").collect();
    if mappings.is_empty() {
        problems.push("no queue is read".to_owned());
    }
    for mapping in mappings {
        let types = mapping.list("/FunctionResponseTypes");
        if !types.iter().any(|kind| *kind == "ReportBatchItemFailures") {
            problems.push(format!("{} fails whole batches", mapping.id));
        }
        if number(mapping.property("/ScalingConfig/MaximumConcurrency")).is_none() {
            problems.push(format!("{} has no bound", mapping.id));
        }
        let size = number(mapping.property("/BatchSize")).unwrap_or(10);
        let window = number(mapping.property("/MaximumBatchingWindowInSeconds"));
        if size > 10 && window.is_none_or(|seconds| seconds == 0) {
            problems.push(format!("{} has batches without a window", mapping.id));
        }
    }
    problems
}

/// The tick is delivered again when delivery fails, handled again when its handler fails, and ends
/// in a queue when nothing helps.
#[must_use]
pub fn tick(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let schedules: Vec<_> = of_type(template, "AWS::Scheduler::Schedule").collect();
    if schedules.is_empty() {
        problems.push("there is no tick".to_owned());
    }
    for schedule in schedules {
        let retries = number(schedule.property("/Target/RetryPolicy/MaximumRetryAttempts"));
        if retries.is_none_or(|retries| retries == 0) {
            problems.push(format!("{} is delivered once only", schedule.id));
        }
        if target(schedule.property("/Target/DeadLetterConfig/Arn")).is_none() {
            problems.push(format!(
                "{} gets lost when it is not delivered",
                schedule.id
            ));
        }
        // A name of its own would keep a second stack out of the account.
        if !schedule.property("/Name").is_null() {
            problems.push(format!("{} has a fixed name", schedule.id));
        }
        let function = target(schedule.property("/Target/Arn"));
        let caught = of_type(template, "AWS::Lambda::EventInvokeConfig").any(|config| {
            let to = config.property("/DestinationConfig/OnFailure/Destination");
            target(config.property("/FunctionName")) == function
                && target(to).is_some()
                && number(config.property("/MaximumRetryAttempts")).is_some()
        });
        if !caught {
            problems.push(format!("{} gets lost when its handler fails", schedule.id));
        }
    }
    problems
}

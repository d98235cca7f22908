//! Queues.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::template::{Resource, is_true, list, number, of_type, resource, target};

/// AWS's advice: a batch that is throttled has time to be tried again.
const TIMEOUTS: u64 = 6;

/// The queues that messages of other queues, of ticks or of failed invocations end in.
#[must_use]
pub fn dead_letter_queues(template: &Value) -> BTreeSet<&str> {
    let redriven = of_type(template, "AWS::SQS::Queue")
        .map(|queue| queue.property("/RedrivePolicy/deadLetterTargetArn"));
    let ticks = of_type(template, "AWS::Scheduler::Schedule")
        .map(|schedule| schedule.property("/Target/DeadLetterConfig/Arn"));
    let failed = of_type(template, "AWS::Lambda::EventInvokeConfig")
        .map(|config| config.property("/DestinationConfig/OnFailure/Destination"));
    redriven
        .chain(ticks)
        .chain(failed)
        .filter_map(target)
        .collect()
}

/// The queues that functions read.
pub fn sources(template: &Value) -> impl Iterator<Item = Resource<'_>> {
    let dead = dead_letter_queues(template);
    of_type(template, "AWS::SQS::Queue").filter(move |queue| !dead.contains(queue.id))
}

/// A message stays hidden for six times the timeout of the function that reads it, and for as long
/// as a batch may wait to fill up.
#[must_use]
pub fn visibility(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for mapping in of_type(template, "AWS::Lambda::EventSourceMapping") {
        let end = |pointer| target(mapping.property(pointer)).and_then(|id| resource(template, id));
        let (Some(queue), Some(function)) = (end("/EventSourceArn"), end("/FunctionName")) else {
            problems.push(format!("{} has no queue or no function", mapping.id));
            continue;
        };
        let seconds = |of: Resource, pointer| number(of.property(pointer)).unwrap_or(0);
        let needed = seconds(function, "/Timeout").max(1) * TIMEOUTS
            + seconds(mapping, "/MaximumBatchingWindowInSeconds");
        let has = seconds(queue, "/VisibilityTimeout");
        if has < needed {
            problems.push(format!(
                "{} hides a message for {has} s, but {} needs {needed} s",
                queue.id, function.id
            ));
        }
    }
    problems
}

/// A queue that is read has a dead-letter queue, which keeps messages longer and takes them from
/// its own source alone.
#[must_use]
pub fn dead_letters(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for queue in sources(template) {
        let id = target(queue.property("/RedrivePolicy/deadLetterTargetArn"));
        let Some(dead) = id.and_then(|id| resource(template, id)) else {
            problems.push(format!("{} has no dead-letter queue", queue.id));
            continue;
        };
        let kept = |of: Resource| number(of.property("/MessageRetentionPeriod"));
        if kept(dead) <= kept(queue) || kept(queue).is_none() {
            problems.push(format!(
                "{} does not keep messages longer than {}",
                dead.id, queue.id
            ));
        }
        if number(queue.property("/RedrivePolicy/maxReceiveCount")).is_none_or(|count| count < 2) {
            problems.push(format!("{} tries a message once only", queue.id));
        }
    }
    for id in dead_letter_queues(template) {
        let Some(dead) = resource(template, id) else {
            problems.push(format!("{id} is no queue of this stack"));
            continue;
        };
        let sources = list(dead.property("/RedriveAllowPolicy/sourceQueueArns"));
        let permission = dead.property("/RedriveAllowPolicy/redrivePermission");
        if *permission != "denyAll" && (*permission != "byQueue" || sources.len() != 1) {
            problems.push(format!("{id} takes dead letters of any queue"));
        }
    }
    problems
}

/// Every queue encrypts what it holds.
#[must_use]
pub fn encrypted(template: &Value) -> Vec<String> {
    let open = of_type(template, "AWS::SQS::Queue").filter(|queue| {
        !is_true(queue.property("/SqsManagedSseEnabled"))
            && target(queue.property("/KmsMasterKeyId")).is_none()
    });
    open.map(|queue| format!("{} is not encrypted", queue.id))
        .collect()
}

/// Every queue refuses requests without TLS.
#[must_use]
pub fn over_tls(template: &Value) -> Vec<String> {
    let refusing: BTreeSet<&str> = of_type(template, "AWS::SQS::QueuePolicy")
        .filter(|policy| {
            let statements = policy.list("/PolicyDocument/Statement");
            statements.iter().any(|statement| {
                statement["Effect"] == "Deny"
                    && statement["Principal"] == "*"
                    && statement["Action"] == "sqs:*"
                    && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
            })
        })
        .flat_map(|policy| policy.list("/Queues"))
        .filter_map(target)
        .collect();
    let open = of_type(template, "AWS::SQS::Queue").filter(|queue| !refusing.contains(queue.id));
    open.map(|queue| format!("{} answers without TLS", queue.id))
        .collect()
}

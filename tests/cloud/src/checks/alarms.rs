//! Alarms.

use ingest::{
    gong::tokens::{APP_REFUSED, NEEDS_RECONNECT},
    pipeline::ending::PROVIDER_REFUSED,
};
use serde_json::Value;

use super::queues::{dead_letter_queues, sources};
use crate::template::{Resource, number, of_type, resource, target};

/// Whether an alarm watches this metric of this resource.
fn watches(alarm: &Resource, namespace: &str, metric: &str, dimension: &str, id: &str) -> bool {
    *alarm.property("/Namespace") == namespace
        && *alarm.property("/MetricName") == metric
        && alarm
            .list("/Dimensions")
            .iter()
            .any(|given| given["Name"] == dimension && target(&given["Value"]) == Some(id))
}

fn alarms(template: &Value) -> impl Iterator<Item = Resource<'_>> {
    of_type(template, "AWS::CloudWatch::Alarm")
}

/// One message in a dead-letter queue is an alarm.
#[must_use]
pub fn dead_letters(template: &Value) -> Vec<String> {
    let metric = "ApproximateNumberOfMessagesVisible";
    let silent = dead_letter_queues(template).into_iter().filter(|id| {
        !alarms(template).any(|alarm| {
            watches(&alarm, "AWS/SQS", metric, "QueueName", id)
                && number(alarm.property("/Threshold")) == Some(1)
                && *alarm.property("/ComparisonOperator") == "GreaterThanOrEqualToThreshold"
        })
    });
    silent
        .map(|id| format!("a message in {id} is no alarm"))
        .collect()
}

/// A message that waits long is an alarm.
#[must_use]
pub fn waiting(template: &Value) -> Vec<String> {
    let metric = "ApproximateAgeOfOldestMessage";
    let silent = sources(template).filter(|queue| {
        !alarms(template).any(|alarm| watches(&alarm, "AWS/SQS", metric, "QueueName", queue.id))
    });
    silent
        .map(|queue| format!("a message that waits in {} is no alarm", queue.id))
        .collect()
}

/// An error of a function is an alarm.
#[must_use]
pub fn errors(template: &Value) -> Vec<String> {
    let silent = of_type(template, "AWS::Lambda::Function").filter(|function| {
        !alarms(template)
            .any(|alarm| watches(&alarm, "AWS/Lambda", "Errors", "FunctionName", function.id))
    });
    silent
        .map(|function| format!("an error of {} is no alarm", function.id))
        .collect()
}

/// An alarm tells an encrypted topic of this stack.
#[must_use]
pub fn actions(template: &Value) -> Vec<String> {
    let told = |alarm: &Resource| {
        let topics = alarm.list("/AlarmActions").iter().filter_map(target);
        topics.filter_map(|id| resource(template, id)).any(|topic| {
            topic.kind() == "AWS::SNS::Topic" && target(topic.property("/KmsMasterKeyId")).is_some()
        })
    };
    let mute = alarms(template).filter(|alarm| !told(alarm));
    mute.map(|alarm| format!("{} tells no encrypted topic", alarm.id))
        .collect()
}

/// What the web functions answer with a 5xx is no error to Lambda, but an alarm.
#[must_use]
pub fn failed_answers(template: &Value) -> Vec<String> {
    let silent = of_type(template, "AWS::ApiGatewayV2::Api").filter(|api| {
        !alarms(template).any(|alarm| watches(&alarm, "AWS/ApiGateway", "5xx", "ApiId", api.id))
    });
    silent
        .map(|api| format!("a failed answer of {} is no alarm", api.id))
        .collect()
}

/// The log lines that the code writes are counted in the logs of the functions that write them,
/// and each count has an alarm.
#[must_use]
pub fn log_lines(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let lines: [(_, &[&str]); 3] = [
        (NEEDS_RECONNECT, &["PollerFunction", "PipelineFunction"]),
        (
            APP_REFUSED,
            &[
                "OauthCallbackFunction",
                "PollerFunction",
                "PipelineFunction",
            ],
        ),
        (PROVIDER_REFUSED, &["PipelineFunction"]),
    ];
    for (line, functions) in lines {
        for function in functions {
            let group = resource(template, function)
                .and_then(|function| target(function.property("/LoggingConfig/LogGroup")));
            let filter = of_type(template, "AWS::Logs::MetricFilter").find(|filter| {
                *filter.property("/FilterPattern") == format!("\"{line}\"")
                    && group.is_some()
                    && target(filter.property("/LogGroupName")) == group
            });
            let Some(filter) = filter else {
                problems.push(format!(
                    "\"{line}\" is not counted in the log of {function}"
                ));
                continue;
            };
            let metric = filter.property("/MetricTransformations/0");
            let heard = alarms(template).any(|alarm| {
                alarm.property("/MetricName") == &metric["MetricName"]
                    && alarm.property("/Namespace") == &metric["MetricNamespace"]
            });
            if !heard {
                problems.push(format!("{} counts for no alarm", filter.id));
            }
        }
    }
    problems
}

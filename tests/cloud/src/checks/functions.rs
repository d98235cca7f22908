//! Functions.

use std::collections::BTreeSet;

use domain::verdict::FUNCTION_TIMEOUT;
use serde_json::Value;

use crate::template::{Resource, number, of_type, resource, resources, target, texts};

/// An HTTP API waits no longer for an answer.
const GATEWAY_SECONDS: u64 = 30;

/// Every function has a role of its own in this stack.
#[must_use]
pub fn roles(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut taken = BTreeSet::new();
    for function in of_type(template, "AWS::Lambda::Function") {
        let role = target(function.property("/Role")).filter(|id| {
            let role = resource(template, id);
            role.is_some_and(|role| role.kind() == "AWS::IAM::Role")
        });
        match role {
            None => problems.push(format!("{} has no role of this stack", function.id)),
            Some(role) if !taken.insert(role) => {
                problems.push(format!("{} shares {role}", function.id));
            }
            Some(_) => {}
        }
    }
    // One that SAM makes by itself would be there beside the ones that are used.
    for role in of_type(template, "AWS::IAM::Role") {
        let used = of_type(template, "AWS::Scheduler::Schedule")
            .any(|schedule| target(schedule.property("/Target/RoleArn")) == Some(role.id));
        if !used && !taken.contains(role.id) {
            problems.push(format!("{} is nobody's role", role.id));
        }
    }
    problems
}

/// Every function logs into a group of this stack, and every group forgets.
#[must_use]
pub fn log_groups(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for function in of_type(template, "AWS::Lambda::Function") {
        let group = target(function.property("/LoggingConfig/LogGroup"));
        let group = group.and_then(|id| resource(template, id));
        if group.is_none_or(|group| group.kind() != "AWS::Logs::LogGroup") {
            problems.push(format!("{} logs into no group of this stack", function.id));
        }
    }
    for group in of_type(template, "AWS::Logs::LogGroup") {
        if number(group.property("/RetentionInDays")).is_none() {
            problems.push(format!("{} keeps logs for ever", group.id));
        }
    }
    problems
}

/// No policy of AWS's own is attached: they allow more than is needed.
#[must_use]
pub fn managed_policies(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for resource in resources(template) {
        if !resource.list("/ManagedPolicyArns").is_empty() {
            problems.push(format!("{} has managed policies", resource.id));
        }
        if texts(resource.property(""))
            .iter()
            .any(|t| t.contains(":aws:policy/"))
        {
            problems.push(format!("{} names a policy of AWS's own", resource.id));
        }
    }
    problems
}

/// A function behind the API ends before the gateway gives it up; one that reads a queue has the
/// time that its leases are made for.
#[must_use]
pub fn timeouts(template: &Value) -> Vec<String> {
    let functions = |kind, place: &'static str| {
        of_type(template, kind)
            .filter_map(move |from| target(from.property(place)))
            .filter_map(|id| resource(template, id))
    };
    let seconds = |function: &Resource| number(function.property("/Timeout"));
    let long = functions("AWS::ApiGatewayV2::Integration", "/IntegrationUri")
        .filter(|function| seconds(function).is_none_or(|seconds| seconds >= GATEWAY_SECONDS))
        .map(|function| format!("{} outlasts the gateway's patience", function.id));
    let leased = u64::try_from(FUNCTION_TIMEOUT.0 / 1_000).ok();
    let other = functions("AWS::Lambda::EventSourceMapping", "/FunctionName")
        .filter(|function| seconds(function) != leased)
        .map(|function| format!("{} has another timeout than its leases know", function.id));
    long.chain(other).collect()
}

//! Routes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::template::{is_true, of_type, resource, target};

/// The only routes without the authorizer: Gong's answer, and the pages with their own session.
const OPEN: [&str; 2] = ["GET /oauth/gong/callback", "$default"];
/// What the authorizer has to guard.
const GUARDED: [&str; 2] = ["ANY /api/{proxy+}", "ANY /api"];

/// Every route says who may use it; the open ones are the known ones, the guarded ones are there.
#[must_use]
pub fn closed(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for route in of_type(template, "AWS::ApiGatewayV2::Route") {
        let key = route.property("/RouteKey").as_str().unwrap_or_default();
        seen.insert(key);
        match route.property("/AuthorizationType").as_str() {
            Some("NONE") if OPEN.contains(&key) => {}
            Some("JWT") if target(route.property("/AuthorizerId")).is_some() => {}
            _ => problems.push(format!("the route {key} is open")),
        }
    }
    for key in OPEN.iter().chain(&GUARDED) {
        if !seen.contains(key) {
            problems.push(format!("there is no route {key}"));
        }
    }
    // SAM drops a route silently when it cannot reach the issuer of an API with a body.
    for api in of_type(template, "AWS::ApiGatewayV2::Api") {
        if !is_true(api.property("/FailOnWarnings")) {
            problems.push(format!("{} goes on after warnings", api.id));
        }
    }
    problems
}

/// The authorizer checks issuer and audience, and each guarded route a scope: an ID token of the
/// same issuer has none.
#[must_use]
pub fn scopes(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for route in of_type(template, "AWS::ApiGatewayV2::Route") {
        if *route.property("/AuthorizationType") != "JWT" {
            continue;
        }
        if route.list("/AuthorizationScopes").is_empty() {
            problems.push(format!("{} asks for no scope", route.id));
        }
        let authorizer = target(route.property("/AuthorizerId"));
        let authorizer = authorizer.and_then(|id| resource(template, id));
        let checks = authorizer.is_some_and(|authorizer| {
            *authorizer.property("/AuthorizerType") == "JWT"
                && !authorizer.property("/JwtConfiguration/Issuer").is_null()
                && !authorizer.list("/JwtConfiguration/Audience").is_empty()
        });
        if !checks {
            problems.push(format!("{} does not check issuer and audience", route.id));
        }
    }
    problems
}

/// The stage is throttled and logs each access, but no query: the callback's holds a code.
#[must_use]
pub fn stage(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let stages: Vec<_> = of_type(template, "AWS::ApiGatewayV2::Stage").collect();
    if stages.is_empty() {
        problems.push("there is no stage".to_owned());
    }
    for stage in stages {
        for limit in ["ThrottlingBurstLimit", "ThrottlingRateLimit"] {
            if stage
                .property(&format!("/DefaultRouteSettings/{limit}"))
                .is_null()
            {
                problems.push(format!("{} has no {limit}", stage.id));
            }
        }
        if target(stage.property("/AccessLogSettings/DestinationArn")).is_none() {
            problems.push(format!("{} does not log accesses", stage.id));
        }
        let format = stage.property("/AccessLogSettings/Format").to_string();
        let telling = [
            "queryString",
            "$context.path",
            "authorizer.claims",
            "header",
        ];
        if telling.iter().any(|variable| format.contains(variable)) {
            problems.push(format!("{} logs what a request holds", stage.id));
        }
    }
    problems
}

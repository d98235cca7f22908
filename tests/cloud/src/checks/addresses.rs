//! Addresses of services and of the pages.

use regex_lite::Regex;
use serde_json::{Map, Value};

/// How the name of a parameter ends that is an address.
const TELLING: [&str; 3] = ["Url", "Issuer", "Origin"];
/// Where somebody between could read along.
const IN_CLEAR: [&str; 8] = [
    "http://service.example",
    "http://10.0.0.7:8080",
    "http://0.0.0.0:8080",
    "http://localhost.service.example",
    "http://127.0.0.1.service.example",
    "http://127.0.0.1@service.example",
    "http://localhost:80@service.example",
    "ftp://127.0.0.1",
];

/// A parameter that is an address takes http on a loopback address alone.
#[must_use]
pub fn in_clear(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let parameters = template["Parameters"].as_object();
    for (name, parameter) in parameters.into_iter().flat_map(Map::iter) {
        if !TELLING.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        // CloudFormation holds the whole value against the pattern.
        let pattern = parameter["AllowedPattern"].as_str();
        let pattern = pattern.map(|pattern| Regex::new(&format!("^(?:{pattern})$")));
        let Some(Ok(pattern)) = pattern else {
            problems.push(format!("the parameter {name} takes any address"));
            continue;
        };
        for address in IN_CLEAR {
            if pattern.is_match(address) {
                problems.push(format!("the parameter {name} takes {address}"));
            }
        }
        if !pattern.is_match("http://127.0.0.1:4566") {
            problems.push(format!(
                "the parameter {name} takes no local cloud's address"
            ));
        }
    }
    problems
}

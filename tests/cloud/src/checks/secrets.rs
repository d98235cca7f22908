//! Secrets in variables.

use serde_json::{Map, Value};

use crate::template::{of_type, resource, resources, target, texts};

/// How a variable's name ends that could hold something secret.
const TELLING: [&str; 7] = [
    "KEY",
    "KEYS",
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "CREDENTIALS",
    "PAT",
];

/// A variable whose name sounds secret holds the name of a secret or of a key of this stack.
#[must_use]
pub fn variables(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for function in of_type(template, "AWS::Lambda::Function") {
        let variables = function.property("/Environment/Variables").as_object();
        for (name, value) in variables.into_iter().flat_map(Map::iter) {
            let telling = TELLING.iter().any(|end| name.ends_with(end));
            let named = target(value).and_then(|id| resource(template, id));
            let kinds = ["AWS::SecretsManager::Secret", "AWS::KMS::Key"];
            if telling && !named.is_some_and(|named| kinds.contains(&named.kind())) {
                problems.push(format!("{}: {name} may hold a secret", function.id));
            }
        }
    }
    problems
}

/// No secret's value is put into the stack by CloudFormation, nor given to it as a parameter.
#[must_use]
pub fn resolved(template: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    for resource in resources(template) {
        if texts(resource.property(""))
            .iter()
            .any(|text| text.contains("{{resolve:"))
        {
            problems.push(format!("{} holds a resolved secret", resource.id));
        }
        let valued = ["/SecretString", "/GenerateSecretString"];
        let secret = resource.kind() == "AWS::SecretsManager::Secret";
        if secret && valued.iter().any(|name| !resource.property(name).is_null()) {
            problems.push(format!("{} is made with a value", resource.id));
        }
    }
    let parameters = template["Parameters"].as_object();
    for (name, parameter) in parameters.into_iter().flat_map(Map::iter) {
        if !parameter["NoEcho"].is_null() {
            problems.push(format!("the parameter {name} holds a secret"));
        }
    }
    problems
}

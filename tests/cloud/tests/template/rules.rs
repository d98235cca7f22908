//! Our own checks find nothing.

use std::collections::{BTreeMap, BTreeSet};

use cloud_tests::{checks, template};

use crate::translated::translated;

#[test]
fn no_check_complains() {
    let problems: Vec<String> = checks::ALL
        .iter()
        .flat_map(|(name, check)| {
            let problems = check(translated()).into_iter();
            problems.map(move |problem| format!("{name}: {problem}"))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// SAM's build cache looks at a function's own folder, not at what it links.
#[test]
fn no_build_is_cached_by_sam() {
    let file = test_tools::repository().join("samconfig.toml");
    let config = std::fs::read_to_string(file).unwrap();
    let lines: Vec<_> = config
        .lines()
        .filter(|line| line.starts_with("cached"))
        .collect();
    assert!(lines.is_empty(), "{lines:?}");
}

/// What every function is told.
const SHARED: &str = "GONG_CLIENT_ID GONG_OAUTH_URL GONG_WORKSPACES_SCOPE NO_COLOR \
    POLL_EVERY_HOURS PUBLIC_URL RUST_LOG SECRETS_PREFIX TABLE_CALLS TABLE_CONNECTIONS TABLE_FEEDBACK";

/// What one function is told beside that.
const OWN: [(&str, &str); 4] = [
    (
        "DashboardFunction",
        "CALLS_QUEUE_URL LLM_MODEL MODEL_PRICES PROVIDER_KEYS_SECRET QDRANT_URL SESSION_KEYS_SECRET \
         SIGN_IN_CLIENT_ID SIGN_IN_ISSUER VOYAGE_BASE_URL VOYAGE_MODEL WINDOWS_QUEUE_URL",
    ),
    (
        "OauthCallbackFunction",
        "CREDENTIAL_KEYS_SECRET GONG_APP_SECRET GONG_SANDBOX_ORIGIN SECRETS_KMS_KEY \
         WINDOWS_QUEUE_URL",
    ),
    (
        "PipelineFunction",
        "CALLS_QUEUE_URL CREDENTIAL_KEYS_SECRET GONG_APP_SECRET GONG_SANDBOX_ORIGIN LLM_BASE_URL \
         LLM_DETECT_MODEL LLM_EXTRACT_MODEL LLM_MODEL LLM_ORGANIZE_MODEL LLM_PROTOCOL \
         MODEL_PRICES PIPELINE_CONCURRENCY PROVIDER_KEYS_SECRET QDRANT_URL SECRETS_KMS_KEY VOYAGE_BASE_URL \
         VOYAGE_MODEL",
    ),
    (
        "PollerFunction",
        "CALLS_QUEUE_URL CREDENTIAL_KEYS_SECRET GONG_APP_SECRET GONG_SANDBOX_ORIGIN \
         PROVIDER_KEYS_SECRET QDRANT_URL SECRETS_KMS_KEY VOYAGE_MODEL WINDOWS_QUEUE_URL",
    ),
];

#[test]
fn each_function_is_told_what_it_reads_and_no_more() {
    let told: BTreeMap<&str, BTreeSet<&str>> =
        template::of_type(translated(), "AWS::Lambda::Function")
            .map(|function| {
                let variables = function.property("/Environment/Variables");
                let names = variables.as_object().unwrap().keys();
                (function.id, names.map(String::as_str).collect())
            })
            .collect();
    let wanted = OWN.iter().map(|(function, own)| {
        let names = SHARED.split_whitespace().chain(own.split_whitespace());
        (*function, names.collect())
    });
    assert_eq!(told, wanted.collect());
}

/// `sam local invoke -n` sets only what the template names.
#[test]
fn the_example_environment_names_what_the_functions_are_told() {
    let file = test_tools::repository().join("events/env.example.json");
    let example: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let named: BTreeSet<&str> = example["Parameters"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let own = OWN.iter().flat_map(|(_, own)| own.split_whitespace());
    assert_eq!(named, SHARED.split_whitespace().chain(own).collect());
}

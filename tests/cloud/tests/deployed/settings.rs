//! Functions that are told too little, or nonsense.

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
};

use cloud_tests::deployed::{emulator::bootstrap, tools::FUNCTIONS, world::World};
use environment::{VARIABLES, Without};

/// Values that mean nothing, or would send something in clear.
const MALFORMED: [(&str, &str); 15] = [
    ("CALLS_QUEUE_URL", "calls"),
    ("GONG_OAUTH_URL", "http://gong.invalid"),
    ("GONG_SANDBOX_ORIGIN", "http://gong.invalid"),
    ("GONG_WORKSPACES_SCOPE", "perhaps"),
    ("LLM_BASE_URL", "http://10.0.0.7:8080"),
    ("LLM_PROTOCOL", "soap"),
    ("MODEL_PRICES", "gpt=cheap"),
    ("PIPELINE_CONCURRENCY", "0"),
    ("POLL_EVERY_HOURS", "25"),
    ("PUBLIC_URL", "http://productbridge.invalid"),
    ("QDRANT_URL", "http://qdrant.invalid:6334"),
    ("RUST_LOG", "poller=loud"),
    ("SIGN_IN_ISSUER", "http://issuer.invalid"),
    ("VOYAGE_BASE_URL", "http://voyage.invalid"),
    ("WINDOWS_QUEUE_URL", "http://sqs.invalid/1/windows"),
];

/// Each missing or malformed setting stops each function that has it, before it asks for an event,
/// with a message that names the setting.
pub async fn are_named(world: &World) {
    let mut wrong = Vec::new();
    let mut malformed = BTreeMap::from(MALFORMED);
    for (_, logical_id) in FUNCTIONS {
        let environment = environment(world, logical_id).await;
        let required = environment.keys().filter(|name| is_required(name));
        for name in required {
            let mut without = environment.clone();
            without.remove(name);
            wrong.extend(complaint(logical_id, name, &without));
        }
        for (name, value) in MALFORMED {
            let mut with = environment.clone();
            if with.insert(name.to_owned(), value.to_owned()).is_some() {
                malformed.remove(name);
                wrong.extend(complaint(logical_id, name, &with));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(malformed, BTreeMap::new(), "no function has it");
}

async fn environment(world: &World, logical_id: &str) -> BTreeMap<String, String> {
    let cloud = world.cloud.environment().into_iter();
    let cloud = cloud.filter(|(name, _)| name.starts_with("AWS_") && *name != "AWS_DEFAULT_REGION");
    let own = world.function_environment(logical_id).await;
    // Whoever got so far as to ask for an event is refused.
    let runtime = [(
        "AWS_LAMBDA_RUNTIME_API".to_owned(),
        "127.0.0.1:9".to_owned(),
    )];
    cloud
        .map(|(name, value)| (name.to_owned(), value))
        .chain(own)
        .chain(runtime)
        .collect()
}

fn is_required(name: &str) -> bool {
    let variable = VARIABLES.iter().find(|variable| variable.name == name);
    variable.is_some_and(|variable| !matches!(variable.without, Without::Default(_)))
}

/// What is wrong with how the function stops.
fn complaint(
    logical_id: &str,
    setting: &str,
    environment: &BTreeMap<String, String>,
) -> Option<String> {
    let mut command = Command::new(bootstrap(logical_id));
    command.env_clear().envs(environment).stdin(Stdio::null());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let named = said.contains(&format!("The function cannot start. {setting}: "));
    (output.status.code() != Some(1) || !named)
        .then(|| format!("{logical_id}, {setting}: {} {said}", output.status))
}

//! The stack's outputs, taken for the functions' settings.

use std::{collections::HashMap, path::Path};

use anyhow::{Context as _, Result};
use environment::Environment;
use serde::Deserialize;

/// Which output of `template.yaml` holds which setting.
const OUTPUTS: [(&str, &str); 14] = [
    ("TABLE_CONNECTIONS", "ConnectionsTable"),
    ("TABLE_CALLS", "CallsTable"),
    ("TABLE_FEEDBACK", "FeedbackTable"),
    ("CALLS_QUEUE_URL", "CallsQueueUrl"),
    ("CREDENTIAL_KEYS_SECRET", "CredentialKeysSecret"),
    ("SESSION_KEYS_SECRET", "SessionKeysSecret"),
    ("GONG_APP_SECRET", "GongAppSecret"),
    ("PROVIDER_KEYS_SECRET", "ProviderKeysSecret"),
    ("SECRETS_KMS_KEY", "KmsKey"),
    ("PUBLIC_URL", "PublicUrl"),
    ("QDRANT_URL", "QdrantUrl"),
    ("VOYAGE_MODEL", "VoyageModel"),
    ("VOYAGE_BASE_URL", "VoyageBaseUrl"),
    ("AWS_REGION", "Region"),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    output_key: String,
    output_value: String,
}

/// The outputs by name.
///
/// # Errors
/// When the file is not what `sam list stack-outputs --output json` prints.
pub fn read(file: &Path) -> Result<HashMap<String, String>> {
    let text = std::fs::read_to_string(file).with_context(|| {
        format!(
            "the stack's outputs are read from {}; make it with `sam list stack-outputs \
             --stack-name <name> --output json > {}`, or run ./deploy, which does",
            file.display(),
            file.display()
        )
    })?;
    let outputs: Vec<Output> = serde_json::from_str(&text).with_context(|| {
        format!(
            "{} is not what `sam list stack-outputs --output json` prints",
            file.display()
        )
    })?;
    let pairs = outputs.into_iter();
    Ok(pairs
        .map(|output| (output.output_key, output.output_value))
        .collect())
}

/// The environment: from the outputs, and from the environment where no output has them.
pub fn environment(outputs: HashMap<String, String>) -> Environment {
    Environment::new(move |name| {
        let output = OUTPUTS.iter().find(|(setting, _)| *setting == name);
        output
            .and_then(|(_, output)| outputs.get(*output).cloned())
            .or_else(|| std::env::var(name).ok())
    })
}

//! The template as AWS sees it, translated once for all tests.

use std::{process::Command, sync::OnceLock};

use serde_json::Value;
use test_tools::{python_script, repository, venv};

/// The translated template with its parameters' defaults.
pub fn translated() -> &'static Value {
    static TRANSLATED: OnceLock<Value> = OnceLock::new();
    TRANSLATED.get_or_init(|| {
        let output = Command::new(venv("sam").program("python"))
            .arg(python_script("translate.py"))
            .arg(repository().join("template.yaml"))
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        serde_json::from_slice(&output.stdout).unwrap()
    })
}

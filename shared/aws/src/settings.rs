//! Settings by name, each read where it is needed, so that a function asks only for its own.

use std::{fmt, sync::Arc};

use runtime::config::{self, ConfigError};

type Get = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The environment, read through one function. A value that is empty or blank counts as not set.
#[derive(Clone)]
pub struct Settings {
    get: Get,
}

impl Settings {
    /// The process's environment.
    #[must_use]
    pub fn from_environment() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// Settings from elsewhere: a stack's outputs, or a test.
    pub fn new(get: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { get: Arc::new(get) }
    }

    /// A setting that may be missing.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.get)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// # Errors
    /// [`ConfigError`] when it is missing.
    pub fn required(&self, name: &'static str) -> Result<String, ConfigError> {
        self.optional(name).ok_or_else(|| ConfigError {
            setting: name,
            problem: "is not set; template.yaml sets it, so deploy the stack again, or add it to \
                      the environment file of a local run"
                .into(),
        })
    }

    /// # Errors
    /// [`ConfigError`] when it is missing, or no https URL (http on a loopback address alone).
    pub fn url(&self, name: &'static str) -> Result<String, ConfigError> {
        self.required(name)?;
        let url = config::url(&self.reader(), name)?;
        Ok(url.unwrap_or_default())
    }

    /// The reader, for the parts of [`runtime::config`]. What a template leaves empty is not set
    /// there either.
    pub fn reader(&self) -> impl Fn(&str) -> Option<String> {
        |name| self.optional(name)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Settings(***)")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_leaves_empty_is_not_set() {
        let settings = Settings::new(|name| {
            let value = if name == "LLM_MODEL" { " m " } else { " " };
            Some(value.to_owned())
        });
        assert_eq!(settings.optional("LLM_PROTOCOL"), None);
        let llm = runtime::config::llm(&settings.reader()).unwrap().unwrap();
        assert_eq!((llm.detect_model.as_str(), llm.protocol), ("m", None));
    }
}

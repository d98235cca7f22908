//! What the environment says: every variable in one table, read and checked in one way.

use std::{fmt, sync::Arc};

mod address;
mod pages;
mod variables;

pub use pages::{configuration, help};
pub use variables::{FUNCTIONS, Reader, VARIABLES, Variable, Without};

/// A variable that is missing or malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {problem}")]
pub struct ConfigError {
    pub setting: &'static str,
    /// What is wrong, and what to do.
    pub problem: String,
}

impl ConfigError {
    /// Something that is wrong with a variable.
    pub fn new(setting: &'static str, problem: impl fmt::Display) -> Self {
        Self {
            setting,
            problem: problem.to_string(),
        }
    }
}

type Get = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The environment, read through one function. A value that is empty or blank counts as not set.
#[derive(Clone)]
pub struct Environment {
    get: Get,
}

impl Environment {
    #[must_use]
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// One from elsewhere: a stack's outputs, or a test.
    pub fn new(get: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { get: Arc::new(get) }
    }

    /// A variable that may be missing.
    #[must_use]
    pub fn optional(&self, name: &'static str) -> Option<String> {
        let named = VARIABLES.iter().any(|variable| variable.name == name);
        debug_assert!(named, "{name} is not among VARIABLES");
        (self.get)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// A variable that a deployed function does not do without.
    ///
    /// # Errors
    /// [`ConfigError`] when it is missing.
    pub fn required(&self, name: &'static str) -> Result<String, ConfigError> {
        self.optional(name).ok_or_else(|| {
            ConfigError::new(
                name,
                "is not set; template.yaml sets it, so deploy the stack again, or add it to the \
                 environment file of a local run",
            )
        })
    }

    /// An https URL, or an http one on a loopback address, without a slash at its end.
    ///
    /// # Errors
    /// [`ConfigError`] where it is none.
    pub fn url(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let read = |text: String| address::url(name, &text);
        self.optional(name).map(read).transpose()
    }

    /// Such a URL of scheme, host and port alone.
    ///
    /// # Errors
    /// [`ConfigError`] where it is none.
    pub fn origin(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let read = |text: String| address::origin(name, &text);
        self.optional(name).map(read).transpose()
    }

    /// Such an origin of this machine: of pages whose sign-in asks for no password.
    ///
    /// # Errors
    /// [`ConfigError`] where it is none.
    pub fn origin_on_this_machine(
        &self,
        name: &'static str,
    ) -> Result<Option<String>, ConfigError> {
        let read = |text: String| address::on_this_machine(name, &text);
        self.optional(name).map(read).transpose()
    }

    /// True or false; false where it is not set.
    ///
    /// # Errors
    /// [`ConfigError`] where it is neither.
    pub fn flag(&self, name: &'static str) -> Result<bool, ConfigError> {
        match self.optional(name).as_deref() {
            None | Some("0" | "false" | "no") => Ok(false),
            Some("1" | "true" | "yes") => Ok(true),
            Some(_) => Err(ConfigError::new(name, "must be true or false")),
        }
    }

    /// A whole number within these limits; `default` where it is not set.
    ///
    /// # Errors
    /// [`ConfigError`] where it is none.
    pub fn whole(
        &self,
        name: &'static str,
        default: i64,
        (least, most): (i64, i64),
    ) -> Result<i64, ConfigError> {
        let Some(text) = self.optional(name) else {
            return Ok(default);
        };
        let value = text.parse().ok().filter(|n| (least..=most).contains(n));
        let wrong = || format!("must be a whole number from {least} to {most}");
        value.ok_or_else(|| ConfigError::new(name, wrong()))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(value: &'static str) -> Environment {
        Environment::new(move |_| Some(value.to_owned()))
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "THE_WEATHER is not among VARIABLES")]
    fn what_the_table_does_not_name_is_not_read() {
        let _ = set("fine").optional("THE_WEATHER");
    }

    #[test]
    fn what_is_blank_is_not_set() {
        assert_eq!(set(" \t").optional("LLM_MODEL"), None);
        assert_eq!(set(" m ").optional("LLM_MODEL").as_deref(), Some("m"));
        let error = set("").required("LLM_MODEL").map_err(|e| e.setting);
        assert_eq!(error, Err("LLM_MODEL"));
    }

    #[test]
    fn numbers_keep_to_their_limits() {
        let read = |text| set(text).whole("POLL_EVERY_HOURS", 3, (1, 24)).ok();
        for (text, value) in [
            ("", Some(3)),
            ("1", Some(1)),
            ("24", Some(24)),
            ("0", None),
            ("25", None),
            ("3.5", None),
            ("many", None),
        ] {
            assert_eq!(read(text), value, "{text:?}");
        }
    }

    #[test]
    fn a_flag_is_true_or_false() {
        let read = |text| set(text).flag("GONG_WORKSPACES_SCOPE").ok();
        for (text, value) in [
            ("", Some(false)),
            ("no", Some(false)),
            ("true", Some(true)),
            ("1", Some(true)),
            ("maybe", None),
        ] {
            assert_eq!(read(text), value, "{text:?}");
        }
    }
}

//! What an organization's admin may set.

use serde::{Deserialize, Serialize};

/// The organization's settings; what was never set has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How many feedbacks one call may give, 1 to 5.
    pub feedback_per_call: u8,
    /// Whether guards may keep apart what the embedding would merge.
    pub merge_guards: bool,
    /// The organization's own e-mail domains, in lower case.
    pub own_domains: Vec<String>,
    /// Whether the evidence of a call that is made private later is withdrawn.
    pub withdraw_private: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            feedback_per_call: 1,
            merge_guards: true,
            own_domains: Vec::new(),
            withdraw_private: true,
        }
    }
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// Outside 1 to 5.
    #[error("Feedback per call must be a whole number from 1 to 5.")]
    FeedbackPerCall,
    /// Not a domain name.
    #[error("“{0}” is not an e-mail domain. Write domains like example.com, one a line.")]
    Domain(String),
}

impl Settings {
    /// Reads the settings form.
    ///
    /// # Errors
    /// [`InvalidSetting`] names the first field that is wrong.
    pub fn parse(
        feedback_per_call: &str,
        merge_guards: bool,
        own_domains: &str,
        withdraw_private: bool,
    ) -> Result<Self, InvalidSetting> {
        let feedback_per_call = feedback_per_call
            .trim()
            .parse()
            .ok()
            .filter(|n| (1..=5).contains(n))
            .ok_or(InvalidSetting::FeedbackPerCall)?;
        let own_domains = own_domains
            .split([',', '\n', ' ', '\r', '\t'])
            .filter(|domain| !domain.is_empty())
            .map(parse_domain)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            feedback_per_call,
            merge_guards,
            own_domains,
            withdraw_private,
        })
    }
}

fn parse_domain(text: &str) -> Result<String, InvalidSetting> {
    let domain = text.trim_start_matches('@').to_ascii_lowercase();
    let label = |l: &str| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if domain.contains('.') && domain.len() <= 253 && domain.split('.').all(label) {
        Ok(domain)
    } else {
        Err(InvalidSetting::Domain(text.to_owned()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_checked_field_by_field() {
        let set = Settings::parse("3", false, "Fernhill.example, @desk.example\n", true).unwrap();
        assert_eq!(set.own_domains, ["fernhill.example", "desk.example"]);
        assert_eq!(
            Settings::parse("6", true, "", true),
            Err(InvalidSetting::FeedbackPerCall)
        );
        assert!(matches!(
            Settings::parse("1", true, "not a domain", true),
            Err(InvalidSetting::Domain(_))
        ));
    }
}

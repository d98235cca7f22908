//! What an organization's admin may set.

use serde::{Deserialize, Serialize};

use crate::{usage::Usage, words::words};

words!(
    /// Which pieces of feedback wait for a person; what has no verified quote, or what the engine
    /// itself would not publish, always does.
    #[derive(Default)]
    Review {
        /// None but those that always do.
        #[default]
        Off = "off",
        /// Those that the engine or the rules are unsure of.
        Uncertain = "uncertain",
        All = "all",
    }
);

/// The organization's settings; what was never set has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How many pieces of feedback one call may give, 1 to 5.
    pub feedback_per_call: u8,
    /// Whether guards may keep apart what the embedding would merge.
    pub merge_guards: bool,
    /// The organization's own e-mail domains, in lower case.
    pub own_domains: Vec<String>,
    /// Whether the evidence of a call that is made private later is withdrawn.
    pub withdraw_private: bool,
    /// Whether addresses, numbers and secrets are replaced before any model reads a call.
    pub redact: bool,
    /// Which pieces of feedback wait for a person.
    pub review: Review,
    /// What the analysis may take in a month.
    pub budget: MonthlyBudget,
}

/// What the analysis of calls may take in a calendar month (UTC); when it is used up, calls wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MonthlyBudget {
    /// Tokens of the models; no limit when none.
    pub tokens: Option<u64>,
    /// US dollars, of the tokens whose price is known; no limit when none.
    pub dollars: Option<u64>,
}

impl MonthlyBudget {
    /// What is used up, in words; `None` while there is some left.
    #[must_use]
    pub fn used_up(&self, usage: &Usage) -> Option<String> {
        if let Some(tokens) = self.tokens.filter(|most| usage.tokens() >= *most) {
            return Some(format!("{tokens} tokens"));
        }
        let spent = |most: &u64| usage.cost_micros >= most.saturating_mul(1_000_000);
        self.dollars.filter(spent).map(|most| format!("${most}"))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            feedback_per_call: 1,
            merge_guards: true,
            own_domains: Vec::new(),
            withdraw_private: true,
            redact: true,
            review: Review::Off,
            budget: MonthlyBudget::default(),
        }
    }
}

/// The settings form as it was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsForm<'a> {
    /// 1 to 5.
    pub feedback_per_call: &'a str,
    /// Whether guards are on.
    pub merge_guards: bool,
    /// Domains, separated by anything.
    pub own_domains: &'a str,
    /// Whether what turns private is withdrawn.
    pub withdraw_private: bool,
    /// Whether redaction is on.
    pub redact: bool,
    /// [`Review`]'s word.
    pub review: &'a str,
    /// A whole number of tokens, or nothing.
    pub monthly_tokens: &'a str,
    /// A whole number of US dollars, or nothing.
    pub monthly_dollars: &'a str,
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// Outside 1 to 5.
    #[error("Posts per call must be a whole number from 1 to 5.")]
    FeedbackPerCall,
    /// Not a domain name.
    #[error("“{0}” is not an e-mail domain. Write domains like example.com, one a line.")]
    Domain(String),
    /// Not a value of the list.
    #[error("Choose when approval is required: never, when uncertain, or always.")]
    Review,
    /// Not a whole number above 0.
    #[error("The monthly token limit must be a whole number above 0. Leave it empty for no limit.")]
    Tokens,
    /// Not a whole number above 0.
    #[error(
        "The monthly cost limit must be a whole number of US dollars above 0. Leave it empty for no limit."
    )]
    Dollars,
}

impl Settings {
    /// Reads the settings form.
    ///
    /// # Errors
    /// [`InvalidSetting`] names the first field that is wrong.
    pub fn parse(form: &SettingsForm<'_>) -> Result<Self, InvalidSetting> {
        let feedback_per_call = form
            .feedback_per_call
            .trim()
            .parse()
            .ok()
            .filter(|n| (1..=5).contains(n))
            .ok_or(InvalidSetting::FeedbackPerCall)?;
        let own_domains = form
            .own_domains
            .split([',', '\n', ' ', '\r', '\t'])
            .filter(|domain| !domain.is_empty())
            .map(parse_domain)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            feedback_per_call,
            merge_guards: form.merge_guards,
            own_domains,
            withdraw_private: form.withdraw_private,
            redact: form.redact,
            review: Review::parse(form.review).ok_or(InvalidSetting::Review)?,
            budget: MonthlyBudget {
                tokens: limit(form.monthly_tokens).ok_or(InvalidSetting::Tokens)?,
                dollars: limit(form.monthly_dollars).ok_or(InvalidSetting::Dollars)?,
            },
        })
    }
}

/// A whole number above 0, with or without separators; nothing for an empty field.
fn limit(text: &str) -> Option<Option<u64>> {
    let text: String = text.chars().filter(|c| !" ,_$".contains(*c)).collect();
    if text.is_empty() {
        return Some(None);
    }
    text.parse().ok().filter(|n| *n > 0).map(Some)
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
mod tests;

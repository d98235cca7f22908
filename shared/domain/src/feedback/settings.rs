//! What an organization's admin may set.

use serde::{Deserialize, Deserializer, Serialize};

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

words!(
    /// How requests are found to be the same.
    #[derive(Default)]
    Merging {
        /// By what is installed: see [`Merging::by`].
        #[default]
        Automatic = "automatic",
        /// The product page's rule: at or above the threshold, and nothing else.
        Threshold = "threshold",
        /// The product page's rule, and a language model judges what is near below the threshold.
        JudgedBelow = "judged_below",
        /// A language model judges all that is near, and may keep apart what reaches the threshold.
        Judged = "judged",
    }
);

/// The rule by which requests are found to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergedBy {
    Threshold,
    /// The threshold; guards keep apart what plainly differs.
    Guards,
    JudgedBelow,
    Judged,
}

impl Merging {
    /// The rule that this comes to where a language model can be asked, or not, and where the
    /// embedding model is the product's, or one that stands in for it.
    #[must_use]
    pub const fn by(self, judges: bool, stand_in: bool) -> MergedBy {
        match (self, judges) {
            (Self::Threshold, _) => MergedBy::Threshold,
            (_, false) => MergedBy::Guards,
            (Self::JudgedBelow, true) => MergedBy::JudgedBelow,
            (Self::Judged, true) => MergedBy::Judged,
            (Self::Automatic | Self::Newer(_), true) if stand_in => MergedBy::Judged,
            (Self::Automatic | Self::Newer(_), true) => MergedBy::JudgedBelow,
        }
    }
}

/// The setting, also as it was stored before there were rules to choose from: whether guards were
/// on.
fn merging<'de, D: Deserializer<'de>>(from: D) -> Result<Merging, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Guards(bool),
        Rule(Merging),
    }
    Ok(match Stored::deserialize(from)? {
        Stored::Guards(false) => Merging::Threshold,
        Stored::Guards(true) => Merging::Automatic,
        Stored::Rule(rule) => rule,
    })
}

/// The organization's settings; what was never set has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How many pieces of feedback one call may give, 1 to 5.
    pub feedback_per_call: u8,
    /// How requests are found to be the same.
    #[serde(alias = "merge_guards", deserialize_with = "merging")]
    pub merging: Merging,
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
            merging: Merging::Automatic,
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
    /// [`Merging`]'s word.
    pub merging: &'a str,
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
    #[error("Choose how posts are merged.")]
    Merging,
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
            merging: Merging::parse(form.merging).ok_or(InvalidSetting::Merging)?,
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

//! What the analysis of a call used, and what it cost.

use std::{
    collections::BTreeMap,
    fmt,
    ops::AddAssign,
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use crate::moment::Timestamp;

/// So many calls tell what share of them holds feedback, within about ten in a hundred.
pub const ENOUGH_DETECTED: u64 = 100;

/// Calls of models and the tokens they took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Requests to the language model.
    pub llm_calls: u64,
    /// Tokens sent to the language model.
    pub prompt_tokens: u64,
    /// Of those, what its provider had kept from an earlier request.
    #[serde(default)]
    pub cached_tokens: u64,
    /// Of those, what its provider kept from then on, at a price.
    #[serde(default)]
    pub cache_written_tokens: u64,
    /// Tokens that the language model wrote.
    pub completion_tokens: u64,
    /// Calls that detect decided.
    #[serde(default)]
    pub detected: u64,
    /// Calls that extract read after it.
    #[serde(default)]
    pub extracted: u64,
    /// Texts given to the embedding model.
    pub embedded_texts: u64,
    /// Tokens given to the embedding model, as far as it counts them.
    #[serde(default)]
    pub embedded_tokens: u64,
    /// What the tokens with a known price cost, in millionths of a US dollar.
    #[serde(default)]
    pub cost_micros: u64,
    /// Tokens whose price is not configured.
    #[serde(default)]
    pub unpriced_tokens: u64,
}

impl Usage {
    /// All tokens, of both models.
    #[must_use]
    pub const fn tokens(&self) -> u64 {
        self.prompt_tokens + self.completion_tokens + self.embedded_tokens
    }

    /// The share of detected calls that extract read after it; none while fewer than
    /// [`ENOUGH_DETECTED`] were detected.
    #[must_use]
    pub fn read_again(&self) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "calls of a month are far below 2^52"
        )]
        let share = self.extracted as f64 / self.detected.max(1) as f64;
        (self.detected >= ENOUGH_DETECTED).then_some(share)
    }

    /// What came on top of an earlier state.
    #[must_use]
    pub const fn since(&self, earlier: &Self) -> Self {
        Self {
            llm_calls: self.llm_calls.saturating_sub(earlier.llm_calls),
            prompt_tokens: self.prompt_tokens.saturating_sub(earlier.prompt_tokens),
            cached_tokens: self.cached_tokens.saturating_sub(earlier.cached_tokens),
            cache_written_tokens: self
                .cache_written_tokens
                .saturating_sub(earlier.cache_written_tokens),
            detected: self.detected.saturating_sub(earlier.detected),
            extracted: self.extracted.saturating_sub(earlier.extracted),
            completion_tokens: self
                .completion_tokens
                .saturating_sub(earlier.completion_tokens),
            embedded_texts: self.embedded_texts.saturating_sub(earlier.embedded_texts),
            embedded_tokens: self.embedded_tokens.saturating_sub(earlier.embedded_tokens),
            cost_micros: self.cost_micros.saturating_sub(earlier.cost_micros),
            unpriced_tokens: self.unpriced_tokens.saturating_sub(earlier.unpriced_tokens),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.llm_calls += other.llm_calls;
        self.prompt_tokens += other.prompt_tokens;
        self.cached_tokens += other.cached_tokens;
        self.cache_written_tokens += other.cache_written_tokens;
        self.completion_tokens += other.completion_tokens;
        self.detected += other.detected;
        self.extracted += other.extracted;
        self.embedded_texts += other.embedded_texts;
        self.embedded_tokens += other.embedded_tokens;
        self.cost_micros += other.cost_micros;
        self.unpriced_tokens += other.unpriced_tokens;
    }
}

/// Adds up what an answer takes while it is being had. It belongs to whoever asks: what was used is
/// known when the answer cannot be used, never comes, or is not waited for any longer.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Usage>);

impl Meter {
    pub fn add(&self, used: Usage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += used;
    }

    /// What was counted since it was last taken.
    #[must_use]
    pub fn take(&self) -> Usage {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A calendar month in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u8,
}

impl Month {
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let day = at.date();
        Self {
            year: day.year(),
            month: day.month().into(),
        }
    }

    /// Reads `2026-11`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let month = month.parse().ok().filter(|m| (1..=12).contains(m))?;
        Some(Self {
            year: year.parse().ok()?,
            month,
        })
    }

    #[must_use]
    pub const fn before(self) -> Self {
        match self.month {
            1 => Self {
                year: self.year - 1,
                month: 12,
            },
            month => Self {
                year: self.year,
                month: month - 1,
            },
        }
    }

    #[must_use]
    pub const fn next(self) -> Self {
        match self.month {
            12 => Self {
                year: self.year + 1,
                month: 1,
            },
            month => Self {
                year: self.year,
                month: month + 1,
            },
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What a model's tokens cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// A million tokens sent, in millionths of a US dollar.
    pub sent: u64,
    /// A million tokens that were sent and that the provider had kept, in millionths of a US dollar.
    pub cached: u64,
    /// A million tokens written, in millionths of a US dollar.
    pub written: u64,
}

/// The one provider that asks for keeping a prompt takes one part in so many of its price on top
/// (<https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching>).
const KEEPING: u64 = 4;

/// The models' prices as the operator states them; prices change, so none is built in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prices(BTreeMap<String, Price>);

/// Why prices could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” is no price; write model=sent/written or model=sent/written/cached in US dollars a million tokens, separated by commas, such as gpt-5-mini=0.25/2/0.025,voyage-4=0.06"
)]
pub struct InvalidPrice(pub String);

impl Prices {
    /// Reads `model=sent/written/cached,model=sent/written,model=sent`, US dollars a million tokens.
    /// What a provider had kept costs as much as what is sent where nothing else is said.
    ///
    /// # Errors
    /// [`InvalidPrice`] with the first entry that is none.
    pub fn parse(text: &str) -> Result<Self, InvalidPrice> {
        let entries = text.split(',').map(str::trim).filter(|e| !e.is_empty());
        let entries = entries.map(|entry| {
            let wrong = || InvalidPrice(entry.to_owned());
            let (model, price) = entry.rsplit_once('=').ok_or_else(wrong)?;
            let (sent, rest) = price.split_once('/').unwrap_or((price, "0"));
            let (written, cached) = rest.split_once('/').unwrap_or((rest, sent));
            let price = Price {
                sent: micros(sent).ok_or_else(wrong)?,
                cached: micros(cached).ok_or_else(wrong)?,
                written: micros(written).ok_or_else(wrong)?,
            };
            Ok((model.trim().to_owned(), price))
        });
        Ok(Self(entries.collect::<Result<_, _>>()?))
    }

    /// Whether a model's tokens have a price.
    #[must_use]
    pub fn knows(&self, model: &str) -> bool {
        self.0.contains_key(model)
    }

    /// The use with what it cost; tokens of a model without a price are counted as such. A
    /// language model that costs nothing needs no price: it uses no tokens.
    #[must_use]
    pub fn priced(&self, model: &str, usage: Usage) -> Usage {
        let Some(price) = self.0.get(model) else {
            let unpriced_tokens = usage.tokens();
            return Usage {
                unpriced_tokens,
                ..usage
            };
        };
        let cached = usage.cached_tokens.min(usage.prompt_tokens);
        let sent = (usage.prompt_tokens - cached + usage.embedded_tokens) * price.sent;
        let kept = cached * price.cached + usage.cache_written_tokens * price.sent / KEEPING;
        let written = usage.completion_tokens * price.written;
        Usage {
            cost_micros: (sent + kept + written).div_ceil(1_000_000),
            ..usage
        }
    }
}

/// US dollars with up to six decimals, in millionths.
fn micros(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || part.len() > 6 || !digits(whole) || !digits(part) {
        return None;
    }
    let whole: u64 = whole.parse().ok().filter(|n| *n <= 1_000_000)?;
    let part: u64 = format!("{part:0<6}").parse().ok()?;
    Some(whole * 1_000_000 + part)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;

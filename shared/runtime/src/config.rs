//! What the environment says of the use cases themselves.

use domain::{moment::Span, usage::Prices};
use environment::{ConfigError, Environment};

/// `POLL_EVERY_HOURS`: the time from one poll to the next.
///
/// # Errors
/// [`ConfigError`] where it is not a whole number from 1 to 24.
pub fn poll_every(environment: &Environment) -> Result<Span, ConfigError> {
    let hours = environment.whole("POLL_EVERY_HOURS", 3, (1, 24))?;
    Ok(Span::hours(hours))
}

/// `PIPELINE_CONCURRENCY`: calls of a batch analysed at once.
///
/// # Errors
/// [`ConfigError`] where it is not a whole number from 1 to 64.
pub fn concurrency(environment: &Environment) -> Result<usize, ConfigError> {
    let calls = environment.whole("PIPELINE_CONCURRENCY", 4, (1, 64))?;
    Ok(usize::try_from(calls).unwrap_or(4))
}

/// `MODEL_PRICES`: what the models cost, such as `gpt-5-mini=0.25/2,voyage-4=0.06`.
///
/// # Errors
/// [`ConfigError`] names the entry that is no price.
pub fn prices(environment: &Environment) -> Result<Prices, ConfigError> {
    let text = environment.optional("MODEL_PRICES").unwrap_or_default();
    Prices::parse(&text).map_err(|error| ConfigError::new("MODEL_PRICES", error))
}

//! Logging: to standard error, what happened but never what was said, nor a secret.

use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use environment::ConfigError;

/// What stays quiet whatever `RUST_LOG` says: the HTTP libraries' debug lines hold URLs and bodies.
const QUIET: [(&str, LevelFilter); 4] = [
    ("hyper", LevelFilter::WARN),
    ("hyper_util", LevelFilter::WARN),
    ("reqwest", LevelFilter::WARN),
    ("aws_smithy_runtime", LevelFilter::WARN),
];

/// The filter with what has to stay quiet.
#[must_use]
pub fn quietened(filter: Targets) -> Targets {
    filter.with_targets(QUIET)
}

/// Starts logging, once a process. `RUST_LOG` sets the level, for all or by module
/// (`info,poller=debug`); the default shows warnings.
///
/// # Errors
/// [`ConfigError`] where it is neither.
pub fn start() -> Result<(), ConfigError> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(wanted) if !wanted.is_empty() => wanted.parse().map_err(|_| {
            ConfigError::new(
                "RUST_LOG",
                "must be a level (error, warn, info, debug, trace) or levels by module, such as \
                 info,poller=debug",
            )
        })?,
        _ => Targets::new().with_default(LevelFilter::WARN),
    };
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(quietened(filter))
        .with(lines)
        .try_init();
    Ok(())
}

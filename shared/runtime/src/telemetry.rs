//! Logging: to standard error, what happened but never what was said, nor a secret.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// What stays quiet whatever `RUST_LOG` says: the HTTP libraries' debug lines hold URLs and bodies.
const QUIET: [&str; 6] = [
    "hyper=warn",
    "hyper_util=warn",
    "reqwest=warn",
    "genai=warn",
    "aws_smithy_runtime=warn",
    // The embedded database warns of every condition that does not hold, which is its use.
    "dynoxide=error",
];

/// The filter with what has to stay quiet.
#[must_use]
pub fn quietened(filter: EnvFilter) -> EnvFilter {
    QUIET
        .into_iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, EnvFilter::add_directive)
}

/// Starts logging, once a process. `RUST_LOG` sets the level; the default shows warnings.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(quietened(filter))
        .with(lines)
        .try_init();
}

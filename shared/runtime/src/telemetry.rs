//! Logging: to standard error, what happened but never what was said, nor a secret.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging, once a process. `RUST_LOG` sets the level; the default shows warnings.
/// The HTTP libraries stay at warnings whatever it says, since their debug lines hold URLs and
/// bodies.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let quiet = [
        "hyper=warn",
        "hyper_util=warn",
        "reqwest=warn",
        "genai=warn",
        "aws_smithy_runtime=warn",
        // The embedded database warns of every condition that does not hold, which is its use.
        "dynoxide=error",
    ];
    let filter = quiet
        .into_iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
}

//! Logging: to standard error, what happened but never what was said, nor a secret.

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging, once a process. `RUST_LOG` sets the level; the default shows warnings.
/// The HTTP libraries stay at warnings whatever it says, since their debug lines hold URLs and
/// bodies.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let quiet = [
        "hyper",
        "hyper_util",
        "reqwest",
        "genai",
        "aws_smithy_runtime",
        "aws_config",
    ];
    let filter = quiet.into_iter().fold(filter, |filter, name| {
        let directive = format!("{name}=warn");
        match directive.parse() {
            Ok(directive) => filter.add_directive(directive),
            Err(_) => filter,
        }
    });
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
}

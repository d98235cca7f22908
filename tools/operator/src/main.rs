//! What the platform team does to a deployed stack: the step after a deploy, the rotation of the
//! encryption keys, and the rebuilding of the index.
//!
//! It reads the stack's outputs, as `sam list stack-outputs --output json` prints them, and the
//! AWS credentials of the environment.

mod keys;
mod outputs;
mod steps;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use aws::{cloud::Cloud, stored_keys::ServiceSecret, wrapped_keys::Purpose};
use clap::{Parser, Subcommand, ValueEnum};
use domain::{ids::OrgId, moment::Timestamp};
use uuid::Uuid;

/// Looks after a deployed stack of ProductBridge's Gong integration.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The stack's outputs: what `sam list stack-outputs --output json` printed.
    #[arg(
        long,
        value_name = "FILE",
        env = "OUTPUTS",
        default_value = ".aws-sam/outputs.json"
    )]
    outputs: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The deploy step: makes the encryption keys and the vector index's collection where they are
    /// missing. Safe to repeat.
    Prepare,
    /// Puts one of the two secrets in, read as JSON from standard input: the Gong app's
    /// `{"client_secret"}`, or the provider keys `{"llm_api_key", "voyage_api_key",
    /// "qdrant_api_key", "sign_in_client_secret"}`.
    PutSecret {
        /// Which secret.
        #[arg(value_enum)]
        which: Which,
    },
    /// Rebuilds the vector index from the database.
    Reindex {
        /// Embed posts of another embedding model anew.
        #[arg(long)]
        re_embed: bool,
    },
    /// Queues all calls of an organization again that failed since a day or time.
    RetryFailed {
        /// The organization.
        #[arg(long, value_parser = |text: &str| OrgId::parse(text))]
        org: OrgId,
        /// Since when, such as 2026-11-20 or 2026-11-20T14:30 (UTC).
        #[arg(long, value_name = "WHEN", value_parser = Timestamp::parse_typed)]
        since: Timestamp,
    },
    /// The encryption keys: `list`, then `add`, `promote`, `retire` to rotate.
    Keys {
        /// Which keys.
        #[arg(long, value_enum)]
        purpose: KeyPurpose,
        #[command(subcommand)]
        step: KeyStep,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Which {
    /// The Gong app's client secret.
    GongApp,
    /// The keys of the language model's provider, Voyage, Qdrant and sign-in.
    ProviderKeys,
}

impl From<Which> for ServiceSecret {
    fn from(which: Which) -> Self {
        match which {
            Which::GongApp => Self::GongApp,
            Which::ProviderKeys => Self::ProviderKeys,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum KeyPurpose {
    /// They seal the credentials of connections.
    Credentials,
    /// They seal session cookies.
    Sessions,
}

impl From<KeyPurpose> for Purpose {
    fn from(purpose: KeyPurpose) -> Self {
        match purpose {
            KeyPurpose::Credentials => Self::Credentials,
            KeyPurpose::Sessions => Self::Sessions,
        }
    }
}

#[derive(Subcommand)]
enum KeyStep {
    /// Names the keys; the first one seals, all open.
    List,
    /// Adds a key that opens but does not seal yet.
    Add,
    /// Makes a key the sealing one, half an hour after it was added at the earliest.
    Promote {
        /// The key, as `add` and `list` name it.
        key: Uuid,
    },
    /// Removes every key but the sealing one. What was sealed with them cannot be opened any more:
    /// wait until each connection has renewed its token (a week is plenty), or its sessions ended.
    Retire {
        /// Says that you waited.
        #[arg(long, required = true)]
        i_waited: bool,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    runtime::telemetry::start()?;
    let outputs = outputs::read(&arguments.outputs)?;
    let cloud = Cloud::new(outputs::environment(outputs))
        .context("the stack's outputs and the environment do not say all that is needed")?;
    match arguments.command {
        Command::Prepare => steps::prepare(&cloud).await,
        Command::PutSecret { which } => steps::put_secret(&cloud, which.into()).await,
        Command::Reindex { re_embed } => steps::reindex(&cloud, re_embed).await,
        Command::RetryFailed { org, since } => steps::retry_failed(&cloud, org, since).await,
        Command::Keys { purpose, step } => {
            let wrapped = cloud.wrapped_keys(purpose.into())?;
            match step {
                KeyStep::List => keys::list(&wrapped).await,
                KeyStep::Add => keys::add(&cloud, &wrapped).await,
                KeyStep::Promote { key } => keys::promote(&cloud, &wrapped, key).await,
                KeyStep::Retire { .. } => keys::retire(&wrapped).await,
            }
        }
    }
}

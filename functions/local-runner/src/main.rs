//! The command line of the one-machine set-up.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use domain::{
    ids::{CallId, OrgId},
    moment::Timestamp,
};
use environment::Environment;
use local_runner::{
    command::Command,
    config::Config,
    dispatch::dispatch,
    evaluate::{evaluate, evaluate_recorded},
    recorded::Recorded,
    serve::{ServeOptions, serve},
    try_run::try_folder,
};
use runtime::telemetry;

/// Customer calls recorded by Gong become feedback posts whose every quote can be checked.
#[derive(Parser)]
#[command(
    name = "productbridge",
    version,
    after_help = after_help(),
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Cmd>,
    #[command(flatten)]
    serve: ServeArgs,
}

fn after_help() -> String {
    let variables = environment::help();
    format!("{variables}\nWithout a command, `serve` is run.")
}

#[derive(Args, Clone)]
struct ServeArgs {
    /// The port of the pages on 127.0.0.1; 0 = any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A folder of exported calls that the sandbox serves instead of the samples.
    #[arg(long, value_name = "DIR")]
    calls: Option<PathBuf>,
    /// Stop when standard input ends.
    #[arg(long, hide = true)]
    stop_with_stdin: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args, Clone)]
struct DataArgs {
    /// Where everything is kept.
    #[arg(long, value_name = "DIR", default_value = ".productbridge")]
    data: PathBuf,
}

#[derive(Args, Clone)]
struct OrgArgs {
    /// The organization.
    #[arg(long, default_value = "demo")]
    org: String,
}

#[derive(Subcommand)]
enum Cmd {
    /// Run everything in one process and serve the pages.
    Serve(ServeArgs),
    /// Run a folder of exported calls through the whole system once and print posts and ledger.
    ///
    /// DIR holds one JSON file a call: {"call": <an entry of calls[] of POST /v2/calls/extensive>,
    /// "transcript": <the transcript array of its callTranscripts[] entry>}; without "transcript"
    /// the call is not transcribed yet. What is put off for up to two minutes is waited for. The
    /// exit status is 0 unless a file could not be used, a call failed or was left out, or one is
    /// open for another reason than a missing transcript; standard error says which and why.
    Try {
        /// The folder.
        dir: PathBuf,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Measure the configured engine on texts and calls whose answers are known.
    ///
    /// DIR holds any of: detect*.jsonl with {"text", "label": "feedback"|"other"} a line,
    /// dedupe*.jsonl with {"text", "cluster"} a line, and folders of exported calls with an
    /// expected.json: {"calls": [{"id", "expect": "feedback"|"none"|…, "cluster"}]}.
    Eval {
        /// The folder.
        dir: PathBuf,
        /// Also measure detection by extract alone: what one request for both stages would find.
        #[arg(long)]
        fused: bool,
        /// Ask no model: DIR/answers holds what a capable reader answered to the same questions.
        #[arg(long, conflicts_with = "fused")]
        recorded: bool,
        /// Where questions without a recorded answer are written, for a reader to answer.
        #[arg(long, value_name = "DIR", requires = "recorded")]
        unanswered: Option<PathBuf>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Rebuild the vector index from the database.
    Reindex {
        /// Embed posts of another embedding model anew.
        #[arg(long)]
        re_embed: bool,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Take over existing feedback, one JSON object a line:
    /// {"title", "description", "id", "source", "board", "status", "tags", "author": {"name",
    /// "email", "account"}, "created"}; only the title is required.
    Import {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        org: OrgArgs,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Queue a failed call again, or all that failed since a day or time.
    Retry {
        /// Gong's id of the call.
        #[arg(required_unless_present = "failed_since")]
        call_id: Option<String>,
        /// All calls that failed since then, such as 2026-11-20 or 2026-11-20T14:30 (UTC).
        #[arg(long, value_name = "WHEN", value_parser = Timestamp::parse_typed, conflicts_with = "call_id")]
        failed_since: Option<Timestamp>,
        #[command(flatten)]
        org: OrgArgs,
        #[command(flatten)]
        data: DataArgs,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<bool> {
    telemetry::start()?;
    let config = Config::read(&Environment::of_process())?;
    match cli.command {
        None => start(&config, cli.serve).await,
        Some(Cmd::Serve(args)) => start(&config, args).await,
        Some(Cmd::Eval {
            dir,
            fused,
            recorded,
            unanswered,
            json,
            data,
        }) => {
            let evaluation = if recorded {
                let recorded = Recorded::load(&dir.join("answers"), unanswered)?;
                evaluate_recorded(&config, &dir, &data.data, &Arc::new(recorded)).await?
            } else {
                evaluate(&config, &dir, &data.data, fused).await?
            };
            if json {
                println!("{}", serde_json::to_string_pretty(&evaluation)?);
            } else {
                print!("{}", evaluation.text());
            }
            Ok(true)
        }
        Some(Cmd::Try { dir, json, data }) => {
            let tried = try_folder(&config, &dir, &data.data).await?;
            for line in tried.complaints() {
                eprintln!("{line}");
            }
            if json {
                println!("{}", serde_json::to_string_pretty(&tried.report.json())?);
            } else {
                print!("{}", tried.report.text());
            }
            Ok(tried.ok())
        }
        Some(Cmd::Reindex { re_embed, data }) => {
            answer(&config, &data, Command::Reindex { re_embed }).await
        }
        Some(Cmd::Import { file, org, data }) => {
            let lines = std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            let org = OrgId::parse(org.org)?;
            answer(&config, &data, Command::Import { org, lines }).await
        }
        Some(Cmd::Retry {
            call_id,
            failed_since,
            org,
            data,
        }) => {
            let org = OrgId::parse(org.org)?;
            let command = match (call_id, failed_since) {
                (_, Some(since)) => Command::RetryFailed { org, since },
                (call, None) => Command::Retry {
                    org,
                    call: CallId::parse(call.unwrap_or_default())?,
                },
            };
            answer(&config, &data, command).await
        }
    }
}

async fn start(config: &Config, args: ServeArgs) -> Result<bool> {
    let options = ServeOptions {
        port: args.port,
        data: args.data.data,
        calls: args.calls,
        stop_with_stdin: args.stop_with_stdin,
    };
    serve(config, options).await?;
    Ok(true)
}

async fn answer(config: &Config, data: &DataArgs, command: Command) -> Result<bool> {
    let answer = dispatch(config, &data.data, &command).await?;
    for line in &answer.lines {
        println!("{line}");
    }
    Ok(answer.ok)
}

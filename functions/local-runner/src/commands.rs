//! `reindex`, `import` and `retry`: in this process, or in the server that has the data folder.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result};
use domain::{
    feedback::import::{ImportLine, Imported},
    ids::{CallId, OrgId, UserId},
    moment::Timestamp,
    principal::{Principal, Role},
    verdict::{Deadline, FUNCTION_TIMEOUT},
};
use runtime::config::Config;
use serde::{Deserialize, Serialize};

use crate::{
    boards,
    control::{self, CommandAnswer},
    data_folder::{DataFolder, FolderError},
    house::House,
    serve::{open, origins},
};

/// A command as it is passed to a running server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Rebuild the index.
    Reindex {
        /// Embed posts of another model anew.
        re_embed: bool,
    },
    /// Take over feedback.
    Import {
        /// The organization.
        org: OrgId,
        /// The file's content.
        lines: String,
    },
    /// Try a failed call again.
    Retry {
        /// The organization.
        org: OrgId,
        /// The call.
        call: CallId,
    },
    /// Try all calls again that failed since then.
    RetryFailed {
        /// The organization.
        org: OrgId,
        /// Since when.
        since: Timestamp,
    },
}

/// Runs a command where the data folder is in use, else here.
///
/// # Errors
/// When it could not be run; the message says what to do.
pub async fn dispatch(config: &Config, data: &Path, command: &Command) -> Result<CommandAnswer> {
    let folder = match DataFolder::open(data) {
        Ok(folder) => folder,
        Err(FolderError::InUse {
            address: Some(address),
            ..
        }) => return control::send(&address, command).await,
        Err(error) => return Err(error.into()),
    };
    let opened = open(config, &folder, None, origins(config, 0)).await?;
    let house = Arc::clone(&opened.house);
    if !matches!(command, Command::Reindex { .. }) {
        let todo = opened.index.at_start(&house.reindex).await?;
        todo.inspect(|todo| eprintln!("{todo}"));
    }
    let answer = run(&house, command).await;
    if matches!(command, Command::Retry { .. } | Command::RetryFailed { .. }) {
        house.drain().await;
    }
    opened.database.stop().await;
    answer
}

/// Runs a command in this process.
///
/// # Errors
/// When it could not be run; the message says what to do.
pub async fn run(house: &House, command: &Command) -> Result<CommandAnswer> {
    match command {
        Command::Reindex { re_embed } => reindex(house, *re_embed).await,
        Command::Import { org, lines } => import(house, org, lines).await,
        Command::Retry { org, call } => {
            house.retry.retry(&operator(org)?, call).await?;
            Ok(done(format!("call {call} is queued again")))
        }
        Command::RetryFailed { org, since } => retry_failed(house, org, *since).await,
    }
}

async fn reindex(house: &House, re_embed: bool) -> Result<CommandAnswer> {
    let report = house.reindex.run(re_embed).await?;
    // Vectors that a crash left pending reach the new index too.
    let deadline = Deadline(house.clock.now() + FUNCTION_TIMEOUT);
    house.poller.care.tick(deadline).await?;
    Ok(done(format!(
        "{} vectors indexed, {} posts embedded anew",
        report.indexed, report.re_embedded
    )))
}

async fn retry_failed(house: &House, org: &OrgId, since: Timestamp) -> Result<CommandAnswer> {
    let principal = operator(org)?;
    let (mut queued, mut changed) = (0, 0);
    let all = house
        .retry
        .retry_all_failed_since(&principal, since, |part| {
            queued += part.queued;
            changed += part.changed;
        });
    all.await?;
    let calls = if queued == 1 { "call is" } else { "calls are" };
    let line = format!(
        "{queued} {calls} queued again, of those that failed since {since}; {changed} were changed by someone else meanwhile, none is left"
    );
    Ok(done(line))
}

async fn import(house: &House, org: &OrgId, lines: &str) -> Result<CommandAnswer> {
    let principal = operator(org)?;
    boards::ensure_default(&*house.store, org, house.clock.now()).await?;
    let (mut added, mut known, mut refused) = (0, 0, Vec::new());
    for (number, line) in lines.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let result = match ImportLine::parse(line) {
            Ok(line) => house.desk.import(&principal, &line).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(Imported::Added) => added += 1,
            Ok(Imported::Known) => known += 1,
            Err(error) => refused.push(format!("line {}: {error}", number + 1)),
        }
    }
    let ok = refused.is_empty();
    let mut report = refused;
    report.push(format!(
        "{added} posts added, {known} were there already, {} lines refused",
        report.len()
    ));
    Ok(CommandAnswer { lines: report, ok })
}

fn operator(org: &OrgId) -> Result<Principal> {
    Ok(Principal {
        org_id: org.clone(),
        user_id: UserId::parse("operator").context("a fixed, valid id")?,
        role: Role::Admin,
    })
}

fn done(line: String) -> CommandAnswer {
    CommandAnswer {
        lines: vec![line],
        ok: true,
    }
}

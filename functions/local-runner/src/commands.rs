//! `reindex`, `import` and `retry`.

use anyhow::{Context as _, Result};
use domain::{
    ids::{OrgId, UserId},
    moment::Timestamp,
    principal::{Principal, Role},
    verdict::{Deadline, FUNCTION_TIMEOUT},
};
use feedback::curation::import::{ImportLine, Imported};

use crate::{
    app::App,
    boards,
    command::{Command, CommandAnswer},
};

/// Runs a command in this process.
///
/// # Errors
/// When it could not be run; the message says what to do.
pub async fn run(app: &App, command: &Command) -> Result<CommandAnswer> {
    match command {
        Command::Reindex { re_embed } => reindex(app, *re_embed).await,
        Command::Import { org, lines } => import(app, org, lines).await,
        Command::Retry { org, call } => {
            app.retry.retry(&operator(org)?, call).await?;
            Ok(done(format!("call {call} is queued again")))
        }
        Command::RetryFailed { org, since } => retry_failed(app, org, *since).await,
    }
}

async fn reindex(app: &App, re_embed: bool) -> Result<CommandAnswer> {
    let report = app.reindex.run(re_embed).await?;
    // Vectors that a crash left pending reach the new index too.
    let deadline = Deadline(app.clock.now() + FUNCTION_TIMEOUT);
    app.poller.maintenance.tick(deadline).await?;
    Ok(done(format!(
        "{} vectors indexed, {} posts embedded anew",
        report.indexed, report.re_embedded
    )))
}

async fn retry_failed(app: &App, org: &OrgId, since: Timestamp) -> Result<CommandAnswer> {
    let principal = operator(org)?;
    let (mut queued, mut changed) = (0, 0);
    let all = app.retry.retry_all_failed_since(&principal, since, |part| {
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

async fn import(app: &App, org: &OrgId, lines: &str) -> Result<CommandAnswer> {
    let principal = operator(org)?;
    boards::ensure_default(&*app.store, org, app.clock.now()).await?;
    let (mut added, mut known, mut refused) = (0, 0, Vec::new());
    for (number, line) in lines.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let result = match ImportLine::parse(line) {
            Ok(line) => app.posts.import(&principal, &line).await,
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

//! Which company a grant belongs to.

use std::collections::BTreeSet;

use domain::{
    connection::{MAX_FINGERPRINTS, WorkspaceFingerprint},
    gong::{
        scopes,
        shapes::{CallsFilter, DirectoryUser, UsersPage},
    },
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::gong::{Access, GongError},
    verdict::Deadline,
};

use crate::gong::{
    error::GateError,
    gate::{Bearer, GongGate},
};

/// How far back calls are listed for their workspaces: as far as the longest history.
pub(super) const LISTED: Span = Span::days(60);
/// How many of the lowest user ids are fingerprints.
const USER_FINGERPRINTS: usize = 20;

/// What tells a company from others, as far as this grant may read it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Identity {
    pub fingerprints: BTreeSet<WorkspaceFingerprint>,
    /// Workspace names when they may be read, else the company's slug.
    pub name: String,
    /// The users, when one page held them all.
    pub directory: Option<Vec<DirectoryUser>>,
    /// How many calls Gong announced for the last [`LISTED`], when they were listed.
    pub calls: Option<u64>,
}

pub(super) async fn read(
    gate: &GongGate,
    org: &OrgId,
    access: &Access,
    scope: &str,
    now: Timestamp,
    deadline: Deadline,
) -> Result<Identity, GateError> {
    let bearer = Bearer::Given(access);
    let mut workspaces = BTreeSet::new();
    let mut names = Vec::new();
    if scopes::reads_workspaces(scope) {
        for workspace in gate.workspaces(org, bearer, deadline).await? {
            names.extend(workspace.name);
            workspaces.insert(WorkspaceFingerprint::workspace(&workspace.id));
        }
    }
    let mut calls = None;
    if workspaces.is_empty() {
        let filter = CallsFilter::Range {
            from: now - LISTED,
            to: now,
        };
        let page = gate.calls(org, bearer, &filter, None, deadline).await;
        let page = none_is_empty(page.map(|(page, _)| page))?;
        calls = page.total;
        let seen = page.calls.iter().filter_map(|c| c.workspace_id.as_deref());
        workspaces.extend(seen.map(WorkspaceFingerprint::workspace));
    }
    let users = none_is_empty(gate.users(org, bearer, None, deadline).await)?;
    Ok(Identity {
        calls,
        ..identify(workspaces, names, users)
    })
}

/// The identity of who has these workspaces, with these names, and these users.
fn identify(
    workspaces: BTreeSet<WorkspaceFingerprint>,
    mut names: Vec<String>,
    users: UsersPage,
) -> Identity {
    let slugs: BTreeSet<_> = users.company_slugs.iter().collect();
    let mut ids: Vec<_> = users.users.iter().map(|user| user.id.as_str()).collect();
    // Ids are numbers of up to 20 digits: the shorter is the lower.
    ids.sort_by_key(|id| (id.len(), *id));
    ids.truncate(USER_FINGERPRINTS);
    if names.is_empty() {
        let slug = |text: &&String| text.rsplit('/').next().unwrap_or(text).to_owned();
        names.extend(slugs.iter().map(slug));
    }
    let mut fingerprints: BTreeSet<_> = ids.into_iter().map(WorkspaceFingerprint::user).collect();
    fingerprints.extend(
        slugs
            .into_iter()
            .take(10)
            .map(|slug| WorkspaceFingerprint::slug(slug)),
    );
    let room = MAX_FINGERPRINTS - fingerprints.len();
    fingerprints.extend(workspaces.into_iter().take(room));
    names.dedup();
    Identity {
        fingerprints,
        name: names.join(", "),
        calls: None,
        directory: users.cursor.is_none().then_some(users.users),
    }
}

fn none_is_empty<T: Default>(result: Result<T, GateError>) -> Result<T, GateError> {
    match result {
        Err(GateError::Gong(GongError::NoneFound)) => Ok(T::default()),
        other => other,
    }
}

#[cfg(test)]
mod tests;

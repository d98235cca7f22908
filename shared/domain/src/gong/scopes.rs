//! The OAuth scopes that we ask for: read-only, and nothing that we do not use.

use std::collections::BTreeSet;

/// Needed always.
pub const REQUIRED: [&str; 4] = [
    "api:calls:read:basic",
    "api:calls:read:extensive",
    "api:calls:read:transcript",
    "api:users:read",
];

/// Asked for only by configuration; shows the workspaces' names and fingerprints their ids.
pub const WORKSPACES: &str = "api:workspaces:read";

/// The scopes to ask for, separated by a space.
#[must_use]
pub fn asked(with_workspaces: bool) -> String {
    let mut scopes = REQUIRED.join(" ");
    if with_workspaces {
        scopes.push(' ');
        scopes.push_str(WORKSPACES);
    }
    scopes
}

/// The required scopes that a grant lacks.
#[must_use]
pub fn missing(granted: &str) -> Vec<&'static str> {
    let granted: BTreeSet<&str> = granted.split([' ', ',']).collect();
    REQUIRED
        .into_iter()
        .filter(|scope| !granted.contains(scope))
        .collect()
}

/// Whether a grant lets us read the workspaces.
#[must_use]
pub fn reads_workspaces(granted: &str) -> bool {
    granted.split([' ', ',']).any(|scope| scope == WORKSPACES)
}

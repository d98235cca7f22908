//! The OAuth scopes that we ask for: read-only, and nothing that we do not use.

use std::collections::BTreeSet;

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

#[cfg(test)]
mod tests {
    use super::*;

    const CALLS: &str = "api:calls:read:basic api:calls:read:extensive api:calls:read:transcript";

    #[test]
    fn a_grant_is_asked_for_the_scopes_that_it_lacks() {
        for (granted, lacks) in [
            (format!("{CALLS} api:users:read"), &[][..]),
            (format!("api:users:read {CALLS}"), &[]),
            (format!("{CALLS} api:users:read api:crm:read"), &[]),
            (format!("{},api:users:read", CALLS.replace(' ', ",")), &[]),
            (CALLS.to_owned(), &["api:users:read"]),
            (format!("{CALLS} api:users:read:all"), &["api:users:read"]),
            (format!("{CALLS} API:USERS:READ"), &["api:users:read"]),
            (
                "api:calls:read:transcript api:users:read".to_owned(),
                &["api:calls:read:basic", "api:calls:read:extensive"],
            ),
            (String::new(), &REQUIRED),
        ] {
            assert_eq!(missing(&granted), lacks, "{granted}");
        }
    }

    #[test]
    fn workspaces_are_read_only_with_their_scope() {
        for (granted, reads) in [
            (asked(true), true),
            (asked(false), false),
            ("api:users:read,api:workspaces:read".to_owned(), true),
            ("api:workspaces:read:all".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(reads_workspaces(&granted), reads, "{granted}");
        }
        assert!(missing(&asked(false)).is_empty());
    }
}

//! Gong's scopes that the sandbox knows.

/// Listing calls with their details.
pub(crate) const CALLS_EXTENSIVE: &str = "api:calls:read:extensive";
pub(crate) const CALLS_TRANSCRIPT: &str = "api:calls:read:transcript";
/// Reading the directory of users.
pub(crate) const USERS: &str = "api:users:read";
/// Reading the list of workspaces.
pub(crate) const WORKSPACES: &str = "api:workspaces:read";

/// What a scope allows, in words; `None` = not known here.
pub(crate) fn meaning(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "api:calls:read:basic" => "See which calls were recorded: title, time and length",
        CALLS_EXTENSIVE => "See the details of calls: who took part, their company and CRM context",
        CALLS_TRANSCRIPT => "Read what was said in calls",
        USERS => "See the company's users: name and work e-mail",
        WORKSPACES => "See the names of the company's workspaces",
        _ => return None,
    })
}

//! The company behind the sandbox: workspaces and the directory of users.

use serde_json::Value;

use crate::calls::SandboxCall;

/// One workspace as `GET /v2/workspaces` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Up to 20 digits.
    pub id: String,
    pub name: String,
    pub description: String,
}

/// One internal user as `GET /v2/users` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Up to 20 digits.
    pub id: String,
    /// Work e-mail address.
    pub email: String,
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
    /// Whether the user still works there.
    pub active: bool,
}

/// The company that gives its consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Stands in every user's `meetingConsentPageUrl`.
    pub slug: String,
    /// Shown on the consent page.
    pub name: String,
    /// What `GET /v2/workspaces` lists.
    pub workspaces: Vec<Workspace>,
    /// What `GET /v2/users` lists, ordered by id when served.
    pub users: Vec<User>,
}

impl Default for Company {
    fn default() -> Self {
        let workspace = |id: &str, name: &str, description: &str| Workspace {
            id: id.into(),
            name: name.into(),
            description: description.into(),
        };
        let users = [
            ("5120000000000000101", "Mara", "Lindqvist", true),
            ("5120000000000000102", "Tobias", "Okafor", true),
            ("5120000000000000103", "Priya", "Raman", true),
            ("5120000000000000104", "Jonas", "Weber", true),
            ("5120000000000000105", "Camille", "Roux", true),
            ("5120000000000000106", "Dan", "Abara", true),
            ("5120000000000000107", "Yuki", "Tanaka", true),
            ("5120000000000000108", "Elena", "Petrova", false),
        ];
        Self {
            slug: "sandbox-company".into(),
            name: "Sandbox Company".into(),
            workspaces: vec![
                workspace(
                    "6300000000000000001",
                    "Initial workspace",
                    "The built-in workspace",
                ),
                workspace(
                    "6300000000000000002",
                    "Customer success",
                    "Onboarding, reviews and renewals",
                ),
            ],
            users: users
                .map(|(id, first, last, active)| User {
                    id: id.into(),
                    email: format!(
                        "{}.{}@fernhill.example",
                        first.to_lowercase(),
                        last.to_lowercase()
                    ),
                    first_name: first.into(),
                    last_name: last.into(),
                    active,
                })
                .into(),
        }
    }
}

impl Company {
    /// Adds the internal parties of the calls to the directory, so that it fits whatever folder is served.
    ///
    /// A party needs a `userId` and an `emailAddress`. A user with the same e-mail takes the calls' id.
    pub fn with_users_from(mut self, calls: &[SandboxCall]) -> Self {
        for party in calls
            .iter()
            .filter_map(|call| call.call["parties"].as_array())
            .flatten()
        {
            let Some((id, email)) = internal_party(party) else {
                continue;
            };
            if self.users.iter().any(|user| user.id == id) {
                continue;
            }
            if let Some(user) = self
                .users
                .iter_mut()
                .find(|user| user.email.eq_ignore_ascii_case(email))
            {
                user.id = id.to_owned();
                continue;
            }
            let name = party["name"].as_str().unwrap_or_default().trim();
            let (first_name, last_name) = name.split_once(' ').unwrap_or((name, ""));
            self.users.push(User {
                id: id.to_owned(),
                email: email.to_owned(),
                first_name: first_name.to_owned(),
                last_name: last_name.trim_start().to_owned(),
                active: true,
            });
        }
        self
    }

    /// Adds the workspaces that the calls name by `metaData.workspaceId` and the company does not list yet.
    pub fn with_workspaces_from(mut self, calls: &[SandboxCall]) -> Self {
        for id in calls
            .iter()
            .filter_map(|call| call.call["metaData"]["workspaceId"].as_str())
        {
            if !self.workspaces.iter().any(|workspace| workspace.id == id) {
                self.workspaces.push(Workspace {
                    id: id.to_owned(),
                    name: format!("Workspace {id}"),
                    description: "Named by the calls that are served".into(),
                });
            }
        }
        self
    }
}

/// User id and e-mail of an internal party.
fn internal_party(party: &Value) -> Option<(&str, &str)> {
    if party["affiliation"] != "Internal" {
        return None;
    }
    Some((party["userId"].as_str()?, party["emailAddress"].as_str()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_directory_takes_in_internal_parties_once() {
        let party = |id: &str, email: &str, affiliation: &str| json!({"userId": id, "emailAddress": email, "name": "Ana de Souza", "affiliation": affiliation});
        let call = SandboxCall::new(
            json!({"metaData": {"workspaceId": "77"}, "parties": [
                party("1", "ana@fernhill.example", "Internal"),
                party("1", "ana@fernhill.example", "Internal"),
                party("2", "Priya.Raman@fernhill.example", "Internal"),
                party("3", "buyer@acme.example", "External"),
                {"affiliation": "Internal", "name": "No id"},
            ]}),
            None,
        );
        let before = Company::default().users.len();
        let company = Company::default()
            .with_users_from(std::slice::from_ref(&call))
            .with_workspaces_from(std::slice::from_ref(&call));
        assert_eq!(company.users.len(), before + 1);
        let ana = company
            .users
            .iter()
            .find(|user| user.id == "1")
            .expect("Ana is listed");
        assert_eq!(
            (ana.first_name.as_str(), ana.last_name.as_str()),
            ("Ana", "de Souza")
        );
        assert!(
            company
                .users
                .iter()
                .any(|user| user.id == "2" && user.first_name == "Priya")
        );
        assert_eq!(
            company
                .workspaces
                .last()
                .map(|workspace| workspace.id.as_str()),
            Some("77")
        );
    }
}

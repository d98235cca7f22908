//! Who asks, and what each role may do.

use serde::{Deserialize, Serialize};

use crate::ids::{OrgId, UserId};

/// What a person may do in the organization, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    /// Reads and works with posts.
    Member,
    /// Also connects, disconnects and changes settings.
    Admin,
}

impl Role {
    /// Reads a role's name as it stands in claims and forms.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "viewer" => Some(Self::Viewer),
            "member" => Some(Self::Member),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }
}

/// What a use case does that not everybody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Write a post by hand.
    WritePosts,
    EditPosts,
    /// Merge posts, and undo it.
    MergePosts,
    /// Move evidence to another post.
    MoveEvidence,
    /// Approve or reject what waits.
    Review,
    /// Make posts of what was also heard in a call, or dismiss it.
    DecideAlsoHeard,
    /// Take posts over from elsewhere.
    Import,
    /// Make and edit boards and tags.
    EditBoards,
    /// Change the organization's settings.
    EditSettings,
    /// Change what is said about the product.
    EditProduct,
    Connect,
    Disconnect,
    /// Have Gong listed at once.
    SyncNow,
    /// Have failed calls read again.
    RetryCalls,
    /// Erase what a call gave.
    EraseCall,
    /// Erase what a person said.
    ErasePerson,
}

impl Action {
    /// The least role that may.
    #[must_use]
    pub const fn needs(self) -> Role {
        match self {
            Self::WritePosts
            | Self::EditPosts
            | Self::MergePosts
            | Self::MoveEvidence
            | Self::Review
            | Self::DecideAlsoHeard => Role::Member,
            Self::Import
            | Self::EditBoards
            | Self::EditSettings
            | Self::EditProduct
            | Self::Connect
            | Self::Disconnect
            | Self::SyncNow
            | Self::RetryCalls
            | Self::EraseCall
            | Self::ErasePerson => Role::Admin,
        }
    }
}

/// The person on whose behalf a request is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The organization that everything is scoped by.
    pub org_id: OrgId,
    pub user_id: UserId,
    /// What the person may do.
    pub role: Role,
}

/// The person's role does not allow the action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Only {needed} can do this, and you are signed in as {has}. Ask an admin of your organization.", needed = needed_words(*.needed), has = .has.as_str())]
pub struct NotAllowed {
    /// The least role that may.
    pub needed: Role,
    pub has: Role,
}

const fn needed_words(role: Role) -> &'static str {
    match role {
        Role::Viewer => "people of the organization",
        Role::Member => "members and admins",
        Role::Admin => "admins",
    }
}

impl Principal {
    /// Whether the person's role allows it.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.role >= action.needs()
    }

    /// # Errors
    /// [`NotAllowed`] when the person's role does not allow it.
    pub fn require(&self, action: Action) -> Result<(), NotAllowed> {
        if self.may(action) {
            Ok(())
        } else {
            Err(NotAllowed {
                needed: action.needs(),
                has: self.role,
            })
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn each_action_is_for_its_roles_and_the_refusal_says_for_whom() {
        const TABLE: &[(Action, [bool; 3])] = &[
            (Action::WritePosts, [false, true, true]),
            (Action::EditPosts, [false, true, true]),
            (Action::MergePosts, [false, true, true]),
            (Action::MoveEvidence, [false, true, true]),
            (Action::Review, [false, true, true]),
            (Action::DecideAlsoHeard, [false, true, true]),
            (Action::Import, [false, false, true]),
            (Action::EditBoards, [false, false, true]),
            (Action::EditSettings, [false, false, true]),
            (Action::EditProduct, [false, false, true]),
            (Action::Connect, [false, false, true]),
            (Action::Disconnect, [false, false, true]),
            (Action::SyncNow, [false, false, true]),
            (Action::RetryCalls, [false, false, true]),
            (Action::EraseCall, [false, false, true]),
            (Action::ErasePerson, [false, false, true]),
        ];
        for (action, allowed) in TABLE {
            let roles = [Role::Viewer, Role::Member, Role::Admin];
            for (role, allowed) in roles.into_iter().zip(*allowed) {
                let principal = Principal {
                    org_id: OrgId::parse("fernhill").unwrap(),
                    user_id: UserId::parse("kim").unwrap(),
                    role,
                };
                let row = format!("{action:?} as {}", role.as_str());
                assert_eq!(principal.may(*action), allowed, "{row}");
                let told = principal.require(*action).map_err(|why| why.to_string());
                let only = match allowed {
                    true => Ok(()),
                    false => Err(format!(
                        "Only {} can do this, and you are signed in as {}. Ask an admin of your organization.",
                        if action.needs() == Role::Admin {
                            "admins"
                        } else {
                            "members and admins"
                        },
                        role.as_str()
                    )),
                };
                assert_eq!(told, only, "{row}");
            }
        }
    }

    #[test]
    fn a_role_is_read_by_its_name_alone() {
        for (text, role) in [
            ("viewer", Some(Role::Viewer)),
            ("member", Some(Role::Member)),
            ("admin", Some(Role::Admin)),
            ("Admin", None),
            (" admin", None),
            ("owner", None),
            ("", None),
        ] {
            assert_eq!(Role::parse(text), role, "{text:?}");
        }
    }
}

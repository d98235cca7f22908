//! Who asks, and what each role may do.

use serde::{Deserialize, Serialize};

use crate::ids::{OrgId, UserId};

/// What a person may do in the organization, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
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

    /// The role's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }
}

/// The person on whose behalf a request is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The organization that everything is scoped by.
    pub org_id: OrgId,
    /// The person.
    pub user_id: UserId,
    /// What the person may do.
    pub role: Role,
}

/// The person's role does not allow the action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Only {needed} may do this, and you are signed in as {has}. Ask an admin of your organization.", needed = needed_words(*.needed), has = .has.as_str())]
pub struct NotAllowed {
    /// The least role that may.
    pub needed: Role,
    /// The role of the person.
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
    /// Whether the person has at least this role.
    #[must_use]
    pub fn may(&self, needed: Role) -> bool {
        self.role >= needed
    }

    /// # Errors
    /// [`NotAllowed`] when the person's role is below `needed`.
    pub fn require(&self, needed: Role) -> Result<(), NotAllowed> {
        if self.may(needed) {
            Ok(())
        } else {
            Err(NotAllowed {
                needed,
                has: self.role,
            })
        }
    }
}

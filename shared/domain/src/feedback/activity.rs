//! The activity log: who did what with feedback.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ids::{OrgId, PostId, UserId},
    moment::Timestamp,
    principal::Principal,
};

/// One thing that a person did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub org_id: OrgId,
    pub id: String,
    pub at: Timestamp,
    pub by: UserId,
    pub posts: Vec<PostId>,
    /// What was done, as the rest of a sentence that begins with the person. It names ids and
    /// states, never what a customer said: the log outlives an erasure.
    pub did: String,
}

impl Activity {
    /// What this person did.
    #[must_use]
    pub fn new(by: &Principal, id: Uuid, at: Timestamp, posts: Vec<PostId>, did: String) -> Self {
        Self {
            org_id: by.org_id.clone(),
            id: id.to_string(),
            at,
            by: by.user_id.clone(),
            posts,
            did,
        }
    }
}

//! The keys of all items: the one home of their texts.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    connection::WorkspaceFingerprint,
    feedback::{Activity, Evidence},
    ids::{BoardId, CallId, OrgId, PostId, TagId, WindowId},
    usage::Month,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::value::{Item, s};

/// Partition key of every table.
pub(super) const PK: &str = "pk";
/// Sort key of every table.
pub(super) const SK: &str = "sk";
/// The index of what has to happen later, and its sort key (milliseconds).
pub(super) const DUE: &str = "due";
/// The partition key of `due`: 0 to 15.
pub(super) const DUE_SHARD: &str = "due_shard";
/// How many partitions the `due` index is spread over.
pub(super) const DUE_SHARDS: u8 = 16;
/// The ledger's index of open calls.
pub(super) const OPEN: &str = "open";
/// The partition key of `open`: the organization, only while the call is open.
pub(super) const OPEN_ORG: &str = "open_org";
/// The ledger's index by start, and its sort key.
pub(super) const BY_STARTED: &str = "by_started";
/// When DynamoDB may delete an item, in seconds.
pub(super) const TTL: &str = "ttl";

pub(super) const POLL: &str = "POLL";
pub(super) const TOKEN: &str = "TOKEN";
pub(super) const WINDOW: &str = "WINDOW#";
pub(super) const SECRET: &str = "SECRET#";
pub(super) const DIRECTORY: &str = "DIRECTORY#";
pub(super) const CALL: &str = "CALL#";
pub(super) const POST: &str = "POST#";
pub(super) const VECTOR: &str = "VECTOR#";
pub(super) const BOARD: &str = "BOARD#";
pub(super) const TAG: &str = "TAG#";
pub(super) const PRODUCT: &str = "PRODUCT#";
pub(super) const PENDING: &str = "PENDING#";
pub(super) const EVIDENCE: &str = "EVIDENCE#";
pub(super) const ACTIVITY: &str = "ACTIVITY#";
pub(super) const USAGE: &str = "USAGE#";
pub(super) const ALSO_HEARD: &str = "ALSO_HEARD#";

const ORG: &str = "ORG#";

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub pk: String,
    pub sk: String,
}

/// The partition of an organization's items.
pub(super) fn partition(org: &OrgId) -> String {
    format!("{ORG}{org}")
}

/// What the sort keys of a post's evidence begin with.
pub(super) fn evidence_prefix(post: &PostId) -> String {
    format!("{EVIDENCE}{post}#")
}

/// What the sort keys of what was moved out of a post begin with.
pub(super) fn unmerge_prefix(post: &PostId) -> String {
    format!("MOVED#{post}#")
}

/// What the sort keys of a post's history begin with.
pub(super) fn history_prefix(post: &PostId) -> String {
    format!("HISTORY#{post}#")
}

fn when(entry: &Activity) -> String {
    format!("{:016}#{}", entry.at.0.max(0), entry.id)
}

impl Key {
    fn of(org: &OrgId, sk: impl Into<String>) -> Self {
        Self {
            pk: partition(org),
            sk: sk.into(),
        }
    }

    pub fn connection(org: &OrgId) -> Self {
        Self::of(org, "CONNECTION")
    }
    pub fn poll(org: &OrgId) -> Self {
        Self::of(org, POLL)
    }
    pub fn token(org: &OrgId) -> Self {
        Self::of(org, TOKEN)
    }
    pub fn secret(org: &OrgId, secret: Uuid) -> Self {
        Self::of(org, format!("{SECRET}{secret}"))
    }
    pub fn budget(org: &OrgId) -> Self {
        Self::of(org, "BUDGET")
    }
    pub fn window(org: &OrgId, id: &WindowId) -> Self {
        Self::of(org, format!("{WINDOW}{id}"))
    }
    pub fn directory(org: &OrgId, page: usize) -> Self {
        Self::of(org, format!("{DIRECTORY}{page:04}"))
    }
    pub fn reservation(fingerprint: &WorkspaceFingerprint) -> Self {
        Self {
            pk: format!("WORKSPACE#{fingerprint}"),
            sk: "CLAIM".to_owned(),
        }
    }
    pub fn state(hash: &str) -> Self {
        Self {
            pk: format!("STATE#{hash}"),
            sk: "STATE".to_owned(),
        }
    }
    pub fn call(org: &OrgId, id: &CallId) -> Self {
        Self::of(org, format!("{CALL}{id}"))
    }
    pub fn post(org: &OrgId, id: &PostId) -> Self {
        Self::of(org, format!("{POST}{id}"))
    }
    pub fn vector(org: &OrgId, post: &PostId) -> Self {
        Self::of(org, format!("{VECTOR}{post}"))
    }
    pub fn pending(org: &OrgId, post: &PostId) -> Self {
        Self::of(org, format!("{PENDING}{post}"))
    }
    pub fn evidence(evidence: &Evidence) -> Self {
        let prefix = evidence_prefix(&evidence.post_id);
        Self::of(
            &evidence.org_id,
            format!("{prefix}{}#{}", evidence.call_id, evidence.n),
        )
    }
    pub fn also_heard(org: &OrgId, call: &CallId) -> Self {
        Self::of(org, format!("{ALSO_HEARD}{call}"))
    }
    pub fn unmerge(org: &OrgId, post: &PostId, call: &CallId, n: u32) -> Self {
        Self::of(org, format!("{}{call}#{n}", unmerge_prefix(post)))
    }
    pub fn activity(entry: &Activity) -> Self {
        Self::of(&entry.org_id, format!("{ACTIVITY}{}", when(entry)))
    }
    pub fn history(entry: &Activity, post: &PostId) -> Self {
        let prefix = history_prefix(post);
        Self::of(&entry.org_id, format!("{prefix}{}", when(entry)))
    }
    pub fn usage(org: &OrgId, month: Month) -> Self {
        Self::of(org, format!("{USAGE}{month}"))
    }
    pub fn answered(org: &OrgId, model: &str) -> Self {
        Self::of(org, format!("ANSWERED#{model}"))
    }
    pub fn board(org: &OrgId, id: &BoardId) -> Self {
        Self::of(org, format!("{BOARD}{id}"))
    }
    pub fn tag(org: &OrgId, id: &TagId) -> Self {
        Self::of(org, format!("{TAG}{id}"))
    }
    pub fn settings(org: &OrgId) -> Self {
        Self::of(org, "SETTINGS")
    }
    /// All ten digits that a version can have, so that versions sort as numbers.
    pub fn product(org: &OrgId, version: u32) -> Self {
        Self::of(org, format!("{PRODUCT}{version:010}"))
    }
    pub fn epoch(org: &OrgId) -> Self {
        Self::of(org, "EPOCH")
    }

    /// The key of a stored item.
    pub fn in_item(item: &Item) -> Option<Self> {
        let text = |name| item.get(name)?.as_s().ok().cloned();
        Some(Self {
            pk: text(PK)?,
            sk: text(SK)?,
        })
    }

    /// The organization that the item belongs to.
    pub fn org(&self) -> Option<OrgId> {
        OrgId::parse(self.pk.strip_prefix(ORG)?).ok()
    }

    /// The part of `due` that the item lies in; stays the same for ever.
    pub fn due_shard(&self) -> AttributeValue {
        let hash = Sha256::new()
            .chain_update(&self.pk)
            .chain_update([0])
            .chain_update(&self.sk)
            .finalize();
        super::value::n(hash[0] % DUE_SHARDS)
    }

    /// The key as DynamoDB wants it.
    pub fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([(PK.to_owned(), s(&self.pk)), (SK.to_owned(), s(&self.sk))])
    }
}

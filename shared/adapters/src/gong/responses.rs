//! What Gong sends. The official description requires no field, and fields may come anew.

use serde::Deserialize;
use serde_json::Value;

use super::lenient::{lenient, lenient_list, lenient_millis};

/// Where a page stands in its listing. A cursor that is no text must not end a listing early, so
/// it is not read leniently.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RecordsResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) total_records: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    pub(super) current_page_size: Option<u64>,
    pub(super) cursor: Option<String>,
}

/// `POST /v2/calls/extensive`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CallsResponse {
    pub(super) records: Option<RecordsResponse>,
    pub(super) calls: Option<Vec<Value>>,
}

/// One entry of `calls`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CallResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) meta_data: Option<MetaDataResponse>,
    pub(super) context: Value,
    #[serde(deserialize_with = "lenient_list")]
    pub(super) parties: Vec<PartyResponse>,
}

/// A call's `metaData`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MetaDataResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) url: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) title: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) started: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) is_private: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    pub(super) language: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) workspace_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PartyResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) name: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) email_address: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) user_id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) speaker_id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) affiliation: Option<AffiliationResponse>,
}

#[derive(Debug, Deserialize)]
pub(super) enum AffiliationResponse {
    Internal,
    External,
    /// `Unknown`, and whatever Gong may add.
    #[serde(other)]
    Other,
}

/// `POST /v2/calls/transcript`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TranscriptsResponse {
    pub(super) records: Option<RecordsResponse>,
    pub(super) call_transcripts: Option<Vec<Value>>,
}

/// One entry of `callTranscripts`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TranscriptResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) call_id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) transcript: Option<Vec<Value>>,
}

/// What one speaker said.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MonologueResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) speaker_id: Option<String>,
    #[serde(deserialize_with = "lenient_list")]
    pub(super) sentences: Vec<SentenceResponse>,
}

/// A sentence, with times in milliseconds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SentenceResponse {
    #[serde(deserialize_with = "lenient_millis")]
    pub(super) start: Option<i64>,
    #[serde(deserialize_with = "lenient_millis")]
    pub(super) end: Option<i64>,
    #[serde(deserialize_with = "lenient")]
    pub(super) text: Option<String>,
}

/// `GET /v2/users`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UsersResponse {
    pub(super) records: Option<RecordsResponse>,
    pub(super) users: Option<Vec<Value>>,
}

/// One entry of `users`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UserResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) email_address: Option<String>,
    #[serde(deserialize_with = "lenient_list")]
    pub(super) email_aliases: Vec<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) trusted_email_address: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) meeting_consent_page_url: Option<String>,
}

/// `GET /v2/workspaces`, which has no pages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WorkspacesResponse {
    pub(super) workspaces: Option<Vec<Value>>,
}

/// One entry of `workspaces`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WorkspaceResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) id: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(super) name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ErrorResponse {
    #[serde(deserialize_with = "lenient")]
    pub(super) request_id: Option<String>,
    #[serde(deserialize_with = "lenient_list")]
    pub(super) errors: Vec<String>,
}

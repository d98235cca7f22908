//! From Gong's answers to the domain's shapes.

use std::collections::BTreeSet;

use domain::{
    conversation::Sentence,
    gong::shapes::{
        CallsPage, DirectoryUser, GongWorkspace, ListedCall, Monologue, Transcript,
        TranscriptsPage, UsersPage, account_name,
    },
    ids::{CallId, GONG},
    moment::Timestamp,
    party::{Affiliation, Party},
    ports::gong::GongError,
};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    lenient::{filled, readable},
    responses::{
        AffiliationResponse, CallResponse, CallsResponse, MonologueResponse, PartyResponse,
        RecordsResponse, SentenceResponse, TranscriptResponse, TranscriptsResponse, UserResponse,
        UsersResponse, WorkspaceResponse, WorkspacesResponse,
    },
};

/// A page of calls. A call that cannot be read becomes an empty one, so that it is counted.
pub(super) fn calls_page(response: CallsResponse) -> Result<CallsPage, GongError> {
    let records = response.records.unwrap_or_default();
    let calls = entries(response.calls, "calls", &records)?;
    Ok(CallsPage {
        calls: calls.into_iter().map(listed_call).collect(),
        cursor: filled(records.cursor),
        total: records.total_records,
    })
}

/// A page of transcripts: those of the calls that were asked for. A call whose transcript is null
/// or cannot be read has none yet.
pub(super) fn transcripts_page(
    response: TranscriptsResponse,
    asked: &[CallId],
) -> Result<TranscriptsPage, GongError> {
    let records = response.records.unwrap_or_default();
    let entries = entries(response.call_transcripts, "callTranscripts", &records)?;
    Ok(TranscriptsPage {
        transcripts: readable(entries)
            .filter_map(transcript)
            .filter(|(id, _)| asked.contains(id))
            .collect(),
        cursor: filled(records.cursor),
    })
}

/// A page of users. One without an id is left out.
pub(super) fn users_page(response: UsersResponse) -> Result<UsersPage, GongError> {
    let records = response.records.unwrap_or_default();
    let entries = entries(response.users, "users", &records)?;
    let mut page = UsersPage {
        cursor: filled(records.cursor),
        ..UsersPage::default()
    };
    let mut slugs = BTreeSet::new();
    for user in readable::<UserResponse>(entries) {
        let consent_page = user.meeting_consent_page_url.as_deref();
        slugs.extend(consent_page.and_then(company_slug));
        if let Some(id) = filled(user.id) {
            let addresses = [user.email_address, user.trusted_email_address];
            page.users.push(DirectoryUser {
                id,
                emails: emails(addresses.into_iter().flatten().chain(user.email_aliases)),
            });
        }
    }
    page.company_slugs = slugs.into_iter().collect();
    Ok(page)
}

/// The workspaces. One without an id is left out.
pub(super) fn workspaces(response: WorkspacesResponse) -> Result<Vec<GongWorkspace>, GongError> {
    let entries = entries(
        response.workspaces,
        "workspaces",
        &RecordsResponse::default(),
    )?;
    Ok(readable::<WorkspaceResponse>(entries)
        .filter_map(|workspace| {
            Some(GongWorkspace {
                id: filled(workspace.id)?,
                name: filled(workspace.name),
            })
        })
        .collect())
}

/// The entries of a page. A page without its list is empty only where it says so itself: taken for
/// an empty one, it would end a listing early and lose what follows.
fn entries(
    list: Option<Vec<Value>>,
    name: &str,
    records: &RecordsResponse,
) -> Result<Vec<Value>, GongError> {
    let nothing = [records.total_records, records.current_page_size].contains(&Some(0));
    match list {
        Some(entries) => Ok(entries),
        None if nothing => Ok(Vec::new()),
        None => Err(GongError::Unreadable(format!("it has no {name}"))),
    }
}

fn listed_call(entry: Value) -> ListedCall {
    let call = CallResponse::deserialize(entry).unwrap_or_default();
    let meta = call.meta_data.unwrap_or_default();
    ListedCall {
        id: meta.id.and_then(|id| CallId::of(GONG, &id).ok()),
        url: filled(meta.url),
        title: filled(meta.title),
        started: meta.started.as_deref().and_then(Timestamp::parse_rfc3339),
        is_private: meta.is_private,
        language: filled(meta.language),
        workspace_id: filled(meta.workspace_id),
        account: account_name(&call.context),
        parties: call.parties.into_iter().map(party).collect(),
    }
}

fn party(party: PartyResponse) -> Party {
    Party {
        id: filled(party.id),
        name: filled(party.name),
        email: filled(party.email_address),
        user_id: filled(party.user_id),
        speaker_id: filled(party.speaker_id),
        affiliation: match party.affiliation {
            Some(AffiliationResponse::Internal) => Affiliation::Internal,
            Some(AffiliationResponse::External) => Affiliation::External,
            Some(AffiliationResponse::Other) | None => Affiliation::Unknown,
        },
    }
}

fn transcript(entry: TranscriptResponse) -> Option<(CallId, Transcript)> {
    let id = CallId::of(GONG, &entry.call_id?).ok()?;
    let mut last_end = 0;
    let monologues = readable::<MonologueResponse>(entry.transcript?)
        .map(|monologue| Monologue {
            speaker_id: filled(monologue.speaker_id),
            sentences: monologue
                .sentences
                .into_iter()
                .filter_map(|entry| sentence(entry, &mut last_end))
                .collect(),
        })
        .collect();
    Some((id, Transcript { monologues }))
}

/// A sentence with words. One without a start begins where the one before it ends.
fn sentence(sentence: SentenceResponse, last_end: &mut i64) -> Option<Sentence> {
    let text = filled(sentence.text)?;
    let start_ms = sentence.start.unwrap_or(*last_end);
    let end_ms = sentence.end.unwrap_or(start_ms);
    *last_end = end_ms;
    Some(Sentence {
        start_ms,
        end_ms,
        text,
        is_loop: false,
    })
}

/// The addresses in lower case, each once.
fn emails(addresses: impl Iterator<Item = String>) -> Vec<String> {
    let mut emails: Vec<String> = Vec::new();
    for address in addresses {
        let email = address.trim().to_lowercase();
        if !email.is_empty() && !emails.contains(&email) {
            emails.push(email);
        }
    }
    emails
}

/// Host (in lower case) and first path segment of a consent page's address.
fn company_slug(consent_page: &str) -> Option<String> {
    let url = domain::service_url::web_url(consent_page)?;
    let slug = url
        .path_segments()?
        .next()
        .filter(|slug| !slug.is_empty())?;
    Some(format!("{}/{slug}", Url::host_str(&url)?.to_lowercase()))
}

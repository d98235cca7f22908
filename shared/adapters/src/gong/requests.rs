//! What we send.

use domain::{gong::shapes::CallsFilter, ids::CallId};
use serde::Serialize;

/// `POST /v2/calls/extensive`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallsBody<'a> {
    /// At the top level: anywhere else Gong ignores it and gives the first page again.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    filter: FilterBody<'a>,
    content_selector: ContentSelectorBody,
}

/// `POST /v2/calls/transcript`.
#[derive(Debug, Serialize)]
pub(super) struct TranscriptsBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    filter: FilterBody<'a>,
}

/// Either a time range or ids, never both.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum FilterBody<'a> {
    #[serde(rename_all = "camelCase")]
    Range {
        from_date_time: String,
        to_date_time: String,
    },
    #[serde(rename_all = "camelCase")]
    Ids { call_ids: &'a [CallId] },
}

/// The sections that we need; what is not named is not sent.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentSelectorBody {
    /// `Extended`: `Basic` links the account's CRM object but leaves its name out.
    context: &'static str,
    context_timing: [&'static str; 1],
    exposed_fields: ExposedFieldsBody,
}

#[derive(Debug, Serialize)]
struct ExposedFieldsBody {
    parties: bool,
}

impl<'a> CallsBody<'a> {
    /// A page of calls with metadata, participants and CRM context.
    pub(super) fn new(filter: &'a CallsFilter, cursor: Option<&'a str>) -> Self {
        let filter = match filter {
            CallsFilter::Range { from, to } => FilterBody::Range {
                from_date_time: from.to_rfc3339(),
                to_date_time: to.to_rfc3339(),
            },
            CallsFilter::Ids(ids) => FilterBody::Ids { call_ids: ids },
        };
        Self {
            cursor,
            filter,
            content_selector: ContentSelectorBody {
                context: "Extended",
                context_timing: ["Now"],
                exposed_fields: ExposedFieldsBody { parties: true },
            },
        }
    }
}

impl<'a> TranscriptsBody<'a> {
    /// A page of the transcripts of these calls.
    pub(super) fn new(ids: &'a [CallId], cursor: Option<&'a str>) -> Self {
        Self {
            cursor,
            filter: FilterBody::Ids { call_ids: ids },
        }
    }
}

//! What became of a call, as its page and the list of calls show it.

use std::collections::BTreeMap;

use domain::{
    call::{Call, CallState, Outcome, OutcomeResult, SkipCause},
    ids::{OrgId, PostId},
    ports::StoreError,
    usage::Usage,
};
use futures::future;
use maud::{Markup, html};

use super::words::{cost, plural};
use crate::App;

/// At most this many posts are looked up by title; further ones are linked without.
const MAX_TITLES: usize = 50;

/// The titles of the posts that these calls led to.
pub async fn titles(
    app: &App,
    org: &OrgId,
    calls: &[Call],
) -> Result<BTreeMap<PostId, String>, StoreError> {
    let mut ids: Vec<&PostId> = calls
        .iter()
        .flat_map(|call| &call.outcomes)
        .map(|o| &o.post_id)
        .collect();
    ids.sort();
    ids.dedup();
    ids.truncate(MAX_TITLES);
    let looked = ids.into_iter().map(|id| app.feedback.post(org, id));
    let posts = future::try_join_all(looked).await?;
    Ok(posts
        .into_iter()
        .flatten()
        .map(|post| (post.id, post.request.title))
        .collect())
}

/// How a state is coloured.
pub const fn tone(state: CallState) -> &'static str {
    match state {
        CallState::Posted | CallState::Consolidated => "good",
        CallState::InReview | CallState::AwaitingTranscript | CallState::Deferred => "warn",
        CallState::Failed => "bad",
        _ => "quiet",
    }
}

/// What stands in the place of a title that there is not.
pub const fn untitled(call: &Call) -> &'static str {
    match call.skip_cause {
        Some(SkipCause::Private | SkipCause::Withdrawn) => "Private call",
        Some(SkipCause::Erased) => "Erased call",
        _ => "Untitled call",
    }
}

/// What the call led to.
pub fn outcomes(outcomes: &[Outcome], titles: &BTreeMap<PostId, String>) -> Markup {
    html! {
        @if outcomes.is_empty() { span.none { "nothing" } } @else {
            ul.plain {
                @for outcome in outcomes {
                    li {
                        (result_words(outcome)) ": "
                        a href={ "/feedback/" (outcome.post_id) } {
                            (titles.get(&outcome.post_id).map_or("the post", |title| title))
                        }
                    }
                }
            }
        }
    }
}

fn result_words(outcome: &Outcome) -> String {
    match (outcome.result, outcome.score) {
        (OutcomeResult::Posted, _) => "new post".into(),
        (OutcomeResult::Consolidated, Some(score)) => format!("added ({score:.2})"),
        (OutcomeResult::Consolidated, None) => "added".into(),
        (OutcomeResult::InReview, _) => "in review".into(),
        (OutcomeResult::Rejected, _) => "rejected".into(),
        (OutcomeResult::Newer(word), _) => word.as_str().into(),
    }
}

/// Such as "2 requests, 12,400 tokens, $0.0031".
pub fn used(usage: &Usage) -> Markup {
    let mut parts = Vec::new();
    if usage.llm_calls > 0 {
        parts.push(plural(usage.llm_calls, "model request"));
    }
    if usage.tokens() > 0 {
        parts.push(plural(usage.tokens(), "token"));
    }
    if usage.embedded_texts > 0 {
        parts.push(format!("{} embedded", plural(usage.embedded_texts, "text")));
    }
    if usage.tokens() > 0 {
        parts.push(cost(usage));
    }
    html! {
        @if parts.is_empty() { span.none { "No cost" } } @else { (parts.join(", ")) }
    }
}

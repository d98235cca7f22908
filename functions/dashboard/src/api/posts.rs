//! Posts.

use axum::{Json, extract::State};
use domain::{
    feedback::{Author, EngineStamp, Evidence, MergeCheck, Post, Quote},
    findings::Confidence,
    ids::PostId,
    service_url::web_url,
};
use feedback::curation::support::support;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Envelope, PageQuery};
use crate::{
    App,
    extract::{Asked, Named, Who},
    http_status::Refusal,
    pages::words::offset,
    paging,
    post_query::PostQuery,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    #[serde(flatten)]
    filter: PostQuery,
    #[serde(flatten)]
    page: PageQuery,
}

/// `GET /api/posts`
pub async fn list(
    State(app): State<App>,
    Who(me): Who,
    Asked(query): Asked<Query>,
) -> Result<Json<Envelope>, Refusal> {
    let (filter, limit) = (query.filter.filter()?, query.page.limit()?);
    let posts = app.feedback.posts(&me.org_id, &filter).await?;
    let part = paging::part(&posts, query.page.cursor(), limit);
    let part = part.ok_or(Refusal::BadQuery("the cursor"))?;
    let items = part.posts.iter().map(post).collect();
    Ok(Json(Envelope::new(items, part.next)))
}

/// `GET /api/posts/{id}`
pub async fn one(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
) -> Result<Json<Value>, Refusal> {
    let found = app.feedback.post(&me.org_id, &id).await?;
    let found = found.ok_or(Refusal::NotFound("post"))?;
    let supports = support(&*app.feedback, &found).await?;
    let mut json = post(&found);
    json["evidence"] = supports.evidence.iter().map(evidence).collect();
    let similar = |similar: &domain::feedback::Similar| json!({"post_id": similar.post_id, "check": check(&similar.check)});
    json["similar"] = found.similar.iter().map(similar).collect();
    Ok(Json(json))
}

fn post(post: &Post) -> Value {
    json!({
        "id": post.id,
        "url": format!("/feedback/{}", post.id),
        "title": post.request.title,
        "description": post.request.description,
        "board_id": post.board_id,
        "category_id": post.category_id,
        "tag_ids": post.tag_ids,
        "status": post.status,
        "moderation": post.moderation,
        "review_reason": post.review_reason,
        "reviewed": post.reviewed,
        "merged_into": post.merged_into.as_ref().map(|merged| &merged.into),
        "merged_from": post.merged_from,
        "owner_id": post.owner,
        "sentiment": post.request.sentiment,
        "priority": post.request.priority,
        "feature_area": post.request.feature_area,
        "pain_points": post.request.pain_points,
        "source": post.source,
        "source_type": post.source_type,
        "author": author(&post.author),
        "evidence_count": post.evidence_count,
        "engine": post.engine.as_ref().map(engine),
        "metadata": post.metadata,
        "created": post.created.to_rfc3339(),
        "updated": post.updated.to_rfc3339(),
        "created_by": post.created_by,
    })
}

fn evidence(evidence: &Evidence) -> Value {
    json!({
        "call_id": evidence.call_id,
        "call_url": link(evidence.call_url.as_deref()),
        "call_title": evidence.call_title,
        "call_started": evidence.call_started.map(|at| at.to_rfc3339()),
        "title": evidence.request.title,
        "description": evidence.request.description,
        "author": author(&evidence.author),
        "quotes": evidence.quotes.iter().map(quote).collect::<Vec<_>>(),
        "post_id": evidence.post_id,
        "n": evidence.n,
        "rejected_quotes": evidence.rejected_quotes,
        "moves": evidence.moves,
        "merge": evidence.merge.as_ref().map(check),
        "engine": engine(&evidence.engine),
        "created": evidence.created.to_rfc3339(),
    })
}

pub fn quote(quote: &Quote) -> Value {
    json!({
        "text": quote.text,
        "speaker": quote.speaker,
        "start_ms": quote.start_ms,
        "time": offset(quote.start_ms),
        "link": link(quote.link.as_deref()),
    })
}

pub fn author(author: &Author) -> Value {
    json!({"name": author.name, "email": author.email, "account": author.account})
}

fn check(check: &MergeCheck) -> Value {
    json!({
        "reason": check.reason,
        "guarded": check.guarded,
        "score": check.score,
        "threshold": check.threshold,
        "embedder": check.embedder,
        "guards": check.guards,
        "basis": check.basis().as_str(),
        "judged": check.judged.as_ref().map(|judged| json!({
            "model": judged.model,
            "sameness": judged.sameness.as_str(),
            "confidence": judged.confidence.map(Confidence::as_str),
        })),
    })
}

/// What analysed something.
pub fn engine(engine: &EngineStamp) -> Value {
    json!({"llm": engine.llm, "version": engine.version, "product": engine.product})
}

/// An address of the web, or nothing.
pub fn link(url: Option<&str>) -> Option<String> {
    url.and_then(web_url).map(String::from)
}

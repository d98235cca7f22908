//! What people decide about a post, as forms on its page.

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use domain::ids::{CallId, PostId};
use feedback::curation::{Approval, Approved, EvidenceKey};
use serde::Deserialize;

use crate::{
    App,
    extract::{Named, Posted, Who},
    http_status::Refusal,
    notice::Notice,
};

/// A form that names another post, by id or by the address of its page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OtherPost {
    to: String,
}

impl OtherPost {
    /// The post that is named; none when the field is empty.
    fn read(&self) -> Result<Option<PostId>, Refusal> {
        let text = self.to.trim();
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let id = path.trim_end_matches('/').rsplit('/').next();
        match id.unwrap_or_default() {
            "" => Ok(None),
            id => PostId::parse(id)
                .map(Some)
                .map_err(|_| Refusal::NotFound("post")),
        }
    }
}

fn page_of(id: &PostId) -> String {
    format!("/feedback/{id}")
}

/// `POST /feedback/{id}/merge`
pub async fn merge(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
    Posted(form): Posted<OtherPost>,
) -> Result<Redirect, Refusal> {
    let into = form.read()?.ok_or(Refusal::NotFound("post"))?;
    app.curate.merge(&me, &id, &into).await?;
    Ok(Redirect::to(&Notice::Merged.on(&page_of(&into))))
}

/// `POST /feedback/{id}/undo-merge`
pub async fn undo_merge(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
) -> Result<Redirect, Refusal> {
    app.curate.undo_merge(&me, &id).await?;
    Ok(Redirect::to(&Notice::MergeUndone.on(&page_of(&id))))
}

/// How a post in review is approved.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ApproveForm {
    own: String,
}

/// `POST /feedback/{id}/approve`
pub async fn approve(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
    Posted(form): Posted<ApproveForm>,
) -> Result<Redirect, Refusal> {
    let approval = match form.own.as_str() {
        "1" => Approval::AsItsOwn,
        _ => Approval::ByTheRules,
    };
    let here = match app.curate.approve(&me, &id, approval).await? {
        Approved::Published => Notice::Approved.on(&page_of(&id)),
        Approved::AddedTo(post) => Notice::ApprovedInto.on(&page_of(&post)),
    };
    Ok(Redirect::to(&here))
}

/// Why a post in review is rejected.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RejectForm {
    reason: String,
}

/// `POST /feedback/{id}/reject`
pub async fn reject(
    State(app): State<App>,
    Who(me): Who,
    Named(id): Named<PostId>,
    Posted(form): Posted<RejectForm>,
) -> Result<Redirect, Refusal> {
    app.curate.reject(&me, &id, &form.reason).await?;
    Ok(Redirect::to(&Notice::Rejected.on("/review")))
}

/// `POST /feedback/{post}/evidence/{call}/{n}/move`
pub async fn move_evidence(
    State(app): State<App>,
    Who(me): Who,
    Path((post, call, n)): Path<(String, String, u32)>,
    Posted(form): Posted<OtherPost>,
) -> Result<Redirect, Refusal> {
    let key = EvidenceKey {
        post_id: PostId::parse(post).map_err(|_| Refusal::NotFound("post"))?,
        call_id: CallId::parse(call).map_err(|_| Refusal::NotFound("call"))?,
        n,
    };
    let to = form.read()?;
    let to = app.curate.move_evidence(&me, &key, to.as_ref()).await?;
    Ok(Redirect::to(&Notice::EvidenceMoved.on(&page_of(&to))))
}

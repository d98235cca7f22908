//! Moving evidence, merging by hand, and undoing both: nothing is lost, and the pipeline keeps to
//! what people decided.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use adapters::dynamodb::Dynamo;
use async_trait::async_trait;
use domain::{
    call::{CallState, OutcomeResult},
    feedback::{Merging, Post, Settings},
    ids::{OrgId, PostId},
    ports::{
        analysis::{EmbedError, Embedded, Embedder},
        feedback::{DedupeStore, FeedbackChange, FeedbackStore, PostChange},
    },
};
use feedback::reindex::Reindex;
use kit::{
    Browser,
    test_app::{admin, member},
};
use lambda_http::http::StatusCode;
use local::exact_index::ExactIndex;

use crate::{
    index_away::{Renamed, by_model},
    model::DIMENSION,
    people::{Company, INVOICE, NIGHT, NO_INVOICE, REPORT, asks, counted},
};

#[tokio::test]
async fn evidence_that_was_moved_out_stays_out_and_its_like_follows() {
    let mut company =
        Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("3", INVOICE).build()]).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 2), (NIGHT, 1)]));

    // The invoice is not the report: it gets a post of its own.
    let report = company.page_of(REPORT.title).await;
    let moved = max
        .post(&format!("{report}/evidence/3/0/move"), &[("to", "")])
        .await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    let page = max.get(moved.location()).await.text();
    for words in [
        "The evidence was moved here.",
        INVOICE.title,
        INVOICE.said,
        "max moved it here from another post .",
        "max moved the evidence of call 3 from post",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let apart = [(REPORT, 1), (NIGHT, 1), (INVOICE, 1)];
    assert_eq!(company.counts().await, counted(&apart));
    let call = company.test.call("3").await;
    assert_eq!(
        (call.state, call.outcomes[0].result),
        (CallState::Posted, OutcomeResult::Posted)
    );
    assert_eq!(call.reason, "max moved its feedback to a post of its own");

    // Later calls go where their like is, also when both posts would take them.
    company
        .hears(vec![asks("4", INVOICE).build(), asks("5", REPORT).build()])
        .await;
    let later = [(REPORT, 2), (NIGHT, 1), (INVOICE, 2)];
    assert_eq!(company.counts().await, counted(&later));
}

#[tokio::test]
async fn evidence_moved_into_another_post_takes_its_like_along_however_unlike_that_post_is() {
    let mut company =
        Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("3", INVOICE).build()]).await;
    let (report, night) = (
        company.page_of(REPORT.title).await,
        company.page_of(NIGHT.title).await,
    );
    let address = format!("http://127.0.0.1:9999{night}?done=x");
    let path = format!("{report}/evidence/3/0/move");
    let moved = max.post(&path, &[("to", &address)]).await;
    assert!(moved.location().starts_with(&night), "{}", moved.text());
    company.hears(vec![asks("4", INVOICE).build()]).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 1), (NIGHT, 3)]));
    let page = max.get(&night).await.text();
    let why = "Added because a person moved evidence like this one here (similarity ";
    assert!(page.contains(why), "{page}");

    // And back again: the last word holds.
    let back = max
        .post(&format!("{night}/evidence/3/0/move"), &[("to", &report)])
        .await;
    assert!(back.location().starts_with(&report), "{}", back.text());
    company.hears(vec![asks("5", INVOICE).build()]).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 3), (NIGHT, 2)]));
}

#[tokio::test]
async fn what_is_judged_to_differ_from_evidence_that_was_moved_out_does_not_follow_it() {
    let mut company =
        Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("3", INVOICE).build()]).await;
    let report = company.page_of(REPORT.title).await;
    let path = format!("{report}/evidence/3/0/move");
    let moved = max.post(&path, &[("to", "")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    let settings = Settings {
        merging: Merging::Judged,
        ..Settings::default()
    };
    let (store, org) = (&company.test.app.store, company.test.org());
    store.put_settings(&org, &settings).await.unwrap();
    company.hears(vec![asks("4", NO_INVOICE).build()]).await;
    let apart = [(REPORT, 1), (NIGHT, 1), (INVOICE, 1), (NO_INVOICE, 1)];
    assert_eq!(company.counts().await, counted(&apart));
}

#[tokio::test]
async fn evidence_that_was_moved_twice_takes_its_like_to_where_it_is_now() {
    let mut company =
        Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("3", INVOICE).build()]).await;
    let (report, night) = (
        company.page_of(REPORT.title).await,
        company.page_of(NIGHT.title).await,
    );
    for (from, to) in [(&report, night.as_str()), (&night, "")] {
        let path = format!("{from}/evidence/3/0/move");
        let moved = max.post(&path, &[("to", to)]).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    }
    let apart = [(REPORT, 1), (NIGHT, 1), (INVOICE, 1)];
    assert_eq!(company.counts().await, counted(&apart));
    company.hears(vec![asks("4", INVOICE).build()]).await;
    let later = [(REPORT, 1), (NIGHT, 1), (INVOICE, 2)];
    assert_eq!(company.counts().await, counted(&later));
}

#[tokio::test]
async fn evidence_that_went_to_and_fro_can_still_be_erased() {
    let mut company =
        Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("3", INVOICE).build()]).await;
    let (report, night) = (
        company.page_of(REPORT.title).await,
        company.page_of(NIGHT.title).await,
    );
    for (from, to) in [(&report, &night), (&night, &report), (&report, &night)] {
        let path = format!("{from}/evidence/3/0/move");
        let moved = max.post(&path, &[("to", to)]).await;
        assert!(moved.location().starts_with(to), "{}", moved.text());
    }
    let mut ada = company.test.browser(&admin()).await;
    let erased = ada.post("/calls/3/erase", &[]).await;
    assert!(
        erased.location().contains("call-erased"),
        "{}",
        erased.text()
    );
    assert_eq!(company.counts().await, counted(&[(REPORT, 1), (NIGHT, 1)]));
}

#[tokio::test]
async fn what_cannot_be_moved_is_refused_and_stays() {
    let company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let report = company.page_of(REPORT.title).await;
    for (path, to, status, words) in [
        (
            "1/0",
            report.as_str(),
            422,
            "This evidence already belongs to that post.",
        ),
        ("9/0", "", 409, "This evidence is no longer with the post"),
        ("1/0", "no-such-post", 404, "There is no such post"),
        ("1/0", "no such id!", 404, "There is no such post"),
    ] {
        let path = format!("{report}/evidence/{path}/move");
        let page = max.post(&path, &[("to", to)]).await;
        assert_eq!(page.status.as_u16(), status, "{to}: {}", page.text());
        assert!(page.text().contains(words), "{}", page.text());
    }
    assert_eq!(company.counts().await, counted(&[(REPORT, 1)]));
}

#[tokio::test]
async fn the_last_evidence_leaves_a_post_that_waits_for_a_person() {
    let company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let report = company.page_of(REPORT.title).await;
    max.post(&format!("{report}/evidence/1/0/move"), &[("to", "")])
        .await;
    let page = max.get(&report).await.text();
    assert!(page.contains("In review."), "{page}");
    assert!(
        page.contains("Its last evidence was moved to another post"),
        "{page}"
    );
}

#[tokio::test]
async fn a_merge_by_hand_takes_in_what_comes_later_and_can_be_undone() {
    let mut company =
        Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    let (report, night) = (
        company.page_of(REPORT.title).await,
        company.page_of(NIGHT.title).await,
    );
    let merged = max
        .post(&format!("{night}/merge"), &[("to", &report)])
        .await;
    let page = max.get(merged.location()).await.text();
    for words in [
        "The post was merged into this one.",
        "Evidence (2)",
        NIGHT.said,
        "It came from A theme for the night shift , which was merged into this post.",
        "Merged into this post",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // What is like the merged post is added to the one that took it in.
    company.hears(vec![asks("3", NIGHT).build()]).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 2)]));
    let list = max.get("/feedback").await.text();
    assert!(
        list.contains("Export the weekly report Feature requests none open 3"),
        "{list}"
    );

    let undone = max.post(&format!("{night}/undo-merge"), &[]).await;
    let page = max.get(undone.location()).await.text();
    assert!(page.contains("The merge was undone"), "{page}");
    assert!(page.contains("Evidence (1)"), "{page}");
    assert_eq!(company.counts().await, counted(&[(REPORT, 2), (NIGHT, 1)]));
    company.hears(vec![asks("4", NIGHT).build()]).await;
    assert_eq!(company.counts().await, counted(&[(REPORT, 2), (NIGHT, 2)]));
}

#[tokio::test]
async fn posts_merged_one_into_the_next_lead_to_the_last() {
    let mut company =
        Company::with(vec![asks("1", REPORT).build(), asks("2", NIGHT).build()]).await;
    let mut max = company.connect().await;
    let form = [("title", "Everything else"), ("details", ""), ("board", "")];
    let third = max.post("/feedback", &form).await.location().to_owned();
    let third = third.split('?').next().unwrap_or_default();
    let (report, night) = (
        company.page_of(REPORT.title).await,
        company.page_of(NIGHT.title).await,
    );
    max.post(&format!("{night}/merge"), &[("to", &report)])
        .await;
    max.post(&format!("{report}/merge"), &[("to", third)]).await;
    company
        .hears(vec![asks("3", NIGHT).build(), asks("4", REPORT).build()])
        .await;
    assert_eq!(company.counts().await, [("Everything else".to_owned(), 2)]);
    let page = max.get(third).await.text();
    assert!(page.contains("Evidence (4)"), "{page}");
    let circle = max.post(&format!("{third}/merge"), &[("to", &night)]).await;
    assert_eq!(
        circle.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        circle.text()
    );
}

#[tokio::test]
async fn another_embedding_model_does_not_forget_what_was_moved_out() {
    let mut company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    company.hears(vec![asks("2", INVOICE).build()]).await;
    let report = company.page_of(REPORT.title).await;
    max.post(&format!("{report}/evidence/2/0/move"), &[("to", "")])
        .await;
    let old = company.test.app.reindex.clone();
    let reindex = Reindex {
        index: Arc::new(ExactIndex::new(DIMENSION)),
        post_embedder: by_model(
            old.post_embedder.clone(),
            Arc::new(Renamed(old.post_embedder.embedder)),
        ),
        ..old
    };
    assert_eq!(reindex.run(true).await.unwrap().re_embedded, 2);
    let id = PostId::parse(report.trim_start_matches("/feedback/")).unwrap();
    let store = &company.test.app.store;
    let moved = store.unmerges(&company.test.org(), &id).await.unwrap();
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0].embedder, reindex.post_embedder.embedder.name());
}

#[tokio::test]
async fn another_embedding_model_knows_what_was_moved_out_of_a_post_that_waited() {
    let company = Company::with(vec![asks("1", REPORT).build()]).await;
    let mut max = company.connect().await;
    let report = company.page_of(REPORT.title).await;
    max.post(&format!("{report}/evidence/1/0/move"), &[("to", "")])
        .await;
    // The last evidence has left, so the post waits: it is not in the search when the model changes.
    let old = company.test.app.reindex.clone();
    let renamed: Arc<dyn Embedder> = Arc::new(Renamed(Arc::clone(&old.post_embedder.embedder)));
    let reindex = Reindex {
        index: Arc::new(ExactIndex::new(DIMENSION)),
        post_embedder: by_model(old.post_embedder, Arc::clone(&renamed)),
        ..old
    };
    assert_eq!(reindex.run(true).await.unwrap().re_embedded, 1);
    let app = company
        .test
        .another_process(|parts| {
            parts.embedder = renamed;
            parts.index = Arc::new(ExactIndex::new(DIMENSION));
        })
        .await;
    let mut max = Browser::new(app);
    max.sign_in(&member()).await;
    let approved = max
        .post(&format!("{report}/approve"), &[("own", "1")])
        .await;
    assert_eq!(
        approved.status,
        StatusCode::SEE_OTHER,
        "{}",
        approved.text()
    );
    let id = PostId::parse(report.trim_start_matches("/feedback/")).unwrap();
    let store = &company.test.app.store;
    let moved = store.unmerges(&company.test.org(), &id).await.unwrap();
    assert_eq!(moved[0].embedder, reindex.post_embedder.embedder.name());
}

/// A model during whose first answer somebody else writes to the post.
struct Meanwhile {
    inner: Arc<dyn Embedder>,
    store: Arc<Dynamo>,
    org: OrgId,
    post: PostId,
    asked: AtomicU32,
}

#[async_trait]
impl Embedder for Meanwhile {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn threshold(&self) -> f32 {
        self.inner.threshold()
    }

    async fn embed(&self, texts: &[String]) -> Result<Embedded, EmbedError> {
        if self.asked.fetch_add(1, Ordering::SeqCst) == 0 {
            let read = self.store.post(&self.org, &self.post).await.unwrap();
            let read = read.unwrap();
            let mut change = FeedbackChange::new(self.org.clone(), read.updated);
            let next = Post {
                edits: read.edits + 1,
                ..read.clone()
            };
            change.posts.push(PostChange::of(read, next));
            self.store.change(&change).await.unwrap();
        }
        self.inner.embed(texts).await
    }
}

#[tokio::test]
async fn a_move_that_is_planned_again_asks_for_its_place_once() {
    let company = Company::with(vec![asks("1", REPORT).build(), asks("2", REPORT).build()]).await;
    company.connect().await;
    let report = company.page_of(REPORT.title).await;
    let meanwhile = Arc::new(Meanwhile {
        inner: company.test.app.reindex.post_embedder.embedder.clone(),
        store: company.test.app.store.clone(),
        org: company.test.org(),
        post: PostId::parse(report.trim_start_matches("/feedback/")).unwrap(),
        asked: AtomicU32::new(0),
    });
    let model: Arc<dyn Embedder> = meanwhile.clone();
    let app = company
        .test
        .another_process(|parts| parts.embedder = model)
        .await;
    let mut max = Browser::new(app);
    max.sign_in(&member()).await;
    let moved = max
        .post(&format!("{report}/evidence/2/0/move"), &[("to", "")])
        .await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    assert_eq!(meanwhile.asked.load(Ordering::SeqCst), 1);
    let store = &company.test.app.store;
    let post = store.post(&meanwhile.org, &meanwhile.post).await.unwrap();
    let post = post.unwrap();
    assert_eq!((post.edits, post.unmerges), (1, 1));
}

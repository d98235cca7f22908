//! What earlier versions stored is read by this one, and what later ones store breaks nothing.
//!
//! A fixture is a data folder, and the same items as DynamoDB's JSON, kept from the last commit of
//! a version by `tests/fixtures/keep-stored-data`.

mod keep;
mod newer;
mod wire;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use domain::{
    call::CallState,
    connection::ConnectionStatus,
    feedback::Moderation,
    moment::{Span, Timestamp},
    ports::feedback::PostFilter,
};
use gong_sandbox::SandboxCall;
use kit::{
    Browser, TestApp, TestOptions,
    calls::pdf_call,
    test_app::{Data, admin},
};
use lambda_http::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const TABLES: [&str; 3] = ["connections", "calls", "feedback"];
/// The version whose data is kept.
const KEPT: &str = "stored-0.1";
/// Ids that no fixture has.
const IDS_FROM: u64 = 1_000_000;
/// Calls of the fixture: one that failed, and one that was put off with what was found in it.
const FAILED: &str = "9002";
const PUT_OFF: &str = "9008";
/// A call that a fixture does not know.
const NEW: &str = "9100";

/// What is known of a fixture beside what it stores.
#[derive(Debug, Serialize, Deserialize)]
struct Expected {
    /// The time at which it was left, in milliseconds.
    now: i64,
    /// The post whose merge is undone.
    merged: String,
    /// Title, moderation and number of pieces of evidence of every post.
    posts: BTreeMap<String, (String, String, u64)>,
    /// State and reason of every call.
    calls: BTreeMap<String, (String, String)>,
}

struct Kept {
    test: TestApp,
    expected: Expected,
}

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures")
        .join(KEPT)
}

fn copied(what: impl Fn(&str) -> bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    keep::copy_all(&fixture().join("data"), folder.path(), &what);
    folder
}

fn items(table: &str) -> Vec<wire::Item> {
    let lines = fs::read_to_string(fixture().join(format!("dynamodb/{table}.jsonl"))).unwrap();
    let items = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    items.map(|json: Value| wire::from_json(&json)).collect()
}

fn heard(id: &str, now: Timestamp) -> SandboxCall {
    pdf_call(id).started(now - Span::hours(1)).build()
}

impl Kept {
    async fn open(folder: tempfile::TempDir) -> Self {
        let expected = fs::read_to_string(fixture().join("expected.json")).unwrap();
        let expected: Expected = serde_json::from_str(&expected).unwrap();
        let now = Timestamp(expected.now);
        let test = TestApp::start(TestOptions {
            calls: [NEW, PUT_OFF].map(|id| heard(id, now)).into(),
            data: Some(Data {
                folder,
                now,
                ids_from: IDS_FROM,
            }),
            ..TestOptions::default()
        })
        .await;
        Self { test, expected }
    }

    /// The data folder as it was left.
    async fn folder() -> Self {
        Self::open(copied(|_| true)).await
    }

    /// The items as they were left, each after `change`, in a new database.
    async fn tables(change: impl Fn(&str, &mut wire::Item)) -> Self {
        let kept = Self::open(copied(|name| !name.starts_with("productbridge.db"))).await;
        for table in TABLES {
            for mut item in items(table) {
                change(table, &mut item);
                kept.test.put_raw(table, item).await;
            }
        }
        kept.test.app.reindex.run(false).await.unwrap();
        kept
    }

    /// Everything that a person can open.
    fn pages(&self) -> Vec<String> {
        let pages = [
            "/integrations/gong",
            "/integrations/gong/disconnect",
            "/feedback",
            "/feedback?moderation=rejected",
            "/feedback?moderation=merged",
            "/feedback/new",
            "/review",
            "/activity",
            "/usage",
            "/erase",
            "/calls",
            "/boards",
            "/boards/new",
            "/boards/feature-requests/edit",
            "/api/posts",
            "/api/boards",
            "/api/tags",
            "/api/calls",
            "/api/usage",
            "/api/integrations/gong",
            "/api/integrations/gong/progress",
        ];
        let posts = self.expected.posts.keys();
        let posts =
            posts.flat_map(|id| ["/feedback/", "/api/posts/"].map(|of| format!("{of}{id}")));
        let calls = self.expected.calls.keys();
        let calls = calls.flat_map(|id| ["/calls/", "/api/calls/"].map(|of| format!("{of}{id}")));
        let states = CallState::ALL
            .iter()
            .map(|state| format!("/calls?state={state}"));
        let pages = pages.into_iter().map(str::to_owned);
        pages.chain(posts).chain(calls).chain(states).collect()
    }

    async fn every_page_opens(&self, browser: &mut Browser) {
        for path in self.pages() {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        }
    }

    async fn holds_what_was_stored(&self) {
        let every = PostFilter {
            hidden_too: true,
            ..PostFilter::default()
        };
        let mut found = BTreeMap::new();
        for post in self.test.posts(&every).await {
            let evidence = self.test.evidence(&post.id).await.len() as u64;
            assert_eq!(evidence, post.evidence_count, "{}", post.request.title);
            let moderation = post.moderation.as_str().to_owned();
            found.insert(
                post.id.to_string(),
                (post.request.title, moderation, evidence),
            );
        }
        assert_eq!(found, self.expected.posts);
        let ledger = self.test.ledger().await.into_iter();
        let ledger: BTreeMap<_, _> = ledger
            .map(|(id, (state, reason))| (id, (state.to_string(), reason)))
            .collect();
        assert_eq!(ledger, self.expected.calls);
    }

    /// Polls, analyses what waited and what is new, retries, undoes a merge and disconnects.
    async fn goes_on(&self, ada: &mut Browser) {
        let test = &self.test;
        test.later(Span::hours(3)).await;
        for id in [NEW, PUT_OFF] {
            let call = test.call(id).await;
            let decided = [
                CallState::Posted,
                CallState::Consolidated,
                CallState::InReview,
            ];
            assert!(decided.contains(&call.state), "{id}: {}", call.reason);
        }
        let retried = ada.post(&format!("/calls/{FAILED}/retry"), &[]).await;
        assert_eq!(retried.status, StatusCode::SEE_OTHER, "{}", retried.text());
        assert_eq!(test.call(FAILED).await.state, CallState::Queued);

        let merged = format!("/feedback/{}", self.expected.merged);
        let undone = ada.post(&format!("{merged}/undo-merge"), &[]).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text());
        let listed = test.all_posts().await;
        let listed = listed
            .iter()
            .find(|post| merged.ends_with(post.id.as_str()));
        let post = listed.expect("the post is listed again");
        assert_eq!(post.moderation, Moderation::Published);

        let done = ada.post("/integrations/gong/disconnect", &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert_eq!(
            test.connection().await.status,
            ConnectionStatus::Disconnected
        );
        assert_eq!(test.secret_files(), Vec::<String>::new());
        self.every_page_opens(ada).await;
    }
}

#[tokio::test]
async fn a_data_folder_of_an_earlier_version_is_opened_shown_and_gone_on_with() {
    let kept = Kept::folder().await;
    kept.holds_what_was_stored().await;
    let mut ada = kept.test.browser(&admin()).await;
    kept.every_page_opens(&mut ada).await;
    kept.goes_on(&mut ada).await;
}

#[tokio::test]
async fn the_tables_of_an_earlier_version_are_read_shown_and_gone_on_with() {
    let kept = Kept::tables(|_, _| ()).await;
    kept.holds_what_was_stored().await;
    let mut ada = kept.test.browser(&admin()).await;
    kept.every_page_opens(&mut ada).await;
    kept.goes_on(&mut ada).await;
}

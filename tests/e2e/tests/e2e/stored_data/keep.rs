//! Makes the fixture of what this version stores; `tests/fixtures/keep-stored-data` runs it.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use builtin::BuiltInEngine;
use domain::{
    call::{CallState, stages::Stage},
    conversation::Conversation,
    feedback::{Board, EngineStamp, Moderation, Post, Product, Tag},
    findings::{Detection, Finding, Placement},
    moment::{Span, Timestamp},
    ports::{
        analysis::{AnalysisError, Analyst, Reading},
        feedback::{DedupeStore, PostFilter},
    },
    usage::{Meter, Prices, Usage},
};
use gong_sandbox::{SandboxCall, rebase};
use kit::{
    Browser, TestApp, TestOptions,
    calls::{call, pdf_call, pricing_call},
    inside::rival,
    system::BEGIN,
    test_app::{Data, admin, built_in, member},
};
use local_runner::samples;

use super::{
    Expected, TABLES,
    wire::{self, Item},
};
use crate::index_away::AwayIndex;

/// By this a call is known that the model cannot read.
const UNREADABLE: &str = "the unreadable part";

const TURNED_PRIVATE: &str = "9001";
const APPROVED: &str = "9004";
const REJECTED: &str = "9005";
const PUT_OFF: &str = "9008";

/// The built-in engine with the name, the tokens and the failures of a language model.
struct Paid(BuiltInEngine);

impl Paid {
    fn asked(
        conversation: &Conversation,
        written: u64,
        meter: &Meter,
    ) -> Result<(), AnalysisError> {
        let words = conversation.turns.iter().map(|turn| turn.text().len() / 4);
        meter.add(Usage {
            llm_calls: 1,
            prompt_tokens: words.sum::<usize>() as u64,
            completion_tokens: written,
            ..Usage::default()
        });
        if conversation
            .turns
            .iter()
            .any(|t| t.text().contains(UNREADABLE))
        {
            let what = "it is not what the schema asks for".to_owned();
            return Err(AnalysisError::Unusable(what));
        }
        Ok(())
    }
}

#[async_trait]
impl Analyst for Paid {
    fn engine(&self) -> EngineStamp {
        Analyst::engine(&self.0)
    }

    fn model(&self, _: Stage) -> String {
        "small-model".into()
    }

    async fn detect(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Detection, AnalysisError> {
        Self::asked(reading.conversation, 20, meter)?;
        Analyst::detect(&self.0, reading, meter).await
    }

    async fn extract(
        &self,
        reading: Reading<'_>,
        meter: &Meter,
    ) -> Result<Vec<Finding>, AnalysisError> {
        Self::asked(reading.conversation, 200, meter)?;
        Analyst::extract(&self.0, reading, meter).await
    }

    async fn organize(
        &self,
        finding: &Finding,
        lists: (&[Board], &[Tag]),
        product: &Product,
        meter: &Meter,
    ) -> Result<Placement, AnalysisError> {
        Analyst::organize(&self.0, finding, lists, product, meter).await
    }
}

/// The company whose months the fixture holds.
struct Month {
    test: TestApp,
    calls: Vec<SandboxCall>,
    index: Arc<AwayIndex>,
}

impl Month {
    async fn begin() -> Self {
        let (mut calls, problems) = samples::load(&samples::sample_folders()).unwrap();
        assert!(problems.is_empty());
        calls.push(
            pdf_call(TURNED_PRIVATE)
                .from("Zebracorp", "Quentin Zebra")
                .started(BEGIN - Span::days(3))
                .customer("The mobile app forgets my filters every morning, please keep them.")
                .build(),
        );
        calls.push(call("9002").customer(UNREADABLE).build());
        calls.push(pdf_call("9003").not_transcribed().build());
        let index = Arc::new(AwayIndex::new(minilm::DIMENSION));
        let test = TestApp::start(TestOptions {
            calls: calls.clone(),
            analyst: Some(Arc::new(Paid(built_in().await))),
            index: Some(index.clone()),
            prices: Prices::parse("small-model=0.25/2").unwrap(),
            data: Some(Data {
                folder: tempfile::tempdir().unwrap(),
                now: BEGIN,
                ids_from: 0,
            }),
            ..TestOptions::default()
        })
        .await;
        let newest = (BEGIN - Span::hours(1)).0;
        rebase(&mut calls, newest, &test.sandbox.origin());
        test.sandbox.set_calls(calls.clone());
        Self { test, calls, index }
    }

    async fn hears(&mut self, more: Vec<SandboxCall>) {
        self.calls.extend(more);
        self.test.sandbox.set_calls(self.calls.clone());
        self.test.later(Span::hours(3)).await;
    }

    async fn settings(&self, review: &str) {
        let mut ada = self.test.browser(&admin()).await;
        let form = [
            ("feedback_per_call", "2"),
            ("merging", "automatic"),
            ("redact", "on"),
            ("withdraw_private", "on"),
            ("review", review),
            ("own_domains", "fernhill.example"),
            ("monthly_tokens", "900000000"),
            ("monthly_dollars", "1000"),
        ];
        go(&mut ada, "/integrations/gong/settings", &form).await;
    }

    /// Listed posts from calls, the newest first.
    async fn posts(&self) -> Vec<Post> {
        let mut posts = self.test.all_posts().await;
        posts.retain(|post| post.source == "gong");
        posts
    }

    async fn waiting(&self) -> Vec<Post> {
        let moderation = Some(Moderation::InReview);
        let filter = PostFilter {
            moderation,
            ..PostFilter::default()
        };
        self.test.posts(&filter).await
    }
}

/// Sends a form that must be taken.
async fn go(browser: &mut Browser, path: &str, form: &[(&str, &str)]) -> String {
    let page = browser.post(path, form).await;
    let taken = page.status.is_redirection() || page.status.is_success();
    assert!(taken, "{path}: {}", page.text());
    page.location().to_owned()
}

async fn people_write(month: &Month) {
    let mut ada = month.test.browser(&admin()).await;
    let board = [
        ("name", "Reporting"),
        ("description", "What customers say of reports and exports."),
        ("categories", "Scheduled\nAd hoc"),
    ];
    go(&mut ada, "/boards", &board).await;
    go(&mut ada, "/tags", &[("name", "Quarter one")]).await;
    let mut max = month.test.browser(&member()).await;
    for title in [
        "Export the weekly SLA report to PDF",
        "A calendar of everybody's shifts",
    ] {
        let form = [
            ("title", title),
            ("details", "Written by hand."),
            ("board", ""),
        ];
        go(&mut max, "/feedback", &form).await;
    }
    let mut rita = month.test.browser(&rival()).await;
    let form = [
        ("title", "Another company's post"),
        ("details", ""),
        ("board", ""),
    ];
    go(&mut rita, "/feedback", &form).await;
}

/// One merge that stays, one that is undone, and one that the test undoes: the post that is in it.
async fn people_merge(month: &Month) -> String {
    let mut max = month.test.browser(&member()).await;
    let posts = month.posts().await;
    let page = |n: usize| format!("/feedback/{}", posts[n].id);
    for (from, to) in [(0, 1), (2, 3), (4, 5)] {
        go(
            &mut max,
            &format!("{}/merge", page(from)),
            &[("to", &page(to))],
        )
        .await;
    }
    go(&mut max, &format!("{}/undo-merge", page(2)), &[]).await;
    posts[4].id.to_string()
}

async fn people_move_and_edit(month: &Month) {
    let mut max = month.test.browser(&member()).await;
    let posts = month.posts().await;
    let with_two = posts.iter().find(|post| post.evidence_count > 1);
    let with_two = with_two.expect("a post that several calls support");
    let evidence = month.test.evidence(&with_two.id).await;
    let (call, n) = (&evidence[1].call_id, evidence[1].n);
    let path = format!("/feedback/{}/evidence/{call}/{n}/move", with_two.id);
    go(&mut max, &path, &[("to", "")]).await;
    let edited = posts.last().expect("posts");
    let (edits, board) = (edited.edits.to_string(), edited.board_id.to_string());
    let form = [
        ("edits", edits.as_str()),
        ("title", "A title that a person wrote"),
        ("details", "Planned for spring."),
        ("status", "planned"),
        ("board", &board),
        ("category", ""),
        ("tag", "export"),
        ("owner", "max"),
    ];
    go(&mut max, &format!("/feedback/{}/edit", edited.id), &form).await;
}

async fn people_review(month: &mut Month) {
    month.settings("all").await;
    let asks = |id: &str, what: &str| {
        let said = format!("We really need {what}, we miss it every single day.");
        call(id)
            .from(&format!("Company {id}"), &format!("Person {id}"))
            .customer(&said)
            .build()
    };
    let heard = vec![
        asks(APPROVED, "a dark theme for the night shift"),
        asks(REJECTED, "an export of the audit log to CSV"),
        asks("9006", "single sign-on with our own directory"),
    ];
    month.hears(heard).await;
    let mut max = month.test.browser(&member()).await;
    for post in month.waiting().await {
        let page = format!("/feedback/{}", post.id);
        let evidence = month.test.evidence(&post.id).await;
        match evidence[0].call_id.as_str() {
            APPROVED => go(&mut max, &format!("{page}/approve"), &[("own", "1")]).await,
            REJECTED => {
                let why = [("reason", "We build this already")];
                go(&mut max, &format!("{page}/reject"), &why).await
            }
            _ => continue,
        };
    }
    month.settings("uncertain").await;
}

async fn an_admin_erases(month: &Month) {
    let mut ada = month.test.browser(&admin()).await;
    let posts = month.posts().await;
    let alone: Vec<_> = posts
        .iter()
        .filter(|p| p.evidence_count == 1 && p.merged_from.is_empty())
        .collect();
    let one = month.test.evidence(&alone[alone.len() / 2].id).await;
    go(&mut ada, &format!("/calls/{}/erase", one[0].call_id), &[]).await;
    let other = month.test.evidence(&alone[alone.len() / 2 + 1].id).await;
    let who = other[0].author.name.clone().expect("a named author");
    go(&mut ada, "/erase", &[("who", &who)]).await;
}

/// What a later version has to find again.
async fn expected(month: &Month, now: Timestamp, merged: String) -> Expected {
    let every = PostFilter {
        hidden_too: true,
        ..PostFilter::default()
    };
    let posts = month.test.posts(&every).await.into_iter();
    let ledger = month.test.ledger().await.into_iter();
    Expected {
        now: now.0,
        merged,
        posts: posts
            .map(|post| {
                let moderation = post.moderation.as_str().to_owned();
                (
                    post.id.to_string(),
                    (post.request.title, moderation, post.evidence_count),
                )
            })
            .collect(),
        calls: ledger
            .map(|(id, (state, reason))| (id, (state.to_string(), reason)))
            .collect(),
    }
}

/// Copies the files and folders of a folder whose names are wanted, for their owner alone: keys that
/// others may read are refused, and a checkout does not keep modes.
pub fn copy_all(from: &Path, to: &Path, wanted: &impl Fn(&str) -> bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let target = to.join(&name);
        if !wanted(&name.to_string_lossy()) {
            continue;
        }
        if entry.path().is_dir() {
            copy_all(&entry.path(), &target, wanted);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            fs::set_permissions(&target, Permissions::from_mode(0o600)).unwrap();
        }
    }
}

fn write_tables(to: &Path, tables: &BTreeMap<&str, Vec<Item>>) {
    fs::create_dir_all(to).unwrap();
    for (table, items) in tables {
        let mut lines: Vec<_> = items
            .iter()
            .map(|item| wire::to_json(item).to_string())
            .collect();
        lines.sort();
        fs::write(to.join(format!("{table}.jsonl")), lines.join("\n") + "\n").unwrap();
    }
}

#[tokio::test]
#[ignore = "writes a new fixture: run tests/fixtures/keep-stored-data"]
async fn keep_what_this_version_stores() {
    let to = std::env::var_os("KEEP_STORED_DATA_IN").expect("KEEP_STORED_DATA_IN names a folder");
    let to = PathBuf::from(to);
    let mut month = Month::begin().await;
    month.settings("off").await;
    people_write(&month).await;
    month
        .test
        .connected(domain::connection::History::Days(60))
        .await;
    assert!(month.posts().await.len() > 12);
    let merged = people_merge(&month).await;
    people_move_and_edit(&month).await;
    people_review(&mut month).await;
    an_admin_erases(&month).await;
    month.test.sandbox.set_private(TURNED_PRIVATE, true);
    month.test.later(Span::days(1)).await;
    let just_now = |month: &Month| month.test.clock_now() - Span::hours(1);
    month.index.writes.set(true);
    let pricing = pricing_call("9007").started(just_now(&month));
    let pending = call("9009")
        .started(just_now(&month))
        .customer("We really need a connector for our telephone system, calls get lost.");
    month.hears(vec![pricing.build(), pending.build()]).await;
    let waiting = month.test.app.store.pending(&month.test.org()).await;
    assert_eq!(waiting.unwrap().len(), 1);
    month.index.reads.set(true);
    let put_off = pdf_call(PUT_OFF).started(just_now(&month));
    month.hears(vec![put_off.build()]).await;
    assert_eq!(month.test.call(PUT_OFF).await.state, CallState::Deferred);
    assert!(month.test.call(PUT_OFF).await.found.is_some());

    let mut tables = BTreeMap::new();
    for table in TABLES {
        tables.insert(table, month.test.raw_items(table).await);
    }
    let expected = expected(&month, month.test.clock_now(), merged).await;
    let folder = month.test.closed().await;
    fs::create_dir_all(&to).unwrap();
    copy_all(folder.path(), &to.join("data"), &|_| true);
    write_tables(&to.join("dynamodb"), &tables);
    let expected = serde_json::to_string_pretty(&expected).unwrap();
    fs::write(to.join("expected.json"), expected + "\n").unwrap();
}

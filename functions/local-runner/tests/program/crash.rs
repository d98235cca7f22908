//! `kill -9` at any moment loses nothing, doubles nothing, and asks for no new connect.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use crate::{
    browser::{Browser, is_open},
    calls::forty_calls,
    program::{Server, run, until},
};

/// How many pieces of evidence each post has, by title.
type Counts = BTreeMap<String, Vec<usize>>;

/// Which calls a run without a crash finds feedback in, and what posts they lead to.
fn undisturbed(calls: &Path) -> (BTreeMap<String, bool>, Counts) {
    let ended = run(&["try", calls.to_str().unwrap(), "--json"]);
    assert!(ended.status.success(), "{ended:#?}");
    let report = ended.json();
    let feedback = report["calls"].as_array().unwrap().iter().map(|call| {
        let word = |field: &str| call[field].as_str().unwrap().to_owned();
        (word("id"), holds_feedback(&word("state")))
    });
    let counts = counts(report["posts"].as_array().unwrap());
    let evidence: usize = counts.values().flatten().sum();
    assert!(counts.len() >= 6 && evidence >= 30, "{counts:#?}");
    (feedback.collect(), counts)
}

fn holds_feedback(state: &str) -> bool {
    ["posted", "consolidated"].contains(&state)
}

fn counts(posts: &[Value]) -> Counts {
    let mut counts = Counts::new();
    for post in posts {
        let title = post["title"].as_str().unwrap().to_owned();
        let evidence = post["evidence"].as_array().unwrap();
        let mut calls: Vec<_> = evidence
            .iter()
            .map(|item| item["call_id"].as_str().unwrap())
            .collect();
        calls.sort_unstable();
        calls.dedup();
        assert_eq!(
            calls.len(),
            evidence.len(),
            "a call stands twice at {title}"
        );
        counts.entry(title).or_default().push(evidence.len());
    }
    counts.values_mut().for_each(|all| all.sort_unstable());
    counts
}

struct Crashing {
    folder: tempfile::TempDir,
    server: Option<Server>,
    browser: Browser,
}

impl Crashing {
    /// A server over forty calls, with a signed-in admin.
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let calls = folder.path().join("calls");
        std::fs::create_dir(&calls).unwrap();
        forty_calls(&calls);
        let server = Self::server(folder.path());
        let browser = Browser::admin(&server).await;
        Self {
            folder,
            server: Some(server),
            browser,
        }
    }

    fn server(folder: &Path) -> Server {
        let calls = folder.join("calls");
        Server::start(&folder.join("data"), &["--calls", calls.to_str().unwrap()])
    }

    fn crash_and_restart(&mut self) {
        self.server.take().unwrap().kill();
        let server = Self::server(self.folder.path());
        self.browser = self.browser.at(&server);
        self.server = Some(server);
    }

    /// Waits until this many calls are decided.
    async fn decided(&self, at_least: usize) -> usize {
        until("calls are decided", async || {
            let ledger = self.browser.ledger().await;
            let decided = ledger.values().filter(|state| !is_open(state)).count();
            (decided >= at_least).then_some(decided)
        })
        .await
    }

    /// Everything is as if nothing had happened, and Gong can still be asked.
    async fn is_whole(&self) {
        let ledger = self.browser.all_decided(40).await;
        let (feedback, expected) = undisturbed(&self.folder.path().join("calls"));
        let found = ledger
            .iter()
            .map(|(id, state)| (id.clone(), holds_feedback(state)));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), feedback);
        let mut posts = self.browser.items("/api/posts").await;
        for post in &mut posts {
            let id = post["id"].as_str().unwrap();
            *post = self.browser.api(&format!("/api/posts/{id}")).await;
            let evidence = post["evidence"].as_array().unwrap().len() as u64;
            assert_eq!(post["evidence_count"], evidence, "{post:#}");
        }
        assert_eq!(counts(&posts), expected);

        let before = self.browser.api("/api/integrations/gong").await;
        assert_eq!(before["status"], "connected", "{before:#}");
        let page = self.browser.post("/integrations/gong/sync", &[]).await;
        assert_eq!(
            page.location, "/integrations/gong?done=sync-started",
            "{}",
            page.body
        );
        until("a sync after the crashes succeeds", async || {
            let now = self.browser.api("/api/integrations/gong").await;
            assert_eq!(
                (&now["status"], &now["last_error"]),
                (&before["status"], &Value::Null),
                "{now:#}"
            );
            (now["last_success"] != before["last_success"]).then_some(())
        })
        .await;
        assert_eq!(self.browser.ledger().await, ledger);
        let log = self.server.as_ref().unwrap().stderr();
        assert!(!log.contains("panicked"), "{log}");
    }
}

#[tokio::test]
async fn killed_right_after_the_callback() {
    let mut run = Crashing::start().await;
    assert_eq!(
        run.browser.connect().await.location,
        "/integrations/gong?connected=1"
    );
    run.crash_and_restart();
    run.is_whole().await;
}

#[tokio::test]
async fn killed_again_and_again_during_the_work() {
    let mut run = Crashing::start().await;
    assert_eq!(
        run.browser.connect().await.location,
        "/integrations/gong?connected=1"
    );
    let mut killed_at = Vec::new();
    for at_least in [1, 6, 14, 27, 39] {
        killed_at.push(run.decided(at_least).await);
        run.crash_and_restart();
    }
    assert!(
        killed_at.iter().any(|n| (1..40).contains(n)),
        "no kill met the work: {killed_at:?}"
    );
    run.is_whole().await;
}

#[tokio::test]
async fn killed_at_every_start_before_it_gets_far() {
    let mut run = Crashing::start().await;
    assert_eq!(
        run.browser.connect().await.location,
        "/integrations/gong?connected=1"
    );
    for _ in 0..5 {
        // As soon as the pages answer: what a start takes up is under way.
        run.browser.ledger().await;
        run.crash_and_restart();
    }
    run.is_whole().await;
}

#[tokio::test]
async fn killed_between_consent_and_callback_the_connect_is_finished_afterwards() {
    let mut run = Crashing::start().await;
    // A connect that is begun and never finished leaves nothing behind.
    let begun = run
        .browser
        .post("/integrations/gong/connect", &[("history", "off")])
        .await;
    assert!(
        begun.location.contains("/oauth2/authorize"),
        "{}",
        begun.location
    );
    run.crash_and_restart();
    let status = run.browser.api("/api/integrations/gong").await;
    assert_eq!(status["status"], "not connected");
    assert_eq!(
        run.browser.connect().await.location,
        "/integrations/gong?connected=1"
    );
    run.is_whole().await;
}

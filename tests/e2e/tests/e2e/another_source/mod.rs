//! Another source than Gong: what it brings goes the way of calls, with nothing of Gong in it.

mod chats;

use std::{fs, path::Path, sync::Arc};

use domain::{
    call::{CallMessage, CallState, SkipCause},
    connection::History,
    feedback::{Moderation, Post},
    ids::CallId,
    ports::{feedback::FeedbackStore, ledger::Ledger},
    verdict::{Deadline, FUNCTION_TIMEOUT, Verdict},
};
use ingest::pipeline::batch::Pipeline;
use kit::{
    Browser, TestApp,
    calls::pdf_call,
    test_app::{admin, member},
};
use lambda_http::http::StatusCode;
use serde_json::Value;

use self::chats::{Chats, id};

/// Gong beside a folder of chats.
struct Both {
    test: TestApp,
    folder: tempfile::TempDir,
    chats: Arc<Chats>,
    pipeline: Pipeline,
}

impl Both {
    async fn start() -> Self {
        let test = TestApp::with_calls(vec![pdf_call("1").build()]).await;
        test.connected(History::Days(30)).await;
        let folder = tempfile::tempdir().unwrap();
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/chats");
        for file in fs::read_dir(kept).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        let chats = Arc::new(Chats::of(folder.path()));
        let mut pipeline = test.app.pipeline.clone();
        pipeline.sources.push(chats.clone());
        let both = Self {
            test,
            folder,
            chats,
            pipeline,
        };
        both.poll().await;
        both
    }

    /// A poll of the chats, and the pipeline over what it queued.
    async fn poll(&self) {
        let app = &self.test.app;
        let (store, now) = (&*app.store, self.test.clock_now());
        let withdraw = &app.poller.lister.withdraw;
        let org = self.test.org();
        let queued = self.chats.poll(&org, store, withdraw, now).await;
        self.handle(&queued).await;
    }

    async fn handle(&self, messages: &[CallMessage]) {
        let deadline = Deadline(self.test.clock_now() + FUNCTION_TIMEOUT);
        let verdicts = self.pipeline.handle(messages, deadline).await;
        assert!(verdicts.iter().all(|v| *v == Verdict::Done), "{verdicts:?}");
    }

    async fn state(&self, call: &CallId) -> CallState {
        let call = self.test.app.store.call(&self.test.org(), call).await;
        call.unwrap().unwrap().state
    }

    /// The post that rests on this call.
    async fn post_of(&self, call: &CallId) -> Post {
        let (store, org) = (&self.test.app.store, self.test.org());
        let call = store.call(&org, call).await.unwrap().unwrap();
        let post = store.post(&org, &call.outcomes[0].post_id).await;
        post.unwrap().unwrap()
    }

    async fn browser(&self) -> Browser {
        self.test.browser(&admin()).await
    }
}

fn facts(post: &Post) -> Vec<&str> {
    post.metadata.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_chat_gives_a_post_or_supports_one_that_a_call_gave() {
    let both = Both::start().await;
    let (contoso, fabrikam) = (id("contoso-7"), id("fabrikam-2"));
    assert_eq!(both.state(&contoso).await, CallState::Consolidated);
    assert_eq!(both.state(&fabrikam).await, CallState::Posted);

    let shared = both.post_of(&contoso).await;
    assert_eq!((shared.source.as_str(), shared.evidence_count), ("gong", 2));
    let evidence = both.test.evidence(&shared.id).await;
    let chat = evidence.iter().find(|e| e.call_id == contoso).unwrap();
    let quote = &chat.quotes[0];
    assert_eq!(quote.speaker, "Dana Door");
    assert_eq!(
        quote.link.as_deref(),
        Some("https://chat.example/threads/contoso-7#t=41")
    );
    assert_eq!(chat.author.account.as_deref(), Some("Contoso"));

    let own = both.post_of(&fabrikam).await;
    assert_eq!(own.source, "chat");
    assert_eq!(own.origin, Some(fabrikam.clone()));
    assert_eq!(
        facts(&own),
        [
            "chat_call_id",
            "chat_call_started",
            "chat_call_title",
            "chat_call_url",
            "chat_connection_generation"
        ]
    );
    // A thread without a page has no link, and its quotes are there all the same.
    let evidence = both.test.evidence(&own.id).await;
    assert!(!evidence[0].quotes.is_empty());
    assert!(evidence[0].quotes.iter().all(|quote| quote.link.is_none()));

    let mut ada = both.browser().await;
    let page = ada.get(&format!("/feedback/{}", own.id)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Finn Fabrik"), "{}", page.text());
    let page = ada.get("/calls/chat:fabrikam-2").await;
    assert!(page.text().contains("Shared inbox"), "{}", page.text());
    assert_eq!(both.test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_evidence_of_a_chat_is_moved() {
    let both = Both::start().await;
    let contoso = id("contoso-7");
    let shared = both.post_of(&contoso).await;
    let mut max = both.test.browser(&member()).await;
    let path = format!("/feedback/{}/evidence/{contoso}/0/move", shared.id);
    let moved = max.post(&path, &[("to", "")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text());
    let own = both.post_of(&contoso).await;
    assert_ne!(own.id, shared.id);
    assert_eq!((own.source.as_str(), own.evidence_count), ("chat", 1));
    assert_eq!(own.metadata["chat_call_id"], "chat:contoso-7");
    assert!(facts(&own).iter().all(|name| !name.starts_with("gong")));

    // And back, to the post that a call of Gong gave.
    let path = format!("/feedback/{}/evidence/{contoso}/0/move", own.id);
    let back = max.post(&path, &[("to", shared.id.as_str())]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
    assert_eq!(both.post_of(&contoso).await.evidence_count, 2);
}

#[tokio::test]
async fn a_chat_that_is_sealed_later_is_withdrawn() {
    let both = Both::start().await;
    let fabrikam = id("fabrikam-2");
    let before = both.post_of(&fabrikam).await;
    let file = both.folder.path().join("fabrikam-2.json");
    let mut thread: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    thread["sealed"] = true.into();
    fs::write(&file, thread.to_string()).unwrap();
    both.poll().await;

    let (store, org) = (&both.test.app.store, both.test.org());
    let call = store.call(&org, &fabrikam).await.unwrap().unwrap();
    assert_eq!(
        (call.state, call.skip_cause, call.title),
        (CallState::Skipped, Some(SkipCause::Withdrawn), None)
    );
    let post = store.post(&org, &before.id).await.unwrap().unwrap();
    assert_eq!(post.moderation, Moderation::InReview);
    assert_eq!((post.evidence_count, post.author.name), (0, None));
    let kept: Vec<_> = post.metadata.keys().collect();
    assert_eq!(kept, ["chat_connection_generation"]);
}

#[tokio::test]
async fn a_chat_is_erased() {
    let both = Both::start().await;
    let (contoso, fabrikam) = (id("contoso-7"), id("fabrikam-2"));
    let (shared, own) = (both.post_of(&contoso).await, both.post_of(&fabrikam).await);
    let mut ada = both.browser().await;
    for call in [&contoso, &fabrikam] {
        let erased = ada.post(&format!("/calls/{call}/erase"), &[]).await;
        assert!(
            erased.location().contains("call-erased"),
            "{}",
            erased.text()
        );
    }
    let (store, org) = (&both.test.app.store, both.test.org());
    assert_eq!(store.post(&org, &own.id).await.unwrap(), None);
    let shared = store.post(&org, &shared.id).await.unwrap().unwrap();
    assert_eq!(shared.evidence_count, 1);
    for table in ["calls", "feedback"] {
        for (key, item) in both.test.items(table).await {
            let item = item.to_lowercase();
            for word in [
                "finn fabrik",
                "dana door",
                "contoso.example",
                "friday's report",
            ] {
                assert!(!item.contains(word), "{word} in {key}");
            }
        }
    }
    // What was erased is not taken up again.
    both.poll().await;
    assert_eq!(both.state(&fabrikam).await, CallState::Skipped);
}

#[tokio::test]
async fn gongs_connection_has_no_say_over_the_chats() {
    let both = Both::start().await;
    let file = both.folder.path().join("fabrikam-2.json");
    let thread = fs::read_to_string(&file).unwrap();
    let late = thread.replace("fabrikam-2", "fabrikam-3");
    let now = both.test.clock_now();
    fs::write(both.folder.path().join("fabrikam-3.json"), late).unwrap();
    let app = &both.test.app;
    let withdraw = &app.poller.lister.withdraw;
    let org = both.test.org();
    let queued = both.chats.poll(&org, &*app.store, withdraw, now).await;
    // Gong is disconnected before the new thread is read.
    let mut ada = both.browser().await;
    ada.post("/integrations/gong/disconnect", &[]).await;
    app.drain().await;
    assert_eq!(both.state(&id("fabrikam-3")).await, CallState::Queued);
    both.handle(&queued).await;
    assert_eq!(both.state(&id("fabrikam-3")).await, CallState::Consolidated);
}

#[tokio::test]
async fn a_thread_that_the_normalizer_cannot_take_stops_no_other() {
    let both = Both::start().await;
    let kept = fs::read_to_string(both.folder.path().join("fabrikam-2.json")).unwrap();
    let odd = kept
        .replace("fabrikam-2", "odd-1")
        .replace("\"who\": \"finn\"", "\"who\": \"nobody\"");
    fs::write(both.folder.path().join("odd-1.json"), odd).unwrap();
    let good = kept.replace("fabrikam-2", "good-1");
    fs::write(both.folder.path().join("good-1.json"), good).unwrap();
    both.poll().await;
    assert_eq!(both.state(&id("good-1")).await, CallState::Consolidated);
    // The attempt counts, and it waits to be tried again.
    let (store, org) = (&both.test.app.store, both.test.org());
    let odd = store.call(&org, &id("odd-1")).await.unwrap().unwrap();
    assert_eq!((odd.state, odd.attempts), (CallState::Queued, 1));
}

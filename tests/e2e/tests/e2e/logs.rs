//! What is logged, at the most talkative level: never a token, a code, or what a customer said.

use std::{
    io,
    sync::{Arc, Mutex},
};

use domain::{
    call::CallState,
    connection::{ConnectionStatus, History},
    moment::Span,
    ports::system::Clock,
};
use gong_sandbox::{Faults, InjectedStatus};
use kit::{
    TestApp, TestOptions,
    calls::pdf_call,
    consent::{RECONNECT, THIRTY_DAYS},
    system::BEGIN,
    test_app::admin,
};
use runtime::telemetry::quietened;
use serde_json::json;
use test_tools::Server;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::{
    model::{BOTH, PDF_TITLE, Stage, embeds, good, model, voyage},
    on_qdrant::index_of,
};
use kit::scripted::Reply;

#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything that is logged from now on in this test.
pub fn listen() -> (Lines, impl Sized) {
    let lines = Lines::default();
    let everything = Targets::new().with_default(LevelFilter::TRACE);
    let layer = fmt::layer().with_writer(lines.clone());
    let subscriber = tracing_subscriber::registry()
        .with(quietened(everything))
        .with(layer);
    (lines, subscriber.set_default())
}

const SAID: [&str; 7] = [
    "Zebra",
    "zebracorp",
    "screenshots",
    "SLA report",
    "painful",
    "ingrid",
    "key-of-the-test",
];

impl Lines {
    /// What was logged; nothing of it was said by anyone, or is secret.
    pub fn clean(&self, secrets: &[String]) -> String {
        let logged = String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned();
        for line in logged.lines() {
            let secret = secrets.iter().any(|secret| line.contains(secret));
            assert!(
                !secret,
                "a secret is logged in a line of {} bytes",
                line.len()
            );
            let words = SAID.iter().find(|word| line.contains(**word));
            assert_eq!(words, None, "{line}");
        }
        logged
    }
}

#[tokio::test]
async fn nothing_secret_and_nothing_said_is_logged_at_any_level() {
    let (lines, guard) = listen();

    let spoken = || pdf_call("1").from("Zebracorp", "Quentin Zebra");
    let test = TestApp::with_calls(vec![spoken().build()]).await;
    let mut ada = test.browser(&admin()).await;
    let mut secrets: Vec<String> = vec!["gong-sandbox-secret".into()];
    // Refused, then connected, so that codes and states of both are known.
    let denied = ada.begin_connect(THIRTY_DAYS).await.deny().await;
    ada.get(&denied).await;
    let callback = ada.begin_connect(THIRTY_DAYS).await.approve().await;
    secrets.extend(ada.cookie("pb_connect").map(str::to_owned));
    secrets.extend(ada.cookie("pb_session").map(str::to_owned));
    ada.get(&callback).await;
    ada.get(&callback).await;
    for query in [&denied, &callback] {
        let url = url::Url::parse(&format!("http://x{query}")).unwrap();
        let sent = url
            .query_pairs()
            .filter(|(name, _)| name == "code" || name == "state");
        secrets.extend(sent.map(|(_, value)| value.into_owned()));
    }
    let first = test.credentials().await;
    test.app.drain().await;
    for page in ["/feedback", "/calls", "/integrations/gong", "/api/posts"] {
        ada.get(page).await;
    }
    // Trouble of every kind, since it is trouble that is logged.
    let trouble = |endpoint: &str, status| InjectedStatus {
        endpoint: endpoint.into(),
        status,
        retry_after_seconds: Some(1),
        body: Some(format!(
            "{} {}",
            first.access_token.expose(),
            "Quentin Zebra said"
        )),
    };
    let statuses = [429, 500, 500, 500, 403, 400, 404, 418, 200];
    for status in statuses {
        test.sandbox.set_faults(Faults {
            next_statuses: [trouble("/v2/calls", status)].into(),
            ..Faults::default()
        });
        test.later(Span::minutes(31)).await;
    }
    let late = spoken().started(BEGIN + Span::hours(5));
    test.sandbox.set_calls(vec![late.build()]);
    test.sandbox.set_faults(Faults {
        next_statuses: [trouble("/oauth2", 500), trouble("/oauth2", 400)].into(),
        ..Faults::default()
    });
    test.later(Span::hours(24)).await;
    test.later(Span::minutes(10)).await;
    let second = test.credentials().await;
    test.sandbox.revoke_all_tokens();
    test.later(Span::hours(6)).await;
    assert_eq!(
        test.connection().await.status,
        ConnectionStatus::ReconnectRequired
    );
    ada.sign_in(&admin()).await;
    ada.connect(RECONNECT).await;
    test.app.drain().await;
    let third = test.credentials().await;
    ada.post("/integrations/gong/disconnect", &[]).await;
    test.later(Span::minutes(5)).await;
    drop(guard);

    for credentials in [first, second, third] {
        secrets.push(credentials.access_token.expose().to_owned());
        secrets.push(credentials.refresh_token.expose().to_owned());
    }
    let logged = lines.clean(&secrets);
    assert!(
        logged.contains("a connect was refused"),
        "the log is caught"
    );
    assert!(logged.contains("connected"), "the log is caught");
}

/// What a provider may say in anger: our own words back, and the key.
fn angry() -> Vec<Reply> {
    let quoting = |status, message: &str| {
        let error = json!({"error": {"type": "invalid_request_error", "message": message}});
        Reply::Status(status, None, error)
    };
    let quote = "Quentin Zebra said: we take screenshots of the SLA report, it is painful";
    vec![
        quoting(400, quote),
        quoting(401, "no such key: key-of-the-test"),
        quoting(404, quote),
        quoting(429, quote),
        quoting(500, quote),
        quoting(529, quote),
        Reply::Text(quote.into()),
        Reply::CutOff(quote.into()),
        Reply::Raw(json!({"Zebra": quote})),
        Reply::Refusal,
        Reply::Page,
    ]
}

/// Answers as `play` does, or angrily while there is anger left; how much is left is counted down.
fn in_anger<T>(
    anger: &Arc<Mutex<Vec<Reply>>>,
    play: impl Fn(T) -> Reply + Send + Sync + 'static,
) -> impl Fn(T) -> Reply + Send + Sync + 'static {
    let anger = Arc::clone(anger);
    move |asked| {
        let angry = anger.lock().unwrap().pop();
        angry.unwrap_or_else(|| play(asked))
    }
}

#[tokio::test]
async fn the_models_and_the_index_log_nothing_that_was_said_either() {
    let (lines, guard) = listen();
    for protocol in BOTH {
        let (llm, vectors) = (Arc::default(), Arc::default());
        let answers = in_anger(&llm, |(stage, said): (Stage, String)| good(stage, &said));
        let (_llm, analyst) = model(protocol, move |stage, said| {
            answers((stage, said.to_owned()))
        })
        .await;
        let places = in_anger(&vectors, |texts: Vec<String>| embeds(&texts));
        let (_voyage, embedder) = voyage(move |texts| places(texts.to_vec())).await;
        let folder = tempfile::tempdir().unwrap();
        let qdrant = Server::qdrant(folder.path(), None);
        let test = TestApp::start(TestOptions {
            analyst: Some(analyst),
            embedder: Some(embedder),
            index: Some(index_of(&qdrant, "voyage-4@2")),
            ..TestOptions::default()
        })
        .await;
        test.connected(History::Days(30)).await;
        let mut calls = Vec::new();
        for (n, reply) in angry().into_iter().enumerate() {
            let id = (n + 1).to_string();
            let spoken = pdf_call(&id).from("Zebracorp", "Quentin Zebra");
            calls.push(spoken.started(test.clock.now()).build());
            test.sandbox.set_calls(calls.clone());
            let anger = if n % 2 == 0 { &llm } else { &vectors };
            *anger.lock().unwrap() = vec![reply.clone(), reply.clone(), reply.clone(), reply];
            test.later(Span::hours(4)).await;
            anger.lock().unwrap().clear();
            test.later(Span::hours(2)).await;
        }
        assert_eq!(test.only_post().await.request.title, PDF_TITLE);
        // The engine goes away.
        drop(qdrant);
        let last = pdf_call("99").from("Zebracorp", "Quentin Zebra");
        calls.push(last.started(test.clock.now()).build());
        test.sandbox.set_calls(calls);
        test.later(Span::hours(4)).await;
        assert_eq!(test.call("99").await.state, CallState::Deferred);
        for (state, reason) in test.ledger().await.into_values() {
            let said = SAID.iter().find(|word| reason.contains(**word));
            assert_eq!(said, None, "{state}: {reason}");
        }
    }
    drop(guard);
    let logged = lines.clean(&[]);
    assert!(
        logged.contains("a provider does not accept this installation's key or model"),
        "the log is caught"
    );
}

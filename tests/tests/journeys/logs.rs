//! What is logged, at the most talkative level: never a token, a code, or what a customer said.

use std::{
    io,
    sync::{Arc, Mutex},
};

use domain::{connection::ConnectionStatus, moment::Span};
use gong_sandbox::{Faults, InjectedStatus};
use journeys::{
    Rig,
    calls::pdf_call,
    consent::{RECONNECT, THIRTY_DAYS},
    rig::admin,
    system::BEGIN,
};
use runtime::telemetry::quietened;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

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

#[tokio::test]
async fn nothing_secret_and_nothing_said_is_logged_at_any_level() {
    let lines = Lines::default();
    let everything = Targets::new().with_default(LevelFilter::TRACE);
    let layer = fmt::layer().with_writer(lines.clone());
    let subscriber = tracing_subscriber::registry()
        .with(quietened(everything))
        .with(layer);
    let guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);

    let spoken = || pdf_call("1").from("Zebracorp", "Quentin Zebra");
    let rig = Rig::with_calls(vec![spoken().build()]).await;
    let mut ada = rig.browser(&admin()).await;
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
    let first = rig.credentials().await;
    rig.house.drain().await;
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
        rig.sandbox.set_faults(Faults {
            next_statuses: [trouble("/v2/calls", status)].into(),
            ..Faults::default()
        });
        rig.later(Span::minutes(31)).await;
    }
    let late = spoken().started(BEGIN + Span::hours(5));
    rig.sandbox.set_calls(vec![late.build()]);
    rig.sandbox.set_faults(Faults {
        next_statuses: [trouble("/oauth2", 500), trouble("/oauth2", 400)].into(),
        ..Faults::default()
    });
    rig.later(Span::hours(24)).await;
    rig.later(Span::minutes(10)).await;
    let second = rig.credentials().await;
    rig.sandbox.revoke_all_tokens();
    rig.later(Span::hours(6)).await;
    assert_eq!(
        rig.connection().await.status,
        ConnectionStatus::ReconnectRequired
    );
    ada.sign_in(&admin()).await;
    ada.connect(RECONNECT).await;
    rig.house.drain().await;
    let third = rig.credentials().await;
    ada.post("/integrations/gong/disconnect", &[]).await;
    rig.later(Span::minutes(5)).await;
    drop(guard);

    for credentials in [first, second, third] {
        secrets.push(credentials.access_token.expose().to_owned());
        secrets.push(credentials.refresh_token.expose().to_owned());
    }
    let logged = String::from_utf8_lossy(&lines.0.lock().unwrap()).into_owned();
    assert!(
        logged.contains("a connect was refused"),
        "the log is caught"
    );
    assert!(logged.contains("connected"), "the log is caught");
    let said = [
        "Zebra",
        "zebracorp",
        "screenshots",
        "weekly SLA report",
        "painful",
        "ingrid",
    ];
    for line in logged.lines() {
        let secret = secrets.iter().any(|secret| line.contains(secret));
        assert!(
            !secret,
            "a secret is logged in a line of {} bytes",
            line.len()
        );
        let words = said.iter().find(|word| line.contains(**word));
        assert_eq!(words, None, "{line}");
    }
}

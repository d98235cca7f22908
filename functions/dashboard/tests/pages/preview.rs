//! The pages on a port, to look at:
//! `PORT=8081 ROLE=admin cargo test -p dashboard --test pages -- --ignored --nocapture look`.
//! `LOOK` chooses the connection: `nothing`, `empty`, `broken`, or a sync that runs.

use axum::{Router, extract::Request};
use domain::{
    call::{
        Call,
        stages::{Stage, StageRecord},
    },
    connection::{ConnectionStatus, History, WindowKind},
    feedback::{Settings, settings::MonthlyBudget},
    ids::{CallId, PostId},
    ports::{
        feedback::{FeedbackStore, UsageStore},
        ledger::Ledger,
    },
    principal::Role,
    usage::{Month, Usage},
};
use http::{HeaderValue, header};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::{
    sample::{connection, window},
    site::{START, Site, org, person},
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "serves until it is stopped"]
async fn look_at_the_pages() {
    let app = Site::new().await;
    app.furnish().await;
    curated(&app).await;
    match std::env::var("LOOK").unwrap_or_default().as_str() {
        "nothing" => {}
        "empty" => {
            let connection = connection(ConnectionStatus::Connected, History::Days(30));
            let windows = vec![window(WindowKind::Backfill, true)];
            app.connect(connection, windows, false).await;
        }
        "broken" => {
            let mut connection = connection(ConnectionStatus::ReconnectRequired, History::Days(30));
            connection.last_error = Some("Gong no longer accepts the refresh token (it was revoked or is older than its life). Nothing is lost; reconnect to go on.".into());
            app.connect(connection, vec![window(WindowKind::Backfill, true)], true)
                .await;
        }
        _ => {
            let connection = connection(ConnectionStatus::Connected, History::Days(30));
            let windows = vec![window(WindowKind::Backfill, false)];
            app.connect(connection, windows, true).await;
        }
    }
    let port = std::env::var("PORT").unwrap_or_else(|_| "0".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, signed_in(&app)).await.unwrap();
}

/// What people and models did with it.
async fn curated(app: &Site) {
    let (curate, me) = (&app.dashboard.curate, person(Role::Member));
    let id = |id: &str| PostId::parse(id).unwrap();
    let (dark, bulk) = (id("dark-mode"), id("bulk-export"));
    curate.merge(&me, &dark, &bulk).await.unwrap();
    let mut call = app
        .store
        .calls(&org(), &[CallId::parse("11").unwrap()])
        .await;
    let call = call.as_mut().unwrap().remove(0);
    let said = |stage, model: Option<&str>, says: &str, prompt_tokens| StageRecord {
        stage,
        model: model.map(str::to_owned),
        version: model.map(|_| "prompts v3".to_owned()),
        says: says.to_owned(),
        usage: Usage {
            llm_calls: u64::from(prompt_tokens > 0),
            prompt_tokens,
            completion_tokens: prompt_tokens / 20,
            cost_micros: prompt_tokens / 3,
            ..Usage::default()
        },
    };
    let next = Call {
        stages: vec![
            said(
                Stage::Normalize,
                None,
                "212 turns, 96 of them by the customer's side; 3 passages were redacted",
                0,
            ),
            said(
                Stage::Detect,
                Some("gpt-5-mini"),
                "The customer cannot export more than one report at a time.",
                12_400,
            ),
            said(
                Stage::Extract,
                Some("gpt-5"),
                "1 feedback; 2 of 3 extracted quotes are in the customer's words",
                12_900,
            ),
            said(
                Stage::Deduplicate,
                Some("voyage-4@1024"),
                "a new post: the nearest post has a similarity of 0.62, threshold 0.85.",
                0,
            ),
        ],
        ..call.clone()
    };
    app.store.replace(&call, &next).await.unwrap();
    let month = Month::of(START);
    let usage = Usage {
        llm_calls: 1_204,
        prompt_tokens: 9_412_000,
        completion_tokens: 310_400,
        embedded_texts: 410,
        embedded_tokens: 52_100,
        cost_micros: 12_481_900,
        unpriced_tokens: 0,
        ..Usage::default()
    };
    app.store.add_usage(&org(), month, &usage).await.unwrap();
    let earlier = Month::parse("2026-10").unwrap();
    app.store.add_usage(&org(), earlier, &usage).await.unwrap();
    let settings = Settings {
        budget: MonthlyBudget {
            tokens: Some(12_000_000),
            dollars: Some(12),
        },
        ..Settings::default()
    };
    app.store.put_settings(&org(), &settings).await.unwrap();
}

/// Everybody who comes without a session has that of `ROLE`; a headless browser has none.
fn signed_in(app: &Site) -> Router {
    let role = std::env::var("ROLE").unwrap_or_default();
    let cookie = Role::parse(&role).map(|role| app.cookie(role));
    let cookie: Option<HeaderValue> = cookie.map(|cookie| cookie.parse().unwrap());
    let pages = app.router.clone();
    Router::new().fallback(async move |mut request: Request| {
        if let Some(cookie) = cookie {
            request
                .headers_mut()
                .entry(header::COOKIE)
                .or_insert(cookie);
        }
        pages.oneshot(request).await
    })
}

//! Polls: every three hours, overlapping, on demand; nothing twice and nothing missed.

use domain::{call::CallState, connection::History, moment::Span};
use gong_sandbox::{Faults, InjectedStatus};
use kit::{
    TestApp,
    calls::{pdf_call, pricing_call},
    consent::{NO_HISTORY, THIRTY_DAYS},
    system::BEGIN,
    test_app::admin,
};

const LISTING: &str = "POST /v2/calls/extensive";
const TRANSCRIPTS: &str = "POST /v2/calls/transcript";

#[tokio::test]
async fn a_poll_starts_every_three_hours_however_often_the_tick_comes() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.connected(History::Off).await;
    let connect = test.asked(LISTING);
    for minutes in (20..=9 * 60).step_by(20) {
        test.later(Span::minutes(20)).await;
        assert_eq!(
            test.asked(LISTING) - connect,
            minutes / 180,
            "after {minutes} minutes"
        );
    }
    let page = ada.gong_page().await;
    assert!(page.contains("Last sync 2026-11-20 21:00 UTC"), "{page}");
    assert!(page.contains("Next sync 2026-11-21 00:00 UTC"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn two_ticks_at_once_start_one_poll() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Off).await;
    test.clock.advance(Span::hours(3));
    let (one, other) = futures::join!(test.app.tick(), test.app.tick());
    one.and(other).unwrap();
    assert_eq!(test.app.windows.len(), 1);
}

#[tokio::test]
async fn new_calls_are_found_and_known_ones_cost_nothing() {
    let old = || pdf_call("1").build();
    let test = TestApp::with_calls(vec![old(), pricing_call("2").build()]).await;
    test.connected(History::Days(30)).await;
    let before = (
        test.call("1").await,
        test.call("2").await,
        test.all_posts().await,
    );
    test.later(Span::hours(3)).await;
    let after = (
        test.call("1").await,
        test.call("2").await,
        test.all_posts().await,
    );
    assert_eq!(before, after, "the window overlaps and nothing happened");
    assert_eq!(test.asked(TRANSCRIPTS), 1);

    let new = pdf_call("3")
        .started(BEGIN + Span::hours(4))
        .from("Contoso", "Dan Door");
    test.sandbox
        .set_calls(vec![old(), pricing_call("2").build(), new.build()]);
    test.later(Span::hours(3)).await;
    assert_eq!(test.call("3").await.state, CallState::Consolidated);
    assert_eq!(test.only_post().await.evidence_count, 2);
    // Those of one request in any order.
    let mut asked = test.sandbox.stats().transcripts_requested;
    asked.sort();
    assert_eq!(asked, ["1", "2", "3"]);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn calls_that_show_up_late_are_found_by_the_overlap_and_by_the_daily_lookback() {
    let test = TestApp::with_calls(Vec::new()).await;
    test.connected(History::Days(30)).await;
    let eleven_hours = pdf_call("11").started(BEGIN - Span::hours(11)).build();
    let six_days = pricing_call("66")
        .started(BEGIN - Span::days(5) - Span::hours(23))
        .build();
    test.sandbox.set_calls(vec![eleven_hours, six_days]);
    test.later(Span::hours(3)).await;
    let known = || async { test.ledger().await.into_keys().collect::<Vec<_>>() };
    assert_eq!(known().await, ["11"], "in the overlap of twelve hours");
    for _ in 0..6 {
        test.later(Span::hours(3)).await;
    }
    assert_eq!(known().await, ["11"], "the lookback is once a day");
    test.later(Span::hours(3)).await;
    assert_eq!(known().await, ["11", "66"], "in the lookback of seven days");
    assert_eq!(test.call("66").await.state, CallState::Discarded);
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn sync_now_lists_at_once_and_is_limited() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    let sync = "/integrations/gong/sync";
    let none = ada.post(sync, &[]).await;
    assert!(
        none.location().ends_with("done=sync-not-connected"),
        "{}",
        none.location()
    );

    ada.connect(THIRTY_DAYS).await;
    let running = ada.post(sync, &[]).await.location().to_owned();
    assert!(running.ends_with("done=sync-running"), "{running}");
    let page = ada.get(&running).await.text();
    assert!(page.contains("A sync is already running"), "{page}");
    test.app.drain().await;

    let page = ada.gong_page().await;
    assert!(page.contains("Sync now"), "{page}");
    test.clock.advance(Span::minutes(10));
    test.sandbox.set_calls(vec![
        pdf_call("1").started(BEGIN + Span::minutes(5)).build(),
    ]);
    let started = ada.post(sync, &[]).await.location().to_owned();
    let page = ada.get(&started).await.text();
    assert!(page.contains("The sync has started."), "{page}");
    test.app.drain().await;
    assert_eq!(test.call("1").await.state, CallState::Posted);

    let asked = test.requests();
    test.clock.advance(Span::seconds(119));
    let soon = ada.post(sync, &[]).await.location().to_owned();
    let page = ada.get(&soon).await.text();
    assert!(page.contains("wait two minutes between syncs"), "{page}");
    test.app.drain().await;
    assert_eq!(test.requests(), asked, "Gong was not asked");
    test.clock.advance(Span::seconds(1));
    let again = ada.post(sync, &[]).await.location().to_owned();
    assert!(again.ends_with("done=sync-started"), "{again}");
    test.app.drain().await;
    assert_eq!(test.requests(), asked + 1);
    // It counts as a poll: the next one comes three hours later.
    let page = ada.gong_page().await;
    assert!(page.contains("Next sync 2026-11-20 15:12 UTC"), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn two_clicks_on_sync_now_start_one_listing() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.connected(History::Off).await;
    let mut bo = test.browser(&admin()).await;
    let sync = "/integrations/gong/sync";
    let (one, other) = futures::join!(ada.post(sync, &[]), bo.post(sync, &[]));
    let started = |page: &kit::Page| page.location().ends_with("done=sync-started");
    assert!(started(&one) || started(&other));
    assert_eq!(
        test.app.windows.len(),
        1,
        "{} and {}",
        one.location(),
        other.location()
    );
}

#[tokio::test]
async fn while_a_listing_waits_no_second_one_is_begun() {
    let test = TestApp::with_calls(Vec::new()).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(NO_HISTORY).await;
    test.sandbox.set_faults(Faults {
        next_statuses: [InjectedStatus {
            endpoint: "/v2/calls/extensive".into(),
            status: 429,
            retry_after_seconds: Some(8 * 3_600),
            body: None,
        }]
        .into(),
        ..Faults::default()
    });
    test.later(Span::hours(3)).await;
    let asked = test.requests();
    for _ in 0..20 {
        test.later(Span::minutes(20)).await;
    }
    assert_eq!(test.windows().await.len(), 1, "{:#?}", test.windows().await);
    assert_eq!(test.requests(), asked);
    let call = pricing_call("1").started(BEGIN + Span::hours(10)).build();
    test.sandbox.set_calls(vec![call]);
    test.later(Span::hours(2)).await;
    test.later(Span::minutes(5)).await;
    let unfinished = test
        .windows()
        .await
        .into_iter()
        .filter(|w| w.finished.is_none());
    assert_eq!(unfinished.count(), 0);
    assert_eq!(
        test.call("1").await.state,
        CallState::Discarded,
        "and it goes on by itself"
    );
    assert_eq!(test.violations(), Vec::<String>::new());
}

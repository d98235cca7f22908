//! Windows with more calls than one slice holds.

use domain::moment::Span;
use gong_sandbox::SandboxCall;
use kit::{
    TestApp,
    calls::{call, pdf_call},
    consent::THIRTY_DAYS,
    inside::list_all,
    system::BEGIN,
    test_app::admin,
};

const CALLS: i64 = 3_050;

/// Private calls, which cost the ledger one line and nothing else, spread over 29 days; and one
/// that is not, at each end.
fn many() -> Vec<SandboxCall> {
    let start = |n: i64| BEGIN - Span::minutes(5) - Span(Span::days(29).0 / CALLS * n);
    let private = |n: i64| call(&(10_000 + n).to_string()).private(true.into());
    let mut calls: Vec<_> = (1..CALLS - 1)
        .map(|n| private(n).started(start(n)).build())
        .collect();
    calls.push(pdf_call("1").started(start(0)).build());
    calls.push(pdf_call("2").started(start(CALLS - 1)).build());
    calls
}

#[tokio::test]
async fn a_window_of_thousands_of_calls_is_cut_and_listed_whole() {
    let test = TestApp::with_calls(many()).await;
    let mut ada = test.browser(&admin()).await;
    ada.connect(THIRTY_DAYS).await;
    // Gong's order is not relied upon.
    test.sandbox.set_faults(gong_sandbox::Faults {
        reverse_pages: true,
        ..gong_sandbox::Faults::default()
    });
    let before = test.asked("POST /v2/calls/extensive");
    list_all(&test.app).await;
    let windows = test.windows().await;
    let slices = &windows[0].slices;
    assert_eq!(slices.len(), 2, "{slices:#?}");
    assert_eq!(slices[0].to, slices[1].from);
    assert!(
        slices
            .iter()
            .all(|slice| slice.done && slice.listed > 1_000)
    );
    let pages: u64 = slices.iter().map(|slice| slice.listed.div_ceil(100)).sum();
    let asked = test.asked("POST /v2/calls/extensive") - before;
    assert_eq!(asked, 1 + pages, "one look at how many there are");
    test.app.drain().await;
    let page = ada.gong_page().await;
    assert!(
        page.contains("listed 3,050 calls and queued 2 of them"),
        "{page}"
    );
    assert!(page.contains("private: 3048"), "{page}");
    assert_eq!(test.only_post().await.evidence_count, 2);
    assert_eq!(test.violations(), Vec::<String>::new());
}

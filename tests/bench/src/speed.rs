//! Calls a second, with a language model of 0 and of 800 ms.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{call::CallMessage, connection::History, ids::CallId, ports::queues::CallQueue};
use futures::future::join_all;
use kit::{TestApp, TestOptions, calls::call, test_app::admin};
use local::exact_index::ExactIndex;
use local_runner::{serve::BATCHES_AT_ONCE, try_run};

use crate::engine::{self, Scattered};

const CONCURRENCY: usize = 32;
/// Eighteen times as many as are read at once, and fewer than a listing leaves open before it pauses.
const CALLS: usize = 576;
/// Requests that a call with a new post makes: detect, extract, organize.
const REQUESTS: u32 = 3;
const DIMENSION: usize = 64;

/// At least so much of the ideal, in per cent, with a model that takes its time.
const GOAL: f64 = 95.0;

pub async fn measure() -> bool {
    let mut good = true;
    println!("Calls a second, {CONCURRENCY} at once, {CALLS} calls that each give a post");
    for takes in [Duration::ZERO, Duration::from_millis(800)] {
        let spent = run(takes).await;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred calls")]
        let calls = CALLS as f64;
        let rate = calls / spent.as_secs_f64();
        print!(
            "  a model of {:>3} ms   {rate:>7.1} a second",
            takes.as_millis()
        );
        if takes.is_zero() {
            println!();
            continue;
        }
        let waves = u32::try_from(CALLS / CONCURRENCY).unwrap_or(1);
        let ideal = calls / (takes * REQUESTS * waves).as_secs_f64();
        let share = 100.0 * rate / ideal;
        println!(
            "   {share:.1} % of the ideal {ideal:.1}, in which nothing but the model takes time (goal {GOAL} %)",
        );
        good &= share >= GOAL;
    }
    println!();
    good
}

async fn run(takes: Duration) -> Duration {
    let analyst = engine::analyst(takes).await;
    let calls = (1..=CALLS).map(|n| {
        call(&n.to_string())
            .internal("How is it going?")
            .customer(&format!("We need request number {n} to be built."))
            .build()
    });
    let test = TestApp::start(TestOptions {
        calls: calls.collect(),
        analyst: Some(analyst),
        embedder: Some((Arc::new(Scattered(DIMENSION)), DIMENSION)),
        index: Some(Arc::new(ExactIndex::new(DIMENSION))),
        ..TestOptions::default()
    })
    .await;
    test.browser(&admin()).await;
    try_run::connect(&test.app, &test.sandbox, &admin(), History::Days(30))
        .await
        .expect("connected");
    while test.app.deliver_windows().await > 0 {}
    let app = test
        .another_process(|parts| parts.concurrency = CONCURRENCY)
        .await;
    let message = |n: usize| CallMessage {
        org_id: admin().org_id,
        call_id: CallId::parse(n.to_string()).expect("digits"),
        generation: 1,
    };
    let messages: Vec<_> = (1..=CALLS).map(message).collect();
    app.calls.send(&messages).await.expect("in memory");
    let begun = Instant::now();
    let deliver = || async { while app.deliver_calls().await > 0 {} };
    join_all((0..BATCHES_AT_ONCE).map(|_| deliver())).await;
    let spent = begun.elapsed();
    let posts = test.all_posts().await.len();
    assert_eq!(posts, CALLS, "every call gave a post");
    spent
}

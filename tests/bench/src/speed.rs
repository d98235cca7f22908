//! Calls a second, with a language model of 0 and of 800 ms.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{call::CallMessage, connection::History, ids::CallId};
use journeys::{Rig, RigOptions, calls::call, rig::admin};
use local_parts::exact_index::ExactIndex;
use local_runner::try_run;

use crate::engine::{self, Scattered};

const CONCURRENCY: usize = 32;
/// Three waves of 32 calls in each batch: a batch of SQS has up to a hundred.
const BATCH: usize = 96;
const BATCHES: usize = 3;
/// Requests that a call with a new post makes: detect, extract, organize.
const REQUESTS: u32 = 3;
const DIMENSION: usize = 64;

pub async fn measure() {
    println!(
        "Calls a second, {CONCURRENCY} at once, {} calls that each give a post",
        BATCH * BATCHES
    );
    for takes in [Duration::ZERO, Duration::from_millis(800)] {
        let spent = run(takes).await;
        #[expect(clippy::cast_precision_loss, reason = "a few hundred calls")]
        let calls = (BATCH * BATCHES) as f64;
        let rate = calls / spent.as_secs_f64();
        print!(
            "  a model of {:>3} ms   {rate:>7.1} a second",
            takes.as_millis()
        );
        if takes.is_zero() {
            println!();
            continue;
        }
        let waves = u32::try_from(BATCH * BATCHES / CONCURRENCY).unwrap_or(1);
        let ideal = calls / (takes * REQUESTS * waves).as_secs_f64();
        println!(
            "   {:.1} % of the ideal {ideal:.1}, in which nothing but the model takes time (goal 95 %)",
            100.0 * rate / ideal
        );
    }
    println!();
}

async fn run(takes: Duration) -> Duration {
    let (analyst, _) = engine::analyst(takes, true).await;
    let count = BATCH * BATCHES;
    let calls = (1..=count).map(|n| {
        call(&n.to_string())
            .internal("How is it going?")
            .customer(&format!("We need request number {n} to be built."))
            .build()
    });
    let rig = Rig::start(RigOptions {
        calls: calls.collect(),
        analyst: Some(analyst),
        embedder: Some((Arc::new(Scattered(DIMENSION)), DIMENSION)),
        index: Some(Arc::new(ExactIndex::new(DIMENSION))),
        ..RigOptions::default()
    })
    .await;
    rig.browser(&admin()).await;
    try_run::connect(&rig.house, &rig.sandbox, &admin(), History::Days(30))
        .await
        .expect("connected");
    while rig.house.deliver_windows().await > 0 {}
    let house = rig
        .another_process(|parts| parts.concurrency = CONCURRENCY)
        .await;
    let message = |n: usize| CallMessage {
        org_id: admin().org_id,
        call_id: CallId::parse(n.to_string()).expect("digits"),
        generation: 1,
    };
    let begun = Instant::now();
    for batch in 0..BATCHES {
        let messages: Vec<_> = (1..=BATCH).map(|n| message(batch * BATCH + n)).collect();
        let deadline =
            domain::verdict::Deadline(house.clock.now() + domain::verdict::FUNCTION_TIMEOUT);
        house.pipeline.handle(&messages, deadline).await;
    }
    let spent = begun.elapsed();
    let posts = rig.all_posts().await.len();
    assert_eq!(posts, count, "every call gave a post");
    spent
}

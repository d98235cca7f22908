//! The stack, deployed into a local AWS by the platform team's own command, its functions as real
//! processes: one way through it in chapters, since building and deploying takes minutes.

#![expect(clippy::unwrap_used, reason = "tests")]

mod api;
mod budget;
mod crash;
mod dead_letters;
mod disconnect;
mod events;
mod in_containers;
mod operator;
mod settings;
mod steps;
mod tick;

use cloud_tests::deployed::world::{ORG, World};

const OPERATOR: &str = env!("CARGO_BIN_EXE_operator-for-tests");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deployed_stack() {
    let world = World::start(OPERATOR.as_ref()).await;
    chapter(
        "every event under the runtime interface emulator",
        events::answers(&world),
    )
    .await;
    chapter(
        "a good event of each function in a container",
        in_containers::answers(&world),
    )
    .await;
    chapter(
        "a missing or malformed setting is named",
        settings::are_named(&world),
    )
    .await;
    let mut ada = chapter("an admin signs in", steps::signs_in(&world, ORG)).await;
    chapter(
        "and connects Gong; calls become posts",
        steps::connects(&world, &mut ada),
    )
    .await;
    chapter(
        "the API wants a token of its own",
        api::wants_a_token(&world),
    )
    .await;
    chapter(
        "the Scheduler's tick starts what is due",
        tick::starts_a_poll(&world),
    )
    .await;
    chapter(
        "one bad message fails alone",
        dead_letters::one_bad_message(&world),
    )
    .await;
    chapter(
        "a dead letter is redriven",
        dead_letters::redrive_finishes(&world),
    )
    .await;
    chapter(
        "a killed function loses nothing",
        crash::in_the_middle_of_a_batch(&world),
    )
    .await;
    chapter(
        "keys are rotated by the operator",
        operator::rotates_keys(&world),
    )
    .await;
    chapter(
        "the index is rebuilt by the operator",
        operator::reindexes(&world),
    )
    .await;
    chapter(
        "disconnect drops what is queued",
        disconnect::drops_queued(&world, &mut ada),
    )
    .await;
    chapter("nothing secret is logged", steps::logs_are_clean(&world)).await;
}

async fn chapter<T>(title: &str, chapter: impl Future<Output = T>) -> T {
    let start = std::time::Instant::now();
    // A chapter's future is large.
    let told = Box::pin(chapter).await;
    eprintln!("-- {title}: {} s", start.elapsed().as_secs());
    told
}

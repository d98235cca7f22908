//! The Scheduler's tick.

use cloud_tests::deployed::world::{World, call, now};
use domain::{moment::Span, ports::connections::SyncStore};

pub async fn starts_a_poll(world: &World) {
    world.add_calls([call(
        "9011",
        "Proseware",
        "Also, we need a dark theme in the mobile app.",
    )]);
    // Three hours pass: the poll is due. The next tick, a minute away at most, has to see it.
    let store = world.store();
    let poll = store.poll(&world.org()).await.unwrap().unwrap();
    let due = now() - Span::minutes(1);
    store.move_poll_due(&poll, due).await.unwrap();
    world.until_call_is("9011", "posted").await;
    let poll = store.poll(&world.org()).await.unwrap().unwrap();
    assert!(poll.due > Some(now()), "the next slot is set");
}

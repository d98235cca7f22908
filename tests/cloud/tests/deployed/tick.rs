//! The Scheduler's tick.

use cloud_tests::deployed::world::{World, call, now};
use domain::ports::connections::SyncStore;

/// A poll is due; the Scheduler's next tick, a minute away at most, has to see it.
pub async fn starts_a_poll(world: &World) {
    let says = "Also, we need a dark theme in the mobile app.";
    world.add_calls([call("9011", "Proseware", says)]);
    world.poll_is_due().await;
    world.until_call_is("9011", "posted").await;
    let poll = world.store().poll(&world.org()).await.unwrap().unwrap();
    assert!(poll.due > Some(now()), "the next slot is set");
}

//! Disconnect while calls are queued.

use cloud_tests::deployed::{
    web::Web,
    world::{World, call, until},
};
use domain::ports::connections::ConnectionStore;

pub async fn drops_queued(world: &World, ada: &mut Web) {
    let calls = world.cloud.output("CallsQueueUrl").to_owned();
    world.deliver(&calls, false).await;
    let says = "Lately we need offline mode on the train.";
    world.queue([call("9041", "Margie", says)]).await;
    let store = world.store();
    let secret = store
        .connection(&world.org())
        .await
        .unwrap()
        .unwrap()
        .secret_name;
    assert!(world.secret_exists(&secret).await);
    let posts = world.posts().await.len();

    let done = ada.post("/integrations/gong/disconnect", &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(!world.secret_exists(&secret).await, "it is deleted at once");
    world.deliver(&calls, true).await;
    let call = world.until_call_is("9041", "skipped").await;
    assert!(
        call["reason"].to_string().contains("disconnected"),
        "{call}"
    );
    assert!(until(async || world.depth(&calls).await == 0).await);
    assert_eq!(
        world.posts().await.len(),
        posts,
        "posts stay, none is added"
    );
    let asked = world.gong.stats().transcripts_requested;
    assert!(!asked.contains(&"9041".to_owned()), "{asked:?}");
}

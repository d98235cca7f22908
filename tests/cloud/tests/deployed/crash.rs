//! A function that dies in the middle of a batch.

use aws_sdk_dynamodb::types::AttributeValue;
use cloud_tests::deployed::{
    processes,
    world::{ORG, World, call, now, until},
};
use domain::{
    ids::{CallId, PostId},
    moment::Span,
    ports::{feedback::FeedbackStore, ledger::Ledger},
};

const CALLS: [(&str, &str); 3] = [
    ("9031", "Then we need an audit log of every export."),
    (
        "9032",
        "Mostly we need to merge duplicate contacts in bulk.",
    ),
    ("9033", "Frankly we need reminders before a contract ends."),
];

pub async fn in_the_middle_of_a_batch(world: &World) {
    let calls = world.cloud.output("CallsQueueUrl").to_owned();
    world.deliver(&calls, false).await;
    world
        .queue(CALLS.map(|(id, says)| call(id, "Wingtip", says)))
        .await;
    // The batch is at the model with one call when its process dies.
    world.providers.hold("audit log");
    world.deliver(&calls, true).await;
    world.providers.all_reached().await;
    let running = processes::of_function(world.cloud.process(), "Pipeline");
    assert!(!running.is_empty(), "the pipeline runs as a process");
    for process in running {
        processes::kill(process);
    }
    world.providers.release();
    // The message comes again at once and meets a live lease; then the lease's six minutes pass.
    assert!(until(async || world.depth(&calls).await == 0).await);
    for (id, _) in CALLS {
        let_the_lease_end(world, id).await;
    }
    world.tick().await;
    for (id, _) in CALLS {
        world.until_call_is(id, "posted").await;
    }
    nothing_is_doubled(world).await;
    assert_eq!(
        world.depth(world.cloud.output("CallsDeadLettersUrl")).await,
        0
    );
}

/// Each call has one outcome, and its post has one evidence of it.
async fn nothing_is_doubled(world: &World) {
    let store = world.store();
    let ids = CALLS.map(|(id, _)| CallId::parse(id).unwrap());
    for call in store.calls(&world.org(), &ids).await.unwrap() {
        let posts = world.posts().await;
        let mut pieces = 0;
        for post in &posts {
            let id = PostId::parse(post["id"].as_str().unwrap()).unwrap();
            let of_post = store.evidence(&world.org(), &id).await.unwrap();
            pieces += of_post.iter().filter(|e| e.call_id == call.id).count();
        }
        assert_eq!((call.outcomes.len(), pieces), (1, 1), "{:?}", call.id);
    }
}

/// Six minutes pass for a call that a worker has in its lease: lease and `due` lie in the past.
async fn let_the_lease_end(world: &World, call: &str) {
    let past = (now() - Span::minutes(1)).0.to_string();
    let request = world.cloud.aws().dynamodb().update_item();
    let request = request
        .table_name(world.cloud.output("CallsTable"))
        .key("pk", AttributeValue::S(format!("ORG#{ORG}")))
        .key("sk", AttributeValue::S(format!("CALL#{call}")))
        .update_expression("SET lease.#until = :past, due = :past")
        .condition_expression("attribute_exists(lease)")
        .expression_attribute_names("#until", "until")
        .expression_attribute_values(":past", AttributeValue::N(past));
    // A call that another delivery finished meanwhile has no lease.
    let _ = request.send().await;
}

//! Messages that fail.

use aws_sdk_dynamodb::types::AttributeValue;
use cloud_tests::deployed::world::{ORG, World, call, until};
use domain::{ids::CallId, ports::ledger::Ledger};
use serde_json::json;

/// A batch with one body that is no message: the others are worked on, it alone is kept, and after
/// five receptions it lies in the dead-letter queue, which an alarm watches.
pub async fn one_bad_message(world: &World) {
    let (calls, dead) = queues(world);
    world.hurry(&calls).await;
    let message = json!({"org_id": ORG, "call_id": "9001", "generation": 1}).to_string();
    world
        .send(&calls, &[message, "{\"org_id\": \"acme\"".into()])
        .await;
    assert!(until(async || world.depth(&dead).await == 1).await);
    assert_eq!(
        world.depth(&calls).await,
        0,
        "the good one was acknowledged"
    );
    let alarms = world.alarms_on(&dead).await;
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    assert_eq!(world.redrive(&dead, &calls).await, 1);
    assert!(
        until(async || world.depth(&dead).await == 1).await,
        "it fails again"
    );
    let purge = world.cloud.aws().sqs().purge_queue().queue_url(&dead);
    purge.send().await.unwrap();
}

/// A ledger item that cannot be read keeps its message failing; once it is mended, a redrive
/// finishes the call.
pub async fn redrive_finishes(world: &World) {
    let (calls, dead) = queues(world);
    world.deliver(&calls, false).await;
    let says = "And we need webhooks for new tickets.";
    world.queue([call("9021", "Adatum", says)]).await;
    // A word that is not known is a newer version's; this is none at all.
    let was = set_state(world, "9021", "").await;
    world.deliver(&calls, true).await;
    assert!(until(async || world.depth(&dead).await == 1).await);
    assert_eq!(world.alarms_on(&dead).await.len(), 1);
    set_state(world, "9021", &was).await;
    assert_eq!(world.redrive(&dead, &calls).await, 1);
    world.until_call_is("9021", "posted").await;
    let id = CallId::parse("9021").unwrap();
    let known = world.store().calls(&world.org(), &[id]).await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(world.depth(&dead).await, 0);
}

fn queues(world: &World) -> (String, String) {
    let output = |name| world.cloud.output(name).to_owned();
    (output("CallsQueueUrl"), output("CallsDeadLettersUrl"))
}

/// Writes a call's state past all conditions; what it was.
async fn set_state(world: &World, call: &str, state: &str) -> String {
    let request = world.cloud.aws().dynamodb().update_item();
    let request = request
        .table_name(world.cloud.output("CallsTable"))
        .key("pk", AttributeValue::S(format!("ORG#{ORG}")))
        .key("sk", AttributeValue::S(format!("CALL#{call}")))
        .update_expression("SET #state = :state")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":state", AttributeValue::S(state.to_owned()))
        .return_values(aws_sdk_dynamodb::types::ReturnValue::UpdatedOld);
    let old = request.send().await.unwrap().attributes.unwrap();
    old["state"].as_s().unwrap().clone()
}

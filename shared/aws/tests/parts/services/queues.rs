//! Sending to SQS.

use std::sync::{Arc, Mutex};

use adapters::system::SystemIds;
use aws::sqs::SqsQueue;
use axum::{Json, Router, extract::State, routing::post};
use domain::{
    call::CallMessage,
    ids::{CallId, OrgId},
    ports::queues::CallQueue,
};
use serde_json::{Value, json};

use crate::services::servers::{Local, at, test_clock};

fn messages(count: usize) -> Vec<CallMessage> {
    let message = |n: usize| CallMessage {
        org_id: OrgId::parse(format!("org-{}", n % 3)).unwrap(),
        call_id: CallId::parse(n.to_string()).unwrap(),
        generation: 1,
    };
    (0..count).map(message).collect()
}

fn queue(client: aws_sdk_sqs::Client, url: String) -> SqsQueue {
    SqsQueue::new(client, url, test_clock(), Arc::new(SystemIds))
}

#[tokio::test]
async fn any_number_arrives_each_in_the_group_of_its_organization() {
    use aws_sdk_sqs::types::MessageSystemAttributeName::MessageGroupId;
    let local = Local::ministack();
    let client = local.aws.sqs();
    let made = client
        .create_queue()
        .queue_name("calls")
        .send()
        .await
        .unwrap();
    let url = made.queue_url.unwrap();
    let sent = messages(23);
    queue(client.clone(), url.clone())
        .send(&sent)
        .await
        .unwrap();
    let mut arrived = Vec::new();
    loop {
        let request = client
            .receive_message()
            .queue_url(&url)
            .max_number_of_messages(10);
        let request = request.message_system_attribute_names(MessageGroupId);
        let batch = request.send().await.unwrap().messages.unwrap_or_default();
        if batch.is_empty() {
            break;
        }
        for message in batch {
            let body: CallMessage = serde_json::from_str(message.body().unwrap()).unwrap();
            let group = message.attributes.unwrap()[&MessageGroupId].clone();
            assert_eq!(group, body.org_id.as_str());
            arrived.push(body);
        }
    }
    arrived.sort_by_key(|m| m.call_id.as_str().parse::<u32>().unwrap());
    assert_eq!(arrived, sent);
    queue(client, url).send(&[]).await.unwrap();
}

/// What a scripted SQS answers: the ids that it refuses in each request, and whether it says that
/// the sender is to blame.
type Script = Arc<Mutex<(Vec<Vec<&'static str>>, bool, Vec<usize>)>>;

async fn scripted(refusals: Vec<Vec<&'static str>>, senders_fault: bool) -> (String, Script) {
    let script: Script = Arc::new(Mutex::new((refusals, senders_fault, Vec::new())));
    let router = Router::new()
        .route("/", post(answer))
        .with_state(script.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, script)
}

async fn answer(State(script): State<Script>, body: String) -> Json<Value> {
    let request: Value = serde_json::from_str(&body).unwrap();
    let entries = request["Entries"].as_array().unwrap();
    let mut script = script.lock().unwrap();
    script.2.push(entries.len());
    let refused = if script.0.is_empty() {
        Vec::new()
    } else {
        script.0.remove(0)
    };
    let is_refused = |entry: &&Value| refused.contains(&entry["Id"].as_str().unwrap());
    let failed = entries
        .iter()
        .filter(is_refused)
        .map(|entry| json!({"Id": entry["Id"], "Code": "InternalError", "SenderFault": script.1}));
    let taken = entries
        .iter()
        .filter(|entry| !is_refused(entry))
        .map(|entry| json!({"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "x"}));
    Json(json!({"Successful": taken.collect::<Value>(), "Failed": failed.collect::<Value>()}))
}

#[tokio::test]
async fn what_sqs_did_not_take_is_offered_again_alone() {
    let (origin, script) = scripted(vec![vec!["3", "7"], vec!["7"]], false).await;
    queue(at(&origin).sqs(), format!("{origin}/q"))
        .send(&messages(10))
        .await
        .unwrap();
    assert_eq!(script.lock().unwrap().2, [10, 2, 1]);
}

#[tokio::test]
async fn what_sqs_never_takes_is_told() {
    let (origin, script) = scripted(vec![vec!["0"]; 9], false).await;
    let sent = queue(at(&origin).sqs(), format!("{origin}/q"))
        .send(&messages(2))
        .await;
    assert!(sent.unwrap_err().to_string().contains("InternalError"));
    assert_eq!(script.lock().unwrap().2, [2, 1, 1, 1]);
}

#[tokio::test]
async fn a_faulty_message_is_not_offered_again() {
    let (origin, script) = scripted(vec![vec!["0"]], true).await;
    let sent = queue(at(&origin).sqs(), format!("{origin}/q"))
        .send(&messages(1))
        .await;
    assert!(sent.unwrap_err().to_string().contains("faulty"));
    assert_eq!(script.lock().unwrap().2, [1]);
}

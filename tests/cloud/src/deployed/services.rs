//! What a test looks at and turns in the local AWS beside the stack's own ways.

use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
use serde_json::{Value, json};

use super::{local_cloud::REGION, world::World};

impl World {
    /// Sends raw bodies to a queue, in one batch.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn send(&self, queue: &str, bodies: &[String]) {
        let entries = bodies.iter().enumerate().map(|(index, body)| {
            let entry = SendMessageBatchRequestEntry::builder().id(index.to_string());
            let entry = entry.message_body(body).message_group_id("test");
            entry.build().expect("id and body are there")
        });
        let request = self.cloud.aws().sqs().send_message_batch().queue_url(queue);
        let sent = request.set_entries(Some(entries.collect())).send().await;
        assert!(sent.expect("sent").failed().is_empty());
    }

    /// How many messages a queue holds, those in flight included.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub async fn depth(&self, queue: &str) -> u32 {
        use QueueAttributeName::{
            ApproximateNumberOfMessages as Waiting,
            ApproximateNumberOfMessagesNotVisible as InFlight,
        };
        let request = self
            .cloud
            .aws()
            .sqs()
            .get_queue_attributes()
            .queue_url(queue);
        let request = request.attribute_names(Waiting).attribute_names(InFlight);
        let attributes = request.send().await.expect("an answer").attributes;
        let attributes = attributes.unwrap_or_default();
        let count = |name| attributes.get(&name).and_then(|n: &String| n.parse().ok());
        count(Waiting).unwrap_or(0_u32) + count(InFlight).unwrap_or(0)
    }

    /// Lets a queue's visibility time-out, half an hour, pass in a second from now on.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn hurry(&self, queue: &str) {
        let request = self
            .cloud
            .aws()
            .sqs()
            .set_queue_attributes()
            .queue_url(queue);
        let request = request.attributes(QueueAttributeName::VisibilityTimeout, "1");
        request.send().await.expect("it is set");
    }

    /// Moves every message of a dead-letter queue back to its source, as a redrive does; the local
    /// cloud has no `StartMessageMoveTask`.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn redrive(&self, dead_letters: &str, source: &str) -> usize {
        let sqs = self.cloud.aws().sqs();
        let mut moved = 0;
        loop {
            let request = sqs.receive_message().queue_url(dead_letters);
            let received = request.max_number_of_messages(10).send().await;
            let messages = received.expect("an answer").messages.unwrap_or_default();
            if messages.is_empty() {
                return moved;
            }
            for message in messages {
                let body = message.body.expect("a body");
                self.send(source, &[body]).await;
                let request = sqs.delete_message().queue_url(dead_letters);
                let request = request.set_receipt_handle(message.receipt_handle);
                request.send().await.expect("it is deleted");
                moved += 1;
            }
        }
    }

    /// The alarms whose metric is about the queue with this address, by name.
    pub async fn alarms_on(&self, queue: &str) -> Vec<String> {
        let queue = queue.rsplit('/').next().unwrap_or_default();
        let target = "GraniteServiceVersion20100801.DescribeAlarms";
        let known = self
            .target("monitoring", target, json!({"MaxRecords": 100}))
            .await;
        let alarms = known["MetricAlarms"].as_array().into_iter().flatten();
        alarms
            .filter(|alarm| alarm["Dimensions"] == json!([{"Name": "QueueName", "Value": queue}]))
            .filter_map(|alarm| alarm["AlarmName"].as_str().map(str::to_owned))
            .collect()
    }

    /// Turns the delivery from a queue to its function off or on.
    ///
    /// # Panics
    /// When there is no such delivery.
    pub async fn deliver(&self, queue: &str, enabled: bool) {
        let change = json!({ "Enabled": enabled });
        self.change_delivery(queue, &change).await;
    }

    /// The local cloud keeps the concurrency of a delivery as the text that a parameter is, and
    /// then delivers nothing; AWS makes a number of it.
    pub async fn mend_deliveries(&self) {
        for queue in ["CallsQueueUrl", "WindowsQueueUrl"] {
            let change = json!({"ScalingConfig": {"MaximumConcurrency": 2}});
            self.change_delivery(self.cloud.output(queue), &change)
                .await;
        }
    }

    async fn change_delivery(&self, queue: &str, change: &Value) {
        let queue = queue.rsplit('/').next().unwrap_or_default();
        let path = "/2015-03-31/event-source-mappings/";
        let list = self.raw("GET", path, "lambda", None).await;
        let list: Value = serde_json::from_str(&list).expect("a list");
        let all = list["EventSourceMappings"].as_array().expect("mappings");
        let ours = all.iter().find(|mapping| {
            let source = mapping["EventSourceArn"].as_str().unwrap_or_default();
            source.ends_with(&format!(":{queue}"))
        });
        let id = ours.and_then(|mapping| mapping["UUID"].as_str());
        let path = format!("{path}{}", id.expect("the queue is delivered"));
        self.raw("PUT", &path, "lambda", Some(change.to_string()))
            .await;
    }

    /// What the functions have logged, whole.
    ///
    /// # Panics
    /// When it cannot be read.
    pub async fn logs(&self) -> String {
        let groups = self
            .target("logs", "Logs_20140328.DescribeLogGroups", json!({}))
            .await;
        let groups = groups["logGroups"].as_array().cloned().unwrap_or_default();
        let mut text = String::new();
        for group in groups {
            let body = json!({"logGroupName": group["logGroupName"], "limit": 10_000});
            let events = "Logs_20140328.FilterLogEvents";
            let events = self.target("logs", events, body).await;
            for event in events["events"].as_array().into_iter().flatten() {
                text.push_str(event["message"].as_str().unwrap_or_default());
                text.push('\n');
            }
        }
        text
    }

    /// The environment that a deployed function has.
    ///
    /// # Panics
    /// When there is no such function in the stack.
    pub async fn function_environment(&self, logical_id: &str) -> Vec<(String, String)> {
        let variables = &self.function(logical_id).await["Environment"]["Variables"];
        let variables = variables.as_object().expect("an environment");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let pairs = variables.iter();
        pairs
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }

    /// A tick of the Scheduler, now.
    ///
    /// # Panics
    /// When the poller fails.
    pub async fn tick(&self) {
        let poller = self.function("PollerFunction").await;
        let name = poller["FunctionName"].as_str().expect("a name");
        let path = format!("/2015-03-31/functions/{name}/invocations");
        let tick = json!({"tick": "maintenance"}).to_string();
        let answer = self.raw("POST", &path, "lambda", Some(tick)).await;
        assert!(!answer.contains("errorType"), "{answer}");
    }

    async fn function(&self, logical_id: &str) -> Value {
        let path = "/2015-03-31/functions/";
        let list = self.raw("GET", path, "lambda", None).await;
        let list: Value = serde_json::from_str(&list).expect("a list");
        let functions = list["Functions"].as_array().into_iter().flatten();
        let mut ours = functions.filter(|function| {
            let name = function["FunctionName"].as_str().unwrap_or_default();
            name.contains(logical_id)
        });
        ours.next().expect("it is deployed").clone()
    }

    /// Whether the credentials of a connection are stored.
    pub async fn secret_exists(&self, name: &str) -> bool {
        let name = format!("{}{name}", self.cloud.output("SecretsPrefix"));
        let request = self.cloud.aws().secrets_manager().get_secret_value();
        request.secret_id(name).send().await.is_ok()
    }

    async fn target(&self, service: &str, target: &str, body: Value) -> Value {
        let request = reqwest::Client::new().post(self.cloud.endpoint());
        let request = request
            .header("authorization", signature(service))
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.1");
        let answer = request.body(body.to_string()).send().await;
        let text = answer.expect("an answer").text().await.expect("a text");
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{target}: {text}"))
    }

    async fn raw(&self, method: &str, path: &str, service: &str, body: Option<String>) -> String {
        adapters::http::install_crypto();
        let method = method.parse().expect("a method");
        let url = format!("{}{path}", self.cloud.endpoint());
        let mut request = reqwest::Client::new().request(method, url);
        request = request.header("authorization", signature(service));
        if let Some(body) = body {
            let form = "application/x-www-form-urlencoded";
            let kind = if body.starts_with('{') {
                "application/json"
            } else {
                form
            };
            request = request.header("content-type", kind).body(body);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a text");
        assert!(status.is_success(), "{service} {path}: {status} {text}");
        text
    }
}

/// The local cloud reads the service from a signature and does not check it.
fn signature(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=local/20260101/{REGION}/{service}/aws4_request, \
         SignedHeaders=host, Signature=none"
    )
}

//! Good events by `sam local invoke`: the container's function reads and writes the stack's tables.

use std::{fs, net::IpAddr, path::PathBuf};

use cloud_tests::deployed::{containers::Containers, tools, world::World};
use serde_json::{Value, json};
use test_tools::repository;

use crate::events::a_connect_began;

/// After the events under the emulator: what they did is there, and done.
pub async fn answers(world: &World) {
    let containers = match Containers::start() {
        Ok(containers) => containers,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let Some(host) = containers.relay(world.cloud.port()).await else {
        return eprintln!("skipped: only containers of our own reach this machine's loopback");
    };
    let invoke = async |logical_id: &str, event: &str| {
        invoke(world, &containers, host, logical_id, event).await
    };

    let posts = invoke("DashboardFunction", "dashboard.posts").await;
    let body: Value = serde_json::from_str(posts["body"].as_str().unwrap()).unwrap();
    assert_eq!(posts["statusCode"], 200, "{posts}");
    assert_eq!(body["items"].as_array().unwrap().len(), 2, "{body}");

    a_connect_began(world, "denied-state").await;
    let denied = invoke("OauthCallbackFunction", "oauth-callback.denied").await;
    let location = &denied["headers"]["location"];
    assert_eq!(location, "/integrations/gong?refused=denied", "{denied}");

    let tick = invoke("PollerFunction", "poller.tick").await;
    assert_eq!(tick["errors"], 0, "{tick}");

    let batch = invoke("PipelineFunction", "pipeline.batch").await;
    assert_eq!(batch, json!({"batchItemFailures": []}));
}

/// What the function answers, in a container, with the deployed one's environment.
async fn invoke(
    world: &World,
    containers: &Containers,
    host: IpAddr,
    logical_id: &str,
    event: &str,
) -> Value {
    let settings = world.function_environment(logical_id).await;
    let settings: serde_json::Map<_, _> = settings
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)))
        .collect();
    let environment = tempfile::NamedTempFile::new().unwrap();
    fs::write(&environment, json!({ "Parameters": settings }).to_string()).unwrap();
    let endpoint = format!("http://localhost:{}", world.cloud.port());
    let template = Template::with_endpoint(&endpoint);
    let mut sam = world.cloud.command("sam".as_ref());
    // The shell's value goes before the template's.
    sam.env("AWS_ENDPOINT_URL", &endpoint);
    sam.args(["local", "invoke", logical_id])
        .args(["--config-env", "local"])
        .arg("--template-file")
        .arg(&template.0)
        .arg("--event")
        .arg(repository().join(format!("events/{event}.json")))
        .arg("--env-vars")
        .arg(environment.path())
        .args(["--add-host", &format!("localhost:{host}")]);
    containers.lend(&mut sam);
    // The relay needs this thread.
    let answer = tokio::task::spawn_blocking(move || tools::answer(sam));
    let text = answer.await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{logical_id}, {event}: {text}"))
}

/// What `sam build` made, with the variable beside the others that names the local AWS: SAM CLI
/// sets only what the template names.
struct Template(PathBuf);

impl Template {
    fn with_endpoint(endpoint: &str) -> Self {
        let folder = repository().join(".aws-sam/build");
        let built = fs::read_to_string(folder.join("template.yaml")).unwrap();
        let first = "\n        RUST_LOG:";
        assert_eq!(built.matches(first).count(), 1);
        let endpoint = format!("\n        AWS_ENDPOINT_URL: {endpoint}{first}");
        let file = folder.join("with-endpoint.yaml");
        fs::write(&file, built.replace(first, &endpoint)).unwrap();
        Self(file)
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

//! `serve` and `reindex` with the vector index on the real Qdrant engine.

use std::{path::Path, process::Command, sync::Arc};

use adapters::{
    keys::Key,
    qdrant::{QdrantConfig, QdrantIndex},
    system::{SystemClock, SystemIds},
};
use domain::{ids::OrgId, ports::feedback::VectorIndex, secret::Secret, service_url::ServiceUrl};

use crate::{
    browser::Browser,
    calls::six_calls,
    program::{Server, run_with, until},
};

const KEY: &str = "hush-key";

fn qdrant(folder: &Path) -> test_tools::Server {
    let python = test_tools::venv("qdrant").program("python");
    let mut command = Command::new(python);
    command
        .arg(test_tools::python_script("qdrant_server.py"))
        .arg(folder.join("qdrant"))
        .args(["--api-key", KEY]);
    test_tools::Server::start(&mut command)
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_wait_for_a_missing_index_until_reindex_has_made_it() {
    let folder = tempfile::tempdir().unwrap();
    let (calls, data) = (folder.path().join("calls"), folder.path().join("data"));
    std::fs::create_dir(&calls).unwrap();
    six_calls(&calls);
    let engine = qdrant(folder.path());
    let url = engine.origin();
    let settings = [("QDRANT_URL", url.as_str()), ("QDRANT_API_KEY", KEY)];
    let args = ["--calls", calls.to_str().unwrap()];
    let server = Server::start_with(&data, &args, &settings);
    let words = format!("index       Qdrant at {url}");
    assert!(server.banner.contains(&words), "{}", server.banner);
    let said = server.stderr();
    assert!(said.contains("run `productbridge reindex`"), "{said}");

    let browser = Browser::admin(&server).await;
    browser.connect().await;
    until("the call with feedback waits", async || {
        let ledger = browser.ledger().await;
        (ledger.get("1")? == "deferred").then_some(())
    })
    .await;
    assert!(browser.items("/api/posts").await.is_empty());

    let at = ["reindex", "--data", data.to_str().unwrap()];
    let made = run_with(&at, &settings);
    assert!(made.status.success(), "{made:#?}");
    assert!(made.stdout.starts_with("0 vectors indexed"), "{made:#?}");
    assert!(!server.stderr().contains(KEY), "{}", server.stderr());
    drop(server);

    // At the next start what waits is taken up at once.
    let server = Server::start_with(&data, &args, &settings);
    assert!(!server.stderr().contains("reindex"), "{}", server.stderr());
    let browser = browser.at(&server);
    until("the post is there", async || {
        (browser.items("/api/posts").await.len() == 1).then_some(())
    })
    .await;
    drop(server);
    let again = run_with(&at, &settings);
    assert!(again.stdout.starts_with("1 vectors indexed"), "{again:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_made_while_another_index_was_in_use_are_in_qdrant_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = ["--data", data.to_str().unwrap()];
    let engine = qdrant(folder.path());
    let url = engine.origin();
    let settings = [("QDRANT_URL", url.as_str()), ("QDRANT_API_KEY", KEY)];
    let made = run_with(&[&["reindex"], &at[..]].concat(), &settings);
    assert!(made.status.success(), "{made:#?}");

    let file = folder.path().join("import.jsonl");
    std::fs::write(&file, r#"{"title": "Single sign-on with Okta"}"#).unwrap();
    let import = ["import", file.to_str().unwrap()];
    let imported = run_with(&[&import, &at[..]].concat(), &[]);
    assert!(imported.status.success(), "{imported:#?}");
    let config = QdrantConfig {
        url: ServiceUrl::parse(&url).unwrap(),
        api_key: Some(Key::Given(Secret::new(KEY))),
    };
    let index = QdrantIndex::new(
        config,
        &format!("{}@{}", minilm::NAME, minilm::DIMENSION),
        Arc::new(SystemClock),
        Arc::new(SystemIds),
    )
    .unwrap();
    let found = async || {
        let (org, anything) = (OrgId::parse("demo").unwrap(), [1.0; minilm::DIMENSION]);
        index.nearest(&org, &anything, 5).await.unwrap().len()
    };
    assert_eq!(found().await, 0);
    drop(Server::start_with(&data, &[], &settings));
    assert_eq!(found().await, 1);
}

#[test]
fn a_server_that_is_away_or_refuses_the_key_is_named_and_nothing_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let serve = ["serve", "--port", "0", "--data", data.to_str().unwrap()];
    let engine = qdrant(folder.path());
    let away = format!("http://127.0.0.1:{}", test_tools::free_port());
    for (url, key, words) in [
        (engine.origin(), "hush-wrong", "it refuses the API key"),
        (away, KEY, "no connection"),
    ] {
        let ended = run_with(
            &serve,
            &[("QDRANT_URL", url.as_str()), ("QDRANT_API_KEY", key)],
        );
        assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
        assert!(
            ended.stderr.contains("QDRANT_URL") && ended.stderr.contains(words),
            "{}",
            ended.stderr
        );
        assert!(!ended.stderr.contains("hush"), "{}", ended.stderr);
    }
}

//! Models that run on this machine: named at the start, and used by the line that is printed.

use kit::scripted::{Reply, Scripted};
use serde_json::json;

use crate::{
    browser::Browser,
    calls::six_calls,
    program::{Server, until},
};

/// An Ollama with two models that find no feedback.
async fn ollama() -> Scripted {
    Scripted::answering(|seen| match seen.path.as_str() {
        "/api/tags" => Reply::Raw(json!({"models": [
            {"name": "nomic-embed-text:latest"}, {"name": "qwen3:8b"}, {"name": "gemma3:4b"},
        ]})),
        _ => Reply::text(&json!({"feedback": false, "reason": "Nobody asks for anything."})),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_model_is_named_with_the_line_that_uses_it() {
    let folder = tempfile::tempdir().unwrap();
    let (calls, data) = (folder.path().join("calls"), folder.path().join("data"));
    std::fs::create_dir(&calls).unwrap();
    six_calls(&calls);
    let args = ["--calls", calls.to_str().unwrap()];
    let ollama = ollama().await;
    let port = ollama.url.rsplit(':').next().unwrap();
    let ask = format!("ollama={port}");
    let ask = ("LOCAL_MODELS", ask.as_str());
    let words = "Ollama on this machine has qwen3:8b, gemma3:4b; to use qwen3:8b, start with";
    let line = format!(
        "LLM_BASE_URL={}/v1 LLM_MODEL=qwen3:8b cargo run",
        ollama.url
    );

    // A busy machine may miss the moment in which the answer counts.
    let named = until("the models are named", async || {
        let server = Server::start_with(&data, &args, &[ask]);
        server.banner.contains("Ollama").then_some(server)
    })
    .await;
    let said = format!("\n              {words}\n                {line}\n");
    assert!(named.banner.contains(&said), "{}", named.banner);
    let browser = Browser::admin(&named).await;
    let page = browser.get("/integrations/gong").await.body;
    let shown = format!("{words} <code>{line}</code>");
    assert!(page.contains(&shown), "{page}");
    drop(named);

    let asked = ollama.seen().len();
    let mut settings = vec![ask];
    let variables = line.strip_suffix(" cargo run").unwrap();
    settings.extend(variables.split(' ').filter_map(|pair| pair.split_once('=')));
    let server = Server::start_with(&data, &args, &settings);
    let banner = &server.banner;
    assert!(banner.contains("LLM         qwen3:8b"), "{banner}");
    assert!(!banner.contains("Ollama"), "{banner}");
    assert_eq!(ollama.seen().len(), asked);
    let browser = browser.at(&server);
    browser.connect().await;
    let question = until("the model is asked", async || {
        ollama.seen().get(asked).cloned()
    })
    .await;
    assert_eq!(question.path, "/v1/chat/completions");
    assert_eq!(question.body["model"], "qwen3:8b");
    let page = browser.get("/integrations/gong").await.body;
    assert!(!page.contains("on this machine has"), "{page}");
}

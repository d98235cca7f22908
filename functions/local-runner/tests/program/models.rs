//! Providers that a test plays to the running program.

use serde_json::{Value, json};

use kit::scripted::{Reply, Scripted};

/// The dimension that the program asks Voyage for.
const DIMENSION: usize = 1_024;

/// A Voyage whose vectors tell texts with PDF in them from all others.
pub async fn voyage() -> Scripted {
    Scripted::answering(|seen| {
        let texts: Vec<String> =
            serde_json::from_value(seen.body["input"].clone()).unwrap_or_default();
        let vector = |text: &String| {
            let mut vector = vec![0.0; DIMENSION];
            vector[usize::from(text.contains("PDF"))] = 1.0;
            vector
        };
        let data: Vec<Value> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| json!({"index": index, "embedding": vector(text)}))
            .collect();
        Reply::Raw(json!({"object": "list", "data": data, "model": "voyage-4"}))
    })
    .await
}

/// A language model that always gives this reply.
pub async fn language_model(reply: Reply) -> Scripted {
    Scripted::answering(move |_| reply.clone()).await
}

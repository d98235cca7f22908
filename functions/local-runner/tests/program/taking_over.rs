//! `import`, `reindex` and `retry`, with and without a running server.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    calls::{REQUESTS, call, write},
    models::voyage,
    program::{Ended, Server, run, run_with},
};

const LINES: &str = r#"{"title": "Export the weekly SLA report to PDF", "description": "We need to export the weekly SLA report to PDF instead of taking screenshots every Friday.", "source": "canny", "id": "c-1", "status": "planned", "tags": ["export", "unknown"], "author": {"name": "Old Owl", "account": "Owls"}, "created": "2025-03-01T09:00:00Z"}

{"title": "Single sign-on with Okta"}
"#;

fn import(data: &Path, lines: &str) -> Ended {
    let file = data.parent().unwrap().join("import.jsonl");
    std::fs::write(&file, lines).unwrap();
    run(&[
        "import",
        file.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ])
}

async fn posts(data: &Path) -> Vec<Value> {
    let server = Server::start(data, &[]);
    Browser::admin(&server).await.items("/api/posts").await
}

#[tokio::test]
async fn an_import_is_taken_over_once_with_and_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let first = import(&data, LINES);
    assert!(first.status.success(), "{first:#?}");
    assert_eq!(
        first.stdout.trim(),
        "2 posts added, 0 were there already, 0 lines refused"
    );
    let again = import(&data, LINES);
    assert!(again.status.success());
    assert_eq!(
        again.stdout.trim(),
        "0 posts added, 2 were there already, 0 lines refused"
    );
    let known = posts(&data).await;
    assert_eq!(known.len(), 2);
    let old = known.iter().find(|post| post["source"] == "canny").unwrap();
    assert_eq!(
        (&old["source_type"], &old["status"]),
        (&json!("import"), &json!("planned"))
    );
    assert_eq!(
        (&old["author"]["name"], &old["tag_ids"]),
        (&json!("Old Owl"), &json!(["export"]))
    );
    assert_eq!(old["created"], "2025-03-01T09:00:00Z");

    let server = Server::start(&data, &[]);
    let browser = Browser::admin(&server).await;
    let through = import(&data, &format!("{LINES}{{\"title\": \"Tags in bulk\"}}\n"));
    assert_eq!(
        through.stdout.trim(),
        "1 posts added, 2 were there already, 0 lines refused",
        "{through:#?}"
    );
    assert_eq!(
        browser.items("/api/posts").await.len(),
        3,
        "the running server knows it at once"
    );
}

#[test]
fn a_bad_line_is_named_by_number_and_the_others_are_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let lines = [
        "{\"title\": \"Good one\"}",
        "",
        "{\"title\": \"Cut off",
        "{\"description\": \"No title\"}",
        "{\"title\": \"   \"}",
        "{\"title\": \"Bad status\", \"status\": \"someday\"}",
        "{\"title\": \"Bad time\", \"created\": \"yesterday\"}",
        "[1, 2]",
        "{\"title\": \"Good two\"}",
    ];
    let ended = import(&data, &lines.join("\n"));
    assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
    let out: Vec<_> = ended.stdout.lines().collect();
    for (number, words) in [
        (3, "broken JSON"),
        (4, "title"),
        (5, ""),
        (6, "“someday” is no status"),
        (7, "“yesterday” is no time"),
        (8, "not a post"),
    ] {
        let line = out
            .iter()
            .find(|line| line.starts_with(&format!("line {number}: ")));
        assert!(
            line.is_some_and(|line| line.contains(words)),
            "line {number}: {out:#?}"
        );
    }
    assert_eq!(
        out.last(),
        Some(&"2 posts added, 0 were there already, 6 lines refused")
    );
    let ended = run(&[
        "import",
        "/no/such/file.jsonl",
        "--data",
        data.to_str().unwrap(),
    ]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.stderr.contains("/no/such/file.jsonl cannot be read"),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn a_call_that_asks_for_an_imported_post_supports_it_and_its_source_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (calls, data) = (folder.path().join("calls"), folder.path().join("data"));
    std::fs::create_dir(&calls).unwrap();
    write(&calls, "1.json", &call("1", "Northwind", REQUESTS[0], 2));
    assert!(import(&data, LINES).status.success());
    let server = Server::start(&data, &["--calls", calls.to_str().unwrap()]);
    let browser = Browser::admin(&server).await;
    browser.connect().await;
    let ledger = browser.all_decided(1).await;
    assert_eq!(ledger["1"], "consolidated");
    let known = browser.items("/api/posts").await;
    assert_eq!(known.len(), 2);
    let old = known.iter().find(|post| post["source"] == "canny").unwrap();
    assert_eq!(
        (&old["evidence_count"], &old["source_type"]),
        (&json!(1), &json!("import"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_embedding_model_is_explained_and_mended_by_reindex() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = data.to_str().unwrap();
    assert!(import(&data, LINES).status.success());
    let ended = run(&["reindex", "--data", at]);
    assert_eq!(
        (ended.status.code(), ended.stdout.trim()),
        (Some(0), "2 vectors indexed, 0 posts embedded anew"),
        "{ended:#?}"
    );

    let provider = voyage().await;
    let settings = [
        ("VOYAGE_API_KEY", "hush-hush"),
        ("VOYAGE_BASE_URL", provider.url.as_str()),
    ];
    let run_there = |args: &[&str]| tokio::task::block_in_place(|| run_with(args, &settings));
    for args in [
        &["serve", "--port", "0", "--data", at][..],
        &["reindex", "--data", at],
        &["retry", "1", "--data", at],
    ] {
        let ended = run_there(args);
        assert_eq!(ended.status.code(), Some(1), "{args:?}: {ended:#?}");
        for words in [
            "2 posts were embedded with all-MiniLM-L6-v2",
            "voyage-4@1024",
            "reindex --re-embed",
        ] {
            assert!(ended.stderr.contains(words), "{args:?}: {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("hush-hush"));
    }
    assert!(
        provider.seen().is_empty(),
        "nothing was embedded before it was asked for"
    );
    let ended = run_there(&["reindex", "--re-embed", "--data", at]);
    assert_eq!(
        (ended.status.code(), ended.stdout.trim()),
        (Some(0), "0 vectors indexed, 2 posts embedded anew"),
        "{ended:#?}"
    );
    let ended = run_there(&["reindex", "--data", at]);
    assert_eq!(
        ended.stdout.trim(),
        "2 vectors indexed, 0 posts embedded anew",
        "{ended:#?}"
    );

    // The same through a running server, which is then back with the local model.
    let server = tokio::task::block_in_place(|| Server::start_with(&data, &[], &settings));
    assert!(
        server.banner.contains("embeddings  voyage-4@1024"),
        "{}",
        server.banner
    );
    let ended = run_there(&["reindex", "--re-embed", "--data", at]);
    assert_eq!(
        ended.stdout.trim(),
        "2 vectors indexed, 0 posts embedded anew",
        "{ended:#?}"
    );
    assert_eq!(
        Browser::admin(&server)
            .await
            .items("/api/posts")
            .await
            .len(),
        2
    );
    drop(server);
    let ended = run(&["reindex", "--re-embed", "--data", at]);
    assert_eq!(
        ended.stdout.trim(),
        "0 vectors indexed, 2 posts embedded anew",
        "{ended:#?}"
    );
    assert_eq!(posts(&data).await.len(), 2);
}

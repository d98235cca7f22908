//! `serve`: the banner, the pages, the lock, the end.

use std::time::Duration;

use reqwest::{StatusCode, header};

use crate::{
    browser::Browser,
    calls::{forty_calls, six_calls},
    program::{Server, run, until},
};

#[tokio::test]
async fn it_says_what_it_runs_on_and_serves_the_pages_under_its_own_name_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &[]);
    for words in [
        "database    DynamoDB's API by dynoxide, kept in",
        "index       exact search in memory",
        "LLM         the built-in engine (no LLM is configured",
        "embeddings  all-MiniLM-L6-v2",
        "Gong        the sandbox on this machine",
    ] {
        assert!(
            server.banner.contains(words),
            "{words} is missing in:\n{}",
            server.banner
        );
    }
    assert!(server.origin.starts_with("http://127.0.0.1:"));

    let browser = Browser::new(&server);
    let page = browser.get("/feedback").await;
    assert_eq!(
        (page.status, page.location.as_str()),
        (StatusCode::SEE_OTHER, "/sign-in")
    );
    let browser = Browser::admin(&server).await;
    for path in ["/feedback", "/calls", "/boards", "/integrations/gong"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("built-in engine") || page.body.contains("</html>"));
    }

    let client = adapters::http::client(Duration::from_secs(10));
    let sign_in = format!("{}/sign-in", server.origin);
    for host in [
        "evil.example",
        "evil.example:80",
        "127.0.0.1",
        "127.0.0.1:1",
        "",
    ] {
        let answer = client
            .get(&sign_in)
            .header(header::HOST, host)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(!answer.text().await.unwrap().contains("<form"));
    }
    let command = client
        .post(format!("{}/-/command", server.origin))
        .body("{\"reindex\":{\"re_embed\":false}}");
    let command = command.header(header::CONTENT_TYPE, "application/json");
    assert_eq!(
        command.send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    let form = [("org", "demo"), ("name", "eve"), ("role", "admin")];
    let foreign = client
        .post(&sign_in)
        .header(header::ORIGIN, "https://evil.example");
    let foreign = foreign.body(serde_urlencoded::to_string(form).unwrap());
    let foreign = foreign.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(
        foreign.send().await.unwrap().status(),
        StatusCode::FORBIDDEN
    );
    let large = client
        .post(&sign_in)
        .header(header::ORIGIN, &server.origin)
        .body(vec![b'x'; 2 << 20]);
    assert_eq!(
        large.send().await.unwrap().status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_with_the_address_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap().to_owned();
    let server = Server::start(folder.path(), &[]);
    let ended = run(&["serve", "--port", "0", "--data", &data]);
    assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
    assert!(
        ended.stderr.contains(&server.origin)
            && ended.stderr.contains("another productbridge process"),
        "{}",
        ended.stderr
    );
    let port = server.origin.rsplit(':').next().unwrap();
    let other = tempfile::tempdir().unwrap();
    let ended = run(&[
        "serve",
        "--port",
        port,
        "--data",
        other.path().to_str().unwrap(),
    ]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stderr.contains("--port 0"), "{}", ended.stderr);
    drop(server);
    // A lock does not outlive its process.
    drop(Server::start(folder.path(), &[]));
}

#[tokio::test]
async fn it_ends_with_status_zero_when_asked_and_goes_on_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let (calls, data) = (folder.path().join("calls"), folder.path().join("data"));
    std::fs::create_dir(&calls).unwrap();
    forty_calls(&calls);
    let args = ["--calls", calls.to_str().unwrap()];
    let mut server = Server::start(&data, &args);
    let mut browser = Browser::admin(&server).await;
    assert_eq!(
        browser.connect().await.location,
        "/integrations/gong?connected=1"
    );
    for how in ["INT", "TERM", "stdin"] {
        until("a call is in the ledger", async || {
            (!browser.ledger().await.is_empty()).then_some(())
        })
        .await;
        match how {
            "stdin" => server.close_stdin(),
            signal => server.signal(signal),
        }
        let (status, stderr) = server.ended();
        assert_eq!(status.code(), Some(0), "{how}: {stderr}");
        assert!(
            stderr.contains("stopping; work that is under way goes on"),
            "{how}: {stderr}"
        );
        assert!(
            !stderr.contains("panicked") && !stderr.contains("ERROR"),
            "{how}: {stderr}"
        );
        server = Server::start(&data, &args);
        browser = browser.at(&server);
    }
    let ledger = browser.all_decided(40).await;
    assert!(
        ledger.values().all(|state| state != "failed"),
        "{ledger:#?}"
    );
}

#[tokio::test]
async fn a_folder_of_calls_is_served_and_its_problems_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (calls, data) = (folder.path().join("calls"), folder.path().join("data"));
    std::fs::create_dir(&calls).unwrap();
    six_calls(&calls);
    std::fs::write(calls.join("broken.json"), "{").unwrap();
    let server = Server::start(&data, &["--calls", calls.to_str().unwrap()]);
    assert!(
        server
            .banner
            .contains(&format!("with the calls in {}", calls.display())),
        "{}",
        server.banner
    );
    assert!(
        server.stderr().contains("left out: ") && server.stderr().contains("broken.json, line 1"),
        "{}",
        server.stderr()
    );
    let browser = Browser::admin(&server).await;
    assert_eq!(
        browser.connect().await.location,
        "/integrations/gong?connected=1"
    );
    until("five calls are decided", async || {
        let ledger = browser.ledger().await;
        let done = ledger.len() == 6
            && ledger
                .values()
                .all(|s| !["queued", "processing"].contains(&s.as_str()));
        done.then_some(ledger)
    })
    .await;
    let status = browser.api("/api/integrations/gong").await;
    assert_eq!(
        (&status["status"], &status["last_error"]),
        (&"connected".into(), &serde_json::Value::Null)
    );
    assert_eq!(browser.items("/api/posts").await.len(), 1);
    drop(server);
    let missing = calls.join("none");
    let ended = run(&[
        "serve",
        "--port",
        "0",
        "--data",
        data.to_str().unwrap(),
        "--calls",
        missing.to_str().unwrap(),
    ]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stderr.contains("does not exist"), "{}", ended.stderr);
}

//! `retry CALL_ID`, with and without a running server.

use kit::scripted::Reply;

use crate::{
    browser::Browser,
    calls::six_calls,
    models::language_model,
    program::{Server, run, until},
};

#[tokio::test(flavor = "multi_thread")]
async fn retry_says_why_not_and_queues_a_failed_call_again() {
    let folder = tempfile::tempdir().unwrap();
    let (calls, data) = (folder.path().join("calls"), folder.path().join("data"));
    std::fs::create_dir(&calls).unwrap();
    six_calls(&calls);
    let (at, args) = (data.to_str().unwrap(), ["--calls", calls.to_str().unwrap()]);
    let retry = |id: &str| tokio::task::block_in_place(|| run(&["retry", id, "--data", at]));
    let ended = retry("1");
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.stderr.contains("Gong is not connected"),
        "{}",
        ended.stderr
    );

    let broken = language_model(Reply::Text("not JSON".into())).await;
    let settings = [
        ("LLM_MODEL", "scripted"),
        ("LLM_BASE_URL", broken.url.as_str()),
    ];
    let server = tokio::task::block_in_place(|| Server::start_with(&data, &args, &settings));
    let browser = Browser::admin(&server).await;
    browser.connect().await;
    until("the call has failed", async || {
        let ledger = browser.ledger().await;
        (ledger.get("1").is_some_and(|s| s == "failed")
            && ledger.get("3").is_some_and(|s| s == "failed"))
        .then_some(())
    })
    .await;
    for (id, words) in [("424242", "no call"), ("4", "skipped")] {
        let ended = retry(id);
        assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(said.contains(words) && said.contains(id), "{said}");
    }
    let ended = retry("1");
    assert_eq!(
        (ended.status.code(), ended.stdout.trim()),
        (Some(0), "call 1 is queued again")
    );
    drop(server);

    // Without a server, and with an engine that works: the command itself finishes the call.
    let server = tokio::task::block_in_place(|| Server::start(&data, &args));
    let browser = browser.at(&server);
    until("nothing is queued", async || {
        let ledger = browser.ledger().await;
        ledger
            .values()
            .all(|s| !["queued", "processing"].contains(&s.as_str()))
            .then_some(())
    })
    .await;
    drop(server);
    let ended = retry("3");
    assert_eq!(
        (ended.status.code(), ended.stdout.trim()),
        (Some(0), "call 3 is queued again"),
        "{ended:#?}"
    );
    let server = tokio::task::block_in_place(|| Server::start(&data, &args));
    let browser = browser.at(&server);
    let state = browser.ledger().await["3"].clone();
    assert!(
        ["queued", "processing", "deferred", "discarded"].contains(&state.as_str()),
        "{state}"
    );
    // All others that failed, through the running server; a second time there are none.
    let ledger = browser.ledger().await;
    let failed = ledger.values().filter(|state| *state == "failed").count();
    assert!(failed > 0, "{ledger:?}");
    for queued in [format!("{failed} call"), "0 calls".to_owned()] {
        let all = ["retry", "--failed-since", "2020-01-01", "--data", at];
        let ended = tokio::task::block_in_place(|| run(&all));
        assert_eq!(ended.status.code(), Some(0), "{ended:#?}");
        assert!(ended.stdout.starts_with(&queued), "{}", ended.stdout);
        assert!(ended.stdout.contains("none is left"), "{}", ended.stdout);
    }
    let ended = tokio::task::block_in_place(|| run(&["retry", "--failed-since", "soon"]));
    assert!(ended.stderr.contains("2026-11-20"), "{}", ended.stderr);
}

//! `try DIR`.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::moment::{Span, Timestamp};
use serde_json::{Value, json};

use kit::scripted::{Reply, Scripted};

use crate::{
    calls::{REQUESTS, call, six_calls, write},
    models::language_model,
    program::{Ended, run, run_with},
};

fn try_folder(folder: &std::path::Path, args: &[&str], settings: &[(&str, &str)]) -> Ended {
    let data = folder.join("data");
    let mut all = vec![
        "try",
        folder.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ];
    all.extend(args);
    run_with(&all, settings)
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// The keys are exactly these: those of the documentation, and those that came on top.
fn assert_keys(value: &Value, documented: &[&str], on_top: &[&str]) {
    let mut expected: Vec<_> = documented.iter().chain(on_top).copied().collect();
    expected.sort_unstable();
    assert_eq!(keys(value), expected, "{value:#}");
}

#[test]
fn json_is_one_document_of_the_documented_shape() {
    let folder = tempfile::tempdir().unwrap();
    six_calls(folder.path());
    let ended = try_folder(folder.path(), &["--json"], &[]);
    assert_eq!(ended.status.code(), Some(0), "{ended:#?}");
    assert_eq!(ended.stderr, "", "no progress and no problems");
    let report = ended.json();

    assert_keys(&report, &["calls", "engine", "gong", "posts", "usage"], &[]);
    assert_keys(&report["engine"], &["llm", "embeddings", "threshold"], &[]);
    assert_eq!(report["engine"]["llm"], "built-in engine");
    assert!(report["engine"]["threshold"].is_f64());

    let calls = report["calls"].as_array().unwrap();
    let states: Vec<_> = calls
        .iter()
        .map(|c| (c["id"].as_str().unwrap(), c["state"].as_str().unwrap()))
        .collect();
    let mut sorted = states.clone();
    sorted.sort_unstable();
    assert_eq!(sorted.len(), 6);
    for (id, expected) in [
        ("3", "discarded"),
        ("4", "skipped"),
        ("5", "skipped"),
        ("6", "awaiting_transcript"),
    ] {
        assert!(states.contains(&(id, expected)), "{states:?}");
    }
    for call in calls {
        assert_keys(call, &["id", "state", "reason", "outcomes"], &[]);
        assert!(!call["reason"].as_str().unwrap().is_empty());
        for outcome in call["outcomes"].as_array().unwrap() {
            assert_keys(outcome, &["result", "post_id"], &[]);
        }
    }

    let posts = report["posts"].as_array().unwrap();
    assert_eq!(posts.len(), 1, "{report:#}");
    let post = &posts[0];
    let documented = [
        "id",
        "title",
        "description",
        "sentiment",
        "priority",
        "feature_area",
        "pain_points",
        "board",
        "category",
        "tags",
        "source",
        "source_type",
        "author",
        "metadata",
        "evidence",
    ];
    assert_keys(post, &documented, &["moderation", "status"]);
    assert_eq!(
        (&post["source"], &post["source_type"]),
        (&json!("gong"), &json!("integration"))
    );
    assert_eq!(post["board"], "Feature requests");
    assert_keys(&post["author"], &["name", "email", "account"], &[]);
    assert!(
        post["metadata"]["gong_call_url"]
            .as_str()
            .unwrap()
            .starts_with("https://us-1.app.gong.io/call?id=")
    );
    let evidence = post["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 2);
    for item in evidence {
        assert_keys(
            item,
            &["call_id", "call_url", "quotes"],
            &["author", "merge"],
        );
        for quote in item["quotes"].as_array().unwrap() {
            assert_keys(quote, &["text", "speaker", "start_ms", "link"], &[]);
            assert!(
                REQUESTS[0].contains(quote["text"].as_str().unwrap()),
                "{quote}"
            );
            assert!(
                quote["start_ms"].is_u64()
                    && quote["link"].as_str().unwrap().contains("highlights")
            );
        }
    }

    assert_keys(
        &report["gong"],
        &["requests", "transcripts_requested"],
        &["violations"],
    );
    assert_eq!(report["gong"]["violations"], json!([]));
    assert!(
        report["gong"]["requests"]["POST /v2/calls/extensive"]
            .as_u64()
            .unwrap()
            >= 1
    );
    assert_eq!(
        report["gong"]["requests"]["POST /v2/calls/transcript"], 1,
        "{}",
        report["gong"]
    );
    let mut asked: Vec<_> = report["gong"]["transcripts_requested"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    asked.sort_unstable();
    assert_eq!(asked, ["1", "3", "6", "98765432109876543210"]);
    assert_keys(
        &report["usage"],
        &[
            "llm_calls",
            "prompt_tokens",
            "completion_tokens",
            "embedded_texts",
        ],
        &[
            "embedded_tokens",
            "cost_micros",
            "unpriced_tokens",
            "cached_tokens",
            "cache_written_tokens",
            "detected",
            "extracted",
        ],
    );
}

#[test]
fn text_is_readable_and_without_a_terminals_colours() {
    let folder = tempfile::tempdir().unwrap();
    six_calls(folder.path());
    let ended = try_folder(folder.path(), &[], &[]);
    assert_eq!(ended.status.code(), Some(0), "{ended:#?}");
    let text = &ended.stdout;
    for part in [
        "Analysed by built-in engine",
        "POSTS (1)",
        "CALLS (6)",
        "GONG",
        "USAGE",
        "export the weekly SLA report to PDF",
        "Cleo of Contoso, Contoso (call 98765432109876543210)",
        "1 × POST /v2/calls/transcript",
        "private",
        "no participant from outside the company",
        "Gong has no transcript yet",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(
        !text.contains('\u{1b}') && ended.stderr.is_empty(),
        "{ended:#?}"
    );
    assert!(text.lines().all(|line| line.chars().count() < 400));
}

#[test]
fn nothing_is_left_behind_and_the_data_folder_of_a_server_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    six_calls(folder.path());
    try_folder(folder.path(), &["--json"], &[]);
    assert!(!folder.path().join("data").exists(), "try keeps nothing");
}

#[test]
fn a_folder_that_is_not_there_or_holds_nothing_is_said_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    let ended = run(&["try", missing.to_str().unwrap()]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.stderr.contains("does not exist") && ended.stdout.is_empty(),
        "{ended:#?}"
    );
    let file = folder.path().join("file.json");
    std::fs::write(&file, "{}").unwrap();
    let ended = run(&["try", file.to_str().unwrap()]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stderr.contains("is not a folder"), "{ended:#?}");
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let ended = try_folder(&empty, &["--json"], &[]);
    assert_eq!(ended.status.code(), Some(0), "{ended:#?}");
    assert_eq!(ended.json()["calls"], json!([]));
}

#[tokio::test]
async fn a_failed_or_deferred_call_shows_in_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    six_calls(folder.path());
    for (reply, state, why) in [
        (
            Reply::Text("not JSON".into()),
            "failed",
            "detect: it is not JSON",
        ),
        (
            Reply::wait(429, "3600"),
            "deferred",
            "not available (status 429)",
        ),
        (
            Reply::status(401),
            "deferred",
            "check the key and the model's name",
        ),
    ] {
        let server = language_model(reply).await;
        let settings = [
            ("LLM_MODEL", "scripted"),
            ("LLM_BASE_URL", &server.url),
            ("LLM_API_KEY", "hush-hush"),
        ];
        let (path, settings) = (
            folder.path().to_owned(),
            settings.map(|(n, v)| (n.to_owned(), v.to_owned())),
        );
        let ended = tokio::task::spawn_blocking(move || {
            let settings: Vec<_> = settings
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            try_folder(&path, &["--json"], &settings)
        });
        let ended = ended.await.unwrap();
        assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
        let report = ended.json();
        let call = report["calls"]
            .as_array()
            .unwrap()
            .iter()
            .find(|c| c["id"] == "1")
            .unwrap();
        assert_eq!(call["state"], state);
        assert!(call["reason"].as_str().unwrap().contains(why), "{call}");
        assert_eq!(report["posts"], json!([]));
        assert!(!ended.stderr.contains("hush-hush") && !ended.stdout.contains("hush-hush"));
    }
}

/// The program with this language model, run beside this test's server.
async fn try_with_model(folder: &std::path::Path, server: &Scripted) -> Ended {
    let (path, url) = (folder.to_owned(), server.url.clone());
    let ended = tokio::task::spawn_blocking(move || {
        let settings = [
            ("LLM_MODEL", "scripted"),
            ("LLM_BASE_URL", url.as_str()),
            ("LLM_API_KEY", "hush-hush"),
        ];
        try_folder(&path, &["--json"], &settings)
    });
    ended.await.unwrap()
}

/// The model is busy for longer than a request waits, and not for long.
#[tokio::test]
async fn what_is_put_off_for_seconds_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "1.json",
        &call("1", "Northwind", REQUESTS[0], 2),
    );
    let asked = AtomicU32::new(0);
    let server = Scripted::answering(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0..3 => Reply::wait(429, "1"),
        _ => Reply::text(&json!({"feedback": false, "reason": "Nothing is asked for."})),
    })
    .await;
    let ended = try_with_model(folder.path(), &server).await;
    assert_eq!(ended.status.code(), Some(0), "{ended:#?}");
    assert_eq!(ended.json()["calls"][0]["state"], "discarded");
    assert_eq!(ended.stderr, "");
}

#[tokio::test]
async fn standard_error_says_what_stays_open_and_why() {
    let folder = tempfile::tempdir().unwrap();
    six_calls(folder.path());
    let server = language_model(Reply::wait(429, "3600")).await;
    let ended = try_with_model(folder.path(), &server).await;
    assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
    let lines: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("3 calls are still deferred: ") && lines[0].contains("status 429"),
        "{lines:?}"
    );
    for id in ["1", "3", "98765432109876543210"] {
        assert!(lines[0].contains(id), "{lines:?}");
    }
}

fn states(ended: &Ended) -> Vec<(String, String)> {
    let report = ended.json();
    let calls = report["calls"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut states: Vec<_> = calls.map(|c| (text(&c["id"]), text(&c["state"]))).collect();
    states.sort_unstable();
    states
}

fn scheduled_after_start(mut file: Value, minutes: i64) -> Value {
    let meta = &mut file["call"]["metaData"];
    let started = Timestamp::parse_rfc3339(meta["started"].as_str().unwrap()).unwrap();
    meta["scheduled"] = json!((started + Span::minutes(minutes)).to_rfc3339());
    file
}

/// People join before the hour, or long after it.
#[test]
fn a_call_is_imported_whenever_it_was_scheduled() {
    let folder = tempfile::tempdir().unwrap();
    let pdf = REQUESTS[0];
    for (n, minutes) in [2, -2, 0, 600, -600].into_iter().enumerate() {
        let id = format!("{}", n + 1);
        // The first one is the oldest: what it is scheduled for lies above its start.
        let hours = 40 - i64::try_from(n).unwrap();
        let file = call(&id, "Northwind", pdf, hours);
        let file = scheduled_after_start(file, minutes);
        write(folder.path(), &format!("{id}.json"), &file);
    }
    let ended = try_folder(folder.path(), &["--json"], &[]);
    assert_eq!(ended.status.code(), Some(0), "{ended:#?}");
    let states = states(&ended);
    assert_eq!(states.len(), 5);
    let read = |state: &str| state == "posted" || state == "consolidated";
    assert!(states.iter().all(|(_, state)| read(state)), "{states:?}");
}

#[test]
fn a_call_without_a_start_is_imported_alone_and_among_others() {
    let pdf = REQUESTS[0];
    for others in [0, 2] {
        let folder = tempfile::tempdir().unwrap();
        let mut bare = call("1", "Northwind", pdf, 900);
        let meta = bare["call"]["metaData"].as_object_mut().unwrap();
        meta.remove("started").unwrap();
        write(folder.path(), "1.json", &bare);
        meta_without_times(&mut bare);
        bare["call"]["metaData"]["id"] = json!("2");
        write(folder.path(), "2.json", &bare);
        for n in 0..others {
            let file = call(&format!("{}", 3 + n), "Contoso", pdf, 5 + n);
            write(folder.path(), &format!("{}.json", 3 + n), &file);
        }
        let ended = try_folder(folder.path(), &["--json"], &[]);
        assert_eq!(ended.status.code(), Some(0), "{ended:#?}");
        let states = states(&ended);
        assert_eq!(
            states.len(),
            2 + usize::try_from(others).unwrap(),
            "{states:?}"
        );
        let read = |state: &str| state == "posted" || state == "consolidated";
        assert!(states.iter().all(|(_, state)| read(state)), "{states:?}");
    }
}

fn meta_without_times(file: &mut Value) {
    let meta = file["call"]["metaData"].as_object_mut().unwrap();
    meta.remove("scheduled").unwrap();
}

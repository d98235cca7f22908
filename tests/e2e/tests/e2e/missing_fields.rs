//! Every field is optional in Gong's schema, and any may be of another type one day: whatever is
//! missing or odd, the run ends, and the ledger says clearly what became of the call.

use domain::{call::CallState, connection::History, moment::Span};
use gong_sandbox::SandboxCall;
use kit::{TestApp, TestOptions, calls::pdf_call};
use serde_json::{Value, json};

use crate::model::{embeds, voyage};
use CallState::{AwaitingTranscript, Consolidated, Discarded, Posted, Skipped};

/// The call file of a good call.
fn file(id: &str) -> Value {
    let SandboxCall {
        call, transcript, ..
    } = pdf_call(id).build();
    json!({"call": call, "transcript": transcript})
}

fn sandbox_call(mut file: Value) -> SandboxCall {
    let transcript = Some(file["transcript"].take()).filter(|t| !t.is_null());
    SandboxCall::new(file["call"].take(), transcript)
}

/// Takes the field at this pointer away.
fn remove(file: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.remove(name).unwrap()),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        other => panic!("{pointer} is in {other}"),
    }
}

/// What becomes of a call without each field. `None`: it is not known to the ledger.
const EXPECTED: &[(&str, Option<&[CallState]>)] = &[
    ("/call/metaData", None),
    ("/call/metaData/id", None),
    ("/call/metaData/url", Some(&[Posted, Consolidated])),
    ("/call/metaData/title", Some(&[Posted, Consolidated])),
    ("/call/metaData/scheduled", Some(&[Posted, Consolidated])),
    ("/call/metaData/started", Some(&[Posted, Consolidated])),
    ("/call/metaData/duration", Some(&[Posted, Consolidated])),
    ("/call/metaData/direction", Some(&[Posted, Consolidated])),
    ("/call/metaData/system", Some(&[Posted, Consolidated])),
    ("/call/metaData/scope", Some(&[Posted, Consolidated])),
    ("/call/metaData/media", Some(&[Posted, Consolidated])),
    ("/call/metaData/language", Some(&[Posted, Consolidated])),
    ("/call/metaData/workspaceId", Some(&[Posted, Consolidated])),
    ("/call/metaData/isPrivate", Some(&[Skipped])),
    ("/call/context", Some(&[Posted, Consolidated])),
    ("/call/context/0/objects", Some(&[Posted, Consolidated])),
    (
        "/call/context/0/objects/0/objectType",
        Some(&[Posted, Consolidated]),
    ),
    (
        "/call/context/0/objects/0/fields",
        Some(&[Posted, Consolidated]),
    ),
    (
        "/call/context/0/objects/0/fields/0/name",
        Some(&[Posted, Consolidated]),
    ),
    (
        "/call/context/0/objects/0/fields/0/value",
        Some(&[Posted, Consolidated]),
    ),
    ("/call/parties", Some(&[Skipped])),
    ("/call/parties/0", Some(&[Skipped])),
    ("/call/parties/1", Some(&[Posted, Consolidated])),
    ("/call/parties/0/id", Some(&[Posted, Consolidated])),
    ("/call/parties/0/name", Some(&[Posted, Consolidated])),
    (
        "/call/parties/0/emailAddress",
        Some(&[Posted, Consolidated]),
    ),
    ("/call/parties/0/speakerId", Some(&[Discarded])),
    ("/call/parties/0/affiliation", Some(&[Posted, Consolidated])),
    ("/call/parties/0/methods", Some(&[Posted, Consolidated])),
    ("/call/parties/1/id", Some(&[Posted, Consolidated])),
    ("/call/parties/1/name", Some(&[Posted, Consolidated])),
    ("/call/parties/1/userId", Some(&[Posted, Consolidated])),
    (
        "/call/parties/1/emailAddress",
        Some(&[Posted, Consolidated]),
    ),
    ("/call/parties/1/speakerId", Some(&[Posted, Consolidated])),
    ("/call/parties/1/affiliation", Some(&[Posted, Consolidated])),
    ("/call/parties/1/methods", Some(&[Posted, Consolidated])),
    ("/transcript", Some(&[AwaitingTranscript])),
    ("/transcript/2/speakerId", Some(&[Discarded])),
    ("/transcript/2/topic", Some(&[Posted, Consolidated])),
    ("/transcript/2/sentences", Some(&[Discarded])),
    (
        "/transcript/2/sentences/0/start",
        Some(&[Posted, Consolidated]),
    ),
    (
        "/transcript/2/sentences/0/end",
        Some(&[Posted, Consolidated]),
    ),
    (
        "/transcript/2/sentences/0/text",
        Some(&[Posted, Consolidated, Discarded]),
    ),
];

#[tokio::test]
async fn a_call_without_any_one_field_ends_in_a_clear_state() {
    let mut calls = vec![pdf_call("1").build()];
    for (n, (pointer, _)) in EXPECTED.iter().enumerate() {
        let mut file = file(&format!("{}", 1_000 + n));
        remove(&mut file, pointer);
        calls.push(sandbox_call(file));
    }
    let test = TestApp::with_calls(calls).await;
    let mut browser = test.connected(History::Days(30)).await;
    let ledger = test.ledger().await;
    for (n, (pointer, expected)) in EXPECTED.iter().enumerate() {
        let found = ledger.get(&format!("{}", 1_000 + n));
        match (found, expected) {
            (None, None) => {}
            (Some((state, reason)), Some(states)) => {
                assert!(
                    states.contains(state) && !reason.is_empty(),
                    "{pointer}: {state} ({reason})"
                );
            }
            (found, _) => panic!("{pointer}: {found:?}"),
        }
    }
    // What the call lacked is shown as lacking, not made up.
    for page in ["/feedback", "/calls", "/calls?state=skipped"] {
        assert!(browser.get(page).await.status.is_success());
    }
    let posts = test.all_posts().await;
    for post in &posts {
        assert!(
            browser
                .get(&format!("/feedback/{}", post.id))
                .await
                .status
                .is_success()
        );
        let evidence = test.evidence(&post.id).await;
        assert_eq!(evidence.len() as u64, post.evidence_count);
        assert!(evidence.iter().all(|item| !item.quotes.is_empty()));
    }
    assert_eq!(test.violations(), Vec::<String>::new());
    let private = format!(
        "{}",
        1_000
            + EXPECTED
                .iter()
                .position(|(p, _)| p.ends_with("isPrivate"))
                .unwrap()
    );
    assert!(
        !test
            .sandbox
            .stats()
            .transcripts_requested
            .contains(&private)
    );
}

/// The pointers of everything in a value, the value itself left out.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, child)| (name.clone(), child))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, child)| (n.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        let pointer = format!("{at}/{name}");
        pointers(child, &pointer, all);
        all.push(pointer);
    }
}

#[tokio::test]
async fn any_value_of_any_other_type_ends_in_a_clear_state() {
    let mut all = Vec::new();
    pointers(&file("1"), "", &mut all);
    all.retain(|pointer| pointer != "/call");
    let odd = [
        json!(null),
        json!(-1.5e300),
        json!("\u{0}"),
        json!([[]]),
        json!({"new": {"deep": [1]}}),
    ];
    let mut calls = vec![pdf_call("1").build()];
    for (n, pointer) in all.iter().enumerate() {
        for (m, value) in odd.iter().enumerate() {
            let mut file = file(&format!("{}", 10_000 + 10 * n + m));
            *file.pointer_mut(pointer).unwrap() = value.clone();
            calls.push(sandbox_call(file));
        }
    }
    let total = calls.len();
    let (_server, embedder) = voyage(embeds).await;
    let test = TestApp::start(TestOptions {
        calls,
        embedder: Some(embedder),
        ..TestOptions::default()
    })
    .await;
    test.connected(History::Days(30)).await;
    // The listing pauses while more than 500 calls are open; maintenance goes on with it.
    for _ in 0..3 {
        test.later(Span::minutes(11)).await;
    }
    let ledger = test.ledger().await;
    // Seven odd values each of the id and of the whole of `metaData` leave no usable id, except
    // that a number in digits may be read as one.
    assert!(
        (total - 14..=total).contains(&ledger.len()),
        "{} of {total}",
        ledger.len()
    );
    for (id, (state, reason)) in &ledger {
        let n: usize = id
            .parse::<usize>()
            .unwrap_or_default()
            .saturating_sub(10_000);
        let what = format!(
            "{} = {}",
            all.get(n / 10).map_or("", |p| p),
            odd.get(n % 10).unwrap_or(&Value::Null)
        );
        assert!(
            *state == AwaitingTranscript || !state.is_open(),
            "{what}: {state} ({reason})"
        );
        assert_ne!(*state, CallState::Failed, "{what}: {reason}");
    }
    assert_eq!(test.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn ids_of_up_to_twenty_digits_are_text_and_stay_apart() {
    let ids = [
        "1",
        "00000000000000000001",
        "01",
        "9007199254740993",
        "9007199254740992",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999",
    ];
    let mut calls: Vec<_> = ids.iter().map(|id| pdf_call(id).build()).collect();
    calls.push(pdf_call("100000000000000000000").build());
    calls.push(pdf_call("12a").build());
    let mut number = pdf_call("5").build();
    number.call["metaData"]["id"] = json!(5);
    calls.push(number);
    // The same call twice in one listing.
    calls.push(pdf_call("9007199254740993").build());
    let test = TestApp::with_calls(calls).await;
    let mut browser = test.connected(History::Days(30)).await;
    let mut known: Vec<_> = test.ledger().await.into_keys().collect();
    let mut expected = ids.map(str::to_owned).to_vec();
    known.sort();
    expected.sort();
    assert_eq!(known, expected);
    assert_eq!(test.only_post().await.evidence_count, ids.len() as u64);
    let page = browser.get("/calls").await.text();
    assert!(ids.iter().all(|id| page.contains(id)), "{page}");
    assert_eq!(test.violations(), Vec::<String>::new());
}

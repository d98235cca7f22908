//! Call files that are broken, empty, huge or hostile: each is named, the others go on.

use std::{fs, io::Write as _};

use serde_json::json;

use crate::{
    calls::{REQUESTS, call, write},
    program::run,
};

#[test]
fn every_file_that_cannot_be_used_is_named_with_line_and_cause_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(
        path,
        "05-good.json",
        &call("1", "Northwind", REQUESTS[0], 2),
    );
    write(path, "50-good.json", &call("2", "Contoso", REQUESTS[0], 3));
    fs::write(
        path.join("with-mark.json"),
        format!("\u{feff}{}", call("3", "Adatum", REQUESTS[0], 4)),
    )
    .unwrap();
    let number = call("9", "A", "Hi.", 2)
        .to_string()
        .replace("\"id\":\"9\"", "\"id\":9");
    let bad: &[(&str, &[u8], &str)] = &[
        (
            "broken.json",
            b"{\"call\": {\n  \"metaData\": {\"id\": \"9\",,}\n}}",
            "line 2, column 26: not valid JSON: key must be a string",
        ),
        (
            "cut-off.json",
            b"{\"call\": {\n\"metaData\": {",
            "line 2, column 13: the JSON ends too early",
        ),
        ("empty.json", b"", "the file is empty"),
        ("blank.json", b" \n\t\n", "the file is empty"),
        ("list.json", b"[]", "the file holds no JSON object"),
        (
            "no-call.json",
            b"{\"transcript\": []}",
            "there is no `call` object",
        ),
        (
            "null-call.json",
            b"{\"call\": null}",
            "`call` is not an object",
        ),
        (
            "no-id.json",
            b"{\"call\": {\"metaData\": {}}}",
            "call.metaData.id is missing",
        ),
        (
            "number.json",
            number.as_bytes(),
            "call.metaData.id is a number",
        ),
        (
            "long-id.json",
            b"{\"call\": {\"metaData\": {\"id\": \"123456789012345678901\"}}}",
            "not made of 1 to 20 digits",
        ),
        (
            "path-id.json",
            b"{\"call\": {\"metaData\": {\"id\": \"../../etc\"}}}",
            "not made of 1 to 20 digits",
        ),
        (
            "text.json",
            b"{\"call\": {\"metaData\": {\"id\": \"8\"}}, \"transcript\": \"Hello\"}",
            "`transcript` is not an array",
        ),
        (
            "latin.json",
            b"{\"call\": {\n \"title\": \"Caf\xe9\"}}",
            "line 2, column 15: the file is not UTF-8",
        ),
        (
            "twice.json",
            b"{\"call\": {\"metaData\": {\"id\": \"1\"}}}",
            "the call id 1 is already used by",
        ),
        (
            "two.json",
            b"{\"call\": {\"metaData\": {\"id\": \"7\"}}} {}",
            "not valid JSON: trailing characters",
        ),
    ];
    for (name, content, _) in bad {
        fs::write(path.join(name), content).unwrap();
    }
    fs::write(path.join("deep.json"), "[".repeat(200_000)).unwrap();
    let huge = fs::File::create(path.join("huge.json")).unwrap();
    huge.set_len(70 << 20).unwrap();
    // What is no call file is none of our business.
    fs::write(path.join("notes.txt"), "hello").unwrap();
    fs::write(path.join("expected.json"), "not a call").unwrap();
    fs::create_dir(path.join("folder.json")).unwrap();

    let ended = run(&["try", path.to_str().unwrap(), "--json"]);
    assert_eq!(ended.status.code(), Some(1), "{ended:#?}");
    let all = bad.iter().map(|(name, _, cause)| (*name, *cause));
    let others = [
        ("deep.json", "not valid JSON"),
        (
            "huge.json",
            "the file is 73400320 bytes long; files up to 64 MiB are read",
        ),
    ];
    for (name, cause) in all.chain(others) {
        let line = ended
            .stderr
            .lines()
            .find(|line| line.contains(&format!("/{name}")) && line.starts_with("left out: "));
        let line = line.unwrap_or_else(|| panic!("{name} is not named: {}", ended.stderr));
        assert!(line.contains(cause), "{name}: {line}");
    }
    assert_eq!(
        ended.stderr.lines().count(),
        bad.len() + others.len(),
        "{}",
        ended.stderr
    );
    let report = ended.json();
    assert_eq!(report["calls"].as_array().unwrap().len(), 3);
    assert_eq!(report["posts"][0]["evidence"].as_array().unwrap().len(), 3);
}

/// A call file whose transcript takes fifty megabytes.
fn fifty_megabytes(path: &std::path::Path) {
    let mut file = call("50", "Endless", REQUESTS[0], 5);
    file["transcript"] = json!([{"speakerId": "111", "sentences": ["SENTENCES"]}]);
    let file = file.to_string();
    let (head, tail) = file.split_once("\"SENTENCES\"").unwrap();
    // No two alike: what is repeated again and again is a recognizer's loop, and counts once.
    let sentence = |n: usize| {
        let said = (0..60).map(|k| format!("And so it goes on, by {} more. ", n * 60 + k));
        json!({"start": 1_000, "end": 2_000, "text": said.collect::<String>()}).to_string()
    };
    let mut out = std::io::BufWriter::new(fs::File::create(path).unwrap());
    let mut size = 0;
    write!(out, "{head}{}", sentence(0)).unwrap();
    for n in 1.. {
        let sentence = sentence(n);
        size += sentence.len();
        write!(out, ",{sentence}").unwrap();
        if size > 50 << 20 {
            break;
        }
    }
    write!(out, "{tail}").unwrap();
}

#[test]
fn a_call_of_fifty_megabytes_has_a_clear_outcome_and_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, "1.json", &call("1", "Northwind", REQUESTS[0], 2));
    write(path, "2.json", &call("2", "Contoso", REQUESTS[1], 3));
    fifty_megabytes(&path.join("50.json"));
    assert!(fs::metadata(path.join("50.json")).unwrap().len() > 50_000_000);
    let ended = run(&["try", path.to_str().unwrap(), "--json"]);
    let report = ended.json();
    let state = |id: &str| {
        let calls = report["calls"].as_array().unwrap();
        calls.iter().find(|call| call["id"] == id).unwrap().clone()
    };
    assert_eq!(
        (&state("1")["state"], &state("2")["state"]),
        (&json!("posted"), &json!("posted")),
        "{ended:#?}"
    );
    assert_eq!(state("50")["state"], "failed");
    assert!(
        state("50")["reason"]
            .as_str()
            .unwrap()
            .contains("longer than a day of talk"),
        "{}",
        state("50")
    );
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(report["gong"]["violations"], json!([]));
}

use std::fs;

use gong_sandbox::{LoadError, load_folder};
use serde_json::json;

fn good(id: &str) -> String {
    json!({"call": {"metaData": {"id": id, "odd": [1, null]}}, "transcript": []}).to_string()
}

#[test]
fn files_are_read_by_name_and_some_are_passed_over() {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("b.json", good("2")),
        ("a.json", good("99999999999999999999")),
        (
            "c.json",
            json!({"call": {"metaData": {"id": "3"}}, "available_after_seconds": 90, "note": "x"})
                .to_string(),
        ),
        (
            "d.json",
            format!(
                "\u{feff}{}",
                json!({"call": {"metaData": {"id": "4"}}, "transcript": null})
            ),
        ),
        ("expected.json", "[]".into()),
        (".hidden.json", "broken".into()),
        ("notes.txt", "broken".into()),
    ] {
        fs::write(dir.path().join(name), text).expect("a file");
    }
    fs::create_dir(dir.path().join("deeper.json")).expect("a folder");
    let loaded = load_folder(dir.path()).expect("the folder is read");
    assert_eq!(loaded.problems, []);
    let ids: Vec<_> = loaded.calls.iter().filter_map(|call| call.id()).collect();
    assert_eq!(ids, ["99999999999999999999", "2", "3", "4"]);
    assert_eq!(loaded.calls[0].call["metaData"]["odd"], json!([1, null]));
    assert_eq!(loaded.calls[0].transcript, Some(json!([])));
    assert_eq!(
        (
            &loaded.calls[2].transcript,
            loaded.calls[2].available_after_seconds
        ),
        (&None, Some(90))
    );
    assert_eq!(loaded.calls[3].transcript, None);
}

#[test]
fn a_broken_file_is_told_with_its_place_and_the_others_go_on() {
    let id = |id: serde_json::Value| {
        json!({"call": {"metaData": {"id": id}}})
            .to_string()
            .into_bytes()
    };
    type Case = (&'static str, Vec<u8>, Option<(usize, usize)>, &'static str);
    let table: Vec<Case> = vec![
        (
            "01-syntax.json",
            b"{\n  \"call\": {,}\n}".to_vec(),
            Some((2, 12)),
            "not valid JSON",
        ),
        (
            "02-cut.json",
            b"{\"call\": {\n\"metaData\":".to_vec(),
            Some((2, 11)),
            "ends too early",
        ),
        ("03-empty.json", b" \n".to_vec(), None, "the file is empty"),
        (
            "04-utf8.json",
            b"{\n\"call\": \"\xff\"}".to_vec(),
            Some((2, 10)),
            "not UTF-8",
        ),
        ("05-array.json", b"[1]".to_vec(), None, "no JSON object"),
        (
            "06-two.json",
            b"{} {}".to_vec(),
            Some((1, 4)),
            "not valid JSON",
        ),
        (
            "07-no-call.json",
            b"{\"calls\": []}".to_vec(),
            None,
            "no `call` object",
        ),
        (
            "08-call-text.json",
            b"{\"call\": \"x\"}".to_vec(),
            None,
            "`call` is not an object",
        ),
        (
            "09-no-id.json",
            b"{\"call\": {\"metaData\": {}}}".to_vec(),
            None,
            "id is missing",
        ),
        (
            "10-number.json",
            id(json!(7_693_221_800_038_890_052_u64)),
            None,
            "id is a number",
        ),
        ("11-letters.json", id(json!("12a")), None, "1 to 20 digits"),
        (
            "12-long.json",
            id(json!("123456789012345678901")),
            None,
            "1 to 20 digits",
        ),
        ("13-no-digits.json", id(json!("")), None, "1 to 20 digits"),
        (
            "14-transcript.json",
            b"{\"call\": {\"metaData\": {\"id\": \"1\"}}, \"transcript\": {}}".to_vec(),
            None,
            "`transcript` is not an array",
        ),
        (
            "15-delay.json",
            b"{\"call\": {\"metaData\": {\"id\": \"1\"}}, \"available_after_seconds\": -1}"
                .to_vec(),
            None,
            "whole number of seconds",
        ),
        (
            "91-again.json",
            good("42").into_bytes(),
            None,
            "already used by",
        ),
    ];
    let dir = tempfile::tempdir().expect("a folder");
    for (name, bytes, _, _) in &table {
        fs::write(dir.path().join(name), bytes).expect("a file");
    }
    fs::write(dir.path().join("90-good.json"), good("42")).expect("a file");
    let loaded = load_folder(dir.path()).expect("the folder is read");
    assert_eq!(loaded.calls.len(), 1);
    assert_eq!(loaded.problems.len(), table.len());
    for (problem, (name, _, place, cause)) in loaded.problems.iter().zip(&table) {
        assert_eq!(problem.path, dir.path().join(name));
        assert_eq!(problem.line.zip(problem.column), *place, "{problem}");
        assert!(problem.cause.contains(cause), "{problem}");
    }
    let told = loaded.problems[0].to_string();
    assert!(
        told.contains("01-syntax.json, line 2, column 12: not valid JSON"),
        "{told}"
    );
}

#[test]
fn large_files_work_up_to_a_limit() {
    let dir = tempfile::tempdir().expect("a folder");
    let long = "word ".repeat(10 * 1024 * 1024);
    let text = format!(
        "{{\"call\":{{\"metaData\":{{\"id\":\"1\"}}}},\"transcript\":[{{\"sentences\":[{{\"text\":\"{long}\"}}]}}]}}"
    );
    fs::write(dir.path().join("large.json"), text).expect("a file of 50 MB");
    let too_large = fs::File::create(dir.path().join("too-large.json")).expect("a file");
    too_large
        .set_len(gong_sandbox::MAX_FILE_BYTES + 1)
        .expect("a sparse file");
    let loaded = load_folder(dir.path()).expect("the folder is read");
    assert_eq!((loaded.calls.len(), loaded.problems.len()), (1, 1));
    assert!(
        loaded.problems[0].cause.contains("64 MiB"),
        "{}",
        loaded.problems[0]
    );
}

#[test]
fn a_folder_that_is_none() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("file");
    fs::write(&file, "x").expect("a file");
    assert!(matches!(
        load_folder(&dir.path().join("missing")),
        Err(LoadError::Missing { .. })
    ));
    assert!(matches!(
        load_folder(&file),
        Err(LoadError::NotAFolder { .. })
    ));
    assert_eq!(
        load_folder(dir.path())
            .map(|loaded| loaded.calls.len())
            .ok(),
        Some(0)
    );
}

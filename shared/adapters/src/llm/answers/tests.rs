use serde_json::json;

use super::*;
use crate::llm::stage::{DETECT, EXTRACT, ORGANIZE};

fn detect(text: &str) -> Result<(bool, String), String> {
    let read = read::<DetectBody>(&DETECT.own_schema(), text);
    read.map(|found| (found.feedback, found.reason))
        .map_err(|flaw| flaw.0)
}

fn extract(text: &str) -> Result<Vec<Finding>, String> {
    read::<ExtractBody>(&EXTRACT.own_schema(), text).map_err(|flaw| flaw.0)
}

/// The title of each finding, with its quotes.
fn titles(text: &str) -> Result<Vec<String>, String> {
    let told = |found: Finding| format!("{}: {}", found.request.title, found.quotes.join(" | "));
    Ok(extract(text)?.into_iter().map(told).collect())
}

fn organize(text: &str) -> Result<String, String> {
    let placement = read::<OrganizeBody>(&ORGANIZE.own_schema(), text).map_err(|flaw| flaw.0)?;
    let tags: Vec<_> = placement.tag_ids.iter().map(TagId::as_str).collect();
    let board = placement.board_id.as_ref().map_or("-", BoardId::as_str);
    let category = placement
        .category_id
        .as_ref()
        .map_or("-", CategoryId::as_str);
    Ok(format!("{board} {category} {}", tags.join(",")))
}

fn said(feedback: bool, reason: &str) -> Result<(bool, String), String> {
    Ok((feedback, reason.to_owned()))
}

const PLAIN: &str = r#"{"feedback": true, "reason": "They  want\nCSV."}"#;

#[test]
fn json_is_found_in_whatever_is_around_it() {
    for text in [
        PLAIN.to_owned(),
        format!("\n```json\n{PLAIN}\n```\n"),
        format!("```\n{PLAIN}\n```\nLet me know if you need {{more}}."),
        format!("Here it is [1]:\n{PLAIN}"),
        format!("```json\n{{\"feedback\": false}}\n```\nNo:\n```json\n{PLAIN}\n```"),
        format!("<think>Is it {{\"feedback\": false}}? {{</think>\n{PLAIN}"),
        format!("It may be {{\"feedback\": false}}.</think>{PLAIN}"),
        json!(PLAIN).to_string(),
        format!("```json\n{}\n```", json!(PLAIN)),
        "{'feedback': True, 'reason': 'They want CSV.'}".to_owned(),
        "{\"feedback\": true, \"reason\": \"They want\nCSV.\",}".to_owned(),
        format!("[{PLAIN}]"),
        format!("{{\"name\": \"detect\", \"arguments\": {PLAIN}}}"),
        "{\"Feedback\": true, \"REASON\": \"They want CSV.\", \"DROP\": 1}".to_owned(),
        format!("{PLAIN} There was nothing else {{}} or []."),
    ] {
        assert_eq!(detect(&text), said(true, "They want CSV."), "{text}");
    }
}

#[test]
fn a_detection_is_fitted_to_its_schema() {
    let none = "The model gave no reason.";
    for (text, expected) in [
        (r#"{"feedback": "Yes", "reason": "r"}"#, said(true, "r")),
        (r#"{"feedback": "no", "reason": "r"}"#, said(false, "r")),
        (r#"{"feedback": "TRUE", "reason": "r"}"#, said(true, "r")),
        (r#"{"feedback": 1, "reason": "r"}"#, said(true, "r")),
        (r#"{"feedback": 0, "reason": "r"}"#, said(false, "r")),
        (r#"{"feedback": false}"#, said(false, none)),
        (r#"{"feedback": true, "reason": null}"#, said(true, none)),
        (
            r#"{"feedback": true, "reason": " \u200b"}"#,
            said(true, none),
        ),
        (r#"{"feedback": true, "reason": "None"}"#, said(true, none)),
        (r#"{"feedback": true, "reason": 42}"#, said(true, "42")),
        (r#"{"feedback": true, "reason": ["r"]}"#, said(true, "r")),
    ] {
        assert_eq!(detect(text), expected, "{text}");
    }
    let long = json!({"feedback": true, "reason": "word ".repeat(100)}).to_string();
    let cut = detect(&long).unwrap_or_default().1;
    assert!(
        cut.ends_with("word…") && cut.chars().count() <= 400,
        "{cut}"
    );
}

#[test]
fn what_is_wrong_is_said_in_our_words() {
    let refused = "the model refuses to answer";
    for (text, what) in [
        ("", "it is empty"),
        ("<think>Well, {\"feedback\": true}", "it is empty"),
        ("Sure! They said hello.", "it is not JSON"),
        ("I cannot help with that.", refused),
        ("<think>hm</think>Dabei kann ich nicht helfen.", refused),
        (r#"{"feedback": true, "rea"#, "its JSON is cut off"),
        (
            r#"{"feedback": false} or {"feedback": true, "rea"#,
            "its JSON is cut off",
        ),
        (r#""{\"feedback\": true, \"rea"#, "its JSON is cut off"),
        (r#"{"feedback": perhaps}"#, "it is not JSON"),
        ("{}", "the answer lacks `feedback`"),
        (r#"{"answer": 42}"#, "the answer lacks `feedback`"),
        (r#"{"feedback": null}"#, "the answer lacks `feedback`"),
        ("[]", "the answer is not of type object"),
        ("hello: [1, 2]", "the answer is not of type object"),
        (
            r#"{"feedback": "maybe"}"#,
            "`feedback` is not of type boolean",
        ),
        (
            r#"[{"feedback": [true, false]}]"#,
            "`feedback` is not of type boolean",
        ),
        (r#"{"feedback": 2}"#, "`feedback` is not of type boolean"),
    ] {
        assert_eq!(detect(text), Err(what.to_owned()), "{text}");
    }
    for (text, what) in [
        (r#"{"findings": null}"#, "the answer lacks `findings`"),
        (r#"{"sentiment": "hello"}"#, "the answer lacks `findings`"),
        (
            r#"{"findings": "hello"}"#,
            "`findings` is not of type array",
        ),
        (r#"{"findings": [{}]}"#, "`findings[0]` lacks `title`"),
        (
            r#"{"findings": [null]}"#,
            "`findings[0]` is not of type object",
        ),
        (
            r#"{"findings": [{"title": " "}]}"#,
            "`findings[0]` lacks `title`",
        ),
        (
            r#"{"findings": [{"title": true, "quotes": []}]}"#,
            "`findings[0].title` is not of type string",
        ),
        (
            r#"{"findings": [{"title": "T"}]}"#,
            "`findings[0]` lacks `quotes`",
        ),
        (r#"{"title": "T"}"#, "`findings[0]` lacks `quotes`"),
        (
            r#"{"findings": [{"title": "T", "quotes": ["q"], "pri"#,
            "its JSON is cut off",
        ),
        (r#"{"findings": ["#, "its JSON is cut off"),
        (
            r#"{"title": "T", "quotes": ["q"], "pri"#,
            "its JSON is cut off",
        ),
        (
            r#"{"findings": [{"title": "T", "pain_points": [] "quotes": ["q"]}]}"#,
            "it is not JSON",
        ),
        ("I found [] and [].", "it is not JSON"),
    ] {
        assert_eq!(titles(text), Err(what.to_owned()), "{text}");
    }
    for (text, what) in [
        ("none", "it is not JSON"),
        ("[]", "the answer is not of type object"),
        (r#"{"board_id": "b1", "ta"#, "its JSON is cut off"),
    ] {
        assert_eq!(organize(text), Err(what.to_owned()), "{text}");
    }
}

#[test]
fn findings_are_taken_in_any_form_that_holds_them() {
    let one = r#"{"title": "T", "quotes": ["q"]}"#;
    let other = r#"{"title": "U", "quotes": "r"}"#;
    for (text, expected) in [
        (format!(r#"{{"findings": [{one}, {other}]}}"#), vec!["T: q", "U: r"]),
        (format!("[{one}, {other}]"), vec!["T: q", "U: r"]),
        (one.to_owned(), vec!["T: q"]),
        (format!("{one}\n{other}"), vec!["T: q", "U: r"]),
        (format!(r#"{{"findings": {one}}}"#), vec!["T: q"]),
        (format!(r#"{{"findings": {}}}"#, json!(format!("[{one}]"))), vec!["T: q"]),
        (format!(r#"{{"result": {{"findings": [{one}]}}}}"#), vec!["T: q"]),
        (format!(r#"{{"feedbacks": [{one}]}}"#), vec!["T: q"]),
        (format!(r#"[{{"findings": [{one}]}}]"#), vec!["T: q"]),
        (format!(r#"{{"findings": [{one}], "role": "admin"}} Tags: []"#), vec!["T: q"]),
        (format!("{one}\nTags: []"), vec!["T: q"]),
        (format!(r#"{{"findings": [{{"title": "no quotes"}}, null, "text", {one}]}}"#), vec!["T: q"]),
        (r#"{"findings": []}"#.to_owned(), vec![]),
        ("[]".to_owned(), vec![]),
        ("None of it:\n```json\n[]\n```".to_owned(), vec![]),
        (r#"{"findings": [{"title": 7, "quotes": [{"text": "q", "speaker": "C1"}, null, 8, ""]}]}"#.to_owned(), vec!["7: q | 8"]),
        (r#"{"findings": [{"title": "T", "quotes": []}]}"#.to_owned(), vec!["T: "]),
        (r#"{"findings": [{"title": "T", "quotes": "[laughs] q"}]}"#.to_owned(), vec!["T: [laughs] q"]),
        (r#"{"findings": [{"title": "T", "quotes": "[\"q\", \"r\"]"}]}"#.to_owned(), vec!["T: q | r"]),
        (r#"{'findings': [{'title': 'T', 'quotes': ['They don't say "no", or "yes".']}]}"#.to_owned(), vec![r#"T: They don't say "no", or "yes"."#]),
        (format!(r#"{{"findings": [{one}, {other}, {{"title": "V", "quo"#), vec!["T: q", "U: r"]),
        (format!(r#"{{"findings": [{one}, {other}]"#), vec!["T: q", "U: r"]),
        (format!("```json\n[{one}, {{"), vec!["T: q"]),
        (format!(r#"{{"findings": []}} No: {{"findings": [{one}, {{"#), vec!["T: q"]),
    ] {
        let expected = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(titles(&text), Ok(expected), "{text}");
    }
}

#[test]
fn a_finding_is_fitted_to_its_schema() {
    let bare = Finding {
        request: Request {
            title: "T".into(),
            description: String::new(),
            sentiment: None,
            priority: None,
            feature_area: None,
            pain_points: Vec::new(),
        },
        quotes: vec!["q".into()],
        confidence: None,
        doubts: Vec::new(),
    };
    let mut full = bare.clone();
    full.request = Request {
        title: "T".into(),
        description: "D".into(),
        sentiment: Some(Sentiment::Negative),
        priority: Some(Priority::Critical),
        feature_area: Some("Reports".into()),
        pain_points: vec!["p".into()],
    };
    full.confidence = Some(Confidence::Low);
    for (fields, expected) in [
        (json!({}), &bare),
        (
            json!({"description": null, "sentiment": null, "priority": null, "feature_area": null,
            "pain_points": null, "confidence": null}),
            &bare,
        ),
        (
            json!({"description": "", "sentiment": "furious", "priority": "gigantic", "feature_area": "N/A",
            "pain_points": ["none", ""], "confidence": 0.9}),
            &bare,
        ),
        (
            json!({"sentiment": "unknown", "priority": "Unknown", "feature_area": ["a", "b"],
            "pain_points": [{}], "confidence": {"a": 1}, "id": "x", "doubts": ["d"]}),
            &bare,
        ),
        (
            json!({"description": "D", "sentiment": "NEGATIVE", "priority": " critical\n", "feature_area": " Reports ",
            "pain_points": "p", "confidence": "_low_"}),
            &full,
        ),
        (
            json!({"Description": ["D"], "sentiment": ["negative"], "priority": "CRITI-CAL", "featureArea": "Reports",
            "pain points": ["p", null, false], "confidence": "Low"}),
            &full,
        ),
    ] {
        let mut finding = json!({"title": "T", "quotes": ["q"]});
        for (name, value) in fields.as_object().into_iter().flatten() {
            finding[name.as_str()] = value.clone();
        }
        let text = json!({"findings": [finding]}).to_string();
        assert_eq!(extract(&text), Ok(vec![expected.clone()]), "{text}");
    }
}

#[test]
fn bounds_hold_whatever_the_model_writes() {
    let word = "word ".repeat(400);
    let finding = json!({"title": word, "description": word, "feature_area": word,
        "pain_points": vec![&word; 9], "quotes": vec![&word; 9]});
    let text = json!({"findings": vec![finding; 9]}).to_string();
    let mut schema = EXTRACT.own_schema();
    schema["properties"]["findings"]["maxItems"] = json!(2);
    let found = read::<ExtractBody>(&schema, &text).unwrap_or_default();
    assert_eq!(found.len(), 2);
    for Finding {
        request, quotes, ..
    } in found
    {
        let long = [(request.title, 140), (request.description, 1_500)];
        let lists = request.pain_points.iter().map(|text| (text.clone(), 240));
        let quotes_ = quotes.iter().map(|text| (text.clone(), 800));
        for (text, most) in long.into_iter().chain(lists).chain(quotes_) {
            let length = text.chars().count();
            assert!(
                text.ends_with("word…") && length <= most && length > most - 6,
                "{text}"
            );
        }
        assert_eq!((request.pain_points.len(), quotes.len()), (6, 6));
    }
}

#[test]
fn a_placement_is_fitted_to_its_schema() {
    for (text, expected) in [
        (
            r#"{"board_id": "b1", "category_id": "c1", "tag_ids": ["t1", "a b", "", "t2"]}"#,
            "b1 c1 t1,t2",
        ),
        (
            r#"{"board_id": "made-up", "category_id": "None", "tag_ids": ["none"]}"#,
            "made-up - ",
        ),
        ("{}", "- - "),
        (
            r#"{"board_id": null, "category_id": "", "tag_ids": null}"#,
            "- - ",
        ),
        (r#"{"board_id": "b1"}"#, "b1 - "),
        (
            r#"{"boardId": "b1", "categoryId": 7, "tags": ["t9"], "tagIds": "t1"}"#,
            "b1 7 t1",
        ),
        (
            r#"{"board_id": {"id": "b1", "name": "Reports"}, "tag_ids": [{"id": "t1"}, 2]}"#,
            "b1 - t1,2",
        ),
        (r#"{"placement": {"board_id": "b1"}}"#, "b1 - "),
        (
            r#"{"board_id": "../../settings", "category_id": "*", "tag_ids": [true]}"#,
            "- - ",
        ),
        (
            r#"{"board_id": "b1", "tag_ids": ["1","2","3","4","5","6","7","8","9"]}"#,
            "b1 - 1,2,3,4,5,6,7,8",
        ),
        (
            "It is {this}: {'board_id': 'b1', 'category_id': None, 'tag_ids': [],}",
            "b1 - ",
        ),
    ] {
        assert_eq!(organize(text), Ok(expected.to_owned()), "{text}");
    }
    let long = json!({"board_id": "b".repeat(65), "category_id": "c"}).to_string();
    assert_eq!(organize(&long), Ok("- c ".to_owned()));
}

#[test]
fn an_answer_that_ends_anywhere_gives_whole_findings_or_a_flaw() {
    let finding = |title: &str, quote: &str| {
        json!({"title": title, "description": "They say \"no\", {really}: [é😀].", "sentiment": "neutral",
            "priority": "low", "feature_area": "", "pain_points": ["a", "b"], "quotes": [quote, "}]\"\\"],
            "confidence": "high"})
    };
    let list = json!([
        finding("T", "it's"),
        finding("U", "{\"findings\": []}"),
        finding("V", "</think>")
    ]);
    let plain = json!({"findings": list});
    let python = plain.to_string().replace("true", "True");
    for whole in [
        plain.to_string(),
        format!("{plain:#}"),
        list.to_string(),
        format!("Here:\n```json\n{plain}\n```\nThat is all."),
        format!("<think>Is it {{\"findings\": []}}?</think>{plain}"),
        json!(plain.to_string()).to_string(),
        python,
        format!("{{\"result\": {plain}}}"),
    ] {
        let all = extract(&whole).unwrap_or_default();
        assert_eq!(all.len(), 3, "{whole}");
        for (end, _) in whole.char_indices() {
            if let Ok(found) = extract(&whole[..end]) {
                assert!(
                    !found.is_empty() && all.starts_with(&found),
                    "{}",
                    &whole[..end]
                );
            }
        }
    }
    for whole in [
        PLAIN.to_owned(),
        format!("```\n{PLAIN}\n```"),
        json!(PLAIN).to_string(),
    ] {
        for (end, _) in whole.char_indices() {
            let read = detect(&whole[..end]);
            assert!(read.is_err() || read == detect(&whole), "{}", &whole[..end]);
        }
    }
    let whole = r#"{"board_id": "b1", "category_id": "c1", "tag_ids": ["t1", "t2"]}"#;
    for (end, _) in whole.char_indices() {
        assert!(organize(&whole[..end]).is_err(), "{}", &whole[..end]);
    }
}

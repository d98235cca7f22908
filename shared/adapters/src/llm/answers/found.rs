//! Where the JSON stands in what a model wrote: in prose, in code blocks, after its thoughts, in a
//! text that is JSON itself.

use serde_json::Value;

use super::reader::{self, Unread};

/// How often the text is gone through, at most: every bracket could be the start of an answer.
const EFFORT: usize = 16;
/// How often JSON may be a text inside JSON.
const ENCODED: usize = 2;
/// What models and their servers put around thoughts. The first mark may be missing.
const THOUGHTS: [(&str, &str); 4] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("[THINK]", "[/THINK]"),
];

/// What stands in a text.
#[derive(Debug, PartialEq)]
pub(super) struct Found<'a> {
    /// Objects, lists and whatever else is JSON as a whole, in the text's order.
    pub(super) values: Vec<Value>,
    /// What is whole of JSON in which the text ends, as [`Unread::Cut`] says.
    pub(super) cut: Option<Value>,
    /// Whether something began as JSON and is none.
    pub(super) broken: bool,
    /// The text without thoughts.
    pub(super) said: &'a str,
}

pub(super) fn find(text: &str) -> Found<'_> {
    within(text.trim(), ENCODED)
}

impl<'a> Found<'a> {
    fn none(said: &'a str) -> Self {
        Self {
            values: Vec::new(),
            cut: None,
            broken: false,
            said,
        }
    }

    /// Takes what was found in a text that stands in this one.
    fn take(&mut self, inner: Found<'_>) {
        self.values.extend(inner.values);
        self.cut = self.cut.take().or(inner.cut);
        self.broken |= inner.broken;
    }

    /// Whether JSON may begin here: an object, a list, or either of them as a text. After something
    /// broken only on a line of its own: what follows may be somebody's words within it.
    fn may_begin(&self, before: &str, rest: &str, encoded: usize) -> bool {
        let is_first = || before.trim_end_matches([' ', '\t']).ends_with('\n');
        match rest.strip_prefix('"') {
            Some(inner) => {
                encoded > 0 && !self.broken && inner.trim_start().starts_with(['{', '['])
            }
            None => rest.starts_with(['{', '[']) && (!self.broken || is_first()),
        }
    }

    /// Whether what was read is kept, and the search goes on behind it.
    fn keep(&mut self, read: Result<Value, Unread>, encoded: usize) -> bool {
        match read {
            Ok(Value::String(inner)) => {
                let inner = within(&inner, encoded.saturating_sub(1));
                let holds = !inner.values.is_empty();
                if holds {
                    self.take(inner);
                }
                return holds;
            }
            Ok(value) => {
                self.values.push(value);
                return true;
            }
            Err(Unread::Cut(whole)) => self.cut = Some(whole),
            Err(Unread::Broken) => self.broken = true,
            Err(Unread::Other) => {}
        }
        false
    }
}

fn within(text: &str, encoded: usize) -> Found<'_> {
    let mut found = Found::none(text);
    match serde_json::from_str(text) {
        Ok(Value::String(inner)) if encoded > 0 => found.take(within(&inner, encoded - 1)),
        Ok(value) => found.values.push(value),
        Err(_) => return searched(text, encoded).0,
    }
    found
}

/// What stands in a text that is no JSON as a whole, and how many bytes were read for it.
fn searched(text: &str, encoded: usize) -> (Found<'_>, usize) {
    let mut found = Found::none(text);
    let most = text.len() * EFFORT;
    let mut effort = 0;
    let mut at = 0;
    while let Some(next) = text[at..].find(['{', '[', '"', '<']) {
        at += next;
        let rest = &text[at..];
        if let Some((_, end)) = THOUGHTS.iter().find(|(_, end)| rest.starts_with(end)) {
            at += end.len();
            found = Found::none(&text[at..]);
            continue;
        }
        if let Some((_, end)) = THOUGHTS.iter().find(|(start, _)| rest.starts_with(start)) {
            match rest.find(end) {
                Some(length) => at += length,
                None => {
                    found.said = found.said.strip_suffix(rest).unwrap_or_default();
                    break;
                }
            }
            continue;
        }
        if !found.may_begin(&text[..at], rest, encoded) {
            at += 1;
            continue;
        }
        let (read, length) = reader::read(rest);
        at += match found.keep(read, encoded) {
            true => length,
            false => 1,
        };
        effort += length;
        if effort >= most || found.cut.as_ref().is_some_and(|cut| !cut.is_null()) {
            break;
        }
    }
    (found, effort)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_found_wherever_it_stands() {
        for (text, values) in [
            ("{\"a\": 1}", vec![json!({"a": 1})]),
            ("Sure:\n{\"a\": 1}\nThat is {all}.", vec![json!({"a": 1})]),
            (
                "```json\n{\"a\": 1}\n```\nor\n```\n[2]\n```",
                vec![json!({"a": 1}), json!([2])],
            ),
            (
                "<think>{\"a\": 0} {</think>\n{\"a\": 1}",
                vec![json!({"a": 1})],
            ),
            ("{\"a\": 0} so</think>{\"a\": 1}", vec![json!({"a": 1})]),
            ("[THINK]{\"a\": 0}[/THINK]{\"a\": 1}", vec![json!({"a": 1})]),
            ("{\"a\": 1} <think>{\"a\": 2}", vec![json!({"a": 1})]),
            ("{'a': '</think>'}", vec![json!({"a": "</think>"})]),
            (r#""{\"a\": \"b\"}""#, vec![json!({"a": "b"})]),
            (r#"So: "{\"a\": \"b\"}"."#, vec![json!({"a": "b"})]),
            (r#"So: "{"a": "b"}"."#, vec![json!({"a": "b"})]),
            (r#""\"{\\\"a\\\": 1}\"""#, vec![json!({"a": 1})]),
            ("{ note {\"a\": 1} }", vec![json!({"a": 1})]),
            ("no braces", vec![]),
            ("{\"a\": so} or\n {\"a\": 1}", vec![json!({"a": 1})]),
            ("{'a': so, 'b': '{\"a\": 1}'}", vec![]),
            ("{'a': so, 'b': \"{\\\"a\\\": 1}\"}", vec![]),
            ("{'a': '{\"a\": 1}'", vec![]),
        ] {
            assert_eq!(find(text).values, values, "{text}");
        }
    }

    #[test]
    fn what_is_said_is_told_apart_from_thoughts() {
        for (text, said) in [
            ("I see.", "I see."),
            ("<think>I see.</think> No.", " No."),
            ("I see.</think>No.", "No."),
            ("<think>I see", ""),
            ("No. <think>I see", "No. "),
        ] {
            assert_eq!(find(text).said, said, "{text}");
        }
    }

    #[test]
    fn no_text_is_gone_through_more_often_than_it_may_be() {
        for part in [
            "{",
            "[",
            "\"",
            "[1,",
            "{\"a\":",
            "{\"a\":\"",
            "{'a':\"x ",
            "\"{",
            "<think",
            "[\"",
            "['a',",
            "\"{\\\"a\\\": \\\"",
            "{a:\"b\",c",
            "\" ",
            "', a",
        ] {
            let text = part.repeat(20_000 / part.len());
            let (_, read) = searched(&text, ENCODED);
            assert!(read < text.len() * (EFFORT + 1), "{part}: {read}");
        }
    }
}

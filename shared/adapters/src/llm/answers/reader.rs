//! JSON as models write it: also with Python's literals and quotes, a comma before a closing
//! bracket, names without quotes, and line breaks and quotes inside a text that nobody escaped.
//!
//! The `json5` crate takes neither `True` nor a raw line break, and the crates that repair JSON
//! close what is cut off, so that half a finding would pass for a whole one.

use serde_json::{Map, Value};

/// Deeper than any answer that is asked for.
const DEEPEST: usize = 32;

/// Why a value could not be read.
#[derive(Debug, PartialEq)]
pub(super) enum Unread {
    /// The text ends inside it. What it holds that is whole: of a list its entries, of an object
    /// its fields and the whole entries of a list as its last field; null before any of it.
    Cut(Value),
    /// It began as JSON and is none.
    Broken,
    /// A bracket or a quote of something else.
    Other,
}

/// Reads the value at the start of the text, and says after how many bytes the reading ended.
pub(super) fn read(text: &str) -> (Result<Value, Unread>, usize) {
    let mut reader = Reader {
        text,
        at: 0,
        begun: false,
    };
    let read = match reader.value(0) {
        Err(Unread::Other) if reader.begun => Err(Unread::Broken),
        Err(Unread::Cut(_)) if !reader.begun => Err(ENDED),
        read => read,
    };
    (read, reader.at)
}

const ENDED: Unread = Unread::Cut(Value::Null);

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Whether a field's name or an entry was read.
    begun: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn next(&mut self) -> Result<char, Unread> {
        let next = self.rest().chars().next().ok_or(ENDED)?;
        self.at += next.len_utf8();
        Ok(next)
    }

    /// The next character that is no blank; it is not taken.
    fn peek(&mut self) -> Result<char, Unread> {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.rest().chars().next().ok_or(ENDED)
    }

    /// Takes all that fits; there has to be something behind it, since more could have come.
    fn run(&mut self, fits: impl Fn(char) -> bool) -> Result<&str, Unread> {
        let length = self.rest().find(|c| !fits(c)).ok_or(ENDED)?;
        self.at += length;
        Ok(&self.text[self.at - length..self.at])
    }

    fn value(&mut self, depth: usize) -> Result<Value, Unread> {
        match self.peek()? {
            '{' if depth < DEEPEST => self.object(depth + 1),
            '[' if depth < DEEPEST => self.list(depth + 1),
            // Words before and after a text of its own say nothing about its end.
            '"' | '\'' => self.text(depth == 0).map(Value::String),
            '-' | '0'..='9' => {
                let number = self.run(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))?;
                serde_json::from_str(number).map_err(|_| Unread::Other)
            }
            c if c.is_ascii_alphabetic() => {
                let word = self.run(is_of_a_name)?.to_ascii_lowercase();
                literal(&word).ok_or(Unread::Other)
            }
            _ => Err(Unread::Other),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Unread> {
        let mut entries = Vec::new();
        match self.entries(depth, &mut entries) {
            Ok(()) => Ok(Value::Array(entries)),
            Err(Unread::Cut(_)) => Err(Unread::Cut(Value::Array(entries))),
            Err(other) => Err(other),
        }
    }

    fn entries(&mut self, depth: usize, entries: &mut Vec<Value>) -> Result<(), Unread> {
        self.next()?;
        while self.peek()? != ']' {
            entries.push(self.value(depth)?);
            self.begun = true;
            self.separator(']')?;
        }
        self.next().map(drop)
    }

    fn object(&mut self, depth: usize) -> Result<Value, Unread> {
        let mut fields = Map::new();
        match self.fields(depth, &mut fields) {
            Ok(()) => Ok(Value::Object(fields)),
            Err(Unread::Cut(_)) => Err(Unread::Cut(Value::Object(fields))),
            Err(other) => Err(other),
        }
    }

    fn fields(&mut self, depth: usize, fields: &mut Map<String, Value>) -> Result<(), Unread> {
        self.next()?;
        while self.peek()? != '}' {
            let name = match self.peek()? {
                '"' | '\'' => self.text(true)?,
                _ => self.run(is_of_a_name)?.to_owned(),
            };
            if self.peek()? != ':' {
                return Err(Unread::Other);
            }
            self.next()?;
            self.begun = true;
            match self.value(depth) {
                Ok(value) => fields.insert(name, value),
                Err(Unread::Cut(list @ Value::Array(_))) => {
                    fields.insert(name, list);
                    return Err(ENDED);
                }
                Err(other) => return Err(other),
            };
            self.separator('}')?;
        }
        self.next().map(drop)
    }

    /// Takes a comma, which may also stand before the end.
    fn separator(&mut self, end: char) -> Result<(), Unread> {
        match self.peek()? {
            ',' => self.next().map(drop),
            c if c == end => Ok(()),
            _ => Err(Unread::Other),
        }
    }

    /// Up to a quote like its first one; unless it is plain, to one that ends a text.
    fn text(&mut self, plain: bool) -> Result<String, Unread> {
        let quote = self.next()?;
        let mut text = String::new();
        loop {
            match self.next()? {
                '\\' => text.extend(self.escaped()?),
                c if c == quote && (plain || ends_a_text(self.rest())) => return Ok(text),
                c => text.push(c),
            }
        }
    }

    /// The character after a backslash; none for a line break, which Python leaves out.
    fn escaped(&mut self) -> Result<Option<char>, Unread> {
        Ok(Some(match self.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'x' => char::from_u32(self.hex(2)?).unwrap_or(char::REPLACEMENT_CHARACTER),
            'u' => self.utf16()?,
            '\n' => return Ok(None),
            c => c,
        }))
    }

    /// A character by its UTF-16 code, or by two where it takes a pair.
    fn utf16(&mut self) -> Result<char, Unread> {
        let mut units = vec![self.unit()?];
        if (0xd800..0xdc00).contains(&units[0]) && self.rest().starts_with("\\u") {
            self.at += 2;
            units.push(self.unit()?);
        }
        let read = char::decode_utf16(units).next();
        Ok(read
            .and_then(Result::ok)
            .unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u16, Unread> {
        u16::try_from(self.hex(4)?).map_err(|_| Unread::Other)
    }

    fn hex(&mut self, digits: usize) -> Result<u32, Unread> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 16 + self.next()?.to_digit(16).ok_or(Unread::Other)?;
        }
        Ok(number)
    }
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A word in lower case that stands for a value, in JSON, Python or JavaScript.
fn literal(word: &str) -> Option<Value> {
    match word {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "null" | "none" | "nan" | "undefined" => Some(Value::Null),
        _ => None,
    }
}

/// Whether a quote before this ends its text. One that nobody escaped stands before more words.
fn ends_a_text(rest: &str) -> bool {
    let rest = rest.trim_start();
    let Some(after) = rest.strip_prefix(',') else {
        return rest.is_empty() || rest.starts_with([':', '}', ']']);
    };
    let after = after.trim_start();
    let behind = after.trim_start_matches(is_of_a_name);
    let word = &after[..after.len() - behind.len()];
    !after.starts_with(char::is_alphabetic)
        || literal(&word.to_ascii_lowercase()).is_some()
        || (!word.is_empty() && behind.trim_start().starts_with(':'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_its_dialects_are_read() {
        for (text, value) in [
            (
                r#"{"a": [1, -2.5e3, "x"]} rest"#,
                json!({"a": [1, -2500.0, "x"]}),
            ),
            (
                "{'a': True, 'b': None, 'c': FALSE}",
                json!({"a": true, "b": null, "c": false}),
            ),
            ("[1, 2,]", json!([1, 2])),
            ("{\"a\": {},}", json!({"a": {}})),
            ("{a: \"x\", b_2: undefined}", json!({"a": "x", "b_2": null})),
            (
                "[\"one\ntwo\tthree\u{1}\"]",
                json!(["one\ntwo\tthree\u{1}"]),
            ),
            (r"['don\'t', 'don't', 'a' ]", json!(["don't", "don't", "a"])),
            (
                r#"["He said "no", and "why" too", "b"]"#,
                json!([r#"He said "no", and "why" too"#, "b"]),
            ),
            (r#"["a", true, "b", null]"#, json!(["a", true, "b", null])),
            (r#"{a: "x", b: "y"}"#, json!({"a": "x", "b": "y"})),
            (
                r#"["\u00e9\ud83d\ude00\ud83d \xe9 \_ \\ \/ \n"]"#,
                json!(["é😀\u{fffd} é _ \\ / \n"]),
            ),
            ("['one\\\ntwo']", json!(["onetwo"])),
        ] {
            assert_eq!(read(text).0, Ok(value), "{text}");
        }
    }

    #[test]
    fn of_what_is_cut_off_the_whole_parts_are_kept() {
        for (text, whole) in [
            ("", json!(null)),
            ("[", json!(null)),
            ("[1", json!(null)),
            ("[1, tr", json!([1])),
            ("[{\"a\": 1}, {\"a\": 2", json!([{"a": 1}])),
            ("[[1], [2", json!([[1]])),
            ("{\"a\": [1, \"b", json!({"a": [1]})),
            ("{\"a\": 1, \"b\": {\"c\": 2", json!({"a": 1})),
            ("{\"a\": \"\\u00", json!({})),
            ("{'a': 1, 'b", json!({"a": 1})),
        ] {
            assert_eq!(read(text).0, Err(Unread::Cut(whole)), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_from_what_began_as_json() {
        for (text, unread) in [
            ("{curly} words", Unread::Other),
            ("[see there] words", Unread::Other),
            ("[,]", Unread::Other),
            ("{\"a\" 1}", Unread::Other),
            ("{a: maybe so}", Unread::Broken),
            ("[1 2]", Unread::Broken),
            ("[1,,2]", Unread::Broken),
            ("{\"a\": \"\\uzzzz\"}", Unread::Broken),
            ("[1, 2-2]", Unread::Broken),
        ] {
            assert_eq!(read(text).0, Err(unread), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(DEEPEST)).0.is_ok());
        let (unread, length) = read(&nested(1_000_000));
        assert_eq!((unread, length), (Err(Unread::Other), DEEPEST));
    }

    #[test]
    fn what_is_strictly_json_is_read_as_it_is() {
        for value in [
            json!({"a": "\"quoted\", b: \"c\"", "b": ["', '", "\\", "\u{1}\n"], "c": {}}),
            json!([
                [],
                {},
                "",
                "]",
                "}",
                ":",
                "\",\"",
                0.1,
                -7,
                1e300,
                true,
                null
            ]),
        ] {
            assert_eq!(read(&value.to_string()).0, Ok(value));
        }
    }
}

//! Docs that say nothing: a comment that repeats a name is read for nothing by everybody.

use std::fs;

use crate::docs::files;

/// Words that say nothing by themselves.
const EMPTY: [&str; 15] = [
    "a", "all", "an", "are", "every", "in", "is", "it", "its", "of", "that", "the", "this", "to",
    "was",
];

/// Whether these docs of one line could be read off the name below them: at most two words, no
/// link, no figure, and nothing that is denied.
fn says_nothing(doc: &str) -> bool {
    let telling = doc.contains(['`', '[', ':', ';'])
        || doc.contains(|c: char| c.is_ascii_digit())
        || ["Of ", "Not ", "No ", "Never "]
            .iter()
            .any(|begin| doc.starts_with(begin));
    let words = doc.split_whitespace().filter(|word| {
        let word = word.trim_matches(['.', ',']).to_lowercase();
        !EMPTY.contains(&word.as_str())
    });
    !telling && words.count() <= 2
}

/// The docs of one line in this text, each with its line from 1.
fn of_one_line(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let doc = |line: &str| line.trim_start().starts_with("///");
    let lines: Vec<_> = text.lines().collect();
    let alone: Vec<_> = (0..lines.len())
        .filter(|&at| doc(lines[at]))
        .filter(|&at| at == 0 || !doc(lines[at - 1]))
        .filter(|&at| lines.get(at + 1).is_none_or(|next| !doc(next)))
        .map(|at| {
            (
                at + 1,
                lines[at].trim_start().trim_start_matches('/').trim(),
            )
        })
        .collect();
    alone.into_iter()
}

#[test]
fn no_docs_repeat_a_name() {
    let mut found = Vec::new();
    for path in files(".rs") {
        let text = fs::read_to_string(&path).unwrap();
        // The docs of a command line are its help.
        if text.contains("clap::") {
            continue;
        }
        for (line, doc) in of_one_line(&text).filter(|(_, doc)| says_nothing(doc)) {
            found.push(format!("{}:{line}: {doc}", path.display()));
        }
    }
    assert!(
        found.is_empty(),
        "leave out, or give a unit, an error, a reason:\n{}",
        found.join("\n")
    );
}

#[test]
fn what_says_nothing_is_told_from_what_does() {
    for empty in [
        "The post.",
        "Its name.",
        "When it was made.",
        "Ids.",
        "Places texts.",
    ] {
        assert!(says_nothing(empty), "{empty}");
    }
    for telling in [
        "Of another company.",
        "Milliseconds since 1970.",
        "Never shown.",
        "See [`Post`].",
        "What was sent to both queues.",
    ] {
        assert!(!says_nothing(telling), "{telling}");
    }
    let text = "/// One.\nfn a() {}\n/// Two lines\n/// here.\nfn b() {}\n    /// Last.";
    let alone: Vec<_> = of_one_line(text).collect();
    assert_eq!(alone, [(1, "One."), (6, "Last.")]);
}

//! The sentences within what a recorder calls one sentence.

/// More words than this in one segment and it is cut at a comma, twice as many and it is cut anyway.
const LONG: usize = 45;

/// The sentences within a text that one recorder sentence holds, each as it stands.
pub(crate) fn segments(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut words = 0;
    let mut chars = text.char_indices().peekable();
    let mut last_comma = None;
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let before_space = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if c.is_whitespace() {
            words += 1;
        }
        if matches!(c, ',' | ';') && before_space {
            last_comma = Some(end);
        }
        let closes = matches!(c, '.' | '!' | '?' | '…') && before_space || c == '\n';
        if closes && !abbreviation(&text[start..at]) {
            push_segment(&text[start..end], &mut out);
            (start, words, last_comma) = (end, 0, None);
        } else if words > LONG
            && let Some(cut) = last_comma.or((words > 2 * LONG && c.is_whitespace()).then_some(end))
        {
            push_segment(&text[start..cut], &mut out);
            words = text[cut..end].split_whitespace().count();
            (start, last_comma) = (cut, None);
        }
    }
    push_segment(&text[start..], &mut out);
    out
}

fn push_segment<'a>(text: &'a str, out: &mut Vec<&'a str>) {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        out.push(text);
    }
}

/// "Mr", "e.g", "z.B": the full stop after them ends no sentence.
fn abbreviation(before: &str) -> bool {
    let last = before.rsplit(char::is_whitespace).next().unwrap_or("");
    matches!(
        last,
        "Mr" | "Mrs"
            | "Ms"
            | "Dr"
            | "e.g"
            | "i.e"
            | "z.B"
            | "d.h"
            | "p.ex"
            | "Sr"
            | "Sra"
            | "vs"
            | "etc"
            | "ca"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_recorder_sentence_may_hold_several() {
        assert_eq!(
            segments("It froze. Then Mr. Hale asked: again? Yes"),
            ["It froze.", "Then Mr. Hale asked: again?", "Yes"]
        );
        assert_eq!(segments("version 2.5 is out"), ["version 2.5 is out"]);
        assert!(segments(" … ").is_empty());
        let run_on = "and then we wait, ".repeat(40);
        assert!(
            segments(&run_on)
                .iter()
                .all(|s| s.split_whitespace().count() <= LONG + 5)
        );
    }
}

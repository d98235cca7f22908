//! Words and sentences of what was said.

/// More words than this in one sentence of a recorder and it is cut at a comma, twice as many and
/// it is cut anyway.
const LONG: usize = 45;

/// The words of a text as the model knows them: small letters, accents off, figures as `0`.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() {
            word.extend(folded(c));
        } else if !matches!(c, '\'' | '’') || word.is_empty() {
            push(&mut word, &mut words);
        }
    }
    push(&mut word, &mut words);
    words
}

fn push(word: &mut String, words: &mut Vec<String>) {
    if word.chars().any(|c| c.is_ascii_digit()) {
        words.push("0".into());
        word.clear();
    } else if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// A letter in small and without its accent.
fn folded(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    })
}

/// The sentences within a text that one recorder sentence holds, each as it stands.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut count, mut last_comma) = (0, 0, None);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let before_space = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        count += usize::from(c.is_whitespace());
        if matches!(c, ',' | ';') && before_space {
            last_comma = Some(end);
        }
        let closes = matches!(c, '.' | '!' | '?' | '…') && before_space || c == '\n';
        if closes && !abbreviation(&text[start..at]) {
            keep(&text[start..end], &mut out);
            (start, count, last_comma) = (end, 0, None);
        } else if count > LONG
            && let Some(cut) = last_comma.or((count > 2 * LONG && c.is_whitespace()).then_some(end))
        {
            keep(&text[start..cut], &mut out);
            count = text[cut..end].split_whitespace().count();
            (start, last_comma) = (cut, None);
        }
    }
    keep(&text[start..], &mut out);
    out
}

fn keep<'a>(text: &'a str, out: &mut Vec<&'a str>) {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        out.push(text);
    }
}

/// "Mr", "e.g", "z.B": the full stop after them ends no sentence.
fn abbreviation(before: &str) -> bool {
    let last = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let known = [
        "Mr", "Mrs", "Ms", "Dr", "e.g", "i.e", "z.B", "d.h", "p.ex", "Sr", "Sra", "vs", "etc", "ca",
    ];
    known.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_small_without_accents_and_figures_are_one_word() {
        for (text, expected) in [
            ("", &[][..]),
            ("It froze.", &["it", "froze"]),
            ("I can't, really", &["i", "cant", "really"]),
            ("Ça n’arrive JAMAIS", &["ca", "narrive", "jamais"]),
            ("Größe für Übergänge", &["große", "fur", "ubergange"]),
            (
                "from 10 to 50 files, v2",
                &["from", "0", "to", "0", "files", "0"],
            ),
            ("'quoted'", &["quoted"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn one_recorder_sentence_may_hold_several() {
        for (text, expected) in [
            (
                "It froze. Then Mr. Hale asked: again? Yes",
                &["It froze.", "Then Mr. Hale asked: again?", "Yes"][..],
            ),
            ("version 2.5 is out", &["version 2.5 is out"]),
            (" … ", &[]),
            ("one\ntwo", &["one", "two"]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
        let run_on = "and then we wait, ".repeat(40);
        let cut = sentences(&run_on);
        assert!(
            cut.iter()
                .all(|one| one.split_whitespace().count() <= LONG + 5)
        );
    }
}

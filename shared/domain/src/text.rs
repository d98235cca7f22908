//! Cleaning and folding of untrusted text.

use unicode_normalization::UnicodeNormalization;

/// Removes what a reader cannot see and a model could obey: control, zero-width, bidirectional
/// and tag characters. White space of any kind becomes one space.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = !out.is_empty();
        } else if !is_invisible(c) {
            if space {
                out.push(' ');
                space = false;
            }
            out.push(c);
        }
    }
    out
}

/// Control characters, Unicode's `Default_Ignorable_Code_Point` and the interlinear annotation marks.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Cleans a text and shortens it to `max` characters, at a word's end where there is one.
#[must_use]
pub fn bounded(text: &str, max: usize) -> String {
    let text = clean(text);
    if text.chars().count() <= max {
        return text;
    }
    let cut: String = text.chars().take(max.saturating_sub(1)).collect();
    let end = cut.rfind(' ').filter(|end| *end > cut.len() / 2);
    format!("{}…", cut[..end.unwrap_or(cut.len())].trim_end())
}

/// A word as comparisons see it, and where it stands in the text (bytes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In lower case, compatibility-composed, without apostrophes.
    pub folded: String,
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// The words of a text: runs of letters and digits; apostrophes inside a word belong to it.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (i, &(at, c)) in chars.iter().enumerate() {
        let next_is_letter = chars.get(i + 1).is_some_and(|(_, n)| n.is_alphanumeric());
        let inside = c.is_alphanumeric()
            || is_mark(c)
            || (matches!(c, '\'' | '’' | 'ʼ') && start.is_some() && next_is_letter);
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                push_word(&mut words, text, from, at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        push_word(&mut words, text, from, text.len());
    }
    words
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn push_word(words: &mut Vec<Word>, text: &str, start: usize, end: usize) {
    let folded: String = text[start..end]
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || is_mark(*c))
        .collect();
    if !folded.is_empty() {
        words.push(Word { folded, start, end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_go_and_words_stay() {
        for (text, cleaned) in [
            (
                "a\u{200B}b \u{202E}c\u{E0041}\u{E007F}\n\t d\u{FEFF}",
                "ab c d",
            ),
            ("", ""),
            (" \u{200B}\n\u{2028} ", ""),
            ("  two\u{a0}\u{3000}words\r\n", "two words"),
            ("a \u{200B} b", "a b"),
            ("im\u{ad}port", "import"),
            ("nul\0 and bell\u{7}", "nul and bell"),
            ("star\u{fe0f}", "star"),
            ("line\u{2028}line\u{2029}line", "line line line"),
            ("\u{2066}isolated\u{2069}", "isolated"),
            ("cafe\u{301} und Größe", "cafe\u{301} und Größe"),
            ("שלום, 你好", "שלום, 你好"),
            ("<b>& \"x\"", "<b>& \"x\""),
        ] {
            assert_eq!(clean(text), cleaned, "{text:?}");
            assert_eq!(clean(cleaned), cleaned, "{cleaned:?} again");
        }
    }

    #[test]
    fn folding_ignores_case_punctuation_and_apostrophes() {
        for (text, expected) in [
            ("It’s DONE, isn't it?", &["its", "done", "isnt", "it"][..]),
            ("Ｆｕｌｌ ﬁle", &["full", "file"]),
            ("", &[]),
            ("… — !", &[]),
            ("'quoted' ‘words’", &["quoted", "words"]),
            ("the users' list", &["the", "users", "list"]),
            ("rock 'n' roll", &["rock", "n", "roll"]),
            ("e-mail/SMS", &["e", "mail", "sms"]),
            ("25MB or 10,000", &["25mb", "or", "10", "000"]),
            ("Nai\u{308}ve ÜBER", &["naïve", "über"]),
            ("ΑΒΓ Привет", &["αβγ", "привет"]),
            ("(a)b_c", &["a", "b", "c"]),
        ] {
            let folded: Vec<_> = words(text).into_iter().map(|w| w.folded).collect();
            assert_eq!(folded, expected, "{text:?}");
        }
    }

    #[test]
    fn a_word_is_where_it_stands_in_the_text() {
        for (text, found) in [
            ("ab, cd", &["ab", "cd"][..]),
            ("«Größe»", &["Größe"]),
            ("don't 'stop'", &["don't", "stop"]),
            ("ﬁle 7", &["ﬁle", "7"]),
        ] {
            let parts: Vec<_> = words(text).iter().map(|w| &text[w.start..w.end]).collect();
            assert_eq!(parts, found, "{text:?}");
        }
    }

    #[test]
    fn shortening_ends_at_a_word() {
        for (text, max, expected) in [
            ("one two three four", 12, "one two…"),
            ("short", 12, "short"),
            ("ten letter", 10, "ten letter"),
            ("  ten\n\nletter  ", 10, "ten letter"),
            ("eleven char", 10, "eleven…"),
            ("unbreakable", 10, "unbreakab…"),
            ("a unbreakable", 10, "a unbreak…"),
            ("äöüäöüäöüä", 10, "äöüäöüäöüä"),
            ("äöüäöüäöüäö", 10, "äöüäöüäöü…"),
            ("ab", 1, "…"),
            ("", 10, ""),
        ] {
            let bounded = bounded(text, max);
            assert_eq!(bounded, expected, "{text:?} in {max}");
            assert!(bounded.chars().count() <= max, "{text:?} in {max}");
        }
    }
}

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

/// The words of a text: runs of letters and digits; apostrophes inside a word belong to it. In
/// scripts without spaces each character is a word.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    // Where the open word starts, and whether it is a character of a script without spaces.
    let mut open: Option<(usize, bool)> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_letter = chars.peek().is_some_and(|(_, n)| n.is_alphanumeric());
        let inside = if is_apostrophe(c) {
            open.is_some() && next_is_letter
        } else {
            c.is_alphanumeric() || is_mark(c)
        };
        let ends =
            |&(_, alone): &(usize, bool)| !inside || (!is_mark(c) && (alone || is_unspaced(c)));
        if let Some((from, _)) = open.take_if(|word| ends(word)) {
            push_word(&mut words, text, from, at);
        }
        if inside && open.is_none() {
            open = Some((at, is_unspaced(c)));
        }
    }
    if let Some((from, _)) = open {
        push_word(&mut words, text, from, text.len());
    }
    words
}

/// Whether a character is of a script that puts no spaces between words: Chinese, Japanese, Thai,
/// Lao, Khmer and Burmese (Unicode's blocks).
#[must_use]
pub const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{323af}')
}

/// The marks that are written for an apostrophe, some of which Unicode counts as letters.
const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | '‘'
            | '’'
            | '‛'
            | '′'
            | 'ʹ'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ˈ'
            | '\u{ff07}'
            | '\u{ff40}'
    )
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, 'ﾞ' | 'ﾟ')
}

fn push_word(words: &mut Vec<Word>, text: &str, start: usize, end: usize) {
    let folded: String = text[start..end]
        .chars()
        .filter(|c| !is_apostrophe(*c))
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
            (
                "don`t don´t don‘t donʼt don′t don＇t",
                &["dont", "dont", "dont", "dont", "dont", "dont"],
            ),
            ("ʼtis", &["tis"]),
            ("e-mail/SMS", &["e", "mail", "sms"]),
            ("25MB or 10,000", &["25mb", "or", "10", "000"]),
            ("Nai\u{308}ve ÜBER", &["naïve", "über"]),
            ("ΑΒΓ Привет", &["αβγ", "привет"]),
            ("(a)b_c", &["a", "b", "c"]),
            ("导出PDF文件。", &["导", "出", "pdf", "文", "件"]),
            ("が か\u{3099} ｶﾞ", &["が", "が", "ガ"]),
            ("ที่นี่ 7", &["ท\u{e35}\u{e48}", "น\u{e35}\u{e48}", "7"]),
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
            ("我要 API。", &["我", "要", "API"]),
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

//! The languages whose number words and names are read, told by small words.

use super::text::Token;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    German,
    French,
    Spanish,
    Portuguese,
}

pub const ALL: [Language; 5] = [
    Language::English,
    Language::German,
    Language::French,
    Language::Spanish,
    Language::Portuguese,
];

/// A text of at least this many words in another language is told as such.
const ENOUGH_WORDS: usize = 25;

impl Language {
    /// As [`super::text::fold`] leaves them.
    const fn small_words(self) -> &'static [&'static str] {
        match self {
            Self::English => &[
                "the", "to", "and", "of", "a", "is", "it", "that", "we", "for", "with", "you", "i",
                "be", "are", "this", "not", "have", "on", "they", "in", "so", "but", "at", "do",
                "what", "by", "from", "an", "when", "or", "no", "there", "as",
            ],
            Self::German => &[
                "der", "die", "das", "und", "ist", "nicht", "wir", "ich", "ein", "eine", "zu",
                "mit", "auf", "fur", "es", "sie", "den", "dem", "im", "von", "auch", "wenn",
                "haben", "dass", "aber", "so", "bei", "werden", "kann", "sich", "an", "in", "ja",
            ],
            Self::French => &[
                "le", "la", "les", "des", "une", "un", "et", "est", "pour", "dans", "que", "qui",
                "nous", "vous", "je", "ne", "pas", "il", "on", "du", "de", "en", "ce", "c", "l",
                "d", "au", "avec", "sur", "ca", "a", "qu", "mais", "par",
            ],
            Self::Spanish => &[
                "el", "la", "los", "las", "que", "de", "y", "en", "un", "una", "es", "no", "se",
                "por", "con", "para", "lo", "del", "al", "pero", "nos", "si", "hay", "como",
                "esta", "muy", "cuando", "yo", "a", "ya",
            ],
            Self::Portuguese => &[
                "o", "a", "os", "as", "que", "de", "e", "em", "um", "uma", "nao", "se", "por",
                "com", "para", "do", "da", "dos", "das", "no", "na", "mas", "isso", "eu", "sao",
                "muito", "quando", "ao", "nos", "ja",
            ],
        }
    }
}

/// How many of the tokens are small words of each of [`ALL`].
fn counts(tokens: &[Token<'_>]) -> [usize; 5] {
    ALL.map(|language| {
        let small = language.small_words();
        let is_small = |token: &&Token<'_>| small.contains(&token.folded.as_str());
        tokens.iter().filter(is_small).count()
    })
}

/// The one whose small words stand there most; none where there is no small word.
pub fn language(tokens: &[Token<'_>]) -> Option<Language> {
    let counted = ALL.into_iter().zip(counts(tokens));
    let most = counted.rev().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 0)
        .map(|(language, _)| language)
}

/// Those that a call may be in; none when it is long and in another language.
pub fn languages(tokens: &[Token<'_>]) -> Vec<Language> {
    let counts = counts(tokens);
    let most = counts.into_iter().max().unwrap_or(0);
    if tokens.len() >= ENOUGH_WORDS && most * 5 < tokens.len() {
        return Vec::new();
    }
    let spoken =
        |(language, count): &(Language, usize)| *language == Language::English || count * 4 >= most;
    let spoken = ALL.into_iter().zip(counts).filter(spoken);
    spoken.map(|(language, _)| language).collect()
}

#[cfg(test)]
mod tests {
    use super::super::text::tokens;
    use super::*;

    #[test]
    fn a_texts_language_is_told_by_its_small_words() {
        for (text, expected) in [
            ("Raise the limit to fifty", Some(Language::English)),
            ("Die Grenze ist zu niedrig für uns", Some(Language::German)),
            ("La limite est trop basse pour nous", Some(Language::French)),
            (
                "El límite es muy bajo para nosotros",
                Some(Language::Spanish),
            ),
            (
                "O limite não é bom para uma equipe",
                Some(Language::Portuguese),
            ),
            ("Export", None),
            ("", None),
        ] {
            assert_eq!(language(&tokens(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_call_in_another_language_is_in_none_of_them() {
        let italian = "Allora ogni mattina apriamo cinquanta richieste insieme ai colleghi e \
            nessuno capisce quale stato abbia ciascuna perché lo schermo mostra soltanto numeri, \
            quindi chiamiamo ogni cliente prima di pranzo oppure mandiamo messaggi dal nostro \
            telefono sperando che rispondano presto";
        for (text, some) in [(italian, false), ("Buongiorno a tutti", true), ("", true)] {
            assert_eq!(!languages(&tokens(text)).is_empty(), some, "{text:?}");
        }
    }
}

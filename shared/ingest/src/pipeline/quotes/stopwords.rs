//! Words that prove nothing in a quote, in the five languages, folded as comparisons see them.

use domain::text::{Word, is_unspaced};

/// Articles, pronouns, particles and forms of to be and to have.
const STOP_WORDS: &[&str] = &[
    // English.
    "a", "am", "an", "and", "are", "as", "at", "be", "been", "but", "by", "do", "for", "from",
    "had", "has", "have", "he", "her", "his", "i", "id", "if", "ill", "im", "in", "is", "it",
    "its", "ive", "me", "my", "of", "on", "or", "our", "she", "so", "than", "that", "thats", "the",
    "their", "them", "then", "there", "they", "this", "those", "to", "us", "was", "we", "were",
    "weve", "which", "with", "would", "you", "your", // German.
    "aber", "als", "am", "an", "auch", "auf", "bei", "bin", "da", "dann", "das", "dass", "dem",
    "den", "der", "des", "die", "doch", "du", "ein", "eine", "einem", "einen", "einer", "er", "es",
    "für", "habe", "haben", "hat", "ich", "ihr", "im", "in", "ist", "man", "mit", "nur", "oder",
    "sich", "sie", "sind", "und", "uns", "von", "war", "wie", "wir", "zu", "zum", "zur",
    // French.
    "au", "aux", "avec", "avons", "ce", "cela", "cest", "ces", "cette", "dans", "de", "des", "du",
    "elle", "en", "est", "et", "il", "ils", "je", "jai", "la", "le", "les", "leur", "lui", "ma",
    "mais", "me", "mes", "mon", "nos", "notre", "nous", "on", "ont", "ou", "par", "pour", "que",
    "qui", "sa", "se", "ses", "son", "sont", "sur", "un", "une", "vos", "votre", "vous", "y", "ça",
    // Spanish and Portuguese.
    "al", "ao", "aos", "as", "com", "como", "con", "da", "das", "del", "do", "dos", "e", "el",
    "ela", "ele", "eles", "ella", "em", "es", "esa", "ese", "esta", "este", "está", "eu", "ha",
    "hay", "há", "isso", "las", "lo", "los", "mas", "meu", "mi", "minha", "na", "nas", "nos",
    "nosotros", "nossa", "nosso", "nuestra", "nuestro", "nós", "o", "os", "para", "pela", "pelo",
    "pero", "por", "se", "sem", "ser", "son", "su", "sus", "são", "te", "tem", "tu", "uma", "um",
    "una", "y", "yo", "à", "é",
];

/// What stands for thinking, listening or agreeing.
const FILLERS: &[&str] = &[
    "ah",
    "aha",
    "ahm",
    "alright",
    "alors",
    "also",
    "bah",
    "ben",
    "bien",
    "bom",
    "bon",
    "bueno",
    "claro",
    "daccord",
    "eh",
    "ehm",
    "entendi",
    "er",
    "erm",
    "euh",
    "exactement",
    "exacto",
    "exatamente",
    "exactly",
    "genau",
    "gut",
    "hein",
    "heu",
    "hm",
    "hmm",
    "huh",
    "hum",
    "ja",
    "jaja",
    "jo",
    "klar",
    "like",
    "mhm",
    "mm",
    "mmhm",
    "mmm",
    "naja",
    "né",
    "oh",
    "ok",
    "okay",
    "oui",
    "ouais",
    "pois",
    "pues",
    "right",
    "sehr",
    "sim",
    "stimmt",
    "sure",
    "sí",
    "tá",
    "uh",
    "uhhuh",
    "uhm",
    "uhum",
    "um",
    "vale",
    "voilà",
    "well",
    "yeah",
    "yep",
    "yes",
    "äh",
    "ähm",
    "öhm",
];

/// Words of listening that say something elsewhere.
const LISTENING: &[&str] = &[
    "absolutely",
    "achso",
    "compris",
    "course",
    "cool",
    "fair",
    "good",
    "got",
    "great",
    "hear",
    "interesting",
    "makes",
    "mesmo",
    "parfait",
    "perfecto",
    "perfect",
    "richtig",
    "see",
    "sense",
    "siehst",
    "totally",
    "true",
    "understood",
    "verstehe",
    "verdad",
    "vrai",
    "wow",
    "certo",
    "certamente",
    "entiendo",
    "perfeito",
    "natürlich",
    "bestimmt",
    "spannend",
    "enough",
];

/// More words than this are no mere listening.
const LONGEST_BACK_CHANNEL: usize = 4;

/// A quote has to weigh so much: three words with meaning, or six characters of a script without
/// spaces.
pub(super) const LEAST: usize = 6;

/// What these words prove together; see [`LEAST`].
pub(super) fn weight(words: &[Word]) -> usize {
    let weight = |word: &Word| match word.folded.as_str() {
        folded if folded.starts_with(is_unspaced) => 1,
        folded if STOP_WORDS.contains(&folded) || FILLERS.contains(&folded) => 0,
        _ => 2,
    };
    words.iter().map(weight).sum()
}

/// Whether these words only say that somebody listens.
pub(super) fn is_back_channel(words: &[Word]) -> bool {
    let listens = |word: &Word| {
        let folded = word.folded.as_str();
        [STOP_WORDS, FILLERS, LISTENING]
            .iter()
            .any(|list| list.contains(&folded))
    };
    words.len() <= LONGEST_BACK_CHANNEL && words.iter().all(listens)
}

#[cfg(test)]
mod tests {
    use domain::text::words;

    use super::*;

    #[test]
    fn a_quote_needs_three_words_with_meaning_or_six_characters() {
        for (text, enough) in [
            ("We can't export", false),
            ("we cannot export reports", true),
            ("Yeah, okay, um, right, sure.", false),
            ("It is what it is", false),
            ("Ähm, ja, genau, das ist es", false),
            ("wir brauchen PDF Export", true),
            ("euh, c'est ça, oui", false),
            ("un mode sombre manque", true),
            ("sí, claro, es que no", false),
            ("falta o modo escuro", true),
            ("导出太慢了", false),
            ("导出报表太慢", true),
            ("PDF導出が必要", true),
            ("ต้องการรายงาน", true),
            ("", false),
        ] {
            assert_eq!(weight(&words(text)) >= LEAST, enough, "{text}");
        }
    }

    #[test]
    fn a_back_channel_says_only_that_somebody_listens() {
        for (text, listens) in [
            ("Mm-hm.", true),
            ("Yeah, right.", true),
            ("Uh-huh", true),
            ("I see.", true),
            ("Genau.", true),
            ("Oui, oui.", true),
            ("Sí, claro.", true),
            ("Aha.", true),
            ("Got it, makes sense.", true),
            ("", true),
            ("And why is that?", false),
            ("Which report?", false),
            ("No.", false),
            ("Right, right, right, right, right.", false),
        ] {
            assert_eq!(is_back_channel(&words(text)), listens, "{text}");
        }
    }
}

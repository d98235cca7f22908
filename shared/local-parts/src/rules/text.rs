//! Words: folding to plain letters, tokens with their places, segments of a long sentence, stems.

use std::{collections::HashSet, sync::LazyLock};

type Words = LazyLock<HashSet<&'static str>>;

/// One word of a sentence in the form that the cues are written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case, without accents, contractions written out.
    pub(crate) norm: String,
    /// Where it starts in the sentence, in bytes.
    pub(crate) start: usize,
    /// Where it ends in the sentence, in bytes.
    pub(crate) end: usize,
    /// A cue may pass over it: fillers and words that only add force.
    pub(crate) skippable: bool,
}

/// Words that a cue may pass over. A cue that names one still finds it.
static SKIPPABLE: Words = LazyLock::new(|| HashSet::from([
    "um", "uh", "uhm", "erm", "er", "hmm", "hm", "mm", "ah", "oh", "eh", "like", "really", "just",
    "also", "actually", "basically", "honestly", "maybe", "perhaps", "probably", "literally",
    "simply", "definitely", "absolutely", "truly", "desperately", "badly", "even", "still", "then",
    "always", "constantly", "currently", "kinda", "sorta", "please", "very", "so", "ever",
    "obviously", "sometimes", "often", "now", "suddenly", "all", "much", "certainly", "usually",
    "euh", "vraiment", "juste", "aussi", "simplement", "franchement", "absolument", "donc", "bien",
    "tres", "toujours", "parfois", "souvent", "encore", "carrement", "meme", "tout",
    "wirklich", "einfach", "auch", "eigentlich", "halt", "mal", "doch", "ja", "schon", "eben",
    "vielleicht", "unbedingt", "dringend", "noch", "leider", "immer", "oft", "sehr", "denn",
    "bitte", "irgendwie", "momentan", "gar", "gerade", "aktuell", "da",
    "realmente", "solo", "tambien", "simplemente", "quizas", "muy", "siempre", "pues", "nada",
    "tambem", "apenas", "simplesmente", "talvez", "muito", "sempre", "ai",
]));

/// Pairs that a cue may pass over as one.
const SKIPPABLE_PAIRS: &[(&str, &str)] = &[
    ("kind", "of"), ("sort", "of"), ("you", "know"), ("i", "mean"), ("at", "least"), ("i", "guess"),
    ("a", "bit"), ("un", "peu"), ("un", "poco"), ("um", "pouco"), ("ein", "bisschen"),
];

/// Lower case and without accents: `É` → `e`, `ß` → `ss`. Signs stay.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, &mut out);
    }
    out
}

fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let plain = match c {
        'à'..='å' | 'À'..='Å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'Ç' | 'ć' | 'č' => "c",
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' => "i",
        'ñ' | 'Ñ' | 'ń' => "n",
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' => "o",
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'ů' => "u",
        'ý' | 'ÿ' | 'Ý' => "y",
        'ß' => "ss",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        '\u{300}'..='\u{36f}' => "",
        other => {
            out.extend(other.to_lowercase());
            return;
        }
    };
    out.push_str(plain);
}

const fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}')
}

/// The words of a sentence, contractions written out, immediate repetitions dropped.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 5 + 1);
    let mut word: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = c.is_alphanumeric()
            || ('\u{300}'..='\u{36f}').contains(&c)
            || (word.is_some()
                && apostrophe(c)
                && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()));
        match (inside, word) {
            (true, None) => word = Some(at),
            (false, Some(start)) => {
                push_word(&text[start..at], start, at, &mut out);
                word = None;
            }
            _ => {}
        }
    }
    if let Some(start) = word {
        push_word(&text[start..], start, text.len(), &mut out);
    }
    mark_pairs(&mut out);
    out
}

fn push_word(raw: &str, start: usize, end: usize, out: &mut Vec<Token>) {
    let norm = fold(raw);
    let mut push = |norm: &str| {
        let repeated = out.last().is_some_and(|last: &Token| last.norm == norm);
        if !norm.is_empty() && !repeated {
            let skippable = SKIPPABLE.contains(norm);
            out.push(Token { norm: norm.to_owned(), start, end, skippable });
        }
    };
    if let Some(parts) = written_out(&norm) {
        parts.iter().for_each(|part| push(part));
        return;
    }
    let Some((base, rest)) = norm.split_once(apostrophe) else {
        push(&norm);
        return;
    };
    match rest {
        "ll" => [base, "will"].iter().for_each(|part| push(part)),
        "ve" => [base, "have"].iter().for_each(|part| push(part)),
        "re" => [base, "are"].iter().for_each(|part| push(part)),
        "d" => [base, "would"].iter().for_each(|part| push(part)),
        "m" => [base, "am"].iter().for_each(|part| push(part)),
        "s" if IS_AFTER.contains(&base) => [base, "is"].iter().for_each(|part| push(part)),
        "s" => push(base),
        "t" if base.len() > 2 && base.ends_with('n') => {
            [&base[..base.len() - 1], "not"].iter().for_each(|part| push(part));
        }
        _ => norm.split(apostrophe).for_each(push),
    }
}

const IS_AFTER: &[&str] = &[
    "it", "that", "there", "what", "he", "she", "here", "who", "where", "how", "everything",
    "nothing", "something", "this", "one", "thing",
];

/// Words that stand for several, with or without their apostrophe.
fn written_out(norm: &str) -> Option<&'static [&'static str]> {
    Some(match norm {
        "can't" | "can’t" | "cant" | "cannot" => &["can", "not"],
        "won't" | "won’t" | "wont" => &["will", "not"],
        "shan't" | "shan’t" => &["shall", "not"],
        "ain't" | "ain’t" | "isnt" => &["is", "not"],
        "dont" => &["do", "not"],
        "doesnt" => &["does", "not"],
        "didnt" => &["did", "not"],
        "wouldnt" => &["would", "not"],
        "couldnt" => &["could", "not"],
        "arent" => &["are", "not"],
        "im" => &["i", "am"],
        "ive" => &["i", "have"],
        "let's" | "let’s" => &["let", "us"],
        "gonna" => &["going", "to"],
        "wanna" => &["want", "to"],
        "gotta" => &["have", "to"],
        _ => return None,
    })
}

fn mark_pairs(tokens: &mut [Token]) {
    for at in 1..tokens.len() {
        let pair = (tokens[at - 1].norm.as_str(), tokens[at].norm.as_str());
        if SKIPPABLE_PAIRS.contains(&pair) {
            tokens[at - 1].skippable = true;
            tokens[at].skippable = true;
        }
    }
}

/// Whether a token is a number in digits or, up to a hundred, in words.
pub(crate) fn is_number(norm: &str) -> bool {
    norm.starts_with(|c: char| c.is_ascii_digit()) || NUMBER_WORDS.contains(norm)
}

static NUMBER_WORDS: Words = LazyLock::new(|| HashSet::from([
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "hundred", "thousand", "deux", "trois", "quatre", "cinq", "sept", "huit", "neuf", "dix",
    "douze", "quinze", "vingt", "trente", "quarante", "cinquante", "cent", "cents", "mille",
    "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "zwolf", "zwanzig",
    "dreissig", "vierzig", "funfzig", "hundert", "tausend", "dos", "tres", "cuatro", "cinco",
    "seis", "siete", "ocho", "nueve", "diez", "doce", "quince", "veinte", "treinta", "cuarenta",
    "cincuenta", "cien", "mil", "dois", "duas", "quatro", "sete", "oito", "dez", "doze", "vinte",
    "trinta", "quarenta", "cinquenta", "cem",
]));

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
    matches!(last, "Mr" | "Mrs" | "Ms" | "Dr" | "e.g" | "i.e" | "z.B" | "d.h" | "p.ex" | "Sr" | "Sra" | "vs" | "etc" | "ca")
}

/// A word's stem: endings of English and of the Romance languages taken off, roughly.
pub(crate) fn stem(word: &str) -> &str {
    const ENDINGS: &[&str] = &[
        "izations", "ization", "ations", "ation", "ating", "ates", "ated", "ate", "ators", "ator",
        "ments", "ment", "ingly", "ings", "ing", "ions", "ion", "ies", "ied", "iert", "ieren",
        "ungen", "ung", "ers", "er", "ed", "es", "en", "s", "e", "y", "o", "a",
    ];
    if !word.is_ascii() {
        return word;
    }
    let whole = word;
    let cut = ENDINGS
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|base| base.len() >= 3);
    let base = cut.unwrap_or(whole);
    // "attach-es", "class-es" lose "es"; "plann-ing" loses its doubled letter.
    let bytes = base.as_bytes();
    match bytes {
        [.., a, b] if a == b && base.len() > 3 && !matches!(b, b'l' | b's') && cut.is_some() => {
            &base[..base.len() - 1]
        }
        _ => base,
    }
}

/// Whether a word says nothing about a topic.
pub(crate) fn is_stopword(norm: &str) -> bool {
    norm.len() < 3 || STOPWORDS.contains(norm) || SKIPPABLE.contains(norm) || is_number(norm)
}

static STOPWORDS: Words = LazyLock::new(|| HashSet::from([
    "the", "and", "but", "for", "with", "that", "this", "these", "those", "there", "here", "what",
    "which", "who", "when", "where", "why", "how", "you", "your", "yours", "our", "ours", "their",
    "them", "they", "she", "her", "his", "him", "its", "are", "was", "were", "been", "being", "have",
    "has", "had", "does", "did", "doing", "done", "will", "would", "could", "should", "can", "may",
    "might", "must", "shall", "not", "nor", "yes", "yeah", "okay", "well", "right", "some", "any",
    "each", "every", "other", "another", "one", "own", "same", "than", "too", "into", "onto", "out",
    "off", "over", "under", "from", "about", "after", "before", "again", "once", "only", "more",
    "most", "less", "few", "many", "such", "thing", "things", "something", "anything", "nothing",
    "everything", "lot", "way", "get", "gets", "got", "getting", "give", "gives", "put", "make",
    "makes", "made", "take", "takes", "took", "want", "wants", "need", "needs", "know", "think",
    "say", "says", "said", "tell", "see", "look", "come", "goes", "going", "went", "let", "keep",
    "use", "used", "using", "people", "guys", "team", "today", "week", "weeks", "month", "months",
    "day", "days", "year", "years", "time", "times", "hour", "hours", "minute", "minutes", "because",
    "while", "until", "since", "though", "through", "between", "both", "either", "mean", "sure",
    "good", "great", "nice", "fine", "best", "better", "bad", "that's", "sorry", "thanks", "thank",
    "hello", "bye", "first", "last", "next", "new", "old", "big", "small", "little", "whole", "back",
    "les", "des", "une", "aux", "est", "sont", "etait", "etre", "avoir", "avons", "avez", "ont",
    "que", "qui", "quoi", "pas", "plus", "pour", "par", "sur", "dans", "avec", "sans", "mais", "nous",
    "vous", "ils", "elle", "elles", "mon", "mes", "ton", "son", "ses", "notre", "nos", "votre", "vos",
    "leur", "leurs", "cette", "ces", "cela", "comme", "quand", "fait", "faire", "faut", "peut",
    "der", "die", "das", "den", "dem", "ein", "eine", "einen", "einem", "einer", "und", "oder",
    "aber", "ist", "sind", "war", "waren", "sein", "hat", "haben", "wird", "werden", "kann", "konnen",
    "nicht", "kein", "keine", "keinen", "mit", "von", "vom", "zum", "zur", "fur", "auf", "aus", "bei",
    "nach", "uber", "wir", "uns", "unser", "unsere", "ihr", "ihre", "sie", "ich", "mich", "mir", "wenn",
    "dann", "dass", "wie", "was", "man", "alle", "alles", "mehr", "nur", "sich", "diese", "dieser",
    "los", "las", "una", "unos", "unas", "del", "con", "sin", "por", "para", "pero", "como", "cuando",
    "donde", "esta", "este", "esto", "esa", "ese", "eso", "hay", "han", "hemos", "tiene", "tenemos",
    "tener", "hacer", "puede", "poder", "nos", "nuestro", "nuestra", "mas", "todo", "toda", "todos",
    "uma", "uns", "dos", "das", "nas", "com", "sem", "mas", "quando", "onde", "isso", "isto", "essa",
    "esse", "nao", "sim", "temos", "tem", "ter", "fazer", "pode", "nosso", "nossa", "mais", "ele", "ela",
]));

/// The stems of the words of a text that carry a topic, in order.
pub(crate) fn content_stems<'a>(tokens: &'a [Token]) -> impl Iterator<Item = &'a str> {
    tokens
        .iter()
        .map(|token| token.norm.as_str())
        .filter(|norm| !is_stopword(norm))
        .map(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn norms(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|t| t.norm).collect()
    }

    #[test]
    fn contractions_are_written_out_in_either_apostrophe() {
        assert_eq!(norms("We can’t, it doesn't"), ["we", "can", "not", "it", "does", "not"]);
        assert_eq!(norms("J’aimerais qu'on puisse"), ["j", "aimerais", "qu", "on", "puisse"]);
        assert_eq!(norms("I'd say the agent's view"), ["i", "would", "say", "the", "agent", "view"]);
    }

    #[test]
    fn accents_fold_and_hyphens_part() {
        assert_eq!(norms("Größe, à l'écran"), ["grosse", "a", "l", "ecran"]);
        assert_eq!(norms("single sign-on"), ["single", "sign", "on"]);
    }

    #[test]
    fn a_token_knows_its_place() {
        let text = "Ça, the the label";
        let found = tokens(text);
        assert_eq!(found.len(), 3);
        assert_eq!(&text[found[2].start..found[2].end], "label");
    }

    #[test]
    fn one_recorder_sentence_may_hold_several() {
        assert_eq!(
            segments("It froze. Then Mr. Hale asked: again? Yes"),
            ["It froze.", "Then Mr. Hale asked: again?", "Yes"]
        );
        assert_eq!(segments("version 2.5 is out"), ["version 2.5 is out"]);
        assert!(segments(" … ").is_empty());
        let run_on = "and then we wait, ".repeat(40);
        assert!(segments(&run_on).iter().all(|s| s.split_whitespace().count() <= LONG + 5));
    }

    #[test]
    fn stems_bring_forms_together() {
        for (a, b) in [
            ("exports", "exporting"),
            ("integration", "integrations"),
            ("integrate", "integrations"),
            ("reports", "reporting"),
            ("notifications", "notification"),
            ("planning", "plan"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        assert_ne!(stem("export"), stem("import"));
    }
}

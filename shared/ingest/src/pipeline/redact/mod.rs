//! Redaction: what identifies or opens something is replaced before any model reads the text.
//!
//! Pure and by pattern, so that the same text always gives the same placeholders. It errs towards
//! replacing: a placeholder in a quote costs little, a card number at a provider much. Amounts,
//! dates, versions and percentages stay, because requests are made of them.

use std::{ops::Range, sync::LazyLock};

use domain::conversation::{Conversation, Sentence};
use regex_lite::{Captures, Regex};

use asked::redact_answers;

mod asked;

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Secret,
    Email,
    Card,
    Account,
    Code,
    Phone,
    Number,
}

impl Kind {
    const fn placeholder(self) -> &'static str {
        match self {
            Self::Secret => "[secret]",
            Self::Email => "[email]",
            Self::Card => "[card number]",
            Self::Account => "[account number]",
            Self::Code => "[code]",
            Self::Phone => "[phone number]",
            Self::Number => "[number]",
        }
    }
}

/// A pattern; where it has a group, the group is what is replaced.
struct Rule {
    kind: Kind,
    pattern: Regex,
    /// Whether this match is one; the text before it is given too.
    holds: fn(&str, &str) -> bool,
}

impl Rule {
    fn new(kind: Kind, pattern: &str, holds: fn(&str, &str) -> bool) -> Self {
        let pattern = Regex::new(pattern).expect("a test reads every pattern");
        Self {
            kind,
            pattern,
            holds,
        }
    }
}

const fn always(_: &str, _: &str) -> bool {
    true
}

/// In the order of precedence: what an earlier rule took, a later one leaves.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    const DIGIT: &str = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)";
    const DOT: &str = "(?:dot|punkt|point|punto)";
    let spoken_digits =
        format!(r"(?i)\b(?:(?:double |triple )?{DIGIT}[\s,-]+){{5,}}(?:double |triple )?{DIGIT}\b");
    let spoken_email = format!(
        r"(?i)\b[\w-]+(?:\s(?:{DOT}|underscore|dash)\s[\w-]+)*\sat\s[\w-]+(?:\s(?:{DOT}|dash|hyphen)\s[\w-]+)*\s{DOT}\s(?:com|net|org|io|co|uk|eu|de|fr|es|it|nl|ch|at|ai|app|dev|edu|gov|example)\b"
    );
    vec![
        Rule::new(
            Kind::Secret,
            r"(?:\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{30,}|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?|-----BEGIN [A-Z ]*PRIVATE KEY-----)",
            always,
        ),
        Rule::new(
            Kind::Secret,
            r#"(?i)\b(?:password|passphrase|passwort|kennwort|mot de passe|contrase\x{f1}a|api[ -]key|secret key|access key|client secret|token|secret)(?:\s+(?:is|was|ist|lautet|est|es)|['\x{2019}]s|\s*[:=])\s*["'\x{201c}\x{2018}]?(\S{4,})"#,
            |found, _| looks_chosen(found),
        ),
        Rule::new(
            Kind::Secret,
            r#"(?i)\b(?:use|used|typed?|enter(?:ed)?|set)\s+["'\x{201c}\x{2018}]?(\S{4,}?)["'\x{201d}\x{2019}]?\s+(?:as|for)\s+(?:the|my|our|your|a)\s+(?:password|passphrase|token|secret)\b"#,
            |found, _| looks_chosen(found),
        ),
        Rule::new(
            Kind::Email,
            r#"[^\s@<>(),;:"\[\]]+ ?@ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"#,
            always,
        ),
        Rule::new(Kind::Email, &spoken_email, always),
        Rule::new(Kind::Secret, r"\b[A-Za-z0-9+/_=-]{24,}", |found, _| {
            looks_random(found)
        }),
        Rule::new(
            Kind::Account,
            r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
            |found, _| is_iban(found),
        ),
        Rule::new(Kind::Card, r"\b\d(?:[ -]?\d){12,18}\b", |found, _| {
            luhn(found)
        }),
        Rule::new(Kind::Account, r"\b\d{3}-\d{2}-\d{4}\b", always),
        Rule::new(
            Kind::Account,
            r"(?i)\b(?:account|acct|card|customer|routing|policy|member|membership|contract|passport|tax|social security|insurance|konto|kunden|compte|cuenta)[ -]?(?:number|no\.?|nr\.?|id|nummer|#)\s*(?:is|ist|est|es|[:=])?\s*([A-Z]{0,4}[ -]?\d[A-Z0-9 -]{3,28}[A-Z0-9])",
            |found, _| digits(found).count() >= 5,
        ),
        Rule::new(
            Kind::Code,
            r"(?i)\b(?:code|pin|otp|passcode|kode|c\x{f3}digo)\b(?:['\x{2019}]s|[,.]?\s+(?:number|you|i|we|just|got|sent|have|was|is|it['\x{2019}]s|ist|lautet|est|es|by|text|sms|here))*\s*[:=,]?\s*(\d(?:[ -]?\d){3,7})\b",
            |_, before| !names_another_code(before),
        ),
        Rule::new(
            Kind::Code,
            r"(?i)\b(\d(?:[ -]?\d){3,7})\s+(?:is|was|ist|est|es)\s+(?:the|my|your|our|a|der|mein|le|mon|el|mi)\s+(?:login |one-time |verification )?(?:code|pin|otp|passcode|kode|c\x{f3}digo)\b",
            always,
        ),
        Rule::new(Kind::Phone, r"\+\d(?:[ ().-]{0,2}\d){6,14}", always),
        Rule::new(Kind::Phone, r"\b0\d(?:[ .-]\d{2}){4}\b", always),
        Rule::new(Kind::Phone, r"\b0\d{1,4}[ /-]\d{5,9}\b", always),
        Rule::new(Kind::Phone, r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b", always),
        Rule::new(
            Kind::Phone,
            r"\b\d{2,5}(?:[ .-]\d{3,5}){1,3}\b",
            |found, before| digits(found).count() >= 7 && about_phones(before),
        ),
        Rule::new(Kind::Number, r"\b\d(?:[ -]\d){5,}\b", always),
        Rule::new(Kind::Number, r"\b\d{9,}\b", always),
        Rule::new(Kind::Number, &spoken_digits, always),
    ]
});

/// Replaces in every turn what must not reach a model; how many places were replaced.
pub fn redact(conversation: &mut Conversation) -> u32 {
    let turns = conversation.turns.iter_mut();
    let told: u32 = turns
        .map(|turn| redact_sentences(&mut turn.sentences))
        .sum();
    told + redact_answers(&mut conversation.turns)
}

/// Over the borders of sentences: a transcript breaks a spelled number wherever its speaker does.
fn redact_sentences(sentences: &mut [Sentence]) -> u32 {
    let mut starts = Vec::with_capacity(sentences.len());
    let mut whole = String::new();
    for sentence in &*sentences {
        if !whole.is_empty() {
            whole.push(' ');
        }
        starts.push(whole.len());
        whole.push_str(&sentence.text);
    }
    let spans = spans(&whole);
    // From the end, so that the places before stay where they are.
    for (range, kind) in spans.iter().rev() {
        for (start, sentence) in starts.iter().zip(&mut *sentences).rev() {
            let end = start + sentence.text.len();
            let (from, to) = (range.start.max(*start), range.end.min(end));
            if from >= to {
                continue;
            }
            let begins_here = range.start >= *start;
            let with = if begins_here { kind.placeholder() } else { "" };
            sentence.text.replace_range(from - start..to - start, with);
        }
    }
    for sentence in sentences {
        if sentence.text.chars().all(|c| !c.is_alphanumeric()) {
            // All of it was the rest of what the sentence before has a placeholder for.
            "…".clone_into(&mut sentence.text);
        }
    }
    u32::try_from(spans.len()).unwrap_or(u32::MAX)
}

/// The text with its placeholders.
#[must_use]
pub fn redacted(text: &str) -> String {
    let mut out = text.to_owned();
    for (range, kind) in spans(text).into_iter().rev() {
        out.replace_range(range, kind.placeholder());
    }
    out
}

/// What is to be replaced, in order and without overlap.
fn spans(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut taken: Vec<(Range<usize>, Kind)> = Vec::new();
    for rule in &*RULES {
        for found in rule.pattern.captures_iter(text) {
            let Some(range) = place(&found) else {
                continue;
            };
            let whole = found.get(0).map_or(range.start, |all| all.start());
            let free = taken
                .iter()
                .all(|(other, _)| range.end <= other.start || other.end <= range.start);
            if free && (rule.holds)(&text[range.clone()], &text[..whole]) {
                taken.push((range, rule.kind));
            }
        }
    }
    taken.sort_by_key(|(range, _)| range.start);
    taken
}

/// The group, else the whole match, without the punctuation that follows it.
fn place(found: &Captures<'_>) -> Option<Range<usize>> {
    let place = found.get(1).or_else(|| found.get(0))?;
    let text = place.as_str();
    let closing = |c: char| {
        matches!(
            c,
            '.' | ',' | ';' | '!' | '?' | '"' | '\'' | '”' | '’' | ')'
        )
    };
    let kept = text.trim_end_matches(closing).trim_end().len();
    (kept > 0).then(|| place.start()..place.start() + kept)
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.chars().filter_map(|c| c.to_digit(10))
}

fn luhn(text: &str) -> bool {
    let sum: u32 = digits(text)
        .rev()
        .enumerate()
        .map(|(i, d)| match (i % 2, d * 2) {
            (0, _) => d,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10) && digits(text).any(|d| d != 0)
}

/// ISO 13616: letters count from 10, the first four characters come last, and the remainder by 97
/// is 1.
fn is_iban(text: &str) -> bool {
    let bare: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !(15..=34).contains(&bare.len()) {
        return false;
    }
    let turned = bare[4..].iter().chain(&bare[..4]);
    let remainder = turned.fold(0, |rest: u32, c| match c.to_digit(36) {
        Some(value) if value < 10 => (rest * 10 + value) % 97,
        Some(value) => (rest * 100 + value) % 97,
        None => rest,
    });
    remainder == 1
}

/// A word with digits or signs in it is a password rather than a word about passwords.
fn looks_chosen(word: &str) -> bool {
    word.chars()
        .any(|c| c.is_ascii_digit() || "!#$%^&*_+=@".contains(c))
}

/// A long token of letters and digits is a key or an id, not a word.
fn looks_random(token: &str) -> bool {
    let count = |is: fn(char) -> bool| token.chars().filter(|c| is(*c)).count();
    let (lower, upper) = (
        count(|c| c.is_ascii_lowercase()),
        count(|c| c.is_ascii_uppercase()),
    );
    count(|c| c.is_ascii_digit()) >= 3 && lower + upper >= 3
}

fn last_words(before: &str, count: usize) -> impl Iterator<Item = String> {
    let words = before.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .rev()
        .filter(|word| !word.is_empty())
        .take(count)
        .map(str::to_lowercase)
        .collect();
    words.into_iter()
}

/// "Error code 5003", "zip code 94107": codes that open nothing.
fn names_another_code(before: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "error", "status", "zip", "postal", "post", "area", "country", "exit", "response", "http",
        "return", "product", "article", "source", "reason", "fehler",
    ];
    last_words(before, 1).any(|word| OTHERS.contains(&word.as_str()))
}

fn about_phones(before: &str) -> bool {
    const CUES: [&str; 15] = [
        "phone",
        "telephone",
        "mobile",
        "cell",
        "call",
        "dial",
        "ring",
        "reach",
        "number",
        "fax",
        "whatsapp",
        "text",
        "telefon",
        "handy",
        "portable",
    ];
    last_words(before, 8).any(|word| CUES.contains(&word.as_str()))
}

#[cfg(test)]
mod tests;

//! Guards: what keeps two pieces of feedback apart although their vectors are close.

use std::{borrow::Cow, collections::BTreeSet, sync::LazyLock};

use domain::{feedback::RequestText, text::words};
use regex_lite::{Captures, Regex};

/// Words of which one excludes the others: two pieces of feedback that name different ones of a row and
/// share none of it ask for different things. What is written behind a bar is the same word, also
/// in German, French and Spanish.
const ALTERNATIVES: &[&[&str]] = &[
    &[
        "dark|dunkel|dunkles|dunkler|dunkle|sombre|oscuro",
        "light|helles|heller|clair|claro",
    ],
    &[
        "import|importing|imports|imported|importieren|importer|importar",
        "export|exporting|exports|exported|exportieren|exporter|exportar",
    ],
    &[
        "enable|enabling|enables|enabled|aktivieren|aktiviert|activer|activé|activar|activado",
        "disable|disabling|disables|disabled|deaktivieren|deaktiviert|désactiver|désactivé|desactiver|desactivar|desactivado",
    ],
    &[
        "pdf|pdfs",
        "csv|csvs",
        "excel|xlsx|spreadsheet|spreadsheets",
        "xml",
        "json",
    ],
    &["ios|iphone|ipad", "android"],
    &["slack", "teams", "whatsapp"],
    &["increase|raise|higher", "decrease|lower|reduce"],
    &["login|sign-in", "logout"],
];

/// People say these of anything ("two of my people"); only with a unit they are a quantity.
const SMALL_WORDS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// Words that turn a statement round.
const NEGATIONS: &[&str] = &["without", "stop", "remove", "prevent", "hide"];
/// What is not to be done. "Does not" and "cannot" are no negations here: they tell of a failure,
/// and "export does not work" asks for what "export is broken" asks for.
const FORBIDS: &[&str] = &["dont", "shouldnt", "mustnt"];
/// Words that forbid with a "not" behind them.
const FORBIDS_WITH_NOT: &[&str] = &["do", "should", "must"];

/// Words of sentences that tell of a customer's day, in English, German, French, Spanish and
/// Portuguese.
const TELLS: &[&str] = &[
    "today",
    "currently",
    "now",
    "yesterday",
    "last",
    "ago",
    "takes",
    "took",
    "spend",
    "spends",
    "spent",
    "costs",
    "lost",
    "lose",
    "loses",
    "because",
    "already",
    "heute",
    "derzeit",
    "aktuell",
    "jetzt",
    "gestern",
    "dauert",
    "kostet",
    "verliert",
    "weil",
    "aujourdhui",
    "actuellement",
    "maintenant",
    "prend",
    "perd",
    "coûte",
    "parce",
    "hoy",
    "actualmente",
    "ahora",
    "tarda",
    "pierde",
    "cuesta",
    "porque",
    "hoje",
    "atualmente",
    "agora",
    "leva",
    "perde",
    "custa",
];

/// Words of sentences that say what shall be, whatever else they tell.
const ASKS: &[&str] = &[
    "need",
    "needs",
    "want",
    "wants",
    "should",
    "must",
    "please",
    "asks",
    "allow",
    "raise",
    "increase",
    "least",
    "most",
    "instead",
    "rather",
    "would",
    "wish",
    "brauchen",
    "braucht",
    "soll",
    "sollte",
    "sollen",
    "muss",
    "müssen",
    "möchte",
    "möchten",
    "bitte",
    "mindestens",
    "höchstens",
    "statt",
    "besoin",
    "veut",
    "veulent",
    "voudrait",
    "doit",
    "devrait",
    "faut",
    "faudrait",
    "lieu",
    "necesita",
    "necesitan",
    "quiere",
    "quieren",
    "debe",
    "debería",
    "precisa",
    "precisam",
    "quer",
    "querem",
    "deve",
    "deveria",
];

/// A number behind one of these is an example of the customer's day, not what is asked for.
const ROUGHLY: &[&str] = &[
    "about",
    "around",
    "roughly",
    "some",
    "almost",
    "nearly",
    "etwa",
    "ungefähr",
    "rund",
    "circa",
    "ca",
    "fast",
    "environ",
    "presque",
    "quelque",
    "unos",
    "unas",
    "casi",
    "cerca",
    "quase",
];

/// A number written in groups of three digits, as "10,000", "1.000.000" or with narrow spaces.
static GROUPED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b[1-9]\d{0,2}(?:,\d{3})+\b|\b[1-9]\d{0,2}(?:[.'’\x{a0}\x{202f}]\d{3})+\b")
        .expect("a valid pattern")
});

/// Small words of English, and of languages whose texts cannot be searched for [`NEGATIONS`].
const ENGLISH: &[&str] = &[
    "the", "to", "for", "and", "with", "from", "our", "should", "that", "are", "when",
];
const OTHERS: &[&str] = &[
    "der", "das", "und", "für", "mit", "nicht", "wir", "ein", "eine", "ist", // German
    "le", "la", "les", "des", "une", "pour", "avec", "dans", "est", "et", "du", // French
    "el", "los", "las", "una", "para", "con", "del", // Spanish
    "il", "gli", "per", "che", "non", "di", // Italian
    "het", "een", "voor", "niet", "van", // Dutch
    "uma", "com", "não", "dos", // Portuguese
];

/// Compares two requests; one entry in words for each reason to keep them apart.
#[must_use]
pub fn guards(one: RequestText<'_>, other: RequestText<'_>) -> Vec<String> {
    let (one, other) = (Features::of(one), Features::of(other));
    let mut reasons = Vec::new();
    if let Some(reason) = differing_numbers(one.numbers(), other.numbers()) {
        reasons.push(reason);
    }
    for row in ALTERNATIVES {
        let (a, b) = (one.alternatives(row), other.alternatives(row));
        if !a.is_empty() && !b.is_empty() && a.is_disjoint(&b) {
            let names = |set: &BTreeSet<&str>| set.iter().copied().collect::<Vec<_>>().join(", ");
            reasons.push(format!("{} against {}", names(&a), names(&b)));
        }
    }
    let (a, b) = (one.negations(), other.negations());
    let told = !one.in_another_language() && !other.in_another_language();
    if told && a != b && (a.is_empty() || b.is_empty()) {
        let word = a.union(&b).next().copied().unwrap_or_default();
        reasons.push(format!("only one of them says “{word}”"));
    }
    reasons
}

/// A number, with its unit where the word behind it is one that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Quantity {
    value: String,
    unit: Option<&'static str>,
}

impl Quantity {
    /// Of one value, and not of two units: a unit that is not known may be any.
    fn agrees(&self, other: &Self) -> bool {
        let units = self.unit.zip(other.unit);
        self.value == other.value && units.is_none_or(|(one, other)| one == other)
    }

    fn label(&self) -> String {
        let unit = self.unit.map(|unit| format!(" {unit}"));
        format!("{}{}", self.value, unit.unwrap_or_default())
    }
}

/// Words and numbers of a part of a request.
struct Part {
    words: BTreeSet<String>,
    numbers: BTreeSet<Quantity>,
}

impl Part {
    fn of(all: &[String]) -> Self {
        let mut numbers = BTreeSet::new();
        for (i, word) in all.iter().enumerate() {
            let (word, written_on) = without_unit(word);
            if let Some(value) = number(word) {
                let behind = || all.get(i + 1).map(String::as_str).and_then(unit);
                let unit = written_on.or_else(behind);
                let before = i.checked_sub(1).map_or("", |before| all[before].as_str());
                let roughly = ROUGHLY.contains(&before);
                if roughly || unit.is_none() && SMALL_WORDS.contains(&word) {
                    continue;
                }
                numbers.insert(Quantity { value, unit });
            }
        }
        Self {
            words: all.iter().cloned().collect(),
            numbers,
        }
    }

    fn alternatives<'a>(&self, row: &[&'a str]) -> BTreeSet<&'a str> {
        let named = |entry: &&str| entry.split('|').any(|word| self.words.contains(word));
        let entries = row.iter().copied().filter(named);
        entries.map(|e| e.split('|').next().unwrap_or(e)).collect()
    }
}

struct Features {
    title: Part,
    /// What the details ask for; the rest of them tells of one customer's day.
    asked: Part,
    words: BTreeSet<String>,
    /// Whether the title says what must not be.
    forbids: bool,
}

impl Features {
    fn of(text: RequestText<'_>) -> Self {
        let title = folded(text.title);
        let sentences = text
            .description
            .split_inclusive(['.', '!', '?', '。', '\n']);
        let details: Vec<Vec<String>> = sentences.map(folded).collect();
        let has =
            |words: &[String], list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        let asks = |words: &&Vec<String>| has(words, ASKS) || !has(words, TELLS);
        let asked: Vec<String> = details.iter().filter(asks).flatten().cloned().collect();
        let all = title.iter().chain(details.iter().flatten());
        Self {
            words: all.cloned().collect(),
            forbids: forbids(&title),
            title: Part::of(&title),
            asked: Part::of(&asked),
        }
    }

    /// The title's, where it names any.
    fn numbers(&self) -> &BTreeSet<Quantity> {
        match self.title.numbers.is_empty() {
            true => &self.asked.numbers,
            false => &self.title.numbers,
        }
    }

    /// The title's, where it names any.
    fn alternatives<'a>(&self, row: &[&'a str]) -> BTreeSet<&'a str> {
        let of_title = self.title.alternatives(row);
        match of_title.is_empty() {
            true => self.asked.alternatives(row),
            false => of_title,
        }
    }

    /// As far as small words tell: only then is a negation that is not found no sign.
    fn in_another_language(&self) -> bool {
        let says = |list: &[&str]| list.iter().any(|word| self.words.contains(*word));
        says(OTHERS) && !says(ENGLISH)
    }

    fn negations(&self) -> BTreeSet<&'static str> {
        let said = NEGATIONS.iter().copied();
        said.filter(|word| self.title.words.contains(*word))
            .chain(self.forbids.then_some("not"))
            .collect()
    }
}

/// The words, with numbers such as "five hundred" in one piece.
fn folded(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for word in words(&joined(text)) {
        let times = match word.folded.as_str() {
            "hundred" => 100,
            "thousand" => 1_000,
            _ => 0,
        };
        let before = all.last_mut().filter(|_| times > 0);
        let counted = before.and_then(|word| Some((number(word)?.parse::<u64>().ok()?, word)));
        match counted {
            Some((many, word)) => *word = many.saturating_mul(times).to_string(),
            None => all.push(word.folded),
        }
    }
    all
}

/// The text with its numbers in one piece.
fn joined(text: &str) -> Cow<'_, str> {
    GROUPED.replace_all(text, |found: &Captures<'_>| {
        found[0]
            .chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    })
}

/// "25mb" as "25" and its unit.
fn without_unit(word: &str) -> (&str, Option<&'static str>) {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    match unit(&word[digits.len()..]) {
        Some(unit) if !digits.is_empty() => (digits, Some(unit)),
        _ => (word, None),
    }
}

fn forbids(title: &[String]) -> bool {
    let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
    title.first().is_some_and(|word| word == "never")
        || title.iter().any(|word| is(word, FORBIDS))
        || title
            .windows(2)
            .any(|pair| is(&pair[0], FORBIDS_WITH_NOT) && pair[1] == "not")
}

/// Numbers differ when both name some and one names a number that the other lacks and the other
/// way round; a text that only says more ("from 10 to 50" and "50") is no contradiction.
fn differing_numbers(one: &BTreeSet<Quantity>, other: &BTreeSet<Quantity>) -> Option<String> {
    let only = |of: &BTreeSet<Quantity>, others: &BTreeSet<Quantity>| -> Vec<String> {
        let alone = of.iter().filter(|n| !others.iter().any(|o| o.agrees(n)));
        alone.map(Quantity::label).collect()
    };
    let (only_one, only_other) = (only(one, other), only(other, one));
    if only_one.is_empty() || only_other.is_empty() {
        return None;
    }
    Some(format!(
        "different numbers: {} against {}",
        only_one.join(", "),
        only_other.join(", ")
    ))
}

fn number(word: &str) -> Option<String> {
    const WORDS: &[(&str, &str)] = &[
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("twelve", "12"),
        ("fifteen", "15"),
        ("twenty", "20"),
        ("thirty", "30"),
        ("forty", "40"),
        ("fifty", "50"),
        ("sixty", "60"),
        ("hundred", "100"),
        ("thousand", "1000"),
    ];
    if word.chars().next()?.is_ascii_digit() {
        return Some(word.trim_start_matches('0').to_owned()).filter(|n| !n.is_empty());
    }
    let known = WORDS.iter().find(|(name, _)| *name == word);
    known.map(|(_, digits)| (*digits).to_owned())
}

fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "minute" | "minutes" | "min" | "mins" | "minuten" | "minutos" => "min",
        "second" | "seconds" | "sec" | "secs" | "sekunden" | "secondes" | "segundos" => "s",
        "hour" | "hours" | "stunde" | "stunden" | "heure" | "heures" | "hora" | "horas" => "h",
        "day" | "days" | "tag" | "tage" | "tagen" | "jour" | "jours" | "días" | "dias" => "d",
        "week" | "weeks" | "woche" | "wochen" | "semaine" | "semaines" | "semanas" => "w",
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" | "meses" => "month",
        "percent" | "prozent" => "%",
        "mb" | "megabyte" | "megabytes" | "megs" => "mb",
        "gb" | "gigabyte" | "gigabytes" | "gigs" => "gb",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;

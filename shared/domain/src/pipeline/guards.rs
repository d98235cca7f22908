//! Guards: what keeps two feedbacks apart although their vectors are close.

use std::collections::BTreeSet;

use super::text::words;

/// Words of which one excludes the others: two feedbacks that name different ones of a row and
/// share none of it ask for different things. What is written behind a bar is the same word, also
/// in German, French and Spanish.
const ALTERNATIVES: &[&[&str]] = &[
    &[
        "dark|dunkel|dunkles|dunkler|dunkle|sombre|oscuro",
        "light|helles|heller|clair|claro",
    ],
    &[
        "import|importing|imports|importieren|importer|importar",
        "export|exporting|exports|exportieren|exporter|exportar",
    ],
    &[
        "enable|enabling|aktivieren|activer|activar",
        "disable|disabling|deaktivieren|désactiver|desactiver|desactivar",
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

/// What a feedback or post asks for. Pain points stay out: they tell of one customer's day, and
/// their numbers and words say nothing about the request.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The title.
    pub title: &'a str,
    /// The details.
    pub description: &'a str,
}

/// Compares two claims; one entry in words for each reason to keep them apart.
#[must_use]
pub fn guards(one: Claim<'_>, other: Claim<'_>) -> Vec<String> {
    let (one, other) = (Features::of(one), Features::of(other));
    let mut reasons = Vec::new();
    if let Some(reason) = differing_numbers(&one.numbers, &other.numbers) {
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

    fn words(&self) -> String {
        let unit = self.unit.map(|unit| format!(" {unit}"));
        format!("{}{}", self.value, unit.unwrap_or_default())
    }
}

struct Features {
    words: BTreeSet<String>,
    numbers: BTreeSet<Quantity>,
    /// Of the title alone: in a longer text any negation may stand by chance.
    title: BTreeSet<String>,
}

impl Features {
    fn of(claim: Claim<'_>) -> Self {
        let folded = |text| words(text).into_iter().map(|w| w.folded);
        let title: Vec<String> = folded(claim.title).collect();
        let all: Vec<String> = title
            .iter()
            .cloned()
            .chain(folded(claim.description))
            .collect();
        let mut numbers = BTreeSet::new();
        for (i, word) in all.iter().enumerate() {
            if let Some(value) = number(word) {
                let unit = all.get(i + 1).map(String::as_str).and_then(unit);
                if unit.is_none() && SMALL_WORDS.contains(&word.as_str()) {
                    continue;
                }
                numbers.insert(Quantity { value, unit });
            }
        }
        Self {
            words: all.into_iter().collect(),
            numbers,
            title: title.into_iter().collect(),
        }
    }

    fn alternatives<'a>(&self, row: &[&'a str]) -> BTreeSet<&'a str> {
        let named = |entry: &&str| entry.split('|').any(|word| self.words.contains(word));
        let entries = row.iter().copied().filter(named);
        entries.map(|e| e.split('|').next().unwrap_or(e)).collect()
    }

    /// As far as small words tell: only then is a negation that is not found no sign.
    fn in_another_language(&self) -> bool {
        let says = |list: &[&str]| list.iter().any(|word| self.words.contains(*word));
        says(OTHERS) && !says(ENGLISH)
    }

    fn negations(&self) -> BTreeSet<&'static str> {
        NEGATIONS
            .iter()
            .copied()
            .filter(|word| self.title.contains(*word))
            .collect()
    }
}

/// Numbers differ when both name some and one names a number that the other lacks and the other
/// way round; a text that only says more ("from 10 to 50" and "50") is no contradiction.
fn differing_numbers(one: &BTreeSet<Quantity>, other: &BTreeSet<Quantity>) -> Option<String> {
    let only = |of: &BTreeSet<Quantity>, others: &BTreeSet<Quantity>| -> Vec<String> {
        let alone = of.iter().filter(|n| !others.iter().any(|o| o.agrees(n)));
        alone.map(Quantity::words).collect()
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
mod tests {
    use super::*;

    fn title(title: &str) -> Claim<'_> {
        Claim {
            title,
            description: "",
        }
    }

    #[test]
    fn what_differs_is_kept_apart() {
        for (one, other) in [
            ("Export the report to PDF", "Export the report to CSV"),
            (
                "Raise the limit from 10 to 50",
                "Raise the limit from 50 to 500",
            ),
            ("A dark theme for the app", "A light theme for the app"),
            ("Import contacts", "Export contacts"),
            ("Time out after 30 minutes", "Time out after 30 seconds"),
            (
                "Close tickets without a survey",
                "Close tickets with a survey",
            ),
        ] {
            let (one, other) = (title(one), title(other));
            assert!(!guards(one, other).is_empty(), "{one:?} / {other:?}");
            assert!(!guards(other, one).is_empty(), "{other:?} / {one:?}");
        }
    }

    #[test]
    fn another_language_is_no_obstacle() {
        for (one, other) in [
            (
                "Remove duplicate tickets by themselves",
                "Supprimer les tickets en double",
            ),
            (
                "Close tickets without a survey",
                "Tickets ohne eine Umfrage schließen",
            ),
            (
                "Time out after 30 minutes",
                "Abmelden nach 30 Minuten für alle",
            ),
            (
                "Time out after 30 minutes",
                "Uitloggen na 30 minuutjes voor iedereen",
            ),
            ("A dark theme for the app", "Un thème sombre pour l'appli"),
            ("Export contacts", "Die Kontakte exportieren"),
        ] {
            for (a, b) in [(one, other), (other, one)] {
                let reasons = guards(title(a), title(b));
                assert!(reasons.is_empty(), "{a} / {b}: {reasons:?}");
            }
        }
        // And no way around what differs in both.
        for (one, other) in [
            ("Time out after 30 minutes", "Abmelden nach 60 Minuten"),
            ("Time out after 30 minutes", "Abmelden nach 30 Sekunden"),
            ("Export the report to PDF", "Exporter le rapport en CSV"),
            ("A dark theme for the app", "Ein helles Thema für die App"),
            ("Import contacts", "Die Kontakte exportieren"),
        ] {
            assert!(
                !guards(title(one), title(other)).is_empty(),
                "{one} / {other}"
            );
        }
    }

    #[test]
    fn what_only_says_more_is_not() {
        for (one, other) in [
            ("Raise the limit from 10 to 50", "We need fifty attachments"),
            ("Export to PDF", "PDF export of the weekly report"),
            ("Export to PDF or CSV", "Export to PDF"),
            ("Dark mode", "A dark theme at night"),
        ] {
            let reasons = guards(title(one), title(other));
            assert!(reasons.is_empty(), "{one} / {other}: {reasons:?}");
        }
    }
}

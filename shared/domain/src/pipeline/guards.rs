//! Guards: what keeps two feedbacks apart although their vectors are close.

use std::collections::BTreeSet;

use super::text::words;

/// Words of which one excludes the others: two feedbacks that name different ones of a row and
/// share none of it ask for different things.
const ALTERNATIVES: &[&[&str]] = &[
    &["dark", "light"],
    &["import|importing|imports", "export|exporting|exports"],
    &["enable|enabling", "disable|disabling"],
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
    if a != b && (a.is_empty() || b.is_empty()) {
        let word = a.union(&b).next().copied().unwrap_or_default();
        reasons.push(format!("only one of them says “{word}”"));
    }
    reasons
}

struct Features {
    words: BTreeSet<String>,
    numbers: BTreeSet<String>,
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
                numbers.insert(match unit {
                    Some(unit) => format!("{value} {unit}"),
                    None => value,
                });
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
fn differing_numbers(one: &BTreeSet<String>, other: &BTreeSet<String>) -> Option<String> {
    let only_one: Vec<_> = one.difference(other).cloned().collect();
    let only_other: Vec<_> = other.difference(one).cloned().collect();
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
        "minute" | "minutes" | "min" | "mins" => "min",
        "second" | "seconds" | "sec" | "secs" => "s",
        "hour" | "hours" => "h",
        "day" | "days" => "d",
        "week" | "weeks" => "w",
        "month" | "months" => "month",
        "percent" => "%",
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

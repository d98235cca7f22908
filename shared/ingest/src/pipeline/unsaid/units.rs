//! What numbers count: times, money, sizes. Folded words of five languages.

type Rows = &'static [(f64, &'static str)];

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const YEAR: f64 = 365.0 * DAY;

/// In seconds; months and quarters are parts of a year of 365 days.
const TIMES: Rows = &[
    (
        0.001,
        "ms|millisecond|milliseconds|millisekunden|millisecondes|milisegundos",
    ),
    (
        1.0,
        "s|sec|secs|second|seconds|sekunde|sekunden|seconde|secondes|segundo|segundos",
    ),
    (MINUTE, "min|mins|minute|minutes|minuten|minuto|minutos"),
    (HOUR / 4.0, "viertelstunde|viertelstunden"),
    (HOUR * 0.75, "dreiviertelstunde"),
    (
        HOUR,
        "h|hr|hrs|hour|hours|stunde|stunden|heure|heures|hora|horas",
    ),
    (DAY, "d|day|days|tag|tage|tagen|jour|jours|journee|dia|dias"),
    (
        7.0 * DAY,
        "week|weeks|woche|wochen|semaine|semaines|semana|semanas",
    ),
    (14.0 * DAY, "fortnight|fortnights"),
    (
        YEAR / 12.0,
        "month|months|monat|monate|monaten|mois|mes|meses",
    ),
    (
        YEAR / 4.0,
        "quarter|quarters|quartal|quartale|trimestre|trimestres",
    ),
    (
        YEAR,
        "year|years|jahr|jahre|jahren|an|ans|annee|annees|ano|anos",
    ),
    (10.0 * YEAR, "decade|decades|jahrzehnt|jahrzehnte"),
];

/// Words and codes; signs are [`is_currency_sign`].
const CURRENCIES: &str = "\
    dollar|dollars|bucks|usd|euro|euros|eur|pound|pounds|quid|gbp|pfund|livres|libras|franc|\
    francs|franken|chf|cent|cents|pence|peso|pesos|real|reais|brl|krona|kronor|kroner|sek|nok|\
    dkk|zloty|pln|yen|jpy|cad|aud|dolar|dolares|centavos|rupees|inr";
const SHARES: &str = "percent|prozent|pourcent|pct";
const SIZES: &str = "\
    kb|mb|gb|tb|byte|bytes|kilobyte|kilobytes|megabyte|megabytes|megs|gigabyte|gigabytes|gig|\
    gigs|terabyte|terabytes|mega|megas|giga|gigas|mo|go|px|pixel|pixels|km|m|cm|mm|mile|miles|\
    metre|metres|meter|meters|feet|kg|ton|tons|tonnes|kw|kwh|mbit|gbit";
const TIMES_AS_MUCH: &str = "x|times|mal|fois|veces|vezes";
/// Written on a number: hours of a day and ordinals.
const ENDINGS: &str =
    "am|pm|a|p|st|nd|rd|th|er|re|e|eme|ieme|nde|o|os|as|uhr|y|w|hz|k|m|b|bn|mn|mio";
const HOUR_WORDS: &str = "am|pm|uhr|oclock|clock|heures|h|a|p|hrs";

fn is_in(list: &str, word: &str) -> bool {
    list.split('|').any(|one| one == word)
}

/// A unit of time, in seconds.
pub fn seconds(word: &str) -> Option<f64> {
    let row = TIMES.iter().find(|(_, words)| is_in(words, word));
    row.map(|(seconds, _)| *seconds)
}

pub fn is_currency(word: &str) -> bool {
    is_in(CURRENCIES, word)
}

pub fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₹' | '₽' | '₩')
}

pub fn is_share(word: &str) -> bool {
    is_in(SHARES, word)
}

/// Tells that even a small number before it is a claim.
pub fn is_unit(word: &str) -> bool {
    seconds(word).is_some()
        || is_currency(word)
        || [SHARES, SIZES, TIMES_AS_MUCH]
            .iter()
            .any(|list| is_in(list, word))
}

/// What may be written on digits without making a name of them, as `2FA` is one.
pub fn is_written_on_numbers(word: &str) -> bool {
    is_unit(word) || is_in(ENDINGS, word)
}

/// Behind the hour of a day.
pub fn is_hour_word(word: &str) -> bool {
    is_in(HOUR_WORDS, word)
}

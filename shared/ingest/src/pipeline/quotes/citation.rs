//! What an engine gives as a quote, without what it adds to it.

use std::sync::LazyLock;

use domain::text::{Word, bounded, words};
use regex_lite::Regex;

use super::MAX_CHARS;

/// A time of a transcript, such as `00:12` or `1:02:33.500`.
const TIME: &str = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?";
/// A speaker's label, such as `C1`, as prompts and transcripts have them.
const LABEL: &str = r"(?:[ciu]\d{1,3}|(?:speaker|sprecher|customer|kunde|client|cliente) ?\d{1,3})";
/// A name with a colon behind it is at most so long, in bytes.
const NAME: usize = 40;

struct Added {
    labels: Regex,
    /// A bare time may be said, but not before everything else.
    first_time: Regex,
    ellipsis: Regex,
}

static ADDED: LazyLock<Added> = LazyLock::new(|| {
    let regex = |pattern: &str| Regex::new(pattern).expect("a test reads every pattern");
    let time = format!(r"[\[(<]\s*{TIME}(?:\s*[-–—>]+\s*{TIME})?\s*[\])>]");
    Added {
        labels: regex(&format!(
            r"(?i)\b{LABEL}[\])*_\s]*(?:{time})?\s*[:>]|{time}"
        )),
        first_time: regex(&format!(
            r"^(?:[\s\[\]()<>*_#•…–—-]*{TIME})+[\s\])>:,.–—-]*"
        )),
        ellipsis: regex(r"[\[(]?\s*(?:…|⋯|‥|\.{2,})\s*[\])]?"),
    }
});

/// The ways to read a citation, the most literal first: each the passages that it would consist
/// of. An ellipsis may stand for nothing, or between two passages; so may a speaker's label.
pub(super) fn readings(citation: &str) -> Vec<Vec<Vec<Word>>> {
    let text = bounded(citation, MAX_CHARS);
    let plain = ADDED.labels.replace_all(&text, " … ").into_owned();
    let plain = ADDED.first_time.replace(&plain, "").into_owned();
    let mut texts = vec![text.as_str(), &plain];
    let named = plain.find([':', '>']).filter(|at| *at <= NAME);
    texts.extend(named.map(|at| &plain[at + 1..]));
    let parts = |text: &&str| {
        ADDED
            .ellipsis
            .split(text)
            .map(words)
            .filter(|p| !p.is_empty())
            .collect()
    };
    let wholes = texts.iter().map(|text| vec![words(text)]);
    let parted = texts[1..]
        .iter()
        .map(parts)
        .filter(|parts: &Vec<_>| parts.len() > 1);
    wholes.chain(parted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_times_and_ellipses_are_read_as_additions() {
        for (citation, passages) in [
            ("We need it", &["We need it"][..]),
            ("C1> We need it", &["We need it"]),
            ("c12: We need it", &["We need it"]),
            ("**Speaker 2:** We need it", &["We need it"]),
            ("[00:12] We need it", &["We need it"]),
            ("00:12 We need it", &["We need it"]),
            ("(0:12) We need it", &["We need it"]),
            ("[00:12 - 00:15] C1> We need it", &["We need it"]),
            ("C1 [00:12]: We need it", &["We need it"]),
            ("C1> 1:02:33 We need it", &["We need it"]),
            ("Cleo Customer: We need it", &["We need it"]),
            ("We need it … at once", &["We need it", "at once"]),
            ("We need it [...] at once", &["We need it", "at once"]),
            (
                "We need it... at once (…) now",
                &["We need it", "at once", "now"],
            ),
            ("C1> We need it. C2> At once", &["We need it", "At once"]),
            ("", &[]),
        ] {
            let readings = readings(citation);
            let last = readings.last().map(Vec::as_slice).unwrap_or_default();
            let folded = |words: &Vec<Word>| -> Vec<String> {
                words.iter().map(|word| word.folded.clone()).collect()
            };
            let read: Vec<_> = last.iter().map(folded).filter(|w| !w.is_empty()).collect();
            let expected: Vec<_> = passages.iter().map(|text| folded(&words(text))).collect();
            assert_eq!(read, expected, "{citation}");
        }
    }

    #[test]
    fn a_citation_is_first_read_as_it_stands() {
        for citation in ["at 10:30 we need it", "We … need it", "C1> we need it"] {
            let first = readings(citation).remove(0);
            assert_eq!(first, [words(citation)], "{citation}");
        }
    }
}

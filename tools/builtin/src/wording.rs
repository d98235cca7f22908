//! A matter in words: the customer's own, tidied.

use domain::{
    feedback::{Request, Sentiment},
    findings::Finding,
};

use crate::{
    features::{Line, features},
    matter::{Matter, Scored},
    model::Model,
    text::words,
};

/// A title is at most so long, in characters, its quotation marks not counted.
const TITLE: usize = 110;
/// A clause of fewer words says too little for a title.
const SHORTEST: usize = 4;
/// A clause of more words is cut in a title.
const LONGEST: usize = 24;
/// Up to so many words a longer text says more.
const TELLING: usize = 16;
/// At most so many quotes, sentences of a description and pain points.
const MOST: usize = 3;

/// Sounds that stand for thinking, and are no word in any of the five languages.
const HESITATIONS: &[&str] = &[
    "um", "uh", "erm", "hmm", "mhm", "ah", "oh", "ahm", "euh", "heu", "hein", "eh", "ehm", "hum",
    "uhm", "aehm", "ahem",
];
/// What a sentence may begin with without saying anything.
const OPENINGS: &[&str] = &[
    "and", "but", "so", "well", "yeah", "yes", "yep", "ok", "okay", "honestly", "actually",
    "anyway", "und", "aber", "ja", "naja", "et", "alors", "donc", "ben", "oui", "voila", "bref",
    "y", "pero", "pues", "bueno", "entonces", "e", "mas", "entao", "pois", "sim", "because",
    "weil", "porque",
];
/// The same where a comma follows; without one they may say something.
const WITH_COMMA: &[&str] = &[
    "also", "bom", "bon", "genau", "look", "mais", "mira", "olha", "right", "sure", "then",
];

pub(crate) fn finding(matter: &Matter, lines: &[Line<'_>], model: &Model) -> Finding {
    let text = |one: &Scored| lines[one.at].text;
    let plainest = plainest(matter, lines, model);
    let others: Vec<Scored> = std::iter::once(matter.heart)
        .chain(matter.beside.iter().copied())
        .filter(|one| one.at != plainest.at)
        .collect();
    let mut told = strongest(&others, MOST - 1, |one| {
        one.answer.feedback.max(one.answer.explains)
    });
    told.push(plainest);
    told.sort_by_key(|one| one.at);
    let pains = strongest(&others, MOST, |one| {
        one.answer.explains.max(one.answer.hurts)
    });
    let mut quoted = strongest(&others, MOST - 1, |one| one.answer.feedback);
    quoted.retain(|one| one.answer.feedback >= 0.0);
    let hurts = matter.heart.answer.hurts > matter.heart.answer.asks.max(0.0);
    let sentences: Vec<_> = told.iter().map(|one| tidy(text(one))).collect();
    Finding {
        request: Request {
            title: title(&lines[plainest.at], model),
            description: sentences.join(" "),
            sentiment: hurts.then_some(Sentiment::Negative),
            priority: None,
            feature_area: None,
            pain_points: pains.iter().map(|one| tidy(text(one))).collect(),
        },
        quotes: std::iter::once(&plainest)
            .chain(&quoted)
            .map(|one| text(one).to_owned())
            .collect(),
        confidence: None,
        doubts: Vec::new(),
    }
}

/// The sentence of a matter that says it most plainly by itself: it is read without the others.
fn plainest(matter: &Matter, lines: &[Line<'_>], model: &Model) -> Scored {
    let plain = |one: &Scored| plainness(&lines[one.at], model) + one.answer.feedback / 2.0;
    let says = |one: &&Scored| one.answer.feedback >= 0.0;
    let all = std::iter::once(&matter.heart).chain(matter.beside.iter().filter(says));
    let best = all.max_by(|a, b| plain(a).total_cmp(&plain(b)));
    best.copied().unwrap_or(matter.heart)
}

/// How well a text says by itself what is wanted: as feedback, as a wish above all, and in more
/// than a few words.
fn plainness(line: &Line<'_>, model: &Model) -> f32 {
    let alone = [line.clone()];
    let answer = model.answer(&features(&alone, 0, false));
    #[expect(clippy::cast_precision_loss, reason = "bounded")]
    let told = line.len().min(TELLING) as f32;
    answer.feedback + 0.3 * answer.asks.max(-1.0) + 0.15 * told
}

/// The strongest by a measure, in the order of the conversation.
fn strongest(of: &[Scored], most: usize, measure: impl Fn(&Scored) -> f32) -> Vec<Scored> {
    let mut found = of.to_vec();
    found.sort_by(|a, b| measure(b).total_cmp(&measure(a)).then(a.at.cmp(&b.at)));
    found.truncate(most);
    found.sort_by_key(|one| one.at);
    found
}

/// The part of a sentence that says the request most plainly, in quotation marks: it is speech.
fn title(line: &Line<'_>, model: &Model) -> String {
    let clauses = clauses(line.text);
    let mut best: Option<(f32, String)> = None;
    for from in 0..clauses.len() {
        for to in from..clauses.len() {
            let part = tidy(line.text[clauses[from].0..clauses[to].1].trim());
            let count = words(&part).len();
            let whole = from == 0 && to + 1 == clauses.len();
            if !(SHORTEST..=LONGEST).contains(&count) && !whole {
                continue;
            }
            let odds = plainness(&Line::new(line.side, 0, &part), model);
            if best.as_ref().is_none_or(|(most, _)| odds > *most) {
                best = Some((odds, part));
            }
        }
    }
    let said = best.map_or_else(|| tidy(line.text), |(_, part)| part);
    let said =
        said.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '?' | '%' | ')'));
    format!("“{}”", shortened(said))
}

/// Where the clauses of a sentence begin and end, in bytes.
fn clauses(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let before_space = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if matches!(c, ',' | ';' | ':' | '–' | '—' | '…') && before_space {
            found.push((start, at));
            start = end;
        }
    }
    found.push((start, text.len()));
    found
}

/// Cut at a word.
fn shortened(text: &str) -> String {
    if text.chars().count() <= TITLE {
        return text.to_owned();
    }
    let fits: String = text.chars().take(TITLE - 2).collect();
    let cut = fits.rfind(char::is_whitespace).unwrap_or(fits.len());
    format!(
        "{} …",
        fits[..cut].trim_end_matches(|c: char| !c.is_alphanumeric())
    )
}

/// A sentence without hesitations, repeated words and empty openings, with a capital and an end.
pub(crate) fn tidy(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let plain = plain(word);
        if HESITATIONS.contains(&plain.as_str()) && !word.ends_with(['.', '!', '?']) {
            continue;
        }
        // Figures are all alike to the model, but "25 000" is no repetition.
        let number = word.contains(|c: char| c.is_numeric());
        let again = kept
            .last()
            .is_some_and(|last| !plain.is_empty() && !number && self::plain(last) == plain);
        if again {
            kept.pop();
        }
        kept.push(word);
    }
    let opening = |word: &str| {
        let plain = plain(word);
        OPENINGS.contains(&&*plain) || word.ends_with(',') && WITH_COMMA.contains(&&*plain)
    };
    while kept.len() > 3 && (opening(kept[0]) || plain(kept[0]).is_empty()) {
        kept.remove(0);
    }
    let text = kept.join(" ");
    let text = text.trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '¿' | '¡' | '"' | '“' | '«' | '$' | '€' | '£')
    });
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let mut text: String = first.to_uppercase().chain(chars).collect();
    let end = text
        .trim_end_matches([',', ';', ':', '-', '–', '—', ' '])
        .len();
    text.truncate(end);
    if !text.ends_with(['.', '!', '?', '"', '”', '»', '…']) {
        text.push('.');
    }
    text
}

fn plain(word: &str) -> String {
    words(word).concat()
}

#[cfg(test)]
mod tests {
    use domain::conversation::Side;

    use super::*;
    use crate::MODEL;

    #[test]
    fn a_sentence_is_tidied_and_keeps_its_words() {
        for (said, tidied) in [
            ("And, um, we we print it.", "We print it."),
            ("so well it stops at ten", "It stops at ten."),
            ("Yes.", "Yes."),
            ("und äh die Liste ist weg,", "Die Liste ist weg."),
            ("¿Y no se puede exportar?", "No se puede exportar?"),
            (
                "No se puede exportar la lista.",
                "No se puede exportar la lista.",
            ),
            ("it's gone — ", "It's gone."),
            // What changes the meaning stays.
            (
                "er kann die Liste nicht drucken",
                "Er kann die Liste nicht drucken.",
            ),
            ("on ne peut pas l'annuler", "On ne peut pas l'annuler."),
            ("no, it stops at ten", "No, it stops at ten."),
            ("look at the list of visits", "Look at the list of visits."),
            ("look, the list is empty again", "The list is empty again."),
            ("it stops at 25 000 rows", "It stops at 25 000 rows."),
            ("$5 a month is shown as 50", "$5 a month is shown as 50."),
            ("", ""),
        ] {
            assert_eq!(tidy(said), tidied, "{said}");
        }
    }

    #[test]
    fn a_title_is_a_clause_in_quotation_marks_of_a_bounded_length() {
        let long = "and when we come back from the site on a Friday with all of the photographs \
                    that the surveyors took in the rain, the tablet has forgotten half of them, and \
                    then we begin again from the first one while everybody waits for the report";
        for said in ["We need to export the list as a PDF.", long, "It froze"] {
            let line = Line::new(Side::Customer, 0, said);
            let title = title(&line, &MODEL);
            assert!(title.starts_with('“') && title.ends_with('”'), "{title}");
            assert!(title.chars().count() <= TITLE + 2, "{title}");
            let inner = title.trim_matches(['“', '”', ' ', '…']).to_lowercase();
            assert!(said.to_lowercase().contains(&inner), "{title}");
        }
    }

    #[test]
    fn clauses_end_where_a_pause_is_written() {
        let text = "It saves, at 10:30, then: gone";
        let parts: Vec<_> = clauses(text)
            .iter()
            .map(|(from, to)| text[*from..*to].trim())
            .collect();
        assert_eq!(parts, ["It saves", "at 10:30", "then", "gone"]);
    }
}

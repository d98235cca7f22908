//! Wording from the customer's own words: the title as a short request, sentences without the
//! noise at their edges.

use std::sync::LazyLock;

use super::{
    cues::Family,
    pattern::{Lexicon, Object},
    text::{Token, is_stopword},
    utterance::Utterance,
};

/// The longest title, in characters.
pub(crate) const TITLE: usize = 80;

/// Openings that say nothing: taken off the front of a sentence, again and again.
const OPENINGS: &[&str] = &[
    "^ so", "^ and", "^ but", "^ um|uh|erm|hmm|mm|oh|ah|euh|ben|bah|ahm", "^ yeah|yep|yup", "^ or rather", "^ also",
    "^ honestly|frankly|basically|actually|literally|obviously|anyway", "^ to be honest|fair|clear|frank",
    "^ i mean|guess|think|feel|suppose that?", "^ you know", "^ the thing|problem|issue|point|trouble|truth|question is that?",
    "^ all i know is that?", "^ all i can say is that?", "^ what i am saying|mean|meant is that?", "^ what happens is that?", "^ my point is that?",
    "^ what annoys|bothers|bugs|kills|hurts me|us is that?", "^ i|we have|had to say|admit that?", "^ i would|will say|add that?", "^ it is just that?",
    "^ the other|second|next|last|first|only|one|main thing|one|point is that?", "^ since|until then|now", "^ @ours|@theirs",
    "^ hi|hello|hey|sorry|thanks|please", "^ et|mais|donc|alors|ben|bon|franchement|honnetement|en fait|du coup|par contre", "^ en fait", "^ du coup", "^ le probleme c est que|qu",
    "^ le souci c est que|qu", "^ ce qui se passe c est que|qu", "^ und|aber|also|naja|nun|tja|ehrlich gesagt?", "^ ehrlich gesagt", "^ das problem ist dass?", "^ y|pero|entonces|bueno|pues|mire|mira",
    "^ la verdad es? que?", "^ el problema es que", "^ lo que pasa es que", "^ mas|entao|bom|olha|olhe|assim|tipo", "^ a verdade e que", "^ o problema e que", "^ na verdade", "^ o que acontece e que",
];

/// Openings that are taken off only when a comma or a stop follows.
const WITH_COMMA: &[&str] = &[
    "no", "yes", "well", "okay", "ok", "right", "look", "like", "sure", "exactly", "see", "listen", "now", "then", "first", "second",
    "finally", "good", "true", "non", "oui", "voila", "nein", "ja", "genau", "no", "si", "claro", "sim", "nao", "certo", "correct", "personally", "today",
];

/// What stands between "we need" and the thing needed.
const LEADS: &[&str] = &[
    "^ to be able to", "^ to have|get", "^ to", "^ be able to", "^ a|an|the|some|any|easy|better|simple|good|proper? way|option|possibility|ability|chance|means|setting to|of|for",
    "^ some|more easy|better|simple|kind|sort way|of to|a|an", "^ if|that|when|for we|i|you|it|they|one|the|people|agents|users? could|can|had|have|would|were? > _", "^ if|that", "^ we|i|you|they|it|one|people could|can|would|had|have|to|should be able to", "^ we|i|you|they|it|one|people could|can|would|had|to|should",
    "^ you guys", "^ you|it|us|me|them|him|her to", "^ for us|me|them|people to", "^ there was|were|is|be|to be", "^ is|are|be", "^ of being able to", "^ of|like|something like", "^ that would|will|can|could", "^ what|how i|we",
    "^ having|seeing", "^ i|we would|will|can|could", "^ a|an|the|some|any|this|that|more|also", "^ que l|on|nous|je|vous|ce|les|le|la puisse|puissions|puissent|pourrait|soit", "^ qu on|il|elle|ils puisse|puissions|puissent|pourrait|ait|soit", "^ de|d|que|qu|pour|a pouvoir", "^ pouvoir", "^ de|d|que|qu|pour",
    "^ un|une|le|la|les|l|des|du", "^ wenn|dass man|wir|ich|es|sie", "^ wenn|dass|zu|um", "^ eine|ein|einen|einem|die|der|das|den|es|uns|mir", "^ poder", "^ que|de|para|a nos|me|se|podamos|pudieramos|poder|pudiera|pudiesemos|pudessemos|desse", "^ que|de|para", "^ un|una|el|la|los|las|uno", "^ um|uma|o|os|as|a", "^ ter|tener|conseguir|avoir", "^ eine|die moglichkeit|option|funktion", "^ moglichkeit|option|funktion|moyen|possibilite|forma|manera|maneira|jeito|opcion|opcao de|d|para|pour|zu?",
];

/// Taken off the front of a title that is a whole sentence.
const ARTICLES: &[&str] = &["^ a|an|the", "^ un|une|le|la|les|l", "^ ein|eine|der|die|das", "^ una|el|los|las", "^ um|uma|os|as"];

/// Hesitations: taken out wherever they stand.
const FILLERS: &[&str] = &["um", "uh", "uhm", "erm", "hmm", "hm", "mm", "mhm", "euh", "ahm", "ehm", "eh", "hum"];
/// Asides between commas.
const ASIDES: &[&str] = &["you know", "i mean", "like", "right", "basically", "honestly", "i guess", "please", "sorry", "tu sais", "vous savez", "weisst du", "wissen sie", "sabes", "sabe", "ne", "verdad", "oder", "nicht wahr", "hein", "that is all", "or something", "or whatever", "if you will", "so to say", "i do not know"];

/// Words that a cue may pass over, but that mean something at the start of a title.
const FORCE: &[&str] = &["all", "tout", "toujours", "even", "always"];

/// Words before which a title may end.
const BREAKS: &[&str] = &["because", "which", "but", "so", "since", "while", "although", "weil", "damit", "sodass", "parce", "car", "porque", "pois", "pero", "mais", "aber", "denn"];

static OPENING: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::new(OPENINGS.iter().map(|p| (*p, ()))));
static ARTICLE: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::new(ARTICLES.iter().map(|p| (*p, ()))));
static LEAD: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::new(LEADS.iter().map(|p| (*p, ()))));

/// The sentence without hesitations, asides and empty openings, as a sentence.
pub(crate) fn tidy(u: &Utterance<'_>) -> String {
    let kept = kept(u);
    let from = after_openings(&u.text, &u.tokens);
    let text = rebuild(&u.text, &u.tokens[from..], &kept[from..]);
    let mut text = capitalized(text.trim_end_matches(|c: char| !ends_word(c) && !matches!(c, '.' | '!' | '?')));
    if !text.ends_with(['.', '!', '?', '"', '”', '»']) {
        text.push('.');
    }
    text
}

/// A title from the sentence that asks, neither shortened nor capitalized.
pub(crate) fn title(u: &Utterance<'_>, kind: Family) -> String {
    let whole = (0, u.tokens.len());
    let asked = object(u, kind).unwrap_or(whole);
    let marked = asked != whole;
    let short = titled(u, asked.0, asked.1, if marked { &LEAD } else { &ARTICLE });
    let enough = short.split_whitespace().count() >= 3 && content_words(&short) >= 1;
    if enough || content_words(&short) >= 2 || !marked {
        return short;
    }
    titled(u, 0, u.tokens.len(), &ARTICLE)
}

/// How many words of a text carry a topic.
fn content_words(text: &str) -> usize {
    super::text::tokens(text).iter().filter(|t| !is_stopword(&t.norm)).count()
}

/// The tokens of what is asked for, by the strongest cue.
fn object(u: &Utterance<'_>, kind: Family) -> Option<(usize, usize)> {
    let family = match kind {
        Family::Request if !u.has(Family::Request) => Family::Would,
        Family::Request | Family::Question | Family::Missing => kind,
        _ => return None,
    };
    let best = u.of(family).max_by_key(|hit| (hit.points, hit.object != Object::Unmarked, hit.end))?;
    match best.object {
        Object::From(at) => Some((at, u.tokens.len())),
        Object::Before if best.start > 0 => Some((0, best.start)),
        _ => None,
    }
}

fn titled(u: &Utterance<'_>, from: usize, to: usize, leads: &Lexicon<()>) -> String {
    let kept = kept(u);
    let mut from = if from == 0 { after_openings(&u.text, &u.tokens[..to]) } else { from };
    loop {
        let empty = |token: &Token| token.skippable && !FORCE.contains(&token.norm.as_str());
        let lead = match_at(leads, &u.tokens[from..to]);
        let step = lead.unwrap_or_else(|| usize::from(empty(&u.tokens[from])));
        if step == 0 || from + step >= to {
            break;
        }
        from += step;
    }
    let to = clause_end(u, from, to);
    let text = rebuild(&u.text[..u.tokens.get(to).map_or(u.text.len(), |t| t.start)], &u.tokens[from..to], &kept[from..to]);
    let text = text.trim_matches(|c: char| !ends_word(c));
    let opens_sentence = from == 0 && u.tokens.first().is_some_and(|first| is_stopword(&first.norm));
    if opens_sentence { uncapitalized(text) } else { text.to_owned() }
}

/// The first clause that says enough, as the end of its tokens.
fn clause_end(u: &Utterance<'_>, from: usize, to: usize) -> usize {
    let enough = |end: usize| {
        let words = &u.tokens[from..end];
        words.len() >= 3 && words.iter().filter(|t| !is_stopword(&t.norm)).count() >= 2
    };
    (from + 1..to)
        .filter(|at| {
            let gap = &u.text[u.tokens[at - 1].end.min(u.tokens[*at].start)..u.tokens[*at].start];
            gap.contains([',', ';', ':', '—', '–', '.', '?', '!'])
                || BREAKS.contains(&u.tokens[*at].norm.as_str())
        })
        .find(|at| enough(*at))
        .unwrap_or(to)
}

/// Words that join two clauses: a title that is too long ends before one in its second half.
const JOINS: &[&str] = &["and", "or", "et", "ou", "und", "oder", "y", "o", "e"];

/// Cut at a word to so many characters, without small words at the end.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut length = 0;
    let mut cut = false;
    for word in text.split_whitespace() {
        let longer = length + word.chars().count() + usize::from(!words.is_empty());
        if longer > most {
            cut = true;
            break;
        }
        length = longer;
        words.push(word);
    }
    let half = words.len() / 2;
    if cut && let Some(at) = words.iter().rposition(|word| JOINS.contains(word)).filter(|at| *at >= half) {
        words.truncate(at);
        cut = false;
    }
    while cut && words.len() > 3 && words.last().is_some_and(|w| is_stopword(&super::text::fold(w))) {
        words.pop();
    }
    if words.is_empty() {
        return text.chars().take(most).collect();
    }
    words.join(" ").trim_end_matches(|c: char| !ends_word(c)).to_owned()
}

fn ends_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ')' | '"' | '”' | '»' | '%')
}

pub(crate) fn capitalized(text: &str) -> String {
    let mut chars = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '"' | '“' | '«' | '¿' | '¡')).chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn uncapitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next();
    let rest = chars.as_str();
    match first {
        // "I'd" keeps its capital.
        Some(c) if rest.starts_with(char::is_lowercase) => c.to_lowercase().chain(rest.chars()).collect(),
        _ => text.to_owned(),
    }
}

fn match_at(lexicon: &Lexicon<()>, tokens: &[Token]) -> Option<usize> {
    let first = tokens.get(..tokens.len().min(14))?;
    let found = lexicon.find(first);
    found.into_iter().filter(|(hit, ())| hit.start == 0).map(|(hit, ())| hit.end).max()
}

/// The first token after the openings that say nothing.
fn after_openings(text: &str, tokens: &[Token]) -> usize {
    let mut from = 0;
    loop {
        let rest = &tokens[from..];
        let step = match rest.first() {
            Some(token) if WITH_COMMA.contains(&token.norm.as_str()) && stop_after(text, token) => 1,
            _ => match_at(&OPENING, rest).unwrap_or(0),
        };
        if step == 0 || from + step >= tokens.len() {
            return from;
        }
        from += step;
    }
}

fn stop_after(text: &str, token: &Token) -> bool {
    text[token.end..].starts_with([',', '.', '—', '–', '!', ':', ';', '?', '…'])
}

/// Which tokens stay: no hesitations, no asides, no names that only address somebody, no false starts.
fn kept(u: &Utterance<'_>) -> Vec<bool> {
    let tokens = &u.tokens;
    let mut keep: Vec<bool> = tokens.iter().map(|t| !FILLERS.contains(&t.norm.as_str())).collect();
    let comma_before = |at: usize| at == 0 || u.text[tokens[at - 1].end.min(tokens[at].start)..tokens[at].start].contains([',', '—', '.', ';']);
    let stop_behind = |at: usize| at + 1 == tokens.len() || stop_after(&u.text, &tokens[at]);
    for at in 0..tokens.len() {
        if tokens[at].norm.starts_with('@') && comma_before(at) && stop_behind(at) {
            keep[at] = false;
        }
        for aside in ASIDES {
            let words: Vec<&str> = aside.split(' ').collect();
            let end = at + words.len();
            let same = end <= tokens.len() && tokens[at..end].iter().zip(&words).all(|(t, w)| t.norm == **w);
            if same && at > 0 && comma_before(at) && stop_behind(end - 1) {
                keep[at..end].fill(false);
            }
        }
    }
    drop_false_starts(tokens, &mut keep);
    keep
}

/// "can it, can it export", "a, a filter": only the last start stays.
fn drop_false_starts(tokens: &[Token], keep: &mut [bool]) {
    let said: Vec<usize> = (0..tokens.len()).filter(|at| keep[*at]).collect();
    let same = |one: &[usize], other: &[usize]| {
        one.iter().zip(other).all(|(a, b)| tokens[*a].norm == tokens[*b].norm)
    };
    for at in 0..said.len() {
        for size in 1..=3 {
            if let (Some(start), Some(again)) =
                (said.get(at..at + size), said.get(at + size..at + 2 * size))
                && same(start, again)
            {
                start.iter().for_each(|at| keep[*at] = false);
            }
        }
    }
}

/// The text of the tokens that stay, with what stands between neighbours.
fn rebuild(text: &str, tokens: &[Token], keep: &[bool]) -> String {
    let mut out = String::new();
    let mut last: Option<usize> = None;
    for (at, token) in tokens.iter().enumerate().filter(|(at, _)| keep[*at]) {
        if let Some(before) = last {
            if tokens[before].start == token.start {
                continue;
            }
            let gap = &text[tokens[before].end..token.start];
            let broken = before + 1 != at && tokens[before + 1..at].iter().any(|t| t.start != tokens[before].start);
            let plain = !broken && !gap.chars().any(char::is_alphanumeric);
            out.push_str(if plain { gap } else { " " });
        }
        out.push_str(&text[token.start..token.end]);
        last = Some(at);
    }
    let all_kept = last.is_some_and(|last| last + 1 == tokens.len());
    if let Some(end) = tokens.last().map(|t| t.end).filter(|_| all_kept) {
        let tail = &text[end..];
        out.push_str(if tail.chars().any(char::is_alphanumeric) { "" } else { tail });
    }
    out
}

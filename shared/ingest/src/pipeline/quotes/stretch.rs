//! What one customer says in one go, made once for all quotes of a call: where words stand in it,
//! and in which sentences.

use std::ops::Range;

use domain::{
    conversation::{Conversation, Sentence, Side, Turn},
    feedback::Quote,
    text::{Word, words},
};

use super::{MAX_CHARS, stopwords::is_back_channel};

/// A sentence of more characters is a recognizer's that knows no full stops.
const LONG: usize = 400;
/// So many characters are shown on each side of what is cited from one.
const BESIDE: usize = 200;
/// A turn of more bytes is no back-channel.
const SHORT: usize = 80;

/// Turns of one customer between which others only listen.
pub(super) struct Stretch<'a> {
    speaker: &'a str,
    text: String,
    words: Vec<Word>,
    /// The words without what is between them.
    folded: String,
    /// The byte at which each word starts in `folded`.
    starts: Vec<usize>,
    /// Where each of the recorder's sentences starts in `text`.
    said: Vec<(usize, &'a Sentence)>,
    /// The sentences that are shown whole.
    sentences: Vec<Range<usize>>,
}

/// The stretches of the customer's side.
pub(super) fn stretches(conversation: &Conversation) -> Vec<Stretch<'_>> {
    let mut found: Vec<Vec<&Turn>> = Vec::new();
    let mut open: Option<usize> = None;
    for turn in &conversation.turns {
        let customer = turn.side == Side::Customer;
        let same = |n: &usize| customer && found[*n][0].speaker == turn.speaker;
        if let Some(n) = open.filter(same) {
            found[n].push(turn);
            continue;
        }
        if !listens(turn) {
            open = customer.then_some(found.len());
        }
        if customer {
            found.push(vec![turn]);
        }
    }
    found.iter().map(|turns| Stretch::new(turns)).collect()
}

fn listens(turn: &Turn) -> bool {
    let text = turn.text();
    text.len() <= SHORT && is_back_channel(&words(&text))
}

impl<'a> Stretch<'a> {
    fn new(turns: &[&'a Turn]) -> Self {
        let mut text = String::new();
        let mut said = Vec::new();
        let mut sentences: Vec<Range<usize>> = Vec::new();
        for turn in turns {
            for (n, sentence) in turn.sentences.iter().enumerate() {
                let goes_on = sentence.text.starts_with(char::is_lowercase);
                let joined = !text.is_empty() && !is_ended(&text) && (n == 0 || goes_on);
                if !text.is_empty() {
                    text.push(' ');
                }
                let start = text.len();
                said.push((start, sentence));
                text.push_str(&sentence.text);
                match sentences.last_mut().filter(|_| joined) {
                    Some(last) => last.end = text.len(),
                    None => sentences.push(start..text.len()),
                }
            }
        }
        let words = words(&text);
        let mut folded = String::new();
        let starts = words.iter().map(|word| {
            let start = folded.len();
            folded.push_str(&word.folded);
            start
        });
        Self {
            speaker: turns.first().map_or("", |turn| turn.speaker.as_str()),
            starts: starts.collect(),
            words,
            folded,
            said,
            sentences: sentences
                .into_iter()
                .flat_map(|s| parted(&text, s))
                .collect(),
            text,
        }
    }

    /// Where these folded words stand in it, as bytes.
    pub(super) fn places(&self, folded: &str) -> impl Iterator<Item = Range<usize>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            loop {
                let start = from + self.folded.get(from..)?.find(folded)?;
                from = start + self.folded[start..].chars().next()?.len_utf8();
                let end = start + folded.len();
                let first = self.starts.binary_search(&start);
                let behind = self.starts.binary_search(&end);
                let behind = behind.or(if end == self.folded.len() {
                    Ok(self.starts.len())
                } else {
                    Err(0)
                });
                if let (Ok(first), Ok(behind)) = (first, behind) {
                    return Some(self.words[first].start..self.words[behind - 1].end);
                }
            }
        })
    }

    /// The first and the last sentence that a citation touches.
    fn around(&self, cited: &Range<usize>) -> [&Range<usize>; 2] {
        [cited.start, cited.end - 1]
            .map(|byte| &self.sentences[index(&self.sentences, byte, |s| s.start)])
    }

    /// What is shown of a citation: the sentences that it touches, or a part where they are long.
    pub(super) fn shown(&self, cited: &Range<usize>) -> Range<usize> {
        let [first, last] = self.around(cited);
        let chars = |range: Range<usize>| self.text[range].chars().count();
        let most = MAX_CHARS.saturating_sub(chars(cited.clone()) + 2) / 2;
        let room = most.min(BESIDE);
        let all_long = chars(first.start..last.end) > MAX_CHARS;
        let cut = |sentence: &Range<usize>, beside: Range<usize>| {
            (all_long || chars(sentence.clone()) > LONG) && chars(beside) > room
        };
        let (mut start, mut end) = (first.start, last.end);
        if cut(first, start..cited.start) {
            let chars = self.text[start..cited.start].char_indices().rev();
            let from = chars
                .take(room)
                .last()
                .map_or(cited.start, |(at, _)| start + at);
            let word = self.words.partition_point(|word| word.start < from);
            start = self.words[word].start;
        }
        if cut(last, cited.end..end) {
            let mut chars = self.text[cited.end..end].char_indices();
            let to = chars.nth(room).map_or(end, |(at, _)| cited.end + at);
            let word = self.words.partition_point(|word| word.end <= to);
            end = self.words[word - 1].end;
        }
        start..end
    }

    /// The recorder's sentences that a part touches.
    fn said(&self, part: &Range<usize>) -> &[(usize, &'a Sentence)] {
        let [first, last] =
            [part.start, part.end - 1].map(|byte| index(&self.said, byte, |said| said.0));
        &self.said[first..=last]
    }

    /// Whether all that is shown is what a recognizer wrote down again and again.
    pub(super) fn is_loop(&self, shown: &Range<usize>) -> bool {
        self.said(shown)
            .iter()
            .all(|(_, sentence)| sentence.is_loop)
    }

    /// What is shown, as a quote.
    pub(super) fn quote(&self, shown: &Range<usize>, of: &Conversation) -> Quote {
        let said = self.said(shown);
        let start_ms = said.first().map_or(0, |(_, first)| first.start_ms);
        let end_ms = said.last().map_or(0, |(_, last)| last.end_ms);
        let [first, last] = self.around(shown);
        let dots = |cut: bool| if cut { "…" } else { "" };
        let (before, after) = (dots(first.start < shown.start), dots(shown.end < last.end));
        Quote {
            text: format!("{before}{}{after}", &self.text[shown.clone()]),
            speaker: self.speaker.to_owned(),
            start_ms,
            link: of.moment(start_ms, end_ms),
        }
    }

    /// What is said before and behind a citation in its sentence.
    pub(super) fn beside(&self, cited: &Range<usize>) -> [&str; 2] {
        let [first, last] = self.around(cited);
        let before = &self.text[first.start..cited.start];
        let after = &self.text[cited.end..last.end];
        let from = ends(before).last().unwrap_or(0);
        let to = ends(after).next().unwrap_or(after.len());
        [&before[from..], &after[..to]]
    }

    pub(super) fn text(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }
}

/// The index of the last item that starts at or before `byte`.
fn index<T>(items: &[T], byte: usize, start: impl Fn(&T) -> usize) -> usize {
    let behind = items.partition_point(|item| start(item) <= byte);
    behind.saturating_sub(1)
}

/// A sentence, or where it is long its parts up to each full stop.
fn parted(text: &str, sentence: Range<usize>) -> Vec<Range<usize>> {
    let said = &text[sentence.clone()];
    if said.chars().count() <= LONG {
        return vec![sentence];
    }
    let mut start = sentence.start;
    let cuts = ends(said)
        .map(|at| sentence.start + at)
        .chain([sentence.end]);
    let parts = cuts.map(|end| {
        let gap = text[start..end].len() - text[start..end].trim_start().len();
        let part = start + gap..end;
        start = end;
        part
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// The bytes behind each mark that ends a sentence with another behind it.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(|(at, c)| {
        let end = at + c.len_utf8();
        let closing = text[end..].trim_start_matches(closes);
        let end = text.len() - closing.len();
        let next = closing.trim_start();
        // Behind a full stop in small letters it was an abbreviation.
        let goes_on = c == '.' && next.starts_with(char::is_lowercase);
        let parts = is_wide_stop(c) || (closing.len() > next.len() && !goes_on);
        (is_stop(c)
            && !(c == '.' && text[..at].ends_with(c))
            && !closing.starts_with(is_stop)
            && parts)
            .then_some(end)
    })
}

/// Whether a text ends where a sentence does; behind dots it may go on.
fn is_ended(text: &str) -> bool {
    let text = text.trim_end_matches(closes);
    text.ends_with(is_stop) && !text.ends_with("..")
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | '؟' | '।') || is_wide_stop(c)
}

/// Behind these no space is needed.
fn is_wide_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；')
}

fn closes(c: char) -> bool {
    matches!(
        c,
        ')' | ']' | '"' | '\'' | '”' | '’' | '“' | '»' | '«' | '」' | '』' | '）'
    )
}

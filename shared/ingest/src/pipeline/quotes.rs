//! Verified quotes: what the engine says that a customer said, found again word for word.

use domain::{
    conversation::{Conversation, Turn},
    feedback::Quote,
    text::{bounded, words},
};

/// Shorter quotes prove nothing, unless they are a whole sentence.
const MIN_WORDS: usize = 3;
/// At most this many quotes are kept of one feedback.
const MAX_QUOTES: usize = 5;
/// A longer quote is looked for, and quoted, as far as this many characters.
const MAX_CHARS: usize = 1_000;

/// A turn's text with its words, made once for all quotes of a call.
struct SearchedTurn<'a> {
    turn: &'a Turn,
    text: String,
    words: Vec<domain::text::Word>,
    /// The byte at which each sentence starts in `text`.
    sentence_starts: Vec<usize>,
}

/// What is left of the quotes that an engine extracts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Those that a customer said.
    pub quotes: Vec<Quote>,
    /// How many nobody of the customer's side said.
    pub rejected: u32,
}

/// Finds quotes in the customer's turns.
pub struct QuoteFinder<'a> {
    conversation: &'a Conversation,
    turns: Vec<SearchedTurn<'a>>,
}

impl<'a> QuoteFinder<'a> {
    /// Prepares a conversation for search.
    #[must_use]
    pub fn new(conversation: &'a Conversation) -> Self {
        let turns = conversation.customer_turns().map(|turn| {
            let mut sentence_starts = Vec::with_capacity(turn.sentences.len());
            let mut at = 0;
            for sentence in &turn.sentences {
                sentence_starts.push(at);
                at += sentence.text.len() + 1;
            }
            let text = turn.text();
            SearchedTurn {
                words: words(&text),
                turn,
                text,
                sentence_starts,
            }
        });
        Self {
            conversation,
            turns: turns.collect(),
        }
    }

    /// The extracted quotes that a customer did say, with the words, speaker, time and link of the
    /// transcript; each place once.
    #[must_use]
    pub fn verify(&self, extracted: &[String]) -> Verified {
        let mut verified = Verified::default();
        for one in extracted {
            match self.find(one) {
                Some(quote) if verified.quotes.contains(&quote) => {}
                Some(quote) => verified.quotes.push(quote),
                None => verified.rejected += 1,
            }
        }
        verified.quotes.truncate(MAX_QUOTES);
        verified
    }

    fn find(&self, extracted: &str) -> Option<Quote> {
        let wanted = words(&bounded(extracted, MAX_CHARS)).into_iter();
        let wanted: Vec<String> = wanted.map(|word| word.folded).collect();
        if wanted.is_empty() {
            return None;
        }
        self.turns.iter().find_map(|turn| {
            let matches = |window: &[domain::text::Word]| {
                window
                    .iter()
                    .zip(&wanted)
                    .all(|(word, want)| word.folded == *want)
            };
            let at = turn.words.windows(wanted.len()).position(matches)?;
            let (start, end) = (turn.words[at].start, turn.words[at + wanted.len() - 1].end);
            let quote = turn.span(start, end, self.conversation);
            (wanted.len() >= MIN_WORDS || turn.is_sentence(start, end)).then_some(quote)
        })
    }
}

impl SearchedTurn<'_> {
    /// The span widened by the punctuation that closes it.
    fn span(&self, start: usize, end: usize, of: &Conversation) -> Quote {
        let closing = self.text[end..]
            .char_indices()
            .find(|(_, c)| !matches!(c, '.' | '!' | '?' | '…' | ')' | ']' | '"' | '”' | '%'))
            .map_or(self.text.len(), |(at, _)| end + at);
        let first = self.sentence_at(start);
        let last = self.sentence_at(end.saturating_sub(1));
        let start_ms = self.turn.sentences[first].start_ms;
        let end_ms = self.turn.sentences[last].end_ms;
        // A placeholder of the redaction is quoted whole.
        let opening = start - usize::from(self.text[..start].ends_with('['));
        Quote {
            text: self.text[opening..closing].to_owned(),
            speaker: self.turn.speaker.clone(),
            start_ms,
            link: of.moment(start_ms, end_ms),
        }
    }

    fn sentence_at(&self, byte: usize) -> usize {
        self.sentence_starts
            .partition_point(|start| *start <= byte)
            .saturating_sub(1)
    }

    fn is_sentence(&self, start: usize, end: usize) -> bool {
        let index = self.sentence_at(start);
        let sentence = words(&self.turn.sentences[index].text);
        let offset = self.sentence_starts[index];
        sentence.first().is_some_and(|w| w.start + offset == start)
            && sentence.last().is_some_and(|w| w.end + offset == end)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests;

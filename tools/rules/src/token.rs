//! A word of a sentence.

/// One word of a sentence in the form that the cues are written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case, without accents, contractions written out.
    pub(crate) norm: String,
    /// Where it starts in the sentence, in bytes.
    pub(crate) start: usize,
    /// Where it ends in the sentence, in bytes.
    pub(crate) end: usize,
    /// A cue may pass over it: fillers and words that only add force.
    pub(crate) skippable: bool,
}

//! What the analysis of a call used.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Calls of models and the tokens they took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Requests to the language model.
    pub llm_calls: u64,
    /// Tokens sent to the language model.
    pub prompt_tokens: u64,
    /// Tokens that the language model wrote.
    pub completion_tokens: u64,
    /// Texts given to the embedding model.
    pub embedded_texts: u64,
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.llm_calls += other.llm_calls;
        self.prompt_tokens += other.prompt_tokens;
        self.completion_tokens += other.completion_tokens;
        self.embedded_texts += other.embedded_texts;
    }
}

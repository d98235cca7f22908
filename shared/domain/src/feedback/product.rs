//! What an organization says about its product.

use serde::{Deserialize, Serialize};

/// What an organization says about its product, for every stage that reads. It informs a model and
/// never changes what it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    /// What it is, its parts and audience, words that recognizers mishear with their right
    /// spelling, what counts as feedback and what does not.
    pub about: String,
    /// What *feature area* is chosen from; whatever a model writes when there are none.
    pub feature_areas: Vec<String>,
    /// Grows with every change; 0 as long as nothing was written.
    pub version: u32,
}

impl Product {
    /// Nothing is said about it.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.about.is_empty() && self.feature_areas.is_empty()
    }
}

/// A product that nothing is said about.
pub static UNKNOWN: Product = Product {
    about: String::new(),
    feature_areas: Vec::new(),
    version: 0,
};

//! What customers ask for: said of one finding, of the evidence that it became, and of the post
//! that it lies with.

use serde::{Deserialize, Serialize};

use crate::words::words;

words!(
    /// How the customer feels about it.
    Sentiment {
        Positive = "positive",
        /// Neither, or both.
        Neutral = "neutral",
        /// Annoyed or worried.
        Negative = "negative",
    }
);

words!(
    /// How much it matters to the customer.
    Priority {
        Low = "low",
        Medium = "medium",
        High = "high",
        /// Decides whether they buy or stay.
        Critical = "critical",
    }
);

/// A request or a complaint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// A title of a few words.
    pub title: String,
    /// What is asked for or complained about.
    pub description: String,
    /// How customers feel about it.
    #[serde(default)]
    pub sentiment: Option<Sentiment>,
    /// How much it matters to them.
    #[serde(default)]
    pub priority: Option<Priority>,
    #[serde(default)]
    pub feature_area: Option<String>,
    #[serde(default)]
    pub pain_points: Vec<String>,
}

impl Request {
    /// One of which no more is known than its title.
    #[must_use]
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// The text that stands for it in the vector space: title, details and pain points, a line each.
    #[must_use]
    pub fn embedding_text(&self) -> String {
        let mut text = self.title.trim().to_owned();
        let details = std::iter::once(&self.description).chain(&self.pain_points);
        for part in details
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
        {
            text.push('\n');
            text.push_str(part);
        }
        text
    }
}

/// What a feedback or post asks for. Pain points stay out: they tell of one customer's day, and
/// their numbers and words say nothing about the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestText<'a> {
    pub title: &'a str,
    pub description: &'a str,
}

impl RequestText<'_> {
    /// Whether its title is what the customer said, in quotation marks.
    #[must_use]
    pub fn is_speech(&self) -> bool {
        self.title.starts_with('“') && self.title.ends_with('”')
    }
}

impl<'a> From<&'a Request> for RequestText<'a> {
    fn from(request: &'a Request) -> Self {
        Self {
            title: &request.title,
            description: &request.description,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_the_vector_space_is_title_details_and_pain_points() {
        for (title, description, pain_points, text) in [
            ("Export", "", &[][..], "Export"),
            ("Export", "As a file.", &[], "Export\nAs a file."),
            ("Export", "", &["Typed by hand"], "Export\nTyped by hand"),
            (
                "Export",
                "As a file.",
                &["Typed by hand", "Takes a day"],
                "Export\nAs a file.\nTyped by hand\nTakes a day",
            ),
            (" Export ", "\n", &[" ", " Slow "], "Export\nSlow"),
        ] {
            let request = Request {
                description: description.into(),
                pain_points: pain_points.iter().map(|p| (*p).to_owned()).collect(),
                ..Request::titled(title)
            };
            assert_eq!(request.embedding_text(), text, "{request:?}");
        }
    }
}

//! The JSON API: the pages' reads for programs. Times are RFC 3339 in UTC.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http_status::Refusal;

pub mod boards;
pub mod calls;
pub mod gong;
pub mod posts;
pub mod usage;

const DEFAULT_LIMIT: usize = 25;
const MAX_LIMIT: usize = 100;

#[derive(Debug, Serialize)]
pub struct Envelope {
    items: Vec<Value>,
    /// Whether there are more.
    has_next_page: bool,
    /// Where the next page starts.
    cursor: Option<String>,
}

impl Envelope {
    fn new(items: Vec<Value>, cursor: Option<String>) -> Self {
        Self {
            items,
            has_next_page: cursor.is_some(),
            cursor,
        }
    }
}

/// How much of a list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PageQuery {
    limit: String,
    cursor: String,
}

impl PageQuery {
    /// 1 to 100 items; 25 when nothing is asked for.
    ///
    /// # Errors
    /// [`Refusal::BadQuery`].
    fn limit(&self) -> Result<usize, Refusal> {
        match self.limit.as_str() {
            "" => Ok(DEFAULT_LIMIT),
            text => text
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or(Refusal::BadQuery("the limit (1 to 100)")),
        }
    }

    fn cursor(&self) -> Option<&str> {
        Some(&*self.cursor).filter(|cursor| !cursor.is_empty())
    }
}

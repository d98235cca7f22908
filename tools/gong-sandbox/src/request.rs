//! A request to the API, and the fields of its answer.

use axum::http::Uri;
use serde_json::{Map, Value};
use url::form_urlencoded;

/// The fields of an answer, without its `requestId`.
pub(crate) type Answer = Map<String, Value>;

/// One API request as the endpoints see it.
pub(crate) struct ApiRequest<'a> {
    /// Verb and path.
    pub(crate) name: &'a str,
    pub(crate) uri: &'a Uri,
    pub(crate) now_ms: i64,
}

impl ApiRequest<'_> {
    /// A parameter of the query string.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

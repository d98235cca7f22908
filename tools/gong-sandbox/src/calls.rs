//! A call as the sandbox serves it.

use serde_json::Value;

use crate::clock::{seconds_ms, value_ms};
use crate::paging::Place;

/// One call and its transcript, both as Gong's own answers hold them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SandboxCall {
    /// One entry of `calls[]` of `POST /v2/calls/extensive`, with every section that it has.
    pub call: Value,
    /// The `transcript` array of the call's `callTranscripts[]` entry; `None` = not transcribed.
    pub transcript: Option<Value>,
    /// No endpoint shows the call's details before this instant (ms since epoch), though listings count it in
    /// `totalRecords`, as Gong does while it processes a recording; `None` = shown at once.
    pub visible_at_ms: Option<i64>,
    /// The transcript is served from this instant on (ms since epoch); `None` = at once.
    pub transcript_available_at_ms: Option<i64>,
    /// The transcript is served this many seconds after the sandbox's first start; `None` = at once. When both
    /// are given, the later instant holds.
    pub available_after_seconds: Option<u64>,
}

impl SandboxCall {
    /// A call whose transcript, if any, is available at once.
    pub fn new(call: Value, transcript: Option<Value>) -> Self {
        Self {
            call,
            transcript,
            ..Self::default()
        }
    }

    /// `metaData.id`, when it is a string.
    pub fn id(&self) -> Option<&str> {
        self.call["metaData"]["id"].as_str()
    }

    /// Whether the call counts as private: everything but an explicit `isPrivate: false` does.
    pub fn is_private(&self) -> bool {
        self.call["metaData"]["isPrivate"] != Value::Bool(false)
    }

    /// When the call started, in ms since epoch: what listings filter and order by. Of the dates in the filters of
    /// both POST endpoints Gong's specification says: "The date applies to call start time." (That of `GET /v2/calls`
    /// goes by the scheduled time of web conferences; the sandbox does not serve it.)
    pub fn started_at_ms(&self) -> Option<i64> {
        value_ms(&self.call["metaData"]["started"])
    }

    /// Whether listings show the call at `now_ms`.
    pub(crate) fn is_visible(&self, now_ms: i64) -> bool {
        self.visible_at_ms.is_none_or(|at_ms| now_ms >= at_ms)
    }

    /// The transcript as it is served at `now_ms`.
    pub(crate) fn transcript_at(&self, now_ms: i64, first_started_ms: i64) -> Option<&Value> {
        let after_start = self
            .available_after_seconds
            .map(|seconds| first_started_ms.saturating_add(seconds_ms(seconds)));
        let available = self
            .transcript_available_at_ms
            .max(after_start)
            .is_none_or(|at_ms| now_ms >= at_ms);
        self.transcript.as_ref().filter(|_| available)
    }
}

/// A call with its place in listings worked out once.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) place: Place,
    pub(crate) call: SandboxCall,
}

/// The calls in the order of listings: ascending by time, then by id.
pub(crate) fn in_listing_order(calls: Vec<SandboxCall>) -> Vec<Stored> {
    let mut stored: Vec<Stored> = calls
        .into_iter()
        .map(|call| Stored {
            place: Place {
                at: call.started_at_ms(),
                id: call.id().unwrap_or_default().to_owned(),
            },
            call,
        })
        .collect();
    stored.sort_by(|left, right| left.place.cmp(&right.place));
    stored
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_explicit_false_makes_a_call_public() {
        for (meta, private) in [
            (json!({"isPrivate": false}), false),
            (json!({"isPrivate": true}), true),
            (json!({"isPrivate": null}), true),
            (json!({"isPrivate": "false"}), true),
            (json!({}), true),
        ] {
            assert_eq!(
                SandboxCall::new(json!({"metaData": meta}), None).is_private(),
                private
            );
        }
    }

    #[test]
    fn the_later_of_two_delays_holds() {
        let call = SandboxCall {
            transcript: Some(json!([])),
            transcript_available_at_ms: Some(5_000),
            available_after_seconds: Some(10),
            ..SandboxCall::default()
        };
        assert!(call.transcript_at(10_999, 1_000).is_none());
        assert!(call.transcript_at(11_000, 1_000).is_some());
        assert!(
            SandboxCall::new(json!({}), None)
                .transcript_at(0, 0)
                .is_none()
        );
    }
}

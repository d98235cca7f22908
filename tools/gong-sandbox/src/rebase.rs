//! Moving the built-in sample calls to today.

use serde_json::Value;
use time::format_description::FormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};
use url::form_urlencoded;

use crate::calls::SandboxCall;
use crate::clock::{instant_ms, value_ms};

const WHOLE_SECONDS: &[FormatItem<'_>] = format_description!(
    "[year]-[month]-[day]T[hour]:[minute]:[second][offset_hour sign:mandatory]:[offset_minute]"
);
const WITH_MILLISECONDS: &[FormatItem<'_>] = format_description!(
    "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3][offset_hour sign:mandatory]:[offset_minute]"
);

/// Shifts `started` and `scheduled` of all calls by one constant, so that the newest call starts at
/// `newest_start_ms` (ms since epoch), and points each call's `url` at the sandbox's own page under `origin`.
///
/// Offsets are kept (`-07:00` stays `-07:00`, `Z` stays `Z`); what is not a date-time is left as it is. Meant for
/// sample calls only: other folders are served as they are.
pub fn rebase(calls: &mut [SandboxCall], newest_start_ms: i64, origin: &str) {
    let newest = calls
        .iter()
        .filter_map(|call| value_ms(&call.call["metaData"]["started"]))
        .max();
    let shift =
        newest.map(|newest_ms| Duration::milliseconds(newest_start_ms.saturating_sub(newest_ms)));
    for call in calls {
        let id = call.id().map(str::to_owned);
        let Some(meta) = call.call.get_mut("metaData").and_then(Value::as_object_mut) else {
            continue;
        };
        for field in ["started", "scheduled"] {
            let moved = meta
                .get(field)
                .and_then(Value::as_str)
                .zip(shift)
                .and_then(|(text, by)| moved(text, by));
            if let Some(moved) = moved {
                meta.insert(field.to_owned(), Value::String(moved));
            }
        }
        if let Some(id) = id {
            let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
            meta.insert(
                "url".to_owned(),
                Value::String(format!("{origin}/call?id={id}")),
            );
        }
    }
}

fn moved(text: &str, by: Duration) -> Option<String> {
    let instant = OffsetDateTime::parse(text, &Rfc3339)
        .ok()?
        .checked_add(by)?;
    if text.ends_with(['Z', 'z']) {
        return instant.format(&Rfc3339).ok();
    }
    let whole = instant_ms(instant)?.rem_euclid(1_000) == 0;
    instant
        .format(if whole {
            WHOLE_SECONDS
        } else {
            WITH_MILLISECONDS
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::parse_ms;

    #[test]
    fn all_calls_move_together_and_keep_their_offsets() {
        let call = |id: &str, started: Value, scheduled: Value| {
            SandboxCall::new(
                json!({"metaData": {"id": id, "started": started, "scheduled": scheduled}}),
                None,
            )
        };
        let mut calls = vec![
            call(
                "1",
                json!("2026-01-01T08:00:00-07:00"),
                json!("2026-01-01T07:55:00.250-07:00"),
            ),
            call("2", json!("2026-01-02T00:00:00Z"), Value::Null),
            call("3", json!("soon"), json!(17)),
            SandboxCall::new(json!({"title": "no metaData"}), None),
        ];
        let newest_ms = parse_ms("2026-11-20T00:00:00Z").expect("a date-time");
        rebase(&mut calls, newest_ms, "http://127.0.0.1:4000");
        let meta = |index: usize| calls[index].call["metaData"].clone();
        assert_eq!(meta(0)["started"], "2026-11-19T08:00:00-07:00");
        assert_eq!(meta(0)["scheduled"], "2026-11-19T07:55:00.250-07:00");
        assert_eq!(meta(1)["started"], "2026-11-20T00:00:00Z");
        assert_eq!(meta(1)["scheduled"], Value::Null);
        assert_eq!(meta(1)["url"], "http://127.0.0.1:4000/call?id=2");
        assert_eq!(
            (&meta(2)["started"], &meta(2)["scheduled"]),
            (&json!("soon"), &json!(17))
        );
        assert_eq!(calls[3].call, json!({"title": "no metaData"}));
    }
}

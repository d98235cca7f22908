//! The link to a moment in a call: the call's own page with `highlights`, times in seconds
//! (Gong's API text shows this form for library items).

use serde_json::json;

use crate::service_url::web_url;

/// The link to what was said from `start_ms` to `end_ms`; none when the call has no usable page.
#[must_use]
pub fn moment_link(call_url: &str, start_ms: i64, end_ms: i64) -> Option<String> {
    let mut url = web_url(call_url)?;
    let from = start_ms.max(0) / 1_000;
    let to = end_ms.max(start_ms).saturating_add(999) / 1_000;
    let highlights = json!([{"type": "SHARE", "from": from, "to": to}]).to_string();
    url.query_pairs_mut().append_pair("highlights", &highlights);
    Some(url.into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn the_link_keeps_host_and_id() {
        let link = moment_link(
            "https://us-1.app.gong.io/call?id=98765432109876543210",
            61_500,
            64_001,
        )
        .unwrap();
        let url = Url::parse(&link).unwrap();
        assert_eq!(url.host_str(), Some("us-1.app.gong.io"));
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs[0].1, "98765432109876543210");
        let highlights: serde_json::Value = serde_json::from_str(&pairs[1].1).unwrap();
        assert_eq!(highlights, json!([{"type":"SHARE","from":61,"to":65}]));
    }

    #[test]
    fn no_page_or_a_script_gives_no_link() {
        assert_eq!(moment_link("javascript:alert(1)", 0, 1), None);
        assert_eq!(moment_link("", 0, 1), None);
    }

    #[test]
    fn a_span_is_widened_to_whole_seconds() {
        for (start_ms, end_ms, from, to) in [
            (0, 0, 0, 0),
            (0, 1, 0, 1),
            (999, 1_000, 0, 1),
            (1_000, 1_001, 1, 2),
            (1_999, 2_000, 1, 2),
            (-5_000, 10, 0, 1),
            (5_000, 1_000, 5, 5),
            (i64::MAX, i64::MAX, i64::MAX / 1_000, i64::MAX / 1_000),
        ] {
            let link = moment_link("https://us-1.app.gong.io/call?id=7", start_ms, end_ms);
            let url = Url::parse(&link.unwrap()).unwrap();
            let (_, highlights) = url.query_pairs().last().unwrap();
            let expected = json!([{"type": "SHARE", "from": from, "to": to}]).to_string();
            assert_eq!(highlights, expected, "{start_ms} to {end_ms}");
        }
    }
}

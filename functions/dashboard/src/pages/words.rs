//! How times, numbers and links are written.

use domain::{connection::History, gong::moment_link::web_url, moment::Timestamp};
use maud::{Markup, html};
use url::form_urlencoded;

/// A time to the minute, such as "2026-11-20 14:03 UTC".
pub fn minute(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text,
    }
}

/// A time for people and programs.
pub fn time(at: Timestamp) -> Markup {
    html! { time datetime=(at.to_rfc3339()) { (minute(at)) } }
}

/// A moment in a call, such as "04:31" or "1:04:31".
pub fn offset(start_ms: i64) -> String {
    let seconds = start_ms.max(0) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

/// "1 call", "2 calls".
pub fn plural(n: u64, one: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {one}{s}")
}

/// A link to a page that is not ours, where the address is one of the web; else the bare words.
pub fn outside_link(url: Option<&str>, words: &str) -> Markup {
    match url.and_then(web_url) {
        Some(url) => html! { a href=(url.as_str()) rel="noreferrer" { (words) } },
        None => html! { (words) },
    }
}

/// The chosen history in words.
pub fn history_words(history: History) -> String {
    match history {
        History::Off => "off: only calls from the connect on".into(),
        History::Days(days) => plural(u64::from(days), "day"),
        History::Since(at) => format!("since {}", minute(at)),
    }
}

/// Where a post comes from, in words.
pub fn source_words(source: &str) -> &str {
    match source {
        "gong" => "Gong",
        "manual" => "By hand",
        other => other,
    }
}

/// A page's address with the fields that are not empty.
pub fn address(page: &str, fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    if query.is_empty() {
        page.to_owned()
    } else {
        format!("{page}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_to_the_minute_in_utc() {
        assert_eq!(minute(Timestamp(1_795_183_439_500)), "2026-11-20 14:03 UTC");
        assert_eq!(offset(271_999), "04:31");
        assert_eq!(offset(3_871_000), "1:04:31");
        assert_eq!(offset(-5), "00:00");
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        let link = |url| outside_link(Some(url), "call").into_string();
        assert_eq!(link("javascript:alert(1)"), "call");
        assert_eq!(link("data:text/html,x"), "call");
        assert!(link("https://app.gong.io/call?id=1&x=2").starts_with("<a href=\"https://"));
    }
}

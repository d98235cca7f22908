//! How times, numbers and links are written.

use domain::{
    connection::History,
    feedback::{EngineStamp, settings::Review},
    moment::Timestamp,
    service_url::web_url,
    usage::Usage,
};
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
    format!("{} {one}{s}", grouped(n))
}

/// Digits in groups of three.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What the priced tokens cost, such as "$0.0031" or "$12.40".
pub fn cost(usage: &Usage) -> String {
    let micros = usage.cost_micros;
    let unknown = micros == 0 && usage.unpriced_tokens > 0;
    match micros {
        _ if unknown => "cost not known".into(),
        0 => "$0".into(),
        small if small < 1_000_000 => format!("${}.{:04}", 0, small.div_ceil(100)),
        large => format!(
            "${}.{:02}",
            grouped(large / 1_000_000),
            large % 1_000_000 / 10_000
        ),
    }
}

/// Which feedback waits for a person, in a sentence.
pub const fn review_words(review: Review) -> &'static str {
    match review {
        Review::Off => "Posts are published without approval.",
        Review::Uncertain => "Only uncertain posts need approval before publishing.",
        Review::All | Review::Newer(_) => "Everything needs approval before publishing.",
    }
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
        History::Off => "off: only calls after the connection".into(),
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

/// The address of a version of what is said about the product.
pub fn product_address(version: u32) -> String {
    format!("/settings/product?version={version}")
}

/// An engine's name with its version, such as "the built-in engine, version 2", and with a link to
/// what it had been told about the product.
pub fn engine_words(engine: &EngineStamp) -> Markup {
    let the = if engine.llm.starts_with("built-in") {
        "the "
    } else {
        ""
    };
    html! {
        (the) (engine.llm) ", version " (engine.version)
        @if let Some(version) = engine.product {
            ", with " a href=(product_address(version)) { "About your product, version " (version) }
        }
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
    fn numbers_and_costs_are_written_for_people() {
        assert_eq!(
            [grouped(7), grouped(1_000), grouped(1_234_567)],
            ["7", "1,000", "1,234,567"]
        );
        let of = |cost_micros, unpriced_tokens| {
            cost(&Usage {
                cost_micros,
                unpriced_tokens,
                ..Usage::default()
            })
        };
        assert_eq!(of(3_101, 0), "$0.0032");
        assert_eq!(of(1_234_567_890, 5), "$1,234.56");
        assert_eq!(of(0, 5), "cost not known");
        assert_eq!(of(0, 0), "$0");
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        let link = |url| outside_link(Some(url), "call").into_string();
        assert_eq!(link("javascript:alert(1)"), "call");
        assert_eq!(link("data:text/html,x"), "call");
        assert!(link("https://app.gong.io/call?id=1&x=2").starts_with("<a href=\"https://"));
    }
}

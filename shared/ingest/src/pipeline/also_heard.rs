//! What a call's findings hold beside those that go on by themselves: pure rules.

use std::collections::BTreeSet;

use domain::{
    conversation::Conversation,
    feedback::{EngineStamp, Heard, Quote, also_heard::within_room},
    findings::Feedback,
};

/// What does not go on: what is kept with the call, and how many are not, by why.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rest {
    pub(super) kept: Vec<Heard>,
    unquoted: usize,
    repeated: usize,
    no_room: usize,
}

impl Rest {
    /// Sorts the findings that come after those that go on.
    pub(super) fn of(
        others: Vec<Feedback>,
        going_on: &[Feedback],
        (conversation, engine): (&Conversation, &EngineStamp),
    ) -> Self {
        let mut rest = Self::default();
        let mut known: Vec<Feedback> = going_on.to_vec();
        let mut heard = Vec::new();
        for (n, one) in (going_on.len()..).zip(others) {
            if !one.is_verified() {
                rest.unquoted += 1;
            } else if known.iter().any(|other| repeats(&one, other)) {
                rest.repeated += 1;
            } else {
                known.push(one.clone());
                heard.push(Heard {
                    n: u32::try_from(n).unwrap_or(u32::MAX),
                    author: conversation.author_of(&one.quotes),
                    request: one.finding.request,
                    quotes: one.quotes,
                    rejected_quotes: one.rejected_quotes,
                    doubts: one.finding.doubts,
                    engine: engine.clone(),
                    decided: None,
                });
            }
        }
        (rest.kept, rest.no_room) = within_room(heard);
        rest
    }

    /// For the ledger, such as "2 more requests are also heard; left out: 1 without a verified
    /// quote"; none when nothing is beside what goes on.
    pub(super) fn words(&self) -> Option<String> {
        let left_out = [
            (self.unquoted, "without a verified quote"),
            (self.repeated, "said already"),
            (self.no_room, "for lack of room"),
        ];
        let left_out = left_out.iter().filter(|(n, _)| *n > 0);
        let left_out: Vec<_> = left_out.map(|(n, why)| format!("{n} {why}")).collect();
        let kept = (!self.kept.is_empty()).then(|| counted(self.kept.len()));
        let left_out = (!left_out.is_empty()).then(|| format!("left out: {}", left_out.join(", ")));
        let parts: Vec<_> = kept.into_iter().chain(left_out).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// Such as "2 more requests are also heard".
pub(super) fn counted(more: usize) -> String {
    match more {
        1 => "1 more request is also heard".into(),
        more => format!("{more} more requests are also heard"),
    }
}

/// Whether one finding is another once more: by its title, or since it rests on the same quotes. One
/// sentence alone may raise two requests.
fn repeats(one: &Feedback, other: &Feedback) -> bool {
    let title = |of: &Feedback| {
        let words = of.finding.request.title.split_whitespace();
        words.collect::<Vec<_>>().join(" ").to_lowercase()
    };
    let quotes = |of: &Feedback| -> BTreeSet<_> {
        let key = |quote: &Quote| (quote.start_ms, quote.text.clone());
        of.quotes.iter().map(key).collect()
    };
    let same_quotes = || one.quotes.len() > 1 && quotes(one) == quotes(other);
    title(one) == title(other) || same_quotes()
}

#[cfg(test)]
mod tests {

    use domain::{feedback::Request, findings::Finding};

    use super::*;

    fn found(title: &str, quotes: &[(&str, i64)]) -> Feedback {
        let quote = |(text, start_ms): &(&str, i64)| Quote {
            text: (*text).to_owned(),
            speaker: "Lin".into(),
            start_ms: *start_ms,
            link: None,
        };
        Feedback {
            finding: Finding {
                request: Request::titled(title),
                quotes: Vec::new(),
                confidence: None,
                doubts: vec!["Nobody said 400.".into()],
            },
            quotes: quotes.iter().map(quote).collect(),
            rejected_quotes: 1,
            vector: Vec::new(),
        }
    }

    fn rest(others: Vec<Feedback>, going_on: &[Feedback]) -> Rest {
        let conversation = Conversation::default();
        let engine = EngineStamp {
            llm: "built-in engine".into(),
            version: "1".into(),
            product: None,
        };
        Rest::of(others, going_on, (&conversation, &engine))
    }

    #[test]
    fn what_has_a_verified_quote_and_repeats_nothing_is_kept() {
        let long = "x".repeat(70_000);
        let first = found("Reports as PDF", &[("We need PDFs.", 1), ("Soon.", 2)]);
        for (name, title, quotes, counts) in [
            (
                "another request",
                "Dark mode",
                &[("It is too bright.", 9)][..],
                (1, 0, 0, 0),
            ),
            ("no quote", "Dark mode", &[], (0, 1, 0, 0)),
            (
                "the same title",
                " reports  AS pdf ",
                &[("We print.", 9)],
                (0, 0, 1, 0),
            ),
            (
                "the same quotes",
                "Print",
                &[("Soon.", 2), ("We need PDFs.", 1)],
                (0, 0, 1, 0),
            ),
            (
                "another request in the same sentence",
                "Sooner",
                &[("We need PDFs.", 1)],
                (1, 0, 0, 0),
            ),
            ("one of the quotes", "Sooner", &[("Soon.", 2)], (1, 0, 0, 0)),
            (
                "the same words later",
                "Print",
                &[("We need PDFs.", 7), ("Soon.", 8)],
                (1, 0, 0, 0),
            ),
            ("too long", "Dark mode", &[(&*long, 9)], (0, 0, 0, 1)),
        ] {
            let rest = rest(vec![found(title, quotes)], std::slice::from_ref(&first));
            let found = (rest.kept.len(), rest.unquoted, rest.repeated, rest.no_room);
            assert_eq!(found, counts, "{name}");
        }
    }

    #[test]
    fn what_is_also_heard_twice_is_kept_once() {
        let others = ["Export", "export ", "Import"].map(|title| found(title, &[(title, 1)]));
        let rest = rest(others.into(), &[]);
        let titles: Vec<_> = rest.kept.iter().map(|one| &*one.request.title).collect();
        assert_eq!((titles, rest.repeated), (vec!["Export", "Import"], 1));
    }

    #[test]
    fn what_is_kept_knows_its_place_who_said_it_and_what_is_doubtful() {
        let going_on = ["A", "B"].map(|title| found(title, &[(title, 1)]));
        let others = vec![found("C", &[]), found("D", &[("D.", 4)])];
        let [heard] = rest(others, &going_on)
            .kept
            .try_into()
            .unwrap_or_else(|_| unreachable!());
        assert_eq!((heard.n, &*heard.request.title), (3, "D"));
        assert_eq!(heard.author.name.as_deref(), Some("Lin"));
        assert_eq!(heard.doubts, ["Nobody said 400."]);
        assert_eq!((heard.rejected_quotes, heard.decided), (1, None));
    }

    #[test]
    fn what_is_kept_and_left_out_is_counted_in_words() {
        for (kept, left_out, words) in [
            (0, [0, 0, 0], None),
            (1, [0, 0, 0], Some("1 more request is also heard")),
            (
                2,
                [1, 0, 0],
                Some("2 more requests are also heard; left out: 1 without a verified quote"),
            ),
            (
                0,
                [2, 1, 1],
                Some("left out: 2 without a verified quote, 1 said already, 1 for lack of room"),
            ),
        ] {
            let others = (0..kept).map(|n| found(&format!("Request {n}"), &[("a", 1)]));
            let [unquoted, repeated, no_room] = left_out;
            let rest = Rest {
                unquoted,
                repeated,
                no_room,
                ..rest(others.collect(), &[])
            };
            assert_eq!(rest.words().as_deref(), words);
        }
    }
}

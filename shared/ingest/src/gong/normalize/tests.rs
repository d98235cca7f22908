use domain::gong::shapes::Monologue;

use super::*;
use crate::examples::call;

mod people;
mod sides;

fn party(affiliation: Affiliation, email: Option<&str>) -> Party {
    Party {
        email: email.map(Into::into),
        affiliation,
        ..Party::default()
    }
}

fn speaks(id: &str, name: &str, email: &str, affiliation: Affiliation) -> Party {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Party {
        name: text(name),
        email: text(email),
        speaker_id: text(id),
        ..party(affiliation, None)
    }
}

/// The conversation of a call with these parties in which these speakers say this, in turn.
fn conversation(parties: &[Party], said: &[(Option<&str>, &str)]) -> Conversation {
    let call = Call {
        parties: parties.to_vec(),
        ..call(domain::call::CallState::Processing, 3)
    };
    let monologue = |(n, (id, text)): (usize, &(Option<&str>, &str))| Monologue {
        speaker_id: id.map(Into::into),
        sentences: vec![Sentence {
            start_ms: i64::try_from(n).expect("few"),
            end_ms: i64::try_from(n).expect("few"),
            text: (*text).into(),
            is_loop: false,
        }],
    };
    let transcript = Transcript {
        monologues: said.iter().enumerate().map(monologue).collect(),
    };
    normalize(&call, &transcript, &OwnPeople::default())
}

#[test]
fn a_speaker_is_named_by_what_the_call_says_of_them() {
    use Affiliation::{External, Internal, Unknown};
    let ann = || speaks("1", "Ann", "ann@fernhill.example", Internal);
    let cleo = || speaks("2", "Cleo", "cleo@harbour.example", External);
    for (name, parties, id, speaker, side) in [
        (
            "one of ours",
            &[ann(), cleo()][..],
            Some("1"),
            "Ann",
            Side::Internal,
        ),
        (
            "a customer",
            &[ann(), cleo()],
            Some("2"),
            "Cleo",
            Side::Customer,
        ),
        (
            "without a name",
            &[speaks("2", "", "cleo@harbour.example", External)],
            Some("2"),
            "cleo@harbour.example",
            Side::Customer,
        ),
        (
            "a name of nothing visible",
            &[speaks("2", "\u{200b} ", "cleo@harbour.example", External)],
            Some("2"),
            "cleo@harbour.example",
            Side::Customer,
        ),
        (
            "without name and address",
            &[speaks("2", "", "", External)],
            Some("2"),
            "Unnamed participant",
            Side::Customer,
        ),
        (
            "nobody of the call",
            &[ann(), cleo()],
            Some("3"),
            "Speaker 1",
            Side::Unknown,
        ),
        (
            "without an id",
            &[ann(), cleo()],
            None,
            "Unknown speaker",
            Side::Unknown,
        ),
        (
            "no participants at all",
            &[],
            Some("1"),
            "Speaker 1",
            Side::Unknown,
        ),
        (
            "a participant who never speaks",
            &[speaks("", "Cleo", "", External)],
            Some("2"),
            "Speaker 1",
            Side::Unknown,
        ),
        (
            "a colleague by an address like ours",
            &[ann(), speaks("2", "Bob", "bob@fernhill.example", Unknown)],
            Some("2"),
            "Bob",
            Side::Internal,
        ),
        (
            "a stranger beside one of ours",
            &[ann(), speaks("2", "Dora", "dora@harbour.example", Unknown)],
            Some("2"),
            "Dora",
            Side::Customer,
        ),
        (
            "a stranger, ours at a free provider",
            &[
                speaks("1", "Ann", "ann@gmail.com", Internal),
                speaks("2", "Dora", "dora@harbour.example", Unknown),
            ],
            Some("2"),
            "Dora",
            Side::Unknown,
        ),
        (
            "two at one microphone",
            &[
                cleo(),
                speaks("2", "Carl", "carl@harbour.example", External),
            ],
            Some("2"),
            "Cleo / Carl",
            Side::Customer,
        ),
        (
            "two of two sides at one microphone",
            &[cleo(), speaks("2", "Ann", "ann@fernhill.example", Internal)],
            Some("2"),
            "Cleo / Ann",
            Side::Unknown,
        ),
        (
            "the same person twice",
            &[cleo(), cleo()],
            Some("2"),
            "Cleo",
            Side::Customer,
        ),
        (
            "one person under two names",
            &[
                cleo(),
                speaks("2", "Cleo B.", "cleo@harbour.example", External),
            ],
            Some("2"),
            "Cleo",
            Side::Customer,
        ),
    ] {
        let turns = conversation(parties, &[(id, "We need a dark mode.")]).turns;
        let told: Vec<_> = turns
            .iter()
            .map(|turn| (turn.speaker.as_str(), turn.side))
            .collect();
        assert_eq!(told, [(speaker, side)], "{name}");
    }
}

#[test]
fn strangers_are_numbered_in_the_order_in_which_they_speak() {
    for (ids, speakers) in [
        (
            &[Some("9"), Some("4"), Some("9")][..],
            &["Speaker 1", "Speaker 2", "Speaker 1"][..],
        ),
        (
            &[Some("4"), None, Some("9")],
            &["Speaker 1", "Unknown speaker", "Speaker 2"],
        ),
        (&[None, None], &["Unknown speaker", "Unknown speaker"]),
    ] {
        let said: Vec<_> = ids.iter().map(|id| (*id, "Hello.")).collect();
        let turns = conversation(&[], &said).turns;
        let told: Vec<_> = turns.iter().map(|turn| turn.speaker.as_str()).collect();
        assert_eq!(told, speakers, "{ids:?}");
    }
}

#[test]
fn the_customer_who_says_most_is_the_author() {
    use Affiliation::{External, Internal, Unknown};
    let parties = [
        speaks("1", "Ann", "ann@fernhill.example", Internal),
        speaks("2", "Cleo", "cleo@harbour.example", External),
        speaks("3", "Carl", "carl@harbour.example", External),
        speaks("4", "Dora", "", Unknown),
        speaks("5", "Eve", "", External),
        speaks("5", "Finn", "finn@harbour.example", External),
        speaks("6", "Gail", "gail@harbour.example", External),
        speaks("6", "Gail", "gail@harbour.example", External),
        speaks("7", "Hal", "hal@elsewhere.example", Unknown),
    ];
    let (short, long) = ("Yes.", "We need a dark mode on every page.");
    for (name, said, author, email) in [
        ("nobody", &[][..], None, None),
        ("one of ours alone", &[(Some("1"), long)], None, None),
        ("somebody unknown", &[(Some("4"), long)], None, None),
        (
            "one customer",
            &[(Some("2"), short)],
            Some("Cleo"),
            Some("cleo@harbour.example"),
        ),
        (
            "ours says more",
            &[(Some("1"), long), (Some("2"), short)],
            Some("Cleo"),
            Some("cleo@harbour.example"),
        ),
        (
            "the other customer says more",
            &[(Some("2"), short), (Some("3"), long)],
            Some("Carl"),
            Some("carl@harbour.example"),
        ),
        (
            "more in several turns",
            &[(Some("3"), short), (Some("2"), short), (Some("3"), short)],
            Some("Carl"),
            Some("carl@harbour.example"),
        ),
        (
            "as much as the other",
            &[(Some("3"), long), (Some("2"), long)],
            Some("Cleo"),
            Some("cleo@harbour.example"),
        ),
        (
            "a customer who is listed twice",
            &[(Some("6"), long)],
            Some("Gail"),
            Some("gail@harbour.example"),
        ),
        (
            "a stranger with a foreign address",
            &[(Some("7"), long)],
            Some("Hal"),
            Some("hal@elsewhere.example"),
        ),
        (
            "without an address, at one microphone",
            &[(Some("5"), long)],
            Some("Eve / Finn"),
            None,
        ),
    ] {
        let found = conversation(&parties, said).author;
        assert_eq!(
            (found.name.as_deref(), found.email.as_deref()),
            (author, email),
            "{name}"
        );
    }
}

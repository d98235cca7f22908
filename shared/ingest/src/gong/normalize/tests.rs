use domain::gong::shapes::Monologue;

use super::*;
use crate::examples::call;

mod people;

fn party(affiliation: Affiliation, email: Option<&str>) -> Party {
    Party {
        email: email.map(Into::into),
        affiliation,
        ..Party::default()
    }
}

#[test]
fn an_unknown_party_is_settled_by_directory_then_domain_and_never_guessed() {
    let directory = [DirectoryUser {
        id: "7".into(),
        emails: vec!["ann@own.example".into()],
    }];
    let own = OwnPeople::new(&directory, &[]);
    let unknown = |email| party(Affiliation::Unknown, email);
    assert_eq!(own.side(&unknown(Some("Ann@own.example"))), Side::Internal);
    assert_eq!(own.side(&unknown(Some("bob@own.example"))), Side::Internal);
    assert_eq!(own.side(&unknown(Some("c@client.example"))), Side::Customer);
    assert_eq!(own.side(&unknown(Some("c@gmail.com"))), Side::Unknown);
    assert_eq!(own.side(&unknown(None)), Side::Unknown);
    let nothing_known = OwnPeople::default();
    assert_eq!(
        nothing_known.side(&unknown(Some("c@client.example"))),
        Side::Unknown
    );
}

#[test]
fn a_side_is_gongs_word_or_what_directory_and_domains_say() {
    use Affiliation::{External, Internal, Unknown};
    let user = |id: &str, emails: &[&str]| DirectoryUser {
        id: id.into(),
        emails: emails.iter().map(|&email| email.into()).collect(),
    };
    let directory = [
        user("7", &["ann@fernhill.example", "ann@fernhill-labs.example"]),
        user("8", &["cara@gmail.com"]),
        user("9", &[]),
    ];
    let own = OwnPeople::new(&directory, &["desk.example".into()]);
    for (name, affiliation, user_id, email, side) in [
        (
            "internal by Gong's word",
            Internal,
            None,
            None,
            Side::Internal,
        ),
        (
            "internal, with a foreign address",
            Internal,
            None,
            Some("cleo@harbour.example"),
            Side::Internal,
        ),
        (
            "external by Gong's word",
            External,
            None,
            None,
            Side::Customer,
        ),
        (
            "external, with an own address",
            External,
            None,
            Some("ann@fernhill.example"),
            Side::Customer,
        ),
        (
            "external, a user of ours",
            External,
            Some("7"),
            None,
            Side::Customer,
        ),
        ("a user of ours", Unknown, Some("7"), None, Side::Internal),
        (
            "a user of ours without an address",
            Unknown,
            Some("9"),
            None,
            Side::Internal,
        ),
        (
            "a user of ours with a foreign address",
            Unknown,
            Some("8"),
            Some("cleo@harbour.example"),
            Side::Internal,
        ),
        ("another user", Unknown, Some("77"), None, Side::Unknown),
        (
            "another user with a foreign address",
            Unknown,
            Some("77"),
            Some("cleo@harbour.example"),
            Side::Customer,
        ),
        (
            "an address of the directory",
            Unknown,
            None,
            Some("ann@fernhill.example"),
            Side::Internal,
        ),
        (
            "the same in capitals",
            Unknown,
            None,
            Some("ANN@FERNHILL.EXAMPLE"),
            Side::Internal,
        ),
        (
            "an alias of the directory",
            Unknown,
            None,
            Some("ann@fernhill-labs.example"),
            Side::Internal,
        ),
        (
            "a colleague at a free provider",
            Unknown,
            None,
            Some("cara@gmail.com"),
            Side::Internal,
        ),
        (
            "a stranger at that provider",
            Unknown,
            None,
            Some("cleo@gmail.com"),
            Side::Unknown,
        ),
        (
            "a free provider in capitals",
            Unknown,
            None,
            Some("cleo@GMX.DE"),
            Side::Unknown,
        ),
        (
            "a domain of the directory",
            Unknown,
            None,
            Some("bob@fernhill.example"),
            Side::Internal,
        ),
        (
            "an alias's domain",
            Unknown,
            None,
            Some("bob@fernhill-labs.example"),
            Side::Internal,
        ),
        (
            "a domain of the settings",
            Unknown,
            None,
            Some("dan@desk.example"),
            Side::Internal,
        ),
        (
            "the same in capitals, with a space",
            Unknown,
            None,
            Some("Dan@Desk.Example "),
            Side::Internal,
        ),
        (
            "a foreign domain",
            Unknown,
            None,
            Some("cleo@harbour.example"),
            Side::Customer,
        ),
        (
            "a domain that ends like ours",
            Unknown,
            None,
            Some("x@notfernhill.example"),
            Side::Customer,
        ),
        (
            "a domain that begins like ours",
            Unknown,
            None,
            Some("x@fernhill.example.harbour.example"),
            Side::Customer,
        ),
        (
            "our name under another ending",
            Unknown,
            None,
            Some("x@fernhill.test"),
            Side::Customer,
        ),
        (
            "a domain a letter from ours",
            Unknown,
            None,
            Some("x@fernhi11.example"),
            Side::Customer,
        ),
        (
            "a domain with a foreign letter",
            Unknown,
            None,
            Some("x@fernh\u{456}ll.example"),
            Side::Customer,
        ),
        (
            "our domain before the at sign",
            Unknown,
            None,
            Some("fernhill.example@harbour.example"),
            Side::Customer,
        ),
        (
            "an at sign within quotation marks",
            Unknown,
            None,
            Some("\"dan@home\"@desk.example"),
            Side::Internal,
        ),
        (
            "two at signs",
            Unknown,
            None,
            Some("x@fernhill.example@harbour.example"),
            Side::Customer,
        ),
        ("no address", Unknown, None, None, Side::Unknown),
        ("an empty address", Unknown, None, Some(""), Side::Unknown),
        ("no domain", Unknown, None, Some("ann@"), Side::Unknown),
        (
            "no at sign",
            Unknown,
            None,
            Some("fernhill.example"),
            Side::Unknown,
        ),
    ] {
        let party = Party {
            user_id: user_id.map(Into::into),
            ..party(affiliation, email)
        };
        assert_eq!(own.side(&party), side, "{name}");
    }
}

#[test]
fn without_own_domains_no_address_is_foreign() {
    let free = [DirectoryUser {
        id: "8".into(),
        emails: vec!["cara@gmail.com".into()],
    }];
    for (name, directory, domains, email, side) in [
        (
            "nothing known",
            &[][..],
            &[][..],
            "cleo@harbour.example",
            Side::Unknown,
        ),
        (
            "nothing known, a free provider",
            &[],
            &[],
            "cleo@gmail.com",
            Side::Unknown,
        ),
        (
            "a free provider alone known",
            &free,
            &[],
            "cleo@harbour.example",
            Side::Unknown,
        ),
        (
            "that very colleague",
            &free,
            &[],
            "cara@gmail.com",
            Side::Internal,
        ),
        (
            "one domain by the settings",
            &[],
            &["desk.example"],
            "cleo@harbour.example",
            Side::Customer,
        ),
        (
            "two domains by the settings",
            &[],
            &["desk.example", "fernhill.example"],
            "ann@fernhill.example",
            Side::Internal,
        ),
    ] {
        let domains: Vec<String> = domains.iter().map(|&domain| domain.into()).collect();
        let own = OwnPeople::new(directory, &domains);
        let party = party(Affiliation::Unknown, Some(email));
        assert_eq!(own.side(&party), side, "{name}");
    }
}

#[test]
fn the_directory_is_needed_only_where_gong_does_not_tell_a_side() {
    use Affiliation::{External, Internal, Unknown};
    for (sides, needed) in [
        (&[][..], false),
        (&[Internal], false),
        (&[Internal, External], false),
        (&[Unknown], true),
        (&[Internal, External, Unknown], true),
    ] {
        let parties: Vec<_> = sides.iter().map(|side| party(*side, None)).collect();
        assert_eq!(needs_directory(&parties), needed, "{sides:?}");
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

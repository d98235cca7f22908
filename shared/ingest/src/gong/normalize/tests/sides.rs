//! Which side somebody is on.

use super::*;

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

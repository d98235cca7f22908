use domain::{call::Details, moment::Timestamp};

use super::*;
use crate::samples::{call_id, evidence, heard, org, quote};

/// A name, an address and a company; what is empty is not known.
type Who = (&'static str, &'static str, &'static str);

fn known(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn author((name, email, account): &Who) -> Author {
    Author {
        name: known(name),
        email: known(email),
        account: known(account),
    }
}

/// The person who was typed, after what these say of them.
fn person(typed: &str, learned_of: &[Who]) -> Person {
    let mut person = Person {
        typed: typed.to_owned(),
        names: BTreeSet::new(),
        companies: BTreeSet::new(),
    };
    for who in learned_of {
        let who = author(who);
        person.learn(who.name.as_ref(), who.email.as_ref(), who.account.as_ref());
    }
    person
}

const LIN: Who = ("Lin Quay", "lin@harbour.example", "Harbour");

#[test]
fn a_person_is_who_has_the_typed_name_or_address() {
    for (typed, who, is) in [
        ("lin@harbour.example", LIN, true),
        ("lin@harbour.example", ("", "LIN@Harbour.example", ""), true),
        (
            "lin@harbour.example",
            ("", "colin@harbour.example", ""),
            false,
        ),
        ("lin@harbour.example", ("Lin Quay", "", "Harbour"), false),
        ("lin quay", LIN, true),
        ("lin quay", ("LIN QUAY", "", ""), true),
        ("lin quay", ("Lin Quay / Ada Moor", "", ""), true),
        ("ada moor", ("Lin Quay / Ada Moor", "", ""), true),
        ("lin quay", ("Lin Quayside", "", ""), false),
        ("lin", LIN, false),
        ("harbour", LIN, false),
        ("lin quay", ("", "", ""), false),
    ] {
        let found = person(typed, &[]).is_author(&author(&who));
        assert_eq!(found, is, "{typed} and {who:?}");
    }
}

#[test]
fn only_someone_from_outside_took_part_as_a_customer() {
    use Affiliation::{External, Internal, Unknown};
    for (name, typed, parties, took_part) in [
        ("nobody", "lin quay", &[][..], false),
        ("a customer", "lin quay", &[(LIN, External)], true),
        (
            "of an unknown side",
            "lin@harbour.example",
            &[(LIN, Unknown)],
            true,
        ),
        ("one of ours", "lin quay", &[(LIN, Internal)], false),
        (
            "among others",
            "lin quay",
            &[(("Ada Moor", "", ""), Internal), (LIN, External)],
            true,
        ),
        ("someone else", "ada moor", &[(LIN, External)], false),
    ] {
        let party = |((name, email, _), affiliation): &(Who, Affiliation)| Party {
            name: known(name),
            email: known(email),
            affiliation: *affiliation,
            ..Party::default()
        };
        let details = Details {
            parties: parties.iter().map(party).collect(),
            ..Details::default()
        };
        let call = Call::listed(org(), call_id("7"), 1, details, Timestamp(1));
        assert_eq!(person(typed, &[]).took_part(&call), took_part, "{name}");
    }
}

#[test]
fn a_quote_is_of_the_person_by_name_and_by_address_within_their_company() {
    const ADDRESS: &str = "lin@harbour.example";
    const COLLEAGUE: Who = ("Ada Moor", "ada@harbour.example", "");
    const ELSEWHERE: Who = ("Kim Fen", "kim@quayside.example", "Quayside");
    for (name, typed, learned_of, of, speaker, said) in [
        (
            "the typed name",
            "lin quay",
            &[][..],
            ELSEWHERE,
            "Lin Quay",
            true,
        ),
        ("another name", "lin quay", &[], ELSEWHERE, "Kim Fen", false),
        (
            "one of a shared microphone",
            "lin quay",
            &[],
            COLLEAGUE,
            "Ada Moor / Lin Quay",
            true,
        ),
        (
            "an address of no known name",
            ADDRESS,
            &[],
            COLLEAGUE,
            "Lin Quay",
            false,
        ),
        (
            "the name of an address",
            ADDRESS,
            &[LIN],
            COLLEAGUE,
            "Lin Quay",
            true,
        ),
        (
            "the name in another case",
            ADDRESS,
            &[LIN],
            COLLEAGUE,
            "LIN QUAY",
            true,
        ),
        (
            "a colleague's name",
            ADDRESS,
            &[LIN],
            COLLEAGUE,
            "Ada Moor",
            false,
        ),
        (
            "the same name elsewhere",
            ADDRESS,
            &[LIN],
            ELSEWHERE,
            "Lin Quay",
            false,
        ),
        (
            "a call of the same account without an address",
            ADDRESS,
            &[LIN],
            ("", "", "HARBOUR"),
            "Lin Quay",
            true,
        ),
        (
            "a call of nobody known",
            ADDRESS,
            &[LIN],
            ("", "", ""),
            "Lin Quay",
            false,
        ),
        (
            "a second name of the address",
            ADDRESS,
            &[LIN, ("Lin Q.", ADDRESS, "")],
            COLLEAGUE,
            "Lin Q.",
            true,
        ),
        (
            "a name learned of another address",
            ADDRESS,
            &[LIN, COLLEAGUE],
            COLLEAGUE,
            "Ada Moor",
            false,
        ),
        (
            "a name learned without an address",
            ADDRESS,
            &[("Lin Quay", "", "Harbour")],
            COLLEAGUE,
            "Lin Quay",
            false,
        ),
    ] {
        let person = person(typed, learned_of);
        let of = Evidence {
            author: author(&of),
            ..evidence("a", "7", "Reports as PDF")
        };
        assert_eq!(person.said(&quote(speaker), &of.author), said, "{name}");
    }
}

#[test]
fn of_what_was_heard_the_persons_requests_and_quotes_go() {
    let of = |n, who: &str, speakers: &[&str]| Heard {
        quotes: speakers.iter().copied().map(quote).collect(),
        ..heard(n, "Reports as PDF", who)
    };
    for (name, items, left, touched) in [
        ("nothing", vec![], vec![], 0),
        (
            "others alone",
            vec![of(1, "Ada Moor", &["Ada Moor"])],
            vec![(1, 1)],
            0,
        ),
        (
            "their request",
            vec![of(1, "LIN QUAY", &["Lin Quay", "Ada Moor"])],
            vec![],
            1,
        ),
        (
            "their quote in another's",
            vec![of(1, "Ada Moor", &["Ada Moor", "Lin Quay"])],
            vec![(1, 1)],
            1,
        ),
        (
            "the last quote of another's",
            vec![of(1, "Ada Moor", &["Lin Quay"])],
            vec![],
            1,
        ),
        (
            "among others",
            vec![
                of(1, "Ada Moor", &["Ada Moor"]),
                of(2, "Lin Quay", &["Lin Quay"]),
                of(4, "Ada Moor", &["Lin Quay", "Ada Moor", "Lin Quay / Bo"]),
            ],
            vec![(1, 1), (4, 1)],
            2,
        ),
    ] {
        let (rest, gone) = person("lin quay", &[]).leaves(&items);
        let rest: Vec<_> = rest
            .iter()
            .map(|item| (item.n, item.quotes.len()))
            .collect();
        assert_eq!((rest, gone), (left, touched), "{name}");
    }
}

//! Who counts as somebody who spoke.

use super::*;

#[test]
fn machines_are_nobodys_words_and_loops_count_once() {
    use Affiliation::{External, Internal};
    let parties = [
        speaks("1", "Ann", "ann@fernhill.example", Internal),
        speaks("2", "Cleo", "cleo@harbour.example", External),
        speaks("3", "Carl Reader", "carl@harbour.example", External),
        speaks("4", "Fathom Notetaker", "", External),
        speaks("5", "Otter.ai", "", External),
        speaks("5", "Dora", "dora@harbour.example", External),
    ];
    let (short, long) = ("It is slow.", "We need a dark mode on every page.");
    for (name, said, author, customers) in [
        ("a bot alone", &[("4", long)][..], None, &[][..]),
        (
            "a bot that says most",
            &[("4", long), ("2", short)],
            Some("Cleo"),
            &["Cleo"],
        ),
        (
            "a bot beside a person",
            &[("5", long)],
            Some("Dora"),
            &["Dora"],
        ),
        (
            "a person who is called like one",
            &[("3", long), ("2", short)],
            Some("Carl Reader"),
            &["Carl Reader", "Cleo"],
        ),
        (
            "a loop that says most",
            &[
                ("3", short),
                ("3", short),
                ("3", short),
                ("3", short),
                ("2", long),
            ],
            Some("Cleo"),
            &["Carl Reader", "Cleo"],
        ),
        (
            "a greeting in a customer's place",
            &[("2", "Please leave a message after the tone."), ("1", long)],
            None,
            &[],
        ),
    ] {
        let said: Vec<_> = said.iter().map(|(id, text)| (Some(*id), *text)).collect();
        let call = conversation(&parties, &said);
        assert_eq!(call.author.name.as_deref(), author, "{name}");
        let speakers: Vec<_> = call.customer_turns().map(|t| t.speaker.as_str()).collect();
        assert_eq!(speakers, customers, "{name}");
        let mut people: Vec<_> = call.people.keys().map(String::as_str).collect();
        people.sort_by_key(|person| customers.iter().position(|name| name == person));
        assert_eq!(people, customers, "{name}");
    }
}

#[test]
fn of_two_customers_of_one_name_nobody_knows_the_address() {
    let parties = [
        speaks("2", "Alex", "alex@harbour.example", Affiliation::External),
        speaks("3", "Alex", "alex@dock.example", Affiliation::External),
        speaks("4", "Cleo", "cleo@harbour.example", Affiliation::External),
    ];
    for (ids, name, email) in [
        (&["2", "4"][..], "Alex", Some("alex@harbour.example")),
        (&["2", "3"], "Alex", None),
        (&["2", "4"], "Cleo", Some("cleo@harbour.example")),
    ] {
        let said: Vec<_> = ids.iter().map(|id| (Some(*id), "It is slow.")).collect();
        let found = conversation(&parties, &said).people.remove(name);
        let found = found.and_then(|author| author.email);
        assert_eq!(found.as_deref(), email, "{name} of {ids:?}");
    }
}

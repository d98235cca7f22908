use serde_json::json;

use super::*;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_call_is_public_only_when_gong_says_so_plainly() {
    for (is_private, public) in [(Some(false), true), (Some(true), false), (None, false)] {
        let call = ListedCall {
            is_private,
            ..ListedCall::default()
        };
        assert_eq!(call.is_public(), public, "{is_private:?}");
    }
}

#[test]
fn texts_are_cut_and_ids_and_addresses_kept_whole_or_not_at_all() {
    let (long, id) = ("x".repeat(301), "7".repeat(64));
    let cut_title = format!("{}…", "x".repeat(299));
    for (name, title, workspace, tidied_title, tidied_workspace) in [
        ("nothing", None, None, None, None),
        (
            "plain",
            some("Weekly"),
            some("7"),
            some("Weekly"),
            some("7"),
        ),
        (
            "only white space",
            some(" \n "),
            some("\u{200B} "),
            None,
            None,
        ),
        (
            "unseen characters",
            some("We\u{200B}ek\nly"),
            some(" 7\0 "),
            some("Week ly"),
            some("7"),
        ),
        (
            "as long as may be",
            some(&long[1..]),
            some(&id),
            some(&long[1..]),
            some(&id),
        ),
        (
            "one longer",
            some(&long),
            some(&format!("{id}7")),
            some(&cut_title),
            None,
        ),
    ] {
        let call = ListedCall {
            title,
            workspace_id: workspace,
            ..ListedCall::default()
        };
        let call = call.tidied();
        let tidied = (call.title, call.workspace_id);
        assert_eq!(tidied, (tidied_title, tidied_workspace), "{name}");
    }
}

#[test]
fn only_a_page_of_the_web_is_kept_as_one() {
    let long = format!("https://us-1.app.gong.io/{}", "x".repeat(2_000));
    for (url, kept) in [
        ("https://us-1.app.gong.io/call?id=7", true),
        ("http://us-1.app.gong.io/call?id=7", true),
        ("javascript:alert(1)", false),
        ("data:text/html,x", false),
        ("/call?id=7", false),
        ("us-1.app.gong.io/call?id=7", false),
        (&long, false),
        ("", false),
    ] {
        let call = ListedCall {
            url: some(url),
            ..ListedCall::default()
        };
        assert_eq!(
            call.tidied().url.as_deref(),
            kept.then_some(url),
            "{url:.40}"
        );
    }
}

#[test]
fn of_very_many_participants_our_own_silent_ones_are_left_out_first() {
    let own = |speaks: bool| Party {
        speaker_id: speaks.then(|| "7".to_owned()),
        affiliation: Affiliation::Internal,
        ..Party::default()
    };
    let customer = Party {
        affiliation: Affiliation::External,
        ..Party::default()
    };
    for (silent, speaking, customers, left) in [
        (150, 0, 0, (150, 0, 0)),
        (149, 0, 1, (149, 0, 1)),
        (150, 1, 1, (148, 1, 1)),
        (200, 100, 50, (0, 100, 50)),
        (1, 0, 151, (0, 0, 150)),
    ] {
        let parties = [
            vec![own(false); silent],
            vec![own(true); speaking],
            vec![customer.clone(); customers],
        ];
        let call = ListedCall {
            parties: parties.concat(),
            ..ListedCall::default()
        };
        let parties = call.tidied().parties;
        let count = |kind: &Party| parties.iter().filter(|party| *party == kind).count();
        let kept = (count(&own(false)), count(&own(true)), count(&customer));
        assert_eq!(kept, left, "{silent}, {speaking}, {customers}");
    }
}

#[test]
fn an_address_of_a_participant_is_whole_or_none() {
    let name = "n".repeat(254 - "@harbour.example".len());
    let longest = format!("{name}@harbour.example");
    let longer = format!("n{longest}");
    for (email, kept) in [
        ("lin@harbour.example", Some("lin@harbour.example")),
        (" lin@harbour.example\n", Some("lin@harbour.example")),
        (&longest, Some(longest.as_str())),
        (&longer, None),
        ("", None),
    ] {
        let call = ListedCall {
            parties: vec![Party {
                email: some(email),
                ..Party::default()
            }],
            ..ListedCall::default()
        };
        let party = call.tidied().parties.remove(0);
        assert_eq!(party.email.as_deref(), kept, "{email:.40}");
    }
}

#[test]
fn the_account_is_the_name_of_the_first_account_object() {
    let object = |kind: &str, fields: Value| json!({"objectType": kind, "fields": fields});
    let name = |value: &str| json!([{"name": "Name", "value": value}]);
    let system = |objects: Vec<Value>| json!([{"system": "Salesforce", "objects": objects}]);
    for (what, context, expected) in [
        (
            "an account",
            system(vec![object("Account", name("Harbour"))]),
            Some("Harbour"),
        ),
        (
            "an account after an opportunity",
            system(vec![
                object("Opportunity", name("Renewal")),
                object("Account", name(" Harbour ")),
            ]),
            Some("Harbour"),
        ),
        (
            "two accounts",
            system(vec![
                object("Account", name("Harbour")),
                object("Account", name("Quay")),
            ]),
            Some("Harbour"),
        ),
        (
            "a name behind other fields",
            system(vec![object(
                "Account",
                json!([{"name": "Industry", "value": "Ships"}, {"name": "Name", "value": "Harbour"}]),
            )]),
            Some("Harbour"),
        ),
        (
            "no account",
            system(vec![object("Opportunity", name("Renewal"))]),
            None,
        ),
        (
            "an account without a name",
            system(vec![object("Account", json!([]))]),
            None,
        ),
        (
            "an empty name",
            system(vec![object("Account", name("  "))]),
            None,
        ),
        (
            "a name that is no text",
            system(vec![object(
                "Account",
                json!([{"name": "Name", "value": 7}]),
            )]),
            None,
        ),
        (
            "fields of another shape",
            system(vec![object("Account", json!({}))]),
            None,
        ),
        ("no objects", json!([{"system": "Salesforce"}]), None),
        ("nothing", json!([]), None),
        ("another shape", json!({"Account": "Harbour"}), None),
    ] {
        assert_eq!(account_name(&context).as_deref(), expected, "{what}");
    }
}

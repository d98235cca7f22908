//! What was said, what a finding names, and what of that nobody said.

use domain::feedback::Request;

use super::{check, found};

#[test]
fn names() {
    check(&[
        (
            "Outlook drops it, and so does share point. Our hub spot too.",
            "Outlook drops it, and SharePoint and HubSpot drop it too.",
            &[],
        ),
        (
            "The calendar drops it.",
            "The calendar of Outlook drops it.",
            &["Name Outlook"],
        ),
        (
            "The calendar drops it, Teams does not.",
            "The Google Calendar drops it, Microsoft Teams does not.",
            &["Name Google"],
        ),
        (
            "Our accountant wants the list.",
            "The accountant, Marek Dvorsky, wants the list.",
            &["Name Marek Dvorsky"],
        ),
        (
            "Katherine wants the list by tomorrow.",
            "Katharine wants the list, and Katherine's team too.",
            &[],
        ),
        (
            "We just want the list.",
            "Tobiah promised the list to their team. Support said that it is in the API.",
            &["Name Tobiah"],
        ),
        (
            "We write the service level agreement by hand.",
            "They write the SLA as PDF and CSV, in English, on the Settings page.",
            &[],
        ),
        (
            "We write it by hand into the other system.",
            "They write it by hand into SAP.",
            &["Name SAP"],
        ),
        (
            "Wir machen das mit Herrn Brandlmeier in der Buchhaltung.",
            "Herr Brandlmeier macht das in der Buchhaltung, die Liste ist zu lang.",
            &[],
        ),
        (
            "Wir machen das in der Buchhaltung von Hand.",
            "Frau Kestrel macht das in der Buchhaltung, die Liste ist zu lang.",
            &["Name Kestrel"],
        ),
        (
            "Wir machen das in der Buchhaltung von Hand.",
            "Die Übertragung nach DATEV ist von Hand zu machen, mit vielen Fehlern.",
            &["Name DATEV"],
        ),
        (
            "Nous le faisons à la main pour l'agence de Lyon.",
            "Ils le font à la main pour l'agence de Lyon et pour Bertrand.",
            &["Name Bertrand"],
        ),
        (
            "Lo hacemos a mano para la oficina de Sevilla.",
            "They do it by hand for the Sevilla office.",
            &[],
        ),
        (
            "Lo hacemos a mano.",
            "Lo hacen a mano y lo pasan a Salesforce.",
            &["Name Salesforce"],
        ),
        (
            "Fazemos isso à mão para a Conceição.",
            "Eles fazem isso à mão para a Conceicao.",
            &[],
        ),
        (
            "Fazemos isso à mão.",
            "Eles fazem isso à mão para a Globaltec.",
            &["Name Globaltec"],
        ),
        (
            "It is slow, it says no.",
            "Rahul's team is slow. Today's list shows \"Access Denied\". Manufacturing wants it.",
            &["Name Rahul"],
        ),
        (
            "Wir sind in München und Wien und fahren nach Prag.",
            "They are in Munich and Vienna and go to Prague.",
            &[],
        ),
        (
            "The S A P list and the ticket list are slow.",
            "The SAP list and the Ticket List are slow, the Kestrel Board too.",
            &["Name Kestrel"],
        ),
    ]);
}

#[test]
fn capitals_of_titles_are_no_names() {
    for (title, expected) in [
        ("Raise The Attachment Limit", &[][..]),
        ("Bulk Editing With Keyboard Shortcuts", &[]),
        ("Sync the list with Salesforce", &["Name Salesforce"]),
        ("Salesforce Integration For Lists", &["Name Salesforce"]),
        ("Sync The List With ClickHouse", &["Name ClickHouse"]),
        ("EXPORT THE LIST", &[]),
    ] {
        let lines = "We want the attachment list to be longer.";
        assert_eq!(found(lines, &Request::titled(title)), expected, "{title:?}");
    }
}

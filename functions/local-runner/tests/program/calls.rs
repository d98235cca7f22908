//! Folders of exported calls.

use std::{fs, path::Path, time::SystemTime};

use domain::moment::{Span, Timestamp};
use serde_json::{Value, json};

/// What customers ask for in the made calls, each in words of its own.
pub const REQUESTS: [&str; 8] = [
    "We really need to be able to export the weekly SLA report to PDF. Right now we take screenshots every Friday and it is painful.",
    "We really need a dark mode for the agent screen. Our night shift gets headaches from the bright white page.",
    "We need to be able to attach more than ten files to a ticket. Right now we have to split every insurance claim over three tickets.",
    "It would be great to have keyboard shortcuts in the ticket editor. Right now every reply takes five clicks with the mouse.",
    "We really need to be able to merge duplicate customers. Right now the same person is in the address book four times.",
    "We need an integration with Slack for escalations. Right now somebody has to copy every escalation by hand.",
    "We really need an audit log of who changed a ticket. Right now we cannot tell the inspectors anything.",
    "It would be great to have offline access in the phone app. Our technicians lose everything they typed in the cellar.",
];

/// A call file: `{"call": …, "transcript": …}`; it started `hours` ago.
pub fn call(id: &str, account: &str, customer_says: &str, hours: i64) -> Value {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let now = Timestamp(i64::try_from(now.as_millis()).unwrap());
    let started = (now - Span::hours(hours)).to_rfc3339();
    let mut at = 0;
    let mut monologue = |speaker: &str, text: &str| {
        let sentences = text.split_inclusive(['.', '?']).map(str::trim).map(|text| {
            at += 3_000;
            json!({"start": at, "end": at + 2_900, "text": text})
        });
        json!({"speakerId": speaker, "topic": null, "sentences": sentences.collect::<Vec<_>>()})
    };
    let transcript = json!([
        monologue("222", "Good to see you. How is the team?"),
        monologue("111", "Good, thanks. We had a busy week."),
        monologue("111", customer_says),
        monologue("222", "Understood, I will pass that on."),
    ]);
    json!({
        "call": {
            "metaData": {
                "id": id, "url": format!("https://us-1.app.gong.io/call?id={id}"),
                "title": format!("{account} / Fernhill"), "scheduled": started, "started": started,
                "duration": 900, "isPrivate": false, "language": "eng", "workspaceId": "4042227664642553970",
            },
            "context": [{"system": "Salesforce", "objects": [{
                "objectType": "Account", "fields": [{"name": "Name", "value": account}],
            }]}],
            "parties": [
                {"id": "1", "name": format!("Cleo of {account}"), "speakerId": "111",
                 "emailAddress": "cleo@customer.example", "affiliation": "External"},
                {"id": "2", "name": "Ingrid Internal", "speakerId": "222", "userId": "5550001",
                 "emailAddress": "ingrid@fernhill.example", "affiliation": "Internal"},
            ],
        },
        "transcript": transcript,
    })
}

/// Writes a call file.
pub fn write(folder: &Path, name: &str, file: &Value) {
    fs::write(folder.join(name), file.to_string()).unwrap();
}

/// Forty calls: five customers for each of eight requests, unless `requests` are fewer.
pub fn forty_calls(folder: &Path) {
    for (n, request) in REQUESTS.iter().enumerate() {
        for customer in 0..5 {
            let id = format!("77000000000000{n}{customer}");
            let hours = i64::try_from(1 + n + 8 * customer).unwrap();
            let file = call(&id, &format!("Account {customer}"), request, hours);
            write(folder, &format!("{n}-{customer}.json"), &file);
        }
    }
}

/// Six calls, one of each kind: two with one request, price, private, internal, not transcribed.
pub fn six_calls(folder: &Path) {
    let pdf = REQUESTS[0];
    write(folder, "1.json", &call("1", "Northwind", pdf, 2));
    write(
        folder,
        "2.json",
        &call("98765432109876543210", "Contoso", pdf, 3),
    );
    let price =
        "Can you do better on the price for forty seats? And let us move the meeting to Tuesday.";
    write(folder, "3.json", &call("3", "Fabrikam", price, 4));
    let mut private = call("4", "Adatum", pdf, 5);
    private["call"]["metaData"]["isPrivate"] = json!(true);
    write(folder, "4.json", &private);
    let mut internal = call("5", "Fernhill", pdf, 6);
    internal["call"]["parties"]
        .as_array_mut()
        .unwrap()
        .remove(0);
    write(folder, "5.json", &internal);
    let mut silent = call("6", "Litware", pdf, 7);
    silent.as_object_mut().unwrap().remove("transcript");
    write(folder, "6.json", &silent);
}

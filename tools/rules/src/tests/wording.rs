//! Titles, descriptions, grades and reasons.

use domain::feedback::{Priority, Sentiment};

use super::{BuiltInRules, talk};

#[test]
fn titles_are_short_requests() {
    let wrong: Vec<(String, &str)> = [
        ("c: So, um, we really need to be able to export the weekly SLA report to PDF.", "Export the weekly SLA report to PDF"),
        ("c: Can it, um, can it export—\nv: Go on.\nc: the audit log to a file?\nv: Not yet.", "Export the audit log to a file"),
        ("c: Is there any way to mute notifications at night?\nv: No, not today.", "Mute notifications at night"),
        ("c: It would be great if we could sort the queue by due date, because my people do it by hand.", "Sort the queue by due date"),
        ("c: Could you please add a button for closing tickets, Mia?", "Add a button for closing tickets"),
        ("c: You know, a bigger font on the ticket page would be nice.", "Bigger font on the ticket page"),
        ("c: Honestly, the thing is that the app crashes whenever somebody attaches a video.", "App crashes whenever somebody attaches a video"),
    ]
    .into_iter()
    .map(|(lines, title)| (BuiltInRules.extract(&talk(lines), 1), title))
    .map(|(found, title)| (found.first().map_or_else(String::new, |f| f.request.title.clone()), title))
    .filter(|(found, title)| found != title && found.split_once(": ").is_none_or(|(_, own)| !own.eq_ignore_ascii_case(title)))
    .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn distinct_requests_are_distinct_findings() {
    let conversation = talk(
        "c: The first thing, we need to export the ticket list to a CSV file, I copy it by hand every week.\n\
         v: Okay, I'll write that down.\n\
         c: Another thing, the agent screen needs a dark theme for the night shift, their eyes hurt.\n\
         v: Anything else?\n\
         c: No, that's all.",
    );
    let found = BuiltInRules.extract(&conversation, 5);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().any(|f| f.request.title.contains("CSV")));
    assert!(
        found
            .iter()
            .any(|f| f.request.title.to_lowercase().contains("dark"))
    );
    assert_eq!(BuiltInRules.extract(&conversation, 1).len(), 1);
    assert!(BuiltInRules.extract(&conversation, 0).is_empty());
}

#[test]
fn a_finding_says_what_hurts_and_how_much() {
    let found = BuiltInRules.extract(
        &talk(
            "c: So every Monday I copy the numbers of the report into a slide by hand, it takes me two hours.\n\
             c: We need to export the report to PDF.\n\
             c: If that isn't there by March, we can't renew without it.",
        ),
        1,
    );
    let found = &found[0];
    assert_eq!(found.request.priority, Some(Priority::Critical));
    assert_eq!(found.request.sentiment, Some(Sentiment::Negative));
    assert_eq!(found.request.feature_area.as_deref(), Some("Reports"));
    assert_eq!(found.quotes[0], "We need to export the report to PDF.");
    assert!(
        found
            .request
            .pain_points
            .iter()
            .any(|p| p.contains("by hand")),
        "{found:#?}"
    );

    let nice = BuiltInRules.extract(
        &talk("c: It's just a nice to have, but it would be nice to have a dark theme in the app."),
        1,
    );
    assert_eq!(nice[0].request.priority, Some(Priority::Low));
    assert_ne!(nice[0].request.sentiment, Some(Sentiment::Negative));
}

#[test]
fn the_description_leaves_names_and_fillers_out() {
    let found = BuiltInRules.extract(&talk("v: Hi.\nc: Well, um, Mia, you know, we need a, uh, a filter for closed tickets in the queue, Mia."), 1);
    assert_eq!(
        found[0].request.description,
        "We need a filter for closed tickets in the queue."
    );
}

#[test]
fn reasons_name_the_kind_of_cue() {
    for (lines, part) in [
        (
            "c: Can it export the audit log?\nv: Not yet.",
            "our side says is missing",
        ),
        (
            "c: The app crashes when we attach a video.",
            "does not work",
        ),
        (
            "c: We need a discount.\nv: I see.\nc: And can we move the meeting to Thursday?",
            "pricing and scheduling",
        ),
        (
            "c: The export was failing. That was fixed, thank you.",
            "already solved",
        ),
        (
            "v: Hi.\nc: Mia keeps saying we need a chatbot on the portal.",
            "our own side",
        ),
        ("v: Hello?", "customer's side"),
    ] {
        let reason = BuiltInRules.detect(&talk(lines)).reason;
        assert!(reason.contains(part), "{lines}: {reason}");
        assert!(reason.chars().count() < 200);
    }
}

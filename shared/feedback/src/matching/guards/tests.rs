use super::*;

/// A title, and details behind a bar.
fn request(text: &str) -> RequestText<'_> {
    let (title, description) = text.split_once('|').unwrap_or((text, ""));
    RequestText { title, description }
}

/// That guards keep both apart whichever comes first, and the reasons of `one` against `other`.
fn reasons(one: &str, other: &str) -> Vec<String> {
    let forth = guards(request(one), request(other));
    let back = guards(request(other), request(one));
    assert_eq!(forth.len(), back.len(), "{one} / {other}");
    forth
}

fn are_kept_apart(rows: &[(&str, &str, &str)]) {
    for (one, other, reason) in rows {
        assert_eq!(reasons(one, other), [*reason], "{one} / {other}");
    }
}

fn are_the_same(rows: &[(&str, &str)]) {
    for (one, other) in rows {
        let reasons = reasons(one, other);
        assert!(reasons.is_empty(), "{one} / {other}: {reasons:?}");
    }
}

#[test]
fn different_numbers_are_kept_apart() {
    are_kept_apart(&[
        (
            "Raise the limit from 10 to 50",
            "Raise the limit from 50 to 500",
            "different numbers: 10 against 500",
        ),
        (
            "Fifty attachments a ticket",
            "Five hundred attachments a ticket",
            "different numbers: 50 against 500",
        ),
        (
            "Attachments up to 50 MB",
            "Attachments up to 500 MB",
            "different numbers: 50 mb against 500 mb",
        ),
        (
            "Attachments up to 25MB",
            "Attachments up to 25 GB",
            "different numbers: 25 mb against 25 gb",
        ),
        (
            "Time out after 30 minutes",
            "Time out after 30 seconds",
            "different numbers: 30 min against 30 s",
        ),
        (
            "Time out after two minutes",
            "Time out after five minutes",
            "different numbers: 2 min against 5 min",
        ),
        (
            "Keep recordings for three months",
            "Keep recordings for three weeks",
            "different numbers: 3 month against 3 w",
        ),
        (
            "A discount of 10 percent",
            "A discount of 20 percent",
            "different numbers: 10 % against 20 %",
        ),
        (
            "Import of 10,000 contacts",
            "Import of 10 contacts",
            "different numbers: 10000 against 10",
        ),
        (
            "A limit of 1,000 requests",
            "A limit of 1,500 requests",
            "different numbers: 1000 against 1500",
        ),
        (
            "A limit of 1.000 requests",
            "A limit of 10.000 requests",
            "different numbers: 1000 against 10000",
        ),
        (
            "The report of 2025",
            "The report of 2026",
            "different numbers: 2025 against 2026",
        ),
        (
            "Larger attachments|Up to 50 MB each.",
            "Larger attachments|Up to 500 MB each.",
            "different numbers: 50 mb against 500 mb",
        ),
    ]);
}

#[test]
fn one_number_in_two_spellings_is_the_same() {
    are_the_same(&[
        ("Raise the limit from 10 to 50", "We need fifty attachments"),
        ("Attachments up to 25MB", "Attachments of 25 MB"),
        ("Attachments up to 25 megabytes", "Attachments of 25mb"),
        ("A limit of 10,000 rows", "The limit should be 10000 rows"),
        ("A limit of 1'000 rows", "A limit of 1.000 rows"),
        ("A limit of five hundred rows", "A limit of 500 rows"),
        (
            "A limit of 200,000 rows",
            "A limit of two hundred thousand rows",
        ),
        ("A limit of 1\u{a0}000 rows", "A limit of a thousand rows"),
        ("Time out after 30 min", "Time out after thirty minutes"),
        (
            "Keep recordings for 050 days",
            "Keep recordings for 50 days",
        ),
        // A unit that is not known may be any.
        ("A limit of 50", "A limit of 50 MB"),
    ]);
}

#[test]
fn what_one_of_them_only_says_more_of_is_no_contradiction() {
    are_the_same(&[
        ("Export to PDF", "PDF export of the weekly report"),
        (
            "Export to PDF",
            "Export to PDF|It takes me 3 hours each week.",
        ),
        ("Time out after an hour", "Time out after 60 minutes"),
        // Small numbers without a unit are said of anything.
        ("Let two people edit", "Let five people edit"),
        (
            "Export to PDF|Two of us need it.",
            "Export to PDF|Five of us need it.",
        ),
        ("Export to PDF or CSV", "Export to PDF"),
        ("Import and export contacts", "Export contacts"),
        ("Dark mode", "A dark theme at night"),
        ("Dark mode", "A light touch in dark mode"),
        ("Alerts in Slack", "Alerts for our teams in Slack"),
    ]);
}

#[test]
fn words_that_exclude_each_other_keep_apart() {
    are_kept_apart(&[
        (
            "Export the report to PDF",
            "Export the report to CSV",
            "pdf against csv",
        ),
        (
            "Spreadsheets of all tickets",
            "CSVs of all tickets",
            "excel against csv",
        ),
        ("The log as XML", "The log as JSON", "xml against json"),
        (
            "PDF and CSV of the report",
            "The report as XML",
            "csv, pdf against xml",
        ),
        (
            "A dark theme for the app",
            "A light theme for the app",
            "dark against light",
        ),
        (
            "Import contacts",
            "Export contacts",
            "import against export",
        ),
        (
            "Importing of contacts",
            "Exported contacts",
            "import against export",
        ),
        (
            "Notifications enabled by default",
            "Notifications disabled by default",
            "enable against disable",
        ),
        (
            "An app for the iPhone",
            "An app for Android",
            "ios against android",
        ),
        ("Alerts in Slack", "Alerts in Teams", "slack against teams"),
        (
            "Alerts in Slack",
            "Alerts in WhatsApp",
            "slack against whatsapp",
        ),
        (
            "Raise the quota",
            "Lower the quota",
            "increase against decrease",
        ),
        ("A faster login", "A faster logout", "login against logout"),
        (
            "The weekly report|Sent as a PDF.",
            "The weekly report|Sent as a spreadsheet.",
            "pdf against excel",
        ),
    ]);
}

#[test]
fn words_of_one_meaning_do_not() {
    are_the_same(&[
        ("Export to Excel", "Export to XLSX"),
        ("Export to Excel", "Export to a spreadsheet"),
        ("Importing of contacts", "Contact import"),
        ("An app for the iPhone", "An app for the iPad"),
        ("Increase the quota", "Raise the quota"),
        ("Enable reminders", "Reminders enabled"),
    ]);
}

#[test]
fn every_difference_is_a_reason_of_its_own() {
    for (one, other, expected) in [
        (
            "Export 50 contacts to PDF",
            "Import 500 contacts from CSV",
            &[
                "different numbers: 50 against 500",
                "export against import",
                "pdf against csv",
            ][..],
        ),
        (
            "Stop the PDF export after 30 seconds",
            "The CSV export after 30 minutes",
            &[
                "different numbers: 30 s against 30 min",
                "pdf against csv",
                "only one of them says “stop”",
            ],
        ),
    ] {
        assert_eq!(reasons(one, other), expected, "{one} / {other}");
    }
}

#[test]
fn a_negation_of_one_title_alone_keeps_apart() {
    are_kept_apart(&[
        (
            "Close tickets without a survey",
            "Close tickets with a survey",
            "only one of them says “without”",
        ),
        (
            "Stop reminders at night",
            "Reminders at night",
            "only one of them says “stop”",
        ),
        (
            "Remove the banner",
            "Show the banner",
            "only one of them says “remove”",
        ),
        (
            "Prevent duplicates",
            "Find duplicates",
            "only one of them says “prevent”",
        ),
        (
            "Hide closed tickets",
            "List closed tickets",
            "only one of them says “hide”",
        ),
        (
            "Send reminders on weekends",
            "Do not send reminders on weekends",
            "only one of them says “not”",
        ),
        (
            "Send reminders on weekends",
            "Don't send reminders on weekends",
            "only one of them says “not”",
        ),
        (
            "Reminders should be sent to admins",
            "Reminders shouldn’t be sent to admins",
            "only one of them says “not”",
        ),
        (
            "Reminders must be sent",
            "Reminders must not be sent",
            "only one of them says “not”",
        ),
        (
            "Close idle tickets",
            "Never close idle tickets",
            "only one of them says “not”",
        ),
    ]);
}

#[test]
fn what_is_no_negation_of_the_request_does_not() {
    are_the_same(&[
        // Both turn it round.
        ("Sign in without a password", "Login without passwords"),
        ("Stop reminders at night", "Prevent reminders at night"),
        ("Don’t send reminders", "Stop sending reminders"),
        // A failure is no wish.
        ("The export does not work", "The export is broken"),
        (
            "The weekly report cannot be printed",
            "Print the weekly report",
        ),
        ("Reminders can't be sent", "Reminders should be sent"),
        ("Reminders are never sent", "Reminders should be sent"),
        // In the details it may stand by chance.
        (
            "Reminders at night",
            "Reminders at night|Without them we forget.",
        ),
        (
            "Reminders at night",
            "Reminders at night|Do not wait for the morning.",
        ),
    ]);
}

#[test]
fn another_language_is_no_obstacle() {
    are_the_same(&[
        (
            "Remove duplicate tickets by themselves",
            "Supprimer les tickets en double",
        ),
        (
            "Close tickets without a survey",
            "Tickets ohne eine Umfrage schließen",
        ),
        (
            "Time out after 30 minutes",
            "Abmelden nach 30 Minuten für alle",
        ),
        (
            "Time out after 30 minutes",
            "Uitloggen na 30 minuutjes voor iedereen",
        ),
        ("Delete after thirty days", "Nach 30 Tagen löschen"),
        ("A dark theme for the app", "Un thème sombre pour l'appli"),
        ("Dark mode", "Dunkler Modus"),
        ("Export contacts", "Die Kontakte exportieren"),
        (
            "Den Bericht als PDF exportieren",
            "Exporter le rapport en PDF",
        ),
    ]);
}

#[test]
fn what_differs_in_both_languages_is_kept_apart() {
    are_kept_apart(&[
        (
            "Time out after 30 minutes",
            "Abmelden nach 60 Minuten",
            "different numbers: 30 min against 60 min",
        ),
        (
            "Time out after 30 minutes",
            "Abmelden nach 30 Sekunden",
            "different numbers: 30 min against 30 s",
        ),
        (
            "Limite de 30 días",
            "Limite de 30 meses",
            "different numbers: 30 d against 30 month",
        ),
        (
            "Export the report to PDF",
            "Exporter le rapport en CSV",
            "pdf against csv",
        ),
        (
            "A dark theme for the app",
            "Ein helles Thema für die App",
            "dark against light",
        ),
        ("Modo oscuro", "Modo claro", "dark against light"),
        (
            "Import contacts",
            "Die Kontakte exportieren",
            "import against export",
        ),
        (
            "Activer les rappels",
            "Désactiver les rappels",
            "enable against disable",
        ),
        (
            "Disable reminders",
            "Erinnerungen aktivieren",
            "disable against enable",
        ),
    ]);
}

#[test]
fn what_details_tell_of_one_customers_day_is_no_difference() {
    const FIFTY: &str = "Raise the attachment limit per ticket from ten to fifty";
    let of_files = format!("{FIFTY}|A case brings about 28 files, so they open three tickets.");
    let of_days = format!("{FIFTY}|They lose 2 hours a day because of 12 rejected files.");
    are_the_same(&[
        (&of_files, FIFTY),
        (&of_files, &of_days),
        (
            "Undo a bulk close|Last week 140 tickets were closed by mistake.",
            "Undo a bulk close|It took 3 hours to reopen 60 tickets.",
        ),
        (
            "The report as a PDF|Today they copy it from a CSV file.",
            "The report as a PDF|Excel is used today.",
        ),
        (
            "Longer sessions|Heute dauert eine Prüfung 45 Minuten.",
            "Longer sessions|Des contrôles durent environ 90 minutes.",
        ),
    ]);
    are_kept_apart(&[
        (
            "Longer sessions|They need 60 minutes instead of 15.",
            "Longer sessions|They need 8 hours instead of 15 minutes.",
            "different numbers: 60 min against 8 h",
        ),
        (
            "Longer sessions|Es müssen mindestens 60 Minuten sein.",
            "Longer sessions|Es müssen mindestens 90 Minuten sein.",
            "different numbers: 60 min against 90 min",
        ),
    ]);
}

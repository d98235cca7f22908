//! Table tests, one rule family a table. `c:` is the customer, `v:` the vendor, `?:` nobody known.

use domain::{
    feedback::{Author, Priority, Sentiment},
    gong::shapes::Sentence,
    pipeline::conversation::{Conversation, Side, Turn},
};

use super::{BuiltInRules, text};

/// A talk written as lines; a line's sentences stand as the recorder would cut them.
pub(crate) fn talk(lines: &str) -> Conversation {
    let turns = lines.trim().lines().map(|line| {
        let (who, said) = line.trim().split_once(": ").expect("who: what");
        let (speaker, side) = match who {
            "c" => ("Ada Brandt", Side::Customer),
            "d" => ("Olu Reyes", Side::Customer),
            "v" => ("Mia Falk", Side::Internal),
            _ => ("Speaker 3", Side::Unknown),
        };
        let sentences = text::segments(said).into_iter().map(|text| Sentence {
            start_ms: 0,
            end_ms: 1,
            text: text.to_owned(),
        });
        Turn { speaker: speaker.to_owned(), side, start_ms: 0, sentences: sentences.collect() }
    });
    Conversation {
        title: None,
        url: None,
        started: None,
        language: None,
        author: Author::default(),
        turns: turns.collect(),
    }
}

fn check(expected: bool, talks: &[&str]) {
    let wrong: Vec<String> = talks
        .iter()
        .map(|lines| (lines, BuiltInRules.detect(&talk(lines))))
        .filter(|(_, found)| found.feedback != expected)
        .map(|(lines, found)| format!("{lines}\n   -> {}", found.reason))
        .collect();
    assert!(wrong.is_empty(), "expected feedback = {expected}:\n{}", wrong.join("\n"));
}

#[test]
fn requests_and_wishes() {
    check(true, &[
        "c: We need a way to reassign all open tickets when somebody leaves.",
        "c: I wish the search looked inside attachments.",
        "c: It would be great if the portal remembered the last filter.",
        "c: Could you add a column for the due date to the queue?",
        "c: What I'd love is a weekly digest by email instead of forty notifications.",
        "c: My only request would be a shortcut for closing a ticket.",
        "c: We'd like to be able to lock a ticket while somebody is editing it.",
        "v: What would make the biggest difference for you?\nc: Honestly? A calendar view of the maintenance jobs in the app would be fantastic.",
        "c: There should be a warning before a macro sends something to the customer.",
        "c: If we could just tag several tickets at once, that would save us hours.",
        "c: Please bring back the old keyboard shortcuts.",
        "c: We need bulk closing of tickets, we close them one by one.",
        "c: The SLA timer should pause at weekends and holidays.",
        "c: We need to reassign many tickets at once when somebody leaves.",
        "v: If you had a magic wand, what would you change?\nc: I'd have one screen with all the tickets of a site, and I'd print that.",
    ]);
}

#[test]
fn missing_capabilities_and_limits() {
    check(true, &[
        "c: There's no way to see who changed the priority of a ticket.",
        "c: The report doesn't let us choose the columns.",
        "c: We can't filter the queue by site, so everybody scrolls.",
        "c: The mobile app doesn't support offline mode, and half our sites have no signal.",
        "c: The form only allows five custom fields.",
        "c: You stop us at two hundred contacts per import.",
        "c: Uploads are limited to ten megabytes, that's one video.",
        "c: The dashboard is missing a breakdown by team.",
    ]);
}

#[test]
fn friction_and_defects() {
    check(true, &[
        "c: The admin menu is really confusing, nobody finds the holiday settings.",
        "c: It takes eleven clicks to close a ticket with a template.",
        "c: The ticket list is painfully slow on Monday mornings.",
        "c: The app crashes whenever somebody attaches a video.",
        "c: Since the last update the notifications don't come through on Android.",
        "c: It keeps logging people out in the middle of a reply.",
        "c: The totals in the export are wrong, they don't match the dashboard.",
        "c: Half of the emails end up in the wrong ticket, the threading is broken.",
    ]);
}

#[test]
fn questions_are_decided_by_the_answer() {
    check(true, &[
        "c: Can it export the audit log?\nv: Not today, no.\nc: Okay.",
        "c: Is there any way to schedule a report?\nv: Unfortunately there isn't.",
        "c: Does it let us merge two accounts?\nv: That's not something we have.",
        "c: Can it, um, can it export—\nv: Sorry, go on.\nc: the whole ticket history as one file?\nv: Not yet, I'm afraid.",
        "c: Is there a way to get a notification when a ticket is reopened?\nv: Yes, under settings, notifications.\nc: No, we tried that, it doesn't work for reopened tickets.",
    ]);
    check(false, &[
        "c: Can it send a survey when a ticket closes?\nv: Yes, it does that. Go to settings and then surveys.\nc: Oh, perfect, thank you.",
        "c: Is there a way to change the language of the portal?\nv: Yes, you can, it's under your profile.\nc: Ah, found it now.",
        "c: Does it work with Outlook?\nv: It does, there's already an add-in.\nc: Great.",
    ]);
}

#[test]
fn commerce_and_small_talk() {
    check(false, &[
        "c: Can you do better on the price if we take forty more seats?\nv: Let me ask my director.",
        "c: We need the revised quote by Friday, and we need a discount of ten percent.",
        "c: I'd like to see the contract before legal goes on holiday.",
        "c: Can we move the meeting to Thursday?\nv: Sure.\nc: Could you send me the invite?",
        "c: We need two more weeks, procurement is slow.",
        "c: Is there any chance we can talk again next Tuesday?",
        "c: I need a coffee, sorry, it has been a long morning.",
        "c: My laptop crashed this morning, so I'm on my phone, can you hear me?",
        "c: Sorry, you're breaking up, I can't hear you.\nv: Is it better now?\nc: Yes, much better.",
        "c: We want to renew for two years, but the price has to be held.",
        "c: Could you send us the slides and the recording?",
        "c: I'd like to introduce my colleague, she runs the desk in Porto.",
        "c: The train was cancelled again, it's a nightmare every single week.",
        "c: I need a login for my new colleague, she starts on Monday.",
        "c: The report should be ready by Friday, I'll send it over.",
        "c: We need to train thirty agents on the new tool.",
        "c: How do we pay, can you invoice us per quarter?",
    ]);
}

#[test]
fn satisfaction() {
    check(false, &[
        "c: The team loves it, it does exactly what we need.",
        "c: We've had no problems at all since the start.",
        "c: The new dashboard works great, I can't complain.",
        "v: Anything you're missing?\nc: No, nothing. We're happy.",
    ]);
}

#[test]
fn what_the_customer_does_not_want() {
    check(false, &[
        "v: We're thinking of a chatbot for the portal, would you use it?\nc: No, we wouldn't use that.",
        "c: I don't need a mobile app, my people sit at desks.",
        "c: We don't want any integration with Jira, honestly.",
    ]);
}

#[test]
fn our_own_ideas() {
    check(false, &[
        "c: Your colleague told us we should ask for a Teams integration. She's very keen on it. I told her we don't use Teams.",
        "v: Hi.\nc: Mia keeps saying we need a chatbot on the portal.",
        "c: You guys keep telling me I want dashboards.",
    ]);
    check(true, &[
        "v: Hi.\nc: Mia keeps saying we need an export of the audit log. And she's right, we do need that, the auditors ask every quarter.",
        "c: My agents keep telling me they want bigger fonts on the ticket page.",
    ]);
}

#[test]
fn what_is_solved() {
    check(false, &[
        "c: The export was failing in March. That was fixed, thank you.",
        "v: How is the sync with the calendar?\nc: It's working again, we haven't had a single problem since.",
        "c: We used to get duplicate tickets. That's behind us now.",
    ]);
    check(true, &[
        "c: You said the export was fixed, but it still fails on large tickets.",
        "c: The login problem has not been fixed, people are thrown out every hour.",
    ]);
}

#[test]
fn only_the_customer_side_counts() {
    check(false, &[
        "v: We need an export of the audit log, every customer asks for it.\nc: I see.",
        "?: There's no way to export the audit log, and the search is broken.\nc: Hello.",
        "v: The app crashes all the time.",
    ]);
}

#[test]
fn french() {
    check(true, &[
        "c: Alors, euh, il nous faudrait un export des tickets en CSV.",
        "c: On ne peut pas filtrer la liste par site, c'est pénible.",
        "c: L'application plante dès qu'on ajoute une photo.",
        "c: Est-ce qu'on peut programmer l'envoi du rapport ?\nv: Pas encore, malheureusement.",
        "c: Ce serait vraiment bien de pouvoir modifier plusieurs tickets à la fois.",
        "c: Chaque lundi je recopie les chiffres à la main, il n'y a pas de bouton pour imprimer le rapport.",
        "c: Mes agents se font déconnecter en pleine saisie et ils perdent tout le texte.",
    ]);
    check(false, &[
        "c: Bonjour, vous m'entendez bien ?\nv: Oui, très bien.",
        "c: Vous pouvez nous faire une remise sur les licences ?\nv: Je vais voir.",
        "c: On peut décaler la réunion à jeudi ?",
        "c: Non, tout va bien, on n'a aucun problème avec l'outil.",
        "c: J'aimerais vous présenter ma collègue.",
    ]);
}

#[test]
fn german() {
    check(true, &[
        "c: Wir bräuchten einen Export der Ticketliste als CSV.",
        "c: Es wäre schön, wenn man den Bericht als PDF speichern könnte.",
        "c: Man kann die Liste nicht nach Standort filtern.",
        "c: Die App stürzt ständig ab, wenn man ein Foto anhängt.",
        "c: Gibt es eine Möglichkeit, mehrere Tickets auf einmal zu schließen?\nv: Leider noch nicht.",
        "c: Uns fehlt ein dunkles Design für die Nachtschicht.",
        "c: Die Suche ist total unübersichtlich, da findet keiner was.",
    ]);
    check(false, &[
        "c: Können Sie mich hören?\nv: Ja, sehr gut.",
        "c: Wir brauchen noch einen Rabatt auf die Lizenzen.",
        "c: Können wir den Termin auf Donnerstag verschieben?",
        "c: Wir sind sehr zufrieden, es gibt keine Probleme.",
        "c: Nein, das brauchen wir nicht.",
    ]);
}

#[test]
fn spanish() {
    check(true, &[
        "c: Necesitamos exportar la lista de tickets a Excel.",
        "c: Nos gustaría poder adjuntar más de diez archivos.",
        "c: No se puede filtrar por sede, hay que mirar todo.",
        "c: La aplicación se cierra sola cuando subimos una foto.",
        "c: ¿Hay alguna forma de programar el informe?\nv: Todavía no.",
        "c: Sería genial tener un modo oscuro para el turno de noche.",
    ]);
    check(false, &[
        "c: ¿Me oye bien?\nv: Sí, perfectamente.",
        "c: ¿Nos puede hacer un descuento en las licencias?",
        "c: ¿Podemos mover la reunión al jueves?",
        "c: Estamos muy contentos, no tenemos ningún problema.",
        "c: No lo necesitamos, la verdad.",
    ]);
}

#[test]
fn portuguese() {
    check(true, &[
        "c: Precisamos exportar a lista de chamados em CSV.",
        "c: Seria ótimo poder anexar mais de dez arquivos.",
        "c: Não dá para filtrar por unidade, a gente tem que olhar tudo.",
        "c: O aplicativo trava quando a gente envia uma foto.",
        "c: Tem como agendar o relatório?\nv: Ainda não.",
        "c: O sistema desloga os atendentes no meio do chamado e eles perdem o texto.",
    ]);
    check(false, &[
        "c: Vocês me ouvem bem?\nv: Sim, muito bem.",
        "c: Conseguem um desconto nas licenças?",
        "c: Podemos remarcar a reunião para quinta?",
        "c: Estamos muito satisfeitos, sem nenhum problema.",
        "c: Não precisamos disso.",
    ]);
}

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
    .map(|(found, title)| (found.first().map_or_else(String::new, |f| f.title.clone()), title))
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
    assert!(found.iter().any(|f| f.title.contains("CSV")));
    assert!(found.iter().any(|f| f.title.to_lowercase().contains("dark")));
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
    assert_eq!(found.priority, Some(Priority::Critical));
    assert_eq!(found.sentiment, Some(Sentiment::Negative));
    assert_eq!(found.feature_area.as_deref(), Some("Reports"));
    assert_eq!(found.quotes[0], "We need to export the report to PDF.");
    assert!(found.pain_points.iter().any(|p| p.contains("by hand")), "{found:#?}");

    let nice = BuiltInRules.extract(&talk("c: It's just a nice to have, but it would be nice to have a dark theme in the app."), 1);
    assert_eq!(nice[0].priority, Some(Priority::Low));
    assert_ne!(nice[0].sentiment, Some(Sentiment::Negative));
}

#[test]
fn the_description_leaves_names_and_fillers_out() {
    let found = BuiltInRules.extract(&talk("v: Hi.\nc: Well, um, Mia, you know, we need a, uh, a filter for closed tickets in the queue, Mia."), 1);
    assert_eq!(found[0].description, "We need a filter for closed tickets in the queue.");
}

#[test]
fn reasons_name_the_kind_of_cue() {
    for (lines, part) in [
        ("c: Can it export the audit log?\nv: Not yet.", "our side says is missing"),
        ("c: The app crashes when we attach a video.", "does not work"),
        ("c: We need a discount.\nv: I see.\nc: And can we move the meeting to Thursday?", "pricing and scheduling"),
        ("c: The export was failing. That was fixed, thank you.", "already solved"),
        ("v: Hi.\nc: Mia keeps saying we need a chatbot on the portal.", "our own side"),
        ("v: Hello?", "customer's side"),
    ] {
        let reason = BuiltInRules.detect(&talk(lines)).reason;
        assert!(reason.contains(part), "{lines}: {reason}");
        assert!(reason.chars().count() < 200);
    }
}

#[test]
fn odd_input_is_no_matter() {
    let long = format!("c: {}", "and we need the export ".repeat(3_000));
    for lines in ["c: —", "c: ...", "c: 42", "c: ?!", "c: I'", "c: can it export—", long.as_str(), "c: 我们需要导出报告", "c: İstanbul’da dışa aktarma"] {
        let conversation = talk(lines);
        let found = BuiltInRules.extract(&conversation, 3);
        assert!(found.iter().all(|f| f.title.chars().count() <= 80));
    }
    assert!(!BuiltInRules.detect(&Conversation { turns: Vec::new(), ..talk("c: x") }).feedback);
}

#[test]
fn long_talks_about_other_things() {
    check(false, &[
        // A kick-off: plans and duties, full of words of the product.
        "v: So, welcome to the kick-off. I've put the plan on the screen.\n\
         c: Yes, we can see it. Thanks.\n\
         v: Next week we import your contacts, and then the tickets of the last two years.\n\
         c: Good. I'll export them from the old system on Monday and send you the file.\n\
         v: Perfect. Who is going to be an administrator?\n\
         c: Me and Olu. We need to train the agents in November, there are thirty of them.\n\
         v: I can do two sessions.\n\
         c: Two sessions are fine. Can we do the first one on the ninth?\n\
         v: The ninth works.\n\
         c: And I need to talk to our security people about the single sign-on, they have to approve it.\n\
         v: I'll send you the document for them.\n\
         c: Great. They always want to know where the data is.\n\
         v: It's in Frankfurt.\n\
         c: Then that's fine. We want to go live before Christmas, that's the main thing.\n\
         v: We'll manage that.",
        // A renewal.
        "v: Thanks for joining. I've sent the renewal quote.\n\
         c: I saw it. It's more than I expected, to be honest.\n\
         v: There are twelve more users than last year.\n\
         c: I know, I can't argue with that. But I have to bring it to my board, and they want a three-year price.\n\
         v: I could hold the price for three years.\n\
         c: That would help. Could you put that in writing and send it to me by Thursday?\n\
         v: Of course.\n\
         c: And we'd like to pay per quarter. Is that possible?\n\
         v: I need to check with finance.\n\
         c: Please do. Otherwise we're happy. The agents like the tool, the reports are good, nobody complains.\n\
         v: That's lovely to hear. Anything else from your side?\n\
         c: No, that's all. How was your holiday?\n\
         v: Too short.\n\
         c: They always are.",
        // A first talk with somebody who does not use the product yet.
        "v: So tell me, what brings you to us?\n\
         c: We're a facilities company, two hundred people. Today everything is in a shared mailbox.\n\
         v: Okay.\n\
         c: We need a ticket system with an app for the technicians.\n\
         v: Yes, that's what we do, the app is already part of the package.\n\
         c: Good. And can it send a reminder when a ticket is late?\n\
         v: Yes, it can. You set that up under SLA rules.\n\
         c: Great. What does it cost for forty people?\n\
         v: I'll send you a quote.\n\
         c: And could you add my colleague to the invite? He does the budget.",
        // A how-to that our side answers.
        "c: Quick question. Where do I find the report about last month?\n\
         v: It's under reports, then archive.\n\
         c: Ah, there it is. And can I change the date range?\n\
         v: Yes, you can, at the top right.\n\
         c: I see it now. Perfect. And how do I add a colleague?\n\
         v: Go to settings, users, and click on invite.\n\
         c: Okay, done. That was easy. Thank you so much.",
    ]);
}

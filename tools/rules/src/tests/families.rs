//! What is feedback and what only looks like it.

use super::check;

#[test]
fn requests_and_wishes() {
    check(
        true,
        &[
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
        ],
    );
}

#[test]
fn missing_capabilities_and_limits() {
    check(
        true,
        &[
            "c: There's no way to see who changed the priority of a ticket.",
            "c: The report doesn't let us choose the columns.",
            "c: We can't filter the queue by site, so everybody scrolls.",
            "c: The mobile app doesn't support offline mode, and half our sites have no signal.",
            "c: The form only allows five custom fields.",
            "c: You stop us at two hundred contacts per import.",
            "c: Uploads are limited to ten megabytes, that's one video.",
            "c: The dashboard is missing a breakdown by team.",
        ],
    );
}

#[test]
fn friction_and_defects() {
    check(
        true,
        &[
            "c: The admin menu is really confusing, nobody finds the holiday settings.",
            "c: It takes eleven clicks to close a ticket with a template.",
            "c: The ticket list is painfully slow on Monday mornings.",
            "c: The app crashes whenever somebody attaches a video.",
            "c: Since the last update the notifications don't come through on Android.",
            "c: It keeps logging people out in the middle of a reply.",
            "c: The totals in the export are wrong, they don't match the dashboard.",
            "c: Half of the emails end up in the wrong ticket, the threading is broken.",
        ],
    );
}

#[test]
fn questions_are_decided_by_the_answer() {
    check(
        true,
        &[
            "c: Can it export the audit log?\nv: Not today, no.\nc: Okay.",
            "c: Is there any way to schedule a report?\nv: Unfortunately there isn't.",
            "c: Does it let us merge two accounts?\nv: That's not something we have.",
            "c: Can it, um, can it export—\nv: Sorry, go on.\nc: the whole ticket history as one file?\nv: Not yet, I'm afraid.",
            "c: Is there a way to get a notification when a ticket is reopened?\nv: Yes, under settings, notifications.\nc: No, we tried that, it doesn't work for reopened tickets.",
        ],
    );
    check(
        false,
        &[
            "c: Can it send a survey when a ticket closes?\nv: Yes, it does that. Go to settings and then surveys.\nc: Oh, perfect, thank you.",
            "c: Is there a way to change the language of the portal?\nv: Yes, you can, it's under your profile.\nc: Ah, found it now.",
            "c: Does it work with Outlook?\nv: It does, there's already an add-in.\nc: Great.",
        ],
    );
}

#[test]
fn commerce_and_small_talk() {
    check(
        false,
        &[
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
        ],
    );
}

#[test]
fn satisfaction() {
    check(
        false,
        &[
            "c: The team loves it, it does exactly what we need.",
            "c: We've had no problems at all since the start.",
            "c: The new dashboard works great, I can't complain.",
            "v: Anything you're missing?\nc: No, nothing. We're happy.",
        ],
    );
}

#[test]
fn what_the_customer_does_not_want() {
    check(
        false,
        &[
            "v: We're thinking of a chatbot for the portal, would you use it?\nc: No, we wouldn't use that.",
            "c: I don't need a mobile app, my people sit at desks.",
            "c: We don't want any integration with Jira, honestly.",
        ],
    );
}

#[test]
fn our_own_ideas() {
    check(
        false,
        &[
            "c: Your colleague told us we should ask for a Teams integration. She's very keen on it. I told her we don't use Teams.",
            "v: Hi.\nc: Mia keeps saying we need a chatbot on the portal.",
            "c: You guys keep telling me I want dashboards.",
        ],
    );
    check(
        true,
        &[
            "v: Hi.\nc: Mia keeps saying we need an export of the audit log. And she's right, we do need that, the auditors ask every quarter.",
            "c: My agents keep telling me they want bigger fonts on the ticket page.",
        ],
    );
}

#[test]
fn what_is_solved() {
    check(
        false,
        &[
            "c: The export was failing in March. That was fixed, thank you.",
            "v: How is the sync with the calendar?\nc: It's working again, we haven't had a single problem since.",
            "c: We used to get duplicate tickets. That's behind us now.",
        ],
    );
    check(
        true,
        &[
            "c: You said the export was fixed, but it still fails on large tickets.",
            "c: The login problem has not been fixed, people are thrown out every hour.",
        ],
    );
}

#[test]
fn only_the_customer_side_counts() {
    check(
        false,
        &[
            "v: We need an export of the audit log, every customer asks for it.\nc: I see.",
            "?: There's no way to export the audit log, and the search is broken.\nc: Hello.",
            "v: The app crashes all the time.",
        ],
    );
}

#[test]
fn long_talks_about_other_things() {
    check(
        false,
        &[
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
        ],
    );
}

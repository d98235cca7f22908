use super::*;
use domain::conversation::{Sentence, Side};

fn told(turns: &[&str]) -> Vec<String> {
    let turn = |text: &&str| Turn {
        speaker: "Someone".into(),
        side: Side::Customer,
        start_ms: 0,
        sentences: vec![Sentence {
            text: (*text).into(),
            ..Sentence::default()
        }],
    };
    let mut turns: Vec<_> = turns.iter().map(turn).collect();
    redact_answers(&mut turns);
    turns.iter().map(Turn::text).collect()
}

#[test]
fn what_a_turn_asks_for_is_replaced_in_those_that_answer() {
    for (turns, answer) in [
        (&["What's the code?", "482913."][..], "[code]."),
        (
            &["What's the code?", "Sure, it's 482 913."],
            "Sure, it's [code].",
        ),
        (&["And the PIN?", "four eight two nine"], "[code]"),
        (
            &["Read me the code.", "One second.", "Yes.", "4 8 2 9 1 3"],
            "[code]",
        ),
        (&["And the password?", "It's hunter2!"], "It's [secret]!"),
        (
            &[
                "The card number, please?",
                "4111 1111",
                "Mm-hm.",
                "1111 1111",
            ],
            "[card number]",
        ),
        (
            &["Your account number?", "7730-4412, right."],
            "[account number], right.",
        ),
        (
            &["Your phone?", "Okay, 555 01 42."],
            "Okay, [phone number].",
        ),
        (
            &["Wie lautet der Code?", "Der Code ist 482913."],
            "Der Code ist [code].",
        ),
    ] {
        let told = told(turns);
        assert_eq!(told.last().map(String::as_str), Some(answer), "{turns:?}");
    }
}

#[test]
fn other_numbers_and_words_stay() {
    for turns in [
        &["How many use the code?", "About 4500 users by now."][..],
        &["What's the error code?", "5003."],
        &["And the zip code?", "94107."],
        &["How many seats do you need?", "4500."],
        &[
            "What's the code?",
            "We need to export 10,000 tickets to PDF.",
        ],
        &[
            "And the password?",
            "It is too short for us, we want 12 characters at least.",
        ],
        &[
            "What's the code?",
            "No idea.",
            "Well.",
            "Fine.",
            "Next.",
            "4500.",
        ],
    ] {
        assert_eq!(told(turns), turns);
    }
}

#[test]
fn every_kind_of_answer_is_replaced_until_the_question_is_forgotten() {
    for (turns, answer) in [
        (
            &["What's the code?", "It says 4-8-2-9."][..],
            "It says [code].",
        ),
        (
            &["Your one-time passcode?", "Yeah, 482913, okay."],
            "Yeah, [code], okay.",
        ),
        (
            &["I just texted you the code.", "Got it, 482 913."],
            "Got it, [code].",
        ),
        (&["The PIN?", "Double four, two nine."], "[code]."),
        (&["The PIN?", "oh one two three"], "[code]"),
        (&["Code?", "um", "uh", "so", "482913"], "[code]"),
        (
            &["What's your API key?", "It's 9f8e7d6c5b."],
            "It's [secret].",
        ),
        (&["And the passphrase?", "open-sesame-99"], "[secret]"),
        (&["Das Kennwort?", "Sommer2026"], "[secret]"),
        (&["¿Y la contraseña?", "Es Verano2026."], "Es [secret]."),
        (
            &["Which card?", "4242, I think."],
            "[card number], I think.",
        ),
        (
            &["And the IBAN?", "Sure, 3704 0044 0532."],
            "Sure, [account number].",
        ),
        (&["Your routing number?", "021 000 021"], "[account number]"),
        (
            &["Your tax id?", "It's 12-3456789."],
            "It's [account number].",
        ),
        (
            &["Your mobile?", "Sure, 555 0142."],
            "Sure, [phone number].",
        ),
        (&["Votre code?", "Oui, 4821."], "Oui, [code]."),
        (&["¿El código?", "Sí, es 4821."], "Sí, es [code]."),
    ] {
        let told = told(turns);
        assert_eq!(told.last().map(String::as_str), Some(answer), "{turns:?}");
    }
}

#[test]
fn what_is_no_answer_to_the_question_stays() {
    for turns in [
        &["What's the code?", "482."][..],
        &["What's the code?", "I have not got it yet."],
        &[
            "What's the code?",
            "Let me look, we have 4500 open tickets.",
        ],
        &["What's the status code?", "5003."],
        &["And the postal code?", "94107."],
        &["How many lines of source code?", "120000."],
        &["And the password?", "It must have eight letters."],
        &["And the password?", "abc"],
        &["Which version?", "2.14.3"],
        &["What's your budget?", "250000."],
        &["When did you sign?", "2026."],
        &["482913.", "What's the code?"],
        &["The code?", "One", "two", "three", "four", "4500."],
    ] {
        assert_eq!(told(turns), turns, "{turns:?}");
    }
}

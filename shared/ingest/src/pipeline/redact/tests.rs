use super::*;

#[test]
fn what_identifies_or_opens_something_becomes_a_placeholder() {
    for (text, expected) in [
        (
            "Write to ann.lee+x@client.example, please.",
            "Write to [email], please.",
        ),
        (
            "It's jo dot smith at fern dash hill dot com.",
            "It's [email].",
        ),
        (
            "Call me at +49 (30) 555 01 42.",
            "Call me at [phone number].",
        ),
        ("My number is 415-555-0142!", "My number is [phone number]!"),
        (
            "Reach me on 555-0142 after nine",
            "Reach me on [phone number] after nine",
        ),
        ("mon numéro 06 12 34 56 78", "mon numéro [phone number]"),
        ("Berlin is 030 5550142.", "Berlin is [phone number]."),
        ("card 4111 1111 1111 1111, yes", "card [card number], yes"),
        (
            "IBAN DE89 3704 0044 0532 0130 00.",
            "IBAN [account number].",
        ),
        (
            "our account number is 7730-4412",
            "our account number is [account number]",
        ),
        ("social 078-05-1120", "social [account number]"),
        ("The code is 482 913.", "The code is [code]."),
        ("the PIN 4821", "the PIN [code]"),
        ("my OTP, 482913", "my OTP, [code]"),
        ("Sure, the code, it's 482913", "Sure, the code, it's [code]"),
        ("The code’s 482913.", "The code’s [code]."),
        ("der Code lautet 482913", "der Code lautet [code]"),
        ("482913 is the code I got", "[code] is the code I got"),
        ("my password's hunter2", "my password's [secret]"),
        (
            "use Summer2024! as the password",
            "use [secret]! as the password",
        ),
        ("Password is hunter2!", "Password is [secret]!"),
        (
            "api key: sk-live-abcdefghijkl0123456789",
            "api key: [secret]",
        ),
        ("key AKIAABCDEFGHIJKLMNOP here", "key [secret] here"),
        ("use 5f2c9a7e1b3d4c6f8a0b2d4e", "use [secret]"),
        ("four one five, five five five oh one four two", "[number]"),
        ("It is 4 1 5 5 5 5 0.", "It is [number]."),
        ("reference 123456789012", "reference [number]"),
    ] {
        assert_eq!(redacted(text), expected);
    }
}

#[test]
fn what_requests_are_made_of_stays() {
    for text in [
        "We have 10,000 tickets and 1.000.000 rows, 10 000 000 in all.",
        "On 2026-11-20 we paid 1250.50 for 3 seats.",
        "Error code 5003 and zip code 94107.",
        "We read the code. 4500 people use it, and 4500 is our limit.",
        "use it as the password, or use Excel as the token",
        "Version 2.14.3 takes 30 to 45 minutes.",
        "the password is too short and the token is required",
        "meet at the Point, dot matrix printers",
        "limit of 25 MB, 99.95 percent, 15-20 people, room 1042",
        "one two three, testing",
        "internationalization-and-localization-work",
        "a 4:30 call in 2027",
    ] {
        assert_eq!(redacted(text), text);
    }
}

#[test]
fn a_number_that_a_transcript_breaks_into_sentences_is_replaced_as_one() {
    let sentence = |text: &str| Sentence {
        text: text.into(),
        ..Sentence::default()
    };
    let mut said = [
        sentence("Sure, it's 4111 1111"),
        sentence("1111 1111"),
        sentence("and that's it."),
    ];
    assert_eq!(redact_sentences(&mut said), 1);
    let texts = said.map(|s| s.text);
    assert_eq!(texts, ["Sure, it's [card number]", "…", "and that's it."]);
}

#[test]
fn redacting_again_changes_nothing() {
    let once = redacted("ann@client.example, code 123456, +1 415 555 0142, hunter2@x.example");
    assert_eq!(redacted(&once), once);
}

#[test]
fn checks_know_right_from_wrong() {
    assert!(luhn("4111 1111 1111 1111") && !luhn("4111 1111 1111 1112"));
    assert!(is_iban("GB82 WEST 1234 5698 7654 32") && !is_iban("GB82 WEST 1234 5698 7654 33"));
}

#[test]
fn addresses_numbers_and_keys_are_replaced_however_they_are_written() {
    for (text, expected) in [
        (
            "It is ANN@HARBOUR.EXAMPLE, all caps.",
            "It is [email], all caps.",
        ),
        ("ann.lee @ harbour.example is mine", "[email] is mine"),
        ("<ann@mail.eu.harbour.example>", "<[email]>"),
        (
            "ann@harbour.example and bob@client.example!",
            "[email] and [email]!",
        ),
        ("cleo underscore b at harbour dot co dot uk", "[email]"),
        (
            "write to support at harbour dot example",
            "write to [email]",
        ),
        ("+44 20 7946 0958 is my line", "[phone number] is my line"),
        ("call +49-30-5550142", "call [phone number]"),
        ("+33 6 12 34 56 78", "[phone number]"),
        (
            "(415) 555-0142 or 415.555.0142",
            "[phone number] or [phone number]",
        ),
        ("my number's 555-0142", "my number's [phone number]"),
        ("phone 030/5550142", "phone [phone number]"),
        (
            "Meine Handynummer ist 0171 5550142",
            "Meine Handynummer ist [phone number]",
        ),
        (
            "The number is 415 555 0142 ext 12",
            "The number is [phone number] ext 12",
        ),
        ("4111-1111-1111-1111 exp 12/28", "[card number] exp 12/28"),
        ("Amex 3782 822463 10005", "Amex [card number]"),
        (
            "5555555555554444 is the Mastercard",
            "[card number] is the Mastercard",
        ),
        (
            "card number 4111 1111 1111 1112",
            "card number [account number]",
        ),
        ("GB82 WEST 1234 5698 7654 32", "[account number]"),
        ("DE89370400440532013000, please", "[account number], please"),
        (
            "routing number 021000021",
            "routing number [account number]",
        ),
        ("Kontonummer 12345678", "Kontonummer [account number]"),
        ("policy number AB-123456", "policy number [account number]"),
        ("passport no. C01X00T47", "passport no. [account number]"),
        ("tax id 12-3456789", "tax id [account number]"),
        (
            "the customer number is K-204817",
            "the customer number is [account number]",
        ),
    ] {
        assert_eq!(redacted(text), expected, "{text}");
    }
}

#[test]
fn keys_passwords_and_codes_are_replaced_however_they_are_told() {
    for (text, expected) in [
        (
            "The API key is pk_live_abcdefghijklmnop1234",
            "The API key is [secret]",
        ),
        (
            "token = ghp_abcdefghijklmnopqrstuvwxyz012345",
            "token = [secret]",
        ),
        (
            "Bearer eyJhbGciOiJI.eyJzdWIiOiIx.abcDEF123",
            "Bearer [secret]",
        ),
        (
            "xoxb-1234567890-abcdef in the channel",
            "[secret] in the channel",
        ),
        (
            "sha 3f786850e387550fdab836ed7e6dc881de23001b",
            "sha [secret]",
        ),
        ("Password: Tr0ub4dor&3.", "Password: [secret]."),
        ("passphrase is open-sesame-99", "passphrase is [secret]"),
        (
            "Das Passwort lautet Sommer2026!",
            "Das Passwort lautet [secret]!",
        ),
        ("mot de passe : Soleil2026", "mot de passe : [secret]"),
        ("la contraseña es Verano2026", "la contraseña es [secret]"),
        (
            "my password is “hunter2”, really",
            "my password is “[secret]”, really",
        ),
        ("secret: s3cr3t-value", "secret: [secret]"),
        (
            "type hunter22 for your password",
            "type [secret] for your password",
        ),
        ("verification code: 482-913", "verification code: [code]"),
        ("your one-time code 482913", "your one-time code [code]"),
        (
            "enter the code we sent, 482913",
            "enter the code we sent, [code]",
        ),
        ("the door code's 4821#", "the door code's [code]#"),
        ("PIN: 0000", "PIN: [code]"),
        ("OTP 482 913", "OTP [code]"),
        ("four one five five five five", "[number]"),
        ("4 8 2 9 1 3 is it", "[number] is it"),
    ] {
        assert_eq!(redacted(text), expected, "{text}");
    }
}

#[test]
fn amounts_dates_versions_orders_and_products_stay() {
    for text in [
        "We pay $1,250.50 a month, or 1.250,50 euros.",
        "€ 12 000 for 40 seats, a budget of 250000 dollars",
        "99.95 percent uptime, a ratio of 1000:1, 24/7 support",
        "On 20.11.2026, or 11/20/2026 at 14:30",
        "since 2026-11-20T14:30:00Z",
        "the 2027 roadmap, Q3 2026, ten to fifteen seconds",
        "Version 2.14.3-rc1, build 20261120, v10.0.19045",
        "iOS 17.4.1, Android 14, Windows 11, Office 365",
        "S3, EC2, GPT-5, RFC 7231, ISO 27001 and port 8080",
        "Order 4471-8852-03 is late, and so is order number 4471",
        "invoice INV-2026-000482, ticket 10482 and issue #9921",
        "Jira-4821 and ABC-123, SKU 88213-44",
        "rows 1 to 1000000, 10 000 000 rows in 120 000 ms",
        "between 1200 and 1500 users, 2,500 to 3,000 messages",
        "We sold 555-0142 units",
        "We process 06 12 34 batches",
        "I called them 3000 times",
        "https://harbour.example/page?id=123456 on 192.168.0.1",
        "HTTP code 404, status code is 5003, product code 88213",
        "the code has 4500 lines, the code base has 120000",
        "The promo code SAVE20 gives 20 percent",
        "Area code 0415, zip code 94107-1234",
        "the @mention feature",
        "The password was changed yesterday, and the token is expired.",
        "the API key field is empty",
        "card ending in 4242, member since 2019",
        "1 2 3 4 5, nine one one",
        "commit 9f2c1a7",
    ] {
        assert_eq!(redacted(text), text, "{text}");
    }
}

#[test]
fn what_a_transcript_breaks_into_sentences_is_found_across_their_borders() {
    for (name, said, expected, places) in [
        (
            "a card number in four",
            &["4111 1111", "1111", "1111", "Thanks."][..],
            &["[card number]", "…", "…", "Thanks."][..],
            1,
        ),
        (
            "a telephone number in two",
            &["Call 415 555", "0142, please."],
            &["Call [phone number]", ", please."],
            1,
        ),
        (
            "a word before and its password after",
            &["The password is", "hunter2."],
            &["The password is", "[secret]."],
            1,
        ),
        (
            "two in one sentence",
            &["ann@harbour.example or 415-555-0142"],
            &["[email] or [phone number]"],
            2,
        ),
        (
            "numbers that do not belong together",
            &["We have 4500.", "And 2027 is near."],
            &["We have 4500.", "And 2027 is near."],
            0,
        ),
    ] {
        let mut sentences: Vec<_> = said
            .iter()
            .map(|text| Sentence {
                text: (*text).into(),
                ..Sentence::default()
            })
            .collect();
        assert_eq!(redact_sentences(&mut sentences), places, "{name}");
        let texts: Vec<_> = sentences.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(texts, expected, "{name}");
    }
}

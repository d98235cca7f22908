use super::*;

const FORM: SettingsForm<'_> = SettingsForm {
    feedback_per_call: "3",
    merging: "threshold",
    own_domains: "Fernhill.example, @desk.example\n",
    withdraw_private: true,
    redact: true,
    review: "uncertain",
    monthly_tokens: "2,000,000",
    monthly_dollars: "",
};

#[test]
fn the_form_is_read_as_it_was_filled_in() {
    let expected = Settings {
        feedback_per_call: 3,
        merging: Merging::Threshold,
        own_domains: vec!["fernhill.example".into(), "desk.example".into()],
        withdraw_private: true,
        redact: true,
        review: Review::Uncertain,
        budget: MonthlyBudget {
            tokens: Some(2_000_000),
            dollars: None,
        },
    };
    assert_eq!(Settings::parse(&FORM), Ok(expected));
}

#[test]
fn one_to_five_pieces_of_feedback_a_call() {
    for (typed, read) in [
        ("1", Some(1)),
        ("5", Some(5)),
        (" 2 ", Some(2)),
        ("0", None),
        ("6", None),
        ("-1", None),
        ("1.5", None),
        ("two", None),
        ("300", None),
        ("", None),
    ] {
        let form = SettingsForm {
            feedback_per_call: typed,
            ..FORM
        };
        let set = Settings::parse(&form).map(|set| set.feedback_per_call);
        assert_eq!(
            set,
            read.ok_or(InvalidSetting::FeedbackPerCall),
            "{typed:?}"
        );
    }
}

#[test]
fn own_domains_are_separated_by_anything_and_checked_one_by_one() {
    let long = format!("{}.example", "a".repeat(250));
    for (typed, read) in [
        ("", Ok(&[][..])),
        (" \r\n , ", Ok(&[])),
        ("fernhill.example", Ok(&["fernhill.example"])),
        ("@FERNHILL.example", Ok(&["fernhill.example"])),
        (
            "a.example,b.example c.example\r\nd.example\te.example",
            Ok(&[
                "a.example",
                "b.example",
                "c.example",
                "d.example",
                "e.example",
            ]),
        ),
        (
            "mail.fern-hill.co.example",
            Ok(&["mail.fern-hill.co.example"]),
        ),
        ("a.example fernhill", Err("fernhill")),
        ("fernhill.", Err("fernhill.")),
        (".example", Err(".example")),
        ("a..example", Err("a..example")),
        ("https://a.example", Err("https://a.example")),
        ("ada@a.example", Err("ada@a.example")),
        ("fern_hill.example", Err("fern_hill.example")),
        (&long, Err(long.as_str())),
    ] {
        let form = SettingsForm {
            own_domains: typed,
            ..FORM
        };
        let set = Settings::parse(&form).map(|set| set.own_domains);
        let read = read.map(|domains| domains.iter().map(ToString::to_string).collect());
        let read = read.map_err(|wrong| InvalidSetting::Domain(wrong.to_owned()));
        assert_eq!(set, read, "{typed:?}");
    }
}

#[test]
fn a_choice_of_review_is_one_of_the_list() {
    for (typed, read) in [
        ("off", Some(Review::Off)),
        ("uncertain", Some(Review::Uncertain)),
        ("all", Some(Review::All)),
        ("All", None),
        ("maybe", None),
        ("", None),
    ] {
        let form = SettingsForm {
            review: typed,
            ..FORM
        };
        let set = Settings::parse(&form).map(|set| set.review);
        assert_eq!(set, read.ok_or(InvalidSetting::Review), "{typed:?}");
    }
}

#[test]
fn a_choice_of_merging_is_one_of_the_list() {
    for (typed, read) in [
        ("automatic", Some(Merging::Automatic)),
        ("threshold", Some(Merging::Threshold)),
        ("judged_below", Some(Merging::JudgedBelow)),
        ("judged", Some(Merging::Judged)),
        ("Judged", None),
        ("guards", None),
        ("", None),
    ] {
        let form = SettingsForm {
            merging: typed,
            ..FORM
        };
        let set = Settings::parse(&form).map(|set| set.merging);
        assert_eq!(set, read.ok_or(InvalidSetting::Merging), "{typed:?}");
    }
}

#[test]
fn the_rule_of_merging_is_what_was_chosen_as_far_as_it_can_be_had() {
    let newer: Merging = serde_json::from_str("\"by_people\"").unwrap();
    for (chosen, judges, stand_in, rule) in [
        (Merging::Automatic, false, false, MergedBy::Guards),
        (Merging::Automatic, false, true, MergedBy::Guards),
        (Merging::Automatic, true, false, MergedBy::JudgedBelow),
        (Merging::Automatic, true, true, MergedBy::Judged),
        (Merging::Threshold, false, true, MergedBy::Threshold),
        (Merging::Threshold, true, false, MergedBy::Threshold),
        (Merging::JudgedBelow, true, true, MergedBy::JudgedBelow),
        (Merging::JudgedBelow, false, false, MergedBy::Guards),
        (Merging::Judged, true, false, MergedBy::Judged),
        (Merging::Judged, false, false, MergedBy::Guards),
        (newer, true, true, MergedBy::Judged),
        (newer, false, false, MergedBy::Guards),
    ] {
        let by = chosen.by(judges, stand_in);
        assert_eq!(by, rule, "{chosen:?} {judges} {stand_in}");
    }
}

#[test]
fn a_budget_is_a_whole_number_or_none() {
    for (typed, read) in [
        ("", Some(None)),
        ("  ", Some(None)),
        ("1", Some(Some(1))),
        ("$50", Some(Some(50))),
        ("2,000,000", Some(Some(2_000_000))),
        ("2 000 000", Some(Some(2_000_000))),
        ("2_000_000", Some(Some(2_000_000))),
        ("0", None),
        ("-5", None),
        ("1.50", None),
        ("1e6", None),
        ("unlimited", None),
        ("99999999999999999999", None),
    ] {
        let tokens = SettingsForm {
            monthly_tokens: typed,
            ..FORM
        };
        let set = Settings::parse(&tokens).map(|set| set.budget.tokens);
        assert_eq!(set, read.ok_or(InvalidSetting::Tokens), "{typed:?} tokens");
        let dollars = SettingsForm {
            monthly_dollars: typed,
            ..FORM
        };
        let set = Settings::parse(&dollars).map(|set| set.budget.dollars);
        assert_eq!(
            set,
            read.ok_or(InvalidSetting::Dollars),
            "{typed:?} dollars"
        );
    }
}

#[test]
fn a_budget_says_what_of_it_is_used_up() {
    for (name, limits, tokens, cost_micros, used_up) in [
        ("no limit", (None, None), u64::MAX, u64::MAX, None),
        ("below both", (Some(1_000), Some(2)), 999, 1_999_999, None),
        (
            "tokens at the limit",
            (Some(1_000), Some(2)),
            1_000,
            0,
            Some("1000 tokens"),
        ),
        (
            "tokens above it",
            (Some(1_000), None),
            1_001,
            0,
            Some("1000 tokens"),
        ),
        (
            "dollars at the limit",
            (Some(1_000), Some(2)),
            0,
            2_000_000,
            Some("$2"),
        ),
        (
            "dollars above it",
            (None, Some(2)),
            0,
            2_000_001,
            Some("$2"),
        ),
        (
            "both",
            (Some(1_000), Some(2)),
            5_000,
            5_000_000,
            Some("1000 tokens"),
        ),
        (
            "tokens without their limit",
            (None, Some(2)),
            5_000,
            0,
            None,
        ),
        (
            "dollars without theirs",
            (Some(1_000), None),
            0,
            5_000_000,
            None,
        ),
        (
            "more dollars than can be counted",
            (None, Some(18_446_744_073_710)),
            0,
            5_000_000,
            None,
        ),
    ] {
        let (most_tokens, most_dollars) = limits;
        let budget = MonthlyBudget {
            tokens: most_tokens,
            dollars: most_dollars,
        };
        let usage = Usage {
            prompt_tokens: tokens,
            cost_micros,
            ..Usage::default()
        };
        assert_eq!(budget.used_up(&usage).as_deref(), used_up, "{name}");
    }
}

#[test]
fn what_was_never_set_has_its_default() {
    for (stored, expected) in [
        ("{}", Settings::default()),
        (
            r#"{"feedback_per_call":4,"review":"all"}"#,
            Settings {
                feedback_per_call: 4,
                review: Review::All,
                ..Settings::default()
            },
        ),
        (
            r#"{"merge_guards":false}"#,
            Settings {
                merging: Merging::Threshold,
                ..Settings::default()
            },
        ),
        (r#"{"merge_guards":true}"#, Settings::default()),
        (
            r#"{"merging":"judged"}"#,
            Settings {
                merging: Merging::Judged,
                ..Settings::default()
            },
        ),
        (
            r#"{"budget":{"dollars":20}}"#,
            Settings {
                budget: MonthlyBudget {
                    tokens: None,
                    dollars: Some(20),
                },
                ..Settings::default()
            },
        ),
    ] {
        let set: Settings = serde_json::from_str(stored).unwrap();
        assert_eq!(set, expected, "{stored}");
    }
}

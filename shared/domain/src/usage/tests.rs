use super::*;

/// Use of these many calls, tokens sent, tokens written and tokens embedded.
fn used([llm_calls, prompt_tokens, completion_tokens, embedded_tokens]: [u64; 4]) -> Usage {
    Usage {
        llm_calls,
        prompt_tokens,
        completion_tokens,
        embedded_tokens,
        ..Usage::default()
    }
}

fn month(rfc3339: &str) -> Month {
    Month::of(Timestamp::parse_rfc3339(rfc3339).unwrap())
}

#[test]
fn uses_add_up_field_by_field() {
    for (name, uses, sum, tokens) in [
        ("nothing", &[][..], [0, 0, 0, 0], 0),
        ("one", &[[1, 100, 10, 0]], [1, 100, 10, 0], 110),
        (
            "calls of both models",
            &[
                [1, 100, 10, 0],
                [2, 900, 90, 0],
                [0, 0, 0, 50],
                [0, 0, 0, 5],
            ],
            [3, 1_000, 100, 55],
            1_155,
        ),
    ] {
        let meter = Meter::default();
        uses.iter().for_each(|one| meter.add(used(*one)));
        let taken = meter.take();
        assert_eq!((taken, taken.tokens()), (used(sum), tokens), "{name}");
        assert_eq!(meter.take(), Usage::default(), "{name}: taken once");
    }
    let mut sum = Usage {
        embedded_texts: 1,
        cost_micros: 2,
        unpriced_tokens: 3,
        cached_tokens: 4,
        cache_written_tokens: 5,
        detected: 6,
        extracted: 7,
        ..Usage::default()
    };
    sum += sum;
    let (texts, cost, unpriced) = (sum.embedded_texts, sum.cost_micros, sum.unpriced_tokens);
    assert_eq!((texts, cost, unpriced), (2, 4, 6));
    let kept = [sum.cached_tokens, sum.cache_written_tokens];
    assert_eq!((kept, sum.detected, sum.extracted), ([8, 10], 12, 14));
}

#[test]
fn what_came_on_top_is_never_less_than_nothing() {
    for (name, now, earlier, since) in [
        ("nothing", [1, 2, 3, 4], [1, 2, 3, 4], [0, 0, 0, 0]),
        ("some of each", [5, 6, 7, 8], [1, 2, 3, 4], [4, 4, 4, 4]),
        ("less than before", [0, 9, 0, 9], [1, 2, 3, 4], [0, 7, 0, 5]),
    ] {
        assert_eq!(used(now).since(&used(earlier)), used(since), "{name}");
    }
}

#[test]
fn what_has_a_price_is_priced_and_the_rest_is_counted() {
    let prices = "small=0.25/2, voyage-4=0.06, own=0, maker=tuned=1/10, small-2 = 1.000001";
    let prices = Prices::parse(prices).unwrap();
    for (model, usage, cost_micros, unpriced_tokens) in [
        ("small", [1, 12_000, 100, 0], 3_200, 0),
        ("small", [1, 0, 0, 0], 0, 0),
        ("small", [1, 0, 1_000_000, 0], 2_000_000, 0),
        ("small", [1, 1, 0, 0], 1, 0),
        ("small", [1, 4, 0, 0], 1, 0),
        ("small", [1, 5, 0, 0], 2, 0),
        ("small-2", [1, 1_000_000, 1_000_000, 0], 1_000_001, 0),
        ("voyage-4", [0, 0, 0, 150], 9, 0),
        ("own", [1, 12_000, 100, 50], 0, 0),
        ("maker=tuned", [1, 1_000, 100, 0], 2_000, 0),
        ("Small", [1, 12_000, 100, 0], 0, 12_100),
        ("other", [1, 12_000, 100, 50], 0, 12_150),
        ("other", [1, 0, 0, 0], 0, 0),
    ] {
        let priced = prices.priced(model, used(usage));
        let expected = Usage {
            cost_micros,
            unpriced_tokens,
            ..used(usage)
        };
        assert_eq!(priced, expected, "{model} {usage:?}");
    }
    for (model, known) in [
        ("small", true),
        ("own", true),
        ("Small", false),
        ("", false),
    ] {
        assert_eq!(prices.knows(model), known, "{model:?}");
    }
}

#[test]
fn what_a_provider_had_kept_is_cheaper_and_keeping_it_dearer() {
    let prices = Prices::parse("small=2/8/0.2,plain=2/8").unwrap();
    for (model, sent, cached, kept, cost_micros) in [
        ("small", 1_000, 0, 0, 2_000),
        ("small", 1_000, 900, 0, 380),
        ("small", 1_000, 1_000, 0, 200),
        ("small", 1_000, 0, 1_000, 2_500),
        ("small", 1_000, 5_000, 0, 200),
        ("plain", 1_000, 900, 0, 2_000),
    ] {
        let usage = Usage {
            prompt_tokens: sent,
            cached_tokens: cached,
            cache_written_tokens: kept,
            ..Usage::default()
        };
        let cost = prices.priced(model, usage).cost_micros;
        assert_eq!(cost, cost_micros, "{model} {sent} {cached} {kept}");
    }
}

#[test]
fn the_share_that_is_read_again_is_known_after_enough_calls() {
    for (detected, extracted, expected) in [
        (0, 0, None),
        (99, 50, None),
        (100, 30, Some(0.3)),
        (200, 0, Some(0.0)),
    ] {
        let used = Usage {
            detected,
            extracted,
            ..Usage::default()
        };
        assert_eq!(used.read_again(), expected, "{detected} {extracted}");
    }
}

#[test]
fn a_wrong_price_is_named() {
    for (text, wrong) in [
        ("model", "model"),
        ("model=", "model="),
        ("model=a", "model=a"),
        ("model=-1", "model=-1"),
        ("model=$1", "model=$1"),
        ("model=.5", "model=.5"),
        ("model=1,5", "5"),
        ("model=1/", "model=1/"),
        ("model=1/b", "model=1/b"),
        ("model=1/2/", "model=1/2/"),
        ("model=1/2/3/4", "model=1/2/3/4"),
        ("m=1.1234567", "m=1.1234567"),
        ("m=1000001", "m=1000001"),
        ("good=1/2, bad=x ,worse", "bad=x"),
    ] {
        assert_eq!(
            Prices::parse(text),
            Err(InvalidPrice(wrong.into())),
            "{text}"
        );
    }
    for nothing in ["", " ", " , ,"] {
        assert_eq!(Prices::parse(nothing), Ok(Prices::default()), "{nothing:?}");
    }
}

#[test]
fn a_moment_lies_in_its_month_of_utc() {
    for (moment, written, next) in [
        ("2026-11-01T00:00:00Z", "2026-11", "2026-12"),
        ("2026-11-30T23:59:59.999Z", "2026-11", "2026-12"),
        ("2026-12-31T23:59:59Z", "2026-12", "2027-01"),
        ("2026-12-31T23:30:00-01:00", "2027-01", "2027-02"),
        ("2027-01-01T00:30:00+01:00", "2026-12", "2027-01"),
    ] {
        let month = month(moment);
        assert_eq!(month.to_string(), written, "{moment}");
        assert_eq!(month.next().to_string(), next, "after {moment}");
        assert!(month < month.next(), "{moment}");
        assert_eq!(Month::parse(written), Some(month), "{moment}");
    }
}

#[test]
fn a_text_that_is_no_month_is_none() {
    for text in [
        "2026-13",
        "2026-00",
        "2026",
        "2026-",
        "-11",
        "11/2026",
        "2026-11-01",
        "",
    ] {
        assert_eq!(Month::parse(text), None, "{text:?}");
    }
}

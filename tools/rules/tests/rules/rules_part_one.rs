//! The built-in rules over the samples' first part, the calls that they were developed with.
//! What they reach on calls that nobody had seen is for another test to tell.
use std::collections::HashSet;

use crate::sample_calls::{conversation, json, part_one};
use domain::conversation::Conversation;
use ingest::pipeline::quotes::QuoteFinder;
use rules::BuiltInRules;
use serde_json::Value;

struct Sample {
    file: String,
    conversation: Conversation,
    expected: Value,
}

/// Every call whose transcript may be read.
fn samples() -> Vec<Sample> {
    let folder = part_one();
    let expected = json(&folder.join("expected.json"));
    let calls = expected["calls"].as_array().unwrap().iter();
    calls
        .filter(|call| call["expect"] != "private")
        .map(|call| {
            let file = call["file"].as_str().unwrap().to_owned();
            let conversation = conversation(&json(&folder.join(&file)));
            Sample {
                file,
                conversation,
                expected: call.clone(),
            }
        })
        .collect()
}

#[test]
fn detect_on_part_one() {
    let (mut hits, mut misses, mut false_alarms, mut calls) = (0, 0, 0, 0);
    for sample in samples() {
        let detection = BuiltInRules.detect(&sample.conversation);
        println!(
            "{}: {} ({})",
            sample.file, detection.feedback, detection.reason
        );
        calls += 1;
        match (sample.expected["expect"] == "feedback", detection.feedback) {
            (true, true) => hits += 1,
            (true, false) => misses += 1,
            (false, true) => false_alarms += 1,
            (false, false) => {}
        }
    }
    println!("{calls} calls: {hits} found, {misses} missed, {false_alarms} false alarms");
    assert!(hits >= 9, "recall fell");
    assert_eq!((misses, false_alarms), (0, 0), "precision or recall fell");
}

#[test]
fn the_expected_sentence_is_the_first_quote() {
    let mut missed = Vec::new();
    for sample in samples() {
        let Some(expected) = sample.expected["quote"].as_str() else {
            continue;
        };
        let found = BuiltInRules.extract(&sample.conversation, 1);
        println!("{}: {}", sample.file, found[0].request.title);
        if found[0].quotes[0] != expected {
            missed.push((sample.file, found[0].quotes.clone()));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_quote_stands_word_for_word_in_the_customers_sentences() {
    for sample in samples() {
        let said: Vec<&str> = sample
            .conversation
            .customer_turns()
            .flat_map(|turn| turn.sentences.iter().map(|sentence| sentence.text.as_str()))
            .collect();
        let finder = QuoteFinder::new(&sample.conversation);
        for finding in BuiltInRules.extract(&sample.conversation, 5) {
            assert!((1..=3).contains(&finding.quotes.len()), "{}", sample.file);
            let distinct: HashSet<&String> = finding.quotes.iter().collect();
            assert_eq!(distinct.len(), finding.quotes.len(), "{}", sample.file);
            for quote in &finding.quotes {
                assert!(
                    said.iter()
                        .any(|sentence| sentence.contains(quote.as_str())),
                    "{quote}"
                );
            }
            assert!(
                !finder.verify(&finding.quotes).quotes.is_empty(),
                "{}",
                sample.file
            );
        }
    }
}

#[test]
fn findings_keep_their_bounds_and_come_out_the_same_again() {
    for sample in samples() {
        let found = BuiltInRules.extract(&sample.conversation, 5);
        assert_eq!(found, BuiltInRules.extract(&sample.conversation, 5));
        let detected = BuiltInRules.detect(&sample.conversation).feedback;
        assert_eq!(!found.is_empty(), detected, "{}", sample.file);
        for finding in found {
            assert!(
                (3..=80).contains(&finding.request.title.chars().count()),
                "{}",
                finding.request.title
            );
            assert!(!finding.request.description.is_empty());
            assert!(finding.request.pain_points.len() <= 3);
        }
    }
}

/// Calls of one cluster must look more alike than calls of different ones; the sample's clusters
/// share no wording, so this rests on the headings that the rules give.
#[test]
fn one_wish_has_one_heading() {
    for (cluster, heading) in [
        ("R1-export-report-pdf", "PDF"),
        ("R2-export-tickets-csv", "CSV"),
        ("R3-attachment-limit", "More attachments per ticket"),
        ("R4-dark-mode", "Dark mode"),
        ("R5-sso-session-timeout", "Signed out too early"),
    ] {
        for sample in samples() {
            if sample.expected["cluster"] == cluster {
                let found = BuiltInRules.extract(&sample.conversation, 1);
                assert!(
                    found[0].request.title.contains(heading),
                    "{}: {}",
                    sample.file,
                    found[0].request.title
                );
            }
        }
    }
}

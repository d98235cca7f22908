//! How right the built-in rules with the local model are on the sample calls, both parts apart:
//! the first was in view when the rules were made, the second was not.

use std::path::{Path, PathBuf};

use journeys::accuracy::{Accuracy, Expected};
use local_runner::try_run::{Tried, try_folder};
use runtime::config::Config;

fn folder(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../samples")
        .join(part)
}

async fn measure(part: &str) -> (Tried, Accuracy) {
    let folder = folder(part);
    let config = Config::read(|_| None).unwrap();
    let data = tempfile::tempdir().unwrap();
    let tried = try_folder(&config, &folder, data.path()).await.unwrap();
    assert!(tried.ok(), "{}", tried.report.text());
    assert_eq!(tried.report.violations, Vec::<String>::new());
    let accuracy = Expected::load(&folder).unwrap().compare(&tried.report);
    println!("{part}: detection {}", accuracy.detection);
    println!("{part}: merged pairs {}", accuracy.merges);
    for miss in &accuracy.misses {
        println!("{part}:   {miss}");
    }
    (tried, accuracy)
}

/// Every quote stands word for word in the transcript of its call.
fn assert_grounded(part: &str, tried: &Tried) {
    let loaded = gong_sandbox::load_folder(&folder(part)).unwrap();
    for (_, evidence) in tried.report.posts() {
        for item in evidence {
            let id = item.call_id.as_str();
            let call = loaded.calls.iter().find(|c| c.id() == Some(id)).unwrap();
            let said: Vec<String> = call
                .transcript
                .as_ref()
                .unwrap()
                .as_array()
                .unwrap()
                .iter()
                .map(|monologue| {
                    let sentences = monologue["sentences"].as_array().unwrap().iter();
                    let texts = sentences.map(|s| s["text"].as_str().unwrap_or_default());
                    texts.collect::<Vec<_>>().join(" ")
                })
                .collect();
            assert!(!item.quotes.is_empty(), "{item:#?}");
            for quote in &item.quotes {
                assert!(
                    said.iter().any(|text| text.contains(&quote.text)),
                    "{quote:#?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_first_part_that_the_rules_were_made_with() {
    let (tried, accuracy) = measure("part-one").await;
    assert_grounded("part-one", &tried);
    assert!(accuracy.detection.precision() >= 1.0, "{accuracy:#?}");
    assert!(accuracy.detection.recall() >= 1.0, "{accuracy:#?}");
    assert!(accuracy.merges.precision() >= 1.0, "{accuracy:#?}");
    assert!(accuracy.merges.recall() >= 0.5, "{accuracy:#?}");
}

#[tokio::test]
async fn the_second_part_that_the_rules_had_not_seen() {
    let (tried, accuracy) = measure("part-two").await;
    assert_grounded("part-two", &tried);
}

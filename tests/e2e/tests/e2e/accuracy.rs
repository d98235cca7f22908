//! How right the built-in engine with the local model is on the sample calls. The first two parts
//! were in view when it was made; the third is for reading off figures only.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use environment::Environment;
use eval::{
    calls::{Accuracy, Expected},
    score::Score,
};
use local_runner::{
    config::Config,
    evaluate::evaluate_recorded,
    recorded::Recorded,
    try_run::{Tried, try_folder},
};

fn folder(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../samples")
        .join(part)
}

async fn measure(parts: &[&str]) -> (Tried, Accuracy) {
    let config = Config::read(&Environment::new(|_| None)).unwrap();
    let data = tempfile::tempdir().unwrap();
    let calls = tempfile::tempdir().unwrap();
    for part in parts {
        for file in std::fs::read_dir(folder(part)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_owned();
            if name != "expected.json" {
                std::fs::copy(&path, calls.path().join(name)).unwrap();
            }
        }
    }
    let tried = try_folder(&config, &calls.path().to_owned(), data.path())
        .await
        .unwrap();
    assert!(tried.ok(), "{}", tried.report.text());
    assert_eq!(tried.report.violations, Vec::<String>::new());
    let expected = parts
        .iter()
        .map(|part| Expected::load(&folder(part)).unwrap());
    let accuracy = Expected::join(expected).compare(tried.report.calls());
    let name = parts.join(" + ");
    println!("{name}: detection {}", figures(&accuracy.detection));
    println!("{name}: merged pairs {}", figures(&accuracy.merges));
    for miss in &accuracy.misses {
        println!("{name}:   {miss}");
    }
    assert_grounded(parts, &tried);
    (tried, accuracy)
}

fn figures(score: &Score) -> String {
    format!(
        "precision {:.2}, recall {:.2} ({} right, {} wrong, {} missed)",
        score.precision(),
        score.recall(),
        score.right,
        score.wrong,
        score.missed
    )
}

/// Every quote stands word for word in the transcript of its call.
fn assert_grounded(parts: &[&str], tried: &Tried) {
    let load = |part: &&str| gong_sandbox::load_folder(&folder(part)).unwrap().calls;
    let loaded: Vec<_> = parts.iter().flat_map(load).collect();
    for (_, evidence) in tried.report.posts() {
        for item in evidence {
            let id = item.call_id.as_str();
            let call = loaded.iter().find(|c| c.id() == Some(id)).unwrap();
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

/// The figures that were reached; docs/evaluation.md names them.
fn assert_at_least(accuracy: &Accuracy, detection: (f64, f64), merges: (f64, f64)) {
    let reached = |score: &Score, (precision, recall): (f64, f64)| {
        score.precision() >= precision && score.recall() >= recall
    };
    assert!(reached(&accuracy.detection, detection), "{accuracy:#?}");
    assert!(reached(&accuracy.merges, merges), "{accuracy:#?}");
}

#[tokio::test]
async fn both_parts_together_with_requests_that_span_them() {
    let (_, accuracy) = measure(&["part-one", "part-two"]).await;
    assert_at_least(&accuracy, (0.95, 0.92), (1.0, 0.0));
}

#[tokio::test]
async fn the_third_part_that_nothing_was_chosen_by() {
    let (_, accuracy) = measure(&["part-three"]).await;
    assert_at_least(&accuracy, (0.80, 0.68), (1.0, 0.0));
}

/// With recorded answers of readers in the place of a language model: what prompts, the judge and
/// code come to. `docs/evaluation.md` names the figures.
#[tokio::test]
async fn a_capable_readers_answers_on_all_three_parts() {
    let config = Config::read(&Environment::new(|_| None)).unwrap();
    let data = tempfile::tempdir().unwrap();
    let recorded = Arc::new(Recorded::load(&folder("answers"), None).unwrap());
    let evaluation = evaluate_recorded(&config, &folder("."), data.path(), &recorded).await;
    let evaluation = evaluation.unwrap();
    println!("{}", evaluation.text());
    let (asked, missing) = recorded.counted();
    assert!(missing * 20 <= asked, "{missing} of {asked} have no answer");
    let sum = |of: fn(&Accuracy) -> &Score| {
        let scores = evaluation.calls.iter().map(|calls| of(&calls.accuracy));
        scores.fold(Score::default(), |sum, score| Score {
            right: sum.right + score.right,
            wrong: sum.wrong + score.wrong,
            missed: sum.missed + score.missed,
        })
    };
    let accuracy = Accuracy {
        detection: sum(|accuracy| &accuracy.detection),
        merges: sum(|accuracy| &accuracy.merges),
        misses: Vec::new(),
    };
    assert_at_least(&accuracy, (0.98, 0.98), (0.97, 0.90));
    let grounding = evaluation.grounding;
    assert!(
        grounding.rejected * 50 <= grounding.claimed,
        "{grounding:?}"
    );
}

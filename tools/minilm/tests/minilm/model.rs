//! The real model.

use std::fs;
use std::path::{Path, PathBuf};

use minilm::{DIMENSION, LoadError, MiniLm, TOKENIZER_FILE, WEIGHTS_FILE, ensure_weights};

fn weights() -> PathBuf {
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/models");
    ensure_weights(&cache, |line| eprintln!("{line}")).unwrap()
}

fn model() -> MiniLm {
    MiniLm::load(&weights()).unwrap()
}

fn score(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(l, r)| l * r).sum()
}

#[test]
fn agrees_with_the_published_numbers() {
    // The beginning of the vector that the model's authors' own library gives.
    let published = [
        0.067_656_91,
        0.063_495_94,
        0.048_713_12,
        0.079_304_98,
        0.037_448_09,
        0.002_652_75,
    ];
    let vectors = model().embed(&["This is an example sentence"]).unwrap();
    for (ours, theirs) in vectors[0].iter().zip(published) {
        assert!((ours - theirs).abs() < 1e-5, "{ours} against {theirs}");
    }
}

#[test]
fn scores_paraphrases_high_and_unrelated_requests_low() {
    let vectors = model()
        .embed(&[
            "We need to export reports as a CSV file.",
            "Could you let us download the reports in CSV format?",
            "An export of our reports to CSV would save us a lot of time.",
            "Please add single sign-on with our identity provider.",
            "The mobile app should have a dark mode.",
        ])
        .unwrap();
    let (requests, unrelated) = vectors.split_at(3);
    for (index, request) in requests.iter().enumerate() {
        for other in &requests[..index] {
            assert!(score(request, other) >= 0.55, "{}", score(request, other));
        }
        for other in unrelated {
            assert!(score(request, other) <= 0.25, "{}", score(request, other));
        }
    }
}

#[test]
fn a_vector_has_unit_length_and_does_not_depend_on_its_batch() {
    let long = "The export of large reports stops after a while. ".repeat(60);
    let mut texts: Vec<String> = (1..40)
        .map(|words| "export the weekly report ".repeat(words))
        .collect();
    texts.extend([
        String::new(),
        "dark mode".to_owned(),
        "日本語 🚲 \u{0} é".to_owned(),
        long,
    ]);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let model = model();

    let together = model.embed(&texts).unwrap();
    assert_eq!(together.len(), texts.len());
    for (text, vector) in texts.iter().zip(&together) {
        let alone = &model.embed(&[text]).unwrap()[0];
        assert_eq!(vector.len(), DIMENSION);
        assert!((score(vector, vector) - 1.0).abs() < 1e-5, "{text:?}");
        for (left, right) in vector.iter().zip(alone) {
            assert!(
                (left - right).abs() < 1e-5,
                "{text:?}: {left} in the batch, {right} alone"
            );
        }
    }
}

#[test]
fn cuts_a_text_at_the_limit() {
    let words = |count| "export ".repeat(count);
    let model = model();
    // Two of the tokens are the marks of the beginning and the end.
    let (limit, longer, shorter) = (words(254), words(3_000), words(150));
    let vectors = model.embed(&[&limit, &longer, &shorter]).unwrap();
    assert!(score(&vectors[0], &vectors[1]) > 0.999_99);
    assert!(
        score(&vectors[0], &vectors[2]) < 0.999_9,
        "{}",
        score(&vectors[0], &vectors[2])
    );
}

#[test]
fn embeds_nothing_to_nothing() {
    assert!(model().embed(&[]).unwrap().is_empty());
}

#[test]
fn refuses_a_partial_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(
        weights().join(TOKENIZER_FILE),
        folder.path().join(TOKENIZER_FILE),
    )
    .unwrap();
    let whole = fs::read(weights().join(WEIGHTS_FILE)).unwrap();
    fs::write(folder.path().join(WEIGHTS_FILE), &whole[..whole.len() / 2]).unwrap();

    let error = MiniLm::load(folder.path()).err().unwrap();
    assert!(matches!(error, LoadError::WrongHash { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains(&folder.path().join(WEIGHTS_FILE).display().to_string()),
        "{error}"
    );
}

#[test]
fn refuses_a_foreign_tokenizer() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(TOKENIZER_FILE), "{}").unwrap();

    let error = MiniLm::load(folder.path()).err().unwrap();
    assert!(matches!(error, LoadError::WrongHash { .. }), "{error}");
    assert!(error.to_string().contains(TOKENIZER_FILE), "{error}");
}

#[test]
fn says_which_file_is_missing_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = MiniLm::load(folder.path()).err().unwrap();
    let text = error.to_string();
    assert!(matches!(error, LoadError::Missing { .. }), "{text}");
    assert!(
        text.contains(&folder.path().display().to_string()),
        "{text}"
    );
    assert!(
        text.contains("VOYAGE_API_KEY") && text.contains("MINILM_DIR"),
        "{text}"
    );
}

#[test]
fn can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<MiniLm>();
}

//! Measures which score separates requests that are the same from those that are not.
//!
//! `cargo run --release -p minilm --example calibrate -- <cases.jsonl> [language]` reads lines of
//! `{"text", "cluster", "lang"?}`, of which those of one cluster belong together, and prints what every threshold
//! would give. The weights come from `MINILM_DIR` or the workspace's cache.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use minilm::{MiniLm, ensure_weights};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    text: String,
    cluster: String,
    lang: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let file = arguments.next().ok_or("give the file with the cases")?;
    let language = arguments.next();
    let cases = read(Path::new(&file), language.as_deref())?;

    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let vectors = MiniLm::load(&folder()?)?.embed(&texts)?;
    let score = |left: usize, right: usize| -> f32 {
        vectors[left]
            .iter()
            .zip(&vectors[right])
            .map(|(l, r)| l * r)
            .sum()
    };
    let same = |left: usize, right: usize| cases[left].cluster == cases[right].cluster;

    let mut pairs = Vec::new();
    for left in 0..cases.len() {
        pairs.extend((left + 1..cases.len()).map(|right| (score(left, right), same(left, right))));
    }
    let positives = pairs.iter().filter(|(_, same)| *same).count();

    let mut sizes: HashMap<&str, usize> = HashMap::new();
    for case in &cases {
        *sizes.entry(&case.cluster).or_default() += 1;
    }
    let asked: Vec<usize> = (0..cases.len())
        .filter(|&case| sizes[cases[case].cluster.as_str()] > 1)
        .collect();
    let found = asked
        .iter()
        .filter(|&&case| {
            let mut others: Vec<usize> = (0..cases.len()).filter(|&other| other != case).collect();
            others.sort_by(|&left, &right| score(case, right).total_cmp(&score(case, left)));
            others.iter().take(5).any(|&other| same(case, other))
        })
        .count();

    println!(
        "{} texts, {} clusters, {} pairs, {positives} of them the same",
        cases.len(),
        sizes.len(),
        pairs.len()
    );
    println!(
        "recall@5: {:.3} of {} texts that have another of their cluster\n",
        ratio(found, asked.len()),
        asked.len()
    );
    println!("threshold  merged  wrong  precision  recall     F1");
    for step in 40_u8..=95 {
        let threshold = f32::from(step) / 100.0;
        let merged = || pairs.iter().filter(|(score, _)| *score >= threshold);
        let wrong = merged().filter(|(_, same)| !same).count();
        let right = merged().count() - wrong;
        let precision = ratio(right, right + wrong);
        let recall = ratio(right, positives);
        let f1 = ratio(2 * right, 2 * right + wrong + positives - right);
        println!(
            "{threshold:>9.2}  {:>6}  {wrong:>5}  {precision:>9.3}  {recall:>6.3}  {f1:>5.3}",
            right + wrong
        );
    }
    Ok(())
}

fn read(file: &Path, language: Option<&str>) -> Result<Vec<Case>, Box<dyn Error>> {
    let mut cases = Vec::new();
    for line in fs::read_to_string(file)?
        .lines()
        .filter(|line| !line.trim().is_empty())
    {
        let case: Case = serde_json::from_str(line)?;
        if language.is_none() || case.lang.as_deref() == language {
            cases.push(case);
        }
    }
    Ok(cases)
}

fn folder() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(folder) = env::var_os("MINILM_DIR") {
        return Ok(folder.into());
    }
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/models");
    Ok(ensure_weights(&cache, |line| eprintln!("{line}"))?)
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        f64::NAN
    } else {
        part as f64 / whole as f64
    }
}

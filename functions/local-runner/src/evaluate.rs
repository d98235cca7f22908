//! `eval DIR`: the configured engine on texts and calls whose answers are known.

use std::{path::Path, sync::Arc};

use adapters::system::{SystemClock, SystemIds};
use anyhow::Result;
use domain::ports::system::{Clock, Ids};
use eval::{Evaluation, Ran};

use crate::{config::Config, engine::Engine, recorded::Recorded, samples, try_run::try_folder};

/// Measures everything in a folder; with `fused` also detection by extract alone.
///
/// # Errors
/// As [`eval::evaluate`], and when a model cannot be used.
pub async fn evaluate(
    config: &Config,
    folder: &Path,
    data: &Path,
    fused: bool,
) -> Result<Evaluation> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn Ids> = Arc::new(SystemIds);
    let engine = Engine::load(config, &samples::model_cache(data), &clock, &ids).await?;
    let engine = eval::Engine {
        analyst: engine.analyst,
        embedder: engine.embedder,
        words: engine.llm_words,
        prices: config.prices.clone(),
        concurrency: config.concurrency,
        fused,
    };
    let run = async |folder: &Path| {
        let tried = try_folder(config, &folder.to_owned(), data).await?;
        for problem in &tried.problems {
            eprintln!("left out: {problem}");
        }
        let evidence = tried.report.posts().iter().flat_map(|(_, e)| e.clone());
        Ok(Ran {
            calls: tried.report.calls().to_vec(),
            evidence: evidence.collect(),
            usage: tried.report.usage(),
        })
    };
    eval::evaluate(engine, folder, run).await
}

/// The same with recorded answers in the place of a language model, one call after another, so that
/// every run asks the same questions.
///
/// # Errors
/// As above.
pub async fn evaluate_recorded(
    config: &Config,
    folder: &Path,
    data: &Path,
    recorded: &Arc<Recorded>,
) -> Result<Evaluation> {
    let config = Config {
        llm: Some(recorded.serve().await?),
        concurrency: 1,
        ..config.clone()
    };
    let evaluation = evaluate(&config, folder, data, false).await?;
    let (asked, missing) = recorded.counted();
    eprintln!("{missing} of {asked} questions have no recorded answer");
    Ok(evaluation)
}

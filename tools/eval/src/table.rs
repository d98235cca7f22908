//! The figures as text.

use std::fmt::Write as _;

use crate::{Evaluation, score::Score};

pub(super) fn text(evaluation: &Evaluation) -> String {
    let mut out = String::new();
    let usage = &evaluation.usage;
    // Writing to a String does not fail.
    let _ = write(evaluation, &mut out);
    let _ = writeln!(
        out,
        "\nQuotes: {} given, {} rejected by verification ({:.1} %)",
        evaluation.grounding.claimed,
        evaluation.grounding.rejected,
        100.0 * evaluation.grounding.rejected_share()
    );
    #[expect(
        clippy::cast_precision_loss,
        reason = "a cost is far below 2^52 millionths"
    )]
    let dollars = usage.cost_micros as f64 / 1e6;
    let _ = writeln!(
        out,
        "Used: {} model requests, {} tokens sent, {} written, {} embedded; ${dollars:.4}, {} tokens without a price",
        usage.llm_calls,
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.embedded_tokens,
        usage.unpriced_tokens
    );
    out
}

fn write(evaluation: &Evaluation, out: &mut String) -> std::fmt::Result {
    writeln!(out, "Engine: {}", evaluation.engine)?;
    writeln!(out, "Embeddings: {}", evaluation.embedder)?;
    if !evaluation.detection.is_empty() {
        writeln!(out, "\nIs it feedback?")?;
        for part in &evaluation.detection {
            line(out, &part.name, &part.score)?;
            if let Some(fused) = &part.fused {
                line(out, "  by extract alone", fused)?;
            }
        }
    }
    for part in &evaluation.dedupe {
        writeln!(
            out,
            "\nIs it the same? {}: {} texts, {} compared as they are; recall@5 {:.3}",
            part.name, part.texts, part.not_extracted, part.recall_at_5
        )?;
        let at = &part.at_threshold;
        line(
            out,
            &format!("threshold {:.2}, as configured", at.threshold),
            &at.pairs,
        )?;
        line(out, "the same without guards", &part.without_guards)?;
        let best = &part.best;
        line(
            out,
            &format!("threshold {:.2}, the best F1", best.threshold),
            &best.pairs,
        )?;
        for point in &part.curve {
            line(out, &format!("  {:.2}", point.threshold), &point.pairs)?;
        }
    }
    for part in &evaluation.calls {
        writeln!(out, "\nCalls of {}", part.name)?;
        line(out, "does it hold feedback?", &part.accuracy.detection)?;
        line(out, "are two the same?", &part.accuracy.merges)?;
        for miss in &part.accuracy.misses {
            writeln!(out, "    {miss}")?;
        }
    }
    Ok(())
}

fn line(out: &mut String, name: &str, score: &Score) -> std::fmt::Result {
    writeln!(
        out,
        "  {name:<34} precision {:.3}  recall {:.3}  F1 {:.3}   ({} right, {} wrong, {} missed)",
        score.precision(),
        score.recall(),
        score.f1(),
        score.right,
        score.wrong,
        score.missed
    )
}

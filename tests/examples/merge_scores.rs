//! Prints, for folders of sample calls with `expected.json`, how similar the findings of the
//! built-in rules are under the local model, pair by pair, and what each threshold would merge:
//! what the local model's threshold is calibrated with.
//!
//! `cargo run -p journeys --example merge_scores -- samples/part-one`

use std::path::PathBuf;

use domain::connection::History;
use domain::{
    feedback::post::embedding_text,
    pipeline::{
        guards::{Claim, guards},
        look::cosine,
    },
    ports::{analysis::Embedder, feedback::FeedbackStore},
};
use journeys::{Rig, rig::local_model};
use local_runner::eval::calls::Expected;
use local_runner::samples;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folders: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let mut findings = Vec::new();
    for folder in &folders {
        let expected = Expected::load(folder)?;
        let (calls, _) = samples::load(std::slice::from_ref(folder))?;
        // Each call alone, so that nothing is merged.
        for call in calls {
            let id = call.id().unwrap_or_default().to_owned();
            let rig = Rig::with_calls(vec![call]).await;
            rig.connected(History::Since(domain::moment::Timestamp(0)))
                .await;
            let org = journeys::rig::admin().org_id;
            for post in rig.house.store.posts(&org, &Default::default()).await? {
                let text = embedding_text(&post.title, &post.description, &post.pain_points);
                findings.push((
                    expected.cluster(&id),
                    post.description.clone(),
                    post.title.clone(),
                    text,
                ));
            }
        }
    }
    let model = local_model().await;
    let texts: Vec<_> = findings
        .iter()
        .map(|(_, _, _, text)| text.clone())
        .collect();
    let vectors = model.embed(&texts).await?.vectors;
    let mut pairs = Vec::new();
    for i in 0..findings.len() {
        for j in 0..i {
            let same = findings[i].0.is_some() && findings[i].0 == findings[j].0;
            let kept_apart = guards(claim(&findings[i]), claim(&findings[j]));
            pairs.push((cosine(&vectors[i], &vectors[j]), same, i, j, kept_apart));
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (score, same, i, j, kept_apart) in pairs.iter().take(60) {
        let (a, b) = (&findings[*i], &findings[*j]);
        println!(
            "{score:.3} {} [{}] “{}” / [{}] “{}” {}",
            if *same { "SAME " } else { "other" },
            a.0.as_deref().unwrap_or("-"),
            a.2,
            b.0.as_deref().unwrap_or("-"),
            b.2,
            kept_apart.join("; ")
        );
    }
    for step in 35..85 {
        let threshold = f32::from(u8::try_from(step)?) / 100.0;
        let merged =
            |p: &&(f32, bool, usize, usize, Vec<String>)| p.0 >= threshold && p.4.is_empty();
        let right = pairs.iter().filter(merged).filter(|p| p.1).count();
        let wrong = pairs.iter().filter(merged).filter(|p| !p.1).count();
        let all = pairs.iter().filter(|p| p.1).count();
        println!("threshold {threshold:.2}: {right} of {all} pairs merged, {wrong} wrong");
    }
    Ok(())
}

fn claim(finding: &(Option<String>, String, String, String)) -> Claim<'_> {
    Claim {
        title: &finding.2,
        description: &finding.1,
    }
}

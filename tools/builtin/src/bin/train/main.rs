//! Makes the model's weights from the labelled lines in `data/train`, and says how right they are
//! there, in `data/tune`, by which settings and thresholds were chosen, and in `data/test`, by which
//! nothing may be chosen.

mod corpus;
mod fit;
mod report;
mod whole;

use std::{fs, path::Path};

use anyhow::Result;
use builtin::model::{Fitted, Model};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn main() -> Result<()> {
    let root = Path::new(ROOT);
    let scenes = |part: &str| corpus::load(&root.join("data").join(part));
    let train = scenes("train")?;
    let file = Fitted {
        sentences: fit::fit(&train),
        call: whole::fit_call(&train),
        text: whole::fit_text(&train),
    }
    .file();
    fs::write(root.join("weights.bin"), &file)?;
    for part in ["train", "tune", "test"] {
        let scenes = scenes(part)?;
        let authors = fs::read_dir(root.join("data").join(part))?.count();
        println!("{part}: {authors} authors, {}", corpus::counted(&scenes));
        println!("{}", report::measure(&scenes, &Model::read(&file)));
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    /// The weights that are committed, on texts by authors whose other texts they never saw.
    #[test]
    fn the_committed_weights_are_as_right_as_the_documents_say() {
        let model = Model::read(builtin::WEIGHTS);
        for (part, sentences, scenes, reviews) in
            [("tune", 0.61, 0.91, 0.93), ("test", 0.62, 0.93, 0.91)]
        {
            let folder = Path::new(ROOT).join("data").join(part);
            let measured = report::measure(&corpus::load(&folder).unwrap(), &model);
            let f1 = |kind: &str| measured.all(kind).f1();
            assert!(f1("sentences") >= sentences, "{part}\n{measured}");
            assert!(f1("calls and meetings") >= scenes, "{part}\n{measured}");
            assert!(f1("reviews") >= reviews, "{part}\n{measured}");
        }
    }

    #[test]
    fn the_weights_are_a_small_file() {
        assert!(builtin::WEIGHTS.len() <= 300_000);
    }
}

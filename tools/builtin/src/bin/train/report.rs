//! How right a model is on labelled scenes.

use std::{collections::BTreeMap, fmt};

use builtin::{
    features::Line,
    matter::{DOUBTFUL, matters, scored, threshold},
    model::Model,
};

use crate::corpus::{Kind, Scene};

#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    right: u32,
    wrong: u32,
    missed: u32,
    /// Those that are neither there nor found.
    rest: u32,
}

impl Score {
    fn count(&mut self, is: bool, said: bool) {
        match (is, said) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => self.rest += 1,
        }
    }

    #[must_use]
    pub fn f1(&self) -> f64 {
        let found = 2.0 * f64::from(self.right);
        found / (found + f64::from(self.wrong + self.missed)).max(1.0)
    }
}

#[derive(Debug, Default)]
pub struct Measured {
    /// By kind of text and language.
    scores: BTreeMap<(&'static str, String), Score>,
    /// How many matters were found in calls and meetings.
    found: u32,
    /// How many of them wait in review.
    waiting: u32,
}

impl Measured {
    /// Of all languages together.
    #[must_use]
    pub fn all(&self, kind: &str) -> Score {
        let of_kind = self.scores.iter().filter(|((of, _), _)| *of == kind);
        of_kind.fold(Score::default(), |sum, (_, one)| Score {
            right: sum.right + one.right,
            wrong: sum.wrong + one.wrong,
            missed: sum.missed + one.missed,
            rest: sum.rest + one.rest,
        })
    }

    fn of(&mut self, kind: &'static str, language: &str) -> &mut Score {
        self.scores.entry((kind, language.to_owned())).or_default()
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = ["calls and meetings", "reviews", "sentences"];
        let all = kinds.map(|kind| ((kind, "all".to_owned()), self.all(kind)));
        for ((kind, language), score) in self.scores.iter().chain(all.iter().map(|(k, s)| (k, s))) {
            writeln!(
                f,
                "  {kind:18} {language:3}  F1 {:.3}  {} right, {} wrong, {} missed, {} rightly left",
                score.f1(),
                score.right,
                score.wrong,
                score.missed,
                score.rest
            )?;
        }
        let (waiting, found) = (self.waiting, self.found);
        writeln!(
            f,
            "  {waiting} of {found} that are found in calls and meetings wait in review"
        )
    }
}

/// Sentences at even odds; whole scenes as the engine decides them.
#[must_use]
pub fn measure(scenes: &[Scene], model: &Model) -> Measured {
    let mut measured = Measured::default();
    for scene in scenes {
        let labelled = scene.lines(0);
        let lines: Vec<Line<'_>> = labelled.iter().map(|(line, _)| line.clone()).collect();
        let scored = scored(&lines, model);
        let whole = if scene.kind == Kind::Review {
            "reviews"
        } else {
            "calls and meetings"
        };
        let threshold = threshold(&lines, &scored, model);
        let matters = matters(&lines, &scored, threshold);
        let found = !matters.is_empty();
        measured
            .of(whole, &scene.language)
            .count(scene.is_feedback(), found);
        if scene.kind == Kind::Review {
            continue;
        }
        if scene.kind == Kind::Peers {
            measured.of("meetings alone", "any").count(false, found);
        }
        for matter in &matters {
            measured.found += 1;
            measured.waiting += u32::from(matter.strength < threshold + DOUBTFUL);
        }
        for one in &scored {
            let is = labelled[one.at].1.is_feedback();
            measured
                .of("sentences", &scene.language)
                .count(is, one.answer.feedback >= 0.0);
        }
    }
    measured
}

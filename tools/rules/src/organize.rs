//! Where a finding belongs: boards, categories and tags by the words and topics in common.

use std::collections::HashSet;

use domain::{
    feedback::{Board, Tag},
    findings::{Finding, Placement},
};

use super::{
    cues::{CUSTOMER_CUES, Family},
    text,
    topics::TopicSet,
    words::content_stems,
};

/// The words and topics of a text.
#[derive(Default)]
struct Words {
    stems: HashSet<String>,
    topics: TopicSet,
}

impl Words {
    fn of(text: &str) -> Self {
        let tokens = text::tokens(text);
        let mut words = Self {
            stems: content_stems(&tokens).map(str::to_owned).collect(),
            topics: TopicSet::default(),
        };
        for (_, meaning) in CUSTOMER_CUES.find(&tokens) {
            if let Family::Product(topic) = meaning.family {
                words.topics.add(topic);
            }
        }
        words
    }

    fn shared(&self, other: &Self) -> usize {
        self.stems.intersection(&other.stems).count()
    }
}

/// A finding's words by weight.
struct Subject {
    head: Words,
    all: Words,
    kind: Words,
}

impl Subject {
    fn of(finding: &Finding) -> Self {
        let area = finding.request.feature_area.as_deref().unwrap_or("");
        let pains = finding.request.pain_points.join(" ");
        Self {
            head: Words::of(&format!("{} {area}", finding.request.title)),
            all: Words::of(&format!(
                "{} {} {area} {pains}",
                finding.request.title, finding.request.description
            )),
            kind: Words::of(if defect(finding) {
                DEFECT_WORDS
            } else {
                REQUEST_WORDS
            }),
        }
    }

    /// How well a name fits: words of title and area count most, then words of the rest, then topics.
    fn fit(&self, words: &Words) -> usize {
        3 * self.head.shared(words)
            + self.all.shared(words)
            + 2 * usize::from(self.head.topics.meets(words.topics))
            + 2 * self.kind.shared(words)
    }
}

/// What boards for problems and for wishes are usually called.
const DEFECT_WORDS: &str = "bugs defects problems issues errors stability";
const REQUEST_WORDS: &str = "features requests ideas wishes improvements suggestions";

fn defect(finding: &Finding) -> bool {
    let points = |family: Family| {
        let tokens = text::tokens(&format!(
            "{} {}",
            finding.request.title, finding.request.description
        ));
        let found = CUSTOMER_CUES.find(&tokens);
        found
            .iter()
            .filter(|(_, m)| m.family == family)
            .map(|(_, m)| m.points)
            .max()
            .unwrap_or(0)
    };
    points(Family::Defect) > points(Family::Request).max(points(Family::Question))
}

/// At most so many tags.
const TAGS: usize = 5;

/// Where the finding belongs; nothing where nothing fits.
pub(crate) fn place(finding: &Finding, boards: &[Board], tags: &[Tag]) -> Placement {
    let subject = Subject::of(finding);
    let mut best: Option<(usize, &Board)> = None;
    for board in boards {
        let name = subject.fit(&Words::of(&board.name));
        let description = subject.all.shared(&Words::of(&board.description));
        let category = best_category(&subject, board).map_or(0, |(fit, _)| fit);
        let fit = 2 * name + description + category;
        if fit >= FITS && best.is_none_or(|(so_far, _)| fit > so_far) {
            best = Some((fit, board));
        }
    }
    let category = best.and_then(|(_, board)| best_category(&subject, board));
    let tag_ids = tags
        .iter()
        .filter(|tag| tag_fits(&subject, &Words::of(&tag.name)))
        .take(TAGS)
        .map(|tag| tag.id.clone())
        .collect();
    Placement {
        board_id: best.map(|(_, board)| board.id.clone()),
        category_id: category.map(|(_, index)| index.clone()),
        tag_ids,
    }
}

/// A board with less in common is not named.
const FITS: usize = 2;

fn best_category<'b>(
    subject: &Subject,
    board: &'b Board,
) -> Option<(usize, &'b domain::ids::CategoryId)> {
    let mut best: Option<(usize, &domain::ids::CategoryId)> = None;
    for category in &board.categories {
        let fit = subject.fit(&Words::of(&category.name));
        if fit >= FITS && best.is_none_or(|(so_far, _)| fit > so_far) {
            best = Some((fit, &category.id));
        }
    }
    best
}

/// A tag fits when most of its words are in the finding, or when it names the finding's topic.
fn tag_fits(subject: &Subject, tag: &Words) -> bool {
    let shared = subject.all.shared(tag);
    shared > 0 && 2 * shared >= tag.stems.len() || subject.head.topics.meets(tag.topics)
}

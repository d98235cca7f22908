//! What organize is given: the organization's lists and the feedback, one line an entry.

use domain::{
    feedback::{Board, Tag},
    findings::Finding,
};

use super::clean::{self, excerpt};

const MOST_BOARDS: usize = 100;
const MOST_CATEGORIES: usize = 50;
const MOST_TAGS: usize = 300;
const NAME_CHARS: usize = 120;
const TEXT_CHARS: usize = 400;
const DESCRIPTION_CHARS: usize = 3_000;

/// The material between the fences. Lists longer than the constants above are cut: what is beyond
/// them cannot be chosen by a model, only by a person.
pub(super) fn material(finding: &Finding, boards: &[Board], tags: &[Tag]) -> String {
    let mut lines = vec!["Boards:".to_owned()];
    for board in boards.iter().take(MOST_BOARDS) {
        lines.push(entry(
            "board",
            board.id.as_str(),
            &board.name,
            &board.description,
        ));
        for category in board.categories.iter().take(MOST_CATEGORIES) {
            lines.push(entry(
                "  category",
                category.id.as_str(),
                &category.name,
                "",
            ));
        }
    }
    lines.push("Tags:".to_owned());
    for tag in tags.iter().take(MOST_TAGS) {
        lines.push(entry("tag", tag.id.as_str(), &tag.name, ""));
    }
    lines.push("Feedback:".to_owned());
    lines.push(format!(
        "title: {}",
        excerpt(&finding.request.title, TEXT_CHARS)
    ));
    let description = excerpt(&finding.request.description, DESCRIPTION_CHARS);
    lines.push(format!("description: {description}"));
    if let Some(area) = &finding.request.feature_area {
        lines.push(format!("feature area: {}", excerpt(area, NAME_CHARS)));
    }
    for pain in &finding.request.pain_points {
        lines.push(format!("pain point: {}", excerpt(pain, TEXT_CHARS)));
    }
    clean::fence(&lines.join("\n"))
}

fn entry(what: &str, id: &str, name: &str, description: &str) -> String {
    let name = excerpt(name, NAME_CHARS);
    let description = excerpt(description, TEXT_CHARS);
    let colon = if description.is_empty() { "" } else { ": " };
    format!("{what} id={id} “{name}”{colon}{description}")
}

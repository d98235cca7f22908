//! Where a finding belongs: the board, category and tags whose names mean what it says.

use domain::{
    feedback::{Board, Sentiment, Tag},
    findings::{Finding, Placement},
};

/// A board is named from this similarity.
const BOARD: f32 = 0.12;
const CATEGORY: f32 = 0.18;
/// A tag, which is shown on its own.
const TAG: f32 = 0.30;
/// At most so many tags.
const TAGS: usize = 5;

/// The texts to be placed in the vector space: the finding, then each board, category and tag.
pub(crate) fn texts(finding: &Finding, boards: &[Board], tags: &[Tag]) -> Vec<String> {
    let kind = match finding.request.sentiment {
        Some(Sentiment::Negative) => "Bug, problem",
        _ => "Feature request, idea",
    };
    let request = &finding.request;
    let mut texts = vec![format!("{kind}. {} {}", request.title, request.description)];
    for board in boards {
        texts.push(format!("{}. {}", board.name, board.description));
        texts.extend(
            board
                .categories
                .iter()
                .map(|category| category.name.clone()),
        );
    }
    texts.extend(tags.iter().map(|tag| tag.name.clone()));
    texts
}

/// Where the finding belongs by the places of its texts; nothing where nothing is like it.
pub(crate) fn placement(places: &[Vec<f32>], boards: &[Board], tags: &[Tag]) -> Placement {
    let Some((finding, places)) = places.split_first() else {
        return Placement::default();
    };
    let mut alike = places.iter().map(|place| similarity(finding, place));
    let mut best: Option<(f32, Placement)> = None;
    for board in boards {
        let own = alike.next().unwrap_or_default();
        let of_categories = board
            .categories
            .iter()
            .map(|category| (alike.next().unwrap_or_default(), &category.id));
        let category = of_categories.max_by(|a, b| a.0.total_cmp(&b.0));
        let most = category.map_or(own, |(alike, _)| own.max(alike));
        if most >= BOARD && best.as_ref().is_none_or(|(so_far, _)| most > *so_far) {
            let category = category.filter(|(alike, _)| *alike >= CATEGORY);
            best = Some((
                most,
                Placement {
                    board_id: Some(board.id.clone()),
                    category_id: category.map(|(_, id)| id.clone()),
                    tag_ids: Vec::new(),
                },
            ));
        }
    }
    let mut named: Vec<_> = tags
        .iter()
        .zip(alike)
        .filter(|(_, alike)| *alike >= TAG)
        .collect();
    named.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut placement = best.map(|(_, placement)| placement).unwrap_or_default();
    placement.tag_ids = named
        .iter()
        .take(TAGS)
        .map(|(tag, _)| tag.id.clone())
        .collect();
    placement
}

/// The similarity of two places of length 1.
fn similarity(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use domain::{
        feedback::{Category, Request},
        ids::{BoardId, CategoryId, OrgId, TagId},
        moment::Timestamp,
    };

    use super::*;

    fn board(id: &str, categories: &[&str]) -> Board {
        Board {
            org_id: OrgId::parse("demo").unwrap(),
            id: BoardId::parse(id).unwrap(),
            name: id.into(),
            description: String::new(),
            is_default: false,
            categories: categories
                .iter()
                .map(|id| Category {
                    id: CategoryId::parse(*id).unwrap(),
                    name: (*id).into(),
                })
                .collect(),
            created: Timestamp(0),
        }
    }

    fn tag(id: &str) -> Tag {
        Tag {
            org_id: OrgId::parse("demo").unwrap(),
            id: TagId::parse(id).unwrap(),
            name: id.into(),
        }
    }

    #[test]
    fn the_nearest_names_are_chosen_and_nothing_where_nothing_is_near() {
        let boards = [
            board("product", &["reports", "access"]),
            board("support", &["training"]),
        ];
        let tags = [tag("pdf"), tag("mobile")];
        // The finding lies at the first axis; each name as near to it as its figure says.
        let at = |alike: f32| vec![alike, (1.0 - alike * alike).sqrt()];
        for (near, expected) in [
            (
                [0.2, 0.5, 0.1, 0.1, 0.1, 0.6, 0.1],
                ("product", "reports", "pdf"),
            ),
            (
                [0.1, 0.1, 0.1, 0.3, 0.4, 0.35, 0.5],
                ("support", "training", "mobile pdf"),
            ),
            ([0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], ("product", "", "")),
            ([0.0; 7], ("", "", "")),
        ] {
            let places: Vec<_> = std::iter::once(at(1.0)).chain(near.map(at)).collect();
            let placed = placement(&places, &boards, &tags);
            let tags: Vec<_> = placed.tag_ids.iter().map(TagId::as_str).collect();
            let found = (
                placed.board_id.as_ref().map_or("", BoardId::as_str),
                placed.category_id.as_ref().map_or("", CategoryId::as_str),
                tags.join(" "),
            );
            assert_eq!(
                found,
                (expected.0, expected.1, expected.2.to_owned()),
                "{near:?}"
            );
        }
    }

    #[test]
    fn every_name_has_a_text_after_the_findings() {
        let finding = Finding {
            request: Request::titled("Reports as PDF"),
            quotes: Vec::new(),
            confidence: None,
            doubts: Vec::new(),
        };
        let boards = [board("product", &["reports"])];
        let texts = texts(&finding, &boards, &[tag("pdf")]);
        assert_eq!(texts[0], "Feature request, idea. Reports as PDF ");
        assert_eq!(texts[1..], ["product. ", "reports", "pdf"]);
    }
}

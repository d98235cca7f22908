//! How well the same requests are found to be the same: by the rules that calls go by.

use domain::{
    feedback::{
        Post, Request, RequestText,
        settings::{MergedBy, Review},
    },
    ids::{BoardId, OrgId, PostId},
    moment::Timestamp,
};
use feedback::matching::{
    bearing::MergeRule,
    candidates::{Candidate, cosine},
    decide::{Target, against_posts},
    judgements::Judgements,
};
use serde::Serialize;

use crate::score::{Score, pairs, share};

/// The neighbours that a search by a person would show.
const NEAREST: usize = 5;

/// One labelled request, as the pipeline would have it.
pub struct Item {
    pub cluster: String,
    pub title: String,
    pub description: String,
    /// Its place in the vector space.
    pub vector: Vec<f32>,
}

/// What a threshold leads to.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Point {
    pub threshold: f32,
    /// Which pairs end in one post.
    pub pairs: Score,
}

/// The items one after the other, each into the post that it is like or a post of its own; which
/// pairs end in one post.
#[must_use]
pub fn at(items: &[Item], rule: &MergeRule) -> Score {
    let mut posts: Vec<(Post, &[f32])> = Vec::new();
    let mut placed: Vec<(&str, PostId)> = Vec::new();
    for (n, item) in items.iter().enumerate() {
        let mut candidates: Vec<_> = posts
            .iter()
            .map(|(post, vector)| Candidate {
                post: post.clone(),
                score: cosine(&item.vector, vector),
                via: Vec::new(),
                moved: None,
            })
            .filter(|candidate| candidate.score >= rule.threshold)
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        candidates.truncate(10);
        let claim = RequestText {
            title: &item.title,
            description: &item.description,
        };
        let id = match against_posts(claim, &candidates, rule, &Judgements::default()) {
            Target::Existing { post, .. } => post.id,
            _ => {
                let post = post(n, item);
                let id = post.id.clone();
                posts.push((post, &item.vector));
                id
            }
        };
        placed.push((&item.cluster, id));
    }
    pairs(&placed)
}

fn post(n: usize, item: &Item) -> Post {
    let org = OrgId::parse("eval").expect("a valid id");
    let id = PostId::parse(n.to_string()).expect("digits are a valid id");
    let board = BoardId::parse("eval").expect("a valid id");
    Post {
        ..Post::new(
            org,
            id,
            Request {
                title: item.title.clone(),
                description: item.description.clone(),
                ..Request::default()
            },
            board,
            Timestamp(0),
        )
    }
}

/// The rule at this threshold.
#[must_use]
pub const fn rule(threshold: f32, embedder: String, guards: bool) -> MergeRule {
    MergeRule {
        speech: None,
        threshold,
        near: threshold,
        embedder,
        by: match guards {
            true => MergedBy::Guards,
            false => MergedBy::Threshold,
        },
        review: Review::Off,
    }
}

/// From 0.30 to 0.95, in steps of 0.05.
#[must_use]
pub fn curve(items: &[Item], guards: bool) -> Vec<Point> {
    let steps = (6_u8..=19).map(|step| f32::from(step) * 0.05);
    let point = |threshold| Point {
        threshold,
        pairs: at(items, &rule(threshold, String::new(), guards)),
    };
    steps.map(point).collect()
}

/// The share of requests with another of the same cluster that have one among their nearest five.
#[must_use]
pub fn recall_at_5(items: &[Item]) -> f64 {
    let (mut found, mut all) = (0, 0);
    for (n, item) in items.iter().enumerate() {
        let others = items.iter().enumerate().filter(|(other, _)| *other != n);
        let mut near: Vec<(f32, bool)> = others
            .map(|(_, o)| (cosine(&item.vector, &o.vector), o.cluster == item.cluster))
            .collect();
        if near.iter().all(|(_, same)| !same) {
            continue;
        }
        all += 1;
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        found += u64::from(near.iter().take(NEAREST).any(|(_, same)| *same));
    }
    share(found, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(cluster: &str, title: &str, vector: [f32; 2]) -> Item {
        Item {
            cluster: cluster.into(),
            title: title.into(),
            description: String::new(),
            vector: vector.to_vec(),
        }
    }

    #[test]
    fn items_go_the_way_of_calls_guards_and_all() {
        let items = [
            item("a", "Export to PDF", [1.0, 0.0]),
            item("a", "PDF export", [0.96, 0.28]),
            item("b", "Export to CSV", [0.96, 0.28]),
            item("c", "Dark mode", [0.0, 1.0]),
        ];
        let with = at(&items, &rule(0.85, String::new(), true));
        assert_eq!((with.right, with.wrong, with.missed), (1, 0, 0));
        let without = at(&items, &rule(0.85, String::new(), false));
        assert_eq!((without.right, without.wrong, without.missed), (1, 2, 0));
        assert!((recall_at_5(&items) - 1.0).abs() < 1e-9);
        assert_eq!(curve(&items, true).len(), 14);
    }
}

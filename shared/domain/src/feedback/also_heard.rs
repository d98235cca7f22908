//! What else customers raised in a call: kept with it until a person decides about it.

use serde::{Deserialize, Serialize};

use super::{
    evidence::Quote,
    post::{Author, EngineStamp},
    request::Request,
};
use crate::{
    ids::{CallId, OrgId, PostId, UserId},
    moment::Timestamp,
};

/// What is kept of one call is not longer than this, in bytes of its JSON.
const LONGEST: usize = 64 * 1024;

/// What customers raised in a call beside what became posts or evidence by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlsoHeard {
    pub org_id: OrgId,
    pub call_id: CallId,
    /// Counts the changes, for the condition of the next one.
    pub version: u64,
    /// The strongest first; never empty.
    pub items: Vec<Heard>,
}

/// One request that did not go on by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Which of the call's pieces of feedback, from 0; evidence made of it has this one too.
    pub n: u32,
    /// What is asked for.
    #[serde(flatten)]
    pub request: Request,
    /// What customers said for it; at least one.
    pub quotes: Vec<Quote>,
    /// How many extracted quotes nobody of the customer's side said.
    #[serde(default)]
    pub rejected_quotes: u32,
    /// Who said the quotes.
    pub author: Author,
    /// What a person should look at, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// What analysed the call.
    pub engine: EngineStamp,
    /// None as long as it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<HeardDecision>,
}

/// What a person decided about a request that was also heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardDecision {
    pub by: UserId,
    pub at: Timestamp,
    /// The post that was made of it; none when it was dismissed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_id: Option<PostId>,
}

impl Heard {
    /// The post that a person made of it.
    #[must_use]
    pub fn post_id(&self) -> Option<&PostId> {
        self.decided.as_ref()?.post_id.as_ref()
    }

    #[must_use]
    pub fn is_dismissed(&self) -> bool {
        self.decided.is_some() && self.post_id().is_none()
    }
}

impl AlsoHeard {
    /// The request that is the call's `n`th piece of feedback.
    #[must_use]
    pub fn item(&self, n: u32) -> Option<&Heard> {
        self.items.iter().find(|item| item.n == n)
    }

    /// The same with another decision about one of its requests, or none.
    #[must_use]
    pub fn with_decision(&self, n: u32, decided: Option<HeardDecision>) -> Self {
        let mut items = self.items.clone();
        for item in items.iter_mut().filter(|item| item.n == n) {
            item.decided.clone_from(&decided);
        }
        self.changed(items)
    }

    /// The next version, with these requests.
    #[must_use]
    pub fn changed(&self, items: Vec<Heard>) -> Self {
        Self {
            version: self.version + 1,
            items,
            ..self.clone()
        }
    }
}

/// Those that fit into what may be kept of one call, and how many do not.
#[must_use]
pub fn within_room(items: Vec<Heard>) -> (Vec<Heard>, usize) {
    let all = items.len();
    let mut room = LONGEST;
    let mut kept = Vec::with_capacity(all);
    for item in items {
        let size = serde_json::to_vec(&item).map_or(usize::MAX, |json| json.len());
        if let Some(left) = room.checked_sub(size) {
            room = left;
            kept.push(item);
        }
    }
    let left_out = all - kept.len();
    (kept, left_out)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    fn heard(n: u32, description: usize) -> Heard {
        Heard {
            n,
            request: Request {
                description: "x".repeat(description),
                ..Request::titled("Reports as PDF")
            },
            quotes: Vec::new(),
            rejected_quotes: 0,
            author: Author::default(),
            doubts: Vec::new(),
            engine: EngineStamp {
                llm: "built-in engine".into(),
                version: "1".into(),
                product: None,
            },
            decided: None,
        }
    }

    #[test]
    fn what_has_no_room_is_left_out_and_counted() {
        for (sizes, kept, left_out) in [
            (&[][..], &[][..], 0),
            (&[10, 10, 10, 10], &[0, 1, 2, 3], 0),
            (&[30_000, 30_000, 10], &[0, 1, 2], 0),
            (&[40_000, 40_000, 10], &[0, 2], 1),
            (&[LONGEST, 10], &[1], 1),
            (&[LONGEST, LONGEST], &[], 2),
        ] {
            let items = (0..).zip(sizes).map(|(n, size)| heard(n, *size)).collect();
            let (fit, out) = within_room(items);
            let fit: Vec<_> = fit.iter().map(|item| item.n).collect();
            assert_eq!((fit.as_slice(), out), (kept, left_out), "{sizes:?}");
        }
    }

    #[test]
    fn a_decision_is_about_one_request_and_can_be_taken_back() {
        let decision = |post: Option<&str>| HeardDecision {
            by: UserId::parse("kim").unwrap(),
            at: Timestamp(5),
            post_id: post.map(|id| PostId::parse(id).unwrap()),
        };
        let open = AlsoHeard {
            org_id: OrgId::parse("fernhill").unwrap(),
            call_id: CallId::parse("7").unwrap(),
            version: 3,
            items: vec![heard(1, 0), heard(2, 0)],
        };
        for (decided, post, dismissed) in [
            (None, None, false),
            (Some(decision(None)), None, true),
            (Some(decision(Some("p"))), Some("p"), false),
        ] {
            let next = open.with_decision(2, decided.clone());
            assert_eq!((next.version, &next.items[0]), (4, &open.items[0]));
            let item = next.item(2).unwrap();
            assert_eq!(item.decided, decided);
            assert_eq!(item.post_id().map(PostId::as_str), post, "{decided:?}");
            assert_eq!(item.is_dismissed(), dismissed, "{decided:?}");
            assert_eq!(next.with_decision(2, None).items, open.items);
        }
    }
}

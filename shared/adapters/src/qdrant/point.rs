//! A post's vector as a point of the collection.

use domain::{
    ids::{OrgId, PostId},
    ports::feedback::{Hit, IndexError, PostVector},
};
use qdrant_client::{
    Payload,
    qdrant::{Condition, Filter, PointId, PointStruct, Range, ScoredPoint, Value, value::Kind},
};
use uuid::{Uuid, uuid};

/// The organization; every search is filtered by it.
pub const ORG: &str = "org";
/// The revision; every write is conditional on it.
pub const REVISION: &str = "revision";
const POST: &str = "post";

/// The namespace of our points' ids.
const POINTS: Uuid = uuid!("8f6f3a52-6f0d-4f0e-9a55-3c1d2b7e4a90");

/// The id of a post's point. No id holds a line break, so no two pairs make the same text.
pub fn id(org: &OrgId, post: &PostId) -> String {
    Uuid::new_v5(&POINTS, format!("{org}\n{post}").as_bytes()).to_string()
}

pub fn point(vector: &PostVector) -> PointStruct {
    let payload = Payload::from([
        (ORG, Value::from(vector.org_id.as_str())),
        (POST, Value::from(vector.post_id.as_str())),
        (REVISION, Value::from(vector.revision.cast_signed())),
    ]);
    let id = id(&vector.org_id, &vector.post_id);
    PointStruct::new(id, vector.vector.clone(), payload)
}

pub fn of(org: &OrgId) -> Filter {
    Filter::must([Condition::matches(ORG, org.as_str().to_owned())])
}

/// Points of this revision or a lower one: those that a write of it replaces.
pub fn up_to(revision: u64) -> Filter {
    // Exact up to 2^53, far beyond what a post can reach.
    #[expect(clippy::cast_precision_loss, reason = "the wire knows ranges of f64")]
    let lte = Some(revision as f64);
    Filter::must([Condition::range(
        REVISION,
        Range {
            lte,
            ..Range::default()
        },
    )])
}

/// The post's point, when it is of this revision or a lower one.
pub fn this_up_to(org: &OrgId, post: &PostId, revision: u64) -> Filter {
    let mut filter = up_to(revision);
    let this = PointId::from(id(org, post));
    filter.must.push(Condition::has_id([this]));
    filter
}

/// What the engine found.
pub fn hit(point: &ScoredPoint) -> Result<Hit, IndexError> {
    let kind = |key: &str| point.payload.get(key).and_then(|value| value.kind.as_ref());
    let (Some(Kind::StringValue(post)), Some(Kind::IntegerValue(revision))) =
        (kind(POST), kind(REVISION))
    else {
        return Err(strange());
    };
    Ok(Hit {
        post_id: PostId::parse(post.as_str()).map_err(|_| strange())?,
        revision: revision.cast_unsigned(),
        score: point.score,
    })
}

fn strange() -> IndexError {
    IndexError::Unavailable(
        "it holds a point that is not ours; give us a server or collections of our own".into(),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_points_id_is_stable_and_of_organization_and_post() {
        let id = |org, post| {
            let (org, post) = (OrgId::parse(org).unwrap(), PostId::parse(post).unwrap());
            super::id(&org, &post)
        };
        assert_eq!(id("a", "p"), id("a", "p"));
        assert_ne!(id("a", "p"), id("a", "q"));
        assert_ne!(id("a", "b.p"), id("a.b", "p"));
        // Stored points are found by it: it must never change.
        assert_eq!(id("demo", "p1"), "3022d8dc-96f7-5e7f-ad94-9bba37e3e9d4");
    }

    #[test]
    fn a_strange_point_is_an_error_and_not_left_out() {
        let error = hit(&ScoredPoint::default()).unwrap_err();
        assert!(matches!(error, IndexError::Unavailable(_)));
    }
}

//! The search for duplicates of one organization among a hundred, at 100,000 posts.

use std::time::{Duration, Instant};

use domain::{
    ids::{OrgId, PostId},
    ports::feedback::{PostVector, VectorIndex},
};
use local_parts::exact_index::ExactIndex;

use crate::engine::place;

const ORGANIZATIONS: usize = 100;
const POSTS_EACH: usize = 1_000;
const DIMENSION: usize = 1_024;
const SEARCHES: usize = 1_000;

pub async fn measure() {
    let index = ExactIndex::new(DIMENSION);
    index.prepare().await.expect("memory");
    for org in 0..ORGANIZATIONS {
        for post in 0..POSTS_EACH {
            let vector = PostVector {
                org_id: org_id(org),
                post_id: PostId::parse(format!("{org}-{post}")).expect("a valid id"),
                revision: 1,
                embedder: "scattered".into(),
                vector: place(&format!("{org}-{post}"), DIMENSION),
            };
            index.upsert(&vector).await.expect("memory");
        }
    }
    index.publish().await.expect("memory");
    let mut took: Vec<Duration> = Vec::with_capacity(SEARCHES);
    for n in 0..SEARCHES {
        let (org, post) = (n % ORGANIZATIONS, n % POSTS_EACH);
        let wanted = place(&format!("{org}-{post}"), DIMENSION);
        let begun = Instant::now();
        let hits = index
            .nearest(&org_id(org), &wanted, 10)
            .await
            .expect("memory");
        took.push(begun.elapsed());
        assert_eq!(hits[0].post_id.as_str(), format!("{org}-{post}"));
    }
    took.sort();
    println!(
        "Search among {} posts of {ORGANIZATIONS} organizations, {DIMENSION} numbers each, exact and in memory",
        ORGANIZATIONS * POSTS_EACH
    );
    println!(
        "  one organization's ten nearest: median {:.2} ms, 99 of 100 below {:.2} ms",
        took[SEARCHES / 2].as_secs_f64() * 1e3,
        took[SEARCHES * 99 / 100].as_secs_f64() * 1e3
    );
    println!();
}

fn org_id(n: usize) -> OrgId {
    OrgId::parse(format!("org-{n}")).expect("a valid id")
}

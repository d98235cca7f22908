//! What the platform team does to a deployed stack, by the guide's commands.

use cloud_tests::deployed::world::{World, call};
use domain::{
    ids::OrgId,
    ports::feedback::{FeedbackStore, PostFilter},
};

use crate::events::EXAMPLE;

/// The keys that seal credentials are rotated while connections go on; too early is refused.
pub async fn rotates_keys(world: &World) {
    let first = keys(world, &["list"]);
    assert_eq!(ids(&first).len(), 1, "{first}");
    keys(world, &["add"]);
    let both = keys(world, &["list"]);
    let ids_now = ids(&both);
    assert_eq!(ids_now.len(), 2, "{both}");
    assert_eq!(ids_now[0], ids(&first)[0], "the first one still seals");
    let promote = ["promote", &ids_now[1]];
    let (done, printed) = world.cloud.operate(&[&KEYS[..], &promote[..]].concat());
    assert!(!done, "half an hour has not passed: {printed}");
    let (done, printed) = world.cloud.operate(&[&KEYS[..], &["retire"][..]].concat());
    assert!(!done && printed.contains("--i-waited"), "{printed}");

    let says = "Lately we need a calendar view of renewals.";
    world.polls([call("9051", "Fabrikam", says)]).await;
    world.until_call_is("9051", "posted").await;
}

/// The index is rebuilt from the database, for every organization.
pub async fn reindexes(world: &World) {
    let example = OrgId::parse(EXAMPLE).unwrap();
    let theirs = world.store().posts(&example, &PostFilter::default()).await;
    let posts = world.posts().await.len() + theirs.unwrap().len();
    let (done, printed) = world.cloud.operate(&["reindex"]);
    let told = format!("{posts} vectors put in as they were stored, 0 embedded anew");
    assert!(done && printed.contains(&told), "{told}: {printed}");
}

const KEYS: [&str; 3] = ["keys", "--purpose", "credentials"];

fn keys(world: &World, step: &[&str]) -> String {
    let (done, printed) = world.cloud.operate(&[&KEYS[..], step].concat());
    assert!(done, "{printed}");
    printed
}

/// The ids of keys in what was printed, in its order.
fn ids(printed: &str) -> Vec<String> {
    let words = printed.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words
        .filter(|word| uuid::Uuid::parse_str(word).is_ok())
        .map(str::to_owned)
        .collect()
}

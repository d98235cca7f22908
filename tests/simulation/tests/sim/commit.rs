//! One post for one request, wherever a worker dies on the way to it.

use std::sync::Arc;

use domain::{
    call::{CallMessage, CallState},
    moment::Span,
    ports::{
        feedback::{DedupeStore, FeedbackStore, PostFilter},
        ledger::Ledger,
    },
};
use simulation::{
    plan::{Plan, PlannedCall},
    world::World,
};

use crate::quiet::{calls, connected, org, pass, plan};

/// Calls that all raise the same request.
fn same_request(count: usize) -> Vec<PlannedCall> {
    let calls = calls(count, Span::minutes(20)).into_iter();
    calls
        .map(|call| PlannedCall {
            topic: Some(3),
            outsider: true,
            oddity: 1,
            private: (false, None),
            ..call
        })
        .collect()
}

fn two_workers(count: usize) -> Plan {
    Plan {
        processes: 2,
        ..plan(same_request(count))
    }
}

async fn listed(world: &World) {
    let (id, message) = world.windows.take(1).await.remove(0);
    let lister = world.process().lister;
    world.invoke(lister.run(&message, world.deadline())).await;
    world.windows.done(&[id]);
}

/// The messages of all calls, as they become visible.
async fn messages(world: &World, count: usize) -> Vec<(u64, CallMessage)> {
    let mut all = Vec::new();
    while all.len() < count {
        all.extend(world.calls.take(count - all.len()).await);
    }
    all
}

/// Everybody works until every call is decided.
async fn finish(world: &Arc<World>, count: usize) {
    let working = {
        let world = world.clone();
        tokio::spawn(async move { world.work().await })
    };
    for _ in 0..100 {
        pass(Span::minutes(5)).await;
        let counts = world.store.counts(&org()).await.unwrap();
        let of = |state: CallState| counts.get(state.as_str()).copied().unwrap_or(0);
        let decided = of(CallState::Posted) + of(CallState::Consolidated);
        let pending = world.store.pending(&org()).await.unwrap();
        if usize::try_from(decided) == Ok(count) && pending.is_empty() {
            working.abort();
            return;
        }
    }
    panic!(
        "the calls are not decided: {:?}",
        world.store.counts(&org()).await
    );
}

async fn one_post(world: &World, count: usize, when: &str) {
    let posts = world.store.posts(&org(), &PostFilter::default()).await;
    let posts = posts.unwrap();
    assert_eq!(posts.len(), 1, "{when}: {posts:#?}");
    assert_eq!(
        usize::try_from(posts[0].evidence_count),
        Ok(count),
        "{when}"
    );
    let evidence = world.store.evidence(&org(), &posts[0].id).await.unwrap();
    assert_eq!(evidence.len(), count, "{when}");
    let counts = world.store.counts(&org()).await.unwrap();
    assert_eq!(counts.get("posted"), Some(&1), "{when}: {counts:?}");
}

/// Two workers with two calls each, of which one dies at every step in turn, before and after the
/// step's effect.
#[test]
fn a_death_at_any_step_leaves_one_post_with_every_evidence() {
    const CALLS: usize = 4;
    let mut half_step = 0;
    loop {
        let mut died = false;
        connected(two_workers(CALLS), async |world| {
            listed(&world).await;
            let batch = messages(&world, CALLS).await;
            world.chaos.kill_after(half_step / 2, half_step % 2 == 0);
            let work = batch.chunks(2).map(|half| {
                let (ids, messages): (Vec<_>, Vec<_>) = half.iter().cloned().unzip();
                let world = world.clone();
                async move {
                    let pipeline = world.process().pipeline;
                    let run = pipeline.handle(&messages, world.deadline());
                    let ended = world.invoke(run).await.is_some();
                    if ended {
                        world.calls.done(&ids);
                    }
                    ended
                }
            });
            let ended = futures::future::join_all(work).await;
            died = ended.contains(&false);
            finish(&world, CALLS).await;
            one_post(&world, CALLS, &format!("half step {half_step}")).await;
        });
        if !died {
            break;
        }
        half_step += 1;
    }
    assert!(half_step > 100, "{half_step}");
}

/// Twenty workers begin with five calls each at the same instant.
#[test]
fn a_hundred_calls_at_once_are_one_post() {
    const CALLS: usize = 100;
    connected(two_workers(CALLS), async |world| {
        listed(&world).await;
        let batch = messages(&world, CALLS).await;
        let work = batch.chunks(5).map(|part| {
            let (ids, messages): (Vec<_>, Vec<_>) = part.iter().cloned().unzip();
            let world = world.clone();
            async move {
                let pipeline = world.process().pipeline;
                let run = pipeline.handle(&messages, world.deadline());
                world.invoke(run).await;
                world.calls.done(&ids);
            }
        });
        futures::future::join_all(work).await;
        finish(&world, CALLS).await;
        one_post(&world, CALLS, "at once").await;
    });
}

//! A world in which nothing goes wrong but what a test makes go wrong.

use std::sync::Arc;

use domain::{
    connection::{Connection, Token},
    ids::OrgId,
    moment::Span,
    ports::connections::{ConnectionStore, TokenStore},
};
use ingest::gong::tokens::{Granted, TokenError};
use simulation::{
    plan::{Plan, PlannedCall},
    run::in_simulated_time,
    time::{BEGIN, duration},
    world::{Process, World, admin},
};

/// The plan of a quiet world with these calls.
pub fn plan(calls: Vec<PlannedCall>) -> Plan {
    Plan {
        calls,
        ..simulation::budget::quiet_plan(7, Span::hours(3))
    }
}

/// Calls of the last days, one every `step`.
pub fn calls(count: usize, step: Span) -> Vec<PlannedCall> {
    let at = |n: usize| BEGIN - Span(step.0 * i64::try_from(n).unwrap());
    (0..count)
        .map(|n| simulation::budget::planned(n, at(n + 1), false))
        .collect()
}

/// Runs a test in a world that is connected; nobody works there unless the test says so.
pub fn connected(plan: Plan, test: impl AsyncFnOnce(Arc<World>)) {
    in_simulated_time(async {
        let world = World::build(plan).await;
        world.connect("one").await;
        assert!(world.owner().is_some(), "connected");
        test(world).await;
    });
}

pub fn org() -> OrgId {
    admin("one").org_id
}

pub async fn pass(span: Span) {
    tokio::time::sleep(duration(span)).await;
}

pub async fn token(world: &World) -> Token {
    world.store.token(&org()).await.unwrap().unwrap()
}

pub async fn connection(world: &World) -> Connection {
    world.store.connection(&org()).await.unwrap().unwrap()
}

/// A worker's access token, as it is before a request.
pub async fn access(world: &World, process: &Process) -> Result<Granted, TokenError> {
    process
        .maintenance
        .keeper
        .access(&org(), world.deadline())
        .await
}

/// How often tokens were asked for.
pub fn exchanges(world: &World) -> u64 {
    let stats = world.sandbox.stats();
    stats.count("POST /oauth2/generate-customer-token")
}

//! Gong's budget through real SQS batches, as the local AWS forms them: reported as it comes.

use cloud_tests::deployed::world::{World, call};
use domain::ports::ledger::Ledger;
use gong_sandbox::SandboxCall;
use kit::consent::Consent;
use serde_json::json;

use crate::steps::signs_in;

const NO_WISH: &str = "Could you do better on the price?";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement of minutes; run it by name"]
async fn gong_budget_through_sqs() {
    let world = World::start(crate::OPERATOR.as_ref()).await;
    for (first, org, half) in [(10_000, "budget-all", false), (20_000, "budget-half", true)] {
        world.no_calls();
        let of = |n: usize| {
            Some(of_workspace(
                call(&(first + n).to_string(), "Northwind", NO_WISH),
                half && n.is_multiple_of(2),
            ))
        };
        world.add_calls((0..1_000).filter_map(of));
        let before = world.gong.stats();
        connect(&world, org).await;
        let decided = until_decided(&world, org).await;
        let after = world.gong.stats();
        let asked = |request: &str| after.count(request) - before.count(request);
        let [calls, transcripts, users] = [
            asked("POST /v2/calls/extensive"),
            asked("POST /v2/calls/transcript"),
            asked("GET /v2/users"),
        ];
        let all = calls + transcripts + users;
        let kind = if half {
            "half eligible"
        } else {
            "all eligible"
        };
        eprintln!(
            "gong-budget through SQS, 1,000 calls, {kind}: {calls} + {transcripts} + {users} = {all} requests; {decided} decided; 429: {}",
            after.rate_limited - before.rate_limited
        );
        assert_eq!(decided, 1_000);
        disconnect(&world, org).await;
    }
}

fn of_workspace(mut call: SandboxCall, private: bool) -> SandboxCall {
    call.call["metaData"]["isPrivate"] = json!(private);
    call
}

async fn connect(world: &World, org: &str) {
    let mut ada = signs_in(world, org).await;
    let board = [("name", "Feature requests"), ("is_default", "on")];
    ada.post("/boards", &board).await;
    let history = [("history", "on"), ("days", "7")];
    let away = ada.post("/integrations/gong/connect", &history).await;
    let callback = Consent::open(away.location()).await.approve().await;
    let connected = ada.get(&callback).await;
    assert_eq!(connected.location(), "/integrations/gong?connected=1");
}

async fn disconnect(world: &World, org: &str) {
    let mut ada = signs_in(world, org).await;
    let done = ada.post("/integrations/gong/disconnect", &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
}

async fn until_decided(world: &World, org: &str) -> u64 {
    let (store, org) = (world.store(), domain::ids::OrgId::parse(org).unwrap());
    let end = tokio::time::Instant::now() + std::time::Duration::from_secs(600);
    loop {
        let counts = store.counts(&org).await.unwrap();
        let decided = ["discarded", "skipped", "posted", "consolidated", "failed"]
            .iter()
            .filter_map(|state| counts.get(*state))
            .sum();
        if decided == 1_000 || tokio::time::Instant::now() > end {
            return decided;
        }
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    }
}

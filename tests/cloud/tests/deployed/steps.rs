//! From the sign-in to the posts.

use cloud_tests::deployed::{
    providers::{LLM_KEY, VOYAGE_KEY},
    web::Web,
    world::{QDRANT_KEY, World, call, until},
};
use kit::consent::Consent;
use serde_json::json;

/// What two customers ask for in the same words, and a third one otherwise.
const PDF: &str = "Honestly, we need to export the weekly SLA report to PDF.";
const SSO: &str = "For our auditors we need single sign-on with our identity provider.";

pub async fn signs_in(world: &World, org: &str) -> Web {
    world
        .openid
        .signs_in(json!({"sub": "ada", "org_id": org, "role": "admin"}));
    let mut ada = world.web();
    let page = ada.get("/feedback").await;
    let answer = (page.status.as_u16(), page.location());
    assert_eq!(answer, (303, "/sign-in"), "{}", page.body);
    let page = ada.get("/sign-in").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let away = ada.post("/sign-in", &[]).await;
    assert_eq!(away.status, 303, "{}", away.body);
    let back = ada.follow(away.location()).await;
    assert!(back.status.is_redirection(), "{}", back.body);
    let signed_in = ada.get(&Web::own_path(back.location())).await;
    assert_eq!(signed_in.location(), "/feedback", "{}", signed_in.body);
    assert_eq!(ada.get("/feedback").await.status, 200);
    ada
}

pub async fn connects(world: &World, ada: &mut Web) {
    world.add_calls([
        call("9001", "Northwind", PDF),
        call("9002", "Contoso", PDF),
        call("9003", "Tailspin", SSO),
        call("9004", "Fabrikam", "Could you do better on the price?"),
        private(call("9005", "Litware", PDF)),
    ]);
    let board = [
        ("name", "Feature requests"),
        ("description", ""),
        ("is_default", "on"),
    ];
    let made = ada.post("/boards", &board).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let history = [("history", "on"), ("days", "30")];
    let away = ada.post("/integrations/gong/connect", &history).await;
    assert_eq!(away.status, 303, "{}", away.body);
    let callback = Consent::open(away.location()).await.approve().await;
    let connected = ada.get(&callback).await;
    assert_eq!(connected.location(), "/integrations/gong?connected=1");

    for (id, state) in [
        ("9003", "posted"),
        ("9004", "discarded"),
        ("9005", "skipped"),
    ] {
        world.until_call_is(id, state).await;
    }
    let two = until(async || world.posts().await.len() == 2);
    assert!(two.await, "{:#?}", world.posts().await);
    let both = async || {
        let posts = world.posts().await;
        posts.iter().any(|post| post["evidence_count"] == 2)
    };
    assert!(until(both).await, "{:#?}", world.posts().await);
    let page = ada.get("/feedback").await.body;
    assert!(page.contains("export the weekly SLA report"), "{page}");
    let asked = world.gong.stats().transcripts_requested;
    assert!(!asked.contains(&"9005".to_owned()), "{asked:?}");
    assert_eq!(violations(world), Vec::<String>::new());
}

/// Neither a token, nor a key, nor a word of a customer.
pub async fn logs_are_clean(world: &World) {
    let logs = world.logs().await;
    assert!(logs.contains("connected"), "the functions log what happens");
    for secret in [
        LLM_KEY,
        VOYAGE_KEY,
        QDRANT_KEY,
        "gong-sandbox-secret",
        "sign-in-secret-of-the",
    ] {
        assert!(!logs.contains(secret), "{secret}");
    }
    for said in [
        "SLA report",
        "single sign-on",
        "Cleo",
        "Bearer ",
        "refresh_token",
        "code=",
    ] {
        let line = logs.lines().find(|line| line.contains(said));
        assert_eq!(line, None, "{said}");
    }
    assert_eq!(violations(world), Vec::<String>::new());
}

fn private(mut call: gong_sandbox::SandboxCall) -> gong_sandbox::SandboxCall {
    call.call["metaData"]["isPrivate"] = json!(true);
    call
}

fn violations(world: &World) -> Vec<String> {
    let violations = world.gong.violations();
    violations.iter().map(ToString::to_string).collect()
}

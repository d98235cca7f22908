//! Every file of `events/` under AWS's Runtime Interface Emulator, its answer compared with the one
//! that is kept in `tests/cloud/snapshots`. `UPDATE_SNAPSHOTS=1` writes them anew.

use std::{
    fs,
    path::{Path, PathBuf},
};

use adapters::system::SystemIds;
use cloud_tests::deployed::{
    emulator::Emulated,
    tools::FUNCTIONS,
    world::{World, call, now},
};
use domain::gong::scopes;
use domain::{
    call::CallState,
    connection::{History, OAuthState},
    feedback::Board,
    hash::hash,
    ids::{BoardId, CallId, OrgId, UserId, WindowId},
    moment::Span,
    ports::{
        connections::{ConnectionStore, SyncStore},
        feedback::{FeedbackStore, PostFilter},
        ledger::Ledger,
    },
    secret::Secret,
};
use gong_sandbox::{Faults, InjectedStatus};
use ingest::sync::poll::poll_window;
use serde_json::{Map, Value, json};
use test_tools::repository;

pub const EXAMPLE: &str = "example";

pub async fn answers(world: &World) {
    consent_is_given(world).await;
    let queues = ["CallsQueueUrl", "WindowsQueueUrl"].map(|name| world.cloud.output(name));
    for queue in queues {
        world.deliver(queue, false).await;
    }
    let update = std::env::var("UPDATE_SNAPSHOTS").is_ok_and(|value| value == "1");
    let mut wrong = Vec::new();
    let mut events = 0;
    for (prefix, logical_id) in FUNCTIONS {
        if prefix == "poller" {
            calls_are_recorded(world).await;
        }
        let function = Emulated::start(world, logical_id).await;
        for file in files(prefix) {
            let event: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let times = if name.ends_with("-twice") { 2 } else { 1 };
            for _ in 0..times {
                let answer = tidy(&function.invoke(&event).await);
                compare(&name, &answer, update, &mut wrong);
            }
            events += 1;
        }
    }
    assert!(events > 40, "{events} events");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    work_was_done(world).await;
    disconnect_again(world).await;
    for queue in queues {
        world.deliver(queue, true).await;
    }
}

fn files(prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("events")).unwrap();
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with(&format!("{prefix}."))
        })
        .collect();
    files.sort();
    files
}

fn compare(name: &str, answer: &Value, update: bool, wrong: &mut Vec<String>) {
    let file = repository()
        .join(Path::new("tests/cloud/snapshots"))
        .join(format!("{name}.json"));
    let text = format!("{}\n", serde_json::to_string_pretty(answer).unwrap());
    if answer.is_string() {
        wrong.push(format!("{name}: no JSON {text}"));
        return;
    }
    if update {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    if kept != text {
        wrong.push(format!("{name}: kept\n{kept}now\n{text}"));
    }
}

/// The answer without what differs from run to run; a page is kept as its words.
fn tidy(answer: &Value) -> Value {
    let Some(status) = answer.get("statusCode") else {
        return answer.clone();
    };
    let headers = answer["headers"].as_object().cloned().unwrap_or_default();
    let body = answer["body"].as_str().unwrap_or_default();
    let is_page = headers
        .get("content-type")
        .is_some_and(|kind| kind.as_str().unwrap_or_default().starts_with("text/html"));
    let body = serde_json::from_str(body).unwrap_or_else(|_| {
        json!(if is_page {
            words(body)
        } else {
            body.to_owned()
        })
    });
    let headers: Map<_, _> = headers
        .into_iter()
        .filter(|(name, _)| name != "content-length")
        .collect();
    let cookies: Vec<_> = answer["cookies"]
        .as_array()
        .into_iter()
        .flatten()
        .map(masked)
        .collect();
    json!({"statusCode": status, "headers": headers, "cookies": cookies, "body": body})
}

fn masked(cookie: &Value) -> String {
    let cookie = cookie.as_str().unwrap_or_default();
    let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
    match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() => format!("{name}=***;{attributes}"),
        _ => cookie.to_owned(),
    }
}

fn words(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<').skip(1) {
        let (_, after) = piece.split_once('>').unwrap_or_default();
        text.push_str(after);
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What came before the good events of `oauth-callback`: an admin of the organization began to
/// connect in a browser, and Gong will give tokens for the code.
async fn consent_is_given(world: &World) {
    let store = world.store();
    let org = OrgId::parse(EXAMPLE).unwrap();
    let board = Board {
        org_id: org.clone(),
        id: BoardId::parse("requests").unwrap(),
        name: "Requests".into(),
        description: String::new(),
        is_default: true,
        categories: Vec::new(),
        created: now(),
    };
    store.put_board(&board).await.unwrap();
    for state in ["example-state", "headers-state", "denied-state"] {
        a_connect_began(world, state).await;
    }
    world.gong.set_faults(Faults {
        next_statuses: [tokens(world), tokens(world)].into(),
        ..Faults::default()
    });
}

/// The admin's browser has this state and the binding cookie of the events.
pub async fn a_connect_began(world: &World, state: &str) {
    let attempt = OAuthState {
        org_id: OrgId::parse(EXAMPLE).unwrap(),
        user_id: UserId::parse("ada").unwrap(),
        history: History::Days(7),
        browser_hash: hash(&Secret::new("example-binding")),
        expires_at: now() + Span::minutes(10),
    };
    let key = hash(&Secret::new(state));
    world.store().put_state(&key, &attempt).await.unwrap();
}

/// What came before the good events of `poller` and `pipeline`: the organization, connected for the
/// second time, has a window to list, and three calls at Gong.
async fn calls_are_recorded(world: &World) {
    world.add_calls([
        call(
            "1",
            "Contoso",
            "Honestly, we need bulk edits in the ticket list.",
        ),
        call("2", "Fabrikam", "At last we need a Portuguese translation."),
        call("3", "Litware", "We had a good week, thank you for asking."),
    ]);
    let store = world.store();
    let org = OrgId::parse(EXAMPLE).unwrap();
    let poll = store.poll(&org).await.unwrap().unwrap();
    let mut window = poll_window(&poll, &SystemIds, now());
    window.id = WindowId::parse("example-window").unwrap();
    window.due = Some(now() + Span::hours(1));
    store.start_poll(&poll, &poll, &window).await.unwrap();
}

/// The window was listed and its calls were analysed, each once, whatever else was in the events.
async fn work_was_done(world: &World) {
    let store = world.store();
    let org = OrgId::parse(EXAMPLE).unwrap();
    let id = WindowId::parse("example-window").unwrap();
    let window = store.window(&org, &id).await.unwrap().unwrap();
    assert!(window.finished.is_some(), "{window:?}");
    let ids = ["1", "2", "3"].map(|id| CallId::parse(id).unwrap());
    let calls = store.calls(&org, &ids).await.unwrap();
    let state = |id: &CallId| calls.iter().find(|call| call.id == *id).map(|c| c.state);
    let states = ids.each_ref().map(state);
    use CallState::{Discarded, Posted};
    assert_eq!(states, [Some(Posted), Some(Posted), Some(Discarded)]);
    let posts = store.posts(&org, &PostFilter::default()).await.unwrap();
    let evidence: Vec<_> = posts.iter().map(|post| post.evidence_count).collect();
    assert_eq!(evidence, [1, 1]);
    world.no_calls();
}

/// Gong's answer to a code.
fn tokens(world: &World) -> InjectedStatus {
    let tokens = world.gong.grant(&scopes::REQUIRED).unwrap();
    let grant = json!({
        "access_token": tokens.access_token, "refresh_token": tokens.refresh_token,
        "expires_in": 86_400, "token_type": "Bearer", "scope": scopes::REQUIRED.join(" "),
        "api_base_url_for_customer": world.gong.origin(),
    });
    InjectedStatus {
        endpoint: "POST /oauth2/generate-customer-token".into(),
        status: 200,
        body: Some(grant.to_string()),
        ..InjectedStatus::default()
    }
}

/// Frees the workspace for the test's own organization.
async fn disconnect_again(world: &World) {
    world.gong.set_faults(Faults::default());
    let mut ada = super::steps::signs_in(world, EXAMPLE).await;
    let done = ada.post("/integrations/gong/disconnect", &[]).await;
    assert!(
        done.location().contains("disconnected"),
        "{}",
        done.location()
    );
}

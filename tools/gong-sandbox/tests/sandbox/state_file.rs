use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use gong_sandbox::{
    Options, Sandbox, SandboxCall, StartError, StateError, StateStart, read_state_start,
};
use serde_json::json;

use crate::support::*;

const SCOPE: &[&str] = &["api:calls:read:transcript"];

fn kept(clock: &Arc<AtomicI64>, path: &std::path::Path) -> Options {
    let mut options = options(clock);
    options.state_file = Some(path.to_owned());
    options
}

/// Stops the sandbox and starts one with these options, on the port that has become free.
async fn restart(app: &mut Visitor, again: Options) {
    let stand_in = Sandbox::start(options(&app.clock))
        .await
        .expect("a stand-in");
    std::mem::replace(&mut app.sandbox, stand_in).stop().await;
    app.sandbox = Sandbox::start(again)
        .await
        .expect("the sandbox starts again");
}

#[tokio::test]
async fn tokens_port_and_first_start_survive_a_restart() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("deeper/sandbox.json");
    assert_eq!(read_state_start(&path), None);
    let mut app = app(|options| options.state_file = Some(path.clone())).await;
    let tokens = app.redeem(&app.code().await).await.json();
    let code = app.code().await;
    let used = tokens["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned();
    let newest = app.refresh(&used).await.json();
    let origin = app.sandbox.origin();

    app.advance(HOUR_MS);
    let again = |app: &Visitor| Options {
        seed: 7,
        ..kept(&app.clock, &path)
    };
    let options = again(&app);
    restart(&mut app, options).await;
    assert_eq!(app.sandbox.origin(), origin);
    assert_eq!(app.sandbox.first_started_ms(), START_MS);
    let port = origin
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    assert_eq!(
        read_state_start(&path),
        Some(StateStart {
            first_started_ms: START_MS,
            port
        })
    );

    app.sandbox.set_calls(vec![SandboxCall {
        available_after_seconds: Some(3_600),
        ..call("1", 0)
    }]);
    let bearer = newest["access_token"].as_str().expect("an access token");
    let answer = app
        .post_as(bearer, TRANSCRIPT, &json!({"filter": {"callIds": ["1"]}}))
        .await;
    assert_eq!(answer.status, 200, "an hour after the first start");
    assert_eq!(
        app.redeem(&code).await.status,
        400,
        "codes live ten minutes"
    );
    assert_eq!(app.refresh(&used).await.status, 400);
    assert_eq!(app.sandbox.stats().dead_refresh_uses, 1);
    let after = app
        .refresh(newest["refresh_token"].as_str().expect("a refresh token"))
        .await;
    assert_eq!(after.status, 200);
    let options = again(&app);
    restart(&mut app, options).await;
    let last = app
        .refresh(
            after.json()["refresh_token"]
                .as_str()
                .expect("a refresh token"),
        )
        .await;
    assert_eq!(last.status, 200);
    assert_ne!(last.json()["access_token"], after.json()["access_token"]);
}

#[tokio::test]
async fn a_taken_port_is_given_up() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("sandbox.json");
    let clock = Arc::new(AtomicI64::new(START_MS));
    let first = Sandbox::start(kept(&clock, &path))
        .await
        .expect("a first one");
    let tokens = first.grant(SCOPE).expect("tokens");
    let second = Sandbox::start(kept(&clock, &path))
        .await
        .expect("another port is found");
    assert_ne!(first.origin(), second.origin());
    let port = read_state_start(&path)
        .map(|state| state.port)
        .expect("a state");
    assert_eq!(second.origin(), format!("http://127.0.0.1:{port}"));
    let answer = client()
        .get(format!("{}/v2/users", second.origin()))
        .bearer_auth(tokens.access_token);
    assert_eq!(answer.send().await.expect("an answer").status(), 403);
    let taken = Sandbox::start(Options {
        port,
        ..options(&clock)
    })
    .await;
    assert!(matches!(taken, Err(StartError::Bind { port: asked, .. }) if asked == port));
}

#[tokio::test]
async fn a_damaged_file_stops_the_start_and_tells_no_secret() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("sandbox.json");
    let clock = Arc::new(AtomicI64::new(START_MS));
    for text in ["", "{", "{\"version\": \"hush-hush\"}", "[\"hush-hush\"]"] {
        fs::write(&path, text).expect("a file");
        let error = Sandbox::start(kept(&clock, &path))
            .await
            .map(|_| ())
            .expect_err("a damaged file");
        assert!(
            matches!(error, StartError::State(StateError::Corrupt { .. })),
            "{text}"
        );
        let told = error.to_string();
        assert!(
            told.contains("delete it") && !told.contains("hush"),
            "{told}"
        );
        assert_eq!(read_state_start(&path), None);
    }
    fs::remove_file(&path).expect("the file goes");
    let sandbox = Sandbox::start(kept(&clock, &path))
        .await
        .expect("a fresh start");
    sandbox.stop().await;
    let newer = fs::read_to_string(&path)
        .expect("a state")
        .replace("\"version\": 1", "\"version\": 9");
    fs::write(&path, newer).expect("a file");
    let error = Sandbox::start(kept(&clock, &path))
        .await
        .map(|_| ())
        .expect_err("another version");
    assert!(error.to_string().contains("version is 9"), "{error}");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_told_and_nothing_is_handed_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("state/sandbox.json");
    let app = app(|options| options.state_file = Some(path.clone())).await;
    let tokens = app.sandbox.grant(SCOPE).expect("tokens");
    // A folder where the file belongs: no process can write there, whoever runs it.
    fs::remove_file(&path).expect("the file goes");
    fs::create_dir(&path).expect("a folder");
    assert_eq!(app.refresh(&tokens.refresh_token).await.status, 500);
    let refused = app.send(app.form(&consent(), "approve")).await;
    assert_eq!((refused.status, refused.header("location")), (500, ""));
    assert!(matches!(
        app.sandbox.grant(SCOPE),
        Err(StateError::Write { .. })
    ));
    app.sandbox.expire_access_tokens();
    assert_eq!(
        app.post_as(&tokens.access_token, TRANSCRIPT, &json!({"filter": {}}))
            .await
            .status,
        401
    );
    fs::remove_dir(&path).expect("the folder goes");
    assert_eq!(
        app.refresh(&tokens.refresh_token).await.status,
        200,
        "it had not rotated"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("sandbox.json");
    let clock = Arc::new(AtomicI64::new(START_MS));
    let sandbox = Sandbox::start(kept(&clock, &path))
        .await
        .expect("the sandbox starts");
    sandbox.grant(SCOPE).expect("tokens");
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let left = fs::read_dir(dir.path()).expect("a folder").count();
    assert_eq!(left, 1, "nothing unfinished lies beside it");
}

#[tokio::test]
async fn a_dropped_sandbox_stops() {
    let clock = Arc::new(AtomicI64::new(START_MS));
    let sandbox = Sandbox::start(options(&clock))
        .await
        .expect("the sandbox starts");
    let (origin, http) = (sandbox.origin(), client());
    assert_eq!(
        http.get(&origin).send().await.expect("an answer").status(),
        200
    );
    drop(sandbox);
    // The listener closes at its task's next turn; until then the connection that is open ends.
    let mut turns = 0;
    while http.get(&origin).send().await.is_ok() {
        turns += 1;
        assert!(turns < 1_000, "it still answers");
        tokio::task::yield_now().await;
    }
}

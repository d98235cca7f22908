//! Refused connects: a clear message, and nothing stored.

use domain::gong::scopes;
use domain::{moment::Span, secret::Secret};
use gong_sandbox::{Company, Faults, InjectedStatus};
use ingest::connect::ConnectRefusal;
use kit::{
    Browser, TestApp, TestOptions,
    calls::pricing_call,
    consent::{NO_HISTORY, THIRTY_DAYS},
    test_app::admin,
};

/// The page that the callback leads to says why, and nothing of `demo` is stored.
async fn assert_refused(
    test: &TestApp,
    browser: &mut Browser,
    location: &str,
    why: ConnectRefusal,
) {
    let address = format!("/integrations/gong?refused={}", why.code());
    assert_eq!(location, address);
    let page = browser.get(location).await.text();
    assert!(page.contains(&why.to_string()), "{page}");
    assert!(page.contains("Status: not connected"), "{page}");
    test.assert_nothing_connected(&test.org()).await;
    assert_eq!(test.secret_files().len(), 0);
    test.app.drain().await;
    assert_eq!(test.asked("POST /v2/calls/transcript"), 0);
    assert_eq!(test.violations(), Vec::<String>::new());
}

async fn test_app() -> TestApp {
    TestApp::with_calls(vec![pricing_call("1").build()]).await
}

#[tokio::test]
async fn a_denied_consent() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let callback = ada.begin_connect(THIRTY_DAYS).await.deny().await;
    let location = ada.get(&callback).await.location().to_owned();
    assert_refused(&test, &mut ada, &location, ConnectRefusal::Denied).await;
    assert_eq!(test.requests(), 0, "Gong was not asked for a token");
    // And after that mistake: once more.
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
}

#[tokio::test]
async fn an_unknown_state() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    ada.begin_connect(THIRTY_DAYS).await.approve().await;
    for callback in [
        "/oauth/gong/callback?code=c&state=made-up",
        "/oauth/gong/callback?code=c",
        "/oauth/gong/callback",
        "/oauth/gong/callback?error=access_denied",
    ] {
        let binding = ada.cookie("pb_connect").map(str::to_owned);
        let location = ada.get(callback).await.location().to_owned();
        assert_refused(&test, &mut ada, &location, ConnectRefusal::BadState).await;
        assert_eq!(test.requests(), 0);
        ada.set_cookie("pb_connect", &binding.expect("a binding"));
    }
}

#[tokio::test]
async fn an_expired_state() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let consent = ada.begin_connect(THIRTY_DAYS).await;
    test.clock.advance(Span::minutes(11));
    // Gong's own code is fresh: it is our state that is too old.
    let callback = consent.approve().await;
    let location = ada.get(&callback).await.location().to_owned();
    assert_refused(&test, &mut ada, &location, ConnectRefusal::BadState).await;
    assert_eq!(test.requests(), 0, "the code was not traded");
}

#[tokio::test]
async fn a_state_just_within_its_ten_minutes_is_good() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let consent = ada.begin_connect(THIRTY_DAYS).await;
    test.clock.advance(Span::millis(Span::minutes(10).0 - 1));
    let callback = consent.approve().await;
    assert!(ada.get(&callback).await.location().ends_with("connected=1"));
}

#[tokio::test]
async fn a_replayed_state() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let callback = ada.begin_connect(THIRTY_DAYS).await.approve().await;
    let binding = ada.cookie("pb_connect").unwrap().to_owned();
    assert!(ada.get(&callback).await.location().ends_with("connected=1"));
    let first = test.connection().await;
    ada.set_cookie("pb_connect", &binding);
    let asked = test.requests();
    let again = ada.get(&callback).await;
    assert_eq!(again.location(), "/integrations/gong?refused=bad-state");
    assert_eq!(test.requests(), asked, "Gong was not asked");
    assert_eq!(
        test.connection().await,
        first,
        "the connection is as it was"
    );
    let page = ada.get(again.location()).await.text();
    assert!(
        page.contains(&ConnectRefusal::BadState.to_string()),
        "{page}"
    );
    assert!(page.contains("Status: connected"), "{page}");
}

#[tokio::test]
async fn a_state_of_another_browser() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let callback = ada.begin_connect(THIRTY_DAYS).await.approve().await;
    // Another admin of the same organization, without a binding and with one of her own.
    let mut eve = test.browser(&admin()).await;
    let location = eve.get(&callback).await.location().to_owned();
    assert_refused(&test, &mut eve, &location, ConnectRefusal::BadState).await;
    eve.begin_connect(THIRTY_DAYS).await;
    let location = eve.get(&callback).await.location().to_owned();
    assert_refused(&test, &mut eve, &location, ConnectRefusal::BadState).await;
    assert_eq!(test.requests(), 0);
    // The right browser is not harmed by that.
    assert!(ada.get(&callback).await.location().ends_with("connected=1"));
}

#[tokio::test]
async fn a_grant_that_lacks_a_scope() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    for lacking in scopes::REQUIRED {
        let rest = scopes::REQUIRED.iter().filter(|scope| **scope != lacking);
        test.sandbox.set_faults(Faults {
            granted_scopes: Some(rest.map(|scope| (*scope).to_owned()).collect()),
            ..Faults::default()
        });
        let location = ada.connect(THIRTY_DAYS).await;
        assert_refused(&test, &mut ada, &location, ConnectRefusal::MissingScope).await;
    }
    assert_eq!(test.asked("POST /v2/calls/extensive"), 0);
    test.sandbox.set_faults(Faults::default());
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
}

#[tokio::test]
async fn no_board_yet() {
    let test = TestApp::start(TestOptions {
        default_board: false,
        ..TestOptions::default()
    })
    .await;
    let mut ada = test.browser(&admin()).await;
    let answer = ada.post("/integrations/gong/connect", THIRTY_DAYS).await;
    let location = answer.location().to_owned();
    assert_refused(&test, &mut ada, &location, ConnectRefusal::NoBoard).await;
    assert!(
        test.items("connections").await.is_empty(),
        "no state either"
    );
    // With a board it goes on.
    let board = [
        ("name", "Requests"),
        ("description", ""),
        ("categories", ""),
    ];
    ada.post("/boards", &board).await;
    assert!(ada.connect(NO_HISTORY).await.ends_with("connected=1"));
}

#[tokio::test]
async fn base_urls_outside_the_allow_list_get_no_request() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let trap = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let port = trap.local_addr().unwrap().port();
    let origin = test.sandbox.origin();
    let hostile = [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("http://api.gong.io@127.0.0.1:{port}"),
        format!("https://api.gong.io@127.0.0.1:{port}"),
        format!("{origin}@127.0.0.1:{port}"),
        format!("{origin}/v2/../x"),
        format!("https://api.gong.io:{port}"),
        "http://api.gong.io".into(),
        "https://api.gong.io.evil.example".into(),
        "https://evilgong.io".into(),
        "https://api.gong.io/v2".into(),
        "https://api.gong.io?x=1".into(),
        "https://api.gong.io\\@evil.example".into(),
        "file:///etc/passwd".into(),
        String::new(),
    ];
    for url in hostile {
        test.sandbox.set_faults(Faults {
            base_url_override: Some(url.clone()),
            ..Faults::default()
        });
        let location = ada.connect(THIRTY_DAYS).await;
        assert!(
            location.ends_with("refused=foreign-base-url"),
            "{url}: {location}"
        );
        assert_refused(&test, &mut ada, &location, ConnectRefusal::ForeignBaseUrl).await;
    }
    let met = trap.accept().unwrap_err();
    assert_eq!(
        met.kind(),
        std::io::ErrorKind::WouldBlock,
        "a request was sent"
    );
    assert_eq!(
        test.asked("POST /v2/calls/extensive") + test.asked("GET /v2/users"),
        0
    );
}

#[tokio::test]
async fn gong_refuses_our_client() {
    let test = test_app().await;
    let app = test
        .another_process(|parts| {
            parts.oauth.app.client_secret = Secret::new("not-the-secret").into()
        })
        .await;
    let mut ada = Browser::new(app);
    ada.sign_in(&admin()).await;
    let location = ada.connect(THIRTY_DAYS).await;
    assert_refused(&test, &mut ada, &location, ConnectRefusal::InvalidClient).await;
}

#[tokio::test]
async fn gong_does_not_answer_while_connecting() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let fault = |endpoint: &str, times| Faults {
        next_statuses: vec![
            InjectedStatus {
                endpoint: endpoint.into(),
                status: 502,
                ..InjectedStatus::default()
            };
            times
        ]
        .into(),
        ..Faults::default()
    };
    for faults in [
        fault("/oauth2/", 1),
        fault("/v2/calls/extensive", 3),
        fault("/v2/users", 3),
        Faults {
            drop_token_response: 1,
            ..Faults::default()
        },
    ] {
        test.sandbox.set_faults(faults);
        let location = ada.connect(THIRTY_DAYS).await;
        assert_refused(&test, &mut ada, &location, ConnectRefusal::GongUnavailable).await;
    }
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
}

#[tokio::test]
async fn a_company_whose_request_limit_is_used_up() {
    let test = test_app().await;
    let mut ada = test.browser(&admin()).await;
    let wait = InjectedStatus {
        endpoint: "/v2/".into(),
        status: 429,
        retry_after_seconds: Some(8 * 3_600),
        body: None,
    };
    test.sandbox.set_faults(Faults {
        next_statuses: [wait].into(),
        ..Faults::default()
    });
    for _ in 0..2 {
        let location = ada.connect(THIRTY_DAYS).await;
        assert_refused(&test, &mut ada, &location, ConnectRefusal::GongBusy).await;
    }
    assert_eq!(
        test.asked("POST /v2/calls/extensive"),
        1,
        "the wait is kept"
    );
    test.clock.advance(Span::hours(9));
    assert!(ada.connect(THIRTY_DAYS).await.ends_with("connected=1"));
}

#[tokio::test]
async fn a_company_that_shows_nothing_of_itself() {
    let test = test_app().await;
    let nobody = Company {
        users: Vec::new(),
        workspaces: Vec::new(),
        ..Company::default()
    };
    let empty = test.another_gong(|options| options.company = nobody).await;
    let app = test.process_at(&empty).await;
    let mut ada = Browser::new(app);
    ada.sign_in(&admin()).await;
    let location = ada.connect(THIRTY_DAYS).await;
    assert_refused(&test, &mut ada, &location, ConnectRefusal::NoIdentity).await;
}

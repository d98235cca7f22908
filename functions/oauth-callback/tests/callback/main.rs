//! The callback as a browser meets it, on a database in memory.
#![allow(clippy::unwrap_used)]

mod parts;

use std::{
    io,
    sync::{Arc, Mutex},
};

use domain::gong::CALLBACK_PATH;
use domain::{
    connection::{ConnectionStatus, History},
    ports::connections::ConnectionStore,
};
use lambda_http::{
    Body, Request, Response,
    http::{Method, header},
};
use oauth_callback::handle;
use parts::{Callback, GOOD_CODE, org};

async fn visit(app: &Callback, method: Method, path: &str, cookie: &str) -> Response<Body> {
    let mut request = Request::new(Body::Empty);
    *request.method_mut() = method;
    *request.uri_mut() = format!("http://127.0.0.1:8080{path}").parse().unwrap();
    if !cookie.is_empty() {
        let headers = request.headers_mut();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
    }
    handle(&app.deps, request).await
}

fn text(response: &Response<Body>, name: header::HeaderName) -> &str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[track_caller]
fn leads_to(response: &Response<Body>, location: &str) {
    assert_eq!(response.status(), 303);
    assert_eq!(text(response, header::LOCATION), location);
    assert_eq!(text(response, header::CACHE_CONTROL), "no-store");
    assert_eq!(text(response, header::REFERRER_POLICY), "no-referrer");
    assert!(text(response, header::SET_COOKIE).contains("pb_connect=; Path=/; Max-Age=0"));
}

#[tokio::test]
async fn an_approved_connect_leads_to_the_page_and_works_once() {
    for secure in [false, true] {
        let app = Callback::new(secure).await;
        let (state, cookie) = app.begin().await;
        let path = format!("{CALLBACK_PATH}?code={GOOD_CODE}&state={state}");
        let done = visit(&app, Method::GET, &path, &format!("other=1; {cookie}")).await;
        leads_to(&done, "/integrations/gong?connected=1");
        let cleared = text(&done, header::SET_COOKIE);
        assert_eq!(cleared.starts_with("__Host-"), secure, "{cleared}");
        assert_eq!(cleared.ends_with("; Secure"), secure, "{cleared}");
        let connection = app.store.connection(&org()).await.unwrap().unwrap();
        assert_eq!(connection.status, ConnectionStatus::Connected);
        assert_eq!(connection.history, History::Days(30));
        assert_eq!(connection.connected_by.as_str(), "ada");

        let again = visit(&app, Method::GET, &path, &cookie).await;
        leads_to(&again, "/integrations/gong?refused=bad-state");
    }
}

#[tokio::test]
async fn a_refused_connect_leads_to_the_page_with_its_code() {
    let app = Callback::new(false).await;
    for (query, code) in [
        (
            "error=access_denied&error_description=Call+555-1234&state=",
            "denied",
        ),
        ("code=wrong&state=", "code-refused"),
        ("code=&state=", "bad-state"),
        ("state=", "bad-state"),
    ] {
        let (state, cookie) = app.begin().await;
        let path = format!("{CALLBACK_PATH}?{query}{state}");
        let answer = visit(&app, Method::GET, &path, &cookie).await;
        leads_to(&answer, &format!("/integrations/gong?refused={code}"));
        assert_eq!(app.store.connection(&org()).await.unwrap(), None, "{query}");
    }
}

#[tokio::test]
async fn a_state_belongs_to_the_browser_it_was_begun_in() {
    let app = Callback::new(false).await;
    let (state, cookie) = app.begin().await;
    let (_, other) = app.begin().await;
    let path = format!("{CALLBACK_PATH}?code={GOOD_CODE}&state={state}");
    for cookie in ["", "pb_connect=", "__Host-pb_connect=secret-1", &other] {
        let answer = visit(&app, Method::GET, &path, cookie).await;
        leads_to(&answer, "/integrations/gong?refused=bad-state");
    }
    for query in [
        "",
        "state=a&state=b&code=c",
        "state=%FF%FE",
        "page=https://evil.example",
    ] {
        let answer = visit(
            &app,
            Method::GET,
            &format!("{CALLBACK_PATH}?{query}"),
            &cookie,
        )
        .await;
        leads_to(&answer, "/integrations/gong?refused=bad-state");
    }
    // The rightful browser is not locked out by what others tried.
    let done = visit(&app, Method::GET, &path, &cookie).await;
    leads_to(&done, "/integrations/gong?connected=1");
}

#[tokio::test]
async fn other_methods_and_addresses_do_nothing() {
    let app = Callback::new(false).await;
    let (state, cookie) = app.begin().await;
    let path = format!("{CALLBACK_PATH}?code={GOOD_CODE}&state={state}");
    for method in [Method::HEAD, Method::POST, Method::OPTIONS] {
        let answer = visit(&app, method, &path, &cookie).await;
        assert_eq!(answer.status(), 405);
        assert_eq!(text(&answer, header::ALLOW), "GET");
        assert_eq!(text(&answer, header::SET_COOKIE), "");
    }
    let elsewhere = visit(&app, Method::GET, "/oauth/gong/callback/x", &cookie).await;
    assert_eq!(elsewhere.status(), 404);
    leads_to(
        &visit(&app, Method::GET, &path, &cookie).await,
        "/integrations/gong?connected=1",
    );
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_of_the_query_or_the_cookie_is_logged() {
    let app = Callback::new(false).await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    // Of the whole process: what another test's thread has met without a subscriber stays off for
    // a subscriber of one thread. The other tests have no say in what may stand in the log.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let (state, cookie) = app.begin().await;
    for code in ["a-code-nobody-may-see", GOOD_CODE] {
        let path = format!("{CALLBACK_PATH}?code={code}&state={state}");
        visit(&app, Method::GET, &path, &cookie).await;
    }
    let (state, cookie) = app.begin().await;
    let path = format!("{CALLBACK_PATH}?code={GOOD_CODE}&state={state}");
    visit(&app, Method::GET, &path, &cookie).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a connect was refused"), "{log}");
    assert!(log.contains("connected"), "{log}");
    let value = cookie.split('=').nth(1).unwrap();
    for secret in ["a-code-nobody-may-see", GOOD_CODE, state.as_str(), value] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}

use gong_sandbox::Faults;
use reqwest::Method;
use reqwest::header::{HOST, ORIGIN};
use url::Url;

use crate::support::*;

async fn ask(app: &Visitor, parameters: &[(&str, &str)]) -> Answer {
    let url = Url::parse_with_params(&app.url("/oauth2/authorize"), parameters).expect("a URL");
    app.send(app.http.get(url)).await
}

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'static str, &'a str)> {
    consent()
        .into_iter()
        .map(|(key, old)| (key, if key == name { value } else { old }))
        .collect()
}

#[tokio::test]
async fn the_page_tells_who_asks_for_what() {
    let app = app(|_| {}).await;
    let page = ask(&app, &consent()).await;
    assert_eq!(page.status, 200);
    for text in [
        "Gong sandbox",
        "Sandbox Company",
        "http://127.0.0.1:9",
        "Read what was said in calls",
        "Approve",
        "Deny",
    ] {
        assert!(page.text.contains(text), "{text} is missing");
    }
    assert!(!page.text.contains("<script"));
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
}

#[tokio::test]
async fn approval_leads_to_tokens_that_work() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let (answer, location) = app.decide("approve").await;
    assert_eq!(answer.status, 303);
    assert!(location.as_str().starts_with(REDIRECT), "{location}");
    assert_eq!(parameter(&location, "state").as_deref(), Some("s t&te"));
    let tokens = app
        .redeem(&parameter(&location, "code").expect("a code"))
        .await;
    assert_eq!(tokens.status, 200);
    let tokens = tokens.json();
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], 86_400);
    assert_eq!(tokens["scope"], SCOPES);
    assert_eq!(tokens["api_base_url_for_customer"], app.sandbox.origin());
    assert!(tokens["refresh_token"].is_string());
    let bearer = tokens["access_token"].as_str().expect("an access token");
    let calls = app
        .post_as(bearer, EXTENSIVE, &serde_json::json!({"filter": {}}))
        .await;
    assert_eq!(ids(&calls), ["1"]);
    assert_eq!(app.sandbox.violations(), []);
    assert_eq!(
        app.sandbox
            .stats()
            .count("POST /oauth2/generate-customer-token"),
        1
    );
}

#[tokio::test]
async fn denial_is_told_to_the_app() {
    let app = app(|_| {}).await;
    let (answer, location) = app.decide("deny").await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        parameter(&location, "error").as_deref(),
        Some("access_denied")
    );
    assert!(parameter(&location, "error_description").is_some());
    assert_eq!(parameter(&location, "state").as_deref(), Some("s t&te"));
    assert_eq!(parameter(&location, "code"), None);
}

#[tokio::test]
async fn a_request_that_cannot_be_trusted_is_never_redirected() {
    let app = app(|_| {}).await;
    let table = [
        ("client_id", "someone-else"),
        ("response_type", "token"),
        ("redirect_uri", "https://evil.example/callback"),
        ("redirect_uri", "http://evil.example/callback"),
        ("redirect_uri", "http://127.0.0.1@evil.example/"),
        ("redirect_uri", "http://user@127.0.0.1/"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", "/relative"),
    ];
    for (name, value) in table {
        let parameters = with(name, value);
        for answer in [
            ask(&app, &parameters).await,
            app.send(app.form(&parameters, "approve")).await,
        ] {
            assert_eq!(answer.status, 400, "{name}={value}");
            assert_eq!(answer.header("location"), "", "{name}={value}");
        }
    }
    let twice: Vec<_> = consent().into_iter().chain([("state", "again")]).collect();
    assert_eq!(ask(&app, &twice).await.status, 400);
    assert_eq!(app.send(app.form(&consent(), "perhaps")).await.status, 400);
}

#[tokio::test]
async fn only_listed_redirects_when_there_is_a_list() {
    let app =
        app(|options| options.redirect_uris = Some(vec!["https://app.example/callback".into()]))
            .await;
    assert_eq!(ask(&app, &consent()).await.status, 400);
    assert_eq!(
        ask(&app, &with("redirect_uri", "https://app.example/callback/"))
            .await
            .status,
        400
    );
    assert_eq!(
        ask(&app, &with("redirect_uri", "https://app.example/callback"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn html_in_parameters_is_escaped() {
    let app = app(|options| options.company.name = "<b>Company</b>".into()).await;
    let attack = "\"><script>alert(1)</script>";
    for name in ["state", "scope"] {
        let page = ask(&app, &with(name, attack)).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("<script>"), "{name}");
        assert!(page.text.contains("&lt;script&gt;"), "{name}");
        assert!(!page.text.contains("<b>Company"));
    }
    for name in ["client_id", "response_type", "redirect_uri"] {
        assert!(
            !ask(&app, &with(name, attack))
                .await
                .text
                .contains("<script>"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn scopes_are_granted_as_asked_as_known_or_as_the_fault_says() {
    let app = app(|_| {}).await;
    let asked = with("scope", "api:users:read api:calls:delete");
    assert!(ask(&app, &asked).await.text.contains("not known here"));
    for (faults, granted) in [
        (Faults::default(), "api:users:read"),
        (
            Faults {
                granted_scopes: Some(vec!["api:calls:read:basic".into()]),
                ..Faults::default()
            },
            "api:calls:read:basic",
        ),
    ] {
        app.sandbox.set_faults(faults);
        let answer = app.send(app.form(&asked, "approve")).await;
        let code = parameter(
            &Url::parse(answer.header("location")).expect("a URL"),
            "code",
        )
        .expect("a code");
        assert_eq!(app.redeem(&code).await.json()["scope"], granted);
    }
}

#[tokio::test]
async fn other_sites_and_other_host_names_get_nothing() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    for origin in ["http://evil.example", "null"] {
        let answer = app
            .send(app.form(&consent(), "approve").header(ORIGIN, origin))
            .await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (403, ""),
            "{origin}"
        );
    }
    let own = app.sandbox.origin();
    assert_eq!(
        app.send(app.form(&consent(), "approve").header(ORIGIN, own))
            .await
            .status,
        303
    );
    for (host, status) in [
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:80", 421),
        ("10.0.0.7", 421),
        ("", 421),
        ("localhost:80", 200),
        ("[::1]:80", 200),
    ] {
        for path in ["/", "/call?id=1"] {
            let request = app.http.get(app.url(path)).header(HOST, host);
            let answer = app.send(request).await;
            assert_eq!(answer.status, status, "{host} {path}");
            assert_eq!(
                answer.text.contains("Spoken in 1."),
                status == 200 && path != "/"
            );
        }
    }
}

/// A page may ask for anything that a form can ask for; its browser gives it no answer that does
/// not say that it may.
#[tokio::test]
async fn a_page_of_another_site_reads_no_call() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    for (method, path) in [
        (Method::OPTIONS, EXTENSIVE),
        (Method::OPTIONS, "/call?id=1"),
        (Method::POST, EXTENSIVE),
        (Method::POST, TRANSCRIPT),
        (Method::POST, TOKEN),
        (Method::GET, "/call?id=1"),
        (Method::GET, "/v2/users"),
    ] {
        for origin in ["http://evil.example", "http://127.0.0.1:1", "null"] {
            let request = app.http.request(method.clone(), app.url(path));
            let request = request
                .header(ORIGIN, origin)
                .header("access-control-request-method", "POST");
            let answer = app.send(request).await;
            let told: Vec<_> = answer.headers.keys().map(|name| name.as_str()).collect();
            assert!(
                !told.iter().any(|name| name.starts_with("access-control-")),
                "{method} {path}: {told:?}"
            );
            if method == Method::POST {
                assert_eq!(answer.status, 403, "{path}");
            }
        }
    }
}

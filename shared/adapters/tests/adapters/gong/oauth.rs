//! The consent page's address and the token endpoint.

use std::time::Duration;

use adapters::{
    gong::{DEFAULT_OAUTH_BASE, GongApp, GongOAuthClient, GongOAuthConfig},
    http,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    moment::Span,
    ports::gong::{GongOAuth, OAuthError},
    secret::Secret,
    service_url::InvalidServiceUrl,
};
use serde_json::json;
use url::Url;

use crate::gong::server::{Answer, Server};

const SECRET: &str = "client-secret/+ %";

fn client(base: &str, timeout: Duration) -> GongOAuthClient {
    let config = GongOAuthConfig {
        app: GongApp {
            oauth_base: base.into(),
            client_id: "client id".into(),
            client_secret: Secret::new(SECRET).into(),
            with_workspaces: true,
        },
        redirect_uri: "https://pb.example/oauth/callback?a=1".into(),
        timeout,
    };
    assert!(!format!("{config:?}").contains(SECRET));
    GongOAuthClient::new(http::client(Duration::from_secs(30)), config).unwrap()
}

async fn refresh(answer: Answer) -> OAuthError {
    let server = Server::start([answer]).await;
    let error = client(&server.origin, Duration::from_secs(30))
        .refresh(&Secret::new("refresh-secret"))
        .await
        .unwrap_err();
    let texts = format!("{error} {error:?}");
    for secret in ["refresh-secret", SECRET, "127.0.0.1"] {
        assert!(!texts.contains(secret), "{texts}");
    }
    error
}

fn tokens() -> Answer {
    Answer::json(
        &json!({"access_token": "a", "refresh_token": "r", "expires_in": 86400,
                         "api_base_url_for_customer": "https://api.gong.io"}),
    )
    .header("content-type", "text/plain")
}

#[test]
fn the_consent_page_is_asked_for_with_our_scopes() {
    let state = Secret::new("st+te");
    let text = client(DEFAULT_OAUTH_BASE, Duration::from_secs(1)).authorize_url(&state);
    assert!(text.starts_with("https://app.gong.io/oauth2/authorize?"));
    assert!(!text.contains('+'), "{text}");
    assert!(
        text.contains("scope=api%3Acalls%3Aread%3Abasic%20api"),
        "{text}"
    );
    let url = Url::parse(&text).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        pairs,
        [
            ("client_id", "client id"),
            ("response_type", "code"),
            (
                "scope",
                "api:calls:read:basic api:calls:read:extensive api:calls:read:transcript api:users:read api:workspaces:read"
            ),
            ("redirect_uri", "https://pb.example/oauth/callback?a=1"),
            ("state", "st+te"),
        ]
    );
}

#[tokio::test]
async fn the_token_requests_are_the_contracts() {
    let server = Server::start([tokens(), tokens()]).await;
    let client = client(&server.origin, Duration::from_secs(30));
    let grant = client.exchange(&Secret::new("c&de+1")).await.unwrap();
    assert_eq!(grant.expires_in, Span::days(1));
    assert_eq!(grant.api_base_url, "https://api.gong.io");
    client.refresh(&Secret::new("r fresh")).await.unwrap();

    let seen = server.seen();
    let basic = format!("Basic {}", STANDARD.encode(format!("client id:{SECRET}")));
    for request in &seen {
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/oauth2/generate-customer-token")
        );
        assert_eq!(request.header("authorization"), Some(basic.as_str()));
        assert_eq!(request.header("content-length"), Some("0"));
        assert!(request.body.is_empty());
    }
    let pairs = |index: usize| -> Vec<(String, String)> {
        let query = seen[index].query.as_deref().unwrap();
        let url = Url::parse(&format!("http://x/?{query}")).unwrap();
        url.query_pairs().into_owned().collect()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        pairs(0),
        [
            pair("grant_type", "authorization_code"),
            pair("code", "c&de+1"),
            pair("client_id", "client id"),
            pair("redirect_uri", "https://pb.example/oauth/callback?a=1"),
        ]
    );
    assert_eq!(
        pairs(1),
        [
            pair("grant_type", "refresh_token"),
            pair("refresh_token", "r fresh")
        ]
    );
}

#[tokio::test]
async fn refusals_have_their_meaning() {
    let invalid_grant =
        json!({"error": "invalid_grant", "error_description": "refresh-secret has been revoked"});
    assert_eq!(
        refresh(Answer::new(400, invalid_grant.to_string())).await,
        OAuthError::InvalidGrant
    );
    assert_eq!(
        refresh(Answer::new(401, "")).await,
        OAuthError::InvalidClient
    );
    for status in [302, 403, 404, 429, 500, 503] {
        let answer = Answer::new(status, "refresh-secret").header("location", "/oauth2/elsewhere");
        assert_eq!(
            refresh(answer).await,
            OAuthError::UnknownOutcome(format!("status {status}"))
        );
    }
}

#[tokio::test]
async fn a_redirect_does_not_take_the_refresh_token_along() {
    let other = Server::start([tokens()]).await;
    let answer = Answer::new(307, "").header("location", format!("{}/oauth2", other.origin));
    assert_eq!(
        refresh(answer).await,
        OAuthError::UnknownOutcome("status 307".into())
    );
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn unreadable_and_oversized_answers_are_unknown_outcomes() {
    for answer in [
        Answer::new(200, ""),
        Answer::new(200, "refresh-secret"),
        Answer::new(200, vec![b' '; (1 << 20) + 1]),
    ] {
        let error = refresh(answer).await;
        assert!(matches!(error, OAuthError::UnknownOutcome(_)), "{error:?}");
    }
}

#[tokio::test]
async fn no_answer_is_an_unknown_outcome() {
    let server = Server::start([Answer::never()]).await;
    let error = client(&server.origin, Duration::from_millis(50))
        .exchange(&Secret::new("code"))
        .await
        .unwrap_err();
    assert_eq!(error, OAuthError::UnknownOutcome("it timed out".into()));
}

#[test]
fn a_base_without_encryption_is_refused() {
    let config = GongOAuthConfig {
        app: GongApp {
            oauth_base: "http://app.gong.io".into(),
            client_id: String::new(),
            client_secret: Secret::new(SECRET).into(),
            with_workspaces: false,
        },
        redirect_uri: String::new(),
        timeout: Duration::from_secs(1),
    };
    let error = GongOAuthClient::new(http::client(Duration::from_secs(1)), config).err();
    assert_eq!(error.map(|error| error.0), Some(InvalidServiceUrl::InClear));
}

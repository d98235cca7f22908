use gong_sandbox::{Faults, InjectedStatus, Options, ViolationKind};
use reqwest::header::CONTENT_LENGTH;
use serde_json::json;
use url::Url;

use crate::support::*;

fn refresh_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.status);
    answer.json()["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned()
}

fn invalid_grant(answer: &Answer) -> bool {
    answer.status == 400 && answer.json()["error"] == "invalid_grant"
}

#[tokio::test]
async fn a_code_works_once() {
    let app = app(|_| {}).await;
    let code = app.code().await;
    assert_eq!(app.redeem(&code).await.status, 200);
    assert!(invalid_grant(&app.redeem(&code).await));
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let app = app(|_| {}).await;
    for (age_ms, alive) in [(599_999, true), (600_000, false)] {
        let code = app.code().await;
        app.advance(age_ms);
        assert_eq!(app.redeem(&code).await.status == 200, alive, "{age_ms} ms");
    }
}

#[tokio::test]
async fn a_code_belongs_to_its_redirect_and_client() {
    let app = app(|_| {}).await;
    for (client_id, redirect_uri) in [
        (CLIENT_ID, "http://127.0.0.1:9/other"),
        ("another", REDIRECT),
    ] {
        let code = app.code().await;
        let answer = app
            .token(&[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("client_id", client_id),
                ("redirect_uri", redirect_uri),
            ])
            .await;
        assert!(invalid_grant(&answer), "{client_id} {redirect_uri}");
    }
}

#[tokio::test]
async fn a_refresh_rotates_and_leaves_the_access_token_alive() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let first = app.redeem(&app.code().await).await;
    let second = app.refresh(&refresh_of(&first)).await;
    assert_ne!(refresh_of(&first), refresh_of(&second));
    assert_eq!(second.json()["scope"], SCOPES);
    let body = json!({"filter": {}});
    for tokens in [&first, &second] {
        let bearer = tokens.json()["access_token"]
            .as_str()
            .expect("an access token")
            .to_owned();
        assert_eq!(app.post_as(&bearer, EXTENSIVE, &body).await.status, 200);
    }
    assert!(invalid_grant(&app.refresh(&refresh_of(&first)).await));
    assert_eq!(app.sandbox.stats().dead_refresh_uses, 1);
    assert!(invalid_grant(&app.refresh("never issued").await));
    assert_eq!(app.sandbox.stats().dead_refresh_uses, 1);
    assert_eq!(app.refresh(&refresh_of(&second)).await.status, 200);
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn access_ends_by_time_by_command_and_by_revocation() {
    let app = app(|options| options.calls = vec![call("1", 0)]).await;
    let body = json!({"filter": {}});
    app.advance(86_399_999);
    assert_eq!(app.post(EXTENSIVE, &body).await.status, 200);
    app.advance(1);
    let expired = app.post(EXTENSIVE, &body).await;
    assert_eq!(
        (expired.status, expired.error().as_str()),
        (401, "The access token has expired")
    );
    assert_eq!(app.post_as("unknown", EXTENSIVE, &body).await.status, 401);

    let tokens = app
        .sandbox
        .grant(&["api:calls:read:extensive"])
        .expect("tokens");
    assert_eq!(
        app.post_as(&tokens.access_token, EXTENSIVE, &body)
            .await
            .status,
        200
    );
    app.sandbox.expire_access_tokens();
    assert_eq!(
        app.post_as(&tokens.access_token, EXTENSIVE, &body)
            .await
            .status,
        401
    );
    let tokens = app.refresh(&tokens.refresh_token).await;
    app.sandbox.revoke_all_tokens();
    let bearer = tokens.json()["access_token"]
        .as_str()
        .expect("an access token")
        .to_owned();
    assert_eq!(app.post_as(&bearer, EXTENSIVE, &body).await.status, 401);
    assert!(invalid_grant(&app.refresh(&refresh_of(&tokens)).await));
    assert_eq!(app.sandbox.stats().dead_refresh_uses, 0);
}

#[tokio::test]
async fn an_unknown_outcome_has_rotated() {
    let app = app(|_| {}).await;
    let first = app.redeem(&app.code().await).await;
    app.sandbox.set_faults(Faults {
        drop_token_response: 1,
        ..Faults::default()
    });
    assert_eq!(app.refresh(&refresh_of(&first)).await.status, 500);
    assert!(invalid_grant(&app.refresh(&refresh_of(&first)).await));
    assert_eq!(app.sandbox.faults(), Faults::default());
}

#[tokio::test]
async fn an_injected_status_has_not_rotated() {
    let app = app(|_| {}).await;
    let first = app.redeem(&app.code().await).await;
    let busy = InjectedStatus {
        endpoint: TOKEN.into(),
        status: 503,
        body: Some("busy".into()),
        ..Default::default()
    };
    app.sandbox.set_faults(Faults {
        next_statuses: [busy].into(),
        ..Faults::default()
    });
    let answer = app.refresh(&refresh_of(&first)).await;
    assert_eq!((answer.status, answer.text.as_str()), (503, "busy"));
    assert_eq!(app.refresh(&refresh_of(&first)).await.status, 200);
}

#[tokio::test]
async fn a_hostile_base_url_is_handed_out_on_demand() {
    let app = app(|_| {}).await;
    let hostile = "https://api.gong.io@evil.example".to_owned();
    app.sandbox.set_faults(Faults {
        base_url_override: Some(hostile.clone()),
        ..Faults::default()
    });
    let tokens = app.redeem(&app.code().await).await;
    assert_eq!(tokens.json()["api_base_url_for_customer"], hostile);
}

#[tokio::test]
async fn the_client_must_be_known() {
    let app = app(|options| options.client_secret = "p@ss:word/%".into()).await;
    let url = Url::parse_with_params(
        &app.url(TOKEN),
        [("grant_type", "refresh_token"), ("refresh_token", "x")],
    )
    .expect("a URL");
    let post = || app.http.post(url.clone()).header(CONTENT_LENGTH, 0);
    for (request, status, error) in [
        (post(), 401, "invalid_client"),
        (
            post().basic_auth(CLIENT_ID, Some("wrong")),
            401,
            "invalid_client",
        ),
        (
            post().basic_auth(CLIENT_ID, Some("p%40ss%3Aword%2F%25")),
            401,
            "invalid_client",
        ),
        (post().bearer_auth("x"), 401, "invalid_client"),
        (
            post().basic_auth(CLIENT_ID, Some("p@ss:word/%")),
            400,
            "invalid_grant",
        ),
    ] {
        let answer = app.send(request).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (status, &json!(error))
        );
    }
    assert_eq!(app.sandbox.violations(), []);
}

#[tokio::test]
async fn parameters_belong_in_the_query_and_the_body_is_empty() {
    let app = app(|_| {}).await;
    let post = |query: &str| {
        let request = app.http.post(format!("{}?{query}", app.url(TOKEN)));
        request.basic_auth(CLIENT_ID, Some(CLIENT_SECRET))
    };
    let form = app
        .send(post("").body("grant_type=refresh_token&refresh_token=x"))
        .await;
    assert_eq!(
        (form.status, &form.json()["error"]),
        (400, &json!("invalid_request"))
    );
    let no_length = app
        .send(post("grant_type=refresh_token&refresh_token=x"))
        .await;
    assert_eq!(no_length.status, 411);
    let in_url = app
        .send(post("grant_type=other&client_secret=hidden").header(CONTENT_LENGTH, 0))
        .await;
    assert_eq!(
        (in_url.status, &in_url.json()["error"]),
        (400, &json!("unsupported_grant_type"))
    );
    assert_eq!(app.get(TOKEN).await.status, 405);
    use ViolationKind::*;
    assert_eq!(
        app.violations(),
        [
            TokenParametersInBody,
            MissingContentLength,
            SecretInUrl,
            WrongVerb
        ]
    );
    assert!(
        app.sandbox
            .violations()
            .iter()
            .all(|violation| !violation.to_string().contains("hidden"))
    );
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let app = app(|_| {}).await;
    let tokens = app.sandbox.grant(&["api:users:read"]).expect("tokens");
    let printed = format!("{tokens:?}");
    assert!(
        printed.contains("***") && !printed.contains(&tokens.access_token),
        "{printed}"
    );
    assert!(!printed.contains(&tokens.refresh_token), "{printed}");
    let printed = format!("{:?}", Options::new(std::sync::Arc::new(|| 0)));
    assert!(
        printed.contains("***") && !printed.contains(CLIENT_SECRET),
        "{printed}"
    );
}

//! The provider, our client, and the code.

use domain::{
    ports::sign_in::{IdentityProvider, SignInError},
    principal::Role,
    secret::Secret,
};
use openid_sandbox::Endpoint;
use serde_json::json;

use crate::sign_in::two_sides::{TwoSides, secret, sign_in, unreadable};

#[tokio::test]
async fn the_person_is_who_the_provider_says() {
    let app = TwoSides::new().await;
    app.openid
        .signs_in(json!({"sub": "auth0|7", "org_id": "acme", "role": "member"}));
    let person = app.sign_in().await.unwrap();
    assert_eq!(
        (person.org_id.as_str(), person.user_id.as_str(), person.role),
        ("acme", "auth0_7c7", Role::Member)
    );
}

#[tokio::test]
async fn the_secret_is_shown_in_the_way_that_the_provider_takes() {
    for method in ["client_secret_basic", "client_secret_post"] {
        let app = TwoSides::new().await;
        app.openid.takes(&[method]);
        assert!(app.sign_in().await.is_ok(), "{method}");
    }
    let public = TwoSides::with(None, None).await;
    public.openid.takes(&["none"]);
    assert!(public.sign_in().await.is_ok());
}

#[tokio::test]
async fn a_wrong_or_unreadable_secret_is_the_operators_matter() {
    let app = TwoSides::with(Some("hush"), secret("rush")).await;
    assert_eq!(
        app.sign_in().await,
        Err(SignInError::ClientRefused("invalid_client"))
    );
    let app = TwoSides::with(Some("hush"), unreadable()).await;
    assert_eq!(
        app.sign_in().await,
        Err(SignInError::SecretUnreadable(
            "a key could not be read from the secret store (no connection)".into()
        ))
    );
    assert_eq!(app.openid.asked(Endpoint::Token), 0);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_its_own_sign_in_alone() {
    let app = TwoSides::new().await;
    let back = app.travel().await;
    assert!(app.ours.finish(&back.code, &back.remembered).await.is_ok());
    let again = app.ours.finish(&back.code, &back.remembered).await;
    assert_eq!(again, Err(SignInError::CodeRefused));

    let (mine, other) = (app.travel().await, app.travel().await);
    let crossed = app.ours.finish(&mine.code, &other.remembered).await;
    assert_eq!(crossed, Err(SignInError::CodeRefused));
    let invented = Secret::new("invented");
    let invented = app.ours.finish(&invented, &other.remembered).await;
    assert_eq!(invented, Err(SignInError::CodeRefused));
}

#[tokio::test]
async fn a_provider_that_is_away_or_has_trouble_may_be_tried_again() {
    for endpoint in [Endpoint::Discovery, Endpoint::Keys] {
        let app = TwoSides::new().await;
        app.openid.breaks(endpoint, 503, "");
        let failed = app.ours.begin().await.unwrap_err();
        let expected = SignInError::Unavailable("it answered with status 503".into());
        assert_eq!(failed, expected, "{endpoint:?}");
        app.openid.mends(endpoint);
        assert!(app.sign_in().await.is_ok(), "{endpoint:?}");
    }
    let app = TwoSides::new().await;
    for (status, body) in [(500, "<html>"), (429, "{}"), (200, "<html>"), (200, "{}")] {
        let back = app.travel().await;
        app.openid.breaks(Endpoint::Token, status, body);
        let failed = app.ours.finish(&back.code, &back.remembered).await;
        assert!(
            matches!(failed, Err(SignInError::Unavailable(_))),
            "{status} {body}: {failed:?}"
        );
    }
    let mut app = TwoSides::new().await;
    app.openid.stop().await;
    let failed = app.ours.begin().await.unwrap_err();
    assert_eq!(failed, SignInError::Unavailable("no connection".into()));
}

#[tokio::test]
async fn a_description_that_cannot_be_used_is_the_operators_matter() {
    let document = |app: &TwoSides, change: serde_json::Value| {
        let issuer = app.openid.issuer();
        let mut document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        let change = change.as_object().unwrap().clone();
        document.as_object_mut().unwrap().extend(change);
        document.to_string()
    };
    let app = TwoSides::new().await;
    for (status, body) in [
        (404, String::new()),
        (302, String::new()),
        (200, "<html>".into()),
        (200, "{}".into()),
        (
            200,
            document(&app, json!({"issuer": "https://evil.example"})),
        ),
        (200, document(&app, json!({"token_endpoint": null}))),
        (
            200,
            document(
                &app,
                json!({"authorization_endpoint": "http://evil.example/authorize"}),
            ),
        ),
        (
            200,
            document(&app, json!({"jwks_uri": "http://evil.example/jwks"})),
        ),
    ] {
        app.openid.breaks(Endpoint::Discovery, status, body.clone());
        let failed = app.ours.begin().await.map(|_| ());
        let unusable = matches!(failed, Err(SignInError::Unusable(_)));
        assert!(unusable, "{body}: {failed:?}");
    }
    // The identifier is compared as text: an address that merely leads there is another issuer.
    let issuer = format!("{}/", app.openid.issuer());
    app.openid.mends(Endpoint::Discovery);
    let slashed = sign_in(&issuer, secret("hush"), &app.clock);
    let failed = slashed.begin().await.unwrap_err();
    assert_eq!(
        failed,
        SignInError::Unusable("it names another issuer than ours".into())
    );
}

#[tokio::test]
async fn a_code_is_shown_to_a_private_endpoint_alone() {
    let app = TwoSides::new().await;
    let issuer = app.openid.issuer();
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": "http://evil.example/token",
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    app.openid
        .breaks(Endpoint::Discovery, 200, document.to_string());
    assert_eq!(
        app.sign_in().await,
        Err(SignInError::Unusable(
            "one of its endpoints is not https".into()
        ))
    );
}

#[tokio::test]
async fn nothing_secret_stands_in_an_error_or_in_what_is_printed() {
    let app = TwoSides::with(Some("hush"), secret("rush")).await;
    let back = app.travel().await;
    let error = app.ours.finish(&back.code, &back.remembered).await;
    let printed = format!("{error:?} {:?}", back.remembered);
    for hidden in [
        "rush",
        back.code.expose(),
        back.remembered.state.expose(),
        back.remembered.verifier.expose(),
    ] {
        assert!(!printed.contains(hidden), "{printed}");
    }
    let departure = app.ours.begin().await.unwrap();
    assert!(!format!("{departure:?}").contains("http"));
}

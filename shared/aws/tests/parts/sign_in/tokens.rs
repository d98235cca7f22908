//! ID tokens that must not be believed, and claims that say nothing.

use domain::{
    claims::{ClaimFault, ClaimProblem},
    moment::Span,
    ports::sign_in::{IdentityProvider, SignInError, TokenFault},
};
use openid_sandbox::{Endpoint, Wrong, foreign_key};
use serde_json::json;

use crate::sign_in::two_sides::TwoSides;

async fn signed_in_with(wrong: Wrong) -> Result<(), SignInError> {
    let app = TwoSides::new().await;
    app.openid.issues(wrong);
    app.sign_in().await.map(|_| ())
}

#[tokio::test]
async fn a_token_that_is_wrong_in_one_thing_is_not_believed() {
    let claims = |claims| Wrong::Claims(claims);
    for (wrong, fault) in [
        (Wrong::Absent, TokenFault::Missing),
        (Wrong::Unsigned, TokenFault::Signature),
        (Wrong::Key(foreign_key("first")), TokenFault::Signature),
        (Wrong::Key(foreign_key("other")), TokenFault::Signature),
        (claims(json!({"nonce": "another"})), TokenFault::Nonce),
        (claims(json!({"nonce": null})), TokenFault::Nonce),
        (claims(json!({"aud": "another"})), TokenFault::Audience),
        (
            claims(json!({"aud": ["productbridge", "another"]})),
            TokenFault::Audience,
        ),
        (
            claims(json!({"iss": "https://evil.example"})),
            TokenFault::Issuer,
        ),
        (claims(json!({"exp": 1_795_183_379})), TokenFault::Expired),
    ] {
        assert_eq!(
            signed_in_with(wrong).await,
            Err(SignInError::Token(fault)),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_token_that_came_in_time_but_is_looked_at_too_late_has_expired() {
    let app = TwoSides::new().await;
    let expires_at = 1_795_183_380 + 300;
    app.openid.issues(Wrong::Claims(json!({"exp": expires_at})));
    app.clock.advance(Span::seconds(299));
    assert!(app.sign_in().await.is_ok());
    app.clock.advance(Span::seconds(1));
    assert_eq!(
        app.sign_in().await,
        Err(SignInError::Token(TokenFault::Expired))
    );
}

#[tokio::test]
async fn a_nonce_belongs_to_one_sign_in() {
    let app = TwoSides::new().await;
    let (mine, other) = (app.travel().await, app.travel().await);
    let mut crossed = mine.remembered.clone();
    crossed.nonce = other.remembered.nonce.clone();
    assert_eq!(
        app.ours.finish(&mine.code, &crossed).await,
        Err(SignInError::Token(TokenFault::Nonce))
    );
}

#[tokio::test]
async fn a_person_without_an_organization_or_a_role_is_told_which() {
    let missing = |claim| ClaimFault {
        claim,
        problem: ClaimProblem::Missing,
    };
    for (claims, fault) in [
        (json!({"org_id": null}), missing("org_id")),
        (json!({"org_id": 7}), missing("org_id")),
        (json!({"role": null}), missing("role")),
        (json!({"role": ["admin"]}), missing("role")),
    ] {
        let refused = signed_in_with(Wrong::Claims(claims)).await;
        assert_eq!(refused, Err(SignInError::Claim(fault)));
    }
    for (claims, claim) in [
        (json!({"org_id": "a#b"}), "org_id"),
        (json!({"org_id": ""}), "org_id"),
        (json!({"role": "owner"}), "role"),
        (json!({"role": "Admin"}), "role"),
        (json!({"sub": ""}), "sub"),
    ] {
        let refused = signed_in_with(Wrong::Claims(claims)).await;
        let Err(SignInError::Claim(fault)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(fault.claim, claim);
        assert!(matches!(fault.problem, ClaimProblem::Invalid(_)));
    }
}

#[tokio::test]
async fn claims_of_a_token_that_is_not_believed_are_not_looked_at() {
    let app = TwoSides::new().await;
    app.openid.issues(Wrong::Key(foreign_key("first")));
    app.openid.signs_in(json!({"sub": "ada"}));
    assert_eq!(
        app.sign_in().await,
        Err(SignInError::Token(TokenFault::Signature))
    );
    assert_eq!(app.openid.asked(Endpoint::Keys), 1);
}

//! What is known of the provider, and for how long.

use domain::{
    moment::Span,
    ports::sign_in::{IdentityProvider, SignInError, TokenFault},
};
use openid_sandbox::{Endpoint, Wrong, foreign_key};

use crate::sign_in::two_sides::TwoSides;

#[tokio::test]
async fn nothing_is_asked_before_the_first_sign_in_and_then_once_an_hour() {
    let app = TwoSides::new().await;
    let asked = || {
        (
            app.openid.asked(Endpoint::Discovery),
            app.openid.asked(Endpoint::Keys),
        )
    };
    assert_eq!(asked(), (0, 0));
    for _ in 0..3 {
        app.sign_in().await.unwrap();
    }
    assert_eq!(asked(), (1, 1));
    app.clock.advance(Span(Span::hours(1).0 - 1));
    app.ours.begin().await.unwrap();
    assert_eq!(asked(), (1, 1));
    app.clock.advance(Span(1));
    app.ours.begin().await.unwrap();
    assert_eq!(asked(), (2, 2));
}

#[tokio::test]
async fn a_key_that_came_since_is_asked_for_once() {
    let app = TwoSides::new().await;
    app.sign_in().await.unwrap();
    app.openid.rotates("second");
    app.sign_in().await.unwrap();
    assert_eq!(app.openid.asked(Endpoint::Keys), 2);
    app.sign_in().await.unwrap();
    assert_eq!(app.openid.asked(Endpoint::Keys), 2);
}

#[tokio::test]
async fn a_key_that_the_provider_does_not_have_is_not_asked_for_twice() {
    let app = TwoSides::new().await;
    app.openid.issues(Wrong::Key(foreign_key("unknown")));
    assert_eq!(
        app.sign_in().await,
        Err(SignInError::Token(TokenFault::Signature))
    );
    assert_eq!(app.openid.asked(Endpoint::Keys), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_asked_for_are_the_providers_trouble() {
    let app = TwoSides::new().await;
    app.sign_in().await.unwrap();
    app.openid.rotates("second");
    app.openid.breaks(Endpoint::Keys, 502, "");
    assert!(matches!(
        app.sign_in().await,
        Err(SignInError::Unavailable(_))
    ));
    app.openid.mends(Endpoint::Keys);
    assert!(app.sign_in().await.is_ok());
}

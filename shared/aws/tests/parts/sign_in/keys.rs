//! What is known of the provider, and for how long.

use domain::{
    moment::Span,
    ports::sign_in::{IdentityProvider, SignInError, TokenFault},
};
use openid_sandbox::{Endpoint, Wrong, foreign_key};

use crate::sign_in::house::House;

#[tokio::test]
async fn nothing_is_asked_before_the_first_sign_in_and_then_once_an_hour() {
    let house = House::new().await;
    let asked = || {
        (
            house.openid.asked(Endpoint::Discovery),
            house.openid.asked(Endpoint::Keys),
        )
    };
    assert_eq!(asked(), (0, 0));
    for _ in 0..3 {
        house.sign_in().await.unwrap();
    }
    assert_eq!(asked(), (1, 1));
    house.clock.pass(Span(Span::hours(1).0 - 1));
    house.ours.begin().await.unwrap();
    assert_eq!(asked(), (1, 1));
    house.clock.pass(Span(1));
    house.ours.begin().await.unwrap();
    assert_eq!(asked(), (2, 2));
}

#[tokio::test]
async fn a_key_that_came_since_is_asked_for_once() {
    let house = House::new().await;
    house.sign_in().await.unwrap();
    house.openid.rotates("second");
    house.sign_in().await.unwrap();
    assert_eq!(house.openid.asked(Endpoint::Keys), 2);
    house.sign_in().await.unwrap();
    assert_eq!(house.openid.asked(Endpoint::Keys), 2);
}

#[tokio::test]
async fn a_key_that_the_provider_does_not_have_is_not_asked_for_twice() {
    let house = House::new().await;
    house.openid.issues(Wrong::Key(foreign_key("unknown")));
    assert_eq!(
        house.sign_in().await,
        Err(SignInError::Token(TokenFault::Signature))
    );
    assert_eq!(house.openid.asked(Endpoint::Keys), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_asked_for_are_the_providers_trouble() {
    let house = House::new().await;
    house.sign_in().await.unwrap();
    house.openid.rotates("second");
    house.openid.breaks(Endpoint::Keys, 502, "");
    assert!(matches!(
        house.sign_in().await,
        Err(SignInError::Unavailable(_))
    ));
    house.openid.mends(Endpoint::Keys);
    assert!(house.sign_in().await.is_ok());
}

//! What a person reads when a sign-in with the provider comes to nothing.

use std::sync::Arc;

use async_trait::async_trait;
use dashboard::SignIn;
use domain::{
    claims::{ClaimFault, ClaimProblem},
    ports::{
        StoreError,
        sign_in::{Departure, IdentityProvider, Remembered, SignInError, TokenFault},
    },
    principal::{Principal, Role},
    secret::Secret,
};
use futures::FutureExt;
use http::Method;

use crate::site::{Answer, Site, person};

/// A provider that answers as it is told.
#[derive(Clone)]
struct Scripted {
    begins: Result<(), SignInError>,
    finishes: Result<(), SignInError>,
}

fn remembered() -> Remembered {
    Remembered {
        state: Secret::new("the-state"),
        nonce: Secret::new("the-nonce"),
        verifier: Secret::new("the-verifier"),
    }
}

#[async_trait]
impl IdentityProvider for Scripted {
    async fn begin(&self) -> Result<Departure, SignInError> {
        self.begins.clone().map(|()| Departure {
            address: Secret::new("https://sign-in.example/authorize?state=the-state"),
            remembered: remembered(),
        })
    }
    async fn finish(&self, code: &Secret, kept: &Remembered) -> Result<Principal, SignInError> {
        assert_eq!((code.expose(), kept), ("the-code", &remembered()));
        self.finishes.clone().map(|()| person(Role::Member))
    }
}

async fn app(begins: Result<(), SignInError>, finishes: Result<(), SignInError>) -> Site {
    Site::with(|dashboard| {
        dashboard.sign_in = SignIn::Provider(Arc::new(Scripted { begins, finishes }));
    })
    .await
}

async fn arrive(app: &Site, query: &str) -> Answer {
    let cookies = app.dashboard.cookies;
    let line = cookies.set_sign_in(&*app.keys, &remembered(), app.dashboard.clock.now());
    let pair = line.split(';').next().unwrap().to_owned();
    let path = format!("/sign-in/callback?state=the-state{query}");
    app.send(Method::GET, &path, &[("cookie".to_owned(), pair)], "")
        .await
}

fn failures() -> Vec<(SignInError, u16, &'static str)> {
    let role = ClaimFault {
        claim: "role",
        problem: ClaimProblem::Missing,
    };
    vec![
        (
            SignInError::Unavailable("10.1.2.3".into()),
            503,
            "Wait a minute",
        ),
        (
            SignInError::SecretUnreadable("10.1.2.3".into()),
            503,
            "Wait a minute",
        ),
        (SignInError::CodeRefused, 400, "it was used before"),
        (
            SignInError::Token(TokenFault::Signature),
            502,
            "could not be trusted",
        ),
        (SignInError::Claim(role), 403, "the claim role is missing"),
        (
            SignInError::ClientRefused("invalid_client"),
            502,
            "Trying again will not help",
        ),
        (
            SignInError::Unusable("10.1.2.3".into()),
            502,
            "Trying again will not help",
        ),
    ]
}

#[tokio::test]
async fn each_failure_says_what_happened_and_what_to_do() {
    for (error, status, words) in failures() {
        for answer in [
            app(Err(error.clone()), Ok(()))
                .await
                .post(None, "/sign-in", &[])
                .await,
            arrive(&app(Ok(()), Err(error.clone())).await, "&code=the-code").await,
        ] {
            assert_eq!(answer.status, status, "{error}");
            answer
                .shows(words)
                .shows("obody was signed in")
                .shows("Go to Sign in")
                .hides("10.1.2.3")
                .hides("the-code")
                .hides("invalid_client");
            assert!(!answer.header("set-cookie").contains("pb_session"));
        }
    }
}

#[tokio::test]
async fn what_the_provider_sends_back_is_told_in_our_own_words() {
    let app = app(Ok(()), Ok(())).await;
    for (query, status, words) in [
        ("&error=access_denied", 403, "or you declined"),
        (
            "&error=login_required&code=the-code",
            403,
            "or you declined",
        ),
        ("&error=temporarily_unavailable", 503, "Wait a minute"),
        ("&error=invalid_scope", 502, "refused our request"),
        (
            "&error=<b>hello</b>&error_description=hello",
            502,
            "refused our request",
        ),
        ("", 400, "without an answer"),
        ("&code=", 400, "without an answer"),
        ("&code=the-code&code=other", 400, "does not belong"),
    ] {
        let query = query.replace('<', "%3C").replace('>', "%3E");
        let answer = arrive(&app, &query).await;
        assert_eq!(answer.status, status, "{query}");
        answer.shows(words).hides("hello");
        assert!(
            answer
                .header("set-cookie")
                .starts_with("pb_signin=; Path=/; Max-Age=0")
        );
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    assert_eq!(arrive(&app, "&code=the-code").await.location(), "/feedback");
}

#[tokio::test]
async fn an_organization_that_cannot_be_prepared_keeps_the_person_out() {
    let mut app = app(Ok(()), Ok(())).await;
    app.dashboard.on_sign_in =
        Arc::new(|_| async { Err(StoreError::Unavailable("10.1.2.3".into())) }.boxed());
    app.router = dashboard::router(app.dashboard.clone());
    let answer = arrive(&app, "&code=the-code").await;
    assert_eq!(answer.status, 503);
    answer
        .shows("Our database did not respond")
        .hides("10.1.2.3");
    assert!(answer.header("set-cookie").starts_with("pb_signin=;"));
}

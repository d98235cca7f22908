//! The pages on a port, to look at:
//! `PORT=8081 ROLE=admin cargo test -p dashboard --test pages -- --ignored --nocapture look`.
//! `LOOK` chooses the connection: `nothing`, `empty`, `broken`, or a sync that runs.

use axum::{Router, extract::Request};
use domain::{
    connection::{ConnectionStatus, History, WindowKind},
    principal::Role,
};
use http::{HeaderValue, header};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::{
    house::House,
    sample::{connection, window},
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "serves until it is stopped"]
async fn look_at_the_pages() {
    let house = House::new().await;
    house.furnish().await;
    match std::env::var("LOOK").unwrap_or_default().as_str() {
        "nothing" => {}
        "empty" => {
            let connection = connection(ConnectionStatus::Connected, History::Days(30));
            let windows = vec![window(WindowKind::Backfill, true)];
            house.connect(connection, windows, false).await;
        }
        "broken" => {
            let mut connection = connection(ConnectionStatus::ReconnectRequired, History::Days(30));
            connection.last_error = Some("Gong no longer accepts the refresh token (it was revoked or is older than its life). Nothing is lost; reconnect to go on.".into());
            house
                .connect(connection, vec![window(WindowKind::Backfill, true)], true)
                .await;
        }
        _ => {
            let connection = connection(ConnectionStatus::Connected, History::Days(30));
            let windows = vec![window(WindowKind::Backfill, false)];
            house.connect(connection, windows, true).await;
        }
    }
    let port = std::env::var("PORT").unwrap_or_else(|_| "0".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, signed_in(&house)).await.unwrap();
}

/// Everybody who comes without a session has that of `ROLE`; a headless browser has none.
fn signed_in(house: &House) -> Router {
    let role = std::env::var("ROLE").unwrap_or_default();
    let cookie = Role::parse(&role).map(|role| house.cookie(role));
    let cookie: Option<HeaderValue> = cookie.map(|cookie| cookie.parse().unwrap());
    let pages = house.router.clone();
    Router::new().fallback(async move |mut request: Request| {
        if let Some(cookie) = cookie {
            request
                .headers_mut()
                .entry(header::COOKIE)
                .or_insert(cookie);
        }
        pages.oneshot(request).await
    })
}

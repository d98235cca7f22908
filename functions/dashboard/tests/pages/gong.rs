//! The integration's page: what it tells.

use dashboard::Offer;
use domain::{
    call::CallState,
    connection::{ConnectionStatus, History, Window, WindowKind},
    moment::Span,
    ports::connections::{BudgetStore, ConnectionStore},
    principal::Role,
};

use crate::{
    sample::{call, connection, window},
    site::{START, Site, org},
};

pub const PAGE: &str = "/integrations/gong";
pub const CONNECT: &str = "/integrations/gong/connect";

pub async fn connected(history: History, windows: Vec<Window>, seen_calls: bool) -> Site {
    let app = Site::new().await;
    app.add_board("product", "Product").await;
    let connection = connection(ConnectionStatus::Connected, history);
    app.connect(connection, windows, seen_calls).await;
    app
}

#[tokio::test]
async fn messages_are_codes_of_ours_and_nothing_else() {
    let app = Site::new().await;
    let plain = app.get(Role::Admin, PAGE).await.body;
    for query in [
        "refused=unknown",
        "refused=%3Cscript%3E",
        "done=unknown",
        "done=",
        "connected=0",
        "connected=hello",
        "message=Call+555-1234",
        "connected=1",
    ] {
        let page = app.get(Role::Admin, &format!("{PAGE}?{query}")).await;
        assert_eq!(page.body, plain, "{query}");
    }
    let refused = app
        .get(Role::Admin, &format!("{PAGE}?refused=workspace-held"))
        .await;
    refused
        .shows("role=\"alert\"")
        .shows("already connected to another organization");
    let app = connected(History::Off, vec![], true).await;
    app.get(Role::Admin, &format!("{PAGE}?connected=1"))
        .await
        .shows("Gong is connected.");
}

#[tokio::test]
async fn the_status_names_everything_that_matters() {
    let mut backfill = window(WindowKind::Backfill, false);
    backfill.waiting_for = Some("fewer than 500 open calls".into());
    let app = connected(History::Days(30), vec![backfill], true).await;
    app.store
        .block(&org(), START + Span::hours(2))
        .await
        .unwrap();
    app.put_call(&call("1", CallState::Queued, "waits")).await;
    app.put_call(&call("2", CallState::Failed, "broken")).await;
    let page = app.get(Role::Viewer, PAGE).await;
    page.shows("<span class=\"badge good\">connected</span>")
        .shows("fernhill")
        .shows("ada, <time datetime=\"2026-11-20T14:03:00Z\">2026-11-20 14:03 UTC</time>")
        .shows("30 days")
        .shows("2026-10-21 14:03 UTC</time> on")
        .shows("2026-11-20 17:03 UTC")
        .shows("none yet")
        .shows("Gong asked us to wait until 2026-11-20 16:03 UTC")
        .shows("Historical sync waits: fewer than 500 open calls")
        .shows("120 of about 340 calls listed, 80 of them queued for analysis")
        .shows("79 of 80 calls analysed, 1 to go")
        .shows("data-count=\"failed\">1<")
        .hides("secret-name")
        .hides("424242");
    let page = app.get(Role::Admin, PAGE).await;
    page.shows("Sync now")
        .shows("Reconnect")
        .shows("Disconnect …")
        .shows("Save settings");
}

#[tokio::test]
async fn progress_is_told_to_the_script_in_the_same_words() {
    let app = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, false)],
        true,
    )
    .await;
    app.put_call(&call("1", CallState::Processing, "is read"))
        .await;
    let json = app
        .get(Role::Viewer, "/api/integrations/gong/progress")
        .await
        .json();
    assert_eq!(json["running"], true);
    assert_eq!(json["refresh_after_seconds"], 2);
    assert_eq!(
        json["headline"],
        "Historical sync: calls are being listed and analysed."
    );
    assert_eq!(
        (&json["listing"]["done"], &json["listing"]["total"]),
        (&120.into(), &340.into())
    );
    assert_eq!(
        (&json["analysing"]["done"], &json["analysing"]["total"]),
        (&79.into(), &80.into())
    );
    assert_eq!(json["counts"][1]["state"], "processing");
    assert_eq!(json["counts"][1]["calls"], 1);

    app.store
        .block(&org(), START + Span::minutes(5))
        .await
        .unwrap();
    let json = app
        .get(Role::Viewer, "/api/integrations/gong/progress")
        .await
        .json();
    assert_eq!(json["refresh_after_seconds"], 10);

    let app = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, true)],
        true,
    )
    .await;
    app.put_call(&call(
        "1",
        CallState::AwaitingTranscript,
        "no transcript yet",
    ))
    .await;
    let json = app
        .get(Role::Viewer, "/api/integrations/gong/progress")
        .await
        .json();
    assert_eq!(json["running"], false);
    assert!(json["refresh_after_seconds"].is_null());
    assert_eq!(
        json["headline"],
        "Up to date. Next check 2026-11-20 17:03 UTC."
    );
    assert!(
        json["waiting"][0]
            .as_str()
            .unwrap()
            .starts_with("1 call waits for Gong's transcript")
    );
    app.get(Role::Viewer, PAGE)
        .await
        .hides("data-again")
        .shows("The historical sync listed 120 calls");
}

#[tokio::test]
async fn a_first_sync_that_saw_nothing_says_what_to_check() {
    let app = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, true)],
        false,
    )
    .await;
    app.get(Role::Viewer, PAGE)
        .await
        .shows("No calls are visible to this connection.")
        .shows("permission profile");
    let app = connected(History::Off, vec![window(WindowKind::Poll, true)], false).await;
    app.get(Role::Viewer, PAGE)
        .await
        .shows("No calls are visible to this connection yet.");
    let app = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, false)],
        false,
    )
    .await;
    app.get(Role::Viewer, PAGE)
        .await
        .hides("No calls are visible");
}

#[tokio::test]
async fn a_refused_authorization_says_how_to_mend_it() {
    let app = connected(History::Days(7), vec![], true).await;
    app.store
        .require_reconnect(&org(), 1, "Gong refused the refresh token.")
        .await
        .unwrap();
    let page = app.get(Role::Admin, PAGE).await;
    page.shows("reconnect required")
        .shows("reading continues after a reconnect")
        .hides("Sync now")
        .shows("Last error: </strong>Gong refused the refresh token.");
    app.get(Role::Viewer, PAGE)
        .await
        .shows("An admin of your organization can fix this here.");
    let begun = app.post(Role::Admin, CONNECT, &[("reconnect", "1")]).await;
    assert!(begun.location().starts_with("https://app.gong.io/"));
    let app = Site::new().await;
    let nothing = app.post(Role::Admin, CONNECT, &[("reconnect", "1")]).await;
    assert_eq!(nothing.location(), PAGE);
}

#[tokio::test]
async fn models_on_this_machine_are_offered_as_text_with_their_line() {
    let plain = Site::new().await.get(Role::Viewer, PAGE).await;
    plain.hides("LLM_MODEL=").hides("<code>");
    let app = Site::with(|dashboard| {
        dashboard.engine.offers = vec![Offer {
            words: "A server on this machine has <b>m</b>; to use it, start with".into(),
            command: "LLM_MODEL=m&n cargo run".into(),
        }];
    })
    .await;
    app.get(Role::Viewer, PAGE).await.shows(
        "A server on this machine has &lt;b&gt;m&lt;/b&gt;; to use it, start with \
         <code>LLM_MODEL=m&amp;n cargo run</code>",
    );
}

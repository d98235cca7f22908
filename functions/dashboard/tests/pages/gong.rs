//! The integration's page.

use domain::{
    call::CallState,
    connection::{ConnectionStatus, History, Window, WindowKind},
    moment::Span,
    ports::{
        connections::{BudgetStore, ConnectionStore},
        feedback::FeedbackStore,
    },
    principal::Role,
};

use crate::{
    house::{House, START, org},
    sample::{call, connection, window},
};

const PAGE: &str = "/integrations/gong";
const CONNECT: &str = "/integrations/gong/connect";

async fn connected(history: History, windows: Vec<Window>, seen_calls: bool) -> House {
    let house = House::new().await;
    house.add_board("product", "Product").await;
    let connection = connection(ConnectionStatus::Connected, history);
    house.connect(connection, windows, seen_calls).await;
    house
}

#[tokio::test]
async fn connecting_leads_to_gong_and_binds_the_browser() {
    let house = House::new().await;
    let none = house
        .post(Role::Admin, CONNECT, &[("history", "off")])
        .await;
    assert_eq!(none.location(), "/integrations/gong?refused=no-board");
    house
        .get(Role::Admin, none.location())
        .await
        .shows("Make a board first");

    house.add_board("product", "Product").await;
    house
        .get(Role::Admin, PAGE)
        .await
        .shows("not connected")
        .shows("value=\"30\"")
        .shows("Connect Gong");
    let begun = house
        .post(Role::Admin, CONNECT, &[("history", "on"), ("days", "60")])
        .await;
    assert_eq!(begun.status, 303);
    assert!(
        begun
            .location()
            .starts_with("https://app.gong.io/oauth2/authorize?state=")
    );
    let cookie = begun.header("set-cookie");
    let value = cookie.strip_prefix("pb_connect=").unwrap();
    let value = value.split(';').next().unwrap();
    assert!(!begun.location().ends_with(&format!("state={value}")));
}

#[tokio::test]
async fn a_history_out_of_range_is_refused_and_kept() {
    let house = House::new().await;
    house.add_board("product", "Product").await;
    for bad in ["0", "61", "-1", "1.5", "", "ten", "\"><b>"] {
        let page = house
            .post(Role::Admin, CONNECT, &[("history", "on"), ("days", bad)])
            .await;
        assert_eq!(page.status, 422, "{bad:?}");
        page.shows("id=\"days-error\"")
            .shows("Historical sync must be a whole number of days from 1 to 60");
        page.shows("value=\"on\" checked").hides("\"><b>");
        assert_eq!(page.header("set-cookie"), "");
    }
    let kept = house
        .post(Role::Admin, CONNECT, &[("history", "on"), ("days", "61")])
        .await;
    kept.shows("value=\"61\"")
        .shows("aria-invalid=\"true\"")
        .shows("aria-describedby=\"days-error days-help\"");
    let off = house
        .post(
            Role::Admin,
            CONNECT,
            &[("history", "off"), ("days", "nonsense")],
        )
        .await;
    assert_eq!(off.status, 303);
}

#[tokio::test]
async fn messages_are_codes_of_ours_and_nothing_else() {
    let house = House::new().await;
    let plain = house.get(Role::Admin, PAGE).await.body;
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
        let page = house.get(Role::Admin, &format!("{PAGE}?{query}")).await;
        assert_eq!(page.body, plain, "{query}");
    }
    let refused = house
        .get(Role::Admin, &format!("{PAGE}?refused=workspace-held"))
        .await;
    refused
        .shows("role=\"alert\"")
        .shows("already connected to another organization");
    let house = connected(History::Off, vec![], true).await;
    house
        .get(Role::Admin, &format!("{PAGE}?connected=1"))
        .await
        .shows("Gong is connected.");
}

#[tokio::test]
async fn the_status_names_everything_that_matters() {
    let mut backfill = window(WindowKind::Backfill, false);
    backfill.waiting_for = Some("fewer than 500 open calls".into());
    let house = connected(History::Days(30), vec![backfill], true).await;
    house
        .store
        .block(&org(), START + Span::hours(2))
        .await
        .unwrap();
    house.put_call(&call("1", CallState::Queued, "waits")).await;
    house
        .put_call(&call("2", CallState::Failed, "broken"))
        .await;
    let page = house.get(Role::Viewer, PAGE).await;
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
    let page = house.get(Role::Admin, PAGE).await;
    page.shows("Sync now")
        .shows("Reconnect")
        .shows("Disconnect …")
        .shows("Save settings");
}

#[tokio::test]
async fn progress_is_told_to_the_script_in_the_same_words() {
    let house = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, false)],
        true,
    )
    .await;
    house
        .put_call(&call("1", CallState::Processing, "is read"))
        .await;
    let json = house
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

    house
        .store
        .block(&org(), START + Span::minutes(5))
        .await
        .unwrap();
    let json = house
        .get(Role::Viewer, "/api/integrations/gong/progress")
        .await
        .json();
    assert_eq!(json["refresh_after_seconds"], 10);

    let house = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, true)],
        true,
    )
    .await;
    house
        .put_call(&call(
            "1",
            CallState::AwaitingTranscript,
            "no transcript yet",
        ))
        .await;
    let json = house
        .get(Role::Viewer, "/api/integrations/gong/progress")
        .await
        .json();
    assert_eq!(json["running"], false);
    assert!(json["refresh_after_seconds"].is_null());
    assert_eq!(json["headline"], "Nothing is running.");
    assert!(
        json["waiting"][0]
            .as_str()
            .unwrap()
            .starts_with("1 call waits for Gong's transcript")
    );
    house
        .get(Role::Viewer, PAGE)
        .await
        .hides("data-again")
        .shows("The historical sync listed 120 calls");
}

#[tokio::test]
async fn a_first_sync_that_saw_nothing_says_what_to_check() {
    let house = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, true)],
        false,
    )
    .await;
    house
        .get(Role::Viewer, PAGE)
        .await
        .shows("No calls are visible to this connection.")
        .shows("permission profile");
    let house = connected(History::Off, vec![window(WindowKind::Poll, true)], false).await;
    house
        .get(Role::Viewer, PAGE)
        .await
        .shows("No calls are visible to this connection yet.");
    let house = connected(
        History::Days(30),
        vec![window(WindowKind::Backfill, false)],
        false,
    )
    .await;
    house
        .get(Role::Viewer, PAGE)
        .await
        .hides("No calls are visible");
}

#[tokio::test]
async fn a_refused_authorization_says_how_to_mend_it() {
    let house = connected(History::Days(7), vec![], true).await;
    house
        .store
        .require_reconnect(&org(), 1, "Gong refused the refresh token.")
        .await
        .unwrap();
    let page = house.get(Role::Admin, PAGE).await;
    page.shows("reconnect required")
        .shows("Reconnect below")
        .hides("Sync now")
        .shows("Last error: </strong>Gong refused the refresh token.");
    house
        .get(Role::Viewer, PAGE)
        .await
        .shows("An admin of your organization can reconnect it here.");
    let begun = house
        .post(Role::Admin, CONNECT, &[("reconnect", "1")])
        .await;
    assert!(begun.location().starts_with("https://app.gong.io/"));
    let house = House::new().await;
    let nothing = house
        .post(Role::Admin, CONNECT, &[("reconnect", "1")])
        .await;
    assert_eq!(nothing.location(), PAGE);
}

#[tokio::test]
async fn a_sync_is_started_once_in_two_minutes() {
    let house = House::new().await;
    let sync = "/integrations/gong/sync";
    assert_eq!(
        house.post(Role::Admin, sync, &[]).await.location(),
        "/integrations/gong?done=sync-not-connected"
    );
    let house = connected(History::Off, vec![], true).await;
    let started = house.post(Role::Admin, sync, &[]).await;
    assert_eq!(started.location(), "/integrations/gong?done=sync-started");
    assert_eq!(house.outbox.windows.lock().unwrap().len(), 1);
    let again = house.post(Role::Admin, sync, &[]).await;
    assert_eq!(again.location(), "/integrations/gong?done=sync-too-soon");
    house
        .get(Role::Admin, again.location())
        .await
        .shows("wait two minutes between syncs");
    house.clock.pass(Span::minutes(3));
    assert_eq!(
        house.post(Role::Admin, sync, &[]).await.location(),
        "/integrations/gong?done=sync-running"
    );
    assert_eq!(house.outbox.windows.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn disconnecting_asks_first_and_says_what_stays() {
    let house = connected(History::Off, vec![], true).await;
    let ask = house
        .get(Role::Admin, "/integrations/gong/disconnect")
        .await;
    ask.shows("What is removed")
        .shows("stored credentials")
        .shows("What stays")
        .shows("All posts with their evidence");
    assert!(
        house
            .store
            .connection(&org())
            .await
            .unwrap()
            .unwrap()
            .disconnected_at
            .is_none()
    );
    let done = house
        .post(Role::Admin, "/integrations/gong/disconnect", &[])
        .await;
    assert_eq!(done.location(), "/integrations/gong?done=disconnected");
    assert!(house.secrets.0.lock().unwrap().is_empty());
    let page = house.get(Role::Admin, done.location()).await;
    page.shows("Gong was disconnected")
        .shows("<span class=\"badge quiet\">disconnected</span>")
        .shows("Connect Gong");
    let again = house
        .post(Role::Admin, "/integrations/gong/disconnect", &[])
        .await;
    assert_eq!(
        again.location(),
        "/integrations/gong?done=nothing-to-disconnect"
    );
    house
        .get(Role::Admin, "/integrations/gong/disconnect")
        .await
        .shows("there is nothing to disconnect");
}

#[tokio::test]
async fn settings_are_checked_field_by_field() {
    let house = House::new().await;
    let save = "/integrations/gong/settings";
    let wrong = house
        .post(
            Role::Admin,
            save,
            &[("feedback_per_call", "6"), ("own_domains", "x.example")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    wrong
        .shows("id=\"feedback_per_call-error\"")
        .shows("value=\"6\"")
        .shows("x.example");
    let wrong = house
        .post(
            Role::Admin,
            save,
            &[("feedback_per_call", "2"), ("own_domains", "not_a_domain")],
        )
        .await;
    wrong
        .shows("id=\"own_domains-error\"")
        .shows("not_a_domain");
    let form = [
        ("feedback_per_call", "3"),
        ("own_domains", "Fernhill.example\r\nfh.example"),
    ];
    let saved = house.post(Role::Admin, save, &form).await;
    assert_eq!(saved.location(), "/integrations/gong?done=settings-saved");
    let settings = house.store.settings(&org()).await.unwrap();
    assert_eq!(
        (settings.feedback_per_call, settings.merge_guards),
        (3, false)
    );
    house
        .get(Role::Admin, saved.location())
        .await
        .shows("fernhill.example\nfh.example")
        .shows("The settings were saved");
    house.get(Role::Member, PAGE).await.hides("Save settings");
}

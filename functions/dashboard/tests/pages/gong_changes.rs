//! What an admin does on the integration's page.

use domain::{
    connection::History,
    feedback::settings::{Merging, Review},
    moment::Span,
    ports::{connections::ConnectionStore, feedback::FeedbackStore},
    principal::Role,
};

use crate::{
    gong::{CONNECT, PAGE, connected},
    site::{Site, org},
};

#[tokio::test]
async fn connecting_leads_to_gong_and_binds_the_browser() {
    let app = Site::new().await;
    let none = app.post(Role::Admin, CONNECT, &[("history", "off")]).await;
    assert_eq!(none.location(), "/integrations/gong?refused=no-board");
    app.get(Role::Admin, none.location())
        .await
        .shows("Create a board first");

    app.add_board("product", "Product").await;
    app.get(Role::Admin, PAGE)
        .await
        .shows("not connected")
        .shows("value=\"30\"")
        .shows("Connect Gong");
    let begun = app
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
    let app = Site::new().await;
    app.add_board("product", "Product").await;
    for bad in ["0", "61", "-1", "1.5", "", "ten", "\"><b>"] {
        let page = app
            .post(Role::Admin, CONNECT, &[("history", "on"), ("days", bad)])
            .await;
        assert_eq!(page.status, 422, "{bad:?}");
        page.shows("id=\"days-error\"")
            .shows("Historical sync must be a whole number of days from 1 to 60");
        page.shows("value=\"on\" checked").hides("\"><b>");
        assert_eq!(page.header("set-cookie"), "");
    }
    let kept = app
        .post(Role::Admin, CONNECT, &[("history", "on"), ("days", "61")])
        .await;
    kept.shows("value=\"61\"")
        .shows("aria-invalid=\"true\"")
        .shows("aria-describedby=\"days-error days-help\"");
    let off = app
        .post(
            Role::Admin,
            CONNECT,
            &[("history", "off"), ("days", "nonsense")],
        )
        .await;
    assert_eq!(off.status, 303);
}

#[tokio::test]
async fn a_sync_is_started_once_in_two_minutes() {
    let app = Site::new().await;
    let sync = "/integrations/gong/sync";
    assert_eq!(
        app.post(Role::Admin, sync, &[]).await.location(),
        "/integrations/gong?done=sync-not-connected"
    );
    let app = connected(History::Off, vec![], true).await;
    let started = app.post(Role::Admin, sync, &[]).await;
    assert_eq!(started.location(), "/integrations/gong?done=sync-started");
    assert_eq!(app.outbox.windows().len(), 1);
    let again = app.post(Role::Admin, sync, &[]).await;
    assert_eq!(again.location(), "/integrations/gong?done=sync-too-soon");
    app.get(Role::Admin, again.location())
        .await
        .shows("wait two minutes between syncs");
    app.clock.advance(Span::minutes(3));
    assert_eq!(
        app.post(Role::Admin, sync, &[]).await.location(),
        "/integrations/gong?done=sync-running"
    );
    assert_eq!(app.outbox.windows().len(), 1);
}

#[tokio::test]
async fn disconnecting_asks_first_and_says_what_stays() {
    let app = connected(History::Off, vec![], true).await;
    let ask = app.get(Role::Admin, "/integrations/gong/disconnect").await;
    ask.shows("What is removed")
        .shows("stored credentials")
        .shows("What stays")
        .shows("All posts with their evidence");
    assert!(
        app.store
            .connection(&org())
            .await
            .unwrap()
            .unwrap()
            .disconnected_at
            .is_none()
    );
    let done = app
        .post(Role::Admin, "/integrations/gong/disconnect", &[])
        .await;
    assert_eq!(done.location(), "/integrations/gong?done=disconnected");
    assert!(app.secrets.names().is_empty());
    let page = app.get(Role::Admin, done.location()).await;
    page.shows("Gong was disconnected")
        .shows("<span class=\"badge quiet\">disconnected</span>")
        .shows("Connect Gong");
    let again = app
        .post(Role::Admin, "/integrations/gong/disconnect", &[])
        .await;
    assert_eq!(
        again.location(),
        "/integrations/gong?done=nothing-to-disconnect"
    );
    app.get(Role::Admin, "/integrations/gong/disconnect")
        .await
        .shows("there is nothing to disconnect");
}

#[tokio::test]
async fn settings_are_checked_field_by_field() {
    let app = Site::new().await;
    let save = "/integrations/gong/settings";
    let wrong = app
        .post(
            Role::Admin,
            save,
            &[
                ("feedback_per_call", "6"),
                ("own_domains", "x.example"),
                ("review", "all"),
                ("merging", "automatic"),
            ],
        )
        .await;
    assert_eq!(wrong.status, 422);
    wrong
        .shows("id=\"feedback_per_call-error\"")
        .shows("value=\"6\"")
        .shows("x.example");
    let wrong = app
        .post(
            Role::Admin,
            save,
            &[
                ("feedback_per_call", "2"),
                ("own_domains", "not_a_domain"),
                ("review", "all"),
                ("merging", "automatic"),
            ],
        )
        .await;
    wrong
        .shows("id=\"own_domains-error\"")
        .shows("not_a_domain");
    for (field, value) in [
        ("monthly_tokens", "many"),
        ("monthly_dollars", "1.5"),
        ("review", "perhaps"),
        ("merging", "by a coin"),
    ] {
        let mut form = vec![
            ("feedback_per_call", "2"),
            ("review", "all"),
            ("merging", "automatic"),
        ];
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        let wrong = app.post(Role::Admin, save, &form).await;
        assert_eq!(wrong.status, 422, "{field}");
        let shown = match field {
            "review" => "Choose when approval is required",
            "merging" => "Choose how posts are merged.",
            _ => value,
        };
        wrong.shows(shown);
    }
    let form = [
        ("review", "uncertain"),
        ("merging", "judged"),
        ("redact", "on"),
        ("monthly_tokens", "2,000,000"),
        ("feedback_per_call", "3"),
        ("own_domains", "Fernhill.example\r\nfh.example"),
    ];
    let saved = app.post(Role::Admin, save, &form).await;
    assert_eq!(saved.location(), "/integrations/gong?done=settings-saved");
    let settings = app.store.settings(&org()).await.unwrap();
    assert_eq!(
        (settings.feedback_per_call, settings.merging),
        (3, Merging::Judged)
    );
    assert_eq!(
        (settings.review, settings.redact, settings.budget.tokens),
        (Review::Uncertain, true, Some(2_000_000))
    );
    app.get(Role::Admin, saved.location())
        .await
        .shows("fernhill.example\nfh.example")
        .shows("The settings were saved");
    app.get(Role::Member, PAGE).await.hides("Save settings");
}

//! The ledger's page.

use std::collections::BTreeSet;

use domain::{
    call::{Call, CallState},
    moment::{Span, Timestamp},
    principal::Role,
};

use crate::{
    sample::{call, connection},
    site::{Site, org},
};
use domain::{
    connection::{ConnectionStatus, History},
    ids::CallId,
    ports::ledger::Ledger,
};

#[tokio::test]
async fn every_call_tells_what_became_of_it() {
    let app = Site::new().await;
    app.get(Role::Viewer, "/calls").await.shows("No calls yet.");
    app.furnish().await;
    let page = app.get(Role::Viewer, "/calls").await;
    page.shows("holds product feedback: a request for a bulk export")
        .shows("new post: <a href=\"/feedback/bulk-export\">Export all reports at once</a>")
        .shows("the built-in engine, version 1")
        .shows("3 model requests, 5,732 tokens, 1 text embedded")
        .shows("Private call")
        .shows("no participant from outside the company")
        .shows("awaiting transcript")
        .shows("2026-11-20 03:03 UTC");
    let failed = app.get(Role::Viewer, "/calls?state=failed").await;
    failed
        .shows("Call number 15")
        .hides("Call number 11")
        .shows("value=\"failed\" selected")
        .hides("Retry");
    app.get(Role::Viewer, "/calls?state=deferred")
        .await
        .shows("No calls are deferred.");
}

#[tokio::test]
async fn the_ledger_is_read_in_pages() {
    let app = Site::new().await;
    for n in 100..127 {
        app.put_call(&call(&n.to_string(), CallState::Discarded, "nothing"))
            .await;
    }
    let first = app.get(Role::Viewer, "/calls?state=discarded").await;
    first
        .shows("Call number 100")
        .shows("Call number 124")
        .hides("Call number 125");
    let start = first.body.find("/calls?state=discarded&amp;next=").unwrap();
    let next = first.body[start..]
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let second = app.get(Role::Viewer, &next).await;
    second
        .shows("Call number 125")
        .shows("Call number 126")
        .hides("Call number 124")
        .hides("Older calls");
}

#[tokio::test]
async fn a_failed_call_is_queued_again() {
    let app = Site::new().await;
    app.furnish().await;
    let retry = |id: &'static str| {
        app.post(
            Role::Admin,
            match id {
                "15" => "/calls/15/retry",
                "14" => "/calls/14/retry",
                _ => "/calls/99/retry",
            },
            &[],
        )
    };
    assert_eq!(
        retry("15").await.location(),
        "/calls?done=retry-not-connected"
    );
    let connection = connection(ConnectionStatus::Connected, History::Off);
    app.connect(connection, Vec::new(), true).await;
    assert_eq!(retry("14").await.location(), "/calls?done=retry-not-failed");
    assert_eq!(retry("99").await.status, 404);
    let done = retry("15").await;
    assert_eq!(done.location(), "/calls?done=retried");
    app.get(Role::Admin, done.location())
        .await
        .shows("The call was queued again.");
    let known = app
        .store
        .calls(&org(), &[CallId::parse("15").unwrap()])
        .await
        .unwrap();
    assert_eq!(known[0].state, CallState::Queued);
    assert_eq!(app.outbox.calls().len(), 1);
}

const SINCE: (&str, &str) = ("since", "2026-11-20T01:00");

#[tokio::test]
async fn many_failed_calls_are_queued_again_part_by_part() {
    let app = Site::new().await;
    let failed = |n: usize, hour: i64| Call {
        updated: Timestamp::parse_rfc3339("2026-11-20T00:00:00Z").unwrap() + Span::hours(hour),
        ..call(&n.to_string(), CallState::Failed, "broken")
    };
    // Those of the first hour failed too early.
    for n in 0..720 {
        app.put_call(&failed(10_000 + n, (n % 6).cast_signed() as i64))
            .await;
    }
    let ask = async |form: &'static [(&'static str, &'static str)]| {
        app.post(Role::Admin, "/calls/retry-failed", form).await
    };
    let first = ask(&[SINCE]).await;
    assert_eq!(first.location(), "/calls?done=retry-not-connected");
    let connection = connection(ConnectionStatus::Connected, History::Off);
    app.connect(connection, Vec::new(), true).await;
    assert_eq!(ask(&[("since", "soon")]).await.status, 400);
    assert_eq!(ask(&[SINCE, ("after", "x")]).await.status, 400);

    let first = ask(&[SINCE]).await;
    first
        .shows("500 calls queued again")
        .shows("100 more failed since then")
        .shows("Go on with the next");
    let value = first.body.split("name=\"after\" value=\"").nth(1).unwrap();
    assert_eq!(value.split('"').next(), Some("10599"));
    // Asked once more from the start, and then from where the page goes on: nothing comes twice.
    let again = ask(&[SINCE, ("after", "10599")]).await;
    again
        .shows("100 calls queued again")
        .shows("No other call failed since then");
    ask(&[SINCE]).await.shows("0 calls queued again");
    let sent = app.outbox.calls();
    let different: BTreeSet<_> = sent.iter().map(|message| &message.call_id).collect();
    assert_eq!((sent.len(), different.len()), (600, 600));
    let counts = app.store.counts(&org()).await.unwrap();
    assert_eq!((counts["queued"], counts["failed"]), (600, 120));
    let log = app.get(Role::Viewer, "/activity").await;
    log.shows("queued 500 failed calls again, of those that failed since 2026-11-20T01:00:00Z")
        .shows("queued 100 failed calls again");
}

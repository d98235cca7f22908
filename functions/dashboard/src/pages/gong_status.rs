//! The connection's status in words.

use domain::connection::{Connection, ConnectionStatus, History, Poll};
use maud::{Markup, html};

use super::words::{history_words, minute, time};
use crate::sync_view::SyncView;

pub fn section(view: &SyncView, admin: bool) -> Markup {
    let status = view.status();
    html! {
        section.card aria-labelledby="status" {
            h2 #status { "Status: " (headline(status)) }
            p { (explanation(view, admin)) }
            (errors(view))
            @if let Some(connection) = &view.connection {
                dl.facts { (facts(connection, view)) }
            }
            @if view.sees_nothing() { (nothing_seen(view)) }
        }
    }
}

fn headline(status: Option<ConnectionStatus>) -> Markup {
    let (class, words) = match status {
        Some(ConnectionStatus::Connected) => ("good", "connected"),
        Some(ConnectionStatus::ReconnectRequired) => ("bad", "reconnect required"),
        Some(ConnectionStatus::Connecting) => ("quiet", "connecting"),
        Some(ConnectionStatus::Disconnected) => ("quiet", "disconnected"),
        Some(ConnectionStatus::Newer(word)) => ("quiet", word.as_str()),
        None => ("quiet", "not connected"),
    };
    html! { span.badge.(class) { (words) } }
}

fn explanation(view: &SyncView, admin: bool) -> &'static str {
    match (view.status(), admin) {
        (Some(ConnectionStatus::Connected), _) => {
            "Recorded customer calls are read from Gong, and product feedback in them becomes posts."
        }
        (Some(ConnectionStatus::ReconnectRequired), true) => {
            "No calls are read at the moment; the last error says why. Queued calls are kept, and reading continues after a reconnect. Nothing is imported twice."
        }
        (Some(ConnectionStatus::ReconnectRequired), false) => {
            "No calls are read at the moment; the last error says why. Queued calls are kept. An admin of your organization can fix this here."
        }
        (_, true) => "No calls are read from Gong.",
        (_, false) => {
            "No calls are read from Gong. An admin of your organization can connect it here."
        }
    }
}

fn errors(view: &SyncView) -> Markup {
    let connection = view
        .connection
        .as_ref()
        .and_then(|c| c.last_error.as_deref());
    let poll = view.poll.as_ref().and_then(|p| p.last_error.as_deref());
    let poll = poll.filter(|error| connection != Some(*error) && view.live());
    html! {
        @for error in connection.into_iter().chain(poll) {
            p.notice.bad { strong { "Last error: " } (error) }
        }
    }
}

fn facts(connection: &Connection, view: &SyncView) -> Markup {
    html! {
        (fact("Gong workspace", html! { (workspace(connection)) }))
        (fact("Connected by", html! { (connection.connected_by) ", " (time(connection.connected_at)) }))
        @if let Some(at) = connection.disconnected_at {
            (fact("Disconnected", time(at)))
        }
        @if view.live() {
            (fact("Historical sync", html! { (history_words(connection.history)) }))
            (fact("Imports calls from", html! { (time(connection.import_from)) " on" }))
        }
        @if let Some(poll) = view.poll.as_ref().filter(|_| view.live()) {
            (listing(poll, view))
        }
    }
}

fn listing(poll: &Poll, view: &SyncView) -> Markup {
    let last = match poll.last_success {
        Some(at) => time(at),
        None => html! { "none yet" },
    };
    let next = match (poll.due, view.connected()) {
        (_, false) => html! { "after the reconnect" },
        (Some(at), true) => time(at),
        (None, true) => html! { "not planned" },
    };
    html! {
        (fact("Last sync", last))
        (fact("Next sync", next))
        @if let Some(until) = view.blocked_until {
            (fact("Gong asked us to wait until", time(until)))
        }
    }
}

fn workspace(connection: &Connection) -> &str {
    match connection.workspace.as_str() {
        "" => "name unknown",
        name => name,
    }
}

fn fact(name: &str, value: Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn nothing_seen(view: &SyncView) -> Markup {
    let from = view
        .connection
        .as_ref()
        .map_or_else(String::new, |c| minute(c.import_from));
    let off = view
        .connection
        .as_ref()
        .is_some_and(|c| c.history == History::Off);
    html! {
        div.notice.warn {
            @if off {
                p { strong { "No calls are visible to this connection yet." } " Historical sync is off, so only calls that start after " (from) " are read. There are none so far." }
            } @else {
                p { strong { "No calls are visible to this connection." } " Gong listed no calls since " (from) "." }
            }
            p { "If you expect calls, check in Gong:" }
            ul {
                li { "that the person who approved the access can see the calls: an app sees what that person’s permission profile shows;" }
                li { "that calls were recorded since then and are not marked private;" }
                li { "that this is the right Gong workspace: " (view.connection.as_ref().map_or("", workspace)) "." }
            }
        }
    }
}

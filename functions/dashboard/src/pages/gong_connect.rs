//! Connecting, reconnecting, syncing now.

use maud::{Markup, html};
use serde::Deserialize;

use super::forms::Line;

/// The days that the form offers.
const DEFAULT_DAYS: &str = "30";

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConnectForm {
    history: String,
    days: String,
    reconnect: String,
}

impl ConnectForm {
    /// Whether historical sync is on.
    pub fn on(&self) -> bool {
        self.history == "on"
    }

    /// The days as they were typed.
    pub fn days(&self) -> &str {
        &self.days
    }

    /// Whether an existing connection is to be renewed.
    pub fn again(&self) -> bool {
        !self.reconnect.is_empty()
    }
}

/// The form of a first connect.
pub fn section(admin: bool, typed: Option<&(ConnectForm, String)>) -> Markup {
    if !admin {
        return html! {};
    }
    let offered = ConnectForm {
        history: "on".into(),
        days: DEFAULT_DAYS.into(),
        reconnect: String::new(),
    };
    let (form, error) = typed.map_or((&offered, None), |(form, error)| {
        (form, Some(error.as_str()))
    });
    let days = Line {
        name: "days",
        label: "Days of history",
        value: form.days(),
        help: Some("A whole number from 1 to 60. Calls that started earlier are never imported."),
        error,
        numeric: true,
        required: false,
    };
    html! {
        section.card aria-labelledby="connect" {
            h2 #connect { "Connect Gong" }
            p { "You approve read-only access at Gong, as a Gong technical administrator: to calls, transcripts and users. Calls marked private are skipped, and their transcripts are never asked for." }
            form method="post" action="/integrations/gong/connect" {
                fieldset {
                    legend { "Historical sync" }
                    label.option {
                        input type="radio" name="history" value="on" checked[form.on()];
                        span { strong { "On" } " – also import calls of the last days" }
                    }
                    (days.render())
                    label.option {
                        input type="radio" name="history" value="off" checked[!form.on()];
                        span { strong { "Off" } " – only calls from now on" }
                    }
                }
                p.actions { button { "Connect Gong" } }
            }
        }
    }
}

/// What an admin may do with a connection.
pub fn manage(connected: bool) -> Markup {
    html! {
        section.card aria-labelledby="manage" {
            h2 #manage { "Manage" }
            div.buttons {
                @if connected {
                    form method="post" action="/integrations/gong/sync" { button { "Sync now" } }
                }
                form method="post" action="/integrations/gong/connect" {
                    input type="hidden" name="reconnect" value="1";
                    button class=[connected.then_some("second")] { "Reconnect" }
                }
                a.button.danger href="/integrations/gong/disconnect" { "Disconnect …" }
            }
            p.help {
                @if connected { "Sync now checks for new calls at once; otherwise this happens every few hours. " }
                "Reconnect asks Gong for a new authorization of the same workspace. Nothing is lost."
            }
        }
    }
}

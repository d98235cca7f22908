//! The organization's settings.

use domain::feedback::{Settings, settings::InvalidSetting};
use maud::{Markup, html};
use serde::Deserialize;

use super::forms::{Line, form_error, lines};

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    feedback_per_call: String,
    merge_guards: String,
    own_domains: String,
    withdraw_private: String,
}

impl SettingsForm {
    /// The stored settings as a form.
    pub fn of(settings: &Settings) -> Self {
        Self {
            feedback_per_call: settings.feedback_per_call.to_string(),
            merge_guards: on(settings.merge_guards).into(),
            own_domains: settings.own_domains.join("\n"),
            withdraw_private: on(settings.withdraw_private).into(),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`InvalidSetting`] names the first field that is wrong.
    pub fn read(&self) -> Result<Settings, InvalidSetting> {
        Settings::parse(
            &self.feedback_per_call,
            self.guards(),
            &self.own_domains,
            self.withdraws(),
        )
    }

    fn guards(&self) -> bool {
        self.merge_guards == "on"
    }

    fn withdraws(&self) -> bool {
        self.withdraw_private == "on"
    }
}

const fn on(set: bool) -> &'static str {
    if set { "on" } else { "" }
}

/// The section with the form.
pub fn section(form: &SettingsForm, wrong: Option<&InvalidSetting>, error: Option<&str>) -> Markup {
    let message = wrong.map(ToString::to_string);
    let of = |per_call: bool| match wrong {
        Some(InvalidSetting::FeedbackPerCall) if per_call => message.as_deref(),
        Some(InvalidSetting::Domain(_)) if !per_call => message.as_deref(),
        _ => None,
    };
    let per_call = Line {
        name: "feedback_per_call",
        label: "Feedback per call",
        value: &form.feedback_per_call,
        help: Some("The most posts that one call may lead to: 1 to 5."),
        error: of(true),
        numeric: true,
        required: true,
    };
    html! {
        section.card aria-labelledby="settings" {
            h2 #settings { "Settings" }
            (form_error(error))
            form method="post" action="/integrations/gong/settings" {
                (per_call.render())
                label.option {
                    input type="checkbox" name="merge_guards" value="on" checked[form.guards()];
                    span { strong { "Merge guards" } " – keep similar requests apart when their numbers differ or one says the opposite of the other" }
                }
                label.option {
                    input type="checkbox" name="withdraw_private" value="on" checked[form.withdraws()];
                    span { strong { "Withdraw what turns private" } " – when a call is made private in Gong after it was analysed, its quotes and the customer’s name are withdrawn, and a post that rests on it alone goes to review. Seen at the next daily look at the last seven days, so within a day for calls up to seven days old; older calls are not read again" }
                }
                (lines("own_domains", "Your own e-mail domains", &form.own_domains, 3, Some("One a line, such as example.com. Where Gong does not say which side a participant is on, an address of these domains makes them one of your own people."), of(false)))
                p.actions { button { "Save settings" } }
            }
        }
    }
}

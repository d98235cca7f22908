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
}

impl SettingsForm {
    /// The stored settings as a form.
    pub fn of(settings: &Settings) -> Self {
        Self {
            feedback_per_call: settings.feedback_per_call.to_string(),
            merge_guards: if settings.merge_guards { "on" } else { "" }.into(),
            own_domains: settings.own_domains.join("\n"),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`InvalidSetting`] names the first field that is wrong.
    pub fn read(&self) -> Result<Settings, InvalidSetting> {
        Settings::parse(&self.feedback_per_call, self.guards(), &self.own_domains)
    }

    fn guards(&self) -> bool {
        self.merge_guards == "on"
    }
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
                (lines("own_domains", "Your own e-mail domains", &form.own_domains, 3, Some("One a line, such as example.com. Where Gong does not say which side a participant is on, an address of these domains makes them one of your own people."), of(false)))
                p.actions { button { "Save settings" } }
            }
        }
    }
}

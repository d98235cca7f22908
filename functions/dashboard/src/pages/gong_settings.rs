//! The organization's settings.

use domain::feedback::{
    Settings,
    settings::{InvalidSetting, MergedBy, Merging, Review, SettingsForm as Filled},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::forms::{Line, choice, form_error, lines};

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    feedback_per_call: String,
    merging: String,
    own_domains: String,
    withdraw_private: String,
    redact: String,
    review: String,
    monthly_tokens: String,
    monthly_dollars: String,
}

impl SettingsForm {
    /// The stored settings as a form.
    pub fn of(settings: &Settings) -> Self {
        let limit = |limit: Option<u64>| limit.map_or_else(String::new, |n| n.to_string());
        Self {
            feedback_per_call: settings.feedback_per_call.to_string(),
            merging: match settings.merging {
                // A newer version's choice acts as this one here.
                Merging::Newer(_) => Merging::Automatic.as_str().into(),
                known => known.as_str().into(),
            },
            own_domains: settings.own_domains.join("\n"),
            withdraw_private: on(settings.withdraw_private).into(),
            redact: on(settings.redact).into(),
            review: match settings.review {
                // A newer version's choice acts as this one here.
                Review::Newer(_) => Review::All.as_str().into(),
                known => known.as_str().into(),
            },
            monthly_tokens: limit(settings.budget.tokens),
            monthly_dollars: limit(settings.budget.dollars),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`InvalidSetting`] names the first field that is wrong.
    pub fn read(&self) -> Result<Settings, InvalidSetting> {
        Settings::parse(&Filled {
            feedback_per_call: &self.feedback_per_call,
            merging: &self.merging,
            own_domains: &self.own_domains,
            withdraw_private: self.withdraw_private == "on",
            redact: self.redact == "on",
            review: &self.review,
            monthly_tokens: &self.monthly_tokens,
            monthly_dollars: &self.monthly_dollars,
        })
    }
}

const fn on(set: bool) -> &'static str {
    if set { "on" } else { "" }
}

/// The field that a refusal is about.
const fn field(wrong: &InvalidSetting) -> &'static str {
    match wrong {
        InvalidSetting::FeedbackPerCall => "feedback_per_call",
        InvalidSetting::Domain(_) => "own_domains",
        InvalidSetting::Merging => "merging",
        InvalidSetting::Review => "review",
        InvalidSetting::Tokens => "monthly_tokens",
        InvalidSetting::Dollars => "monthly_dollars",
    }
}

/// How posts are merged, in words that go on after "Posts are merged".
pub const fn merged_by(rule: MergedBy) -> &'static str {
    match rule {
        MergedBy::Threshold => "by similarity alone",
        MergedBy::Guards => {
            "by similarity, and kept apart where numbers or formats differ or one says the opposite"
        }
        MergedBy::JudgedBelow => {
            "by similarity, and by the language model’s judgement where they are near without reaching the threshold"
        }
        MergedBy::Judged => "by the language model’s judgement of those that are near",
    }
}

/// The section with the form; `automatic` is the rule of merging that holds where none is chosen,
/// `judges` whether a language model can be asked.
pub fn section(
    form: &SettingsForm,
    (automatic, judges): (MergedBy, bool),
    wrong: Option<&InvalidSetting>,
    error: Option<&str>,
) -> Markup {
    let message = wrong.map(ToString::to_string);
    let of = |name: &str| {
        let about = wrong.is_some_and(|wrong| field(wrong) == name);
        message.as_deref().filter(|_| about)
    };
    let number = |name, label, value, help, required| {
        Line {
            name,
            label,
            value,
            help: Some(help),
            error: of(name),
            numeric: true,
            required,
        }
        .render()
    };
    let reviews = [
        (Review::Off.as_str(), "never"),
        (Review::Uncertain.as_str(), "when uncertain"),
        (Review::All.as_str(), "always"),
    ];
    let automatic = format!("as is best here: {}", merged_by(automatic));
    let needs = match judges {
        true => "",
        false => " (needs a language model; until one is configured, as is best here)",
    };
    let judged =
        [MergedBy::JudgedBelow, MergedBy::Judged].map(|rule| format!("{}{needs}", merged_by(rule)));
    let rules = [
        (Merging::Automatic.as_str(), automatic.as_str()),
        (Merging::Threshold.as_str(), merged_by(MergedBy::Threshold)),
        (Merging::JudgedBelow.as_str(), judged[0].as_str()),
        (Merging::Judged.as_str(), judged[1].as_str()),
    ];
    html! {
        section.card aria-labelledby="settings" {
            h2 #settings { "Settings" }
            (form_error(error.or_else(|| of("review")).or_else(|| of("merging"))))
            form method="post" action="/integrations/gong/settings" {
                (number("feedback_per_call", "Posts per call", &form.feedback_per_call, "From 1 to 5. The strongest request of a call becomes a post or supports one by itself; so do the next ones, up to this many a call. What else was raised is kept on the call’s page under Also heard, and you make posts of it there.", true))
                (choice("review", "Require approval", None, &reviews, &form.review))
                (choice("merging", "Merge posts", None, &rules, &form.merging))
                (option("redact", &form.redact, "Redaction", "e-mail addresses, phone, card and account numbers, passwords, keys and one-time codes are replaced before any model reads a call; quotes show the placeholders"))
                (option("withdraw_private", &form.withdraw_private, "Withdraw calls that turn private", "when a call is made private in Gong after it was analysed, its quotes and the customer’s name are withdrawn, and a post that rests on it alone goes to review. Noticed within a day for calls up to seven days old; older calls are not checked again"))
                (lines("own_domains", "Your own e-mail domains", &form.own_domains, 3, Some("One per line, such as example.com. When Gong does not say which side a participant is on, an address at one of these domains marks them as your own."), of("own_domains")))
                (number("monthly_tokens", "Monthly token limit", &form.monthly_tokens, "When it is reached, calls wait for the next month or a higher limit. Leave it empty for no limit.", false))
                (number("monthly_dollars", "Monthly cost limit in US dollars", &form.monthly_dollars, "The same, by cost. It needs the prices of all models, which the platform team sets with MODEL_PRICES; without them no call is analysed. Leave it empty for no limit.", false))
                p.actions { button { "Save settings" } }
            }
        }
    }
}

fn option(name: &str, value: &str, what: &str, words: &str) -> Markup {
    html! {
        label.option {
            input type="checkbox" name=(name) value="on" checked[value == "on"];
            span { strong { (what) } " – " (words) }
        }
    }
}

//! Parts of forms.

use maud::{Markup, html};

/// What is wrong with the whole form, above it.
pub fn form_error(error: Option<&str>) -> Markup {
    html! { @if let Some(error) = error { p.notice.bad role="alert" { (error) } } }
}

/// A labelled field of one line with its help and what is wrong with it.
pub struct Line<'a> {
    /// Its name, also its id.
    pub name: &'static str,
    pub label: &'a str,
    pub value: &'a str,
    pub help: Option<&'a str>,
    pub error: Option<&'a str>,
    /// More of the input's attributes: its mode for keyboards on screens.
    pub numeric: bool,
    /// Whether a browser may ask for it.
    pub required: bool,
}

impl Line<'_> {
    pub fn render(&self) -> Markup {
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                input id=(self.name) name=(self.name) value=(self.value) autocomplete="off"
                    class=[self.numeric.then_some("short")]
                    inputmode=[self.numeric.then_some("numeric")]
                    required[self.required]
                    aria-invalid=[self.error.map(|_| "true")]
                    aria-describedby=[described(self.name, self.help, self.error)];
                (below(self.name, self.help, self.error))
            }
        }
    }
}

/// A labelled field of several lines.
pub fn lines(
    name: &str,
    label: &str,
    value: &str,
    rows: u8,
    help: Option<&str>,
    error: Option<&str>,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            // A line break of its own, because browsers drop the first one of the content.
            textarea id=(name) name=(name) rows=(rows)
                aria-invalid=[error.map(|_| "true")]
                aria-describedby=[described(name, help, error)] { "\n" (value) }
            (below(name, help, error))
        }
    }
}

/// A labelled choice; the empty value comes first where it has words.
pub fn choice(
    name: &str,
    label: &str,
    none: Option<&str>,
    options: &[(&str, &str)],
    chosen: &str,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @if let Some(none) = none { option value="" { (none) } }
                @for (value, words) in options {
                    option value=(value) selected[*value == chosen] { (words) }
                }
            }
        }
    }
}

fn described(name: &str, help: Option<&str>, error: Option<&str>) -> Option<String> {
    let ids: Vec<String> = [error.map(|_| "error"), help.map(|_| "help")]
        .into_iter()
        .flatten()
        .map(|kind| format!("{name}-{kind}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn below(name: &str, help: Option<&str>, error: Option<&str>) -> Markup {
    html! {
        @if let Some(error) = error { p.error id={ (name) "-error" } { (error) } }
        @if let Some(help) = help { p.help id={ (name) "-help" } { (help) } }
    }
}

//! The page of a request that was not served.

use maud::{Markup, html};

use crate::http_status::Refusal;

pub fn body(refusal: &Refusal, signed_in: bool) -> Markup {
    html! {
        div.narrow {
            h1 { (refusal.title()) }
            p { (refusal.text()) }
            p {
                @if signed_in { a href="/feedback" { "Go to Feedback" } }
                @else { a href="/sign-in" { "Go to Sign in" } }
            }
        }
    }
}

//! What the analysis of calls took, month by month, and what of the budget is left.

use axum::{extract::State, response::Html};
use domain::{
    feedback::settings::MonthlyBudget,
    usage::{Month, Usage},
};
use maud::{Markup, html};

use super::{
    call_result::used,
    layout::{self, Section},
    words::{cost, grouped},
};
use crate::{App, extract::Who, http_status::Refusal};

/// `GET /usage`
pub async fn show(State(app): State<App>, Who(me): Who) -> Result<Html<String>, Refusal> {
    let (months, settings) = futures::try_join!(
        app.usage.usages(&me.org_id),
        app.feedback.settings(&me.org_id),
    )?;
    let month = Month::of(app.clock.now());
    let now = months.iter().find(|(known, _)| *known == month);
    let now = now.map_or_else(Usage::default, |(_, usage)| *usage);
    let budget = settings.budget;
    let body = html! {
        h1 { "Usage" }
        p.lead { "What reading your calls used, by calendar month in UTC." }
        section.card aria-labelledby="month" {
            h2 #month { (month) ", so far" }
            p { (used(&now)) }
            @if let Some(what) = budget.used_up(&now) {
                p.notice.warn role="status" {
                    strong { "Analysis pauses." }
                    " The month’s budget of " (what) " is used up. Nothing is lost: calls wait, and go on when "
                    (month.next()) " begins or within the hour after an admin raises the budget under "
                    a href="/integrations/gong#settings" { "Gong" } "."
                }
            }
            (left(&budget, &now))
            @if now.unpriced_tokens > 0 {
                p.help { (grouped(now.unpriced_tokens)) " tokens have no price, so their cost is not in the sum. The platform team sets prices with MODEL_PRICES." }
            }
        }
        (earlier(&months, month))
    };
    Ok(layout::page(
        Some(&me),
        Some(Section::Usage),
        "Usage",
        &body,
    ))
}

fn left(budget: &MonthlyBudget, now: &Usage) -> Markup {
    html! {
        @if *budget == MonthlyBudget::default() {
            p.help { "No budget is set. An admin may set one under " a href="/integrations/gong#settings" { "Gong" } "." }
        }
        @if let Some(tokens) = budget.tokens {
            (bar("Tokens", now.tokens(), tokens, &format!("{} of {} tokens", grouped(now.tokens()), grouped(tokens))))
        }
        @if let Some(dollars) = budget.dollars {
            (bar("Cost", now.cost_micros, dollars.saturating_mul(1_000_000), &format!("{} of ${dollars}", cost(now))))
        }
    }
}

fn bar(name: &str, value: u64, most: u64, words: &str) -> Markup {
    html! {
        div.progress {
            strong { (name) }
            progress value=(value.min(most)) max=(most) { (words) }
            span data-words { (words) }
        }
    }
}

fn earlier(months: &[(Month, Usage)], now: Month) -> Markup {
    let earlier: Vec<_> = months.iter().filter(|(month, _)| *month != now).collect();
    html! {
        @if !earlier.is_empty() {
            h2 { "Earlier months" }
            table {
                thead {
                    tr {
                        th scope="col" { "Month" } th.number scope="col" { "Model requests" }
                        th.number scope="col" { "Tokens sent" } th.number scope="col" { "Tokens written" }
                        th.number scope="col" { "Tokens embedded" } th.number scope="col" { "Cost" }
                    }
                }
                tbody {
                    @for (month, usage) in earlier {
                        tr {
                            td.title { (month) }
                            td.number data-label="Requests" { (grouped(usage.llm_calls)) }
                            td.number data-label="Sent" { (grouped(usage.prompt_tokens)) }
                            td.number data-label="Written" { (grouped(usage.completion_tokens)) }
                            td.number data-label="Embedded" { (grouped(usage.embedded_tokens)) }
                            td.number data-label="Cost" { (cost(usage)) }
                        }
                    }
                }
            }
        }
    }
}

//! What the analysis of an organization's calls may take in a month, and what it took.

use domain::{
    feedback::settings::MonthlyBudget,
    moment::Span,
    ports::StoreError,
    usage::{Month, Usage},
};

use super::batch::Batch;

/// Calls that the month's budget does not reach for are looked at again after this: an admin who
/// raises it need not wait for the month's end.
pub(super) const BUDGET_WAIT: Span = Span::hours(1);

impl Batch<'_> {
    /// Why nothing is analysed for the rest of the month; `None` while the budget holds. Calls
    /// that are being analysed at this moment are finished, so it may be passed by a few.
    pub(super) async fn budget_used_up(
        &self,
        budget: &MonthlyBudget,
    ) -> Result<Option<String>, StoreError> {
        if *budget == MonthlyBudget::default() {
            return Ok(None);
        }
        if let (Some(dollars), Some(model)) = (budget.dollars, self.pipeline.analysis.unpriced()) {
            return Ok(Some(cannot_be_kept(dollars, &model)));
        }
        let month = Month::of(self.worker.now());
        let used = self.pipeline.usage.usage(self.worker.org, month).await?;
        Ok(used_up(budget, &used, month))
    }

    /// The share of calls that extract reads after detect, of this month and the one before.
    pub(super) async fn read_again(&self) -> Result<Option<f64>, StoreError> {
        if !self.pipeline.analysis.analyst.is_metered() {
            return Ok(None);
        }
        let usages = &self.pipeline.usage;
        let month = Month::of(self.worker.now());
        let mut used = usages.usage(self.worker.org, month).await?;
        if used.read_again().is_none() {
            used += usages.usage(self.worker.org, month.before()).await?;
        }
        Ok(used.read_again())
    }
}

fn cannot_be_kept(dollars: u64, model: &str) -> String {
    format!(
        "the month's budget of ${dollars} cannot be kept, because the model {model} has no price; analysis goes on when the platform team sets one with MODEL_PRICES, or when an admin takes the dollars out of the budget"
    )
}

fn used_up(budget: &MonthlyBudget, used: &Usage, month: Month) -> Option<String> {
    budget.used_up(used).map(|what| {
        format!(
            "this month's budget of {what} is used up; analysis goes on when {} begins, or when an admin raises the budget",
            month.next()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::at;

    #[test]
    fn a_months_budget_holds_until_one_of_its_limits_is_reached() {
        const DOLLAR: u64 = 1_000_000;
        for (name, tokens, dollars, used, what) in [
            ("no limit", None, None, (u64::MAX / 4, u64::MAX / 4), None),
            ("nothing used", Some(1_000), Some(5), (0, 0), None),
            ("a token left", Some(1_000), None, (999, 0), None),
            (
                "the last token used",
                Some(1_000),
                None,
                (1_000, 0),
                Some("1000 tokens"),
            ),
            (
                "more used than allowed",
                Some(1_000),
                None,
                (5_000, 0),
                Some("1000 tokens"),
            ),
            (
                "a millionth of a dollar left",
                None,
                Some(5),
                (0, 5 * DOLLAR - 1),
                None,
            ),
            (
                "the last dollar used",
                None,
                Some(5),
                (0, 5 * DOLLAR),
                Some("$5"),
            ),
            (
                "tokens left, dollars used",
                Some(1_000),
                Some(5),
                (10, 5 * DOLLAR),
                Some("$5"),
            ),
            (
                "dollars left, tokens used",
                Some(1_000),
                Some(5),
                (1_000, 0),
                Some("1000 tokens"),
            ),
            (
                "both used",
                Some(1_000),
                Some(5),
                (1_000, 5 * DOLLAR),
                Some("1000 tokens"),
            ),
            (
                "tokens do not count against dollars",
                None,
                Some(5),
                (u64::MAX / 4, 0),
                None,
            ),
            (
                "dollars do not count against tokens",
                Some(1_000),
                None,
                (0, 900 * DOLLAR),
                None,
            ),
            (
                "more dollars than there are",
                None,
                Some(u64::MAX),
                (0, 900 * DOLLAR),
                None,
            ),
        ] {
            let budget = MonthlyBudget { tokens, dollars };
            let used = Usage {
                prompt_tokens: used.0,
                cost_micros: used.1,
                ..Usage::default()
            };
            let expected = what.map(|what| {
                format!("this month's budget of {what} is used up; analysis goes on when 2026-12 begins, or when an admin raises the budget")
            });
            let month = Month::of(at("2026-11-20"));
            assert_eq!(used_up(&budget, &used, month), expected, "{name}");
        }
    }

    #[test]
    fn the_next_month_is_named_to_the_second_in_utc() {
        let budget = MonthlyBudget {
            tokens: Some(1),
            dollars: None,
        };
        let used = Usage {
            completion_tokens: 1,
            ..Usage::default()
        };
        for (now, next) in [
            ("2026-11-01", "2026-12"),
            ("2026-11-30T23:59:59Z", "2026-12"),
            ("2026-12-01", "2027-01"),
            ("2026-12-31T23:59:59Z", "2027-01"),
            ("2027-01-01T00:30:00+02:00", "2027-01"),
            ("2028-02-29", "2028-03"),
        ] {
            let why = used_up(&budget, &used, Month::of(at(now))).unwrap_or_default();
            assert!(why.contains(&format!("when {next} begins")), "{now}: {why}");
        }
    }

    #[test]
    fn a_budget_in_dollars_names_the_model_that_has_no_price() {
        for (dollars, model) in [(1, "small"), (250, "embedding-4")] {
            let why = cannot_be_kept(dollars, model);
            let start = format!(
                "the month's budget of ${dollars} cannot be kept, because the model {model} has no price; "
            );
            assert!(why.starts_with(&start), "{why}");
            assert!(why.contains("MODEL_PRICES"), "{why}");
        }
    }
}

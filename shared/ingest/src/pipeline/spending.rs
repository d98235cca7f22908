//! What the analysis of an organization's calls may take in a month, and what it took.

use domain::{feedback::settings::MonthlyBudget, moment::Span, ports::StoreError, usage::Month};

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
            return Ok(Some(format!(
                "the month's budget of ${dollars} cannot be kept, because the model {model} has no price; analysis goes on when the platform team sets one with MODEL_PRICES, or when an admin takes the dollars out of the budget"
            )));
        }
        let month = Month::of(self.worker.now());
        let used = self.pipeline.usage.usage(self.worker.org, month).await?;
        Ok(budget.used_up(&used).map(|what| {
            format!(
                "this month's budget of {what} is used up; analysis goes on when {} begins, or when an admin raises the budget",
                month.next()
            )
        }))
    }
}

//! BUDGET: a slot is reserved by one conditional update. Which of the two shapes it has (in line
//! behind the last slot, or fresh) is read from the item that refused the other one.

use async_trait::async_trait;
use domain::{
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{BudgetStore, SlotError},
    },
};

use super::{
    Dynamo,
    expr::Expr,
    item::{Item, n, number},
    keys::Key,
    ops::{Refusal, if_it_holds},
};

/// Between two requests to one company: below three a second.
const GAP: Span = Span::millis(360);
/// How far ahead a slot may lie.
const LINE: Span = Span::seconds(20);
/// Slots of one UTC day.
const DAY_SLOTS: u64 = 10_000;
/// Shapes tried before giving up; two are enough unless the clocks of workers disagree.
const ATTEMPTS: usize = 12;

/// The one update that may give a slot, as far as the item is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    /// Behind the last slot, or at once.
    in_line: bool,
    /// The UTC day that the slot lies in.
    day: i64,
    /// Whether it is the first slot of its day.
    new_day: bool,
}

/// What BUDGET holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Budget {
    last: Option<Timestamp>,
    day: Option<i64>,
    used: u64,
    blocked_until: Option<Timestamp>,
}

impl Budget {
    fn of(item: &Item) -> Self {
        Self {
            last: number(item, "last").map(Timestamp),
            day: number(item, "day"),
            used: number(item, "used").unwrap_or_default(),
            blocked_until: number(item, "blocked_until").map(Timestamp),
        }
    }

    /// The update to try, or the earliest time at which asking again makes sense.
    fn plan(self, now: Timestamp) -> Result<Plan, Timestamp> {
        let next = self.last.map_or(now, |last| last + GAP).later(now);
        let day = next.day();
        let full = self.day.is_some_and(|d| d >= day) && self.used >= DAY_SLOTS;
        let waits = [
            self.blocked_until.filter(|until| *until > now),
            full.then(|| midnight_after(self.day.unwrap_or(day))),
            (next > now + LINE).then(|| next - LINE),
        ];
        match waits.into_iter().flatten().max() {
            Some(until) => Err(until),
            None => Ok(Plan {
                in_line: next > now,
                day,
                new_day: self.day.is_none_or(|d| d < day),
            }),
        }
    }
}

fn midnight_after(day: i64) -> Timestamp {
    Timestamp((day + 1).saturating_mul(Span::days(1).0))
}

fn update(plan: Plan, now: Timestamp) -> Expr {
    let mut expr = Expr::none().value(":now", n(now.0));
    let place = if plan.in_line {
        let midnight = Timestamp(plan.day.saturating_mul(Span::days(1).0));
        let from = (now - GAP + Span::millis(1)).later(midnight - GAP);
        let to = (now + LINE).min(midnight_after(plan.day) - Span::millis(1)) - GAP;
        expr = expr
            .set("#last = #last + :gap")
            .value(":gap", n(GAP.0))
            .value(":from", n(from.0))
            .value(":to", n(to.0));
        "#last >= :from AND #last <= :to"
    } else {
        expr = expr.set("#last = :now").value(":free", n((now - GAP).0));
        "(attribute_not_exists(#last) OR #last <= :free)"
    };
    let room = if plan.new_day {
        expr = expr.set("#day = :day").set("#used = :one");
        "(attribute_not_exists(#day) OR #day < :day)"
    } else {
        expr = expr.set("#used = #used + :one").value(":max", n(DAY_SLOTS));
        "#day >= :day AND #used < :max"
    };
    expr.value(":one", n(1))
        .value(":day", n(plan.day))
        .when(format!(
            "(attribute_not_exists(#blocked_until) OR #blocked_until <= :now) AND {place} AND {room}"
        ))
}

#[async_trait]
impl BudgetStore for Dynamo {
    async fn reserve_slot(&self, org: &OrgId, now: Timestamp) -> Result<Timestamp, SlotError> {
        let key = Key::budget(org);
        let mut plan = Plan {
            in_line: true,
            day: now.day(),
            new_day: false,
        };
        for _ in 0..ATTEMPTS {
            let expr = update(plan, now);
            match self.update_if(&self.tables.connections, &key, expr).await {
                Ok(item) => {
                    let last = Budget::of(&item).last;
                    return last.ok_or_else(|| {
                        StoreError::Corrupt(format!("{} / {}: no slot", key.pk, key.sk)).into()
                    });
                }
                Err(Refusal::Store(error)) => return Err(error.into()),
                Err(Refusal::Condition(item)) => {
                    let budget = item.as_ref().map(Budget::of).unwrap_or_default();
                    plan = budget
                        .plan(now)
                        .map_err(|until| SlotError::Blocked { until })?;
                }
            }
        }
        Err(StoreError::Unavailable("too many workers asked for a slot at once".to_owned()).into())
    }

    async fn blocked_until(&self, org: &OrgId) -> Result<Option<Timestamp>, StoreError> {
        let item = self
            .get(&self.tables.connections, &Key::budget(org))
            .await?;
        Ok(item.and_then(|item| Budget::of(&item).blocked_until))
    }

    async fn block(&self, org: &OrgId, until: Timestamp) -> Result<(), StoreError> {
        let expr = Expr::none()
            .set("#blocked_until = :until")
            .when("attribute_not_exists(#blocked_until) OR #blocked_until < :until")
            .value(":until", n(until.0));
        let key = Key::budget(org);
        if_it_holds(self.update_if(&self.tables.connections, &key, expr).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(20_000 * 86_400_000 + 43_200_000);

    fn budget(last: Timestamp, used: u64) -> Budget {
        Budget {
            last: Some(last),
            day: Some(last.day()),
            used,
            blocked_until: None,
        }
    }

    #[test]
    fn the_earliest_time_that_makes_sense_is_the_latest_of_the_reasons() {
        let line = budget(NOON + LINE, 5);
        assert_eq!(line.plan(NOON), Err(NOON + GAP));
        let full = budget(NOON, DAY_SLOTS);
        assert_eq!(full.plan(NOON), Err(midnight_after(20_000)));
        let both = Budget {
            blocked_until: Some(NOON + Span::days(2)),
            ..full
        };
        assert_eq!(both.plan(NOON), Err(NOON + Span::days(2)));
    }

    #[test]
    fn a_slot_counts_for_the_day_it_lies_in() {
        let before = midnight_after(20_000) - Span::millis(100);
        let plan = budget(before, DAY_SLOTS).plan(before);
        assert_eq!(
            plan,
            Ok(Plan {
                in_line: true,
                day: 20_001,
                new_day: true
            })
        );
    }

    #[test]
    fn a_first_slot_is_fresh() {
        let plan = Budget::default().plan(NOON);
        assert_eq!(
            plan,
            Ok(Plan {
                in_line: false,
                day: 20_000,
                new_day: true
            })
        );
    }
}

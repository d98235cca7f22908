//! BUDGET: a slot is reserved by one conditional update. Which of its shapes that has (in line behind
//! the last slot, or from a known time on) is read from the item that refused another one.

use async_trait::async_trait;
use domain::{
    ids::OrgId,
    moment::{Span, Timestamp},
    ports::{
        StoreError,
        connections::{BudgetStore, Slot, SlotError, SlotWish},
    },
};

use super::{
    Dynamo,
    expr::Expr,
    keys::Key,
    ops::{Refusal, if_it_holds},
    value::{Item, n, number},
};

/// How far ahead a slot may lie.
const LINE: Span = Span::seconds(20);
/// Slots of one UTC day.
const DAY_SLOTS: u64 = 10_000;
/// Shapes tried before giving up; two or three are enough unless many workers begin a line at once.
const ATTEMPTS: usize = 12;

/// The one update that may give a slot, as far as the item is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    place: Place,
    /// The UTC day that the slot ends in.
    day: i64,
    count: Count,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A gap behind the last slot, whichever that is by then.
    InLine,
    /// This slot, as long as the last one ends at `seen`.
    At { slot: Slot, seen: Option<Timestamp> },
}

/// How the slot counts for its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    First,
    More,
    /// It takes the place of one that was counted.
    Exchanged,
}

/// What BUDGET holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Budget {
    /// The end of the last slot.
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
    fn plan(self, wish: &SlotWish) -> Result<Plan, Timestamp> {
        let now = wish.now;
        let behind = self.last.map_or(now, |last| last + Slot::GAP);
        // Nobody stands behind a slot that is still the last one, so what it kept free is free.
        let own = wish.instead_of.filter(|slot| Some(slot.to) == self.last);
        let slot = wish.slot(own.map_or(behind, |slot| slot.from).later(now));
        let day = slot.to.day();
        let exchanged = wish.instead_of.is_some_and(|slot| slot.to.day() == day);
        let full = !exchanged && self.day.is_some_and(|d| d >= day) && self.used >= DAY_SLOTS;
        let waits = [
            self.blocked_until.filter(|until| *until > now),
            full.then(|| midnight_after(self.day.unwrap_or(day))),
            (slot.from > now + LINE).then(|| slot.from - LINE),
        ];
        if let Some(until) = waits.into_iter().flatten().max() {
            return Err(until);
        }
        let in_line = slot.from == behind && behind > now && slot.to == behind + wish.late_by;
        Ok(Plan {
            place: match in_line {
                true => Place::InLine,
                false => Place::At {
                    slot,
                    seen: self.last,
                },
            },
            day,
            count: match (exchanged, self.day.is_none_or(|d| d < day)) {
                (true, _) => Count::Exchanged,
                (false, true) => Count::First,
                (false, false) => Count::More,
            },
        })
    }
}

impl Plan {
    /// What most often holds, tried without reading the item first.
    fn guess(wish: &SlotWish) -> Self {
        if let Some(old) = wish.instead_of {
            let slot = wish.slot(old.from.later(wish.now));
            if slot.to.day() == old.to.day() {
                return Self {
                    place: Place::At {
                        slot,
                        seen: Some(old.to),
                    },
                    day: slot.to.day(),
                    count: Count::Exchanged,
                };
            }
        }
        Self {
            place: Place::InLine,
            day: wish.now.day(),
            count: Count::More,
        }
    }
}

fn midnight_after(day: i64) -> Timestamp {
    Timestamp((day + 1).saturating_mul(Span::days(1).0))
}

fn update(plan: Plan, wish: &SlotWish) -> Expr {
    let now = wish.now;
    let mut expr = Expr::none().value(":now", n(now.0));
    let place = match plan.place {
        Place::InLine => {
            let step = Slot::GAP + wish.late_by;
            let midnight = Timestamp(plan.day.saturating_mul(Span::days(1).0));
            let from = (now - Slot::GAP + Span::millis(1))
                .later(now + wish.ready_in - step)
                .later(midnight - step);
            let to =
                (now + LINE - Slot::GAP).min(midnight_after(plan.day) - Span::millis(1) - step);
            expr = expr
                .set("#last = #last + :step")
                .value(":step", n(step.0))
                .value(":from", n(from.0))
                .value(":to", n(to.0));
            "#last >= :from AND #last <= :to"
        }
        Place::At { slot, seen } => {
            expr = expr.set("#last = :last").value(":last", n(slot.to.0));
            match seen {
                None => "attribute_not_exists(#last)",
                Some(seen) => {
                    expr = expr.value(":seen", n(seen.0));
                    "#last = :seen"
                }
            }
        }
    };
    let room = match plan.count {
        Count::First => {
            expr = expr
                .set("#day = :day")
                .set("#used = :one")
                .value(":one", n(1))
                .value(":day", n(plan.day));
            " AND (attribute_not_exists(#day) OR #day < :day)"
        }
        Count::More => {
            expr = expr
                .set("#used = #used + :one")
                .value(":one", n(1))
                .value(":day", n(plan.day))
                .value(":max", n(DAY_SLOTS));
            " AND #day >= :day AND #used < :max"
        }
        Count::Exchanged => "",
    };
    expr.when(format!(
        "(attribute_not_exists(#blocked_until) OR #blocked_until <= :now) AND {place}{room}"
    ))
}

#[async_trait]
impl BudgetStore for Dynamo {
    async fn reserve_slot(&self, org: &OrgId, wish: &SlotWish) -> Result<Slot, SlotError> {
        let key = Key::budget(org);
        let mut plan = Plan::guess(wish);
        for _ in 0..ATTEMPTS {
            let expr = update(plan, wish);
            match self.update_if(&self.tables.connections, &key, expr).await {
                Ok(item) => {
                    if let Place::At { slot, .. } = plan.place {
                        return Ok(slot);
                    }
                    let to = Budget::of(&item).last.ok_or_else(|| {
                        StoreError::Corrupt(format!("{} / {}: no slot", key.pk, key.sk))
                    })?;
                    let from = to - wish.late_by;
                    return Ok(Slot { from, to });
                }
                Err(Refusal::Store(error)) => return Err(error.into()),
                Err(Refusal::Condition(item)) => {
                    let budget = item.as_ref().map(Budget::of).unwrap_or_default();
                    plan = budget
                        .plan(wish)
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
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
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

    fn ready_in(now: Timestamp, millis: i64) -> SlotWish {
        SlotWish {
            ready_in: Span::millis(millis),
            ..SlotWish::at(now)
        }
    }

    fn slot(from: Timestamp, to: Timestamp) -> Slot {
        Slot { from, to }
    }

    #[test]
    fn the_earliest_time_that_makes_sense_is_the_latest_of_the_reasons() {
        let now = SlotWish::at(NOON);
        let line = budget(NOON + LINE, 5);
        assert_eq!(line.plan(&now), Err(NOON + Slot::GAP));
        let full = budget(NOON, DAY_SLOTS);
        assert_eq!(full.plan(&now), Err(midnight_after(20_000)));
        let both = Budget {
            blocked_until: Some(NOON + Span::days(2)),
            ..full
        };
        assert_eq!(both.plan(&now), Err(NOON + Span::days(2)));
    }

    #[test]
    fn a_slot_counts_for_the_day_it_ends_in() {
        let before = midnight_after(20_000) - Span::millis(100);
        let plan = budget(before, DAY_SLOTS).plan(&SlotWish::at(before));
        assert_eq!(
            plan,
            Ok(Plan {
                place: Place::InLine,
                day: 20_001,
                count: Count::First,
            })
        );
    }

    #[test]
    fn a_first_slot_begins_now_and_lasts_until_its_sender_is_ready() {
        let plan = Budget::default().plan(&ready_in(NOON, 400)).unwrap();
        let place = Place::At {
            slot: slot(NOON, NOON + Span::millis(400)),
            seen: None,
        };
        assert_eq!((plan.place, plan.count), (place, Count::First));
    }

    #[test]
    fn a_slot_in_a_short_line_begins_behind_it_and_lasts_until_its_sender_is_ready() {
        let plan = budget(NOON, 1).plan(&ready_in(NOON, 400)).unwrap();
        let place = Place::At {
            slot: slot(NOON + Slot::GAP, NOON + Span::millis(400)),
            seen: Some(NOON),
        };
        assert_eq!((plan.place, plan.count), (place, Count::More));
        // Who is ready by then anyway only stands in line.
        let plan = budget(NOON, 1).plan(&ready_in(NOON, Slot::GAP.0)).unwrap();
        assert_eq!(plan.place, Place::InLine);
    }

    #[test]
    fn what_an_unused_slot_kept_free_is_free_when_nobody_stands_behind_it() {
        let old = slot(NOON, NOON + Span::millis(100));
        let now = NOON + Span::millis(200);
        let wish = SlotWish {
            instead_of: Some(old),
            ..ready_in(now, 50)
        };
        let last = budget(old.to, DAY_SLOTS).plan(&wish).unwrap();
        let place = Place::At {
            slot: slot(now, now + Span::millis(50)),
            seen: Some(old.to),
        };
        // It was counted, so a full day does not matter.
        assert_eq!((last.place, last.count), (place, Count::Exchanged));
        assert_eq!(last, Plan::guess(&wish));
        let behind = budget(old.to + Slot::GAP, DAY_SLOTS).plan(&wish).unwrap();
        assert_eq!(
            (behind.place, behind.count),
            (Place::InLine, Count::Exchanged)
        );
        // The day that it was counted for is over.
        let tomorrow = SlotWish {
            now: midnight_after(20_000),
            ..wish
        };
        let next_day = budget(old.to, DAY_SLOTS).plan(&tomorrow).unwrap();
        assert_eq!(next_day.count, Count::First);
    }
}

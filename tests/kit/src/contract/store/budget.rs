use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    moment::{Span, Timestamp},
    ports::connections::{BudgetStore, Slot, SlotError, SlotWish},
};
use futures::future::join_all;

use super::{Store, make::*};

const GAP: Span = Slot::GAP;

fn blocked(until: Timestamp) -> Result<Timestamp, SlotError> {
    Err(SlotError::Blocked { until })
}

fn millis(n: i64) -> Span {
    Span::millis(n)
}

/// The beginning of the slot of a sender that is ready at once and never late.
async fn reserve(store: &Store, company: &str, now: Timestamp) -> Result<Timestamp, SlotError> {
    let slot = store
        .reserve_slot(&org(company), &SlotWish::at(now))
        .await?;
    assert_eq!(slot.from, slot.to);
    Ok(slot.from)
}

pub async fn forty_at_once_are_spaced(store: &Store) {
    let a = org("a");
    // The first slots ever, and the first ones after a quiet hour.
    for now in [NOW, later(3_600)] {
        let asks = (0..40).map(|_| {
            let (dynamo, a) = (store.dynamo.clone(), a.clone());
            tokio::spawn(async move {
                let slot = dynamo.reserve_slot(&a, &SlotWish::at(now)).await;
                slot.unwrap().from
            })
        });
        let slots = join_all(asks).await.into_iter();
        let mut slots: Vec<_> = slots.map(Result::unwrap).collect();
        slots.sort();
        let spaced: Vec<_> = (0..40).map(|n| now + Span::millis(GAP.0 * n)).collect();
        assert_eq!(slots, spaced);
    }
    // Another company has slots of its own.
    assert_eq!(reserve(store, "b", NOW).await, Ok(NOW));
}

pub async fn the_line_ends_at_twenty_seconds(store: &Store) {
    let mut last = NOW;
    for n in 0..56 {
        last = reserve(store, "a", NOW).await.unwrap();
        assert_eq!(last, NOW + Span::millis(GAP.0 * n));
    }
    let until = last + GAP - Span::seconds(20);
    assert_eq!(reserve(store, "a", NOW).await, blocked(until));
    assert_eq!(reserve(store, "a", until).await, Ok(last + GAP));
    // After a pause there is no line; a moment after the last slot, the next waits for the gap.
    let quiet = NOW + Span::minutes(5);
    assert_eq!(reserve(store, "a", quiet).await, Ok(quiet));
    let soon = quiet + GAP - Span::millis(1);
    assert_eq!(reserve(store, "a", soon).await, Ok(quiet + GAP));
    let free = quiet + GAP + GAP;
    assert_eq!(reserve(store, "a", free).await, Ok(free));
}

pub async fn nothing_before_blocked_until(store: &Store) {
    let a = org("a");
    assert_eq!(store.blocked_until(&a).await, Ok(None));
    store.block(&a, later(100)).await.unwrap();
    store.block(&a, later(50)).await.unwrap();
    assert_eq!(store.blocked_until(&a).await, Ok(Some(later(100))));
    assert_eq!(reserve(store, "a", NOW).await, blocked(later(100)));
    assert_eq!(reserve(store, "a", later(99)).await, blocked(later(100)));
    assert_eq!(reserve(store, "a", later(100)).await, Ok(later(100)));
    // In line behind a slot, a wait that comes later holds just the same.
    store.block(&a, later(103)).await.unwrap();
    assert_eq!(reserve(store, "a", later(100)).await, blocked(later(103)));
}

async fn set_used(store: &Store, used: u64) {
    let request = store
        .client
        .update_item()
        .table_name(&store.tables.connections);
    request
        .key("pk", AttributeValue::S("ORG#a".to_owned()))
        .key("sk", AttributeValue::S("BUDGET".to_owned()))
        .update_expression("SET used = :used")
        .expression_attribute_values(":used", AttributeValue::N(used.to_string()))
        .send()
        .await
        .unwrap();
}

pub async fn the_day_has_ten_thousand_slots(store: &Store) {
    let midnight = Timestamp((NOW.day() + 1) * 86_400_000);
    reserve(store, "a", NOW).await.unwrap();
    set_used(store, 9_998).await;
    reserve(store, "a", NOW).await.unwrap();
    reserve(store, "a", later(60)).await.unwrap();
    assert_eq!(reserve(store, "a", later(60)).await, blocked(midnight));
    assert_eq!(reserve(store, "a", later(3_600)).await, blocked(midnight));
    assert_eq!(reserve(store, "a", midnight).await, Ok(midnight));
    assert_eq!(reserve(store, "a", midnight).await, Ok(midnight + GAP));
}

pub async fn slots_around_midnight(store: &Store) {
    let midnight = Timestamp((NOW.day() + 1) * 86_400_000);
    let last = midnight - Span::millis(1);
    assert_eq!(reserve(store, "a", last).await, Ok(last));
    set_used(store, 10_000).await;
    // The next slot lies in the new day, which is not used up.
    assert_eq!(reserve(store, "a", last).await, Ok(last + GAP));
    assert_eq!(reserve(store, "a", last).await, Ok(last + GAP + GAP));
    // A worker whose clock is behind, on the day before, counts for the new day.
    let behind = midnight - Span::millis(700);
    let slot = last + GAP + GAP + GAP;
    assert_eq!(reserve(store, "a", behind).await, Ok(slot));
}

/// Whatever senders say of themselves, a slot begins a gap behind the end of the one before, no
/// earlier than now, and lasts until its sender is ready.
pub async fn no_slot_begins_before_the_one_before_has_ended(store: &Store) {
    let a = org("a");
    let mut last: Option<Slot> = None;
    for (n, ready, late) in [
        (0, 400, 0),
        (0, 0, 0),
        (0, 5_000, 0),
        (100, 200, 300),
        (9_000, 10, 0),
        (9_100, 900, 0),
        (9_200, 900, 50),
        (9_900, 0, 2_000),
    ] {
        let wish = SlotWish {
            ready_in: millis(ready),
            late_by: millis(late),
            ..SlotWish::at(NOW + millis(n))
        };
        let slot = store.reserve_slot(&a, &wish).await.unwrap();
        let earliest = last.map_or(wish.now, |last| (last.to + GAP).later(wish.now));
        assert_eq!(slot.from, earliest);
        assert_eq!(
            slot.to,
            (earliest + wish.late_by).later(wish.now + wish.ready_in)
        );
        last = Some(slot);
    }
}

pub async fn many_senders_at_once_never_share_a_time(store: &Store) {
    for round in 0..5 {
        let company = format!("many-{round}");
        let asks = (0..30).map(|n| {
            let (dynamo, company) = (store.dynamo.clone(), org(&company));
            let wish = SlotWish {
                ready_in: millis(n % 7 * 150),
                late_by: millis(n % 3 * 40),
                ..SlotWish::at(NOW + millis(n % 5 * 90))
            };
            tokio::spawn(async move { dynamo.reserve_slot(&company, &wish).await.unwrap() })
        });
        let mut slots: Vec<_> = join_all(asks)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        slots.sort_by_key(|slot| slot.from);
        assert!(
            slots.windows(2).all(|two| two[0].to + GAP <= two[1].from),
            "{slots:?}"
        );
    }
}

pub async fn an_exchanged_slot_counts_once(store: &Store) {
    let a = org("a");
    let midnight = Timestamp((NOW.day() + 1) * 86_400_000);
    let first = store.reserve_slot(&a, &SlotWish::at(NOW)).await.unwrap();
    set_used(store, 10_000).await;
    assert_eq!(reserve(store, "a", NOW).await, blocked(midnight));
    // Nobody stands behind it: its sender is served at once.
    let soon = SlotWish {
        instead_of: Some(first),
        ready_in: millis(30),
        ..SlotWish::at(NOW + millis(100))
    };
    let second = store.reserve_slot(&a, &soon).await.unwrap();
    assert_eq!(
        (second.from, second.to),
        (NOW + millis(100), NOW + millis(130))
    );
    // Somebody does: it goes to the end of the line.
    set_used(store, 9_999).await;
    let other = reserve(store, "a", NOW).await.unwrap();
    assert_eq!(other, second.to + GAP);
    let later = SlotWish {
        instead_of: Some(second),
        ..SlotWish::at(NOW + millis(200))
    };
    let third = store.reserve_slot(&a, &later).await.unwrap();
    assert_eq!(third.from, other + GAP);
    assert_eq!(reserve(store, "a", NOW).await, blocked(midnight));
    // And not while Gong asks to wait.
    store.block(&a, NOW + Span::seconds(5)).await.unwrap();
    let again = SlotWish {
        instead_of: Some(third),
        ..SlotWish::at(NOW + Span::seconds(2))
    };
    let refused = Err(SlotError::Blocked {
        until: NOW + Span::seconds(5),
    });
    assert_eq!(store.reserve_slot(&a, &again).await, refused);
}

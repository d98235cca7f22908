use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    moment::{Span, Timestamp},
    ports::connections::{BudgetStore, SlotError},
};
use futures::future::join_all;

use crate::{Store, make::*};

const GAP: Span = Span::millis(360);

fn blocked(until: Timestamp) -> Result<Timestamp, SlotError> {
    Err(SlotError::Blocked { until })
}

pub async fn forty_at_once_are_spaced(store: &Store) {
    let a = org("a");
    // The first slots ever, and the first ones after a quiet hour.
    for now in [NOW, later(3_600)] {
        let asks = (0..40).map(|_| {
            let (dynamo, a) = (store.dynamo.clone(), a.clone());
            tokio::spawn(async move { dynamo.reserve_slot(&a, now).await.unwrap() })
        });
        let slots = join_all(asks).await.into_iter();
        let mut slots: Vec<_> = slots.map(Result::unwrap).collect();
        slots.sort();
        let spaced: Vec<_> = (0..40).map(|n| now + Span::millis(360 * n)).collect();
        assert_eq!(slots, spaced);
    }
    // Another company has slots of its own.
    assert_eq!(store.reserve_slot(&org("b"), NOW).await, Ok(NOW));
}

pub async fn the_line_ends_at_twenty_seconds(store: &Store) {
    let a = org("a");
    let mut last = NOW;
    for n in 0..56 {
        last = store.reserve_slot(&a, NOW).await.unwrap();
        assert_eq!(last, NOW + Span::millis(360 * n));
    }
    let until = last + GAP - Span::seconds(20);
    assert_eq!(store.reserve_slot(&a, NOW).await, blocked(until));
    assert_eq!(store.reserve_slot(&a, until).await, Ok(last + GAP));
    // After a pause there is no line; a moment after the last slot, the next waits for the gap.
    let quiet = NOW + Span::minutes(5);
    assert_eq!(store.reserve_slot(&a, quiet).await, Ok(quiet));
    let soon = quiet + Span::millis(359);
    assert_eq!(store.reserve_slot(&a, soon).await, Ok(quiet + GAP));
    let free = quiet + GAP + GAP;
    assert_eq!(store.reserve_slot(&a, free).await, Ok(free));
}

pub async fn nothing_before_blocked_until(store: &Store) {
    let a = org("a");
    assert_eq!(store.blocked_until(&a).await, Ok(None));
    store.block(&a, later(100)).await.unwrap();
    store.block(&a, later(50)).await.unwrap();
    assert_eq!(store.blocked_until(&a).await, Ok(Some(later(100))));
    assert_eq!(store.reserve_slot(&a, NOW).await, blocked(later(100)));
    assert_eq!(store.reserve_slot(&a, later(99)).await, blocked(later(100)));
    assert_eq!(store.reserve_slot(&a, later(100)).await, Ok(later(100)));
    // In line behind a slot, a wait that comes later holds just the same.
    store.block(&a, later(103)).await.unwrap();
    assert_eq!(
        store.reserve_slot(&a, later(100)).await,
        blocked(later(103))
    );
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
    let a = org("a");
    let midnight = Timestamp((NOW.day() + 1) * 86_400_000);
    store.reserve_slot(&a, NOW).await.unwrap();
    set_used(store, 9_998).await;
    store.reserve_slot(&a, NOW).await.unwrap();
    store.reserve_slot(&a, later(60)).await.unwrap();
    assert_eq!(store.reserve_slot(&a, later(60)).await, blocked(midnight));
    assert_eq!(
        store.reserve_slot(&a, later(3_600)).await,
        blocked(midnight)
    );
    assert_eq!(store.reserve_slot(&a, midnight).await, Ok(midnight));
    assert_eq!(store.reserve_slot(&a, midnight).await, Ok(midnight + GAP));
}

pub async fn slots_around_midnight(store: &Store) {
    let a = org("a");
    let midnight = Timestamp((NOW.day() + 1) * 86_400_000);
    let last = midnight - Span::millis(1);
    assert_eq!(store.reserve_slot(&a, last).await, Ok(last));
    set_used(store, 10_000).await;
    // The next slot lies in the new day, which is not used up.
    assert_eq!(store.reserve_slot(&a, last).await, Ok(last + GAP));
    assert_eq!(store.reserve_slot(&a, last).await, Ok(last + GAP + GAP));
    // A worker whose clock is behind, on the day before, counts for the new day.
    let behind = midnight - Span::millis(700);
    let slot = last + GAP + GAP + GAP;
    assert_eq!(store.reserve_slot(&a, behind).await, Ok(slot));
}

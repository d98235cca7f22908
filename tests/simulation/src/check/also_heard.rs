//! What was also heard, and in which calls.

use super::State;
use crate::{engine::beside, world::World};

/// What a call raised beside its result is kept with it, and nothing of any other call.
pub(super) fn kept(world: &World, state: &State) -> Vec<String> {
    let mut broken = Vec::new();
    let mut kept = state.also_heard.clone();
    for call in &world.plan.calls {
        let known = state.ledger.get(&call.id);
        let gave = known.is_some_and(|known| !known.outcomes.is_empty());
        let more = call.topic.and_then(beside).filter(|_| gave);
        let expected: Vec<_> = more.iter().map(|topic| format!("topic-{topic}")).collect();
        let found = kept.remove(&call.id).unwrap_or_default();
        if found != expected {
            broken.push(format!(
                "in call {} {expected:?} is also heard, and {found:?} is kept; {call:?}",
                call.id
            ));
        }
    }
    broken.extend(
        kept.keys()
            .map(|id| format!("an unknown call {id} was also heard")),
    );
    broken
}

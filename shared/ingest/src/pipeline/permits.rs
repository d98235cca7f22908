//! How many calls one process analyses at once, over all batches that it has at hand.

use tokio::sync::{Semaphore, SemaphorePermit};

/// The places for calls under analysis. Batches share them, so that the end of one, when few calls
/// are left of it, does not leave places empty.
#[derive(Debug)]
pub struct Permits {
    all: usize,
    free: Semaphore,
}

impl Permits {
    /// So many; at least one.
    #[must_use]
    pub fn new(all: usize) -> Self {
        let all = all.max(1);
        Self {
            all,
            free: Semaphore::new(all),
        }
    }

    /// A place, when it is this caller's turn; free again when it is dropped.
    pub(super) async fn one(&self) -> Option<SemaphorePermit<'_>> {
        // Nobody closes the semaphore, so there always is one.
        self.free.acquire().await.ok()
    }

    /// Every place: nothing else is under analysis as long as it is held.
    pub(super) async fn every(&self) -> Option<SemaphorePermit<'_>> {
        let all = u32::try_from(self.all).unwrap_or(u32::MAX);
        self.free.acquire_many(all).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn batches_share_the_places_and_one_that_must_be_alone_waits_for_every_one() {
        let permits = Permits::new(2);
        let first = permits.one().now_or_never().flatten();
        let second = permits.one().now_or_never().flatten();
        assert!(first.is_some() && second.is_some());
        assert!(permits.one().now_or_never().is_none(), "there are two");
        drop(first);
        assert!(permits.every().now_or_never().is_none(), "one is at work");
        drop(second);
        let alone = permits.every().now_or_never().flatten();
        assert!(alone.is_some());
        assert!(permits.one().now_or_never().is_none(), "it is alone");
    }

    #[test]
    fn there_is_always_a_place() {
        assert!(Permits::new(0).one().now_or_never().flatten().is_some());
    }

    #[test]
    fn a_place_is_free_while_fewer_calls_are_at_work_than_there_are_places() {
        for (places, at_work, one, every) in [
            (0, 0, true, true),
            (0, 1, false, false),
            (1, 0, true, true),
            (1, 1, false, false),
            (3, 1, true, false),
            (3, 2, true, false),
            (3, 3, false, false),
            (100, 99, true, false),
        ] {
            let permits = Permits::new(places);
            let held: Vec<_> = (0..at_work)
                .map(|_| permits.one().now_or_never().flatten())
                .collect();
            assert!(held.iter().all(Option::is_some), "{places}, {at_work}");
            let free = permits.one().now_or_never().flatten().is_some();
            let alone = permits.every().now_or_never().flatten().is_some();
            assert_eq!((free, alone), (one, every), "{places}, {at_work}");
            drop(held);
            let alone = permits.every().now_or_never().flatten();
            assert!(alone.is_some(), "{places}, {at_work}");
        }
    }
}

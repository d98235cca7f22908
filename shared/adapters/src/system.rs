//! The real clock and the real randomness.

use std::time::Duration;

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    moment::{Span, Timestamp},
    ports::system::{Clock, Ids},
    secret::Secret,
};
use rand::Rng;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let millis = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
        Timestamp(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    async fn sleep_until(&self, at: Timestamp) {
        // Again after the sleep: the machine's clock may have been set back meanwhile.
        loop {
            match u64::try_from((at - self.now()).0) {
                Ok(millis @ 1..) => tokio::time::sleep(Duration::from_millis(millis)).await,
                _ => return,
            }
        }
    }
}

/// Random ids from the operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn secret(&self) -> Secret {
        let bytes: [u8; 32] = rand::rng().random();
        Secret::new(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn jitter(&self, below: Span) -> Span {
        if below.0 <= 0 {
            return Span(0);
        }
        Span(rand::rng().random_range(0..below.0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_secret_is_256_bits_safe_in_a_url_and_never_the_same() {
        let secrets: BTreeSet<String> = (0..100)
            .map(|_| SystemIds.secret().expose().to_owned())
            .collect();
        assert_eq!(secrets.len(), 100);
        for secret in secrets {
            assert_eq!(secret.len(), 43);
            assert!(
                secret
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            );
        }
    }

    #[test]
    fn jitter_stays_below_its_bound() {
        for _ in 0..100 {
            assert!((Span(0)..Span(3)).contains(&SystemIds.jitter(Span(3))));
        }
        assert_eq!(SystemIds.jitter(Span(1)), Span(0));
        assert_eq!(SystemIds.jitter(Span(0)), Span(0));
        assert_eq!(SystemIds.jitter(Span(-5)), Span(0));
    }

    #[test]
    fn uuids_are_random_ones() {
        assert_eq!(SystemIds.uuid().get_version_num(), 4);
        assert_ne!(SystemIds.uuid(), SystemIds.uuid());
    }

    #[tokio::test]
    async fn a_sleep_ends_also_when_its_time_has_passed() {
        let now = SystemClock.now();
        SystemClock.sleep_until(now - Span::hours(1)).await;
        SystemClock.sleep_until(now + Span::millis(1)).await;
    }
}

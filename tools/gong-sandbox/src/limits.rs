//! Gong's limits: requests a second and requests a day, for the whole company.

use std::collections::VecDeque;

use crate::clock::{DAY_MS, SECOND_MS};

/// How much the company may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests in any sliding 1,000 ms.
    pub per_second: u32,
    /// Requests in a UTC day.
    pub per_day: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_second: 3,
            per_day: 10_000,
        }
    }
}

/// A limit is used up; holds how many seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exhausted {
    pub(crate) retry_after_seconds: u64,
}

/// Counts what was let through.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    last_second: VecDeque<i64>,
    day: i64,
    today: u32,
}

impl Limiter {
    /// Lets a request through at `now_ms`, or tells how long to wait. What is refused does not count.
    pub(crate) fn admit(&mut self, limits: Limits, now_ms: i64) -> Result<(), Exhausted> {
        let day = now_ms.div_euclid(DAY_MS);
        if day != self.day {
            self.day = day;
            self.today = 0;
        }
        self.last_second.retain(|at_ms| now_ms - at_ms < SECOND_MS);
        if self.today >= limits.per_day {
            let left_ms = DAY_MS - now_ms.rem_euclid(DAY_MS);
            let seconds = u64::try_from(left_ms).unwrap_or(0).div_ceil(1_000);
            return Err(Exhausted {
                retry_after_seconds: seconds,
            });
        }
        if u32::try_from(self.last_second.len()).is_ok_and(|count| count >= limits.per_second) {
            return Err(Exhausted {
                retry_after_seconds: 1,
            });
        }
        self.last_second.push_back(now_ms);
        self.today += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_any_sliding_second() {
        let mut limiter = Limiter::default();
        for at_ms in [0, 500, 999] {
            assert_eq!(limiter.admit(Limits::default(), at_ms), Ok(()));
        }
        assert_eq!(
            limiter.admit(Limits::default(), 999),
            Err(Exhausted {
                retry_after_seconds: 1
            })
        );
        assert_eq!(limiter.admit(Limits::default(), 1_000), Ok(()));
        assert_eq!(
            limiter.admit(Limits::default(), 1_499),
            Err(Exhausted {
                retry_after_seconds: 1
            })
        );
        assert_eq!(limiter.admit(Limits::default(), 1_500), Ok(()));
    }

    #[test]
    fn a_used_up_day_waits_for_midnight() {
        let limits = Limits {
            per_second: 100,
            per_day: 2,
        };
        let mut limiter = Limiter::default();
        let evening = DAY_MS - 3_600_500;
        assert_eq!(limiter.admit(limits, evening), Ok(()));
        assert_eq!(limiter.admit(limits, evening), Ok(()));
        assert_eq!(
            limiter.admit(limits, evening),
            Err(Exhausted {
                retry_after_seconds: 3_601
            })
        );
        assert_eq!(limiter.admit(limits, DAY_MS), Ok(()));
    }
}

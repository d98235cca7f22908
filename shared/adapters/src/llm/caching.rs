//! Providers that keep the beginning of a prompt: when it pays to ask them to.

/// What writing to the cache costs, and reading from it, beside sending without it
/// (Anthropic's prices, <https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching>).
const WRITE: f64 = 1.25;
const READ: f64 = 0.1;

/// Whether what detect reads shall be kept for extract, which reads it again of this share of the
/// calls. Where nothing is measured it shall not.
pub(super) fn pays(read_again: Option<f64>) -> bool {
    read_again.is_some_and(|share| READ.mul_add(share, WRITE) < 1.0 + share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_pays_from_somewhat_above_a_quarter_on() {
        for (share, expected) in [
            (None, false),
            (Some(0.0), false),
            (Some(0.27), false),
            (Some(0.28), true),
            (Some(1.0), true),
            (Some(f64::NAN), false),
        ] {
            assert_eq!(pays(share), expected, "{share:?}");
        }
    }
}

//! What a function may weigh, and how it has to compare with Python in the same run.

/// Of the binary, in bytes. 2026-11-28: 10.4 MB is dashboard's; a change that needs more says here
/// what for, and takes half a megabyte at most.
const SIZE: u64 = 10_400_000;
/// How many times sooner than Python it asks for its first event.
const FASTER: f64 = 65.0;
/// How many times less memory it takes until it has answered it.
const LESS: f64 = 5.0;

/// Which limits a function misses, in words.
#[must_use]
pub fn missed(size: u64, faster: f64, less: f64) -> Vec<String> {
    let mut missed = Vec::new();
    if size > SIZE {
        missed.push(format!("its size is {size} bytes, above {SIZE}"));
    }
    if faster < FASTER {
        missed.push(format!(
            "it starts {faster:.1} times faster than Python, below {FASTER}"
        ));
    }
    if less < LESS {
        missed.push(format!(
            "it takes {less:.2} times less memory than Python, below {LESS}"
        ));
    }
    missed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_named_when_it_is_missed() {
        for (size, faster, less, words) in [
            (10_400_000, 65.0, 5.0, &[][..]),
            (10_400_001, 65.0, 5.0, &["size"]),
            (9_000_000, 64.9, 5.0, &["faster"]),
            (9_000_000, 90.0, 4.99, &["memory"]),
            (11_000_000, 1.0, 1.0, &["size", "faster", "memory"]),
        ] {
            let missed = missed(size, faster, less);
            assert_eq!(missed.len(), words.len(), "{missed:?}");
            for (line, word) in missed.iter().zip(words) {
                assert!(line.contains(word), "{line}");
            }
        }
    }
}

//! The top level of the repository. What is named here stays where it is; `docs`, `samples`,
//! `tools` and the like stand beside it.

use std::path::Path;

/// Files and folders that have to be there.
const FROZEN: [&str; 11] = [
    "Cargo.toml",
    "README.md",
    "events",
    "functions/dashboard/src/main.rs",
    "functions/oauth-callback/src/main.rs",
    "functions/pipeline/src/main.rs",
    "functions/poller/src/main.rs",
    "samconfig.toml",
    "shared",
    "template.yaml",
    "tests",
];

/// What is missing below the root of the repository.
#[must_use]
pub fn missing(root: &Path) -> Vec<&'static str> {
    let missing = |path: &&str| !root.join(path).exists();
    FROZEN.into_iter().filter(missing).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn nothing_is_missing() {
        let root = test_tools::repository();
        assert_eq!(missing(&root), Vec::<&str>::new());
    }

    #[test]
    fn what_moved_is_named() {
        let root = tempfile::tempdir().unwrap();
        for path in FROZEN {
            fs::create_dir_all(root.path().join(path)).unwrap();
        }
        let moved = root.path().join("backend");
        fs::rename(root.path().join("shared"), moved).unwrap();
        assert_eq!(missing(root.path()), ["shared"]);
    }
}

//! The notation of the lexicon files: sections under `[header]`, one entry a line, `--` before a
//! comment.

use std::collections::HashSet;

/// A section of a lexicon file.
pub(super) struct Section {
    /// What stands in the brackets.
    pub(super) header: &'static str,
    pub(super) entries: Vec<&'static str>,
}

/// Reads a lexicon file; entries before the first header belong to none and are left out.
pub(super) fn sections(text: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().map(str::trim) {
        let header = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(header) = header {
            sections.push(Section {
                header,
                entries: Vec::new(),
            });
        } else if !line.is_empty()
            && !line.starts_with("--")
            && let Some(section) = sections.last_mut()
        {
            section.entries.push(line);
        }
    }
    sections
}

/// The entries of the first section with this header.
pub(super) fn entries(text: &'static str, header: &str) -> Vec<&'static str> {
    let found = sections(text)
        .into_iter()
        .find(|section| section.header == header);
    found.map_or_else(Vec::new, |section| section.entries)
}

/// The single words of such a section, however many a line holds.
pub(super) fn words(text: &'static str, header: &str) -> HashSet<&'static str> {
    entries(text, header)
        .into_iter()
        .flat_map(str::split_whitespace)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_hold_their_entries() {
        let found = sections("-- about\n[One 1]\na b\n\n-- more\nc\n[Two]\n");
        let read: Vec<_> = found
            .iter()
            .map(|s| (s.header, s.entries.as_slice()))
            .collect();
        assert_eq!(read, [("One 1", &["a b", "c"][..]), ("Two", &[][..])]);
        assert_eq!(
            words("[One]\na b\nc", "One"),
            HashSet::from(["a", "b", "c"])
        );
        assert!(entries("[One]\na", "Two").is_empty());
    }
}

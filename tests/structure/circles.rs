//! No file uses another that uses it, straight or by way of others. A module and those within it
//! are one thing to the reader, and may.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    crates::{self, workspace},
    modules::{Modules, Use},
};

/// A shortest way from a file back to itself.
fn circle(uses: &[Use]) -> Option<Vec<&Use>> {
    let uses: Vec<_> = uses.iter().filter(|used| !used.within).collect();
    let circles = uses.iter().filter_map(|first| {
        let mut came: BTreeMap<&Path, &Use> = BTreeMap::from([(first.to.as_path(), *first)]);
        let mut open = std::collections::VecDeque::from([first.to.as_path()]);
        while let Some(file) = open.pop_front() {
            for next in uses.iter().filter(|next| next.from == file) {
                if !came.contains_key(next.to.as_path()) {
                    came.insert(&next.to, next);
                    open.push_back(&next.to);
                }
            }
        }
        let mut way = vec![*came.get(first.from.as_path())?];
        while way.last()? != first {
            way.push(came[way.last()?.from.as_path()]);
        }
        way.reverse();
        Some(way)
    });
    circles.min_by_key(Vec::len)
}

fn words(circle: &[&Use], root: &Path) -> String {
    let short = |file: &Path| {
        file.strip_prefix(root)
            .unwrap_or(file)
            .display()
            .to_string()
    };
    let line = |used: &&Use| {
        format!(
            "{}:{} uses {}",
            short(&used.from),
            used.line,
            short(&used.to)
        )
    };
    circle.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let root = workspace();
    let mut uses = 0;
    for file in crates::roots() {
        let found = Modules::read(&file).uses();
        uses += found.len();
        if let Some(circle) = circle(&found) {
            panic!(
                "files use each other in a circle:\n{}",
                words(&circle, &root)
            );
        }
    }
    assert!(uses > 1_000, "only {uses} uses were found");
}

/// The circle that is found in these files, in words.
fn found(files: &[(&str, &str)]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let uses = Modules::read(&folder.path().join("lib.rs")).uses();
    circle(&uses).map(|circle| words(&circle, folder.path()))
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let ways = [
        ("use", "use crate::a::A;"),
        ("use in braces", "use crate::a::{A, self};"),
        ("use in a function", "fn f() { use super::a::A; }"),
        ("type", "struct B(crate::a::A);"),
        (
            "another name",
            "use crate::a as other; fn f() -> other::A { todo!() }",
        ),
        ("macro", "fn f() { vec![1, crate::a::A::new()]; }"),
        ("handed on by a parent", "use crate::A;"),
        (
            "method",
            "struct B; impl B { fn f(&self) { super::a::f(); } }",
        ),
    ];
    for (way, b) in ways {
        let files = [
            ("lib.rs", "mod a; mod b; mod c; pub use a::A;"),
            ("a.rs", "use crate::c::C; pub struct A;"),
            ("c.rs", "use super::b;"),
            ("b.rs", b),
        ];
        let told = found(&files).unwrap_or_else(|| panic!("{way}: no circle was found"));
        assert_eq!(told.lines().count(), 3, "{way}: {told}");
        assert!(told.contains("a.rs:1 uses c.rs"), "{way}: {told}");
    }
}

#[test]
fn what_is_no_circle_is_none() {
    let fine = [
        ("parent and child", "mod a; pub struct L;", "use crate::L;"),
        (
            "tests",
            "mod a; mod b;",
            "#[cfg(test)] mod tests { use crate::b::B; }",
        ),
        ("others", "mod a; mod b;", "use b::B; use std::a::b;"),
    ];
    for (why, lib, a) in fine {
        let files = [("lib.rs", lib), ("a.rs", a), ("b.rs", "use crate::a::A;")];
        assert_eq!(found(&files), None, "{why}");
    }
}

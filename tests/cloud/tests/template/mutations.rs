//! Each check complains of a template in which what it looks for is broken.

use std::collections::BTreeSet;

use cloud_tests::checks::{ALL, Check};
use serde_json::Value;

use crate::{broken::broken, translated::translated};

/// Puts a value at a place, whatever was there.
fn put(template: &mut Value, place: &str, value: &Value) {
    let (parent, last) = place.rsplit_once('/').unwrap();
    let root = if place.starts_with("/Parameters/") {
        ""
    } else {
        "/Resources"
    };
    let parent = template.pointer_mut(&format!("{root}{parent}"));
    let parent = parent.unwrap_or_else(|| panic!("there is nothing at {place}"));
    match (parent, last.parse::<usize>()) {
        (Value::Array(items), Ok(at)) => items[at] = value.clone(),
        (Value::Object(fields), _) if value.is_null() => {
            assert!(fields.remove(last).is_some(), "there is nothing at {place}");
        }
        (Value::Object(fields), _) => drop(fields.insert(last.to_owned(), value.clone())),
        _ => panic!("nothing can be put at {place}"),
    }
}

fn check(name: &str) -> Check {
    let found = ALL.iter().find(|(known, _)| *known == name);
    found
        .unwrap_or_else(|| panic!("no check is called {name}"))
        .1
}

#[test]
fn what_is_broken_is_named() {
    let mut unheard = Vec::new();
    for (name, names, place, value) in broken() {
        let mut template = translated().clone();
        put(&mut template, place, &value);
        let problems = check(name)(&template);
        if !problems.iter().any(|problem| problem.contains(names)) {
            unheard.push(format!("{name}: {place} = {value}: {problems:?}"));
        }
    }
    assert!(unheard.is_empty(), "{}", unheard.join("\n"));
}

#[test]
fn every_check_is_shown_to_complain() {
    let shown: BTreeSet<&str> = broken().iter().map(|(name, ..)| *name).collect();
    let all: BTreeSet<&str> = ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(shown, all);
}

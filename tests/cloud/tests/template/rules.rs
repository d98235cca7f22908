//! Our own checks find nothing.

use std::collections::{BTreeMap, BTreeSet};

use cloud_tests::{checks, template};
use environment::{FUNCTIONS, VARIABLES};

use crate::translated::translated;

#[test]
fn no_check_complains() {
    let problems: Vec<String> = checks::ALL
        .iter()
        .flat_map(|(name, check)| {
            let problems = check(translated()).into_iter();
            problems.map(move |problem| format!("{name}: {problem}"))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// SAM's build cache looks at a function's own folder, not at what it links.
#[test]
fn no_build_is_cached_by_sam() {
    let file = test_tools::repository().join("samconfig.toml");
    let config = std::fs::read_to_string(file).unwrap();
    let lines: Vec<_> = config
        .lines()
        .filter(|line| line.starts_with("cached"))
        .collect();
    assert!(lines.is_empty(), "{lines:?}");
}

#[test]
fn each_function_is_told_what_it_reads_and_no_more() {
    let told: BTreeMap<&str, BTreeSet<&str>> =
        template::of_type(translated(), "AWS::Lambda::Function")
            .map(|function| {
                let variables = function.property("/Environment/Variables");
                let names = variables.as_object().unwrap().keys();
                (function.id, names.map(String::as_str).collect())
            })
            .collect();
    let wanted = FUNCTIONS.map(|(function, id)| {
        let read = VARIABLES.iter().filter(|v| v.is_read_by(function));
        (id, read.map(|variable| variable.name).collect())
    });
    assert_eq!(told, BTreeMap::from(wanted));
}

/// `sam local invoke -n` sets only what the template names.
#[test]
fn the_example_environment_names_what_the_functions_are_told() {
    let file = test_tools::repository().join("events/env.example.json");
    let example: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let named: BTreeSet<&str> = example["Parameters"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let read = FUNCTIONS.iter().flat_map(|(function, _)| {
        let read = VARIABLES.iter().filter(|v| v.is_read_by(*function));
        read.map(|variable| variable.name)
    });
    assert_eq!(named, read.collect());
}

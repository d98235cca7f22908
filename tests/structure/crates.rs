//! The allowed edges between the crates of this workspace.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Each crate with the crates of ours that it may use outside its tests. A crate that is not named
/// here, an edge that is missing here and an edge that nobody uses any more all fail.
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("environment", &["domain"]),
    ("feedback", &["domain"]),
    ("ingest", &["domain", "feedback"]),
    ("adapters", &["domain", "environment"]),
    ("runtime", &["domain", "environment", "feedback", "ingest"]),
    ("aws", &["adapters", "domain", "environment", "runtime"]),
    ("local", &["adapters", "domain", "owner-only"]),
    ("owner-only", &[]),
    ("oauth-callback", &["aws", "domain", "ingest", "runtime"]),
    ("poller", &["aws", "domain", "ingest", "runtime"]),
    ("pipeline", &["aws", "domain", "ingest", "runtime"]),
    (
        "dashboard",
        &["aws", "domain", "feedback", "ingest", "runtime"],
    ),
];

/// What a deployed function is made of.
const LAMBDAS: &[&str] = &["oauth-callback", "poller", "pipeline", "dashboard"];

/// What no function links: tools, tests, and what stands in for a service of the cloud.
const NEVER_DEPLOYED: &[&str] = &["shared/local", "tools/", "tests", "functions/local-runner"];

/// Rules without any input or output, also in their tests.
const PURE: &[&str] = &["domain", "feedback", "ingest"];

struct Package {
    /// Its folder, relative to the workspace.
    folder: String,
    /// What it uses of ours outside its tests.
    uses: BTreeSet<String>,
    /// What its tests use of ours besides.
    tests_use: BTreeSet<String>,
}

pub fn workspace() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.join("../..").canonicalize().unwrap()
}

pub fn metadata() -> Vec<Value> {
    let told = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    told["packages"].as_array().unwrap().clone()
}

/// The first files of all libraries, programs and test programs.
pub fn roots() -> Vec<PathBuf> {
    let packages = metadata();
    let targets = packages
        .iter()
        .flat_map(|package| package["targets"].as_array().unwrap());
    let file = |target: &Value| PathBuf::from(target["src_path"].as_str().unwrap());
    targets.map(file).collect()
}

fn packages() -> BTreeMap<String, Package> {
    let root = workspace();
    metadata()
        .iter()
        .map(|package| read(package, &root))
        .collect()
}

fn read(package: &Value, root: &Path) -> (String, Package) {
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let folder = manifest.parent().unwrap().strip_prefix(root).unwrap();
    let ours = |for_tests: bool| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        dependencies
            .filter(|d| d["path"].is_string() && (d["kind"] == "dev") == for_tests)
            .map(|d| d["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let read = Package {
        folder: folder.to_str().unwrap().to_owned(),
        uses: ours(false),
        tests_use: ours(true),
    };
    (package["name"].as_str().unwrap().to_owned(), read)
}

fn deployed(folder: &str) -> bool {
    !NEVER_DEPLOYED.iter().any(|never| folder.starts_with(never))
}

#[test]
fn a_crate_uses_those_below_it_only() {
    let packages = packages();
    let floors: BTreeMap<_, BTreeSet<_>> = FLOORS
        .iter()
        .map(|(name, uses)| (*name, uses.iter().map(|used| (*used).to_owned()).collect()))
        .collect();
    for (name, package) in &packages {
        match floors.get(name.as_str()) {
            Some(allowed) => assert_eq!(
                &package.uses, allowed,
                "{name} uses (left) other crates than it may (right); see FLOORS"
            ),
            None => assert!(
                !deployed(&package.folder),
                "{name} in {} has no place among FLOORS",
                package.folder
            ),
        }
    }
    for name in floors.keys() {
        assert!(
            packages.contains_key(*name),
            "FLOORS names {name}, which is gone"
        );
    }
}

#[test]
fn no_function_links_a_stand_in_or_a_tool() {
    let packages = packages();
    let mut open: Vec<_> = LAMBDAS.iter().map(|name| (*name).to_owned()).collect();
    let mut linked = BTreeSet::new();
    while let Some(name) = open.pop() {
        let package = &packages[&name];
        assert!(
            deployed(&package.folder),
            "a function links {}",
            package.folder
        );
        if linked.insert(name) {
            open.extend(package.uses.iter().cloned());
        }
    }
    assert!(linked.contains("adapters") && linked.contains("ingest"));
}

#[test]
fn rules_are_tested_without_what_stands_on_them() {
    let packages = packages();
    for name in PURE {
        let package = &packages[*name];
        let above: Vec<_> = package.tests_use.difference(&package.uses).collect();
        assert!(above.is_empty(), "the tests of {name} use {above:?}");
    }
}

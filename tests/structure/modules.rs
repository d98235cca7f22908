//! The modules of a crate: the file of each, what it hands on, and where its paths lead.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit};

use crate::paths::{self, Written};

/// The names that lead to a module from the crate's root.
type Names = Vec<String>;

struct Module {
    file: PathBuf,
    inner: Vec<String>,
    /// What a name stands for, and whether it can be used through this module.
    brought: BTreeMap<String, (Names, bool)>,
    written: Vec<Written>,
}

/// The modules of a crate, without its tests.
#[derive(Default)]
pub struct Modules {
    all: BTreeMap<Names, Module>,
}

/// That a file uses what stands in another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    pub from: PathBuf,
    /// The line, from 1.
    pub line: usize,
    pub to: PathBuf,
    /// Whether one's module is within the other's.
    pub within: bool,
}

impl Modules {
    /// Reads the crate whose root is this file.
    pub fn read(root: &Path) -> Self {
        let mut modules = Self::default();
        modules.file(root, root.parent().unwrap(), Vec::new());
        modules
    }

    fn file(&mut self, file: &Path, children: &Path, names: Names) {
        let told = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}", told(&e)));
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}", told(&e)));
        self.items(file, children, names, parsed.items);
    }

    fn items(&mut self, file: &Path, children: &Path, names: Names, items: Vec<Item>) {
        let mut module = Module {
            file: file.to_owned(),
            inner: Vec::new(),
            brought: BTreeMap::new(),
            written: Vec::new(),
        };
        let mut uses = Vec::new();
        for item in items {
            if paths::only_in_tests(attributes(&item)) {
                continue;
            }
            match item {
                Item::Mod(inner) => {
                    module.inner.push(inner.ident.to_string());
                    self.module(file, children, &names, inner);
                }
                Item::Use(item) => uses.extend(paths::brought(&item)),
                other => module.written.extend(paths::in_item(&other)),
            }
        }
        for part in uses {
            let Some(path) = module.whole(&names, &part.from.path) else {
                continue;
            };
            module.written.push(part.from);
            assert!(
                part.name.is_some() || !part.handed_on,
                "{} hands on all of {path:?}: name what it hands on, or nobody knows where it stands",
                file.display()
            );
            if let Some(name) = part.name {
                module.brought.insert(name, (path, part.handed_on));
            }
        }
        self.all.insert(names, module);
    }

    fn module(&mut self, file: &Path, children: &Path, outer: &[String], inner: ItemMod) {
        let name = inner.ident.to_string();
        let folder = children.join(&name);
        let names = [outer, std::slice::from_ref(&name)].concat();
        if let Some((_, items)) = inner.content {
            return self.items(file, &folder, names, items);
        }
        if let Some(elsewhere) = elsewhere(&inner.attrs) {
            let file = file.parent().unwrap().join(elsewhere);
            let file = file.canonicalize().unwrap();
            return self.file(&file, file.parent().unwrap(), names);
        }
        let beside = children.join(format!("{name}.rs"));
        let within = folder.join("mod.rs");
        let file = if beside.is_file() { beside } else { within };
        self.file(&file, &folder, names);
    }

    /// Every use of one file in another.
    pub fn uses(&self) -> Vec<Use> {
        let mut uses = Vec::new();
        for (names, module) in &self.all {
            for written in &module.written {
                let Some(path) = module.whole(names, &written.path) else {
                    continue;
                };
                let Some((home, used)) = self.home(&path, 0) else {
                    continue;
                };
                if used.file != module.file {
                    uses.push(Use {
                        from: module.file.clone(),
                        line: written.line,
                        to: used.file.clone(),
                        within: names.starts_with(home) || home.starts_with(names),
                    });
                }
            }
        }
        uses.sort();
        uses
    }

    /// The module in which what this path leads to is written.
    fn home(&self, path: &[String], depth: usize) -> Option<(&Names, &Module)> {
        assert!(depth < 20, "{path:?} is handed on in a circle");
        let mut at = 0;
        while at < path.len() && self.all.contains_key(&path[..=at]) {
            at += 1;
        }
        let (names, module) = self.all.get_key_value(&path[..at])?;
        let Some(name) = path.get(at) else {
            return Some((names, module));
        };
        if let Some((of, _)) = module.brought.get(name).filter(|(_, handed_on)| *handed_on) {
            let of = [of, &path[at + 1..]].concat();
            return self.home(&of, depth + 1);
        }
        Some((names, module))
    }
}

impl Module {
    /// This path from the crate's root; none when it leads to another crate.
    fn whole(&self, here: &[String], path: &[String]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([here, rest].concat()),
            "super" => {
                let (_, outer) = here.split_last()?;
                let up = rest.iter().take_while(|name| *name == "super").count();
                let outer = &outer[..outer.len() - up];
                Some([outer, &rest[up..]].concat())
            }
            name if self.inner.iter().any(|inner| inner == name) => Some([here, path].concat()),
            name => {
                let (of, _) = self.brought.get(name)?;
                Some([of, rest].concat())
            }
        }
    }
}

/// The file that a `path` attribute names.
fn elsewhere(attributes: &[Attribute]) -> Option<String> {
    let named = attributes.iter().find(|a| a.path().is_ident("path"))?;
    match &named.meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(file),
            ..
        }) => Some(file.value()),
        _ => None,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

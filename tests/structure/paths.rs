//! The paths that stand in a file: in `use`, in code, and among the words that a macro is given.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Item, ItemUse, Macro, Path, UseTree, Visibility,
    visit::{self, Visit},
};

/// A path as it is written.
#[derive(Debug, Clone)]
pub struct Written {
    pub path: Vec<String>,
    /// The line, from 1.
    pub line: usize,
}

/// What a `use` brings in.
#[derive(Debug)]
pub struct Brought {
    /// The name that it has here; none for everything in a module.
    pub name: Option<String>,
    /// What it stands for.
    pub from: Written,
    /// Whether it can be used through this module.
    pub handed_on: bool,
}

/// Whether these attributes leave something out of what is not a test.
pub fn only_in_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("cfg") && list.is_ok_and(|l| l.tokens.to_string() == "test")
    })
}

/// The parts of a `use`.
pub fn brought(item: &ItemUse) -> Vec<Brought> {
    let handed_on = !matches!(item.vis, Visibility::Inherited);
    let mut found = Vec::new();
    walk(&item.tree, &[], &mut |name, path, span: Span| {
        let line = span.start().line;
        found.push(Brought {
            name,
            from: Written { path, line },
            handed_on,
        });
    });
    found
}

fn walk(
    tree: &UseTree,
    before: &[String],
    found: &mut impl FnMut(Option<String>, Vec<String>, Span),
) {
    let with = |name: String| [before, &[name]].concat();
    match tree {
        UseTree::Path(part) => walk(&part.tree, &with(part.ident.to_string()), found),
        // In braces, `self` is the module before them.
        UseTree::Name(part) if part.ident == "self" => {
            found(before.last().cloned(), before.to_vec(), part.ident.span());
        }
        UseTree::Name(part) => {
            let name = part.ident.to_string();
            found(Some(name.clone()), with(name), part.ident.span());
        }
        UseTree::Rename(part) => {
            let path = if part.ident == "self" {
                before.to_vec()
            } else {
                with(part.ident.to_string())
            };
            found(Some(part.rename.to_string()), path, part.ident.span());
        }
        UseTree::Glob(glob) => found(None, before.to_vec(), glob.star_token.spans[0]),
        UseTree::Group(group) => {
            for part in &group.items {
                walk(part, before, found);
            }
        }
    }
}

/// The paths of two names and more in an item, its tests left out.
pub fn in_item(item: &Item) -> Vec<Written> {
    let mut collect = Collect::default();
    collect.visit_item(item);
    collect.found
}

#[derive(Default)]
struct Collect {
    found: Vec<Written>,
}

impl Collect {
    fn add(&mut self, path: Vec<String>, span: Span) {
        if path.len() > 1 {
            let line = span.start().line;
            self.found.push(Written { path, line });
        }
    }

    fn words(&mut self, tokens: TokenStream) {
        let mut path = Vec::new();
        let mut colons = 0;
        let mut span = Span::call_site();
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.add(std::mem::take(&mut path), span);
                        span = name.span();
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.add(std::mem::take(&mut path), span);
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.words(group.stream());
                    }
                }
            }
        }
        self.add(path, span);
    }
}

impl<'ast> Visit<'ast> for Collect {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.found
            .extend(brought(item).into_iter().map(|part| part.from));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !only_in_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.add(names, first.ident.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, of: &'ast Macro) {
        self.visit_path(&of.path);
        self.words(of.tokens.clone());
    }
}

//! The modules of a crate: their files, the names that they bind, and their code.

use std::collections::BTreeMap;

use syn::{Attribute, Item, Meta, UseTree, Visibility};

/// The text of each Rust file by its path from the repository's root.
pub(crate) type Sources = BTreeMap<String, String>;

/// A path as it is written in code: `crate::day::Day` as three segments.
pub(crate) type Path = Vec<String>;

/// Which code counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Everything.
    All,
    /// Everything except `#[cfg(test)]` and `#[test]`.
    Production,
}

/// The item that a name of a module refers to.
#[derive(Debug, Clone)]
pub(crate) enum Binding {
    /// A type, function, constant, trait or macro that is defined here.
    Item,
    /// A child, by its index in [`Modules`].
    Module(usize),
    /// The name of another module's item, by `use`.
    Import(Path),
}

/// One module, in a file of its own or inline in its parent's.
pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) parent: Option<usize>,
    pub(crate) names: BTreeMap<String, Vec<Binding>>,
    /// The modules and enums whose names are all imported: `use path::*`.
    pub(crate) globs: Vec<Path>,
    pub(crate) items: Vec<Item>,
}

/// The modules of a crate; the first is its root.
pub(crate) struct Modules<'a> {
    sources: &'a Sources,
    scope: Scope,
    pub(crate) all: Vec<Module>,
}

impl<'a> Modules<'a> {
    /// Reads the crate whose root is the file `root` (`src/lib.rs`, `src/main.rs`), with every file that its `mod`
    /// declarations lead to.
    pub(crate) fn read(sources: &'a Sources, root: &str, scope: Scope) -> Self {
        let mut modules = Self {
            sources,
            scope,
            all: Vec::new(),
        };
        let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
        modules.file(root, folder, None);
        modules
    }

    /// Reads a file as a module whose children lie in `folder`.
    fn file(&mut self, file: &str, folder: &str, parent: Option<usize>) -> usize {
        let text = &self.sources[file];
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        self.module(file, folder, parent, parsed.items)
    }

    fn module(&mut self, file: &str, folder: &str, parent: Option<usize>, items: Vec<Item>) -> usize {
        let own = self.all.len();
        self.all.push(Module {
            file: file.to_owned(),
            parent,
            names: BTreeMap::new(),
            globs: Vec::new(),
            items: Vec::new(),
        });
        for item in items {
            if self.scope == Scope::Production && is_test(attributes(&item)) {
                continue;
            }
            if let Item::Mod(declared) = item {
                let name = declared.ident.to_string();
                let below = format!("{folder}/{name}");
                let child = match declared.content {
                    Some((_, items)) => Some(self.module(file, &below, Some(own), items)),
                    None => self
                        .file_of(file, folder, &name, &declared.attrs)
                        .map(|(child, below)| self.file(&child, &below, Some(own))),
                };
                if let Some(child) = child {
                    self.bind(own, name, Binding::Module(child));
                }
                continue;
            }
            if let Item::Use(used) = &item {
                for leaf in leaves(&used.tree) {
                    match leaf {
                        Leaf::Name { path, name } => self.bind(own, name, Binding::Import(path)),
                        Leaf::Glob(path) => self.all[own].globs.push(path),
                    }
                }
            } else if let Some(name) = name(&item) {
                self.bind(own, name, Binding::Item);
            }
            self.all[own].items.push(item);
        }
        own
    }

    /// The file of a module that is declared by `mod name;`, and the folder of its children.
    fn file_of(
        &self,
        file: &str,
        folder: &str,
        name: &str,
        attributes: &[Attribute],
    ) -> Option<(String, String)> {
        if let Some(path) = path_attribute(attributes) {
            let beside = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = normal(&format!("{beside}/{path}"));
            let below = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            return self.sources.contains_key(&path).then_some((path, below));
        }
        let below = format!("{folder}/{name}");
        [format!("{below}.rs"), format!("{below}/mod.rs")]
            .into_iter()
            .find(|path| self.sources.contains_key(path))
            .map(|path| (path, below))
    }

    fn bind(&mut self, module: usize, name: String, binding: Binding) {
        self.all[module].names.entry(name).or_default().push(binding);
    }
}

/// One name of a `use` item.
pub(crate) enum Leaf {
    Name { path: Path, name: String },
    Glob(Path),
}

/// Every name that a `use` item imports.
pub(crate) fn leaves(tree: &UseTree) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(tree, &mut Vec::new(), &mut found);
    found
}

fn collect(tree: &UseTree, before: &mut Path, found: &mut Vec<Leaf>) {
    let mut leaf = |ident: &syn::Ident, name: String, before: &Path| {
        let mut path = before.clone();
        // `use day::{self, Day}` imports `day` itself.
        if ident != "self" || path.is_empty() {
            path.push(ident.to_string());
        }
        let name = if name == "self" {
            path[path.len() - 1].clone()
        } else {
            name
        };
        found.push(Leaf::Name { path, name });
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            collect(&path.tree, before, found);
            before.pop();
        }
        UseTree::Name(name) => leaf(&name.ident, name.ident.to_string(), before),
        UseTree::Rename(name) => leaf(&name.ident, name.rename.to_string(), before),
        UseTree::Glob(_) => found.push(Leaf::Glob(before.clone())),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, before, found);
            }
        }
    }
}

/// Whether others may import what a `use` item imports.
pub(crate) fn is_reexport(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// Whether an item exists in tests only.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string().replace(' ', "");
            condition == "test" || condition.starts_with("all(test,")
        }
        _ => false,
    })
}

pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
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

/// The name that an item defines.
pub(crate) fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

/// A path without `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

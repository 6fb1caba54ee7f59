//! What a path leads to: the file that defines the item, through every `pub use` on the way.

use crate::modules::{Binding, Modules, Path};

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A module of this crate, by its index.
    Module(usize),
    /// An item that this file of this crate defines.
    Item(String),
    /// An item of another crate, whose name is the path's first segment; the module `by` names that crate.
    Extern { path: Path, by: usize },
}

/// The lookups that are under way, so that imports in a circle end.
type Pending<'a> = Vec<(usize, &'a str)>;

impl Modules<'_> {
    /// What `path` names in the module `from`. A name can refer to several things, such as a module and a function.
    pub(crate) fn resolve(&self, from: usize, path: &[String]) -> Vec<Target> {
        self.follow(from, path, &mut Vec::new())
    }

    fn follow<'a>(&'a self, from: usize, path: &'a [String], pending: &mut Pending<'a>) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else {
            return Vec::new();
        };
        let begin = match first.as_str() {
            "crate" => vec![Target::Module(0)],
            "self" => vec![Target::Module(from)],
            "super" => self.parent(from),
            name => self.lookup(from, name, pending),
        };
        if begin.is_empty() {
            let path = path.to_vec();
            return vec![Target::Extern { path, by: from }];
        }
        self.descend(begin, rest, pending)
    }

    fn descend<'a>(
        &'a self,
        begin: Vec<Target>,
        rest: &'a [String],
        pending: &mut Pending<'a>,
    ) -> Vec<Target> {
        let mut targets = begin;
        for segment in rest {
            // A module and a type can't share a name: what follows a module's name is in the module.
            if targets.iter().any(|target| matches!(target, Target::Module(_))) {
                targets.retain(|target| matches!(target, Target::Module(_)));
            }
            let mut next = Vec::new();
            for target in targets {
                match target {
                    Target::Module(module) if segment == "super" => next.extend(self.parent(module)),
                    Target::Module(module) => {
                        let found = self.lookup(module, segment, pending);
                        if found.is_empty() {
                            // A macro defines it.
                            next.push(Target::Item(self.all[module].file.clone()));
                        }
                        next.extend(found);
                    }
                    // An associated item or a variant: its type's file.
                    Target::Item(file) => next.push(Target::Item(file)),
                    Target::Extern { mut path, by } => {
                        path.push(segment.clone());
                        next.push(Target::Extern { path, by });
                    }
                }
            }
            targets = next;
        }
        targets.sort();
        targets.dedup();
        targets
    }

    fn parent(&self, module: usize) -> Vec<Target> {
        self.all[module].parent.map(Target::Module).into_iter().collect()
    }

    /// What a name refers to in a module; empty where the module has no such name.
    fn lookup<'a>(&'a self, module: usize, name: &'a str, pending: &mut Pending<'a>) -> Vec<Target> {
        if pending.contains(&(module, name)) {
            return Vec::new();
        }
        pending.push((module, name));
        let own = &self.all[module];
        let mut found = Vec::new();
        for binding in own.names.get(name).into_iter().flatten() {
            match binding {
                Binding::Item => found.push(Target::Item(own.file.clone())),
                Binding::Module(child) => found.push(Target::Module(*child)),
                // `use update::update` beside `mod update`: the first segment can only be the module.
                Binding::Import(path) if path[0] == name => {
                    let child = own.names[name].iter().find_map(|binding| match binding {
                        Binding::Module(child) => Some(Target::Module(*child)),
                        _ => None,
                    });
                    found.extend(match child {
                        Some(child) => self.descend(vec![child], &path[1..], pending),
                        None => vec![Target::Extern {
                            path: path.clone(),
                            by: module,
                        }],
                    });
                }
                Binding::Import(path) => found.extend(self.follow(module, path, pending)),
            }
        }
        if found.is_empty() {
            for glob in &own.globs {
                for target in self.follow(module, glob, pending) {
                    if let Target::Module(other) = target {
                        found.extend(self.lookup(other, name, pending));
                    }
                }
            }
        }
        pending.pop();
        found
    }
}

//! Which file imports what: every path that is written in code, resolved. Comments and strings don't count.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{
    Attribute, Block, Expr, ExprCall, ExprPath, ImplItem, Item, ItemExternCrate, ItemUse, Macro, Meta, Pat,
    PatIdent, Stmt, TraitItem,
    visit::{self, Visit},
};

use crate::{
    modules::{Leaf, Modules, Path, Scope, attributes, is_reexport, is_test, leaves, name},
    resolve::Target,
};

/// One path in a file's code that leads to another file or another crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) to: Place,
    /// The path as it is written.
    pub(crate) path: String,
    /// Whether it only hands a name on, as `pub use child::Name` does, or names a module and nothing in it.
    pub(crate) hands_on: bool,
}

/// Where the imported item is defined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    File(String),
    /// An item of another crate, whose name is the path's first segment; the file `by` names that crate.
    Extern {
        path: Path,
        by: String,
    },
}

/// Every import of a crate's files, sorted and without repeats.
pub(crate) fn imports(modules: &Modules<'_>, scope: Scope) -> Vec<Import> {
    let mut found = BTreeSet::new();
    for (index, module) in modules.all.iter().enumerate() {
        let mut bound = Bound::default();
        let mut reader = Reader {
            modules,
            module: index,
            scope,
            bound: BTreeSet::new(),
            blocks: Vec::new(),
            found: &mut found,
        };
        for item in &module.items {
            bound.visit_item(item);
        }
        reader.bound = bound.0;
        for item in &module.items {
            reader.visit_item(item);
        }
    }
    found.into_iter().collect()
}

/// The variables of a module: a lower-case word that is one of them isn't taken for an item's name.
#[derive(Default)]
struct Bound(BTreeSet<String>);

impl Visit<'_> for Bound {
    fn visit_pat_ident(&mut self, pattern: &PatIdent) {
        self.0.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }
}

/// Where a path is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Code,
    Use,
    Reexport,
}

struct Reader<'a> {
    modules: &'a Modules<'a>,
    module: usize,
    scope: Scope,
    bound: BTreeSet<String>,
    /// The names that the blocks around the present place bind by `use` (a path) or define (none).
    blocks: Vec<BTreeMap<String, Option<Path>>>,
    found: &'a mut BTreeSet<Import>,
}

impl Reader<'_> {
    fn is_left_out(&self, attributes: &[Attribute]) -> bool {
        self.scope == Scope::Production && is_test(attributes)
    }

    /// Notes a path that code uses.
    fn used(&mut self, path: &[String]) {
        let Some(first) = path.first() else { return };
        if first == "Self" {
            return;
        }
        let in_block = self
            .blocks
            .iter()
            .rev()
            .find_map(|names| names.get(first))
            .cloned();
        match in_block {
            Some(Some(mut whole)) => {
                whole.extend(path[1..].iter().cloned());
                self.note(&whole, Written::Code);
            }
            Some(None) => {}
            None => self.note(path, Written::Code),
        }
    }

    fn note(&mut self, path: &[String], written: Written) {
        let from = &self.modules.all[self.module].file;
        for target in self.modules.resolve(self.module, path) {
            let (to, is_module) = match target {
                Target::Module(module) => (Place::File(self.modules.all[module].file.clone()), true),
                Target::Item(file) => (Place::File(file), false),
                // One word that no `use` explains is a variable, a type parameter or the prelude's.
                Target::Extern { path, .. } if path.len() < 2 && written == Written::Code => continue,
                Target::Extern { path, by } => {
                    let by = self.modules.all[by].file.clone();
                    (Place::Extern { path, by }, false)
                }
            };
            if to != Place::File(from.clone()) {
                self.found.insert(Import {
                    from: from.clone(),
                    to,
                    path: path.join("::"),
                    hands_on: written == Written::Reexport || is_module,
                });
            }
        }
    }

    /// Notes the paths in the tokens of a macro or an attribute.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let begin = at;
            at += 1;
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(_) => {
                    let (path, end) = path_of_tokens(&tokens, begin);
                    at = end;
                    let is_call = match tokens.get(end) {
                        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
                        Some(TokenTree::Punct(punct)) => punct.as_char() == '!',
                        _ => false,
                    };
                    let is_name = path.len() > 1 || is_call || is_capital(&path[0]);
                    if is_name && !is_part_of_another_token(&tokens[..begin], &path[0]) {
                        self.used(&path);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Notes a path that begins with `::`.
    fn note_extern(&mut self, path: Path) {
        let from = self.modules.all[self.module].file.clone();
        self.found.insert(Import {
            path: format!("::{}", path.join("::")),
            to: Place::Extern {
                path,
                by: from.clone(),
            },
            from,
            hands_on: false,
        });
    }
}

/// The path that begins at a token, and the index after it.
fn path_of_tokens(tokens: &[TokenTree], begin: usize) -> (Path, usize) {
    let is_colon =
        |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let mut path = Path::new();
    let mut at = begin;
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        path.push(ident.to_string());
        at += 1;
        if is_colon(at) && is_colon(at + 1) && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) {
            at += 2;
        } else {
            break;
        }
    }
    (path, at)
}

/// Whether the word after these tokens is a field, a method, a lifetime or a macro's fragment.
fn is_part_of_another_token(before: &[TokenTree], word: &str) -> bool {
    let punct = |from_end: usize| match before.len().checked_sub(from_end).map(|at| &before[at]) {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    };
    match punct(1) {
        Some('.') => punct(2) != Some('.'),
        Some('\'') => true,
        Some('$') => word != "crate",
        _ => false,
    }
}

fn is_capital(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

fn segments(path: &syn::Path) -> Path {
    path.segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect()
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        // Inline modules are modules of their own; blocks hold none.
        if !self.is_left_out(attributes(item)) && !matches!(item, Item::Mod(_)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            _ => &[],
        };
        if !self.is_left_out(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let is_left_out = matches!(item, TraitItem::Fn(function) if self.is_left_out(&function.attrs));
        if !is_left_out {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let attributes: &[Attribute] = match statement {
            Stmt::Local(local) => &local.attrs,
            Stmt::Macro(called) => &called.attrs,
            Stmt::Item(_) | Stmt::Expr(..) => &[],
        };
        if !self.is_left_out(attributes) {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let mut names = BTreeMap::new();
        for statement in &block.stmts {
            let Stmt::Item(item) = statement else { continue };
            if let Item::Use(used) = item {
                for leaf in leaves(&used.tree) {
                    if let Leaf::Name { path, name } = leaf {
                        names.insert(name, Some(path));
                    }
                }
            } else if let Some(name) = name(item) {
                names.insert(name, None);
            }
        }
        self.blocks.push(names);
        visit::visit_block(self, block);
        self.blocks.pop();
    }

    fn visit_item_use(&mut self, used: &'ast ItemUse) {
        for leaf in leaves(&used.tree) {
            match leaf {
                Leaf::Name { path, .. } if is_reexport(&used.vis) => self.note(&path, Written::Reexport),
                Leaf::Name { path, .. } => self.note(&path, Written::Use),
                // Its names are found where they are used.
                Leaf::Glob(path) => self.note(&path, Written::Reexport),
            }
        }
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.note_extern(vec![item.ident.to_string()]);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let path = segments(attribute.path());
        if path.len() > 1 {
            self.used(&path);
        }
        if let Meta::List(list) = &attribute.meta
            && !list.path.is_ident("cfg")
        {
            self.tokens(list.tokens.clone());
        }
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.used(&segments(&called.path));
        self.tokens(called.tokens.clone());
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func {
            self.visit_path(&function.path);
            if let Some(qualified) = &function.qself {
                self.visit_qself(qualified);
            }
        } else {
            self.visit_expr(&call.func);
        }
        for argument in &call.args {
            self.visit_expr(argument);
        }
    }

    fn visit_expr_path(&mut self, expression: &'ast ExprPath) {
        let is_variable = expression
            .path
            .get_ident()
            .is_some_and(|name| self.bound.contains(&name.to_string()));
        if !is_variable {
            visit::visit_expr_path(self, expression);
        }
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        // A constant or a variant looks like a variable here.
        if let Pat::Ident(ident) = pattern
            && is_capital(&ident.ident.to_string())
        {
            self.used(&[ident.ident.to_string()]);
        }
        visit::visit_pat(self, pattern);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let written = segments(path);
        if path.leading_colon.is_some() {
            self.note_extern(written);
        } else {
            self.used(&written);
        }
        visit::visit_path(self, path);
    }
}

//! Which file may import which: no circle within a crate, and nothing that the table of ARCHITECTURE.md doesn't allow.
//!
//! Imports are computed from the code: every path in it is resolved to the file that defines its item.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod circles;
mod imports;
mod modules;
mod planted;
mod resolve;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use circles::{circles, describe};
use imports::{Import, Place, imports};
use modules::{Modules, Scope, Sources};
use rstest::rstest;
use table::{dependencies, name, part, read, root, roots, sources};

fn imports_of(sources: &Sources, root: &str, scope: Scope) -> Vec<Import> {
    imports(&Modules::read(sources, root, scope), scope)
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let sources = sources();
    for root in roots(&sources) {
        let imports = imports_of(&sources, root, Scope::Production);
        let found: Vec<String> = circles(&imports)
            .iter()
            .map(|circle| format!("{}\n{}", circle.join(" "), describe(circle, &imports)))
            .collect();
        assert!(
            found.is_empty(),
            "a circle of files below {root}:\n{}",
            found.join("\n")
        );
    }
}

/// The directions of the design: `domain ← app ← view`, `domain ← client`, `app, view, client ← runtime ← main`,
/// `domain ← aggregator ← local-backend ← main`, `sigv4 ← client, aggregator`,
/// `local-core ← local-dynamodb, local-cognito, local-appsync ← local-backend`.
#[rstest]
#[case("crates/domain", &[])]
#[case("crates/foods", &["domain"])]
#[case("crates/sigv4", &[])]
#[case("crates/client", &["domain", "private-files", "sigv4"])]
#[case("crates/aggregator", &["domain", "sigv4"])]
#[case("crates/resolvers", &[])]
#[case("crates/xtask", &["aggregator", "resolvers"])]
#[case("crates/local-core", &[])]
#[case("crates/local-dynamodb", &["local-core", "private-files"])]
#[case("crates/local-cognito", &["local-core", "private-files"])]
#[case("crates/local-appsync", &["local-core", "resolvers"])]
#[case("crates/local-backend", &[
    "aggregator", "local-appsync", "local-cognito", "local-core", "local-dynamodb", "private-files", "resolvers",
])]
#[case("crates/private-files", &[])]
#[case("src/app", &["domain", "foods"])]
#[case("src/view", &["app", "domain"])]
fn the_table_follows_the_design(#[case] place: &str, #[case] may_import: &[&str]) {
    let table = table::table();
    for imported in &table[place] {
        assert!(
            may_import.contains(&imported.as_str()),
            "{place} must not import {imported}"
        );
    }
}

#[test]
fn every_part_has_a_row_and_rows_name_existing_parts() {
    let table = table::table();
    let names: BTreeSet<&str> = table.keys().map(|place| name(place)).collect();
    for folder in ["src", "crates"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap().file_name();
            let place = format!("{folder}/{}", entry.to_str().unwrap());
            let is_root = ["src/main.rs", "src/lib.rs"].contains(&place.as_str());
            assert!(
                is_root || table.contains_key(&place),
                "ARCHITECTURE.md lacks {place}"
            );
        }
    }
    for (place, imported) in &table {
        for other in imported {
            assert!(
                names.contains(other.as_str()),
                "the row of {place} names {other}, which doesn't exist"
            );
        }
    }
}

#[test]
fn the_table_has_no_circle() {
    let table = table::table();
    let by_name: BTreeMap<&str, &BTreeSet<String>> = table
        .iter()
        .map(|(place, imported)| (name(place), imported))
        .collect();
    for start in by_name.keys() {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut ahead: Vec<&str> = vec![start];
        while let Some(part) = ahead.pop() {
            let next = by_name[part].iter().map(String::as_str);
            ahead.extend(next.filter(|part| reached.insert(part)));
        }
        assert!(
            !reached.contains(start),
            "{start} imports itself, through {reached:?}"
        );
    }
}

/// The imports between parts of the program that its table doesn't allow: `src/view/day.rs imports crate::cli::run`.
fn forbidden(imports: &[Import], table: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let allowed: BTreeMap<&str, &BTreeSet<String>> = table
        .iter()
        .filter(|(place, _)| place.starts_with("src/"))
        .map(|(place, imported)| (name(place), imported))
        .collect();
    let mut found = Vec::new();
    for import in imports {
        let Some(own) = part(&import.from) else { continue };
        let other = match &import.to {
            Place::File(to) => part(to).map(str::to_owned),
            // Through another part, which hands the name on.
            Place::Extern { by, .. } if part(by) != Some(own) => part(by).map(str::to_owned),
            Place::Extern { path, .. } => path[0]
                .strip_prefix("caltrack_")
                .map(|name| name.replace('_', "-")),
        };
        if let Some(other) = other
            && other != own
            && !allowed[own].contains(&other)
        {
            found.push(format!("{} imports {}", import.from, import.path));
        }
    }
    found
}

#[test]
fn no_part_of_the_program_imports_what_the_table_does_not_allow() {
    let imports = imports_of(&sources(), "src/lib.rs", Scope::All);
    assert!(imports.len() > 500, "{}", imports.len());
    assert_eq!(forbidden(&imports, &table::table()), Vec::<String>::new());
}

#[test]
fn the_program_starts_with_the_commands_and_hands_them_the_pictures() {
    let imports = imports_of(&sources(), "src/main.rs", Scope::All);
    let own: Vec<&Import> = imports
        .iter()
        .filter(|import| import.path.starts_with("caltrack_tui"))
        .collect();
    assert!(!own.is_empty());
    for import in own {
        // The pictures, and what a click hits on them.
        let is_picture =
            ["caltrack_tui::view::draw", "caltrack_tui::view::target_at"].contains(&import.path.as_str());
        assert!(
            is_picture || import.path.starts_with("caltrack_tui::cli::"),
            "{import:?}"
        );
    }
}

#[test]
fn no_crate_depends_on_what_the_table_does_not_allow() {
    let table = table::table();
    for (place, allowed) in table.iter().filter(|(place, _)| place.starts_with("crates/")) {
        let mut depends = dependencies(&format!("{place}/Cargo.toml"));
        // A crate depends on itself to have more features in its tests.
        depends.remove(name(place));
        assert!(depends.is_subset(allowed), "{place} depends on {depends:?}");
    }
    let program: BTreeSet<String> = table
        .iter()
        .filter(|(place, _)| place.starts_with("src/"))
        .flat_map(|(_, allowed)| allowed.clone())
        .collect();
    let depends = dependencies("Cargo.toml");
    assert!(depends.is_subset(&program), "the program depends on {depends:?}");
}

/// What reaches files, networks, other threads or the terminal. Clocks and locks are in clippy.toml.
const OUTSIDE: [&str; 10] = [
    "crossterm",
    "futures_util",
    "graphql_client",
    "reqwest",
    "rusqlite",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "tokio",
];

#[rstest]
#[case::nouns("crates/domain/src/lib.rs", "crates/domain/src/", &["ratatui"])]
#[case::core("src/lib.rs", "src/app/", &["ratatui"])]
#[case::pictures("src/lib.rs", "src/view/", &[])]
fn pure_parts_import_nothing_of_the_outside(#[case] root: &str, #[case] place: &str, #[case] more: &[&str]) {
    let imports = imports_of(&sources(), root, Scope::All);
    let own: Vec<&Import> = imports
        .iter()
        .filter(|import| import.from.starts_with(place))
        .collect();
    assert!(own.len() > 5, "{place} has moved");
    for import in own {
        let Place::Extern { path, .. } = &import.to else {
            continue;
        };
        let whole = path.join("::");
        for outside in OUTSIDE.iter().chain(more) {
            let is_outside = whole == *outside || whole.starts_with(&format!("{outside}::"));
            assert!(!is_outside, "{} imports {whole}", import.from);
        }
    }
}

#[test]
fn the_domain_depends_on_nothing_of_the_outside() {
    let manifest = read("crates/domain/Cargo.toml");
    for name in ["tokio", "reqwest", "rusqlite", "futures"] {
        assert!(!manifest.contains(name), "the domain depends on {name}");
    }
}

//! What may know what. ARCHITECTURE.md's table of the tree says it, part by part, and this test holds everyone to it.

#![expect(clippy::unwrap_used, reason = "a broken assumption ends a test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rstest::rstest;

/// What the core and its pictures must not even name.
const OUTSIDE: [&str; 8] = [
    "tokio",
    "reqwest",
    "graphql_client",
    "crossterm",
    "rusqlite",
    "std::fs",
    "std::net",
    "std::thread",
];
const CLOCKS: [&str; 4] = ["Zoned::now", "Timestamp::now", "Instant::now", "SystemTime"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A part's Rust files: a folder's, or the one file.
fn sources(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() || path.extension().is_some_and(|end| end == "rs") {
            found.extend(sources(&path));
        }
    }
    found
}

/// Every part of the tree that is Rust, and what the table says it knows: `src/app` knows `domain`.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
        let place = cells.next()?.trim_matches('`');
        let knows = cells.nth(1)?;
        (place.starts_with("src/") || place.starts_with("crates/")).then(|| {
            let knows = knows.split(", ").filter(|known| *known != "nothing");
            (place.to_owned(), knows.map(str::to_owned).collect())
        })
    });
    rows.collect()
}

/// What a part is called by those who know it: `src/api` and `src/logging.rs` are `api` and `logging`.
fn name(place: &str) -> &str {
    place.rsplit('/').next().unwrap().trim_end_matches(".rs")
}

/// The top-level modules that a file names by `crate::`, alone or in a group.
fn modules_named(text: &str) -> BTreeSet<String> {
    let identifier = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut named = BTreeSet::new();
    for (at, found) in text.match_indices("crate::") {
        let rest = &text[at + found.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            named.insert(identifier(rest));
            continue;
        };
        let mut depth = 0;
        let mut expected = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => expected = true,
                _ if expected && !c.is_whitespace() => {
                    named.insert(identifier(&group[at..]));
                    expected = false;
                }
                _ => {}
            }
        }
    }
    named
}

/// How many `super::` in a row a file has at most outside its tests.
fn climbs(text: &str) -> usize {
    let code = text.split("\nmod tests {").next().unwrap();
    (0..code.len())
        .take_while(|count| code.contains(&"super::".repeat(count + 1)))
        .count()
}

/// The crates of this workspace that a manifest depends on, tests included: `domain` for `caltrack-domain`.
fn dependencies(manifest: &Path) -> BTreeSet<String> {
    let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table())
        .flat_map(toml::Table::keys)
        .filter_map(|name| name.strip_prefix("caltrack-"))
        .map(str::to_owned)
        .collect()
}

/// The table itself keeps to the design: `domain ← app ← view`, `domain ← client`,
/// `app, view, client ← runtime ← main`, `domain ← aggregator ← local-backend ← main`,
/// `local-core ← local-dynamodb, local-cognito, local-appsync ← local-backend`.
#[rstest]
#[case("crates/domain", &[])]
#[case("crates/client", &["domain", "private-files"])]
#[case("crates/aggregator", &["domain"])]
#[case("crates/resolvers", &[])]
#[case("crates/xtask", &["aggregator", "resolvers"])]
#[case("crates/local-core", &[])]
#[case("crates/local-dynamodb", &["local-core", "private-files"])]
#[case("crates/local-cognito", &["local-core", "private-files"])]
#[case("crates/local-appsync", &["local-core", "resolvers"])]
#[case("crates/local-backend", &[
    "aggregator", "domain", "local-appsync", "local-cognito", "local-core", "local-dynamodb", "private-files", "resolvers",
])]
#[case("crates/private-files", &[])]
#[case("src/app", &["domain"])]
#[case("src/view", &["app", "domain"])]
fn the_table_keeps_to_the_design(#[case] place: &str, #[case] may_know: &[&str]) {
    let table = table();
    let knows = &table[place];
    for known in knows {
        assert!(
            may_know.contains(&known.as_str()),
            "{place} must not know {known}"
        );
    }
}

#[test]
fn every_part_has_a_row_and_nothing_is_known_that_isn_t_there() {
    let table = table();
    let names: BTreeSet<&str> = table.keys().map(|place| name(place)).collect();
    for folder in ["src", "crates"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap().file_name();
            let place = format!("{folder}/{}", entry.to_str().unwrap());
            let is_root = ["src/main.rs", "src/lib.rs"].contains(&place.as_str());
            assert!(
                is_root || table.contains_key(&place),
                "ARCHITECTURE.md lacks {place}"
            );
        }
    }
    for (place, knows) in &table {
        for known in knows {
            assert!(
                names.contains(known.as_str()),
                "{place} knows {known}, which is no part"
            );
        }
    }
}

#[test]
fn no_part_knows_itself_by_a_detour() {
    let table = table();
    let by_name: BTreeMap<&str, &BTreeSet<String>> =
        table.iter().map(|(place, knows)| (name(place), knows)).collect();
    for start in by_name.keys() {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        let mut new: Vec<&str> = vec![start];
        while let Some(part) = new.pop() {
            let more = by_name[part].iter().map(String::as_str);
            new.extend(more.filter(|part| known.insert(part)));
        }
        assert!(!known.contains(start), "{start} knows itself, through {known:?}");
    }
}

#[test]
fn no_part_of_the_program_names_what_the_table_doesn_t_let_it_know() {
    for (place, knows) in table() {
        let Some(own) = place.strip_prefix("src/").map(|_| name(&place)) else {
            continue;
        };
        for file in sources(&root().join(&place)) {
            let text = fs::read_to_string(&file).unwrap();
            let shown = file.strip_prefix(root()).unwrap();
            let crates = ["domain", "client", "aggregator", "local-backend", "private-files"];
            let named = modules_named(&text);
            let mut named: BTreeSet<&str> = named.iter().map(String::as_str).collect();
            named.extend(crates.into_iter().filter(|name| {
                let name = format!("caltrack_{}", name.replace('-', "_"));
                ["::", ";", " as "]
                    .iter()
                    .any(|end| text.contains(&format!("{name}{end}")))
            }));
            for other in named {
                assert!(
                    other == own || knows.contains(other),
                    "{} names {other}",
                    shown.display()
                );
            }
            // A way out of the part that doesn't say where it leads.
            let inside = shown.components().count() - usize::from(shown.ends_with("mod.rs")) - 2;
            assert!(
                climbs(&text) <= inside,
                "{} leaves its part by `super`",
                shown.display()
            );
        }
    }
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert_eq!(
        main.matches("caltrack_tui::").count(),
        main.matches("caltrack_tui::cli::").count()
    );
}

#[test]
fn no_crate_depends_on_what_the_table_doesn_t_let_it_know() {
    let table = table();
    for (place, knows) in table.iter().filter(|(place, _)| place.starts_with("crates/")) {
        let mut depends = dependencies(&root().join(place).join("Cargo.toml"));
        // To depend on oneself with more features is how tests get them.
        depends.remove(name(place));
        assert!(depends.is_subset(knows), "{place} depends on {depends:?}");
    }
    let program: BTreeSet<String> = table
        .iter()
        .filter(|(place, _)| place.starts_with("src/"))
        .flat_map(|(_, knows)| knows.clone())
        .collect();
    let depends = dependencies(&root().join("Cargo.toml"));
    assert!(depends.is_subset(&program), "the program depends on {depends:?}");
}

#[test]
fn the_domain_needs_no_outside() {
    let manifest = fs::read_to_string(root().join("crates/domain/Cargo.toml")).unwrap();
    for name in ["tokio", "reqwest", "rusqlite", "futures"] {
        assert!(!manifest.contains(name), "the domain depends on {name}");
    }
    let forbidden = OUTSIDE.iter().chain(&CLOCKS);
    names_none_of("crates/domain/src", forbidden.copied());
}

#[rstest]
#[case::core("src/app", &["ratatui"])]
#[case::pictures("src/view", &["Mutex", "RefCell"])]
fn the_core_and_its_pictures_name_nothing_of_the_outside(#[case] place: &str, #[case] more: &[&str]) {
    let forbidden = OUTSIDE.iter().chain(&CLOCKS).chain(more);
    names_none_of(place, forbidden.copied());
}

fn names_none_of<'a>(place: &str, forbidden: impl Iterator<Item = &'a str>) {
    let files = sources(&root().join(place));
    assert!(files.len() > 5, "{place} has moved");
    let forbidden: Vec<&str> = forbidden.collect();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for name in &forbidden {
            assert!(!text.contains(name), "{} names {name}", file.display());
        }
    }
}

#[test]
fn names_are_found_however_they_are_written() {
    let text =
        "use crate::{\n    api::{self, Client},\n    config::Config, view,\n};\nfn f() { crate::store::g() }";
    let named: Vec<String> = modules_named(text).into_iter().collect();
    assert_eq!(named, ["api", "config", "store", "view"]);
    assert_eq!(modules_named("pub(crate) use crate::app;").len(), 1);
    assert_eq!(climbs("super::super::x\nmod tests {\nsuper::super::super::y"), 2);
}

//! The table of ARCHITECTURE.md: each part of the tree and the parts that it may import.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::modules::Sources;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every part of the tree that is Rust, and what it may import: `src/app` may import `domain`.
pub(crate) fn table() -> BTreeMap<String, BTreeSet<String>> {
    let rows = read("ARCHITECTURE.md");
    let rows = rows.lines().filter_map(|line| {
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

/// The name of a part in the table: `crates/client` and `src/logging.rs` are `client` and `logging`.
pub(crate) fn name(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or(place).trim_end_matches(".rs")
}

/// The part of the program that a file belongs to: `app` for `src/app/day.rs`, none for `src/lib.rs`.
pub(crate) fn part(file: &str) -> Option<&str> {
    let below = file.strip_prefix("src/")?;
    let part = below.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&part)).then_some(part)
}

/// All Rust files below `src/` and `crates/*/src/`.
pub(crate) fn sources() -> Sources {
    let mut found = Sources::new();
    collect("src", &mut found);
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name();
        collect(&format!("crates/{}/src", name.to_str().unwrap()), &mut found);
    }
    found
}

fn collect(folder: &str, found: &mut Sources) {
    for entry in fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}")) {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect(&path, found);
        } else if entry.path().extension().is_some_and(|end| end == "rs") {
            found.insert(path.clone(), read(&path));
        }
    }
}

/// The roots of all crates: libraries and programs.
pub(crate) fn roots(sources: &Sources) -> Vec<&str> {
    let is_root = |file: &&str| {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        (folder.ends_with("src") && ["lib.rs", "main.rs"].contains(&name)) || folder.ends_with("src/bin")
    };
    sources.keys().map(String::as_str).filter(is_root).collect()
}

/// The crate of tools for the tests of every other one; no program may contain it.
const TEST_TOOLS: &str = "caltrack-fuzz";

/// The crates of this workspace that a manifest depends on, tests included: `domain` for `caltrack-domain`.
pub(crate) fn dependencies(manifest: &str) -> BTreeSet<String> {
    let manifest: toml::Table = read(manifest).parse().unwrap();
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| Some((*section, manifest.get(*section)?.as_table()?)))
        .flat_map(|(section, table)| table.keys().map(move |name| (section, name)))
        .filter(|(section, name)| *section != "dev-dependencies" || *name != TEST_TOOLS)
        .map(|(_, name)| name)
        .filter_map(|name| name.strip_prefix("caltrack-"))
        .map(str::to_owned)
        .collect()
}

//! What may know what: the core knows the domain alone, and the pictures know the core.

use std::path::{Path, PathBuf};

use rstest::rstest;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[rstest]
#[case::core(
    "src/app",
    &["tokio", "reqwest", "graphql_client", "crossterm", "ratatui", "rusqlite", "crate::api", "crate::store",
      "crate::view", "crate::runtime", "crate::cli", "caltrack_local_backend", "std::fs", "std::net", "std::thread",
      "Zoned::now", "Timestamp::now", "Instant::now", "SystemTime"]
)]
#[case::pictures(
    "src/view",
    &["tokio", "reqwest", "graphql_client", "crossterm", "rusqlite", "crate::api", "crate::store", "crate::runtime",
      "crate::cli", "caltrack_local_backend", "std::fs", "std::net", "Zoned::now", "Timestamp::now", "Mutex", "RefCell"]
)]
fn the_layers_below_never_name_those_above(#[case] folder: &str, #[case] forbidden: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = sources(&root);
    assert!(files.len() > 5);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for name in forbidden {
            assert!(!text.contains(name), "{} names {name}", file.display());
        }
    }
}

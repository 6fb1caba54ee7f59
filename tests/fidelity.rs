//! docs/fidelity.md names tests: each of them is there.

use std::{fs, path::Path};

#[test]
fn every_test_that_the_docs_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_to_string(root.join("docs/fidelity.md")).unwrap();
    let rows: Vec<(&str, &str)> = docs
        .lines()
        .filter_map(|line| line.strip_suffix("` |")?.rsplit_once("| `")?.1.split_once("::"))
        .collect();
    assert!(rows.len() > 100, "{} rows", rows.len());
    for (path, name) in rows {
        let text = fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (before, _) = text
            .split_once(&format!("fn {name}("))
            .unwrap_or_else(|| panic!("{path} has no {name}"));
        // Its attributes stand between it and the item before it.
        let attributes = before.rsplit("\n}\n").next().unwrap();
        assert!(
            ["#[test]", "#[tokio::test]", "#[rstest]", "#[tokio::test("]
                .iter()
                .any(|attribute| attributes.contains(attribute)),
            "{name} in {path} is no test"
        );
    }
}

//! Documents name tests: each of them is there.

use std::{fs, path::Path};

use rstest::rstest;

#[rstest]
#[case("docs/fidelity.md", 100)]
#[case("docs/security.md", 60)]
fn every_test_that_a_document_names_is_there(#[case] document: &str, #[case] least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_to_string(root.join(document)).unwrap();
    let rows: Vec<(&str, &str)> = docs
        .lines()
        .filter_map(|line| line.strip_suffix("` |")?.rsplit_once("| `")?.1.split_once("::"))
        .collect();
    assert!(rows.len() >= least, "{document} has {} rows", rows.len());
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

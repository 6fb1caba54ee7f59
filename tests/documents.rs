//! Documents: the tests that they name exist, and their lines are readable in a terminal.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rstest::rstest;

#[rstest]
#[case("docs/fidelity.md", 100)]
#[case("docs/security.md", 60)]
#[case("docs/reliability.md", 15)]
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

/// Columns of a line of prose.
const WIDTH: usize = 120;

/// The lines that are too wide. Tables and code can't be wrapped.
fn wide_lines(text: &str) -> Vec<usize> {
    let mut in_code = false;
    let mut wide = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code && !line.starts_with('|') && line.chars().count() > WIDTH {
            wide.push(index + 1);
        }
    }
    wide
}

#[rstest]
fn lines_of_markdown_have_at_most_120_columns(
    #[files("*.md")]
    #[files("docs/*.md")]
    #[files("benches/*.md")]
    document: PathBuf,
) {
    let text = fs::read_to_string(&document).unwrap();
    assert_eq!(wide_lines(&text), [0; 0], "{}", document.display());
}

#[test]
fn tables_and_code_may_be_wider() {
    let long = "x".repeat(WIDTH + 1);
    let text = format!("{long}\n| {long} |\n```\n{long}\n```\n   ```text\n{long}\n   ```\n{long}\n");
    assert_eq!(wide_lines(&text), [1, 9]);
}

//! Lines that people type, and what becomes of them (an empty profile, 70 kg, noon): `lines.jsonl` by ranges of kcal from
//! public tables, `rules.jsonl` by the rules of the line.

use crate::support::{Case, wrong};
use rstest::rstest;

#[rstest]
#[case::by_ranges(include_str!("lines.jsonl"), 70)]
#[case::by_rules(include_str!("rules.jsonl"), 70)]
fn lines_that_people_type_are_understood(#[case] text: &str, #[case] least: usize) {
    let cases: Vec<Case> = text
        .lines()
        .map(|line| Case(serde_json::from_str(line).unwrap()))
        .collect();
    assert!(cases.len() >= least, "{} cases", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("`{}` {}", case.line(), wrong(case)?)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

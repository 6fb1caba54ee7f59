//! Ranges of amounts: `2-3 eggs`, `150 to 200 g`, `two or three`. They stand for their middle, which is shown.

/// What the two ends of a range can differ by: beyond that it is something else.
const WIDEST: f64 = 10.0;

/// The two ends of a range in one word, if it begins with a digit: `2-3`, `150–200g`.
pub(super) fn ends(word: &str) -> Option<(&str, &str)> {
    let (from, to) = word.split_once(['-', '–', '—', '−'])?;
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    (begins(from) && begins(to)).then_some((from, to))
}

/// Whether a word in lower case stands between the two ends of a range.
pub(super) fn joins(word: &str) -> bool {
    matches!(word, "-" | "–" | "—" | "−" | "to" | "or" | "bis")
}

/// The middle of a range; `None` if the second number isn't the greater one.
pub(super) fn middle(from: f64, to: f64) -> Option<f64> {
    (from > 0.0 && from < to && to <= from * WIDEST).then_some(f64::midpoint(from, to))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2-3", Some(("2", "3")))]
    #[case("150g–200g", Some(("150g", "200g")))]
    #[case("2-in-1", None)]
    #[case("-3", None)]
    #[case("stir-fry", None)]
    fn a_range_has_two_ends(#[case] word: &str, #[case] expected: Option<(&str, &str)>) {
        assert_eq!(ends(word), expected);
    }

    #[rstest]
    #[case(2.0, 3.0, Some(2.5))]
    #[case(3.0, 2.0, None)]
    #[case(2.0, 2.0, None)]
    #[case(0.0, 2.0, None)]
    #[case(1.0, 100.0, None)]
    fn a_range_has_its_middle(#[case] from: f64, #[case] to: f64, #[case] expected: Option<f64>) {
        assert_eq!(middle(from, to), expected);
    }
}

//! Numbers with a decimal point or a decimal comma, decided from all numbers of a file.

/// How a file writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decimal {
    /// `1,204.5`
    Point,
    /// `1.204,5`
    Comma,
}

/// What the numbers of a file reveal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Evidence {
    point: usize,
    comma: usize,
    /// `1,204`, which is thousands or three decimals.
    unclear_comma: usize,
    /// `1.204`.
    unclear_point: usize,
}

impl Evidence {
    pub(crate) fn add(&mut self, text: &str) {
        let digits = text.trim().trim_start_matches(['-', '+', '−']);
        let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
        if !is_number
            || !digits
                .chars()
                .all(|c| c.is_ascii_digit() || ",.'\u{a0}\u{202f} ".contains(c))
        {
            return;
        }
        let last = digits.rfind([',', '.']);
        let Some(last) = last else { return };
        let (whole, fraction) = digits.split_at(last);
        let is_comma = fraction.starts_with(',');
        let other = if is_comma { '.' } else { ',' };
        let same = if is_comma { ',' } else { '.' };
        let decimals = fraction.len() - 1;
        let (is_decimal, is_clear) = if whole.contains(other) {
            (true, true)
        } else if whole.contains(same) {
            (false, decimals == 3)
        } else {
            let grouped = decimals == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
            (true, !grouped)
        };
        match (is_clear, is_comma == is_decimal) {
            (true, true) => self.comma += 1,
            (true, false) => self.point += 1,
            (false, _) if is_comma => self.unclear_comma += 1,
            (false, _) => self.unclear_point += 1,
        }
    }

    /// Adds a number below 1,000, whose only sign is before its decimals: a weight.
    pub(crate) fn add_small(&mut self, text: &str) {
        let (mut points, mut commas) = (text.matches('.'), text.matches(','));
        match (points.next(), commas.next()) {
            (Some(_), None) if points.next().is_none() => self.point += 1,
            (None, Some(_)) if commas.next().is_none() => self.comma += 1,
            _ => {}
        }
    }

    /// Whether some numbers are written as `1.204`, and none has a sign that is clear.
    pub(crate) const fn has_only_grouped_points(self) -> bool {
        self.unclear_point > 0 && self.point + self.comma + self.unclear_comma == 0
    }

    /// How the file writes numbers; `None` if both are possible. `usual` is how its source does.
    pub(crate) fn decide(self, usual: Option<Decimal>) -> Option<Decimal> {
        if self.comma != self.point {
            return Some(if self.comma > self.point {
                Decimal::Comma
            } else {
                Decimal::Point
            });
        }
        if self.comma > 0 {
            return usual;
        }
        if self.unclear_comma + self.unclear_point == 0 {
            return usual.or(Some(Decimal::Point));
        }
        usual
    }
}

/// A number without its thousands' separators; `None` for anything else.
pub(crate) fn parse(text: &str, decimal: Decimal) -> Option<f64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(digits) => (true, digits.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (point, group) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, fraction) = digits.split_once(point).unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // An exponent as spreadsheets write it.
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, exponent.parse::<i32>().ok().filter(|e| e.abs() < 30)?),
        None => (fraction, 0),
    };
    let is_group = |c: char| c == group || matches!(c, '\'' | '\u{a0}' | '\u{202f}' | ' ');
    let mut plain = String::with_capacity(digits.len());
    for (at, part) in whole.split(is_group).enumerate() {
        let is_whole = part.len() == 3 || at == 0;
        if !is_whole
            || (part.is_empty() && whole.len() > part.len())
            || !part.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        plain.push_str(part);
    }
    let first = whole.split(is_group).next().unwrap_or_default();
    if whole.contains(is_group) && first.len() > 3 {
        return None;
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || plain.len() + fraction.len() > 30 {
        return None;
    }
    let number: f64 = format!("{plain}.{fraction}0e{exponent}").parse().ok()?;
    Some(if negative { -number } else { number })
}

/// A number without the noise of floating-point arithmetic: six decimals.
pub(crate) fn tidy(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// Whether a cell has no value: absent is not zero.
pub(crate) fn is_absent(text: &str) -> bool {
    matches!(
        text.trim().to_lowercase().as_str(),
        "" | "n/a" | "na" | "-" | "--" | "–" | "—" | "null" | "none" | "nan"
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1,204.50", Some(1204.5), None)]
    #[case("1.204,50", None, Some(1204.5))]
    #[case("12.5", Some(12.5), None)]
    #[case("12,5", None, Some(12.5))]
    #[case("-301.50", Some(-301.5), None)]
    #[case("1 204", Some(1204.0), Some(1204.0))]
    #[case("1'204.5", Some(1204.5), None)]
    #[case(".5", Some(0.5), None)]
    #[case("1,2,3", None, None)]
    #[case("12,345,678", Some(12_345_678.0), None)]
    #[case("abc", None, None)]
    #[case("1e999", None, None)]
    #[case("", None, None)]
    fn numbers_are_read_by_the_style(
        #[case] text: &str,
        #[case] point: Option<f64>,
        #[case] comma: Option<f64>,
    ) {
        assert_eq!(parse(text, Decimal::Point), point);
        assert_eq!(parse(text, Decimal::Comma), comma);
    }

    #[rstest]
    #[case::point(&["1,204", "3.5"], None, Some(Decimal::Point))]
    #[case::comma(&["1.204", "3,5"], None, Some(Decimal::Comma))]
    #[case::zero_is_no_thousand(&["0,123"], None, Some(Decimal::Comma))]
    #[case::two_groups(&["1,204,500"], None, Some(Decimal::Point))]
    #[case::unclear(&["1,204", "2,310"], None, None)]
    #[case::unclear_of_a_known_source(&["1,204"], Some(Decimal::Point), Some(Decimal::Point))]
    #[case::whole(&["12", "x"], None, Some(Decimal::Point))]
    #[case::a_slip(&["179.6", "180.2", "1,79"], None, Some(Decimal::Point))]
    fn the_style_is_that_of_all_numbers(
        #[case] numbers: &[&str],
        #[case] usual: Option<Decimal>,
        #[case] wanted: Option<Decimal>,
    ) {
        let mut evidence = Evidence::default();
        for number in numbers {
            evidence.add(number);
        }
        assert_eq!(evidence.decide(usual), wanted);
    }
}

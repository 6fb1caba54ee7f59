//! Parsing energy as users type it: `650`, `650 kcal`, `2720 kJ`, `130*4`.

use crate::{EnergyUnit, MAX_KCAL};

/// A text that is no valid kcal value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KcalError {
    /// The text is empty.
    #[error("how many kcal? A whole number from 0 to {MAX_KCAL}")]
    Empty,
    /// The number is negative.
    #[error("`{0}` is negative; kcal are 0 to {MAX_KCAL}")]
    Negative(String),
    /// The number is larger than [`MAX_KCAL`].
    #[error("`{0}` is too much for one entry; kcal are 0 to {MAX_KCAL}")]
    TooMuch(String),
    /// The text is neither a number nor an expression.
    #[error("`{0}` is not a number of kcal; try `650` or `130*4`")]
    NotANumber(String),
}

/// Parses a number of kcal, or an expression with `+ - * /` and brackets. The result is rounded to a whole number.
///
/// # Errors
///
/// [`KcalError`] if the text is no number, or the result is outside 0 to [`MAX_KCAL`].
pub fn parse_kcal(text: &str) -> Result<u32, KcalError> {
    let text = text.trim();
    let sum = text.strip_suffix("kcal").unwrap_or(text).trim_end();
    parse_sum(text, sum, EnergyUnit::Kcal)
}

/// As [`parse_kcal`], in kcal, of a number without a unit in `unit`; `kcal` or `kJ` behind it takes precedence.
///
/// # Errors
///
/// [`KcalError`], as [`parse_kcal`] returns it.
pub fn parse_energy(text: &str, unit: EnergyUnit) -> Result<u32, KcalError> {
    let text = text.trim();
    let with = |symbol: &str| {
        let (sum, end) = text.split_at_checked(text.len().checked_sub(symbol.len())?)?;
        end.eq_ignore_ascii_case(symbol).then(|| sum.trim_end())
    };
    if let Some(sum) = with("kJ") {
        parse_sum(text, sum, EnergyUnit::Kilojoule)
    } else if let Some(sum) = with("kcal") {
        parse_sum(text, sum, EnergyUnit::Kcal)
    } else {
        parse_sum(text, text, unit)
    }
}

/// The kcal of a sum in a unit; `text` is what an error quotes.
fn parse_sum(text: &str, sum: &str, unit: EnergyUnit) -> Result<u32, KcalError> {
    if sum.is_empty() {
        return Err(KcalError::Empty);
    }
    let quoted = || crate::text::quoted(text);
    let mut reader = Reader { rest: sum, depth: 0 };
    let value = reader
        .sum()
        .filter(|_| reader.rest.trim().is_empty())
        .ok_or_else(|| KcalError::NotANumber(quoted()))?;
    let value = unit.exactly_to_kcal(value);
    let whole = value.round();
    // A rounding error as in `0.3-0.1*3` counts as zero, not as negative.
    if value < -1e-9 {
        Err(KcalError::Negative(quoted()))
    } else if whole > f64::from(MAX_KCAL) {
        Err(KcalError::TooMuch(quoted()))
    } else if whole.is_finite() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number from 0 to MAX_KCAL"
        )]
        Ok(whole as u32)
    } else {
        Err(KcalError::NotANumber(quoted()))
    }
}

/// Parses an expression by recursive descent.
struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    /// The deepest nesting of brackets that is accepted.
    const DEEPEST: usize = 16;

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value += self.product()?;
            } else if self.take('-') {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.factor()?;
        loop {
            if self.take('*') || self.take('×') {
                value *= self.factor()?;
            } else if self.take('/') {
                value /= self.factor()?;
            } else {
                return Some(value);
            }
        }
    }

    fn factor(&mut self) -> Option<f64> {
        if self.take('-') {
            return self.factor_below().map(|value| -value);
        }
        self.factor_below()
    }

    fn factor_below(&mut self) -> Option<f64> {
        if self.take('(') {
            self.depth += 1;
            if self.depth > Self::DEEPEST {
                return None;
            }
            let value = self.sum()?;
            self.depth -= 1;
            return self.take(')').then_some(value);
        }
        let digits = self.rest.trim_start();
        let end = digits
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(digits.len());
        let (number, rest) = digits.split_at(end);
        self.rest = rest;
        number.parse().ok()
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.rest.trim_start().strip_prefix(sign);
        if let Some(rest) = found {
            self.rest = rest;
        }
        found.is_some()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("650", 650)]
    #[case(" 650 kcal ", 650)]
    #[case("0", 0)]
    #[case("99999", 99_999)]
    #[case("130*4", 520)]
    #[case("200+50", 250)]
    #[case("1/2*300", 150)]
    #[case("(100 + 20) × 3", 360)]
    #[case("2.5*100", 250)]
    #[case("-5+10", 5)]
    #[case("0.4", 0)]
    #[case("-0", 0)]
    #[case("0.3-0.1*3", 0)]
    #[case("0-0.000000001", 0)]
    fn numbers_and_expressions_are_parsed(#[case] text: &str, #[case] kcal: u32) {
        assert_eq!(parse_kcal(text), Ok(kcal));
    }

    #[rstest]
    #[case("650", EnergyUnit::Kcal, 650)]
    #[case("650", EnergyUnit::Kilojoule, 155)]
    #[case("2720 kJ", EnergyUnit::Kcal, 650)]
    #[case("2720kj", EnergyUnit::Kcal, 650)]
    #[case("100*4 kJ", EnergyUnit::Kcal, 96)]
    #[case("650 kcal", EnergyUnit::Kilojoule, 650)]
    #[case(" 418400 ", EnergyUnit::Kilojoule, 100_000)]
    fn energies_are_in_their_unit_or_in_the_chosen_one(
        #[case] text: &str,
        #[case] unit: EnergyUnit,
        #[case] kcal: u32,
    ) {
        let expected = if kcal > MAX_KCAL {
            Err(KcalError::TooMuch(text.trim().to_owned()))
        } else {
            Ok(kcal)
        };
        assert_eq!(parse_energy(text, unit), expected);
    }

    #[test]
    fn sixteen_nested_parentheses_are_parsed_and_no_more_but_any_number_side_by_side() {
        let nested = |depth: usize| format!("{}7{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(parse_kcal(&nested(Reader::DEEPEST)), Ok(7));
        let beside = vec![nested(1); Reader::DEEPEST + 1].join("+");
        assert_eq!(parse_kcal(&beside), Ok(7 * 17));
        let error = parse_kcal(&nested(Reader::DEEPEST + 1));
        assert!(matches!(error, Err(KcalError::NotANumber(_))), "{error:?}");
    }

    #[rstest]
    #[case("", KcalError::Empty)]
    #[case("kcal", KcalError::Empty)]
    #[case("-5", KcalError::Negative("-5".into()))]
    #[case("-0.4", KcalError::Negative("-0.4".into()))]
    #[case("1-1.2", KcalError::Negative("1-1.2".into()))]
    #[case("1000000000000", KcalError::TooMuch("1000000000000".into()))]
    #[case("100000", KcalError::TooMuch("100000".into()))]
    #[case("abc", KcalError::NotANumber("abc".into()))]
    #[case("1e9", KcalError::NotANumber("1e9".into()))]
    #[case("0/0", KcalError::NotANumber("0/0".into()))]
    #[case("1/0", KcalError::TooMuch("1/0".into()))]
    #[case("12 34", KcalError::NotANumber("12 34".into()))]
    #[case("(1", KcalError::NotANumber("(1".into()))]
    fn other_texts_are_refused_with_a_reason(#[case] text: &str, #[case] error: KcalError) {
        assert_eq!(parse_kcal(text), Err(error));
    }

    #[test]
    fn endless_brackets_are_refused() {
        assert!(parse_kcal(&"(".repeat(100_000)).is_err());
        assert!(parse_kcal(&"-".repeat(100_000)).is_err());
    }
}

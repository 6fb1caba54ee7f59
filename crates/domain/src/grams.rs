//! Grams of protein, fat and carbohydrate: exact decimals.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The most grams of protein, fat or carbohydrate of one entry.
pub const MAX_GRAMS: u32 = 9_999;

/// Grams with at most one decimal. Sums are exact: 0.1 g ten times is 1 g. A difference may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Grams(i64);

/// A number that is no weight in grams.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GramsError {
    /// The number is negative.
    #[error("`{0}` is negative; grams are 0 to {MAX_GRAMS}")]
    Negative(String),
    /// The number is larger than [`MAX_GRAMS`].
    #[error("`{0}` is too much for one entry; grams are 0 to {MAX_GRAMS}")]
    TooMuch(String),
    /// The number has more than one decimal.
    #[error("`{0}` has more than one decimal; try `12.5`")]
    TooFine(String),
    /// The text is not a number.
    #[error("`{0}` is not a number of grams; try `12` or `12.5`")]
    NotANumber(String),
}

impl Grams {
    /// No grams.
    pub const ZERO: Self = Self(0);

    /// A number of tenths of a gram.
    pub const fn from_tenths(tenths: i64) -> Self {
        Self(tenths)
    }

    /// The number of tenths of a gram.
    pub const fn tenths(self) -> i64 {
        self.0
    }

    /// A whole number of grams.
    pub const fn whole(grams: u32) -> Self {
        // No `u32` exceeds an `i64`, even tenfold; `From` is not const.
        Self(grams as i64 * 10)
    }

    /// The grams of a floating-point number, if it is the nearest one to a number of tenths: `0.1`, but not `0.15`.
    pub fn from_f64(number: f64) -> Option<Self> {
        // Beyond this, floating-point numbers of tenths are no longer exact.
        const LARGEST: f64 = 9e14;
        if number.is_nan() || number.abs() > LARGEST {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a whole number of at most 16 digits"
        )]
        let grams = Self((number * 10.0).round() as i64);
        #[expect(clippy::float_cmp, reason = "the same decimal has the same nearest number")]
        let exact = grams.to_f64() == number;
        exact.then_some(grams)
    }

    /// The nearest floating-point number, which has the same decimals where it is printed.
    pub fn to_f64(self) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a user's sums are far below 2^53 tenths"
        )]
        let tenths = self.0 as f64;
        tenths / 10.0
    }

    /// Reads a decimal number, with an exponent as in `1E+1` too; `None` if it isn't a number of tenths.
    ///
    /// Source: DynamoDB Developer Guide, "Number": a string of at most 38 digits.
    pub fn from_decimal(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Some(Self::ZERO);
        }
        // Places by which the digits are moved to become tenths.
        let places = 1 + i64::from(exponent) - i64::try_from(fraction.len()).ok()?;
        let tenths: i64 = if let Ok(places) = u32::try_from(places) {
            10_i64.checked_pow(places)?.checked_mul(digits.parse().ok()?)?
        } else {
            let dropped = usize::try_from(places.unsigned_abs()).ok()?;
            let (kept, dropped) = digits.split_at_checked(digits.len().checked_sub(dropped)?)?;
            if dropped.bytes().any(|digit| digit != b'0') {
                return None;
            }
            kept.parse().ok()?
        };
        Some(Self(if negative { -tenths } else { tenths }))
    }
}

/// Parses grams as people type them: `12`, `12.5`, `12,5 g`.
impl FromStr for Grams {
    type Err = GramsError;

    fn from_str(text: &str) -> Result<Self, GramsError> {
        let text = text.trim();
        let number = text
            .strip_suffix('g')
            .unwrap_or(text)
            .trim_end()
            .replacen(',', ".", 1);
        let quoted = || crate::text::quoted(text);
        let (negative, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number.as_str()),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_number(whole) || !is_number(fraction) {
            return Err(GramsError::NotANumber(quoted()));
        }
        if whole.trim_start_matches('0').len() > 4 {
            return Err(GramsError::TooMuch(quoted()));
        }
        let grams = Self::from_decimal(number).ok_or_else(|| GramsError::TooFine(quoted()))?;
        if negative && grams != Self::ZERO {
            Err(GramsError::Negative(quoted()))
        } else if grams > Self::whole(MAX_GRAMS) {
            Err(GramsError::TooMuch(quoted()))
        } else {
            Ok(grams)
        }
    }
}

/// The shortest decimal number: `12`, `12.5`.
impl fmt::Display for Grams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        let digits = if tenth == 0 {
            whole.to_string()
        } else {
            format!("{whole}.{tenth}")
        };
        f.pad_integral(self.0 >= 0, "", &digits)
    }
}

impl Add for Grams {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Grams {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Grams {
    type Output = Self;

    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl AddAssign for Grams {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Grams {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Grams {
    fn sum<I: Iterator<Item = Self>>(grams: I) -> Self {
        grams.fold(Self::ZERO, Add::add)
    }
}

/// A JSON number; a whole one has no fraction.
impl Serialize for Grams {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 10 == 0 {
            serializer.serialize_i64(self.0 / 10)
        } else {
            serializer.serialize_f64(self.to_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Grams {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Self::from_f64(number)
            .ok_or_else(|| D::Error::custom(format!("{number} is not a number with at most one decimal")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0", 0)]
    #[case("-0", 0)]
    #[case("12", 120)]
    #[case(" 12.5 g ", 125)]
    #[case("12,5", 125)]
    #[case(".5", 5)]
    #[case("5.", 50)]
    #[case("007.50", 75)]
    #[case("9999", 99_990)]
    fn grams_are_parsed_as_people_type_them(#[case] text: &str, #[case] tenths: i64) {
        assert_eq!(text.parse(), Ok(Grams::from_tenths(tenths)));
    }

    #[rstest]
    #[case("", GramsError::NotANumber(String::new()))]
    #[case("g", GramsError::NotANumber("g".into()))]
    #[case(".", GramsError::NotANumber(".".into()))]
    #[case("1e3", GramsError::NotANumber("1e3".into()))]
    #[case("1,2,3", GramsError::NotANumber("1,2,3".into()))]
    #[case("NaN", GramsError::NotANumber("NaN".into()))]
    #[case("-1", GramsError::Negative("-1".into()))]
    #[case("0.15", GramsError::TooFine("0.15".into()))]
    #[case("9999.1", GramsError::TooMuch("9999.1".into()))]
    #[case("99999999999999999999", GramsError::TooMuch("99999999999999999999".into()))]
    fn other_texts_are_refused_with_a_reason(#[case] text: &str, #[case] error: GramsError) {
        assert_eq!(text.parse::<Grams>(), Err(error));
    }

    #[rstest]
    #[case("0.1", Some(1))]
    #[case("-0.1", Some(-1))]
    #[case("1E+1", Some(100))]
    #[case("1e1", Some(100))]
    #[case("125E-1", Some(125))]
    #[case("1.250E1", Some(125))]
    #[case("0.10", Some(1))]
    #[case("0.000", Some(0))]
    #[case("0E99", Some(0))]
    #[case("100E-3", Some(1))]
    #[case("0.15", None)]
    #[case("15E-2", None)]
    #[case("1E-9", None)]
    #[case("1E99", None)]
    #[case("9E2147483647", None)]
    #[case("123456789012345678901234567890", None)]
    #[case("", None)]
    #[case("-", None)]
    #[case(".", None)]
    #[case("1.2.3", None)]
    #[case("0x1", None)]
    #[case("NaN", None)]
    fn numbers_of_dynamodb_are_read_exactly_or_not_at_all(#[case] text: &str, #[case] tenths: Option<i64>) {
        assert_eq!(
            Grams::from_decimal(text),
            tenths.map(Grams::from_tenths),
            "{text}"
        );
    }

    #[test]
    fn a_tenth_added_ten_times_is_one() {
        let sum: Grams = std::iter::repeat_n(Grams::from_tenths(1), 10).sum();
        assert_eq!(sum, Grams::whole(1));
        assert_eq!(serde_json::to_string(&sum).unwrap(), "1");
    }

    #[test]
    fn json_numbers_that_are_no_tenths_are_refused() {
        for text in ["0.15", "12.34", "1e300", "0.30000000000000004", "\"1\"", "null"] {
            assert!(serde_json::from_str::<Grams>(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::from_str::<Grams>("1.0").unwrap(), Grams::whole(1));
    }

    proptest! {
        #[test]
        fn every_amount_comes_back_from_text_json_and_a_float(tenths in -900_000_000_000_000_i64..900_000_000_000_000) {
            let grams = Grams::from_tenths(tenths);
            prop_assert_eq!(Grams::from_decimal(&grams.to_string()), Some(grams));
            prop_assert_eq!(Grams::from_f64(grams.to_f64()), Some(grams));
            let json = serde_json::to_string(&grams).unwrap();
            prop_assert_eq!(&json, &grams.to_string());
            prop_assert_eq!(serde_json::from_str::<Grams>(&json).unwrap(), grams);
        }

        #[test]
        fn what_is_typed_comes_back(tenths in 0_i64..=99_990) {
            let grams = Grams::from_tenths(tenths);
            prop_assert_eq!(grams.to_string().parse(), Ok(grams));
        }

        #[test]
        fn sums_don_t_depend_on_the_order(mut all in prop::collection::vec(-99_990_i64..=99_990, 0..50)) {
            let sum = |all: &[i64]| all.iter().copied().map(Grams::from_tenths).sum::<Grams>();
            let forwards = sum(&all);
            all.reverse();
            prop_assert_eq!(forwards, sum(&all));
            prop_assert_eq!(forwards.tenths(), all.iter().sum::<i64>());
        }

        #[test]
        fn any_text_is_parsed_or_refused(text in ".{0,12}") {
            if let Ok(grams) = text.parse::<Grams>() {
                prop_assert!(grams >= Grams::ZERO && grams <= Grams::whole(MAX_GRAMS));
            }
            let _ = Grams::from_decimal(&text);
        }
    }
}

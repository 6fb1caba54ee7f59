//! Dates and times as trackers write them; the order of day and month is decided from all dates of a file.

mod clock;
mod names;

use jiff::civil::Date;

use crate::error::ImportError;

pub(crate) use self::clock::{moment, of_serial, offset, time};
use self::names::{is_joint, month_of, weekday_of};

/// The order of day and month where both are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// `24/10/2026`
    DayFirst,
    /// `10/24/2026`
    MonthFirst,
}

/// What the dates of a file reveal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Evidence {
    day_first: bool,
    month_first: bool,
    unclear: bool,
}

/// The order of a file's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// There is one order, or none is needed.
    Known(Option<DayOrder>),
    /// Both orders are possible.
    Unclear,
    /// Some dates have one order, others the other one.
    Mixed,
}

impl Evidence {
    pub(crate) fn add(&mut self, text: &str) {
        let Some(Written::Numbers {
            first,
            second,
            separator,
            ..
        }) = written(text)
        else {
            return;
        };
        if separator == '.' {
            // Written so only where the day comes first.
            self.day_first = true;
        } else if first > 12 && second <= 12 {
            self.day_first = true;
        } else if second > 12 && first <= 12 {
            self.month_first = true;
        } else if first != second {
            self.unclear = true;
        }
    }

    /// `usual` is the order in which the source writes dates.
    pub(crate) const fn decide(self, usual: Option<DayOrder>) -> Decision {
        match (self.day_first, self.month_first, usual) {
            (true, true, _) => Decision::Mixed,
            (true, false, _) => Decision::Known(Some(DayOrder::DayFirst)),
            (false, true, _) => Decision::Known(Some(DayOrder::MonthFirst)),
            (false, false, None) if self.unclear => Decision::Unclear,
            (false, false, usual) => Decision::Known(usual),
        }
    }
}

/// The order of day and month of a file's dates; `usual` is how its source writes them.
///
/// # Errors
///
/// [`ImportError::Ask`] where both orders are possible, or both are in the file.
pub(crate) fn order(dates: &[&str], usual: Option<DayOrder>) -> Result<Option<DayOrder>, ImportError> {
    let mut evidence = Evidence::default();
    for date in dates {
        evidence.add(date);
    }
    match evidence.decide(usual) {
        Decision::Known(order) => Ok(order),
        Decision::Mixed => Err(ImportError::mixed_dates()),
        Decision::Unclear => Err(ImportError::unclear_dates(dates)),
    }
}

/// A date as it is written.
enum Written {
    Full(Date),
    Numbers {
        first: i8,
        second: i8,
        year: i16,
        separator: char,
    },
}

/// The date at the beginning of a text; `None` if there is none.
pub(crate) fn parse(text: &str, order: Option<DayOrder>) -> Option<Date> {
    match written(text)? {
        Written::Full(date) => Some(date),
        Written::Numbers {
            first,
            second,
            year,
            separator,
        } => {
            let order = if separator == '.' {
                Some(DayOrder::DayFirst)
            } else {
                order
            };
            let (month, day) = match order {
                Some(DayOrder::DayFirst) => (second, first),
                Some(DayOrder::MonthFirst) => (first, second),
                None if first == second => (first, second),
                None => return None,
            };
            Date::new(year, month, day)
                .ok()
                .filter(|date| is_plausible(*date))
        }
    }
}

fn is_plausible(date: Date) -> bool {
    let year = date.year();
    (1900..=2200).contains(&year)
}

/// A date and what follows it: `2026-11-02 08:10`, `2026-11-02T08:10:00+01:00`, `11/02/26 8:10 AM`.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let Some(colon) = text.find(':') else {
        return (text, "");
    };
    let head = text.get(..colon).unwrap_or_default();
    match head.rfind([' ', 'T', '\u{a0}', '\u{202f}']) {
        Some(at) => {
            let rest = text.get(at..).unwrap_or_default();
            (
                text.get(..at).unwrap_or_default().trim().trim_end_matches(','),
                rest.trim_start_matches(['T', ' ', '\u{a0}', '\u{202f}']),
            )
        }
        None => ("", text),
    }
}

fn written(text: &str) -> Option<Written> {
    let (text, _) = split(text);
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    if text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "-/. ".contains(c) || "年月日".contains(c))
    {
        return numbers(text);
    }
    named(text)
}

fn numbers(text: &str) -> Option<Written> {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return compact(text);
    };
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    if first.len() == 4 {
        let date = Date::new(first.parse().ok()?, second.parse().ok()?, third.parse().ok()?).ok()?;
        return is_plausible(date).then_some(Written::Full(date));
    }
    let year: i16 = match third.len() {
        4 => third.parse().ok()?,
        2 => third.parse::<i16>().ok()? + 2000,
        _ => return None,
    };
    let (first, second): (i8, i8) = (first.parse().ok()?, second.parse().ok()?);
    let plausible = (1..=31).contains(&first) && (1..=31).contains(&second) && first.min(second) <= 12;
    plausible.then_some(Written::Numbers {
        first,
        second,
        year,
        separator,
    })
}

/// `20261102`
fn compact(text: &str) -> Option<Written> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let (month, day) = (i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?);
    let date = Date::new(part(0, 4)?, month, day).ok()?;
    (text.len() == 8 && is_plausible(date)).then_some(Written::Full(date))
}

/// `Saturday, October 24, 2026`, `24 Oct 2026`, `24-Oct-26`.
fn named(text: &str) -> Option<Written> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let (mut month, mut numbers) = (None, Vec::new());
    for word in words {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push(word);
        } else if let Some(found) = month_of(word) {
            if month.replace(found).is_some() {
                return None;
            }
        } else if weekday_of(word).is_none() && !is_joint(word) {
            return None;
        }
    }
    let (day, year) = match numbers.as_slice() {
        [year, day] if year.len() == 4 => (day, year),
        [day, year] => (day, year),
        _ => return None,
    };
    let year: i16 = match year.len() {
        4 => year.parse().ok()?,
        2 => year.parse::<i16>().ok()? + 2000,
        _ => return None,
    };
    let date = Date::new(year, month?, day.parse().ok()?).ok()?;
    is_plausible(date).then_some(Written::Full(date))
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-11-02", 2, 11)]
    #[case("2026-9-6", 6, 9)]
    #[case("2026/10/24", 24, 10)]
    #[case("24.10.2026", 24, 10)]
    #[case("2026. 10. 24.", 24, 10)]
    #[case("2026年10月24日", 24, 10)]
    #[case("Saturday, October 24, 2026", 24, 10)]
    #[case("24 Oct 2026", 24, 10)]
    #[case("24-Oct-26", 24, 10)]
    #[case("Samstag, 24. Oktober 2026", 24, 10)]
    #[case("samedi 24 octobre 2026", 24, 10)]
    #[case("mercredi 12 août 2026", 12, 8)]
    #[case("sábado, 24 de octubre de 2026", 24, 10)]
    #[case("sabato 24 ottobre 2026", 24, 10)]
    #[case("segunda-feira, 2 de março de 2026", 2, 3)]
    #[case("zaterdag 24 mei 2026", 24, 5)]
    #[case("2026-11-02T08:10:00.000", 2, 11)]
    #[case("2026-11-02 08:10", 2, 11)]
    #[case("20261102", 2, 11)]
    fn dates_without_doubt_are_read(#[case] text: &str, #[case] day: i8, #[case] month: i8) {
        assert_eq!(parse(text, None), Some(civil::date(2026, month, day)));
    }

    #[rstest]
    #[case("")]
    #[case("Totals")]
    #[case("13/13/2026")]
    #[case("2026-13-01")]
    #[case("20261301")]
    #[case("2026110")]
    #[case("0001-01-01")]
    #[case("11/02/2026")]
    fn what_is_no_date_or_unclear_has_none(#[case] text: &str) {
        assert_eq!(parse(text, None), None);
    }

    #[rstest]
    #[case::unclear(&["11/02/2026", "11/06/2026"], Decision::Unclear)]
    #[case::month_first(&["11/02/26 8:10 AM", "11/13/26 8:10 AM"], Decision::Known(Some(DayOrder::MonthFirst)))]
    #[case::day_first(&["02-11-2026", "13-11-2026"], Decision::Known(Some(DayOrder::DayFirst)))]
    #[case::both(&["13/11/2026", "11/13/2026"], Decision::Mixed)]
    #[case::the_same_number(&["11/11/2026"], Decision::Known(None))]
    fn the_order_is_that_of_all_dates(#[case] dates: &[&str], #[case] wanted: Decision) {
        let mut evidence = Evidence::default();
        for date in dates {
            evidence.add(date);
        }
        assert_eq!(evidence.decide(None), wanted);
    }
}

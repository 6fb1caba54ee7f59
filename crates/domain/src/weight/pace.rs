//! How fast a weight changes.

use jiff::{ToSpan as _, civil::Date};

use super::{WEIGH_IN_DEVIATION, WeighIn};

/// The days that a pace is measured over.
const WINDOW: i64 = 28;
/// The least time between the first and the last weigh-in, in days.
const MIN_SPAN: f64 = 6.0;

/// The change of the weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// kg a week; negative for a loss.
    pub kg_per_week: f64,
    /// One standard deviation, in kg a week.
    pub deviation: f64,
}

/// The pace of the 28 days up to `today`: the slope of the line through their weigh-ins by least squares, with the standard
/// error that [`WEIGH_IN_DEVIATION`] gives it. `None` with fewer than three weigh-ins, or if all fall within less than a week.
pub fn pace(weigh_ins: &[WeighIn], today: Date) -> Option<Pace> {
    let first = today.checked_sub((WINDOW - 1).days()).ok()?;
    let points: Vec<(f64, f64)> = weigh_ins
        .iter()
        .filter(|weigh_in| (first..=today).contains(&weigh_in.date))
        .filter_map(|weigh_in| {
            Some((
                f64::from(weigh_in.date.since(first).ok()?.get_days()),
                weigh_in.kg,
            ))
        })
        .collect();
    let count = f64::from(u32::try_from(points.len()).ok().filter(|count| *count >= 3)?);
    let (earliest, latest) = points
        .iter()
        .fold((f64::MAX, f64::MIN), |(earliest, latest), (day, _)| {
            (earliest.min(*day), latest.max(*day))
        });
    if latest - earliest < MIN_SPAN {
        return None;
    }
    let mean_day = points.iter().map(|(day, _)| day).sum::<f64>() / count;
    let mean_kg = points.iter().map(|(_, kg)| kg).sum::<f64>() / count;
    let spread: f64 = points.iter().map(|(day, _)| (day - mean_day).powi(2)).sum();
    let slope = points
        .iter()
        .map(|(day, kg)| (day - mean_day) * (kg - mean_kg))
        .sum::<f64>()
        / spread;
    Some(Pace {
        kg_per_week: slope * 7.0,
        deviation: WEIGH_IN_DEVIATION / spread.sqrt() * 7.0,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 28);

    fn weigh_ins(weights: &[(i64, f64)]) -> Vec<WeighIn> {
        let on = |&(days_ago, kg): &(i64, f64)| WeighIn {
            date: TODAY - days_ago.days(),
            kg,
        };
        weights.iter().map(on).collect()
    }

    #[test]
    fn a_straight_line_is_its_pace() {
        let pace = pace(&weigh_ins(&[(21, 80.9), (14, 80.6), (7, 80.3), (0, 80.0)]), TODAY).unwrap();
        assert!((pace.kg_per_week + 0.3).abs() < 1e-9, "{pace:?}");
        // Days −10.5, −3.5, 3.5, 10.5 around their mean: 0.5 ÷ √245 × 7.
        assert!(
            (pace.deviation - 0.5 / 245_f64.sqrt() * 7.0).abs() < 1e-9,
            "{pace:?}"
        );
    }

    #[test]
    fn few_or_crowded_weigh_ins_have_no_pace() {
        assert_eq!(pace(&weigh_ins(&[(20, 80.0), (0, 79.0)]), TODAY), None);
        assert_eq!(pace(&weigh_ins(&[(4, 80.0), (2, 79.5), (0, 79.0)]), TODAY), None);
        // Those before the window don't count, nor do coming days.
        assert_eq!(
            pace(&weigh_ins(&[(40, 90.0), (6, 80.0), (-3, 79.0), (0, 79.0)]), TODAY),
            None
        );
    }
}

//! The trend of the weight.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// How much of the distance to the day's weight the trend covers in a day.
const SMOOTHING: f64 = 0.1;

/// A weight noted on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeighIn {
    /// The logging day that it was noted on.
    pub date: Date,
    /// The weight in kg.
    pub kg: f64,
}

/// The weight of a day and its trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendDay {
    /// The day.
    pub date: Date,
    /// The noted weight in kg.
    pub kg: Option<f64>,
    /// The trend in kg.
    pub trend: f64,
}

/// The trend of every day from the first weigh-in to the last: exponentially smoothed with α = 0.1 a day, where days without a
/// weigh-in count with the weight that lies on the line between their neighbours (John Walker, *The Hacker's Diet*, "Signal and
/// noise"). Weigh-ins may be in any order; of two on one day the later one counts.
pub fn weight_trend(weigh_ins: &[WeighIn]) -> Vec<TrendDay> {
    let noted: BTreeMap<Date, f64> = weigh_ins
        .iter()
        .map(|weigh_in| (weigh_in.date, weigh_in.kg))
        .collect();
    let mut days: Vec<TrendDay> = Vec::new();
    let mut last_noted: Option<WeighIn> = None;
    for (&date, &kg) in &noted {
        if let Some(before) = last_noted {
            let gap = f64::from(date.since(before.date).map_or(0, |span| span.get_days()));
            let mut day = before.date;
            for number in 1..i32::MAX {
                let Some(next) = day.tomorrow().ok().filter(|next| *next < date) else {
                    break;
                };
                let between = before.kg + (kg - before.kg) * f64::from(number) / gap;
                days.push(smoothed(&days, next, None, between));
                day = next;
            }
        }
        days.push(smoothed(&days, date, Some(kg), kg));
        last_noted = Some(WeighIn { date, kg });
    }
    days
}

fn smoothed(days: &[TrendDay], date: Date, kg: Option<f64>, weight: f64) -> TrendDay {
    let trend = days.last().map_or(weight, |before| {
        SMOOTHING.mul_add(weight - before.trend, before.trend)
    });
    TrendDay { date, kg, trend }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    use super::*;

    const FIRST: Date = date(2026, 11, 1);

    fn weigh_in(day: i64, kg: f64) -> WeighIn {
        let date = FIRST + day.days();
        WeighIn { date, kg }
    }

    fn rounded(days: &[TrendDay]) -> Vec<f64> {
        days.iter().map(|day| (day.trend * 1e4).round() / 1e4).collect()
    }

    #[test]
    fn a_trend_follows_by_a_tenth_a_day() {
        let days = weight_trend(&[
            weigh_in(0, 80.0),
            weigh_in(1, 81.0),
            weigh_in(2, 79.0),
            weigh_in(3, 80.5),
        ]);
        // By hand: 80; 80 + 0.1; 80.1 − 0.11; 79.99 + 0.051.
        assert_eq!(rounded(&days), [80.0, 80.1, 79.99, 80.041]);
    }

    #[test]
    fn days_without_a_weigh_in_lie_on_the_line_between_their_neighbours() {
        let days = weight_trend(&[weigh_in(3, 83.0), weigh_in(0, 80.0)]);
        // 81 and 82 between: 80; 80.1; 80.29; 80.561.
        assert_eq!(rounded(&days), [80.0, 80.1, 80.29, 80.561]);
        assert_eq!(days.iter().filter(|day| day.kg.is_some()).count(), 2);
    }

    #[test]
    fn without_weigh_ins_there_is_no_trend() {
        assert_eq!(weight_trend(&[]), []);
    }

    proptest! {
        #[test]
        fn every_day_has_one_trend_within_the_weights(days in prop::collection::vec((0_i64..400, 20.0..300.0_f64), 1..40)) {
            let weigh_ins: Vec<WeighIn> = days.iter().map(|&(day, kg)| weigh_in(day, kg)).collect();
            let trend = weight_trend(&weigh_ins);
            let (low, high) = weigh_ins.iter().fold((f64::MAX, f64::MIN), |(low, high), weigh_in| (low.min(weigh_in.kg), high.max(weigh_in.kg)));
            for pair in trend.windows(2) {
                prop_assert_eq!(pair[0].date.tomorrow().unwrap(), pair[1].date);
            }
            prop_assert!(trend.iter().all(|day| day.trend >= low - 1e-9 && day.trend <= high + 1e-9));
            prop_assert_eq!(trend.first().unwrap().date, weigh_ins.iter().map(|weigh_in| weigh_in.date).min().unwrap());
            prop_assert_eq!(trend.last().unwrap().date, weigh_ins.iter().map(|weigh_in| weigh_in.date).max().unwrap());
        }
    }
}

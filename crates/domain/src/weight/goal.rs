//! When a goal is reached.

use jiff::{ToSpan as _, civil::Date};

use super::Pace;

/// Beyond this many days a forecast says nothing: ten years.
const FARTHEST: f64 = 3_650.0;

/// A weight to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// The weight in kg.
    pub kg: f64,
    /// The day to reach it by.
    pub by: Option<Date>,
}

/// When a goal is reached at the present pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forecast {
    /// The trend is within 0.1 kg of the goal.
    Reached,
    /// At the present pace.
    On {
        /// At the pace itself.
        day: Date,
        /// At a pace one standard deviation faster.
        earliest: Date,
        /// At a pace one standard deviation slower; `None` if that pace never reaches the goal.
        latest: Option<Date>,
    },
    /// The weight moves away from the goal, or takes more than ten years.
    NotAtThisPace,
}

/// When a weight with this trend (kg, on `today`) reaches the goal at this pace.
pub fn forecast(trend: f64, goal: Goal, pace: Pace, today: Date) -> Forecast {
    let distance = goal.kg - trend;
    if distance.abs() < 0.1 {
        return Forecast::Reached;
    }
    // Towards the goal the pace is positive.
    let towards = pace.kg_per_week * distance.signum();
    let after = |kg_per_week: f64| {
        let days = (distance.abs() / kg_per_week * 7.0).ceil();
        #[expect(clippy::cast_possible_truncation, reason = "at most FARTHEST")]
        let days = (kg_per_week > 0.0 && days <= FARTHEST).then_some(days as i64)?;
        today.checked_add(days.days()).ok()
    };
    match (after(towards), after(towards + pace.deviation)) {
        (Some(day), Some(earliest)) => Forecast::On {
            day,
            earliest,
            latest: after(towards - pace.deviation),
        },
        (None, _) | (_, None) => Forecast::NotAtThisPace,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 28);

    fn at(kg_per_week: f64, deviation: f64) -> Forecast {
        let goal = Goal { kg: 78.0, by: None };
        forecast(
            80.0,
            goal,
            Pace {
                kg_per_week,
                deviation,
            },
            TODAY,
        )
    }

    #[test]
    fn a_goal_has_a_day_and_a_band_around_it() {
        // 2 kg at 0.5 kg a week: 4 weeks; at 0.7: 20 days; at 0.3: 47 days.
        let expected = Forecast::On {
            day: date(2026, 12, 26),
            earliest: date(2026, 12, 18),
            latest: Some(date(2027, 1, 14)),
        };
        assert_eq!(at(-0.5, 0.2), expected);
    }

    #[test]
    fn a_pace_that_may_be_none_has_no_latest_day() {
        assert!(matches!(at(-0.1, 0.2), Forecast::On { latest: None, .. }));
    }

    #[test]
    fn a_pace_away_from_the_goal_never_reaches_it() {
        assert_eq!(at(0.2, 0.1), Forecast::NotAtThisPace);
        assert_eq!(at(0.0, 0.1), Forecast::NotAtThisPace);
        assert_eq!(at(-0.001, 0.0), Forecast::NotAtThisPace);
    }

    #[test]
    fn a_reached_goal_needs_no_pace() {
        let goal = Goal { kg: 80.0, by: None };
        let pace = Pace {
            kg_per_week: 0.5,
            deviation: 0.1,
        };
        assert_eq!(forecast(80.04, goal, pace, TODAY), Forecast::Reached);
    }
}

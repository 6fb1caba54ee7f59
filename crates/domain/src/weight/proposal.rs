//! A target that fits a goal.

use jiff::civil::Date;

use super::{Expenditure, Goal, KCAL_PER_KG};

/// Above this deviation in kcal an expenditure is too uncertain for a proposal.
const MAX_DEVIATION: f64 = 300.0;
/// The largest change from the expenditure in kcal a day, about 1 kg a week (NHLBI, *The Practical Guide*, NIH 00-4084: 500 to
/// 1,000 kcal a day).
pub const MAX_CHANGE: f64 = 1_000.0;
/// The least target that is proposed, in kcal a day (the same guide's low-calorie diet).
pub const MIN_TARGET: u32 = 1_200;
/// Without a day to reach the goal by: kcal a day towards it, about 0.5 kg a week.
const USUAL_CHANGE: f64 = 500.0;

/// What the expenditure suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposal {
    /// A target.
    Target {
        /// kcal a day, a multiple of 10.
        kcal: u32,
        /// Whether the goal's day asks for a larger change than [`MAX_CHANGE`] or a target under [`MIN_TARGET`].
        limited: bool,
    },
    /// The expenditure is too uncertain: more logged days or weigh-ins are needed.
    Uncertain,
}

/// The target that reaches a goal by its day, or with a change of 500 kcal a day where it has none; without a goal the expenditure
/// itself. `trend` is the weight's trend in kg.
pub fn propose(expenditure: &Expenditure, trend: f64, goal: Option<Goal>, today: Date) -> Proposal {
    if expenditure.deviation > MAX_DEVIATION {
        return Proposal::Uncertain;
    }
    let distance = goal.map_or(0.0, |goal| goal.kg - trend);
    let days = goal.and_then(|goal| Some(f64::from(goal.by?.since(today).ok()?.get_days())));
    let wanted = match days {
        _ if distance.abs() < 0.1 => 0.0,
        Some(days) => distance * KCAL_PER_KG / days.max(1.0),
        None => USUAL_CHANGE * distance.signum(),
    };
    let change = wanted.clamp(-MAX_CHANGE, MAX_CHANGE);
    let kcal = ((expenditure.kcal + change) / 10.0).round() * 10.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float saturates as it becomes an integer"
    )]
    let unlimited = kcal as u32;
    let kcal = unlimited.max(MIN_TARGET);
    Proposal::Target {
        kcal,
        limited: (change - wanted).abs() > 1e-9 || kcal != unlimited,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 30);

    fn expenditure(kcal: f64, deviation: f64) -> Expenditure {
        Expenditure {
            date: TODAY,
            kcal,
            deviation,
            logged: 26,
            weigh_ins: 20,
        }
    }

    fn proposed(kcal: f64, goal: Option<Goal>) -> Proposal {
        propose(&expenditure(kcal, 140.0), 80.0, goal, TODAY)
    }

    #[test]
    fn a_goal_with_a_day_sets_the_change() {
        // 2 kg in 77 days: 200 kcal a day.
        let goal = Goal {
            kg: 78.0,
            by: Some(date(2027, 2, 15)),
        };
        assert_eq!(
            proposed(2_310.0, Some(goal)),
            Proposal::Target {
                kcal: 2_110,
                limited: false
            }
        );
    }

    #[test]
    fn a_goal_without_a_day_takes_half_a_kilogram_a_week() {
        let goal = |kg| Some(Goal { kg, by: None });
        assert_eq!(
            proposed(2_310.0, goal(70.0)),
            Proposal::Target {
                kcal: 1_810,
                limited: false
            }
        );
        assert_eq!(
            proposed(2_310.0, goal(90.0)),
            Proposal::Target {
                kcal: 2_810,
                limited: false
            }
        );
        assert_eq!(
            proposed(2_310.0, goal(80.0)),
            Proposal::Target {
                kcal: 2_310,
                limited: false
            }
        );
        assert_eq!(
            proposed(2_310.0, None),
            Proposal::Target {
                kcal: 2_310,
                limited: false
            }
        );
    }

    #[test]
    fn a_hasty_goal_is_limited_and_says_so() {
        let tomorrow = Goal {
            kg: 70.0,
            by: Some(date(2026, 12, 1)),
        };
        assert_eq!(
            proposed(2_900.0, Some(tomorrow)),
            Proposal::Target {
                kcal: 1_900,
                limited: true
            }
        );
        assert_eq!(
            proposed(1_900.0, Some(tomorrow)),
            Proposal::Target {
                kcal: 1_200,
                limited: true
            }
        );
        let past = Goal {
            by: Some(date(2020, 1, 1)),
            ..tomorrow
        };
        assert_eq!(
            proposed(2_900.0, Some(past)),
            Proposal::Target {
                kcal: 1_900,
                limited: true
            }
        );
    }

    #[test]
    fn nothing_is_proposed_from_an_uncertain_expenditure() {
        assert_eq!(
            propose(&expenditure(2_300.0, 301.0), 80.0, None, TODAY),
            Proposal::Uncertain
        );
    }
}

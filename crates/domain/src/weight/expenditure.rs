//! How much a body spends in a day, from what was eaten and how the weight changed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::filter::Filter;

/// The days whose logs an [`Expenditure`] counts.
pub const WINDOW: u32 = 28;

/// kcal below which a day counts as not logged: a lone coffee says nothing about what was eaten.
pub const MIN_LOGGED_KCAL: i64 = 200;

/// Where the first estimate starts without a better one: kcal a day.
const PRIOR: f64 = 2_200.0;

/// What was noted on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoggedDay {
    /// The logging day that both were noted on.
    pub date: Date,
    /// kcal eaten; under [`MIN_LOGGED_KCAL`] the day counts as not logged.
    pub consumed: i64,
    /// The weight in kg before the first meal.
    pub weight: Option<f64>,
}

/// The expenditure of a day: what a user spends, exercise included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expenditure {
    /// The last day that it is based on.
    pub date: Date,
    /// The estimate in kcal a day.
    pub kcal: f64,
    /// One standard deviation in kcal: the truth lies within ± this in about two of three cases.
    pub deviation: f64,
    /// The logged ones of the [`WINDOW`] days up to `date`.
    pub logged: u32,
    /// The weigh-ins of these days.
    pub weigh_ins: u32,
}

/// The expenditure after each day, from the first weigh-in to the last day that was noted. Days may be in any order, and
/// absent where nothing was noted.
///
/// A two-state Kalman filter (weight, expenditure): its deviation narrows with logged days and weigh-ins, and widens where they
/// are missing. `prior` is a first estimate in kcal a day, such as [`energy_need()`](super::energy_need())'s.
pub fn expenditures(days: &[LoggedDay], prior: Option<f64>) -> Vec<Expenditure> {
    let noted: BTreeMap<Date, &LoggedDay> = days.iter().map(|day| (day.date, day)).collect();
    let first = noted.values().find_map(|day| Some((day.date, day.weight?)));
    let last = noted.last_key_value();
    let (Some((first, weight)), Some((&last, _))) = (first, last) else {
        return Vec::new();
    };
    let mut filter = Filter::new(weight, prior.unwrap_or(PRIOR));
    let mut passed: Vec<Expenditure> = Vec::new();
    let mut window = Window::default();
    let dates =
        std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(|date| *date <= last);
    for date in dates {
        let day = noted.get(&date);
        let weight = day.and_then(|day| day.weight);
        if let Some(kg) = weight.filter(|_| date > first) {
            filter.weigh_in(kg);
        }
        let intake = day
            .map(|day| day.consumed)
            .filter(|kcal| *kcal >= MIN_LOGGED_KCAL);
        #[expect(clippy::cast_precision_loss, reason = "a day's kcal are far below 2^53")]
        let intake = intake.map(|kcal| kcal as f64);
        filter.pass_day(intake);
        window.push(intake.is_some(), weight.is_some());
        let (kcal, deviation) = filter.expenditure();
        passed.push(Expenditure {
            date,
            kcal,
            deviation,
            logged: window.logged.count_ones(),
            weigh_ins: window.weighed.count_ones(),
        });
    }
    passed
}

/// The last [`WINDOW`] days, a bit each.
#[derive(Default)]
struct Window {
    logged: u32,
    weighed: u32,
}

impl Window {
    fn push(&mut self, logged: bool, weighed: bool) {
        let days = (1 << WINDOW) - 1;
        self.logged = ((self.logged << 1) | u32::from(logged)) & days;
        self.weighed = ((self.weighed << 1) | u32::from(weighed)) & days;
    }
}

//! The expenditure of simulated people, whose true expenditure is known.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use caltrack_domain::weight::{Expenditure, LoggedDay, expenditures};
use jiff::{ToSpan as _, civil::Date};

const FIRST: Date = jiff::civil::date(2026, 11, 1);
const PEOPLE: u64 = 1_000;
const KCAL_PER_KG: f64 = 7_700.0;

/// Random numbers from a seed (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014).
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        f64::from(u32::try_from(bits >> 32).unwrap()) / f64::from(u32::MAX)
    }

    /// Normal with mean 0 (Box and Muller, 1958).
    fn normal(&mut self, deviation: f64) -> f64 {
        let radius = (-2.0 * self.uniform().max(1e-12).ln()).sqrt();
        deviation * radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

struct Person {
    expenditure: f64,
    days: Vec<LoggedDay>,
}

/// A user who logs and weighs in every day, with a scale noise of 0.5 kg and an intake noise of 200 kcal.
fn person(seed: u64, days: i64) -> Person {
    let mut chance = Chance(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let expenditure = 1_500.0 + 1_700.0 * chance.uniform();
    let habit = expenditure - 600.0 + 900.0 * chance.uniform();
    let mut weight = 55.0 + 50.0 * chance.uniform();
    let log = |day: i64| {
        let shown = weight + chance.normal(0.5);
        let logged = habit + chance.normal(150.0);
        let eaten = logged + chance.normal(200.0);
        weight += (eaten - expenditure) / KCAL_PER_KG;
        #[expect(clippy::cast_possible_truncation, reason = "a day's kcal")]
        let consumed = logged.round() as i64;
        LoggedDay {
            date: FIRST + day.days(),
            consumed,
            weight: Some(shown),
        }
    };
    let days = (0..days).map(log).collect();
    Person { expenditure, days }
}

fn last(days: &[LoggedDay]) -> Expenditure {
    *expenditures(days, None).last().unwrap()
}

#[test]
fn four_full_weeks_find_the_expenditure_and_know_how_well() {
    let mut errors = Vec::new();
    let mut within = 0_u32;
    for seed in 0..PEOPLE {
        let person = person(seed, 28);
        let found = last(&person.days);
        let error = (found.kcal - person.expenditure).abs();
        within += u32::from(error <= found.deviation);
        errors.push(error);
        assert_eq!((found.logged, found.weigh_ins), (28, 28));
    }
    errors.sort_by(f64::total_cmp);
    let median = errors[errors.len() / 2];
    println!("median error {median:.0} kcal, {within} of {PEOPLE} within one standard deviation");
    assert!(median <= 100.0, "median error {median}");
    assert!(
        (600..=760).contains(&within),
        "{within} of {PEOPLE} within the band"
    );
}

#[test]
fn days_without_a_log_widen_the_band() {
    for seed in 0..50 {
        let full = person(seed, 42).days;
        let absent = |gone: fn(usize) -> bool| -> Expenditure {
            let kept: Vec<LoggedDay> = full
                .iter()
                .enumerate()
                .filter(|(day, _)| !gone(*day))
                .map(|(_, day)| *day)
                .collect();
            last(&kept)
        };
        let complete = absent(|_| false);
        let gaps = absent(|day| day % 3 == 1 && day < 40);
        let holiday = absent(|day| (21..40).contains(&day));
        assert!(
            gaps.deviation > complete.deviation,
            "seed {seed}: {gaps:?}, {complete:?}"
        );
        assert!(
            holiday.deviation > gaps.deviation,
            "seed {seed}: {holiday:?}, {gaps:?}"
        );
        assert!(holiday.logged < complete.logged);
    }
}

#[test]
fn the_band_holds_over_gaps_too() {
    let mut within = 0_u32;
    for seed in 0..PEOPLE {
        let person = person(seed, 56);
        let kept: Vec<LoggedDay> = person
            .days
            .iter()
            .enumerate()
            .filter(|(day, _)| day % 5 != 2)
            .map(|(_, day)| *day)
            .collect();
        let found = last(&kept);
        within += u32::from((found.kcal - person.expenditure).abs() <= found.deviation);
    }
    println!("{within} of {PEOPLE} within one standard deviation, with gaps");
    assert!((600..=850).contains(&within), "{within} of {PEOPLE}");
}

#[test]
fn a_change_of_the_expenditure_is_followed() {
    let mut before = person(7, 120);
    let weights: Vec<f64> = before.days.iter().map(|day| day.weight.unwrap()).collect();
    // From the 60th day on 300 kcal more are spent: 0.039 kg a day.
    for (day, weight) in weights.iter().enumerate().skip(60) {
        let spent = 300.0 * f64::from(u32::try_from(day - 60).unwrap());
        before.days[day].weight = Some(weight - spent / KCAL_PER_KG);
    }
    let series = expenditures(&before.days, None);
    let at = |day: usize| series[day].kcal - before.expenditure;
    assert!(at(59).abs() < 150.0, "{}", at(59));
    assert!((at(119) - 300.0).abs() < 150.0, "{}", at(119));
}

#[test]
fn an_unlogged_day_is_no_day_of_fasting() {
    let mut days = person(3, 28).days;
    let full = last(&days);
    for day in days.iter_mut().step_by(4) {
        day.consumed = 90;
    }
    let lone_coffees = last(&days);
    assert_eq!(lone_coffees.logged, 21);
    assert!(
        (lone_coffees.kcal - full.kcal).abs() < 250.0,
        "{lone_coffees:?}, {full:?}"
    );
}

#[test]
fn without_weigh_ins_there_is_no_expenditure() {
    let mut days = person(1, 28).days;
    for day in &mut days {
        day.weight = None;
    }
    assert_eq!(expenditures(&days, None), []);
    assert_eq!(expenditures(&[], None), []);
}

#[test]
fn a_hand_calculated_step() {
    // Two weigh-ins of 80.0 and 79.0, 2,000 kcal between, a prior of 2,200 ± 700. Predicted: 80 − 200/7700 = 79.97403;
    // variance 0.25 + (700/7700)² + (200/7700)² = 0.25893909; covariance −700²/7700 = −63.63636. Innovation −0.97403 over
    // 0.50893909: the expenditure rises by 63.63636 × 0.97403 ÷ 0.50893909 = 121.79; its variance 490,000 + 64 −
    // 63.63636²/0.50893909 + 64.
    let day = |number: i64, consumed, kg| LoggedDay {
        date: FIRST + number.days(),
        consumed,
        weight: Some(kg),
    };
    let series = expenditures(&[day(0, 2_000, 80.0), day(1, 2_000, 79.0)], None);
    assert!((series[1].kcal - 2_321.79).abs() < 0.01, "{:?}", series[1]);
    let variance = 490_000.0 + 64.0 - 63.636_36_f64.powi(2) / 0.508_939_09 + 64.0;
    assert!(
        (series[1].deviation - variance.sqrt()).abs() < 0.01,
        "{:?}",
        series[1]
    );
}

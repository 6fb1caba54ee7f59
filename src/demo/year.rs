//! A year of an invented person's log: habits, a holiday, days without entries, and the weights that follow from it.

use caltrack_domain::{Booking, Entry, Grams, NewActivity};
use jiff::{
    SignedDuration, ToSpan as _, Zoned,
    civil::{Date, Time, Weekday, time},
    tz::TimeZone,
};

use super::{
    menu::{BREAKFASTS, COFFEE, DINNERS, Item, JUICE, LUNCHES, OATMEAL, SNACKS, SPORTS, TEA, TREATS, WALK},
    random::Random,
};

/// Days of the log, today included.
pub const DAYS: i64 = 365;
/// Days ago of the holiday's first day, and its length.
const HOLIDAY: (i64, i64) = (140, 14);
/// Days ago of the days without an entry: a week of illness, and a long weekend.
const GAPS: [(i64, i64); 2] = [(233, 6), (71, 3)];
/// Nothing of today is later than this, so that something remains.
const NOT_YET: Time = time(16, 30, 0, 0);
/// kg on the first day.
const FIRST_WEIGHT: f64 = 84.2;
/// kcal that the person spends on a day without exercise.
const EXPENDITURE: f64 = 1_930.0;
/// kcal of a day without entries.
const UNLOGGED: f64 = 2_200.0;
/// kcal that a kilogram of weight stands for.
const KCAL_PER_KG: f64 = 7_700.0;

/// The log of a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Year {
    /// By day and time.
    pub entries: Vec<NewActivity>,
    /// Weights in kg, by day.
    pub weights: Vec<(Date, f64)>,
    /// The first day.
    pub first: Date,
}

/// The year that ends on the day of `now`. The same day, zone and seed give the same year.
pub fn year(now: &Zoned, seed: u64) -> Year {
    let today = now.date();
    let first = today.saturating_sub((DAYS - 1).days());
    let mut person = Person {
        random: Random::new(seed),
        zone: now.time_zone().clone(),
        today,
        weight: FIRST_WEIGHT,
        year: Year {
            entries: Vec::new(),
            weights: Vec::new(),
            first,
        },
    };
    for ago in (0..DAYS).rev() {
        person.live(today.saturating_sub(ago.days()), ago);
    }
    person.year
}

struct Person {
    random: Random,
    zone: TimeZone,
    today: Date,
    weight: f64,
    year: Year,
}

impl Person {
    /// Logs a day.
    fn live(&mut self, date: Date, ago: i64) {
        let on_holiday = is_within(ago, HOLIDAY);
        let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !on_holiday && self.random.chance(if is_weekend { 45 } else { 80 }) {
            let measured = (self.weight + 0.4 * self.random.noise()) * 10.0;
            self.year.weights.push((date, measured.round() / 10.0));
        }
        let is_gap = GAPS.iter().any(|gap| is_within(ago, *gap));
        let is_forgotten = ago > 7 && self.random.chance(if on_holiday { 40 } else { 2 });
        let net = if is_gap || is_forgotten {
            UNLOGGED
        } else {
            let before = self.year.entries.len();
            self.log_day(date, is_weekend, on_holiday);
            net_kcal(self.year.entries.get(before..).unwrap_or_default())
        };
        self.weight += (net - EXPENDITURE) / KCAL_PER_KG;
    }

    fn log_day(&mut self, date: Date, is_weekend: bool, on_holiday: bool) {
        let is_free = is_weekend || on_holiday;
        if is_free {
            self.choose(date, time(9, 10, 0, 0), BREAKFASTS, 100);
            self.log(date, time(9, 20, 0, 0), COFFEE);
        } else {
            self.log(date, time(7, 10, 0, 0), OATMEAL);
            self.log(date, time(7, 25, 0, 0), COFFEE);
            if self.random.chance(85) {
                self.log(date, time(8, 5, 0, 0), WALK);
            }
        }
        self.choose(date, time(9, 45, 0, 0), JUICE, 70);
        self.choose(date, time(12, 40, 0, 0), LUNCHES, 100);
        if !on_holiday {
            self.log(date, time(15, 15, 0, 0), TEA);
        }
        self.choose(date, time(16, 0, 0, 0), SNACKS, 75);
        let sport = match date.weekday() {
            Weekday::Tuesday | Weekday::Thursday => 65,
            Weekday::Sunday => 50,
            Weekday::Monday | Weekday::Wednesday | Weekday::Friday | Weekday::Saturday => 8,
        };
        self.choose(date, time(18, 10, 0, 0), SPORTS, sport);
        self.choose(date, time(19, 30, 0, 0), DINNERS, 100);
        self.choose(date, time(20, 45, 0, 0), SNACKS, 60);
        self.choose(date, time(21, 15, 0, 0), TREATS, if is_free { 75 } else { 12 });
        if on_holiday {
            self.choose(date, time(15, 30, 0, 0), TREATS, 90);
        }
    }

    /// Logs one of several, in `percent` of all cases.
    fn choose(&mut self, date: Date, at: Time, items: &[Item], percent: u64) {
        if self.random.chance(percent)
            && let Some(item) = self.random.choose(items).copied()
        {
            self.log(date, at, item);
        }
    }

    /// Logs something at about a time, in an amount of 80 to 120 %.
    fn log(&mut self, date: Date, at: Time, item: Item) {
        let share = u32::try_from(80 + 5 * self.random.below(9)).unwrap_or(100);
        let later = i64::try_from(self.random.below(20)).unwrap_or(0);
        let Ok(start) = date.to_datetime(at).to_zoned(self.zone.clone()) else {
            return;
        };
        let moment = start.timestamp() + SignedDuration::from_mins(later);
        let id = uuid::Builder::from_unix_timestamp_millis(
            u64::try_from(moment.as_millisecond()).unwrap_or(0),
            &self.random.bytes(),
        );
        if date == self.today && at > NOT_YET {
            return;
        }
        let (quantity, unit) = item.amount;
        // Pieces and portions are whole; grams and minutes are not.
        let share = if quantity < 10.0 { 100 } else { share };
        let part = |whole: f64| whole * f64::from(share) / 100.0;
        let grams = |pick: fn((f64, f64, f64)) -> f64| {
            let grams = format!("{:.1}", part(pick(item.macros?)));
            grams.parse::<Grams>().ok()
        };
        self.year.entries.push(NewActivity::new(
            id.into_uuid().to_string(),
            Entry {
                name: Some(item.name.to_owned()),
                quantity: Some(part(quantity).round()),
                unit: Some(unit.to_owned()),
                protein: grams(|(protein, _, _)| protein),
                fat: grams(|(_, fat, _)| fat),
                carbohydrate: grams(|(_, _, carbohydrate)| carbohydrate),
                ..Entry::new(date, moment, item.category, item.kind, item.kcal * share / 100)
            },
        ));
    }
}

/// Whether a number of days ago is one of a series of days.
fn is_within(ago: i64, (first, length): (i64, i64)) -> bool {
    ago <= first && ago > first - length
}

/// Consumed less burned.
fn net_kcal(entries: &[NewActivity]) -> f64 {
    let kcal = |entry: &NewActivity| {
        let kcal = f64::from(entry.entry.kcal);
        match Booking::of(&entry.entry.category) {
            Booking::Consumed => kcal,
            Booking::Burned => -kcal,
            Booking::Nothing => 0.0,
        }
    };
    entries.iter().map(kcal).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use caltrack_domain::MAX_KCAL;

    use super::*;

    fn noon() -> Zoned {
        "2026-11-29T12:00[Europe/Berlin]".parse().unwrap()
    }

    #[test]
    fn a_seed_gives_one_year_and_another_seed_another() {
        assert_eq!(year(&noon(), 1), year(&noon(), 1));
        assert_ne!(year(&noon(), 1), year(&noon(), 2));
        let evening = noon().saturating_add(9.hours());
        assert_eq!(year(&noon(), 1), year(&evening, 1), "a day has one log");
    }

    #[test]
    fn the_year_has_habits_a_holiday_gaps_weights_and_a_day_that_is_not_over() {
        let Year {
            entries,
            weights,
            first,
        } = year(&noon(), 7);
        let today = noon().date();
        assert_eq!(first, jiff::civil::date(2025, 11, 30));
        assert!((1_800..3_500).contains(&entries.len()), "{}", entries.len());
        let ids: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids.len(), entries.len());
        let days: BTreeSet<Date> = entries.iter().map(|entry| entry.entry.date).collect();
        assert!(
            (320..DAYS).contains(&i64::try_from(days.len()).unwrap()),
            "{}",
            days.len()
        );
        for (ago, _) in GAPS {
            assert!(!days.contains(&today.saturating_sub(ago.days())), "{ago}");
        }
        let holiday =
            today.saturating_sub(HOLIDAY.0.days())..today.saturating_sub((HOLIDAY.0 - HOLIDAY.1).days());
        assert!(weights.iter().all(|(date, _)| !holiday.contains(date)));
        assert!((200..330).contains(&weights.len()), "{}", weights.len());
        let (start, end) = (weights[0].1, weights[weights.len() - 1].1);
        assert!((2.0..9.0).contains(&(start - end)), "{start} to {end}");
        assert!(weights.iter().all(|(_, weight)| (70.0..90.0).contains(weight)));
        assert!(
            entries
                .iter()
                .all(|entry| entry.entry.kcal <= MAX_KCAL && entry.entry.kcal > 0)
        );
        let usual = entries
            .iter()
            .filter(|entry| entry.entry.name.as_deref() == Some(OATMEAL.name));
        assert!(usual.count() > 150);
        let last = entries.iter().filter(|entry| entry.entry.date == today);
        let kcal: u32 = last.clone().map(|entry| entry.entry.kcal).sum();
        assert!(last.count() >= 3 && (600..1_900).contains(&kcal), "{kcal}");
    }

    #[test]
    fn entries_are_on_their_day_where_the_clocks_change() {
        for zone in [
            "America/New_York",
            "Pacific/Apia",
            "Asia/Kathmandu",
            "Africa/Cairo",
        ] {
            let now: Zoned = format!("2026-04-30T23:59[{zone}]").parse().unwrap();
            for entry in year(&now, 3).entries {
                let there = entry.entry.moment.to_zoned(now.time_zone().clone());
                assert_eq!(there.date(), entry.entry.date, "{zone}");
            }
        }
    }
}

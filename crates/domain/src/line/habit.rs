//! What a user logs again and again: the names of the log, and how likely each is logged at a moment.

use jiff::{Timestamp, Zoned, tz::TimeZone};

use super::known::Own;
use crate::Entry;

/// Days after which a use counts half.
const HALF_LIFE: f64 = 21.0;
/// Hours before and after the present one that count as the same time of day.
const NEAR_HOURS: [i8; 3] = [-1, 0, 1];

/// A name in the user's log with its last amount, and when it is logged.
#[derive(Debug, Clone, PartialEq)]
pub struct Habit {
    /// The name and its last amount.
    pub own: Own,
    /// The number of entries that have the name.
    pub uses: u32,
    /// The moment of the latest one.
    pub last: Timestamp,
    /// Uses in each hour of the day, in UTC.
    pub hours: [u32; 24],
    /// Uses on each weekday, Monday first.
    pub weekdays: [u32; 7],
}

impl Own {
    /// The name of an entry with its amount; none without a name.
    pub fn of(entry: Entry) -> Option<Self> {
        let grams = [entry.protein, entry.fat, entry.carbohydrate];
        Some(Self {
            name: entry.name?,
            category: entry.category,
            kind: entry.kind,
            kcal: entry.kcal,
            quantity: entry.quantity,
            unit: entry.unit,
            grams: None,
            macros: grams.map(|grams| grams.map(crate::Grams::to_f64)),
            food: entry.food,
        })
    }
}

impl Habit {
    /// A name that is logged for the first time.
    pub fn first(own: Own, moment: Timestamp) -> Self {
        let now = moment.to_zoned(TimeZone::UTC);
        let mut habit = Self {
            own,
            uses: 1,
            last: moment,
            hours: [0; 24],
            weekdays: [0; 7],
        };
        if let Some(count) = habit.hours.get_mut(index(now.hour())) {
            *count = 1;
        }
        if let Some(count) = habit
            .weekdays
            .get_mut(index(now.weekday().to_monday_zero_offset()))
        {
            *count = 1;
        }
        habit
    }

    /// Adds the uses of the same name before.
    pub fn add(&mut self, before: &Self) {
        self.uses = self.uses.saturating_add(before.uses);
        self.last = self.last.max(before.last);
        for (count, before) in self.hours.iter_mut().zip(before.hours) {
            *count = count.saturating_add(before);
        }
        for (count, before) in self.weekdays.iter_mut().zip(before.weekdays) {
            *count = count.saturating_add(before);
        }
    }

    /// Uses at about this time of the day.
    pub fn uses_near(&self, now: &Zoned) -> u32 {
        let hour = now.timestamp().to_zoned(TimeZone::UTC).hour();
        let near = NEAR_HOURS.map(|offset| index((hour + offset).rem_euclid(24)));
        near.iter().filter_map(|hour| self.hours.get(*hour)).sum()
    }

    /// How likely it is logged next: often and recently used, at this time of the day, on this weekday. Comparable only at one moment.
    pub fn score(&self, now: &Zoned) -> f64 {
        let uses = f64::from(self.uses.max(1));
        let days = now.timestamp().duration_since(self.last).as_secs_f64().max(0.0) / 86_400.0;
        let weekday = self.weekdays.get(index(now.weekday().to_monday_zero_offset()));
        let share = |part: u32| f64::from(part).min(uses) / uses;
        uses.ln_1p()
            * (-days / HALF_LIFE).exp2()
            * (0.1 + share(self.uses_near(now)))
            * (0.5 + share(weekday.copied().unwrap_or_default()))
    }
}

/// An offset that isn't negative, as an index.
fn index(offset: i8) -> usize {
    usize::try_from(offset).unwrap_or_default()
}

/// Days after which what was usual at a meal is so no more.
const USUAL_DAYS: i64 = 21;
/// The fewest uses of what is usual at a meal.
const USUAL_USES: u32 = 2;
/// The most foods of a usual meal.
const MOST_USUAL: usize = 8;

/// What is usual at a meal: names of that type that are logged at least half as often as the most frequent one.
pub fn usual_meal<'a>(habits: impl Iterator<Item = &'a Habit>, meal: &str) -> Vec<&'a Own> {
    let mut found: Vec<&Habit> = habits
        .filter(|habit| habit.own.kind == meal && habit.uses >= USUAL_USES)
        .collect();
    let newest = found.iter().map(|habit| habit.last).max();
    let is_recent = |habit: &&Habit| {
        let days = jiff::SignedDuration::from_hours(24 * USUAL_DAYS);
        newest.is_some_and(|newest| newest.duration_since(habit.last) <= days)
    };
    found.retain(is_recent);
    let most = found.iter().map(|habit| habit.uses).max().unwrap_or_default();
    found.retain(|habit| habit.uses.saturating_mul(2) >= most);
    found.sort_by(|one, other| (other.uses, &one.own.name).cmp(&(one.uses, &other.own.name)));
    found
        .into_iter()
        .take(MOST_USUAL)
        .map(|habit| &habit.own)
        .collect()
}

/// The habits likeliest at a moment, likeliest first.
pub fn likeliest<'a>(habits: impl Iterator<Item = &'a Habit>, now: &Zoned, most: usize) -> Vec<&'a Habit> {
    let mut scored: Vec<(f64, &Habit)> = habits.map(|habit| (habit.score(now), habit)).collect();
    let by_score = |one: &(f64, &Habit), other: &(f64, &Habit)| {
        let score = other.0.total_cmp(&one.0);
        score.then_with(|| one.1.own.name.cmp(&other.1.own.name))
    };
    if scored.len() > most && most > 0 {
        scored.select_nth_unstable_by(most - 1, by_score);
    }
    scored.truncate(most);
    scored.sort_unstable_by(by_score);
    scored.into_iter().map(|(_, habit)| habit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Zoned {
        "2026-11-30T08:15:00+00:00[UTC]".parse().unwrap()
    }

    fn habit(name: &str, uses: u32, hour: usize, days_ago: i64) -> Habit {
        let own = Own {
            name: name.to_owned(),
            category: "Food".to_owned(),
            kind: "Breakfast".to_owned(),
            kcal: 100,
            quantity: None,
            unit: None,
            grams: None,
            macros: [None; 3],
            food: None,
        };
        let mut hours = [0; 24];
        hours[hour] = uses;
        Habit {
            own,
            uses,
            last: now().timestamp() - jiff::SignedDuration::from_hours(24 * days_ago),
            hours,
            weekdays: [uses, 0, 0, 0, 0, 0, 0],
        }
    }

    #[test]
    fn time_of_day_frequency_and_recency_decide() {
        let habits = [
            habit("dinner", 30, 19, 1),
            habit("once", 1, 8, 1),
            habit("breakfast", 30, 8, 1),
            habit("last year", 30, 8, 365),
        ];
        let names = |most| -> Vec<&str> {
            let found = likeliest(habits.iter(), &now(), most).into_iter();
            found.map(|habit| habit.own.name.as_str()).collect()
        };
        assert_eq!(names(4), ["breakfast", "once", "dinner", "last year"]);
        assert_eq!(names(1), ["breakfast"]);
        assert!(names(0).is_empty());
    }

    #[test]
    fn a_usual_meal_is_what_is_logged_about_as_often_as_its_most_frequent_food() {
        let habits = [
            habit("oatmeal", 20, 8, 1),
            habit("coffee", 15, 8, 1),
            habit("croissant", 3, 8, 2),
            habit("muesli", 40, 8, 90),
        ];
        let names = |meal| -> Vec<&str> {
            let found = usual_meal(habits.iter(), meal).into_iter();
            found.map(|own| own.name.as_str()).collect()
        };
        assert_eq!(names("Breakfast"), ["oatmeal", "coffee"]);
        assert!(names("Dinner").is_empty());
    }

    #[test]
    fn hours_count_in_the_time_zone_of_the_moment() {
        let mut tea = habit("tea", 4, 23, 1);
        let berlin = |text: &str| -> Zoned { text.parse().unwrap() };
        assert_eq!(
            tea.uses_near(&berlin("2026-11-30T00:30:00+01:00[Europe/Berlin]")),
            4
        );
        assert_eq!(
            tea.uses_near(&berlin("2026-11-30T23:30:00+01:00[Europe/Berlin]")),
            4
        );
        tea.hours = [0; 24];
        assert_eq!(tea.uses_near(&now()), 0);
    }

    #[test]
    fn an_entry_with_a_name_is_an_own_name_with_its_amount() {
        let moment: Timestamp = "2026-11-30T08:15:00Z".parse().unwrap();
        let entry = Entry {
            name: Some("granola".to_owned()),
            quantity: Some(60.0),
            unit: Some("g".to_owned()),
            fat: Some(crate::Grams::from_tenths(85)),
            ..Entry::new(jiff::civil::date(2026, 11, 30), moment, "Food", "Breakfast", 270)
        };
        let own = Own::of(entry.clone()).unwrap();
        assert_eq!(
            (own.kcal, own.quantity, own.macros),
            (270, Some(60.0), [None, Some(8.5), None])
        );
        let habit = Habit::first(own, moment);
        assert_eq!(
            (habit.hours[8], habit.weekdays[0], habit.uses_near(&now())),
            (1, 1, 1)
        );
        assert_eq!(Own::of(Entry { name: None, ..entry }), None);
    }
}

//! Meals and days that a user may log again, likeliest first.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::civil::Date;

use crate::{Activity, Entry};

/// How much less likely a meal is with each day that has passed.
const PER_DAY: f64 = 0.85;
/// How much likelier a meal is for each other day that has the same one.
const PER_REPEAT: f64 = 0.3;
/// How much less likely a meal is whose type the day has already.
const HAD: f64 = 0.3;
/// How much likelier the weekday's meal is.
const SAME_WEEKDAY: f64 = 1.5;

/// The entries of one type on one day, or all entries of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Meal {
    /// The day.
    pub date: Date,
    /// The type of the entries; none for the whole day.
    pub kind: Option<String>,
    /// Its entries in the order of the log.
    pub entries: Vec<Entry>,
}

/// What is logged next, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The day that is logged.
    pub date: Date,
    /// The meal of the hour.
    pub meal: &'a str,
}

impl Meal {
    /// What two meals have in common that are the same again: names, types and kcal.
    fn content(&self) -> Vec<(&str, Option<&str>, u32)> {
        let each = self.entries.iter();
        let mut content: Vec<_> = each
            .map(|entry| (entry.kind.as_str(), entry.name.as_deref(), entry.kcal))
            .collect();
        content.sort_unstable();
        content
    }

    /// `has_kind` is whether the day has entries of the type, or any for a whole day.
    fn score(&self, at: Occasion<'_>, has_kind: bool) -> f64 {
        let days = f64::from(at.date.since(self.date).map_or(i32::MAX, |span| span.get_days()));
        let part = match &self.kind {
            Some(kind) if kind == at.meal => 4.0,
            Some(_) => 1.0,
            None => 1.5,
        };
        let had = if has_kind { HAD } else { 1.0 };
        let weekday = if self.date.weekday() == at.date.weekday() && days > 0.0 {
            SAME_WEEKDAY
        } else {
            1.0
        };
        // The shown day itself comes last.
        let age = if days > 0.0 {
            PER_DAY.powf(days - 1.0)
        } else {
            0.05
        };
        part * had * weekday * age
    }
}

/// The meals and whole days among entries, likeliest first: the day before's meal of the hour in front. Of meals that are the
/// same, the latest is there. Entries of days behind the occasion's are left out.
pub fn meals(activities: &[Activity], at: Occasion<'_>, most: usize) -> Vec<Meal> {
    let mut found: BTreeMap<(Date, Option<&str>), Vec<Entry>> = BTreeMap::new();
    let mut sorted: Vec<&Activity> = activities.iter().collect();
    sorted.sort_by(|one, other| one.log_order(other));
    for activity in sorted {
        let entry = &activity.entry;
        if entry.date > at.date {
            continue;
        }
        for kind in [Some(entry.kind.as_str()), None] {
            found.entry((entry.date, kind)).or_default().push(entry.clone());
        }
    }
    let has = |date: Date, kind: Option<&str>| found.contains_key(&(date, kind));
    let yesterday = at.date.yesterday().ok();
    let kinds = |date: Date| {
        found
            .keys()
            .filter(|(other, kind)| *other == date && kind.is_some())
            .count()
    };
    // The newest first, so that it stands for those that are the same.
    let candidates: Vec<Meal> = found
        .iter()
        .rev()
        // A day of one type is that meal.
        .filter(|((date, kind), _)| kind.is_some() || kinds(*date) > 1)
        .map(|((date, kind), entries)| Meal {
            date: *date,
            kind: kind.map(str::to_owned),
            entries: entries.clone(),
        })
        .collect();
    let mut ranked: Vec<(bool, f64, Meal)> = Vec::new();
    for meal in candidates {
        let content = meal.content();
        let same = ranked
            .iter_mut()
            .find(|(_, _, other)| other.kind == meal.kind && other.content() == content);
        if let Some((_, score, _)) = same {
            *score *= 1.0 + PER_REPEAT;
        } else {
            let is_usual = meal.kind.as_deref() == Some(at.meal) && Some(meal.date) == yesterday;
            let has_kind = has(at.date, meal.kind.as_deref());
            ranked.push((is_usual, meal.score(at, has_kind), meal));
        }
    }
    ranked.sort_by(|one, other| {
        let key = (Reverse(one.0), Reverse(one.2.date)).cmp(&(Reverse(other.0), Reverse(other.2.date)));
        Reverse(one.0)
            .cmp(&Reverse(other.0))
            .then(other.1.total_cmp(&one.1))
            .then(key)
    });
    ranked.into_iter().map(|(_, _, meal)| meal).take(most).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn entry(day: i8, hour: i8, kind: &str, name: &str) -> Activity {
        let date = date(2026, 11, day);
        let moment = date.at(hour, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
        let entry = Entry {
            name: Some(name.to_owned()),
            ..Entry::new(date, moment, "Food", kind, 100)
        };
        Activity {
            id: format!("{day}-{hour}-{name}"),
            owner: "u".to_owned(),
            entry,
            rev: 1,
        }
    }

    fn listed(activities: &[Activity], meal: &str) -> Vec<(i8, Option<String>)> {
        let at = Occasion {
            date: date(2026, 11, 30),
            meal,
        };
        let found = meals(activities, at, 9).into_iter();
        found.map(|meal| (meal.date.day(), meal.kind)).collect()
    }

    fn meal(day: i8, kind: &str) -> (i8, Option<String>) {
        (day, Some(kind.to_owned()))
    }

    #[test]
    fn the_same_meal_of_the_day_before_is_first() {
        let log = [
            entry(28, 19, "Dinner", "pizza"),
            entry(29, 8, "Breakfast", "oatmeal"),
            entry(29, 19, "Dinner", "curry"),
            entry(29, 19, "Dinner", "rice"),
            entry(23, 19, "Dinner", "stew"),
        ];
        let found = listed(&log, "Dinner");
        assert_eq!(found[0], meal(29, "Dinner"));
        assert_eq!(found[1], meal(28, "Dinner"));
        assert!(found.contains(&(29, None)), "a whole day: {found:?}");
        assert!(
            !found.contains(&(28, None)),
            "a day of one meal is that meal: {found:?}"
        );
        assert_eq!(listed(&log, "Breakfast")[0], meal(29, "Breakfast"));
    }

    #[test]
    fn meals_that_are_the_same_are_one_and_likelier() {
        let log = [
            entry(25, 8, "Breakfast", "oatmeal"),
            entry(26, 8, "Breakfast", "oatmeal"),
            entry(27, 8, "Breakfast", "oatmeal"),
            entry(28, 8, "Breakfast", "eggs"),
        ];
        assert_eq!(
            listed(&log, "Breakfast"),
            [meal(27, "Breakfast"), meal(28, "Breakfast")]
        );
    }

    #[test]
    fn the_shown_day_comes_last_and_later_days_not_at_all() {
        let mut later = entry(30, 8, "Breakfast", "later");
        later.entry.date = date(2026, 12, 1);
        let log = [
            later,
            entry(30, 8, "Breakfast", "oatmeal"),
            entry(20, 12, "Lunch", "soup"),
        ];
        assert_eq!(
            listed(&log, "Breakfast"),
            [meal(20, "Lunch"), meal(30, "Breakfast")]
        );
        assert!(listed(&[], "Lunch").is_empty());
    }
}

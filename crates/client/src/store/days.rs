//! Cached days.

use std::borrow::Cow;

use caltrack_domain::{Activity, DailyTotals, Day, Grams};
use jiff::civil::Date;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{
    cache::{Cache, Owner},
    error::CacheError,
};

impl Cache {
    /// Stores a day as last fetched.
    ///
    /// # Errors
    ///
    /// Any [`CacheError`].
    pub fn save_day(&self, owner: Owner<'_>, day: &Day) -> Result<(), CacheError> {
        let body = serde_json::to_string(&StoredDay::from(day))?;
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO days (profile, sub, date, body) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![
                owner.profile,
                owner.sub,
                day.totals.date.to_string(),
                body
            ])?;
        Ok(())
    }

    /// The stored day; `None` if it was never stored.
    ///
    /// # Errors
    ///
    /// Any [`CacheError`].
    pub fn day(&self, owner: Owner<'_>, date: Date) -> Result<Option<Day>, CacheError> {
        let body: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM days WHERE profile = ?1 AND sub = ?2 AND date = ?3")?
            .query_row(params![owner.profile, owner.sub, date.to_string()], |row| {
                row.get(0)
            })
            .optional()?;
        let Some(body) = body else { return Ok(None) };
        let stored: StoredDay<'_> = serde_json::from_str(&body)?;
        Ok(Some(stored.into_day(date)))
    }
}

#[derive(Serialize, Deserialize)]
struct StoredDay<'a> {
    consumed: i64,
    burned: i64,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entries: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    protein: Option<Grams>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fat: Option<Grams>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carbohydrate: Option<Grams>,
    activities: Cow<'a, [Activity]>,
}

impl<'a> From<&'a Day> for StoredDay<'a> {
    fn from(day: &'a Day) -> Self {
        Self {
            consumed: day.totals.calories_consumed,
            burned: day.totals.calories_burned,
            version: day.totals.version,
            weight: day.totals.weight,
            entries: day.totals.entries,
            digest: day.totals.digest,
            protein: day.totals.protein,
            fat: day.totals.fat,
            carbohydrate: day.totals.carbohydrate,
            activities: Cow::Borrowed(&day.activities),
        }
    }
}

impl StoredDay<'_> {
    fn into_day(self, date: Date) -> Day {
        Day {
            activities: self.activities.into_owned(),
            totals: DailyTotals {
                date,
                calories_consumed: self.consumed,
                calories_burned: self.burned,
                version: self.version,
                weight: self.weight,
                entries: self.entries,
                digest: self.digest,
                protein: self.protein,
                fat: self.fat,
                carbohydrate: self.carbohydrate,
            },
            notice: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;

    use super::*;

    fn day(on: Date, kcal: u32) -> Day {
        Day {
            activities: vec![Activity {
                id: "a1".to_owned(),
                owner: "s1".to_owned(),
                entry: Entry {
                    name: Some("soup \u{1f35c}".to_owned()),
                    quantity: Some(1.5),
                    ..Entry::new(
                        on,
                        "2026-11-23T07:30:00.123Z".parse().unwrap(),
                        "Food",
                        "Lunch",
                        kcal,
                    )
                },
                rev: 2,
            }],
            totals: DailyTotals {
                date: on,
                calories_consumed: i64::from(kcal),
                calories_burned: 0,
                version: 3,
                weight: Some(70.5),
                entries: Some(1),
                digest: Some(4_000_000_000),
                protein: Some(Grams::from_tenths(125)),
                fat: Some(Grams::ZERO),
                carbohydrate: None,
            },
            notice: None,
        }
    }

    #[test]
    fn a_day_is_read_as_it_was_stored_and_only_by_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(&dir.path().join("cache.db")).unwrap().cache;
        let owner = Owner {
            profile: "local",
            sub: "s1",
        };
        let on = date(2026, 11, 23);
        cache.save_day(owner, &day(on, 1)).unwrap();
        cache.save_day(owner, &day(on, 650)).unwrap();
        assert_eq!(cache.day(owner, on).unwrap(), Some(day(on, 650)));
        assert_eq!(cache.day(owner, date(2026, 11, 24)).unwrap(), None);
        assert_eq!(cache.day(Owner { sub: "s2", ..owner }, on).unwrap(), None);
        assert_eq!(
            cache
                .day(
                    Owner {
                        profile: "work",
                        ..owner
                    },
                    on
                )
                .unwrap(),
            None
        );
    }

    #[test]
    fn two_programs_share_one_cache() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let one = Cache::open(&path).unwrap().cache;
        let two = Cache::open(&path).unwrap().cache;
        let owner = Owner {
            profile: "local",
            sub: "s1",
        };
        one.save_day(owner, &day(date(2026, 11, 23), 5)).unwrap();
        two.save_day(owner, &day(date(2026, 11, 24), 6)).unwrap();
        assert!(one.day(owner, date(2026, 11, 24)).unwrap().is_some());
        assert!(two.day(owner, date(2026, 11, 23)).unwrap().is_some());
    }

    #[test]
    fn an_invalid_row_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(&dir.path().join("cache.db")).unwrap().cache;
        cache
            .connection
            .execute("INSERT INTO days VALUES ('local', 's1', '2026-11-23', '{}')", [])
            .unwrap();
        let owner = Owner {
            profile: "local",
            sub: "s1",
        };
        assert!(matches!(
            cache.day(owner, date(2026, 11, 23)),
            Err(CacheError::Row(_))
        ));
    }
}

//! Rows of the API to the domain's nouns, forgiving where AWS or a foreign client left something out.

use caltrack_domain::{Activity, Category, DailyTotals, parse_day, utc_day};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use super::{DEFAULT_TARGET, Profile};

/// Why a row can't be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadRow(pub(crate) String);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActivityRow {
    id: String,
    userid: String,
    category: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(deserialize_with = "whole")]
    calories_consumed: i64,
    creation_date_time: String,
    date: Option<String>,
    name: Option<String>,
    note: Option<String>,
    quantity: Option<f64>,
    rev: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TotalsRow {
    date: String,
    #[serde(default, deserialize_with = "whole_or_zero")]
    calories_consumed: i64,
    #[serde(default, deserialize_with = "whole_or_zero")]
    calories_burned: i64,
    version: Option<u64>,
    weight: Option<f64>,
}

#[derive(Deserialize)]
struct CategoryRow {
    category: String,
    #[serde(rename = "type")]
    types: Option<Vec<Option<String>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserRow {
    username: String,
    height: f64,
    weight: f64,
    bmi: Option<f64>,
    calories_target_per_day: Option<u32>,
    time_zone: Option<String>,
    day_starts_at: Option<String>,
    count_exercise: Option<bool>,
    rev: Option<u32>,
}

/// A whole number. DynamoDB has one kind of number, so `650.0` is one too.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    from_number(&serde_json::Number::deserialize(deserializer)?)
}

/// A whole number, null counting as 0.
fn whole_or_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Option::<serde_json::Number>::deserialize(deserializer)?.map_or(Ok(0), |number| from_number(&number))
}

fn from_number<E: serde::de::Error>(number: &serde_json::Number) -> Result<i64, E> {
    let text = number.to_string();
    text.strip_suffix(".0")
        .unwrap_or(&text)
        .parse()
        .map_err(|_| E::custom(format!("{text} is not a whole number")))
}

fn row<T: DeserializeOwned>(value: Value) -> Result<T, BadRow> {
    serde_json::from_value(value).map_err(|error| BadRow(error.to_string()))
}

/// An entry. Its day is the UTC date of its moment where it carries none, as entries of the workshop do.
pub(crate) fn activity(value: Value) -> Result<Activity, BadRow> {
    let row: ActivityRow = row(value)?;
    let creation_date_time: Timestamp = row
        .creation_date_time
        .parse()
        .map_err(|_| BadRow(format!("`{}` is not a moment", row.creation_date_time)))?;
    let date = match row.date {
        Some(text) => parse_day(&text).map_err(|error| BadRow(error.to_string()))?,
        None => utc_day(creation_date_time),
    };
    Ok(Activity {
        id: row.id,
        userid: row.userid,
        date,
        creation_date_time,
        category: row.category,
        kind: row.kind,
        kcal: u32::try_from(row.calories_consumed)
            .map_err(|_| BadRow(format!("{} is no number of kcal", row.calories_consumed)))?,
        name: row.name,
        note: row.note,
        quantity: row.quantity,
        rev: row.rev.unwrap_or(1),
    })
}

/// A day's totals.
pub(crate) fn totals(value: Value) -> Result<DailyTotals, BadRow> {
    let row: TotalsRow = row(value)?;
    Ok(DailyTotals {
        date: parse_day(&row.date).map_err(|error| BadRow(error.to_string()))?,
        calories_consumed: row.calories_consumed,
        calories_burned: row.calories_burned,
        version: row.version.unwrap_or(0),
        weight: row.weight,
    })
}

/// A category.
pub(crate) fn category(value: Value) -> Result<Category, BadRow> {
    let row: CategoryRow = row(value)?;
    Ok(Category {
        name: row.category,
        types: row.types.unwrap_or_default().into_iter().flatten().collect(),
    })
}

/// A profile.
pub(crate) fn profile(value: Value) -> Result<Profile, BadRow> {
    let row: UserRow = row(value)?;
    Ok(Profile {
        username: row.username,
        height: row.height,
        weight: row.weight,
        bmi: row.bmi,
        target: row.calories_target_per_day.unwrap_or(DEFAULT_TARGET),
        time_zone: row.time_zone,
        day_starts_at: row.day_starts_at,
        count_exercise: row.count_exercise.unwrap_or(true),
        rev: row.rev.unwrap_or(1),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry() -> Value {
        json!({"id": "i", "userid": "u", "category": "Food", "type": "Lunch", "caloriesConsumed": 650,
            "creationDateTime": "2026-11-23T23:30:00.000-02:00", "date": null, "name": null, "rev": null})
    }

    #[test]
    fn an_entry_of_the_workshop_counts_on_the_utc_date_of_its_moment() {
        let activity = activity(entry()).unwrap();
        assert_eq!(activity.date.to_string(), "2026-11-24");
        assert_eq!((activity.rev, activity.kcal, activity.name), (1, 650, None));
    }

    #[test]
    fn rows_that_make_no_sense_are_refused_with_a_reason() {
        for (member, value) in [
            ("date", json!("2026-02-30")),
            ("creationDateTime", json!("yesterday")),
            ("caloriesConsumed", Value::Null),
            ("caloriesConsumed", json!(-5)),
            ("caloriesConsumed", json!(1.5)),
            ("caloriesConsumed", json!("650")),
            ("userid", Value::Null),
        ] {
            let mut row = entry();
            row[member] = value;
            assert!(!activity(row.clone()).unwrap_err().0.is_empty(), "{row}");
        }
        assert!(activity(Value::Null).is_err());
    }

    #[test]
    fn totals_that_miss_a_number_count_it_as_nothing() {
        let totals = totals(
            json!({"userid": "u", "date": "2026-11-23", "caloriesConsumed": 650.0, "caloriesBurned": null}),
        )
        .unwrap();
        assert_eq!(
            (totals.calories_consumed, totals.calories_burned, totals.version),
            (650, 0, 0)
        );
    }

    #[test]
    fn a_category_may_hold_nulls_and_a_profile_defaults() {
        let category = category(json!({"category": "Food", "type": ["Lunch", null]})).unwrap();
        assert_eq!(category.types, ["Lunch"]);
        let profile = profile(json!({"username": "ada", "height": 170, "weight": 60.5})).unwrap();
        assert!(profile.count_exercise);
        assert_eq!(profile.target, 2000);
    }
}

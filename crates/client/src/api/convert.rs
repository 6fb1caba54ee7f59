//! Conversion of rows of the API to types of the domain. Members that AWS or other clients omit get a default.
//!
//! Entries are read by the names of their members, which `caltrack_domain::Entry` lists; a test of `operations.rs` checks that every
//! document selects them all. For the other types, the generator has a row type for each operation, and this file doesn't compile if a
//! document selects too little.

use caltrack_domain::{Activity, Category, DailyTotals, parse_day, utc_day};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    data::{BadRow, read},
    generated::{
        day, get_user::GetUserGetUser,
        list_activity_categories::ListActivityCategoriesListActivityCategoriesItems,
        list_user_aggregates_by_date, on_update_user_aggregate,
    },
    model::Profile,
};

/// Reads an entry by the names of its members. Without a date, as in entries of the workshop's client, its day is the UTC date of
/// its moment. Null members are absent ones.
pub(crate) fn activity(mut row: Value) -> Result<Activity, BadRow> {
    if let Some(members) = row.as_object_mut() {
        members.retain(|_, value| !value.is_null());
        if let Some(Value::String(moment)) = members.get("creationDateTime")
            && !members.contains_key("date")
            && let Ok(moment) = moment.parse::<Timestamp>()
        {
            members.insert("date".to_owned(), utc_day(moment).to_string().into());
        }
    }
    read(row)
}

/// Converts each operation's type of the fragment `Totals`.
macro_rules! convert_totals {
    ($($operation:ident),+ $(,)?) => {
        $(impl TryFrom<$operation::Totals> for DailyTotals {
            type Error = BadRow;

            fn try_from(row: $operation::Totals) -> Result<Self, BadRow> {
                Ok(Self {
                    date: parse_day(&row.date).map_err(|error| BadRow(error.to_string()))?,
                    calories_consumed: row.calories_consumed.unwrap_or(0),
                    calories_burned: row.calories_burned.unwrap_or(0),
                    version: count(row.version.unwrap_or(0))?,
                    weight: row.weight,
                })
            }
        })+
    };
}

convert_totals! { day, list_user_aggregates_by_date, on_update_user_aggregate }

impl TryFrom<GetUserGetUser> for Profile {
    type Error = BadRow;

    fn try_from(row: GetUserGetUser) -> Result<Self, BadRow> {
        Ok(Self {
            username: row.username,
            height: row.height,
            weight: row.weight,
            bmi: row.bmi,
            target: count(row.calories_target_per_day)?,
            time_zone: row.time_zone,
            day_starts_at: row.day_starts_at,
            count_exercise: row.count_exercise.unwrap_or(true),
            rev: count(row.rev.unwrap_or(1))?,
        })
    }
}

impl TryFrom<ListActivityCategoriesListActivityCategoriesItems> for Category {
    type Error = BadRow;

    fn try_from(row: ListActivityCategoriesListActivityCategoriesItems) -> Result<Self, BadRow> {
        Ok(Self {
            name: row.category,
            types: row.type_.unwrap_or_default().into_iter().flatten().collect(),
        })
    }
}

/// A number that is never negative.
fn count<T: TryFrom<i64>>(number: i64) -> Result<T, BadRow> {
    T::try_from(number).map_err(|_| BadRow(format!("{number} is out of range")))
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;

    fn converted<R: DeserializeOwned, T: TryFrom<R, Error = BadRow>>(row: Value) -> Result<T, BadRow> {
        read::<R>(row)?.try_into()
    }

    fn entry() -> Value {
        json!({"id": "i", "userid": "u", "category": "Food", "type": "Lunch", "caloriesConsumed": 650,
            "creationDateTime": "2026-11-23T23:30:00.000-02:00", "date": null, "name": null, "rev": null})
    }

    #[test]
    fn an_entry_without_a_date_has_the_utc_date_of_its_moment() {
        let activity = activity(entry()).unwrap();
        assert_eq!(activity.entry.date.to_string(), "2026-11-24");
        assert_eq!(
            (activity.rev, activity.entry.kcal, activity.entry.name),
            (1, 650, None)
        );
    }

    #[test]
    fn invalid_rows_are_rejected_with_a_reason() {
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
    fn absent_numbers_of_totals_are_zero() {
        let totals = converted::<on_update_user_aggregate::Totals, DailyTotals>(
            json!({"userid": "u", "date": "2026-11-23", "caloriesConsumed": 650, "caloriesBurned": null}),
        )
        .unwrap();
        assert_eq!(
            (totals.calories_consumed, totals.calories_burned, totals.version),
            (650, 0, 0)
        );
    }

    #[test]
    fn nulls_in_a_category_are_ignored_and_a_profile_has_defaults() {
        let category = converted::<ListActivityCategoriesListActivityCategoriesItems, Category>(
            json!({"category": "Food", "type": ["Lunch", null]}),
        )
        .unwrap();
        assert_eq!(category.types, ["Lunch"]);
        let row = |target: i64| json!({"id": "u", "username": "ada", "height": 170, "weight": 60.5, "caloriesTargetPerDay": target});
        let profile = converted::<GetUserGetUser, Profile>(row(1800)).unwrap();
        assert!(profile.count_exercise);
        assert_eq!((profile.target, profile.rev), (1800, 1));
        assert!(converted::<GetUserGetUser, Profile>(row(-1)).is_err());
    }
}

//! Conversion of rows of the API to types of the domain. Members that AWS or other clients omit get a default.
//!
//! Entries are read by the names of their members, which `caltrack_domain::Entry` lists; a test of `operations.rs` checks that every
//! document selects them all. For the other types, the generator has a row type for each operation, and this file doesn't compile if a
//! document selects too little.

use caltrack_domain::{Activity, Category, DailyTotals, Grams, Profile, TargetChange, parse_day, utc_day};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    data::{BadRow, read},
    generated::{
        create_user, day, get_user,
        list_activity_categories::ListActivityCategoriesListActivityCategoriesItems, list_days_to_erase,
        list_user_aggregates_by_date, on_update_user_aggregate, set_weight, update_user,
    },
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
                    entries: row.entries.and_then(|entries| entries.try_into().ok()),
                    digest: row.digest.and_then(digest),
                    protein: row.protein.and_then(Grams::from_f64),
                    fat: row.fat.and_then(Grams::from_f64),
                    carbohydrate: row.carbohydrate.and_then(Grams::from_f64),
                })
            }
        })+
    };
}

convert_totals! { day, list_days_to_erase, list_user_aggregates_by_date, on_update_user_aggregate, set_weight }

/// A digest, if the number is one. While records of a day are being booked, its sum may be negative: such totals verify nothing yet.
fn digest(number: f64) -> Option<u64> {
    /// Below it, every whole number has a floating-point number: 2^53.
    const END: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to 2^53"
    )]
    (number.fract() == 0.0 && (0.0..END).contains(&number)).then_some(number as u64)
}

/// Converts each operation's type of the fragment `Profile`.
macro_rules! convert_profile {
    ($($operation:ident),+ $(,)?) => {
        $(impl TryFrom<$operation::Profile> for Profile {
            type Error = BadRow;

            fn try_from(row: $operation::Profile) -> Result<Self, BadRow> {
                Ok(Self {
                    username: row.username,
                    height: row.height,
                    weight: row.weight,
                    bmi: row.bmi,
                    target: count(row.calories_target_per_day)?,
                    targets: row.targets.as_deref().map(targets).unwrap_or_default(),
                    time_zone: row.time_zone,
                    day_starts_at: row.day_starts_at,
                    count_exercise: row.count_exercise.unwrap_or(true),
                    rev: count(row.rev.unwrap_or(1))?,
                })
            }
        })+
    };
}

convert_profile! { get_user, create_user, update_user }

/// The targets by day, in ascending order. Other programs may store anything: then there are none.
fn targets(json: &str) -> Vec<TargetChange> {
    let mut targets: Vec<TargetChange> = serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::warn!(%error, "the profile's targets are invalid");
        Vec::new()
    });
    targets.sort_by_key(|change| change.from);
    targets
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
        assert_eq!(
            (totals.entries, totals.digest, totals.protein),
            (None, None, None)
        );
    }

    /// AppSync may write a large `Float` with an exponent.
    #[test]
    fn digest_and_grams_are_exact_and_verify_nothing_where_they_are_no_such_number() {
        let totals = |digest: &str, protein: &str| {
            let row = format!(
                r#"{{"userid": "u", "date": "2026-11-23", "entries": 3, "digest": {digest}, "protein": {protein}}}"#
            );
            converted::<day::Totals, DailyTotals>(serde_json::from_str(&row).unwrap()).unwrap()
        };
        for text in ["12884901885", "1.2884901885E10", "12884901885.0"] {
            assert_eq!(totals(text, "0").digest, Some(12_884_901_885));
        }
        for text in ["-1", "0.5", "9007199254740992", "null"] {
            assert_eq!(totals(text, "0").digest, None, "{text}");
        }
        assert_eq!(totals("0", "0.1").protein, Some(Grams::from_tenths(1)));
        assert_eq!(totals("0", "0.15").protein, None);
        assert_eq!(totals("0", "0").entries, Some(3));
    }

    #[test]
    fn nulls_in_a_category_are_ignored_and_a_profile_has_defaults() {
        let category = converted::<ListActivityCategoriesListActivityCategoriesItems, Category>(
            json!({"category": "Food", "type": ["Lunch", null]}),
        )
        .unwrap();
        assert_eq!(category.types, ["Lunch"]);
        let row = |target: i64| json!({"id": "u", "username": "ada", "height": 170, "weight": 60.5, "caloriesTargetPerDay": target});
        let profile = converted::<get_user::Profile, Profile>(row(1800)).unwrap();
        assert!(profile.count_exercise);
        assert_eq!((profile.target, profile.rev), (1800, 1));
        assert!(converted::<get_user::Profile, Profile>(row(-1)).is_err());
    }
}

//! Rows of the API to the domain's nouns, forgiving where AWS or a foreign client left something out.
//!
//! Entries are read by the names of their members, which `caltrack_domain::Entry` lists; a test of `operations.rs` makes sure that
//! every document selects them all. For the other nouns, the generator gives each operation row types of its own: a noun is made of
//! one of them, and the others are made that one, so that this file doesn't compile where a document doesn't select enough.

use caltrack_domain::{Activity, Category, DailyTotals, parse_day, utc_day};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Profile,
    data::{BadRow, read},
    generated::{
        create_user::CreateUserCreateUser, day::DayGetUserAggregate, get_user::GetUserGetUser,
        list_activity_categories::ListActivityCategoriesListActivityCategoriesItems,
        list_user_aggregates_by_date::ListUserAggregatesByDateListUserAggregatesByDateItems,
        on_update_user_aggregate::OnUpdateUserAggregateOnUpdateUserAggregate,
        update_user::UpdateUserUpdateUser,
    },
};

/// A row that one of the domain's nouns is made of.
pub(crate) trait Row {
    /// What it stands for.
    type Noun;

    /// The noun, where the row makes sense.
    fn noun(self) -> Result<Self::Noun, BadRow>;
}

/// Makes a noun of further rows by way of the one row that says how.
macro_rules! alike {
    ($row:ident $members:tt from $($other:ident),+ $(,)?) => {
        $(alike! { @one $row $members from $other })+
    };
    (@one $row:ident { $($member:ident),+ $(,)? } from $other:ident) => {
        impl Row for $other {
            type Noun = <$row as Row>::Noun;

            fn noun(self) -> Result<Self::Noun, BadRow> {
                $row { $($member: self.$member),+ }.noun()
            }
        }
    };
}

/// Reads an entry by the names of its members. Its day is the UTC date of its moment where it carries none, as entries of the
/// workshop do; other members that are null are absent.
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

impl Row for DayGetUserAggregate {
    type Noun = DailyTotals;

    fn noun(self) -> Result<DailyTotals, BadRow> {
        Ok(DailyTotals {
            date: parse_day(&self.date).map_err(|error| BadRow(error.to_string()))?,
            calories_consumed: self.calories_consumed.unwrap_or(0),
            calories_burned: self.calories_burned.unwrap_or(0),
            version: count(self.version.unwrap_or(0))?,
            weight: self.weight,
        })
    }
}

alike! {
    DayGetUserAggregate { userid, date, calories_consumed, calories_burned, version, weight } from
        ListUserAggregatesByDateListUserAggregatesByDateItems,
        OnUpdateUserAggregateOnUpdateUserAggregate,
}

impl Row for GetUserGetUser {
    type Noun = Profile;

    fn noun(self) -> Result<Profile, BadRow> {
        Ok(Profile {
            username: self.username,
            height: self.height,
            weight: self.weight,
            bmi: self.bmi,
            target: count(self.calories_target_per_day)?,
            time_zone: self.time_zone,
            day_starts_at: self.day_starts_at,
            count_exercise: self.count_exercise.unwrap_or(true),
            rev: count(self.rev.unwrap_or(1))?,
        })
    }
}

alike! {
    GetUserGetUser {
        id, username, height, weight, bmi, calories_target_per_day, time_zone, day_starts_at, count_exercise, rev,
    } from
        CreateUserCreateUser,
        UpdateUserUpdateUser,
}

impl Row for ListActivityCategoriesListActivityCategoriesItems {
    type Noun = Category;

    fn noun(self) -> Result<Category, BadRow> {
        Ok(Category {
            name: self.category,
            types: self.type_.unwrap_or_default().into_iter().flatten().collect(),
        })
    }
}

/// What counts something isn't negative.
fn count<T: TryFrom<i64>>(number: i64) -> Result<T, BadRow> {
    T::try_from(number).map_err(|_| BadRow(format!("{number} is out of range")))
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;

    fn noun<R: Row + DeserializeOwned>(row: Value) -> Result<R::Noun, BadRow> {
        read::<R>(row)?.noun()
    }

    fn entry() -> Value {
        json!({"id": "i", "userid": "u", "category": "Food", "type": "Lunch", "caloriesConsumed": 650,
            "creationDateTime": "2026-11-23T23:30:00.000-02:00", "date": null, "name": null, "rev": null})
    }

    #[test]
    fn an_entry_of_the_workshop_counts_on_the_utc_date_of_its_moment() {
        let activity = activity(entry()).unwrap();
        assert_eq!(activity.entry.date.to_string(), "2026-11-24");
        assert_eq!(
            (activity.rev, activity.entry.kcal, activity.entry.name),
            (1, 650, None)
        );
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
        let totals = noun::<OnUpdateUserAggregateOnUpdateUserAggregate>(
            json!({"userid": "u", "date": "2026-11-23", "caloriesConsumed": 650, "caloriesBurned": null}),
        )
        .unwrap();
        assert_eq!(
            (totals.calories_consumed, totals.calories_burned, totals.version),
            (650, 0, 0)
        );
    }

    #[test]
    fn a_category_may_hold_nulls_and_a_profile_defaults() {
        let category = noun::<ListActivityCategoriesListActivityCategoriesItems>(
            json!({"category": "Food", "type": ["Lunch", null]}),
        )
        .unwrap();
        assert_eq!(category.types, ["Lunch"]);
        let row = |target: i64| json!({"id": "u", "username": "ada", "height": 170, "weight": 60.5, "caloriesTargetPerDay": target});
        let profile = noun::<UpdateUserUpdateUser>(row(1800)).unwrap();
        assert!(profile.count_exercise);
        assert_eq!((profile.target, profile.rev), (1800, 1));
        assert!(noun::<GetUserGetUser>(row(-1)).is_err());
    }
}

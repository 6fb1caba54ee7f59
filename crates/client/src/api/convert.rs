//! Rows of the API to the domain's nouns, forgiving where AWS or a foreign client left something out.
//!
//! The generator gives each operation row types of its own. A noun is made of one of them, and the others are made that one: where a
//! document doesn't select all that a noun is made of, this file doesn't compile.

use caltrack_domain::{Activity, Category, DailyTotals, parse_day, utc_day};
use jiff::Timestamp;

use super::{
    data::BadRow,
    generated::{
        create_activity::CreateActivityCreateActivity,
        day::{DayGetUserAggregate, DayListActivitiesByDateItems},
        delete_activity::DeleteActivityDeleteActivity,
        get_activity::GetActivityGetActivity,
        get_user::GetUserGetUser,
        list_activities_by_date::ListActivitiesByDateListActivitiesByDateItems,
        list_activity_categories::ListActivityCategoriesListActivityCategoriesItems,
        list_user_aggregates_by_date::ListUserAggregatesByDateListUserAggregatesByDateItems,
        on_create_activity::OnCreateActivityOnCreateActivity,
        on_delete_activity::OnDeleteActivityOnDeleteActivity,
        on_update_activity::OnUpdateActivityOnUpdateActivity,
        on_update_user_aggregate::OnUpdateUserAggregateOnUpdateUserAggregate,
        update_activity::UpdateActivityUpdateActivity,
    },
    model::Profile,
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

/// Its day is the UTC date of its moment where it carries none, as entries of the workshop do.
impl Row for GetActivityGetActivity {
    type Noun = Activity;

    fn noun(self) -> Result<Activity, BadRow> {
        let creation_date_time: Timestamp = self
            .creation_date_time
            .parse()
            .map_err(|_| BadRow(format!("`{}` is not a moment", self.creation_date_time)))?;
        let date = match self.date {
            Some(text) => parse_day(&text).map_err(|error| BadRow(error.to_string()))?,
            None => utc_day(creation_date_time),
        };
        Ok(Activity {
            id: self.id,
            userid: self.userid,
            date,
            creation_date_time,
            category: self.category,
            kind: self.type_,
            kcal: count(self.calories_consumed)?,
            name: self.name,
            note: self.note,
            quantity: self.quantity,
            rev: count(self.rev.unwrap_or(1))?,
        })
    }
}

alike! {
    GetActivityGetActivity {
        id, userid, category, type_, calories_consumed, creation_date_time, date, name, note, quantity, rev,
    } from
        CreateActivityCreateActivity,
        UpdateActivityUpdateActivity,
        DeleteActivityDeleteActivity,
        DayListActivitiesByDateItems,
        ListActivitiesByDateListActivitiesByDateItems,
        OnCreateActivityOnCreateActivity,
        OnUpdateActivityOnUpdateActivity,
        OnDeleteActivityOnDeleteActivity,
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
    use serde_json::{Value, json};

    use super::*;
    use crate::api::data::read;

    fn noun<R: Row + DeserializeOwned>(row: Value) -> Result<R::Noun, BadRow> {
        read::<R>(row)?.noun()
    }

    fn activity(row: Value) -> Result<Activity, BadRow> {
        noun::<GetActivityGetActivity>(row)
    }

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
        let profile = noun::<GetUserGetUser>(row(1800)).unwrap();
        assert!(profile.count_exercise);
        assert_eq!((profile.target, profile.rev), (1800, 1));
        assert!(noun::<GetUserGetUser>(row(-1)).is_err());
    }
}

//! The operations of `graphql/operations/` with their variables.

use caltrack_domain::{ActivityPatch, DEFAULT_TARGET, NewActivity, outbox::Members};
use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

use super::{
    generated::{
        CreateActivity, CreateUser, Day, DeleteActivity, DeleteUser, DeleteUserAggregate, GetActivity,
        GetUser, ListActivities, ListActivitiesByDate, ListActivityCategories, ListDaysToErase,
        ListUserAggregatesByDate, SetWeight, SuggestedFood, UpdateActivity, UpdateUser, create_activity,
        create_user, day, delete_activity, delete_user, delete_user_aggregate, get_activity, get_user,
        list_activities, list_activities_by_date, list_activity_categories, list_days_to_erase,
        list_user_aggregates_by_date, set_weight, suggested_food, update_activity, update_user,
    },
    graphql::GraphQlOperation,
};

/// Entries of a day's first page, and of each further one: a day rarely has more.
const PAGE_SIZE: i64 = 500;
/// Rows of the other pages, the most that a list returns.
const LARGE_PAGE: i64 = 1_000;

pub(crate) fn categories(token: Option<String>) -> GraphQlOperation<ListActivityCategories> {
    GraphQlOperation::new(list_activity_categories::Variables { next_token: token })
}

pub(crate) fn day(date: Date, sub: &str) -> GraphQlOperation<Day> {
    GraphQlOperation::new(day::Variables {
        date: date.to_string(),
        userid: sub.to_owned(),
        limit: PAGE_SIZE,
    })
}

pub(crate) fn entries(from: Date, to: Date, token: Option<String>) -> GraphQlOperation<ListActivitiesByDate> {
    GraphQlOperation::new(list_activities_by_date::Variables {
        from: from.to_string(),
        to: to.to_string(),
        limit: LARGE_PAGE,
        next_token: token,
    })
}

pub(crate) fn entries_by_moment(
    from: Timestamp,
    to: Timestamp,
    token: Option<String>,
) -> GraphQlOperation<ListActivities> {
    GraphQlOperation::new(list_activities::Variables {
        from: format!("{from:.3}"),
        to: format!("{to:.3}"),
        limit: LARGE_PAGE,
        next_token: token,
    })
}

pub(crate) fn totals(
    from: Date,
    to: Date,
    token: Option<String>,
) -> GraphQlOperation<ListUserAggregatesByDate> {
    GraphQlOperation::new(list_user_aggregates_by_date::Variables {
        from: from.to_string(),
        to: to.to_string(),
        limit: LARGE_PAGE,
        next_token: token,
    })
}

pub(crate) fn days_to_erase(
    from: Date,
    to: Date,
    token: Option<String>,
) -> GraphQlOperation<ListDaysToErase> {
    GraphQlOperation::new(list_days_to_erase::Variables {
        from: from.to_string(),
        to: to.to_string(),
        limit: LARGE_PAGE,
        next_token: token,
    })
}

pub(crate) fn activity(id: &str) -> GraphQlOperation<GetActivity> {
    GraphQlOperation::new(get_activity::Variables { id: id.to_owned() })
}

pub(crate) fn create_activity(new: &NewActivity, sub: &str) -> GraphQlOperation<CreateActivity> {
    let input = create_activity::CreateActivityInput {
        id: Some(new.id.clone()),
        userid: sub.to_owned(),
        ..create_activity::CreateActivityInput::default()
    };
    GraphQlOperation::new(create_activity::Variables { input }).creating(&new.entry)
}

pub(crate) fn update_activity(
    id: &str,
    patch: &ActivityPatch,
    expected_rev: Option<u32>,
) -> GraphQlOperation<UpdateActivity> {
    let input = update_activity::UpdateActivityInput {
        id: id.to_owned(),
        expected_rev: expected_rev.map(i64::from),
        ..update_activity::UpdateActivityInput::default()
    };
    GraphQlOperation::new(update_activity::Variables { input }).editing(patch)
}

pub(crate) fn delete_activity(id: &str, expected_rev: Option<u32>) -> GraphQlOperation<DeleteActivity> {
    GraphQlOperation::new(delete_activity::Variables {
        input: delete_activity::DeleteActivityInput {
            id: id.to_owned(),
            expected_rev: expected_rev.map(i64::from),
        },
    })
}

pub(crate) fn delete_totals(sub: &str, date: Date) -> GraphQlOperation<DeleteUserAggregate> {
    delete_day(sub, date, None)
}

pub(crate) fn erase_day(sub: &str, date: Date) -> GraphQlOperation<DeleteUserAggregate> {
    delete_day(sub, date, Some(true))
}

fn delete_day(sub: &str, date: Date, erase: Option<bool>) -> GraphQlOperation<DeleteUserAggregate> {
    GraphQlOperation::new(delete_user_aggregate::Variables {
        input: delete_user_aggregate::DeleteUserAggregateInput {
            date: date.to_string(),
            userid: sub.to_owned(),
            erase,
        },
    })
}

pub(crate) fn delete_user(sub: &str) -> GraphQlOperation<DeleteUser> {
    GraphQlOperation::new(delete_user::Variables {
        input: delete_user::DeleteUserInput { id: sub.to_owned() },
    })
}

pub(crate) fn set_weight(date: Date, weight: Option<f64>) -> GraphQlOperation<SetWeight> {
    GraphQlOperation::new(set_weight::Variables {
        date: date.to_string(),
        weight,
    })
}

pub(crate) fn suggested_food(
    sub: &str,
    calories: f64,
    sugar: f64,
    bmi: Option<f64>,
) -> GraphQlOperation<SuggestedFood> {
    GraphQlOperation::new(suggested_food::Variables {
        userid: sub.to_owned(),
        calorie: Some(calories),
        sugar: Some(sugar),
        bmi,
    })
}

pub(crate) fn user(sub: &str) -> GraphQlOperation<GetUser> {
    GraphQlOperation::new(get_user::Variables { id: sub.to_owned() })
}

pub(crate) fn create_user(username: &str, members: &Members) -> GraphQlOperation<CreateUser> {
    let input = create_user::CreateUserInput {
        username: username.to_owned(),
        calories_target_per_day: i64::from(DEFAULT_TARGET),
        ..create_user::CreateUserInput::default()
    };
    GraphQlOperation::new(create_user::Variables { input }).creating(&sent_members(members))
}

pub(crate) fn update_user(
    sub: &str,
    members: &Members,
    expected_rev: Option<u32>,
) -> GraphQlOperation<UpdateUser> {
    let input = update_user::UpdateUserInput {
        id: sub.to_owned(),
        expected_rev: expected_rev.map(i64::from),
        ..update_user::UpdateUserInput::default()
    };
    GraphQlOperation::new(update_user::Variables { input }).editing(&sent_members(members))
}

/// The members of an edit of a profile. `targets` is of the scalar `AWSJSON`: a string of JSON.
fn sent_members(members: &Members) -> Value {
    let mut members = json!(members);
    if let Some(targets) = members.get_mut("targets") {
        *targets = targets.to_string().into();
    }
    members
}

#[cfg(test)]
mod tests;

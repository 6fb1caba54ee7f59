//! The operations of `graphql/operations/`, one to a file, and their variables.
//!
//! Absent and null differ in AppSync: an absent member stays as it is, a null one is removed, and a subscription's null argument
//! means "where this field is null". Variables are therefore built member by member. The tests hold documents and variables
//! against the schema that is deployed.

use caltrack_domain::{ActivityPatch, NewActivity};
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value, json};

use super::{Account, NewProfile, ProfilePatch, graphql::Operation};

macro_rules! operation {
    ($constant:ident, $name:literal, $field:literal) => {
        pub(crate) const $constant: Operation = Operation {
            name: $name,
            field: $field,
            document: include_str!(concat!("../../graphql/operations/", $name, ".graphql")),
        };
    };
}

operation!(CATEGORIES, "ListActivityCategories", "listActivityCategories");
operation!(DAY, "Day", "listActivitiesByDate");
operation!(DAY_PAGE, "ListActivitiesByDate", "listActivitiesByDate");
operation!(TOTALS, "ListUserAggregatesByDate", "listUserAggregatesByDate");
operation!(ACTIVITY, "GetActivity", "getActivity");
operation!(CREATE_ACTIVITY, "CreateActivity", "createActivity");
operation!(UPDATE_ACTIVITY, "UpdateActivity", "updateActivity");
operation!(DELETE_ACTIVITY, "DeleteActivity", "deleteActivity");
operation!(USER, "GetUser", "getUser");
operation!(CREATE_USER, "CreateUser", "createUser");
operation!(UPDATE_USER, "UpdateUser", "updateUser");
operation!(ON_CREATE_ACTIVITY, "OnCreateActivity", "onCreateActivity");
operation!(ON_UPDATE_ACTIVITY, "OnUpdateActivity", "onUpdateActivity");
operation!(ON_DELETE_ACTIVITY, "OnDeleteActivity", "onDeleteActivity");
operation!(ON_UPDATE_TOTALS, "OnUpdateUserAggregate", "onUpdateUserAggregate");

/// The field of [`DAY`] that holds the totals.
pub(crate) const DAY_TOTALS_FIELD: &str = "getUserAggregate";

/// How many rows a page asks for.
const PAGE: u32 = 500;

/// A moment as AppSync's resolvers write it: UTC with exactly three digits of a second, so that texts sort like moments.
fn moment(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// An object without the members that are `None`.
fn object(members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    Value::Object(
        members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect::<Map<_, _>>(),
    )
}

pub(crate) fn page(token: Option<&str>) -> Value {
    object([("nextToken", token.map(Value::from))])
}

pub(crate) fn day(date: Date, sub: &str) -> Value {
    json!({"date": date.to_string(), "userid": sub, "limit": PAGE})
}

pub(crate) fn day_page(date: Date, token: &str) -> Value {
    json!({"date": date.to_string(), "limit": PAGE, "nextToken": token})
}

pub(crate) fn totals(from: Date, to: Date, token: Option<&str>) -> Value {
    object([
        ("from", Some(from.to_string().into())),
        ("to", Some(to.to_string().into())),
        ("limit", Some(PAGE.into())),
        ("nextToken", token.map(Value::from)),
    ])
}

pub(crate) fn by_id(id: &str) -> Value {
    json!({"id": id})
}

pub(crate) fn by_input_id(id: &str) -> Value {
    json!({"input": {"id": id}})
}

pub(crate) fn of_user(sub: &str) -> Value {
    json!({"userid": sub})
}

pub(crate) fn create_activity(new: &NewActivity, sub: &str) -> Value {
    let input = object([
        ("id", Some(new.id.as_str().into())),
        ("userid", Some(sub.into())),
        ("date", Some(new.date.to_string().into())),
        ("creationDateTime", Some(moment(new.creation_date_time).into())),
        ("category", Some(new.category.as_str().into())),
        ("type", Some(new.kind.as_str().into())),
        ("caloriesConsumed", Some(new.kcal.into())),
        ("name", new.name.as_deref().map(Value::from)),
        ("note", new.note.as_deref().map(Value::from)),
        ("quantity", new.quantity.map(Value::from)),
    ]);
    json!({"input": input})
}

pub(crate) fn update_activity(id: &str, patch: &ActivityPatch, expected_rev: Option<u32>) -> Value {
    let input = object([
        ("id", Some(id.into())),
        ("date", patch.date.map(|date| date.to_string().into())),
        (
            "creationDateTime",
            patch.creation_date_time.map(|at| moment(at).into()),
        ),
        ("category", patch.category.as_deref().map(Value::from)),
        ("type", patch.kind.as_deref().map(Value::from)),
        ("caloriesConsumed", patch.kcal.map(Value::from)),
        ("name", patch.name.clone().map(Value::from)),
        ("note", patch.note.clone().map(Value::from)),
        ("quantity", patch.quantity.map(Value::from)),
        ("expectedRev", expected_rev.map(Value::from)),
    ]);
    json!({"input": input})
}

pub(crate) fn create_user(new: &NewProfile, account: &Account) -> Value {
    let input = object([
        ("id", Some(account.sub.as_str().into())),
        ("username", Some(account.username.as_str().into())),
        ("height", Some(new.height.into())),
        ("weight", Some(new.weight.into())),
        ("caloriesTargetPerDay", Some(new.target.into())),
        ("timeZone", new.time_zone.as_deref().map(Value::from)),
        ("dayStartsAt", new.day_starts_at.as_deref().map(Value::from)),
        ("countExercise", Some(new.count_exercise.into())),
    ]);
    json!({"input": input})
}

pub(crate) fn update_user(sub: &str, patch: &ProfilePatch, expected_rev: Option<u32>) -> Value {
    let input = object([
        ("id", Some(sub.into())),
        ("height", patch.height.map(Value::from)),
        ("weight", patch.weight.map(Value::from)),
        ("caloriesTargetPerDay", patch.target.map(Value::from)),
        ("timeZone", patch.time_zone.clone().map(Value::from)),
        ("dayStartsAt", patch.day_starts_at.clone().map(Value::from)),
        ("countExercise", patch.count_exercise.map(Value::from)),
        ("expectedRev", expected_rev.map(Value::from)),
    ]);
    json!({"input": input})
}

#[cfg(test)]
mod tests {
    use apollo_compiler::{ExecutableDocument, Schema, request::coerce_variable_values};
    use jiff::civil::date;

    use super::*;

    /// AppSync declares these itself; a schema that is deployed must not.
    const PRELUDE: &str = "
        scalar AWSJSON
        directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
        directive @aws_iam on OBJECT | FIELD_DEFINITION
        directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
    ";

    fn account() -> Account {
        Account {
            username: "ada".to_owned(),
            sub: "s".to_owned(),
        }
    }

    fn new_activity() -> NewActivity {
        NewActivity {
            id: "i".to_owned(),
            date: date(2026, 11, 23),
            creation_date_time: "2026-11-23T07:30:00Z".parse().unwrap(),
            category: "Food".to_owned(),
            kind: "Lunch".to_owned(),
            kcal: 650,
            name: None,
            note: Some("n".to_owned()),
            quantity: Some(2.0),
        }
    }

    fn full_patch() -> ActivityPatch {
        ActivityPatch {
            date: Some(date(2026, 11, 22)),
            creation_date_time: Some("2026-11-22T07:30:00.1234Z".parse().unwrap()),
            category: Some("Drink".to_owned()),
            kind: Some("Tea".to_owned()),
            kcal: Some(0),
            name: Some(None),
            note: Some(Some("x".to_owned())),
            quantity: Some(None),
        }
    }

    #[test]
    fn every_operation_and_its_variables_are_valid_in_the_deployed_schema() {
        let schema = Schema::parse_and_validate(
            format!("{PRELUDE}\n{}", include_str!("../../graphql/schema.graphql")),
            "schema.graphql",
        )
        .unwrap();
        let new_profile = NewProfile {
            height: 170.0,
            weight: 60.0,
            target: 1800,
            time_zone: Some("Europe/Berlin".to_owned()),
            day_starts_at: None,
            count_exercise: true,
        };
        let patch = ProfilePatch {
            height: Some(171.0),
            weight: Some(61.0),
            target: Some(1700),
            time_zone: Some(None),
            day_starts_at: Some(Some("04:00".to_owned())),
            count_exercise: Some(false),
        };
        let on = date(2026, 11, 23);
        for (operation, variables) in [
            (CATEGORIES, page(None)),
            (CATEGORIES, page(Some("t"))),
            (DAY, day(on, "s")),
            (DAY_PAGE, day_page(on, "t")),
            (TOTALS, totals(on, on, Some("t"))),
            (ACTIVITY, by_id("i")),
            (CREATE_ACTIVITY, create_activity(&new_activity(), "s")),
            (UPDATE_ACTIVITY, update_activity("i", &full_patch(), Some(1))),
            (
                UPDATE_ACTIVITY,
                update_activity("i", &ActivityPatch::default(), None),
            ),
            (DELETE_ACTIVITY, by_input_id("i")),
            (USER, by_id("s")),
            (CREATE_USER, create_user(&new_profile, &account())),
            (UPDATE_USER, update_user("s", &patch, Some(1))),
            (ON_CREATE_ACTIVITY, of_user("s")),
            (ON_UPDATE_ACTIVITY, of_user("s")),
            (ON_DELETE_ACTIVITY, of_user("s")),
            (ON_UPDATE_TOTALS, of_user("s")),
        ] {
            let document =
                ExecutableDocument::parse_and_validate(&schema, operation.document, operation.name)
                    .unwrap_or_else(|error| panic!("{}: {error}", operation.name));
            let root = document.operations.get(Some(operation.name)).unwrap();
            assert!(
                root.selection_set
                    .fields()
                    .any(|field| field.name == operation.field),
                "{} selects {}",
                operation.name,
                operation.field
            );
            let given: apollo_compiler::response::JsonMap =
                serde_json::from_value(variables.clone()).unwrap();
            assert_eq!(given.len(), variables.as_object().unwrap().len());
            coerce_variable_values(&schema, root, &given)
                .unwrap_or_else(|error| panic!("{}: {}", operation.name, error.message()));
            for name in variables.as_object().unwrap().keys() {
                assert!(
                    root.variables
                        .iter()
                        .any(|variable| variable.name == name.as_str()),
                    "{} declares ${name}",
                    operation.name
                );
            }
        }
    }

    #[test]
    fn mutations_select_every_field_that_subscribers_can_read() {
        let schema = Schema::parse_and_validate(
            format!("{PRELUDE}\n{}", include_str!("../../graphql/schema.graphql")),
            "schema.graphql",
        )
        .unwrap();
        for (operation, of) in [
            (CREATE_ACTIVITY, "Activity"),
            (UPDATE_ACTIVITY, "Activity"),
            (DELETE_ACTIVITY, "Activity"),
            (CREATE_USER, "User"),
            (UPDATE_USER, "User"),
        ] {
            let document =
                ExecutableDocument::parse_and_validate(&schema, operation.document, operation.name).unwrap();
            let root = document.operations.get(None).unwrap();
            let field = root.selection_set.fields().next().unwrap();
            let selected: Vec<&str> = field
                .selection_set
                .fields()
                .map(|field| field.name.as_str())
                .collect();
            for name in schema.get_object(of).unwrap().fields.keys() {
                assert!(
                    selected.contains(&name.as_str()),
                    "{} selects {name}",
                    operation.name
                );
            }
        }
    }

    #[test]
    fn what_an_edit_leaves_alone_is_absent_and_what_it_removes_is_null() {
        let input = &update_activity("i", &full_patch(), None)["input"];
        assert_eq!(input.get("name"), Some(&Value::Null));
        assert_eq!(input.get("quantity"), Some(&Value::Null));
        assert_eq!(input["note"], "x");
        assert_eq!(input["creationDateTime"], "2026-11-22T07:30:00.123Z");
        assert!(input.get("expectedRev").is_none() && input.get("userid").is_none());
        assert_eq!(
            update_activity("i", &ActivityPatch::default(), None)["input"],
            json!({"id": "i"})
        );
        let created = &create_activity(&new_activity(), "s")["input"];
        assert!(created.get("name").is_none());
        assert_eq!(created["creationDateTime"], "2026-11-23T07:30:00.000Z");
        assert!(page(None).as_object().unwrap().is_empty());
    }
}

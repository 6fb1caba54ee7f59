//! The requests of this program: the nouns that it sends, as variables of the operations of `graphql/operations/`.

use caltrack_domain::{ActivityPatch, NewActivity};
use jiff::civil::Date;

use super::{
    Account, NewProfile, ProfilePatch,
    generated::{
        CreateActivity, CreateUser, Day, DeleteActivity, GetActivity, GetUser, ListActivitiesByDate,
        ListActivityCategories, ListUserAggregatesByDate, UpdateActivity, UpdateUser, create_activity,
        create_user, day, delete_activity, get_activity, get_user, list_activities_by_date,
        list_activity_categories, list_user_aggregates_by_date, update_activity, update_user,
    },
    graphql::Request,
};

/// How many rows a page asks for.
const PAGE: i64 = 500;

pub(crate) fn categories(token: Option<String>) -> Request<ListActivityCategories> {
    Request::new(list_activity_categories::Variables { next_token: token })
}

pub(crate) fn day(date: Date, sub: &str) -> Request<Day> {
    Request::new(day::Variables {
        date: date.to_string(),
        userid: sub.to_owned(),
        limit: PAGE,
    })
}

pub(crate) fn day_page(date: Date, token: String) -> Request<ListActivitiesByDate> {
    Request::new(list_activities_by_date::Variables {
        date: date.to_string(),
        limit: PAGE,
        next_token: Some(token),
    })
}

pub(crate) fn totals(from: Date, to: Date, token: Option<String>) -> Request<ListUserAggregatesByDate> {
    Request::new(list_user_aggregates_by_date::Variables {
        from: from.to_string(),
        to: to.to_string(),
        limit: PAGE,
        next_token: token,
    })
}

pub(crate) fn activity(id: &str) -> Request<GetActivity> {
    Request::new(get_activity::Variables { id: id.to_owned() })
}

pub(crate) fn create_activity(new: &NewActivity, sub: &str) -> Request<CreateActivity> {
    let input = create_activity::CreateActivityInput {
        userid: sub.to_owned(),
        ..create_activity::CreateActivityInput::default()
    };
    Request::new(create_activity::Variables { input }).creating(new)
}

pub(crate) fn update_activity(
    id: &str,
    patch: &ActivityPatch,
    expected_rev: Option<u32>,
) -> Request<UpdateActivity> {
    let input = update_activity::UpdateActivityInput {
        id: id.to_owned(),
        expected_rev: expected_rev.map(i64::from),
        ..update_activity::UpdateActivityInput::default()
    };
    Request::new(update_activity::Variables { input }).editing(patch)
}

pub(crate) fn delete_activity(id: &str) -> Request<DeleteActivity> {
    Request::new(delete_activity::Variables {
        input: delete_activity::DeleteActivityInput { id: id.to_owned() },
    })
}

pub(crate) fn user(sub: &str) -> Request<GetUser> {
    Request::new(get_user::Variables { id: sub.to_owned() })
}

pub(crate) fn create_user(new: &NewProfile, account: &Account) -> Request<CreateUser> {
    Request::new(create_user::Variables {
        input: create_user::CreateUserInput {
            id: Some(account.sub.clone()),
            username: account.username.clone(),
            height: new.height,
            weight: new.weight,
            calories_target_per_day: new.target.into(),
            time_zone: new.time_zone.clone(),
            day_starts_at: new.day_starts_at.clone(),
            count_exercise: Some(new.count_exercise),
            calories_consumed: None,
            targets: None,
            library: None,
        },
    })
}

pub(crate) fn update_user(sub: &str, patch: &ProfilePatch, expected_rev: Option<u32>) -> Request<UpdateUser> {
    let input = update_user::UpdateUserInput {
        id: sub.to_owned(),
        username: None,
        height: patch.height,
        weight: patch.weight,
        calories_target_per_day: patch.target.map(i64::from),
        time_zone: patch.time_zone.clone().flatten(),
        day_starts_at: patch.day_starts_at.clone().flatten(),
        count_exercise: patch.count_exercise,
        expected_rev: expected_rev.map(i64::from),
        calories_consumed: None,
        targets: None,
        library: None,
    };
    Request::new(update_user::Variables { input })
        .removing("timeZone", patch.time_zone == Some(None))
        .removing("dayStartsAt", patch.day_starts_at == Some(None))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use apollo_compiler::{ExecutableDocument, Schema, executable::Field, validation::Valid};
    use caltrack_domain::Entry;
    use graphql_client::GraphQLQuery;
    use jiff::civil::date;
    use serde_json::{Value, json};

    use super::*;
    use crate::api::generated::{on_create_activity, on_delete_activity, on_update_activity};

    /// AppSync declares these itself; a schema that is deployed must not.
    const PRELUDE: &str = "
        scalar AWSJSON
        directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
        directive @aws_iam on OBJECT | FIELD_DEFINITION
        directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
    ";

    fn schema() -> Valid<Schema> {
        let text = include_str!("../../../../graphql/schema.graphql");
        Schema::parse_and_validate(format!("{PRELUDE}\n{text}"), "schema.graphql").unwrap()
    }

    fn sent<Q: GraphQLQuery>(request: &Request<Q>) -> Value {
        serde_json::from_str(&request.body().unwrap()).unwrap()
    }

    fn full_patch() -> ActivityPatch {
        ActivityPatch {
            date: Some(date(2026, 11, 22)),
            moment: Some("2026-11-22T07:30:00.1234Z".parse().unwrap()),
            category: Some("Drink".to_owned()),
            kind: Some("Tea".to_owned()),
            kcal: Some(0),
            name: Some(None),
            note: Some(Some("x".to_owned())),
            quantity: Some(None),
        }
    }

    #[test]
    fn a_request_holds_the_document_as_it_is_in_the_repository_and_its_variables() {
        assert_eq!(
            sent(&day(date(2026, 11, 23), "s")),
            json!({"query": include_str!("../../../../graphql/operations/Day.graphql"), "operationName": "Day",
                "variables": {"date": "2026-11-23", "userid": "s", "limit": 500}})
        );
        assert_eq!(sent(&categories(None))["variables"], json!({}));
        assert_eq!(
            sent(&categories(Some("t".to_owned())))["variables"],
            json!({"nextToken": "t"})
        );
    }

    /// The generator looks up fields and inputs, but not a field's arguments, nor whether a variable is of their type.
    #[test]
    fn every_document_is_valid_in_the_deployed_schema() {
        let schema = schema();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../graphql/operations");
        let mut seen = 0;
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let document = fs::read_to_string(&path).unwrap();
            let parsed = ExecutableDocument::parse_and_validate(&schema, document, &path)
                .unwrap_or_else(|error| panic!("{error}"));
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                parsed.operations.get(Some(name)).is_ok(),
                "{name} is called otherwise"
            );
            seen += 1;
        }
        assert!(seen > 10, "the operations have moved");
    }

    /// The names of what a field's rows are made of.
    fn selected(field: &Field) -> Vec<&str> {
        let list = field.selection_set.fields().find(|field| field.name == "items");
        let rows = list.map_or(field, |list| &**list);
        rows.selection_set
            .fields()
            .map(|field| field.name.as_str())
            .collect()
    }

    /// An entry is read by the names of its members, so a document that doesn't select them all would lose some.
    /// Subscribers get no more of a row than the mutation selected.
    #[test]
    fn every_document_that_answers_with_entries_selects_every_member() {
        let schema = schema();
        for (document, field) in [
            (create_activity::QUERY, "createActivity"),
            (update_activity::QUERY, "updateActivity"),
            (delete_activity::QUERY, "deleteActivity"),
            (get_activity::QUERY, "getActivity"),
            (day::QUERY, "listActivitiesByDate"),
            (list_activities_by_date::QUERY, "listActivitiesByDate"),
            (on_create_activity::QUERY, "onCreateActivity"),
            (on_update_activity::QUERY, "onUpdateActivity"),
            (on_delete_activity::QUERY, "onDeleteActivity"),
        ] {
            let parsed = ExecutableDocument::parse_and_validate(&schema, document, "document").unwrap();
            let root = parsed.operations.get(None).unwrap();
            let field = root
                .selection_set
                .fields()
                .find(|root| root.name == field)
                .unwrap();
            let selected = selected(field);
            for name in Entry::MEMBERS.iter().chain(&["id", "userid", "rev"]) {
                assert!(selected.contains(name), "{document} selects {name}");
            }
        }
    }

    #[test]
    fn mutations_select_every_field_that_subscribers_can_read() {
        let schema = schema();
        for (document, of) in [
            (create_activity::QUERY, "Activity"),
            (update_activity::QUERY, "Activity"),
            (delete_activity::QUERY, "Activity"),
            (create_user::QUERY, "User"),
            (update_user::QUERY, "User"),
        ] {
            let parsed = ExecutableDocument::parse_and_validate(&schema, document, "document").unwrap();
            let root = parsed.operations.get(None).unwrap();
            let field = root.selection_set.fields().next().unwrap();
            let selected: Vec<&str> = field
                .selection_set
                .fields()
                .map(|field| field.name.as_str())
                .collect();
            for name in schema.get_object(of).unwrap().fields.keys() {
                assert!(selected.contains(&name.as_str()), "{document} selects {name}");
            }
        }
    }

    /// What is sent of an entry is known to the deployed schema.
    #[test]
    fn the_inputs_declare_every_member_of_an_entry() {
        let schema = schema();
        for of in ["CreateActivityInput", "UpdateActivityInput"] {
            let declared = &schema.get_input_object(of).unwrap().fields;
            for name in Entry::MEMBERS {
                assert!(declared.contains_key(*name), "{of} declares {name}");
            }
        }
    }

    #[test]
    fn what_an_edit_leaves_alone_is_absent_and_what_it_removes_is_null() {
        let all = sent(&update_activity("i", &full_patch(), Some(1)));
        assert_eq!(
            all["variables"]["input"],
            json!({"id": "i", "date": "2026-11-22", "creationDateTime": "2026-11-22T07:30:00.123Z", "category": "Drink",
                "type": "Tea", "caloriesConsumed": 0, "name": null, "note": "x", "quantity": null, "expectedRev": 1})
        );
        let none = sent(&update_activity("i", &ActivityPatch::default(), None));
        assert_eq!(none["variables"]["input"], json!({"id": "i"}));
        let patch = ProfilePatch {
            height: Some(171.0),
            time_zone: Some(None),
            day_starts_at: Some(None),
            ..ProfilePatch::default()
        };
        let profile = sent(&update_user("s", &patch, None));
        assert_eq!(
            profile["variables"]["input"],
            json!({"id": "s", "height": 171.0, "timeZone": null, "dayStartsAt": null})
        );
        // The compiler knows the members that are set, not the names of those that are removed.
        let schema = schema();
        let patch = ActivityPatch {
            note: Some(None),
            ..full_patch()
        };
        for (request, of) in [
            (sent(&update_activity("i", &patch, None)), "UpdateActivityInput"),
            (profile, "UpdateUserInput"),
        ] {
            let declared = &schema.get_input_object(of).unwrap().fields;
            for name in request["variables"]["input"].as_object().unwrap().keys() {
                assert!(declared.contains_key(name.as_str()), "{of} declares {name}");
            }
        }
    }

    #[test]
    fn what_a_new_entry_lacks_is_absent() {
        let new = NewActivity {
            id: "i".to_owned(),
            entry: Entry {
                note: Some("n".to_owned()),
                quantity: Some(2.0),
                ..Entry::new(
                    date(2026, 11, 23),
                    "2026-11-23T07:30:00Z".parse().unwrap(),
                    "Food",
                    "Lunch",
                    650,
                )
            },
        };
        assert_eq!(
            sent(&create_activity(&new, "s"))["variables"]["input"],
            json!({"id": "i", "userid": "s", "date": "2026-11-23", "creationDateTime": "2026-11-23T07:30:00.000Z",
                "category": "Food", "type": "Lunch", "caloriesConsumed": 650, "note": "n", "quantity": 2.0})
        );
    }
}

use apollo_compiler::{
    ExecutableDocument, Schema,
    executable::{Selection, SelectionSet},
    validation::Valid,
};
use caltrack_domain::{
    Entry, Grams, Profile, TargetChange, TargetKcal,
    outbox::{ProfileMember, members, members_of},
};
use graphql_client::GraphQLQuery;
use jiff::{Timestamp, civil::date, tz::TimeZone};

use super::*;
use crate::api::generated::{DOCUMENTS, on_create_activity, on_delete_activity, on_update_activity};

/// AppSync's own declarations, which a deployed schema must not repeat.
const PRELUDE: &str = "
    scalar AWSJSON
    directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
    directive @aws_iam on OBJECT | FIELD_DEFINITION
    directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
";

fn schema() -> Valid<Schema> {
    let text = include_str!("../../../../../graphql/schema.graphql");
    Schema::parse_and_validate(format!("{PRELUDE}\n{text}"), "schema.graphql").unwrap()
}

fn sent<Q: GraphQLQuery>(request: &GraphQlOperation<Q>) -> Value {
    serde_json::from_str(&request.body().unwrap()).unwrap()
}

/// An edit of every member.
/// An entry of the day of its moment in UTC.
fn meal(moment: &str, category: &str, kind: &str, kcal: u32) -> Entry {
    let moment: Timestamp = moment.parse().unwrap();
    Entry::new(
        moment.to_zoned(TimeZone::UTC).date(),
        moment,
        category,
        kind,
        kcal,
    )
}

fn full_patch() -> ActivityPatch {
    let lunch = Entry {
        name: Some("soup".to_owned()),
        quantity: Some(2.0),
        unit: Some("bowl".to_owned()),
        fat: Some(Grams::ZERO),
        ..meal("2026-11-23T12:00:00Z", "Food", "Lunch", 650)
    };
    let tea = Entry {
        note: Some("x".to_owned()),
        food: Some("usda:1".to_owned()),
        protein: Some(Grams::from_tenths(1)),
        carbohydrate: Some(Grams::ZERO),
        ..meal("2026-11-22T07:30:00.1234Z", "Drink", "Tea", 0)
    };
    tea.patch_from(&lunch).unwrap()
}

#[test]
fn a_request_holds_the_document_as_it_is_in_the_repository_and_its_variables() {
    assert_eq!(
        sent(&day(date(2026, 11, 23), "s")),
        json!({"query": concat!(
                include_str!("../../../../../graphql/operations/Day.graphql"),
                include_str!("../../../../../graphql/operations/fragments/Entry.graphql"),
                include_str!("../../../../../graphql/operations/fragments/Totals.graphql"),
            ), "operationName": "Day",
            "variables": {"date": "2026-11-23", "userid": "s", "limit": 500}})
    );
    assert_eq!(sent(&categories(None))["variables"], json!({}));
    assert_eq!(
        sent(&categories(Some("t".to_owned())))["variables"],
        json!({"nextToken": "t"})
    );
}

/// The generator checks fields and inputs, but neither the arguments of fields nor the types of variables.
#[test]
fn every_document_is_valid_in_the_deployed_schema() {
    let schema = schema();
    for (name, document) in DOCUMENTS {
        let parsed = ExecutableDocument::parse_and_validate(&schema, *document, "document")
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(
            parsed.operations.get(Some(name)).is_ok(),
            "{name} is called otherwise"
        );
    }
    assert!(DOCUMENTS.len() > 10, "the operations have moved");
}

/// The names of the fields that a document selects of the row, or of the listed rows, of one of its fields.
fn selected(document: &Valid<ExecutableDocument>, field: &str) -> Vec<String> {
    let root = document.operations.get(None).unwrap();
    let mut fields = root.selection_set.fields();
    let rows = fields.find(|root| root.name == field).unwrap();
    let list = rows.selection_set.fields().find(|field| field.name == "items");
    names(document, &list.unwrap_or(rows).selection_set)
}

fn names(document: &Valid<ExecutableDocument>, selections: &SelectionSet) -> Vec<String> {
    let of = |selection: &Selection| match selection {
        Selection::Field(field) => vec![field.name.to_string()],
        Selection::InlineFragment(inline) => names(document, &inline.selection_set),
        Selection::FragmentSpread(spread) => {
            names(document, &spread.fragment_def(document).unwrap().selection_set)
        }
    };
    selections.selections.iter().flat_map(of).collect()
}

/// An entry is read by the names of its members, so a document that doesn't select them all would lose some.
/// Subscribers only receive the fields that the mutation selects.
#[test]
fn every_document_that_returns_entries_selects_every_member() {
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
        let selected = selected(&parsed, field);
        for name in Entry::MEMBERS.iter().chain(&["id", "userid", "rev"]) {
            assert!(
                selected.iter().any(|one| one == name),
                "{document} selects {name}"
            );
        }
    }
}

#[test]
fn mutations_select_every_field_that_subscribers_can_read() {
    let schema = schema();
    for (document, field, of) in [
        (create_activity::QUERY, "createActivity", "Activity"),
        (update_activity::QUERY, "updateActivity", "Activity"),
        (delete_activity::QUERY, "deleteActivity", "Activity"),
    ] {
        let parsed = ExecutableDocument::parse_and_validate(&schema, document, "document").unwrap();
        let selected = selected(&parsed, field);
        for name in schema.get_object(of).unwrap().fields.keys() {
            assert!(
                selected.iter().any(|one| *one == name.as_str()),
                "{document} selects {name}"
            );
        }
    }
}

/// All sent members are declared in the deployed schema.
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
fn an_edit_omits_unchanged_members_and_sends_removed_ones_as_null() {
    let all = sent(&update_activity("i", &full_patch(), Some(1)));
    assert_eq!(
        all["variables"]["input"],
        json!({"id": "i", "date": "2026-11-22", "creationDateTime": "2026-11-22T07:30:00.123Z", "category": "Drink",
            "type": "Tea", "caloriesConsumed": 0, "name": null, "note": "x", "quantity": null, "unit": null, "food": "usda:1",
            "protein": 0.1, "fat": null, "carbohydrate": 0, "expectedRev": 1})
    );
    let none = sent(&update_activity("i", &ActivityPatch::default(), None));
    assert_eq!(none["variables"]["input"], json!({"id": "i"}));
    // Members are sent by their names, which the compiler doesn't check.
    let schema = schema();
    let patch = ActivityPatch {
        note: Some(None),
        ..full_patch()
    };
    let request = sent(&update_activity("i", &patch, None));
    let declared = &schema.get_input_object("UpdateActivityInput").unwrap().fields;
    for name in request["variables"]["input"].as_object().unwrap().keys() {
        assert!(declared.contains_key(name.as_str()), "the input declares {name}");
    }
}

#[test]
fn a_delete_may_name_the_revision_and_a_weight_may_be_removed() {
    assert_eq!(
        sent(&delete_activity("i", Some(3)))["variables"],
        json!({"input": {"id": "i", "expectedRev": 3}})
    );
    assert_eq!(
        sent(&delete_activity("i", None))["variables"],
        json!({"input": {"id": "i"}})
    );
    let day = date(2026, 11, 23);
    assert_eq!(
        sent(&set_weight(day, Some(70.5)))["variables"],
        json!({"date": "2026-11-23", "weight": 70.5})
    );
    assert_eq!(
        sent(&set_weight(day, None))["variables"],
        json!({"date": "2026-11-23"})
    );
}

#[test]
fn a_profile_is_created_with_the_default_target_and_edited_by_its_members() {
    let patch = members([
        ProfileMember::Height(None),
        ProfileMember::Targets(vec![TargetChange {
            from: date(2026, 11, 23),
            kcal: TargetKcal::Daily(1_800),
        }]),
        ProfileMember::TimeZone(Some("Europe/Berlin".to_owned())),
        ProfileMember::DayStartsAt(Some("04:00".to_owned())),
        ProfileMember::CountExercise(false),
    ]);
    let targets = r#"[{"from":"2026-11-23","kcal":1800}]"#;
    assert_eq!(
        sent(&create_user("ada", &patch))["variables"]["input"],
        json!({"username": "ada", "caloriesTargetPerDay": 2000, "targets": targets, "timeZone": "Europe/Berlin",
            "dayStartsAt": "04:00", "countExercise": false})
    );
    assert_eq!(
        sent(&update_user("s", &patch, Some(2)))["variables"]["input"],
        json!({"id": "s", "expectedRev": 2, "height": null, "targets": targets, "timeZone": "Europe/Berlin",
            "dayStartsAt": "04:00", "countExercise": false})
    );
    let schema = schema();
    let all = members_of(&Profile::new("ada"));
    for of in ["CreateUserInput", "UpdateUserInput"] {
        let declared = &schema.get_input_object(of).unwrap().fields;
        for name in all.keys() {
            assert!(declared.contains_key(name.as_str()), "{of} declares {name}");
        }
    }
}

#[test]
fn a_new_entry_omits_absent_members() {
    let mut new = NewActivity::new(
        "i".to_owned(),
        Entry {
            note: Some("n".to_owned()),
            quantity: Some(2.0),
            protein: Some(Grams::from_tenths(125)),
            fat: Some(Grams::ZERO),
            ..meal("2026-11-23T07:30:00Z", "Food", "Lunch", 650)
        },
    );
    // Only the outbox knows it.
    new.other_id = Some("j".to_owned());
    assert_eq!(
        sent(&create_activity(&new, "s"))["variables"]["input"],
        json!({"id": "i", "userid": "s", "date": "2026-11-23", "creationDateTime": "2026-11-23T07:30:00.000Z",
            "category": "Food", "type": "Lunch", "caloriesConsumed": 650, "note": "n", "quantity": 2.0, "protein": 12.5, "fat": 0})
    );
}

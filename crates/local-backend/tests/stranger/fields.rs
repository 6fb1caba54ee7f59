//! Every field that has a resolver, and what a stranger asks of it: one row a question.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};

use crate::world::{DATE, DELETED, FREE, MEAL, RUN, World};

/// What a signed-in stranger gets.
pub(crate) enum Stranger {
    /// This data and no error: what is another's reads like what does not exist.
    Reads(&'static str),
    /// An error of this type, and null.
    Refused(&'static str),
    /// What everybody may read.
    Public,
    /// A subscription that begins and never gets an event of the owner's (`events.rs`).
    Silence,
}

/// A question.
pub(crate) struct Row {
    /// `<Type>.<field>`, as the resolver's file is named.
    pub(crate) field: &'static str,
    pub(crate) document: &'static str,
    pub(crate) variables: fn(&World) -> Value,
    pub(crate) stranger: Stranger,
}

impl Row {
    pub(crate) fn is_subscription(&self) -> bool {
        self.field.starts_with("Subscription.")
    }

    pub(crate) fn is_query(&self) -> bool {
        self.field.starts_with("Query.")
    }

    /// The last part of its name.
    pub(crate) fn name(&self) -> &'static str {
        self.field.split_once('.').unwrap().1
    }
}

macro_rules! activity {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " { id userid category type caloriesConsumed creationDateTime date name note quantity rev } ",
            $after
        )
    };
}

macro_rules! user {
    ($before:literal) => {
        concat!(
            $before,
            " { id username height weight bmi caloriesTargetPerDay caloriesConsumed targets timeZone dayStartsAt",
            " countExercise library rev } }"
        )
    };
}

macro_rules! totals {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " { userid date caloriesConsumed caloriesBurned version weight } ",
            $after
        )
    };
}

const CREATE: &str = activity!(
    "mutation($input: CreateActivityInput!) { createActivity(input: $input)",
    "}"
);
const UPDATE: &str = activity!(
    "mutation($input: UpdateActivityInput!) { updateActivity(input: $input)",
    "}"
);
const DELETE: &str = activity!(
    "mutation($input: DeleteActivityInput!) { deleteActivity(input: $input)",
    "}"
);
const LIST: &str = activity!(
    "query($date: String, $from: String, $to: String, $token: String) {
        listActivitiesByDate(date: $date, from: $from, to: $to, nextToken: $token) { nextToken items",
    "} }"
);
const LIST_ALL: &str = activity!(
    "query($filter: TableActivityFilterInput) { listActivities(filter: $filter) { nextToken items",
    "} }"
);
const LIST_TOTALS: &str = totals!(
    "query($from: String!, $to: String!, $token: String) {
        listUserAggregatesByDate(from: $from, to: $to, nextToken: $token) { nextToken items",
    "} }"
);
const CREATE_USER: &str = user!("mutation($input: CreateUserInput!) { createUser(input: $input)");
const UPDATE_USER: &str = user!("mutation($input: UpdateUserInput!) { updateUser(input: $input)");
const PUBLISH: &str = totals!(
    "mutation($input: PublishUserAggregateInput!) { publishUserAggregate(input: $input)",
    "}"
);

fn entry(owner: &str, id: &str) -> Value {
    json!({ "input": { "id": id, "userid": owner, "category": "Food", "type": "Lunch", "caloriesConsumed": 11 } })
}

fn announcement(owner: &str) -> Value {
    json!({ "input": { "userid": owner, "date": DATE, "version": 1000, "caloriesConsumed": 11, "caloriesBurned": 11 } })
}

/// The matrix. `A` is the owner, Anna; `B` the stranger, Ben.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn rows() -> Vec<Row> {
    use Stranger::{Public, Reads, Refused, Silence};
    let row = |field, document, variables: fn(&World) -> Value, stranger| Row {
        field,
        document,
        variables,
        stranger,
    };
    vec![
        row(
            "Query.listActivityCategories",
            "{ listActivityCategories { items { category type } nextToken } }",
            |_| json!({}),
            Public,
        ),
        row(
            "Query.getActivity",
            activity!("query($id: String!) { getActivity(id: $id)", "}"),
            |_| json!({ "id": MEAL }),
            Reads(r#"{"getActivity":null}"#),
        ),
        row(
            "Query.getActivity",
            activity!("query($id: String!) { getActivity(id: $id)", "}"),
            |_| json!({ "id": DELETED }),
            Reads(r#"{"getActivity":null}"#),
        ),
        row(
            "Query.listActivitiesByDate",
            LIST,
            |_| json!({ "date": DATE }),
            Reads(r#"{"listActivitiesByDate":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listActivitiesByDate",
            LIST,
            |_| json!({ "from": "2000-01-01", "to": "2099-12-31" }),
            Reads(r#"{"listActivitiesByDate":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listActivitiesByDate",
            LIST,
            |world| json!({ "date": DATE, "token": world.page_tokens[0] }),
            Refused("BadRequest"),
        ),
        row(
            "Query.getUserAggregate",
            totals!(
                "query($u: String!, $d: String!) { getUserAggregate(userid: $u, date: $d)",
                "}"
            ),
            |world| json!({ "u": world.anna.session.sub, "d": DATE }),
            Refused("Unauthorized"),
        ),
        row(
            "Query.listUserAggregatesByDate",
            LIST_TOTALS,
            |_| json!({ "from": "2000-01-01", "to": "2099-12-31" }),
            Reads(r#"{"listUserAggregatesByDate":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listUserAggregatesByDate",
            LIST_TOTALS,
            |world| json!({ "from": "2000-01-01", "to": "2099-12-31", "token": world.page_tokens[1] }),
            Refused("BadRequest"),
        ),
        row(
            "Query.getUser",
            user!("query($id: String!) { getUser(id: $id)"),
            |world| json!({ "id": world.anna.session.sub }),
            Reads(r#"{"getUser":null}"#),
        ),
        row(
            "Query.getActivityCategory",
            "{ getActivityCategory(category: \"Food\") { category type } }",
            |_| json!({}),
            Public,
        ),
        row(
            "Query.listActivities",
            LIST_ALL,
            |_| json!({}),
            Reads(r#"{"listActivities":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listActivities",
            LIST_ALL,
            |world| json!({ "filter": { "userid": { "eq": world.anna.session.sub }, "creationDateTime": { "gt": "2000" } } }),
            Reads(r#"{"listActivities":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listActivities",
            LIST_ALL,
            |_| json!({ "filter": { "id": { "eq": MEAL } } }),
            Reads(r#"{"listActivities":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listActivitiesOrdered",
            activity!(
                "query($u: String!) { listActivitiesOrdered(userid: $u) { items",
                "} }"
            ),
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Query.listUserAggregates",
            totals!(
                "query($filter: TableUserAggregateFilterInput) { listUserAggregates(filter: $filter) { nextToken items",
                "} }"
            ),
            |world| json!({ "filter": { "userid": { "eq": world.anna.session.sub }, "date": { "gt": "2000" } } }),
            Reads(r#"{"listUserAggregates":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listUsers",
            concat!(
                "query($filter: TableUserFilterInput) { listUsers(filter: $filter) { nextToken items { id username height weight",
                " bmi caloriesTargetPerDay caloriesConsumed targets timeZone dayStartsAt countExercise library rev } } }"
            ),
            |world| json!({ "filter": { "id": { "eq": world.anna.session.sub } } }),
            Reads(r#"{"listUsers":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.suggestedFood",
            "query($u: String!) { suggestedFood(userid: $u) { userid name } }",
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Mutation.createUserAggregate",
            totals!(
                "mutation($input: CreateUserAggregateInput!) { createUserAggregate(input: $input)",
                "}"
            ),
            |world| json!({ "input": { "userid": world.anna.session.sub, "date": "2001-01-01", "caloriesConsumed": 11 } }),
            Refused("Unauthorized"),
        ),
        row(
            "Mutation.updateUserAggregate",
            totals!(
                "mutation($input: UpdateUserAggregateInput!) { updateUserAggregate(input: $input)",
                "}"
            ),
            |world| json!({ "input": { "userid": world.anna.session.sub, "date": DATE, "caloriesConsumed": 11 } }),
            Refused("Unauthorized"),
        ),
        // B has no totals of that day: what B's own edit meets is nothing of A's.
        row(
            "Mutation.updateUserAggregate",
            totals!(
                "mutation($input: UpdateUserAggregateInput!) { updateUserAggregate(input: $input)",
                "}"
            ),
            |world| json!({ "input": { "userid": world.ben.session.sub, "date": DATE, "caloriesConsumed": 11 } }),
            Refused("NotFound"),
        ),
        row(
            "Mutation.deleteUserAggregate",
            totals!(
                "mutation($input: DeleteUserAggregateInput!) { deleteUserAggregate(input: $input)",
                "}"
            ),
            |world| json!({ "input": { "userid": world.anna.session.sub, "date": DATE } }),
            Refused("Unauthorized"),
        ),
        // A weight is always one's own; a day that can't be changes nothing.
        row(
            "Mutation.setWeight",
            totals!("mutation($d: String!) { setWeight(date: $d, weight: 70)", "}"),
            |_| json!({ "d": "2026-02-30" }),
            Refused("BadRequest"),
        ),
        row(
            "Mutation.deleteUser",
            user!("mutation($input: DeleteUserInput!) { deleteUser(input: $input)"),
            |world| json!({ "input": { "id": world.anna.session.sub } }),
            Refused("Unauthorized"),
        ),
        row(
            "Mutation.createActivityCategory",
            "mutation { createActivityCategory(input: { category: \"Food\", type: [] }) { category type } }",
            |_| json!({}),
            Refused("Unauthorized"),
        ),
        row(
            "Mutation.updateActivityCategory",
            "mutation { updateActivityCategory(input: { category: \"Food\", type: null }) { category type } }",
            |_| json!({}),
            Refused("Unauthorized"),
        ),
        row(
            "Mutation.deleteActivityCategory",
            "mutation { deleteActivityCategory(input: { category: \"Food\" }) { category type } }",
            |_| json!({}),
            Refused("Unauthorized"),
        ),
        // In A's name.
        row(
            "Mutation.createActivity",
            CREATE,
            |world| entry(&world.anna.session.sub, FREE),
            Refused("Unauthorized"),
        ),
        // In B's own name, over an entry of A's; and over one that A deleted.
        row(
            "Mutation.createActivity",
            CREATE,
            |world| entry(&world.ben.session.sub, MEAL),
            Refused("Conflict"),
        ),
        row(
            "Mutation.createActivity",
            CREATE,
            |world| entry(&world.ben.session.sub, DELETED),
            Refused("Conflict"),
        ),
        row(
            "Mutation.updateActivity",
            UPDATE,
            |_| json!({ "input": { "id": MEAL, "caloriesConsumed": 11, "name": null } }),
            Refused("NotFound"),
        ),
        row(
            "Mutation.updateActivity",
            UPDATE,
            |world| json!({ "input": { "id": MEAL, "userid": world.anna.session.sub, "caloriesConsumed": 11 } }),
            Refused("Unauthorized"),
        ),
        // Taking it over.
        row(
            "Mutation.updateActivity",
            UPDATE,
            |world| json!({ "input": { "id": MEAL, "userid": world.ben.session.sub, "expectedRev": 1 } }),
            Refused("NotFound"),
        ),
        row(
            "Mutation.updateActivity",
            UPDATE,
            |_| json!({ "input": { "id": DELETED, "caloriesConsumed": 11 } }),
            Refused("NotFound"),
        ),
        row(
            "Mutation.deleteActivity",
            DELETE,
            |_| json!({ "input": { "id": RUN } }),
            Refused("NotFound"),
        ),
        row(
            "Mutation.deleteActivity",
            DELETE,
            |_| json!({ "input": { "id": DELETED } }),
            Refused("NotFound"),
        ),
        row(
            "Mutation.createUser",
            CREATE_USER,
            |world| json!({ "input": { "id": world.anna.session.sub, "username": "x", "height": 1, "weight": 1, "caloriesTargetPerDay": 1 } }),
            Refused("Unauthorized"),
        ),
        row(
            "Mutation.updateUser",
            UPDATE_USER,
            |world| json!({ "input": { "id": world.anna.session.sub, "weight": 1 } }),
            Refused("Unauthorized"),
        ),
        // B has no profile: what B's own edit meets is nothing of A's.
        row(
            "Mutation.updateUser",
            UPDATE_USER,
            |world| json!({ "input": { "id": world.ben.session.sub, "weight": 1 } }),
            Refused("NotFound"),
        ),
        row(
            "Mutation.publishUserAggregate",
            PUBLISH,
            |world| announcement(&world.anna.session.sub),
            Refused("Unauthorized"),
        ),
        // Not even of one's own totals.
        row(
            "Mutation.publishUserAggregate",
            PUBLISH,
            |world| announcement(&world.ben.session.sub),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onCreateActivity",
            activity!("subscription($u: String) { onCreateActivity(userid: $u)", "}"),
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onCreateActivity",
            activity!("subscription($id: String) { onCreateActivity(id: $id)", "}"),
            |_| json!({ "id": FREE }),
            Silence,
        ),
        row(
            "Subscription.onUpdateActivity",
            activity!("subscription($u: String) { onUpdateActivity(userid: $u)", "}"),
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onUpdateActivity",
            activity!(
                "subscription($id: String) { onUpdateActivity(id: $id, userid: null)",
                "}"
            ),
            |_| json!({ "id": MEAL }),
            Silence,
        ),
        row(
            "Subscription.onDeleteActivity",
            activity!("subscription($u: String) { onDeleteActivity(userid: $u)", "}"),
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onUpdateUserAggregate",
            totals!(
                "subscription($u: String) { onUpdateUserAggregate(userid: $u)",
                "}"
            ),
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onDeleteUserAggregate",
            totals!(
                "subscription($u: String) { onDeleteUserAggregate(userid: $u)",
                "}"
            ),
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onCreateUser",
            user!("subscription($id: ID) { onCreateUser(id: $id)"),
            |world| json!({ "id": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onUpdateUser",
            user!("subscription($id: ID) { onUpdateUser(id: $id)"),
            |world| json!({ "id": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onUpdateUser",
            user!("subscription($name: String) { onUpdateUser(username: $name, id: null)"),
            |_| json!({ "name": "anna-of-the-hidden-log" }),
            Silence,
        ),
        row(
            "Subscription.onDeleteUser",
            user!("subscription($id: ID) { onDeleteUser(id: $id)"),
            |world| json!({ "id": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        row(
            "Subscription.onUpdateUserAggregate",
            totals!("subscription($d: String) { onUpdateUserAggregate(date: $d)", "}"),
            |_| json!({ "d": DATE }),
            Silence,
        ),
    ]
}

#[test]
fn every_resolver_has_a_row() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../graphql/resolvers");
    let files: BTreeSet<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".js").expect(&name).to_owned())
        .collect();
    let rows: BTreeSet<String> = rows().iter().map(|row| row.field.to_owned()).collect();
    assert_eq!(
        files, rows,
        "a resolver without a row here is a field that nobody tried as a stranger"
    );
}

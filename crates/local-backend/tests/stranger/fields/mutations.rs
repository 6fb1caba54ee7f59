//! A stranger's mutations.

use serde_json::{Value, json};

use super::{Row, Stranger, row};
use crate::world::{DATE, DELETED, FREE, MEAL, RUN};

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
const CREATE_USER: &str = user!("mutation($input: CreateUserInput!) { createUser(input: $input)");
const UPDATE_USER: &str = user!("mutation($input: UpdateUserInput!) { updateUser(input: $input)");
const PUBLISH: &str = totals!(
    "mutation($input: PublishUserAggregateInput!) { publishUserAggregate(input: $input)",
    "}"
);

const DELETE_DAY: &str = totals!(
    "mutation($input: DeleteUserAggregateInput!) { deleteUserAggregate(input: $input)",
    "}"
);

fn entry(owner: &str, id: &str) -> Value {
    json!({ "input": { "id": id, "userid": owner, "category": "Food", "type": "Lunch", "caloriesConsumed": 11 } })
}

fn announcement(owner: &str) -> Value {
    json!({ "input": { "userid": owner, "date": DATE, "version": 1000, "caloriesConsumed": 11, "caloriesBurned": 11 } })
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn rows() -> Vec<Row> {
    use Stranger::Refused;
    vec![
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
        // B has no totals of that day; B's edit doesn't find A's.
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
            DELETE_DAY,
            |world| json!({ "input": { "userid": world.anna.session.sub, "date": DATE } }),
            Refused("Unauthorized"),
        ),
        row(
            "Mutation.deleteUserAggregate",
            DELETE_DAY,
            |world| json!({ "input": { "userid": world.anna.session.sub, "date": DATE, "erase": true } }),
            Refused("Unauthorized"),
        ),
        // B has no row of that day; B doesn't erase A's.
        row(
            "Mutation.deleteUserAggregate",
            DELETE_DAY,
            |world| json!({ "input": { "userid": world.ben.session.sub, "date": DATE, "erase": true } }),
            Refused("NotFound"),
        ),
        // The weight is always the caller's; an invalid day changes nothing.
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
        // B is in no group, and neither is A.
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
        // With B as the new owner.
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
        // B has no profile; B's edit doesn't find A's.
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
        // Also of B's own totals.
        row(
            "Mutation.publishUserAggregate",
            PUBLISH,
            |world| announcement(&world.ben.session.sub),
            Refused("Unauthorized"),
        ),
    ]
}

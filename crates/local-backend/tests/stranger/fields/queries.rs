//! A stranger's queries.

use serde_json::json;

use super::{Row, Stranger, row};
use crate::world::{DATE, DELETED, MEAL};

const LIST: &str = activity!(
    "query($date: String, $from: String, $to: String, $token: String) {
        listActivitiesByDate(date: $date, from: $from, to: $to, nextToken: $token) { nextToken items",
    "} }"
);
const LIST_ALL: &str = activity!(
    "query($filter: TableActivityFilterInput, $token: String) {
        listActivities(filter: $filter, nextToken: $token) { nextToken items",
    "} }"
);
const LIST_TOTALS: &str = totals!(
    "query($from: String!, $to: String!, $token: String) {
        listUserAggregatesByDate(from: $from, to: $to, nextToken: $token) { nextToken items",
    "} }"
);
const ORDERED: &str = activity!(
    "query($u: String!, $token: String) { listActivitiesOrdered(userid: $u, nextToken: $token) { nextToken items",
    "} }"
);
const LIST_ALL_TOTALS: &str = totals!(
    "query($filter: TableUserAggregateFilterInput, $token: String) {
        listUserAggregates(filter: $filter, nextToken: $token) { nextToken items",
    "} }"
);
const LIST_USERS: &str = concat!(
    user!(
        "query($filter: TableUserFilterInput, $token: String) {
        listUsers(filter: $filter, nextToken: $token) { nextToken items"
    ),
    " }"
);

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn rows() -> Vec<Row> {
    use Stranger::{Public, Reads, Refused};
    vec![
        row(
            "Query.listActivityCategories",
            "{ listActivityCategories { items { category type } nextToken } }",
            |_| json!({}),
            Public,
        ),
        // The rows are public, the token is A's.
        row(
            "Query.listActivityCategories",
            "query($token: String) { listActivityCategories(nextToken: $token) { items { category type } nextToken } }",
            |world| json!({ "token": world.page_token("listActivityCategories") }),
            Refused("DynamoDB:UserIllegalArgumentException"),
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
            |world| json!({ "date": DATE, "token": world.page_token("listActivitiesByDate") }),
            Refused("DynamoDB:UserIllegalArgumentException"),
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
            |world| json!({ "from": "2000-01-01", "to": "2099-12-31", "token": world.page_token("listUserAggregatesByDate") }),
            Refused("DynamoDB:UserIllegalArgumentException"),
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
            "Query.listActivities",
            LIST_ALL,
            |world| json!({ "token": world.page_token("listActivities") }),
            Refused("DynamoDB:UserIllegalArgumentException"),
        ),
        row(
            "Query.listActivitiesOrdered",
            ORDERED,
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
        // B's own list, with the page token of A's.
        row(
            "Query.listActivitiesOrdered",
            ORDERED,
            |world| json!({ "u": world.ben.session.sub, "token": world.page_token("listActivitiesOrdered") }),
            Refused("DynamoDB:UserIllegalArgumentException"),
        ),
        row(
            "Query.listUserAggregates",
            LIST_ALL_TOTALS,
            |world| json!({ "filter": { "userid": { "eq": world.anna.session.sub }, "date": { "gt": "2000" } } }),
            Reads(r#"{"listUserAggregates":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listUserAggregates",
            LIST_ALL_TOTALS,
            |world| json!({ "token": world.page_token("listUserAggregates") }),
            Refused("DynamoDB:UserIllegalArgumentException"),
        ),
        row(
            "Query.listUsers",
            LIST_USERS,
            |world| json!({ "filter": { "id": { "eq": world.anna.session.sub } } }),
            Reads(r#"{"listUsers":{"nextToken":null,"items":[]}}"#),
        ),
        row(
            "Query.listUsers",
            LIST_USERS,
            |world| json!({ "token": world.page_token("listUsers") }),
            Refused("DynamoDB:UserIllegalArgumentException"),
        ),
        row(
            "Query.suggestedFood",
            "query($u: String!) { suggestedFood(userid: $u) { userid name } }",
            |world| json!({ "u": world.anna.session.sub }),
            Refused("Unauthorized"),
        ),
    ]
}

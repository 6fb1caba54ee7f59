//! A stranger's subscriptions.

use serde_json::json;

use super::{Row, Stranger, row};
use crate::world::{DATE, FREE, MEAL};

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn rows() -> Vec<Row> {
    use Stranger::{Public, Refused, Silence};
    vec![
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
        // Categories are public.
        row(
            "Subscription.onCreateActivityCategory",
            "subscription { onCreateActivityCategory(category: \"Food\") { category type } }",
            |_| json!({}),
            Public,
        ),
        row(
            "Subscription.onUpdateActivityCategory",
            "subscription { onUpdateActivityCategory { category type } }",
            |_| json!({}),
            Public,
        ),
        row(
            "Subscription.onDeleteActivityCategory",
            "subscription { onDeleteActivityCategory { category type } }",
            |_| json!({}),
            Public,
        ),
    ]
}

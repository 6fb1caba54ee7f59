//! The subscriptions of this program, and the meaning of their events.

use caltrack_domain::{ChangeKind, DailyTotals};
use serde_json::{Map, Value};

use crate::{
    api::{
        convert::activity,
        data::{BadRow, DataObject},
        generated::{
            OnCreateActivity, OnDeleteActivity, OnUpdateActivity, OnUpdateUser, OnUpdateUserAggregate,
            on_create_activity, on_delete_activity, on_update_activity, on_update_user,
            on_update_user_aggregate,
        },
        graphql::GraphQlOperation,
        model::RealtimeEvent,
    },
    error::ApiError,
};

/// A subscription of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subscription {
    Activity(ChangeKind),
    Totals,
    User,
}

impl Subscription {
    /// All subscriptions of a live connection.
    pub(super) const ALL: [Self; 5] = [
        Self::Activity(ChangeKind::Created),
        Self::Activity(ChangeKind::Updated),
        Self::Activity(ChangeKind::Deleted),
        Self::Totals,
        Self::User,
    ];

    /// The name of the operation.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Activity(ChangeKind::Created) => on_create_activity::OPERATION_NAME,
            Self::Activity(ChangeKind::Updated) => on_update_activity::OPERATION_NAME,
            Self::Activity(ChangeKind::Deleted) => on_delete_activity::OPERATION_NAME,
            Self::Totals => on_update_user_aggregate::OPERATION_NAME,
            Self::User => on_update_user::OPERATION_NAME,
        }
    }

    /// The body that subscribes to the changes of a user's rows.
    pub(super) fn body(self, sub: &str) -> Result<String, ApiError> {
        let userid = sub.to_owned();
        match self {
            Self::Activity(ChangeKind::Created) => {
                GraphQlOperation::<OnCreateActivity>::new(on_create_activity::Variables { userid }).body()
            }
            Self::Activity(ChangeKind::Updated) => {
                GraphQlOperation::<OnUpdateActivity>::new(on_update_activity::Variables { userid }).body()
            }
            Self::Activity(ChangeKind::Deleted) => {
                GraphQlOperation::<OnDeleteActivity>::new(on_delete_activity::Variables { userid }).body()
            }
            Self::Totals => {
                GraphQlOperation::<OnUpdateUserAggregate>::new(on_update_user_aggregate::Variables { userid })
                    .body()
            }
            Self::User => {
                GraphQlOperation::<OnUpdateUser>::new(on_update_user::Variables { id: userid }).body()
            }
        }
    }

    /// Reads an event. An invalid one becomes a notice, since something has changed that the screens don't show.
    pub(super) fn event(self, data: Map<String, Value>) -> RealtimeEvent {
        self.read(DataObject::new(data)).unwrap_or_else(|bad| {
            tracing::warn!(reason = %bad.0, subscription = self.name(), "an event is invalid");
            RealtimeEvent::Notice("another client made a change that this program can't read".to_owned())
        })
    }

    fn read(self, mut data: DataObject) -> Result<RealtimeEvent, BadRow> {
        match self {
            Self::Activity(kind) => {
                let field = match kind {
                    ChangeKind::Created => "onCreateActivity",
                    ChangeKind::Updated => "onUpdateActivity",
                    ChangeKind::Deleted => "onDeleteActivity",
                };
                Ok(RealtimeEvent::Activity(
                    kind,
                    activity(row(data.take_row(field))?)?,
                ))
            }
            Self::Totals => {
                let row = row(data.read::<OnUpdateUserAggregate>()?.on_update_user_aggregate)?;
                Ok(RealtimeEvent::Totals(DailyTotals::try_from(row)?))
            }
            Self::User => {
                let row = row(data.read::<OnUpdateUser>()?.on_update_user)?;
                let rev = row.rev.and_then(|rev| u32::try_from(rev).ok());
                Ok(RealtimeEvent::User {
                    rev: rev.unwrap_or(0),
                })
            }
        }
    }
}

fn row<R>(row: Option<R>) -> Result<R, BadRow> {
    row.ok_or_else(|| BadRow("it has no row".to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_become_changes_and_invalid_ones_notices() {
        let data = |value: Value| value.as_object().unwrap().clone();
        let totals = data(json!({"onUpdateUserAggregate":
            {"userid": "u", "date": "2026-11-23", "caloriesConsumed": 650, "caloriesBurned": 0, "version": 2, "weight": null}}));
        assert!(
            matches!(Subscription::Totals.event(totals), RealtimeEvent::Totals(totals) if totals.version == 2)
        );
        let entry = data(
            json!({"onDeleteActivity": {"id": "i", "userid": "u", "category": "Food", "type": "Lunch",
            "caloriesConsumed": 650, "creationDateTime": "2026-11-23T07:30:00.000Z"}}),
        );
        assert!(matches!(
            Subscription::Activity(ChangeKind::Deleted).event(entry),
            RealtimeEvent::Activity(ChangeKind::Deleted, _)
        ));
        let user = data(json!({"onUpdateUser": {"id": "u", "rev": 7}}));
        assert_eq!(Subscription::User.event(user), RealtimeEvent::User { rev: 7 });
        assert!(matches!(
            Subscription::Totals.event(Map::new()),
            RealtimeEvent::Notice(_)
        ));
    }
}

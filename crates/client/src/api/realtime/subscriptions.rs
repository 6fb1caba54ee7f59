//! What this program subscribes to, and what an event of each means.

use serde_json::{Map, Value};

use crate::api::{
    ApiError, ChangeKind, RealtimeEvent,
    convert::{Row, activity},
    data::{BadRow, Data},
    generated::{
        OnCreateActivity, OnDeleteActivity, OnUpdateActivity, OnUpdateUserAggregate, on_create_activity,
        on_delete_activity, on_update_activity, on_update_user_aggregate,
    },
    graphql::Request,
};

/// A subscription of this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subscription {
    Activity(ChangeKind),
    Totals,
}

impl Subscription {
    /// All of them; a connection is live when none is missing.
    pub(super) const ALL: [Self; 4] = [
        Self::Activity(ChangeKind::Created),
        Self::Activity(ChangeKind::Updated),
        Self::Activity(ChangeKind::Deleted),
        Self::Totals,
    ];

    /// The operation's name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Activity(ChangeKind::Created) => on_create_activity::OPERATION_NAME,
            Self::Activity(ChangeKind::Updated) => on_update_activity::OPERATION_NAME,
            Self::Activity(ChangeKind::Deleted) => on_delete_activity::OPERATION_NAME,
            Self::Totals => on_update_user_aggregate::OPERATION_NAME,
        }
    }

    /// The body that asks for the changes of a user's rows.
    pub(super) fn body(self, sub: &str) -> Result<String, ApiError> {
        let userid = sub.to_owned();
        match self {
            Self::Activity(ChangeKind::Created) => {
                Request::<OnCreateActivity>::new(on_create_activity::Variables { userid }).body()
            }
            Self::Activity(ChangeKind::Updated) => {
                Request::<OnUpdateActivity>::new(on_update_activity::Variables { userid }).body()
            }
            Self::Activity(ChangeKind::Deleted) => {
                Request::<OnDeleteActivity>::new(on_delete_activity::Variables { userid }).body()
            }
            Self::Totals => {
                Request::<OnUpdateUserAggregate>::new(on_update_user_aggregate::Variables { userid }).body()
            }
        }
    }

    /// What an event tells. One that can't be understood is told too: something changed that is not on the screen.
    pub(super) fn event(self, data: Map<String, Value>) -> RealtimeEvent {
        self.understood(Data::new(data)).unwrap_or_else(|bad| {
            tracing::warn!(reason = %bad.0, subscription = self.name(), "an event can't be understood");
            RealtimeEvent::Notice(
                "another client changed something that this program can't understand".to_owned(),
            )
        })
    }

    fn understood(self, mut data: Data) -> Result<RealtimeEvent, BadRow> {
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
                Ok(RealtimeEvent::Totals(row.noun()?))
            }
        }
    }
}

fn row<R>(row: Option<R>) -> Result<R, BadRow> {
    row.ok_or_else(|| BadRow("it holds no row".to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_become_changes_and_nothing_is_dropped_silently() {
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
        assert!(matches!(
            Subscription::Totals.event(Map::new()),
            RealtimeEvent::Notice(_)
        ));
    }
}

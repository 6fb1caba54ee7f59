//! What this program subscribes to, and what an event of each means.

use serde_json::{Map, Value};

use crate::api::{
    ChangeKind, RealtimeEvent, convert,
    graphql::Operation,
    operations::{ON_CREATE_ACTIVITY, ON_DELETE_ACTIVITY, ON_UPDATE_ACTIVITY, ON_UPDATE_TOTALS},
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

    pub(super) const fn operation(self) -> Operation {
        match self {
            Self::Activity(ChangeKind::Created) => ON_CREATE_ACTIVITY,
            Self::Activity(ChangeKind::Updated) => ON_UPDATE_ACTIVITY,
            Self::Activity(ChangeKind::Deleted) => ON_DELETE_ACTIVITY,
            Self::Totals => ON_UPDATE_TOTALS,
        }
    }

    /// What an event tells. One that can't be understood is told too: something changed that is not on the screen.
    pub(super) fn event(self, mut data: Map<String, Value>) -> RealtimeEvent {
        let row = data.remove(self.operation().field).unwrap_or_default();
        let understood = match self {
            Self::Activity(kind) => {
                convert::activity(row).map(|activity| RealtimeEvent::Activity(kind, activity))
            }
            Self::Totals => convert::totals(row).map(RealtimeEvent::Totals),
        };
        understood.unwrap_or_else(|bad| {
            tracing::warn!(reason = %bad.0, field = self.operation().field, "an event can't be understood");
            RealtimeEvent::Notice(
                "another client changed something that this program can't understand".to_owned(),
            )
        })
    }
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

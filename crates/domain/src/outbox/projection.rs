//! What pending changes make of entries and of the figures of a day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{Activity, Booking, DailyTotals, Entry, LogCommand};

/// kcal that pending changes add to the totals of a day; negative where they take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueuedKcal {
    /// kcal of Food and Drink.
    pub consumed: i64,
    /// kcal of Exercise.
    pub burned: i64,
}

impl QueuedKcal {
    /// What pending changes, in their order, add to the totals of `date`. `stored` returns an entry as the backend has it, if
    /// that is known.
    pub fn of<'a, 'b>(
        date: Date,
        pending: impl Iterator<Item = &'a LogCommand>,
        stored: impl Fn(&str) -> Option<&'b Activity>,
    ) -> Self {
        let mut queued = Self::default();
        for (id, commands) in by_entry(pending) {
            let before = stored(id);
            let after = projected(commands.into_iter(), "", before);
            queued.add(before.map(|activity| &activity.entry), date, -1);
            queued.add(after.as_ref().map(|activity| &activity.entry), date, 1);
        }
        queued
    }

    /// What pending changes, in their order, add to the totals of each day, where the stored entries are not at hand: an edit is
    /// measured by the entry that it began with, and a new entry counts as not stored yet.
    pub fn by_day<'a>(pending: impl Iterator<Item = &'a LogCommand>) -> BTreeMap<Date, Self> {
        let mut days: BTreeMap<Date, Self> = BTreeMap::new();
        for commands in by_entry(pending).into_values() {
            let before = commands.first().and_then(|first| match first {
                LogCommand::Create(_) => None,
                LogCommand::Update { before, .. } | LogCommand::Delete(before) => Some(before),
            });
            let after = projected(commands.into_iter(), "", before);
            for (activity, sign) in [(before, -1), (after.as_ref(), 1)] {
                if let Some(activity) = activity {
                    let date = activity.entry.date;
                    days.entry(date)
                        .or_default()
                        .add(Some(&activity.entry), date, sign);
                }
            }
        }
        days.retain(|_, queued| !queued.is_nothing());
        days
    }

    fn add(&mut self, entry: Option<&Entry>, date: Date, sign: i64) {
        let Some(entry) = entry.filter(|entry| entry.date == date) else {
            return;
        };
        let kcal = sign.saturating_mul(i64::from(entry.kcal));
        let side = match Booking::of(&entry.category) {
            Booking::Consumed => &mut self.consumed,
            Booking::Burned => &mut self.burned,
            Booking::Nothing => return,
        };
        *side = side.saturating_add(kcal);
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            consumed: self.consumed.saturating_add(other.consumed),
            burned: self.burned.saturating_add(other.burned),
        }
    }

    /// What takes this away.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self {
            consumed: self.consumed.saturating_neg(),
            burned: self.burned.saturating_neg(),
        }
    }

    /// The totals as they will be once all is sent.
    pub fn added_to(self, totals: &DailyTotals) -> DailyTotals {
        DailyTotals {
            calories_consumed: totals.calories_consumed.saturating_add(self.consumed),
            calories_burned: totals.calories_burned.saturating_add(self.burned),
            ..totals.clone()
        }
    }

    /// Whether nothing is added.
    pub const fn is_nothing(self) -> bool {
        self.consumed == 0 && self.burned == 0
    }
}

/// Pending changes by the id of their entry, those of an entry in their order.
pub fn by_entry<'a>(pending: impl Iterator<Item = &'a LogCommand>) -> BTreeMap<&'a str, Vec<&'a LogCommand>> {
    let mut found: BTreeMap<&str, Vec<&LogCommand>> = BTreeMap::new();
    for command in pending {
        found.entry(command.id()).or_default().push(command);
    }
    found
}

/// An entry as it will be once these changes of it are sent, of what the backend has; `None` if there is none then. `owner`
/// is the `sub` of the user.
pub fn projected<'a>(
    changes: impl Iterator<Item = &'a LogCommand>,
    owner: &str,
    stored: Option<&Activity>,
) -> Option<Activity> {
    changes.fold(stored.cloned(), |now, command| match command {
        LogCommand::Create(new) => Some(now.unwrap_or_else(|| Activity {
            id: new.id.clone(),
            owner: owner.to_owned(),
            entry: new.entry.clone(),
            rev: 0,
        })),
        LogCommand::Update { before, patch } => {
            let mut activity = now.unwrap_or_else(|| before.clone());
            activity.entry.apply(patch);
            Some(activity)
        }
        LogCommand::Delete(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;
    use crate::{ActivityPatch, NewActivity};

    const DAY: Date = date(2026, 11, 23);

    fn activity(kcal: u32) -> Activity {
        Activity {
            id: "a".to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(
                DAY,
                "2026-11-23T07:30:00Z".parse().unwrap(),
                "Food",
                "Lunch",
                kcal,
            ),
            rev: 1,
        }
    }

    fn create(kcal: u32) -> LogCommand {
        LogCommand::Create(NewActivity::new("a".to_owned(), activity(kcal).entry))
    }

    fn update(patch: ActivityPatch) -> LogCommand {
        LogCommand::Update {
            before: activity(650),
            patch,
        }
    }

    fn kcal(kcal: u32) -> ActivityPatch {
        ActivityPatch {
            kcal: Some(kcal),
            ..ActivityPatch::default()
        }
    }

    #[test]
    fn days_get_what_the_changes_of_their_entries_add() {
        let tomorrow = DAY.tomorrow().unwrap();
        let moved = update(ActivityPatch {
            date: Some(tomorrow),
            kcal: Some(600),
            ..ActivityPatch::default()
        });
        let mut other = activity(30);
        other.id = "b".to_owned();
        let pending = [moved, LogCommand::Delete(other)];
        let consumed = |consumed| QueuedKcal { consumed, burned: 0 };
        let days = QueuedKcal::by_day(pending.iter());
        assert_eq!(
            days,
            BTreeMap::from([(DAY, consumed(-680)), (tomorrow, consumed(600))])
        );
        let unsaid = [create(650), LogCommand::Delete(activity(650))];
        assert_eq!(QueuedKcal::by_day(unsaid.iter()), BTreeMap::new());
    }

    #[rstest]
    #[case::a_new_entry(None, vec![create(650)], 650, 0)]
    #[case::one_that_has_arrived(Some(activity(650)), vec![create(650)], 0, 0)]
    #[case::an_edit(Some(activity(650)), vec![update(kcal(700))], 50, 0)]
    #[case::edits(Some(activity(650)), vec![update(kcal(700)), update(kcal(600))], -50, 0)]
    #[case::a_deletion(Some(activity(650)), vec![LogCommand::Delete(activity(650))], -650, 0)]
    #[case::new_and_deleted(None, vec![create(650), LogCommand::Delete(activity(650))], 0, 0)]
    #[case::to_another_day(
        Some(activity(650)),
        vec![update(ActivityPatch { date: Some(date(2026, 11, 24)), ..ActivityPatch::default() })],
        -650,
        0
    )]
    #[case::to_another_category(
        Some(activity(650)),
        vec![update(ActivityPatch { category: Some("Exercise".to_owned()), ..ActivityPatch::default() })],
        -650,
        650
    )]
    fn pending_changes_add_what_they_change(
        #[case] stored: Option<Activity>,
        #[case] pending: Vec<LogCommand>,
        #[case] consumed: i64,
        #[case] burned: i64,
    ) {
        let queued = QueuedKcal::of(DAY, pending.iter(), |_| stored.as_ref());
        assert_eq!(queued, QueuedKcal { consumed, burned });
        let totals = queued.added_to(&DailyTotals::empty(DAY));
        assert_eq!(
            (totals.calories_consumed, totals.calories_burned),
            (consumed, burned)
        );
    }
}

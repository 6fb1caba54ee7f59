//! A command that is repeated with the id of its entry logs nothing twice.

use caltrack_domain::{Activity, NewActivity, outbox::Known};
use jiff::{SignedDuration, Timestamp};

use super::{
    context::CommandContext,
    error::CommandError,
    local_log::LocalLog,
    sending::is_away,
    values::{GivenValues, TypedEntry},
};
use crate::app::text::summary;

/// A command repeated within this time of its entry's moment is the same command, even after midnight.
const REPEAT_TIME: SignedDuration = SignedDuration::from_hours(1);

/// What is known of an entry to be logged under an id that the user gave.
pub(super) enum Before {
    /// Nothing: it is to be logged.
    Nothing,
    /// It is logged.
    Logged(Activity),
    /// It is in the outbox, in the row of this number.
    Queued(Activity, u64),
}

impl CommandContext<'_> {
    /// What an earlier attempt of the command left. Fails if the id belongs to another entry or to a deleted one.
    pub(super) async fn logged_before(
        &self,
        local: &LocalLog<'_>,
        typed: &TypedEntry,
    ) -> Result<Before, CommandError> {
        let TypedEntry { new, given } = typed;
        if !given.id {
            return Ok(Before::Nothing);
        }
        let now = Timestamp::now();
        if let Some((row, queued)) = local.queued_create(&new.id) {
            check_repeat(new, *given, &queued, now)?;
            return Ok(Before::Queued(queued, row));
        }
        match local.stored(&new.id) {
            Known::Unknown => Ok(Before::Nothing),
            Known::Deleted => Err(deleted(&new.id)),
            Known::Stored(stored) if check_repeat(new, *given, &stored, now).is_ok() => {
                Ok(Before::Logged(stored))
            }
            // This computer's copy may be an old one.
            Known::Stored(known) => {
                let stored = match self.once.activity(&new.id).await {
                    Ok(Some(stored)) => stored,
                    Ok(None) => return Ok(Before::Nothing),
                    Err(error) if is_away(&error) => known,
                    Err(error) => return Err(error.into()),
                };
                check_repeat(new, *given, &stored, now)?;
                Ok(Before::Logged(stored))
            }
        }
    }
}

/// The id of a new entry is that of a deleted one.
pub(super) fn deleted(id: &str) -> CommandError {
    CommandError::id_in_use(format!(
        "the entry with the id {id} was deleted; nothing was logged"
    ))
}

/// Compares the entry that the backend has under the id with the entry to be logged: if they differ, the new values would be
/// lost, and the command fails.
///
/// Day and time are compared only if they were given; else those of the first attempt apply.
pub(super) fn check_repeat(
    new: &NewActivity,
    given: GivenValues,
    stored: &Activity,
    now: Timestamp,
) -> Result<(), CommandError> {
    let recent = now.duration_since(stored.entry.moment).abs() <= REPEAT_TIME;
    let mut wanted = new.entry.clone();
    if !given.time {
        wanted.moment = stored.entry.moment;
    }
    if !given.date && !given.time && recent {
        wanted.date = stored.entry.date;
    }
    if wanted == stored.entry {
        return Ok(());
    }
    let known = format!("{} on {}", summary(&stored.entry), stored.entry.date);
    Err(CommandError::id_in_use(if stored.rev > 1 {
        format!(
            "the entry with the id {} was edited since it was logged and is {known} now; nothing was logged",
            stored.id
        )
    } else {
        format!(
            "the id {} belongs to another entry: {known}; nothing was logged",
            stored.id
        )
    }))
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    const NOTHING: GivenValues = GivenValues {
        id: true,
        date: false,
        time: false,
    };

    fn now() -> Timestamp {
        "2026-11-29T00:10:00Z".parse().unwrap()
    }

    fn soup() -> Entry {
        Entry {
            name: Some("soup".to_owned()),
            ..Entry::new(date(2026, 11, 29), now(), "Food", "Lunch", 650)
        }
    }

    fn new() -> NewActivity {
        NewActivity::new("i".to_owned(), soup())
    }

    fn stored(entry: Entry) -> Activity {
        Activity {
            id: "i".to_owned(),
            owner: "u".to_owned(),
            entry,
            rev: 1,
        }
    }

    /// As it was logged, at 00:05.
    fn logged() -> Entry {
        Entry {
            moment: "2026-11-29T00:05:00Z".parse().unwrap(),
            ..soup()
        }
    }

    #[test]
    fn a_repeated_command_keeps_the_moment_of_the_first() {
        assert!(check_repeat(&new(), NOTHING, &stored(logged()), now()).is_ok());
        let before_midnight = Entry {
            date: date(2026, 11, 28),
            moment: "2026-11-28T23:50:00Z".parse().unwrap(),
            ..logged()
        };
        assert!(check_repeat(&new(), NOTHING, &stored(before_midnight.clone()), now()).is_ok());
        let yesterday = Entry {
            moment: "2026-11-28T12:00:00Z".parse().unwrap(),
            ..before_midnight.clone()
        };
        assert!(check_repeat(&new(), NOTHING, &stored(yesterday), now()).is_err());
        let on_this_day = GivenValues {
            date: true,
            ..NOTHING
        };
        assert!(check_repeat(&new(), on_this_day, &stored(before_midnight), now()).is_err());
        let at_this_time = GivenValues {
            time: true,
            ..NOTHING
        };
        assert!(check_repeat(&new(), at_this_time, &stored(logged()), now()).is_err());
    }

    #[rstest]
    #[case::kcal(Entry { kcal: 1, ..logged() })]
    #[case::kind(Entry { kind: "Dinner".to_owned(), ..logged() })]
    #[case::category(Entry { category: "Exercise".to_owned(), ..logged() })]
    #[case::name(Entry { name: None, ..logged() })]
    #[case::note(Entry { note: Some("x".to_owned()), ..logged() })]
    #[case::quantity(Entry { quantity: Some(2.0), ..logged() })]
    #[case::protein(Entry { protein: Some(caltrack_domain::Grams::whole(2)), ..logged() })]
    fn an_id_with_other_values_belongs_to_another_entry(#[case] entry: Entry) {
        let stored = stored(entry);
        let error = check_repeat(&new(), NOTHING, &stored, now()).unwrap_err();
        assert!(error.message().contains("belongs to another entry"), "{error:?}");
        let edited = Activity { rev: 2, ..stored };
        let error = check_repeat(&new(), NOTHING, &edited, now()).unwrap_err();
        assert!(error.message().contains("edited since"), "{error:?}");
    }
}

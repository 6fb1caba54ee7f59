//! Commands that log, edit and delete. They return when the backend has acknowledged the write.

use caltrack_domain::{Activity, Category, NewActivity, read_line};
use jiff::{SignedDuration, Zoned, tz::TimeZone};

use super::{
    context::CommandContext,
    error::CommandError,
    json,
    output::{Change, Output},
    values::{EntryEdit, Given, NewEntry, QuickEntry, entry_id, listed},
};
use crate::app::{
    patch::Values,
    text::{summary, summary_beside},
};
use caltrack_client::api::{Account, ApiError};

/// A command repeated within this time of its entry's moment is the same command, even after midnight.
const REPEAT_TIME: SignedDuration = SignedDuration::from_hours(1);

impl CommandContext<'_> {
    pub(super) async fn add(&self, account: &Account, line: QuickEntry) -> Result<Output, CommandError> {
        let hour = line.moment.to_zoned(TimeZone::system()).hour();
        let read = |known: &[Category]| read_line(&line.text, known, hour).map_err(CommandError::value);
        let read = self.by_categories(account, read).await?;
        let new = NewActivity {
            id: line.id,
            date: line.date,
            creation_date_time: line.moment,
            category: read.category,
            kind: read.kind,
            kcal: read.kcal,
            name: read.name,
            note: None,
            quantity: None,
        };
        let logged = self.create(&new, line.given).await?;
        Ok(Output::changed(
            json::activity(&logged),
            sentence("logged", &logged),
            change("logged", "the output", &logged),
        ))
    }

    pub(super) async fn log(&self, account: &Account, entry: NewEntry) -> Result<Output, CommandError> {
        let find = |known: &[Category]| listed(&entry.category, &entry.kind, known);
        let (category, kind) = self.by_categories(account, find).await?;
        let new = NewActivity {
            id: entry.id,
            date: entry.date,
            creation_date_time: entry.moment,
            category,
            kind,
            kcal: entry.kcal,
            name: entry.name,
            note: entry.note,
            quantity: None,
        };
        let logged = self.create(&new, entry.given).await?;
        Ok(Output::changed(
            json::activity(&logged),
            logged.id.clone(),
            change("logged", "the id", &logged),
        ))
    }

    /// Logs an entry. If the outcome is unknown, the error's advice allows a retry that logs nothing twice.
    async fn create(&self, new: &NewActivity, given: Given) -> Result<Activity, CommandError> {
        let id = &new.id;
        let logged = match self.client.create_activity(new).await {
            Err(ApiError::IdTaken) => {
                let message = format!("the id {id} is taken; nothing was logged");
                return Err(CommandError::id_in_use(message));
            }
            Err(ApiError::Deleted(_)) => {
                let message = format!("the entry with the id {id} was deleted; nothing was logged");
                return Err(CommandError::id_in_use(message));
            }
            // It may be logged nevertheless: perhaps only the response is lost or invalid.
            Err(error) if error.is_transient() || matches!(error, ApiError::Protocol(_)) => {
                let repeat = format!("repeat it with --id {id}, which logs nothing twice");
                let next = match &error {
                    ApiError::Silent(silence) => format!("{}; {repeat}", silence.next),
                    _ => repeat,
                };
                return Err(CommandError::from(error).advising(next));
            }
            outcome => outcome?,
        };
        if given.id {
            check_repeat(new, given, &logged, &Zoned::now())?;
        }
        Ok(logged)
    }

    pub(super) async fn edit(&self, account: &Account, edit: EntryEdit) -> Result<Output, CommandError> {
        let before = self.find(&edit.id).await?;
        let EntryEdit { mut patch, at, .. } = edit;
        if patch.category.is_some() || patch.kind.is_some() {
            let category = patch.category.as_ref().unwrap_or(&before.category);
            let kind = patch.kind.as_ref().unwrap_or(&before.kind);
            let find = |known: &[Category]| listed(category, kind, known);
            let (category, kind) = self.by_categories(account, find).await?;
            (patch.category, patch.kind) = (Some(category), Some(kind));
        }
        if patch.date.is_some() || at.is_some() {
            let date = patch.date.unwrap_or(before.date);
            let moment = before.rescheduled(date, at, &TimeZone::system());
            patch.creation_date_time = Some(moment.map_err(CommandError::value)?);
        }
        let after = self.client.update_activity(&before.id, &patch, None).await?;
        Ok(Output::changed(
            json::activity(&after),
            sentence("saved", &after),
            change("saved", "the output", &after),
        ))
    }

    pub(super) async fn delete(&self, given: &str) -> Result<Output, CommandError> {
        let id = entry_id(given);
        let deleted = match self.client.delete_activity(&id).await {
            // Another program may have generated an id in upper case.
            Err(ApiError::NotFound(_)) if id != given => self.client.delete_activity(given).await,
            outcome => outcome,
        };
        let deleted = match deleted {
            Err(ApiError::NotFound(_)) => return Err(CommandError::unknown_entry(given)),
            outcome => outcome?,
        };
        Ok(Output::changed(
            json::activity(&deleted),
            sentence("deleted", &deleted),
            change("deleted", "the output", &deleted),
        ))
    }

    /// The entry with an id, in any spelling.
    async fn find(&self, given: &str) -> Result<Activity, CommandError> {
        let id = entry_id(given);
        let found = match self.client.activity(&id).await? {
            // As in `delete`.
            None if id != given => self.client.activity(given).await?,
            found => found,
        };
        found.ok_or_else(|| CommandError::unknown_entry(given))
    }
}

/// `saved Lunch 650 kcal on 2026-11-28  0192…`, without the day if it is today.
fn sentence(word: &str, entry: &Activity) -> String {
    let today = Zoned::now().date();
    format!("{word} {}  {}", summary_beside(entry, today), entry.id)
}

fn change(done: &'static str, output: &'static str, entry: &Activity) -> Change {
    Change {
        done,
        output,
        next: format!("don't repeat the command; the entry is {}", entry.id),
    }
}

/// Compares the entry that the backend has under the id with the entry to be logged: if they differ, the new values would be
/// lost, and the command fails.
///
/// Day and time are compared only if they were given; else those of the first attempt apply.
fn check_repeat(new: &NewActivity, given: Given, stored: &Activity, now: &Zoned) -> Result<(), CommandError> {
    let recent = now.timestamp().duration_since(stored.creation_date_time).abs() <= REPEAT_TIME;
    let mut wanted = Values::of_new(new);
    if !given.time {
        wanted.moment = stored.creation_date_time;
    }
    if !given.date && !given.time && recent {
        wanted.date = stored.date;
    }
    if wanted == Values::of(stored) {
        return Ok(());
    }
    let known = format!("{} on {}", summary(stored), stored.date);
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
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    const NOTHING: Given = Given {
        id: true,
        date: false,
        time: false,
    };

    fn now() -> Zoned {
        "2026-11-29T00:10:00+00:00[UTC]".parse().unwrap()
    }

    fn new() -> NewActivity {
        NewActivity {
            id: "i".to_owned(),
            date: now().date(),
            creation_date_time: now().timestamp(),
            category: "Food".to_owned(),
            kind: "Lunch".to_owned(),
            kcal: 650,
            name: Some("soup".to_owned()),
            note: None,
            quantity: None,
        }
    }

    fn stored() -> Activity {
        Activity {
            id: "i".to_owned(),
            userid: "u".to_owned(),
            date: now().date(),
            creation_date_time: "2026-11-29T00:05:00Z".parse().unwrap(),
            category: "Food".to_owned(),
            kind: "Lunch".to_owned(),
            kcal: 650,
            name: Some("soup".to_owned()),
            note: None,
            quantity: None,
            rev: 1,
        }
    }

    #[test]
    fn a_repeated_command_keeps_the_moment_of_the_first() {
        assert!(check_repeat(&new(), NOTHING, &stored(), &now()).is_ok());
        let before_midnight = Activity {
            date: date(2026, 11, 28),
            creation_date_time: "2026-11-28T23:50:00Z".parse().unwrap(),
            ..stored()
        };
        assert!(check_repeat(&new(), NOTHING, &before_midnight, &now()).is_ok());
        let yesterday = Activity {
            creation_date_time: "2026-11-28T12:00:00Z".parse().unwrap(),
            ..before_midnight.clone()
        };
        assert!(check_repeat(&new(), NOTHING, &yesterday, &now()).is_err());
        let on_this_day = Given {
            date: true,
            ..NOTHING
        };
        assert!(check_repeat(&new(), on_this_day, &before_midnight, &now()).is_err());
        let at_this_time = Given {
            time: true,
            ..NOTHING
        };
        assert!(check_repeat(&new(), at_this_time, &stored(), &now()).is_err());
    }

    #[rstest]
    #[case::kcal(Activity { kcal: 1, ..stored() })]
    #[case::kind(Activity { kind: "Dinner".to_owned(), ..stored() })]
    #[case::category(Activity { category: "Exercise".to_owned(), ..stored() })]
    #[case::name(Activity { name: None, ..stored() })]
    #[case::note(Activity { note: Some("x".to_owned()), ..stored() })]
    #[case::quantity(Activity { quantity: Some(2.0), ..stored() })]
    fn an_id_with_other_values_belongs_to_another_entry(#[case] stored: Activity) {
        let error = check_repeat(&new(), NOTHING, &stored, &now()).unwrap_err();
        assert!(error.message().contains("belongs to another entry"), "{error:?}");
        let edited = Activity { rev: 2, ..stored };
        let error = check_repeat(&new(), NOTHING, &edited, &now()).unwrap_err();
        assert!(error.message().contains("edited since"), "{error:?}");
    }
}

//! Commands that log, edit and delete. They return when the backend has acknowledged the write.

use caltrack_domain::{Account, Activity, Category, ChangeKind, NewActivity};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::json;
use uuid::Uuid;

use super::{
    context::CommandContext,
    error::CommandError,
    json,
    now::Now,
    output::{Output, ReportedChange},
    values::{EntryEdit, GivenValues, TypedEntry, entry_id, listed},
};
use crate::app::text::{summary, summary_beside};
use caltrack_client::{
    api::ApiError,
    replica::{Change, Replica},
};

/// A command repeated within this time of its entry's moment is the same command, even after midnight.
const REPEAT_TIME: SignedDuration = SignedDuration::from_hours(1);

impl CommandContext<'_> {
    pub(super) async fn log(&self, account: &Account, typed: TypedEntry) -> Result<Output, CommandError> {
        let TypedEntry { mut new, given } = typed;
        let find = |known: &[Category]| listed(&new.entry.category, &new.entry.kind, known);
        (new.entry.category, new.entry.kind) = self.by_categories(account, find).await?;
        let logged = self.create(&new, given).await?;
        self.keep(account, std::slice::from_ref(&logged));
        Ok(Output::changed(
            json::activity(&logged),
            logged.id.clone(),
            change("logged", "the id", &logged),
        ))
    }

    /// Logs entries, in order. The error after some of them are logged has their number.
    pub(super) async fn create_all(
        &self,
        account: &Account,
        entries: &[TypedEntry],
    ) -> Result<Vec<Activity>, CommandError> {
        let mut logged = Vec::new();
        for entry in entries {
            match self.create(&entry.new, entry.given).await {
                Ok(activity) => logged.push(activity),
                Err(error) if logged.is_empty() => return Err(error),
                Err(error) => {
                    self.keep(account, &logged);
                    let done = format!(
                        "{} of {} entries are logged; {}",
                        logged.len(),
                        entries.len(),
                        error.message()
                    );
                    let first = entries.first().map_or("", |first| first.new.id.as_str());
                    return Err(error
                        .reporting(done)
                        .advising(format!("repeat it with --id {first}, which logs nothing twice")));
                }
            }
        }
        self.keep(account, &logged);
        Ok(logged)
    }

    /// Writes acknowledged entries into this computer's copy of the log, so that their names are known from now on.
    fn keep(&self, account: &Account, logged: &[Activity]) {
        let changes = logged.iter().cloned();
        let changes = changes.map(|activity| Change::Entry(ChangeKind::Created, activity));
        let kept = Replica::open(&self.config.data.cache()).and_then(|mut opened| {
            let owner = self.owner(account);
            opened.replica.apply(owner, changes.collect(), Timestamp::now())
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "the copy of the log lacks an entry until the next sync");
        }
    }

    /// Logs an entry. If the outcome is unknown, the error's advice allows a retry that logs nothing twice.
    async fn create(&self, new: &NewActivity, given: GivenValues) -> Result<Activity, CommandError> {
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
            check_repeat(new, given, &logged, Timestamp::now())?;
        }
        Ok(logged)
    }

    pub(super) async fn edit(
        &self,
        account: &Account,
        edit: EntryEdit,
        now: &Now,
    ) -> Result<Output, CommandError> {
        let before = self.find(&edit.id).await?;
        let EntryEdit { mut patch, at, .. } = edit;
        if patch.category.is_some() || patch.kind.is_some() {
            let category = patch.category.as_ref().unwrap_or(&before.entry.category);
            let kind = patch.kind.as_ref().unwrap_or(&before.entry.kind);
            let find = |known: &[Category]| listed(category, kind, known);
            let (category, kind) = self.by_categories(account, find).await?;
            (patch.category, patch.kind) = (Some(category), Some(kind));
        }
        if patch.date.is_some() || at.is_some() {
            let date = patch.date.unwrap_or(before.entry.date);
            let moment = before.entry.rescheduled(date, at, &now.clock);
            patch.moment = Some(moment.map_err(CommandError::value)?);
        }
        let after = self.client.update_activity(&before.id, &patch, None).await?;
        Ok(Output::changed(
            json::activity(&after),
            sentence("saved", &after, now.today()),
            change("saved", "the output", &after),
        ))
    }

    /// Deletes entries, in order. The answer is the entry, or a list of several.
    pub(super) async fn delete(&self, given: &[String], today: Date) -> Result<Output, CommandError> {
        let mut ids = Vec::new();
        for id in given {
            ids.push(self.id_to_delete(id).await?);
        }
        let mut deleted: Vec<Activity> = Vec::new();
        for id in &ids {
            match self.delete_one(id).await {
                Ok(activity) => deleted.push(activity),
                Err(error) if deleted.is_empty() => return Err(error),
                Err(error) => {
                    let done = format!(
                        "{} of {} entries are deleted; {}",
                        deleted.len(),
                        ids.len(),
                        error.message()
                    );
                    return Err(error.reporting(done));
                }
            }
        }
        let lines = deleted
            .iter()
            .map(|activity| sentence("deleted", activity, today));
        let text = lines.collect::<Vec<_>>().join("\n");
        let changed = |json, last| Output::changed(json, text, change("deleted", "the output", last));
        Ok(match deleted.as_slice() {
            [one] => changed(json::activity(one), one),
            several => match several.last() {
                Some(last) => changed(json::activities(several), last),
                None => Output::read(json!([]), String::new()),
            },
        })
    }

    /// The id of an entry to be deleted. A whole id need not have an entry any more: a repeated deletion succeeds.
    async fn id_to_delete(&self, given: &str) -> Result<String, CommandError> {
        let id = entry_id(given);
        if Uuid::try_parse(&id).is_ok() {
            return Ok(given.to_owned());
        }
        match self.find(given).await {
            Ok(found) => Ok(found.id),
            Err(error) if error.is_not_found() => Ok(given.to_owned()),
            Err(error) => Err(error),
        }
    }

    async fn delete_one(&self, given: &str) -> Result<Activity, CommandError> {
        let id = entry_id(given);
        let deleted = match self.client.delete_activity(&id, None).await {
            // Another program may have generated an id in upper case.
            Err(ApiError::NotFound(_)) if id != given => self.client.delete_activity(given, None).await,
            outcome => outcome,
        };
        match deleted {
            Err(ApiError::NotFound(_)) => Err(CommandError::unknown_entry(given)),
            outcome => Ok(outcome?),
        }
    }
}

/// `saved Lunch 650 kcal on 2026-11-28  0192…`, without the day if it is today.
pub(super) fn sentence(word: &str, entry: &Activity, today: Date) -> String {
    format!("{word} {}  {}", summary_beside(&entry.entry, today), entry.id)
}

pub(super) fn change(done: &'static str, output: &'static str, entry: &Activity) -> ReportedChange {
    ReportedChange {
        done,
        output,
        next: format!("don't repeat the command; the entry is {}", entry.id),
    }
}

/// Compares the entry that the backend has under the id with the entry to be logged: if they differ, the new values would be
/// lost, and the command fails.
///
/// Day and time are compared only if they were given; else those of the first attempt apply.
fn check_repeat(
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
        NewActivity {
            id: "i".to_owned(),
            entry: soup(),
        }
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

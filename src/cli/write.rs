//! Commands that log, edit and delete: each saves its changes in the outbox, sends them, and reports what became of them.

use caltrack_domain::{
    Account, Activity, ActivityPatch, Category, EnergyUnit, LogCommand, NewActivity, in_milliseconds,
    outbox::{Command, Known, RejectionKind, SavedChange, Stored},
};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{
    context::CommandContext,
    error::CommandError,
    json,
    local_log::LocalLog,
    now::Now,
    output::{Output, ReportedChange},
    repeat::{Before, check_repeat, deleted},
    sending::{SentChange, name},
    tally::Tally,
    values::{EntryEdit, TypedEntry, entry_id, listed},
};
use crate::app::text::summary_beside;
use caltrack_client::api::ApiError;

impl CommandContext<'_> {
    pub(super) async fn log(&self, account: &Account, typed: TypedEntry) -> Result<Output, CommandError> {
        let TypedEntry { mut new, given } = typed;
        let find = |known: &[Category]| listed(&new.entry.category, &new.entry.kind, known);
        (new.entry.category, new.entry.kind) = self.by_categories(account, find).await?;
        let logged = self.create_all(account, vec![TypedEntry { new, given }]).await?;
        let first = logged.first();
        Ok(Output::changed(
            first.map_or(serde_json::Value::Null, json::activity),
            first.map(|entry| entry.id.clone()).unwrap_or_default(),
            change("logged", "the id", &logged),
        ))
    }

    /// Logs entries as one step of the undo history, and returns them as the backend has them. If one of them is only queued, or
    /// rejected, the error reports what became of all of them.
    pub(super) async fn create_all(
        &self,
        account: &Account,
        entries: Vec<TypedEntry>,
    ) -> Result<Vec<Activity>, CommandError> {
        let local = self.local(account);
        let mut before = Vec::with_capacity(entries.len());
        let mut commands = Vec::new();
        for typed in &entries {
            let known = self.logged_before(&local, typed).await?;
            if matches!(known, Before::Nothing) {
                commands.push(Command::Log(LogCommand::Create(typed.new.clone())));
            }
            before.push(known);
        }
        let mut outbox = self.outbox()?;
        let owner = local.owner();
        let saved = outbox.save(&owner, &name(&commands), commands, Timestamp::now())?;
        let mut saved = saved.changes.into_iter();
        let changes = before.iter().filter_map(|before| match before {
            Before::Nothing => saved.next(),
            Before::Queued(_, row) => Some(SavedChange::Queued(*row)),
            Before::Logged(_) => None,
        });
        let saved = outbox.saved(&owner, changes.collect());
        let sent = self.deliver(&local, outbox, &saved).await?;

        let mut outcomes = sent.outcomes.iter();
        let mut tally = Tally::default();
        for (typed, before) in entries.iter().zip(before) {
            let TypedEntry { new, given } = typed;
            let queued = match before {
                Before::Logged(activity) => {
                    tally.done(activity);
                    continue;
                }
                Before::Queued(queued, _) => queued,
                Before::Nothing => unsent(new, account),
            };
            match outcomes.next() {
                Some(SentChange::Acknowledged(Stored::Entry(stored))) if given.id => {
                    match check_repeat(new, *given, stored, Timestamp::now()) {
                        Ok(()) => tally.done(stored.clone()),
                        Err(error) => tally.failed(error),
                    }
                }
                // Such an id can never be logged, so nothing is left to be sent again.
                Some(SentChange::Rejected(rejection, row))
                    if matches!(rejection.kind, RejectionKind::IdTaken | RejectionKind::Deleted) =>
                {
                    self.outbox()?.drop_row(&owner, *row)?;
                    tally.failed(match rejection.kind {
                        RejectionKind::Deleted => deleted(&new.id),
                        _ => {
                            CommandError::id_in_use(format!("the id {} is taken; nothing was logged", new.id))
                        }
                    });
                }
                outcome => tally.take(outcome, queued),
            }
        }
        tally.finish(&sent, "logged")
    }

    pub(super) async fn edit(
        &self,
        account: &Account,
        edit: EntryEdit,
        now: &Now,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        let mut before = self.find(&local, &edit.id).await?;
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
            patch.moment = Some(in_milliseconds(moment.map_err(CommandError::value)?));
        }
        if before.entry.edited(&patch) == before.entry
            && let Ok(Some(stored)) = self.once.activity(&before.id).await
            && !local.is_pending(&before.id)
        {
            // This computer's copy may be an old one.
            before = stored;
        }
        let wanted = Activity {
            entry: before.entry.edited(&patch),
            ..before.clone()
        };
        let update = LogCommand::Update {
            before,
            patch: patch.clone(),
        };
        let sent = self.send(&local, vec![Command::Log(update)]).await?;
        let mut tally = Tally::default();
        match sent.outcomes.first() {
            Some(SentChange::Acknowledged(Stored::Entry(stored))) if lacks(stored, &patch) => {
                tally.failed(CommandError::changed_elsewhere(stored));
            }
            outcome => tally.take(outcome, wanted),
        }
        let saved = tally.finish(&sent, "saved")?;
        let text = saved.iter().map(|entry| sentence("saved", entry, now.today()));
        Ok(Output::changed(
            saved.first().map_or(serde_json::Value::Null, json::activity),
            text.collect::<Vec<_>>().join("\n"),
            change("saved", "the output", &saved),
        ))
    }

    /// Deletes entries, all or none if one is unknown. The answer is the entry, or a list of several.
    pub(super) async fn delete(
        &self,
        account: &Account,
        given: &[String],
        today: Date,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        let mut tally = Tally::default();
        let mut found: Vec<Activity> = Vec::new();
        let is_one = given.len() == 1;
        for given in given {
            match self.to_delete(&local, given).await? {
                Deletion::Due(entry) if found.iter().all(|other| other.id != entry.id) => found.push(entry),
                Deletion::Due(_) => {}
                Deletion::Done(entry) => tally.done(entry),
            }
        }
        let commands = found
            .iter()
            .map(|entry| Command::Log(LogCommand::Delete(entry.clone())));
        let sent = self.send(&local, commands.collect()).await?;
        for (outcome, entry) in sent.outcomes.iter().zip(found) {
            tally.take(Some(outcome), entry);
        }
        let deleted = tally.finish(&sent, "deleted")?;
        let lines = deleted.iter().map(|entry| sentence("deleted", entry, today));
        let text = lines.collect::<Vec<_>>().join("\n");
        let json = match deleted.as_slice() {
            [one] if is_one => json::activity(one),
            several => json::activities(several),
        };
        Ok(Output::changed(
            json,
            text,
            change("deleted", "the output", &deleted),
        ))
    }

    /// The entry of an id. A whole id need not have an entry any more: a repeated deletion succeeds.
    async fn to_delete(&self, local: &LocalLog<'_>, given: &str) -> Result<Deletion, CommandError> {
        let id = entry_id(given);
        let is_whole = Uuid::try_parse(&id).is_ok();
        match self.find(local, given).await {
            Err(error) if error.is_not_found() && is_whole => {}
            found => return found.map(Deletion::Due),
        }
        if local.stored(&id) == Known::Unknown && local.entry(&id) == Known::Deleted {
            // It was never sent.
            return Err(CommandError::unknown_entry(given));
        }
        match self.once.delete_activity(&id, None).await {
            Ok(entry) => Ok(Deletion::Done(entry)),
            Err(ApiError::NotFound(_)) => Err(CommandError::unknown_entry(given)),
            Err(error) => Err(error.into()),
        }
    }
}

/// A deletion that was asked for.
enum Deletion {
    /// The entry is there.
    Due(Activity),
    /// The entry was deleted before.
    Done(Activity),
}

/// Whether an entry lacks a part of an edit: it was changed elsewhere.
fn lacks(stored: &Activity, patch: &ActivityPatch) -> bool {
    stored.entry.edited(patch) != stored.entry
}

/// A new entry as it is while it waits.
fn unsent(new: &NewActivity, account: &Account) -> Activity {
    Activity {
        id: new.id.clone(),
        owner: account.sub.clone(),
        entry: new.entry.clone(),
        rev: 0,
    }
}

/// `saved Lunch 650 kcal on 2026-11-28  0192…`, without the day if it is today.
pub(super) fn sentence(word: &str, entry: &Activity, today: Date) -> String {
    format!(
        "{word} {}  {}",
        summary_beside(&entry.entry, today, EnergyUnit::Kcal),
        entry.id
    )
}

pub(super) fn change(done: &'static str, output: &'static str, entries: &[Activity]) -> ReportedChange {
    let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    ReportedChange {
        done,
        output,
        next: format!("don't repeat the command; the entry is {}", ids.join(", ")),
    }
}

//! `outbox`: what waits to be sent or was rejected, and `sync`: sends it and catches up.

use std::time::Duration;

use caltrack_domain::{
    Account, Activity, LogCommand,
    outbox::{Command, Row, RowState, SavedChange},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    arguments::OutboxCommand,
    context::CommandContext,
    error::CommandError,
    json,
    local_log::LocalLog,
    output::Output,
    sending::{Sent, SentChange},
    table::{Column, Table, terminal_width},
    tally::rejected,
};
use caltrack_client::outbox::Saved;

/// How long `sync` may take. What is stored stays.
const SYNC_TIME: Duration = Duration::from_mins(15);

impl CommandContext<'_> {
    /// Lists the queue, or has a rejected row sent again or dropped.
    pub(super) async fn outbox_command(
        &self,
        account: &Account,
        command: Option<OutboxCommand>,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        let owner = local.owner();
        match command {
            None | Some(OutboxCommand::List) => Ok(listed(&local)),
            Some(OutboxCommand::Drop { id }) => {
                let row = row_of(&local, id)?;
                if !self.outbox()?.drop_row(&owner, id)? {
                    return Err(CommandError::not_dropped(id));
                }
                let text = format!("dropped {}", row.command.title());
                Ok(Output::done(row_json(&local, &row), text, "dropped"))
            }
            Some(OutboxCommand::Retry { id }) => {
                let row = row_of(&local, id)?;
                let mut outbox = self.outbox()?;
                outbox.retry(&owner, id, Timestamp::now())?;
                let saved: Saved = outbox.saved(&owner, vec![SavedChange::Queued(id)]);
                let sent = self.deliver(&local, outbox, &saved).await?;
                let kept = entry_of(&local, &row).into_iter().collect();
                done(&sent, &row.command.title(), kept)?;
                let text = format!("sent {}", row.command.title());
                Ok(Output::done(row_json(&local, &row), text, "sent"))
            }
        }
    }

    /// Sends what waits and catches up with the backend.
    pub(super) async fn sync(&self, account: &Account) -> Result<Output, CommandError> {
        let local = self.local(account);
        let owner = local.owner();
        let rows = local.listing().rows;
        let waiting = rows.iter().filter(|row| row.is_pending());
        let changes: Vec<SavedChange> = waiting.map(|row| SavedChange::Queued(row.number)).collect();
        if !changes.is_empty() {
            let outbox = self.outbox()?;
            let saved = outbox.saved(&owner, changes);
            let sent = self.deliver(&local, outbox, &saved).await?;
            if let Some(reason) = sent.waiting() {
                let rows = local.listing().rows;
                let waiting = rows.iter().filter(|row| row.is_pending());
                let kept = waiting.filter_map(|row| entry_of(&local, row)).collect();
                return Err(sent.queued(reason, kept));
            }
        }
        let days = self.catch_up(&local, SYNC_TIME).await?.len();
        self.refresh_profile(&local).await;
        let rows = local.listing().rows;
        let pending = rows.iter().filter(|row| row.is_pending()).count();
        let rejected = rows.len() - pending;
        Ok(Output::done(
            json!({ "pending": pending, "rejected": rejected, "days": days }),
            format!("{days} days are up to date again; {pending} changes wait, {rejected} are rejected"),
            "caught up",
        ))
    }
}

fn row_of(local: &LocalLog<'_>, number: u64) -> Result<Row, CommandError> {
    let rows = local.listing().rows;
    let row = rows.into_iter().find(|row| row.number == number);
    row.ok_or_else(|| CommandError::unknown_row(number))
}

/// Fails unless the change is done.
fn done(sent: &Sent, what: &str, kept: Vec<Activity>) -> Result<(), CommandError> {
    match sent.outcomes.first() {
        Some(SentChange::Rejected(rejection, row)) => Err(rejected(rejection, *row, what)),
        Some(SentChange::Collided(stored)) => Err(CommandError::changed_elsewhere(stored)),
        Some(SentChange::Waiting(reason)) => Err(sent.queued(reason, kept)),
        Some(SentChange::Acknowledged(_) | SentChange::Settled) | None => Ok(()),
    }
}

fn listed(local: &LocalLog<'_>) -> Output {
    let listing = local.listing();
    let mut table = Table::default();
    table.column(Column::right("id"), &listing.rows, |row| row.number.to_string());
    table.column(Column::left("change"), &listing.rows, |row| {
        row.command.word().to_owned()
    });
    table.column(Column::cut("what"), &listing.rows, |row| row.command.title());
    table.column(Column::left("state"), &listing.rows, |row| row.word().to_owned());
    table.column(Column::left("since"), &listing.rows, |row| {
        row.since.strftime("%Y-%m-%d %H:%M UTC").to_string()
    });
    table.column(Column::cut("reason").optional(), &listing.rows, |row| {
        reason(row).unwrap_or_default()
    });
    let mut lines = vec![if listing.rows.is_empty() {
        "nothing waits".to_owned()
    } else {
        table.text(terminal_width())
    }];
    if !listing.unreadable.is_empty() {
        let count = listing.unreadable.len();
        lines.push(format!("{count} rows can't be read; they stay in the file"));
    }
    let json = listing.rows.iter().map(|row| row_json(local, row)).collect();
    Output::read(json, lines.join("\n"))
}

fn reason(row: &Row) -> Option<String> {
    match &row.state {
        RowState::Rejected(rejection) => Some(rejection.text.clone()),
        RowState::Waiting | RowState::Sent { .. } => row.reason.as_ref().map(|reason| reason.text.clone()),
    }
}

fn row_json(local: &LocalLog<'_>, row: &Row) -> Value {
    json!({
        "id": row.number,
        "command": row.command.word(),
        "state": row.word(),
        "since": row.since.to_string(),
        "reason": reason(row),
        "activity": entry_of(local, row).map(|entry| json::pending(&entry)),
    })
}

/// The entry of a row as its change leaves it; a deletion's as it was.
fn entry_of(local: &LocalLog<'_>, row: &Row) -> Option<Activity> {
    match &row.command {
        Command::Log(LogCommand::Create(new)) => Some(Activity {
            id: new.id.clone(),
            owner: local.account.sub.clone(),
            entry: new.entry.clone(),
            rev: 0,
        }),
        Command::Log(LogCommand::Update { before, patch }) => Some(Activity {
            entry: before.entry.edited(patch),
            ..before.clone()
        }),
        Command::Log(LogCommand::Delete(before)) => Some(before.clone()),
        Command::Weight(_) | Command::Profile(_) | Command::Library(_) => None,
    }
}

//! `delete-account`: everything that an account has, for good.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use caltrack_client::{api::ApiError, config::Config, replica::Replica};
use caltrack_domain::{Account, Activity, clean};
use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use serde_json::json;

use super::{
    context::{CommandContext, with_account},
    error::CommandError,
    export::ALL_DAYS,
    output::Output,
    progress::Progress,
};
use crate::embedded;

/// Requests at the same time.
const CONCURRENCY: usize = 8;
/// How often the entries are listed until there are none, and the totals until they count none: on AWS indexes and
/// aggregation follow the writes.
const ATTEMPTS: u32 = 30;
const LAG: Duration = Duration::from_secs(1);

/// Deletes the account of the profile. `confirmed` is the number of times that it was confirmed in advance.
pub(super) async fn run(config: &Config, confirmed: u8) -> Result<Output, CommandError> {
    with_account(config, async |context, account| {
        let name = clean(&account.username);
        let profile = &config.profile.name;
        if confirmed < 2 {
            let question = format!(
                "Delete all entries, weights, the profile, the library and the account {name} on profile {profile}? \
                 It can't be undone; `backup FILE` keeps a copy. [y/N]"
            );
            if !matches!(answer(&question)?.to_lowercase().as_str(), "y" | "yes") {
                return Err(kept());
            }
            if answer(&format!("Type the user name to delete it for good: {name}"))? != account.username {
                return Err(kept());
            }
        }
        Box::pin(context.delete_everything(account)).await
    })
    .await
}

fn kept() -> CommandError {
    CommandError::value("not confirmed; nothing was deleted")
}

/// Shows a question on standard error, and returns the line that answers it.
fn answer(question: &str) -> Result<String, CommandError> {
    let mut err = io::stderr();
    // Standard error may be closed.
    let _ = write!(err, "{question} ").and_then(|()| err.flush());
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    if !io::stdin().is_terminal() {
        let _ = writeln!(err);
    }
    match read {
        Ok(0) | Err(_) => Err(
            CommandError::ask("deleting the account has to be confirmed twice")
                .advising("repeat it at a terminal, or with --yes --yes; nothing was deleted"),
        ),
        Ok(_) => Ok(answer.trim().to_owned()),
    }
}

impl CommandContext<'_> {
    async fn delete_everything(&self, account: &Account) -> Result<Output, CommandError> {
        self.ready().await?;
        // What waits must not be sent afterwards.
        self.forget_outbox(account)?;
        let weights = self.all_totals(ALL_DAYS).await?;
        let weights = weights.values().filter(|day| day.weight.is_some()).count();
        let activities = self.erase_entries().await?;
        let days = self.erase_totals().await?;
        self.client.delete_profile().await?;
        // Another program may have saved something meanwhile.
        self.forget_outbox(account)?;
        self.client.delete_account().await.map_err(|error| {
            let error = CommandError::from(error);
            let message = format!(
                "everything is deleted but the account in the user pool: {}",
                error.message()
            );
            let next = format!("{}; then repeat the command", error.next());
            error.reporting(message).advising(next)
        })?;
        self.forget_here(account)?;
        Ok(Output::done(
            json!({ "activities": activities, "days": days, "weights": weights, "account": account.username }),
            format!(
                "deleted {activities} entries, {days} days with {weights} weights, profile, library and the account {}; \
                 what remains, and how long, is in docs/security.md",
                clean(&account.username)
            ),
            "deleted",
        ))
    }

    /// Deletes entries until there are none; returns their number.
    async fn erase_entries(&self) -> Result<usize, CommandError> {
        let mut erased = BTreeSet::new();
        for attempt in 0..ATTEMPTS {
            let entries = self.entries_of_all_moments().await?;
            if entries.is_empty() {
                return Ok(erased.len());
            }
            let is_new = entries.iter().any(|entry| !erased.contains(&entry.id));
            if attempt > 0 && !is_new {
                tokio::time::sleep(LAG).await;
            }
            let mut progress = Progress::of(entries.len());
            let ids: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
            let erasures = entries
                .into_iter()
                .map(|entry| async move { self.client.erase_activity(&entry).await });
            let mut erasures = stream::iter(erasures).buffer_unordered(CONCURRENCY);
            let mut done = 0;
            while let Some(result) = erasures.next().await {
                result?;
                done += 1;
                progress.report(done);
            }
            progress.end();
            erased.extend(ids);
        }
        Err(
            CommandError::storage("some entries are still listed after they were deleted")
                .advising("repeat the command in some minutes"),
        )
    }

    /// Entries of every day, and those of other programs that have none.
    async fn entries_of_all_moments(&self) -> Result<Vec<Activity>, ApiError> {
        let (mut entries, mut token) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .entries_by_moment_page(Timestamp::MIN, Timestamp::MAX, token)
                .await?;
            entries.extend(page.rows);
            token = page.next;
            if token.is_none() {
                return Ok(entries);
            }
        }
    }

    /// Deletes the totals of all days once they count no entry any more; returns the number of days.
    async fn erase_totals(&self) -> Result<usize, CommandError> {
        for attempt in 0..ATTEMPTS {
            let days = self.all_totals(ALL_DAYS).await?;
            let is_counted = days
                .values()
                .all(|day| day.entries.is_none_or(|entries| entries == 0));
            if !is_counted && attempt + 1 < ATTEMPTS {
                tokio::time::sleep(LAG).await;
                continue;
            }
            let dates: Vec<jiff::civil::Date> = days.into_keys().collect();
            let deletions = dates.iter().map(|date| self.client.delete_totals(*date));
            let mut deletions = stream::iter(deletions).buffer_unordered(CONCURRENCY);
            while let Some(result) = deletions.next().await {
                result?;
            }
            return Ok(dates.len());
        }
        Ok(0)
    }

    fn forget_outbox(&self, account: &Account) -> Result<(), CommandError> {
        let mut outbox = self.outbox()?;
        outbox.forget(&self.local(account).owner())?;
        self.outbox.replace(Some(outbox));
        Ok(())
    }

    /// Removes what this computer has of the account.
    fn forget_here(&self, account: &Account) -> Result<(), CommandError> {
        let unremoved = |error: &dyn std::fmt::Display| {
            CommandError::storage(format!(
                "the account is deleted, but a part of it is still on this computer: {error}"
            ))
            .advising(format!(
                "end the other programs on this data directory, then remove it: {}",
                clean(&self.config.data.path().display().to_string())
            ))
        };
        Replica::open(&self.config.data.cache())
            .and_then(|mut opened| {
                opened
                    .replica
                    .forget(&self.config.profile.name, Some(&account.sub))
            })
            .map_err(|error| unremoved(&error))?;
        embedded::remove_remains(self.config, account).map_err(|error| unremoved(&error))
    }
}

//! `delete-account`: everything that an account has, for good.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal as _, Write as _},
    time::Duration,
};

use caltrack_client::{api::ApiError, config::Config, replica::Replica};
use caltrack_domain::{Account, Activity, DailyTotals, clean};
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
        // Before anything is deleted: the API may be older.
        let weights = self.days_to_erase().await.map_err(|error| {
            let is_older = matches!(&error, ApiError::Failed(text) if text.starts_with("Validation error"));
            let error = CommandError::from(error);
            if is_older {
                error
                    .reporting("the backend's API is older than this program; nothing was deleted".to_owned())
                    .advising("deploy its schema and resolvers again (docs/deploy.md), then repeat it")
            } else {
                error
            }
        })?;
        let weights = weights.iter().filter(|day| day.weight.is_some()).count();
        // What waits must not be sent afterwards.
        self.forget_outbox(account)?;
        let activities = self.erase_entries().await?;
        self.client.delete_profile().await?;
        // The last rows, since what was written to the log before may be booked meanwhile.
        let (days, left) = self.erase_days().await?;
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
        let still_counted = match left {
            0 => String::new(),
            left => format!(
                "; the rows of {left} days stay without kcal and weight, since the aggregation still counts entries there"
            ),
        };
        Ok(Output::done(
            json!({ "activities": activities, "days": days, "daysLeft": left, "weights": weights,
                "account": account.username }),
            format!(
                "deleted {activities} entries, {days} days with {weights} weights, profile, library and the account {}{still_counted}; \
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

    async fn days_to_erase(&self) -> Result<Vec<DailyTotals>, ApiError> {
        self.once.days_to_erase(ALL_DAYS.0, ALL_DAYS.1).await
    }

    /// Removes the rows of all days, each once it counts no entry any more. Returns the number of days, and how many of
    /// them still counted entries at the end: their rows have no kcal and no weight.
    async fn erase_days(&self) -> Result<(usize, usize), CommandError> {
        let mut dates = BTreeSet::new();
        for attempt in 1..=ATTEMPTS {
            let days = self.days_to_erase().await?;
            if days.is_empty() {
                return Ok((dates.len(), 0));
            }
            dates.extend(days.iter().map(|day| day.date));
            let is_last = attempt == ATTEMPTS;
            let counted = days.iter().filter(|day| is_last || counts_nothing(day));
            let erasures = counted.map(|day| async move {
                let is_gone = self.client.erase_day(day.date).await?;
                if is_last && !is_gone {
                    self.client.delete_totals(day.date).await?;
                }
                Ok::<bool, ApiError>(is_gone)
            });
            let mut erasures = stream::iter(erasures).buffer_unordered(CONCURRENCY);
            let mut gone = 0;
            while let Some(is_gone) = erasures.next().await {
                gone += usize::from(is_gone?);
            }
            if is_last {
                return Ok((dates.len(), days.len() - gone));
            }
            if gone < days.len() {
                tokio::time::sleep(LAG).await;
            }
        }
        Ok((dates.len(), 0))
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

/// Whether a day's totals are those of no entry, as far as they show it.
fn counts_nothing(day: &DailyTotals) -> bool {
    day.entries.map_or(
        day.calories_consumed == 0 && day.calories_burned == 0,
        |entries| entries == 0,
    )
}

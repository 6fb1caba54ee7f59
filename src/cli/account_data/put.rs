//! A copy put into an account: what the account lacks is saved in the outbox and sent, in parts that are undone as one
//! step. What is not done after an interruption is done by the same command again.

use std::collections::{BTreeSet, HashMap};

use caltrack_domain::{
    Account, Activity, ActivityPatch, ChangeKind, LogCommand,
    outbox::{Command, RejectionKind, Stored},
};
use caltrack_import::AccountData;
use futures_util::{StreamExt as _, stream};
use jiff::civil::Date;

use super::plan::{Ids, MAX_IDS, PutPlan, creation};
use crate::cli::{
    context::CommandContext,
    error::CommandError,
    local_log::LocalLog,
    now::Now,
    parts::{PART, Parts},
    progress::Progress,
    sending::SentChange,
};
use caltrack_client::{api::ApiError, replica::Change};

/// Revisions are raised up to this one, a write each.
const MAX_REV: u32 = 100;
/// Requests at the same time.
const CONCURRENCY: usize = 8;

/// What becomes of an entry that was deleted in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Deleted {
    /// It comes back under another id, since a deleted one can't be used again.
    Restored,
    /// It stays deleted.
    Kept,
}

/// What was put into an account.
#[derive(Debug, Default)]
pub(in crate::cli) struct PutReport {
    pub(in crate::cli) added: usize,
    pub(in crate::cli) updated: usize,
    pub(in crate::cli) already: usize,
    /// Entries that were changed in the account since, and stay as they are there.
    pub(in crate::cli) kept: usize,
    /// Entries that were deleted in the account since, and stay deleted.
    pub(in crate::cli) deleted: usize,
    /// Whether number and digest of each day's entries in the account are what they must be.
    pub(in crate::cli) is_verified: bool,
}

/// The account while it is filled.
struct Filling<'a> {
    parts: Parts<'a>,
    progress: Progress,
    done: usize,
    report: PutReport,
    /// The entries of the account by their ids.
    live: HashMap<String, Activity>,
    /// The entries with the revision of the copy.
    revisions: Vec<(String, u32)>,
    rejected: Option<CommandError>,
}

impl CommandContext<'_> {
    /// Puts a copy into an account. `name` is that of the step in the history.
    pub(in crate::cli) async fn put_account(
        &self,
        account: &Account,
        data: &AccountData,
        name: String,
        deleted: Deleted,
        now: &Now,
    ) -> Result<PutReport, CommandError> {
        self.send_waiting(account).await;
        let target = self.known_account(account).await?;
        let local = self.local(account);
        let ids = Ids::new(account, now);
        let mut plan = PutPlan::of(data, &target, &local.listing(), &ids);
        let mut filling = Filling {
            parts: Parts::new(&local, name),
            progress: Progress::of(plan.size()),
            done: 0,
            report: PutReport {
                already: plan.already,
                kept: plan.kept,
                ..PutReport::default()
            },
            live: target
                .data
                .activities
                .into_iter()
                .map(|activity| (activity.id.clone(), activity))
                .collect(),
            revisions: std::mem::take(&mut plan.present),
            rejected: None,
        };
        self.create_missing(&mut filling, std::mem::take(&mut plan.missing), &ids, deleted)
            .await?;
        self.update_older(&mut filling, std::mem::take(&mut plan.older))
            .await?;
        let profile = plan.profile.map(Command::Profile);
        let others = profile.into_iter().chain(plan.library.map(Command::Library));
        let weights = plan.weights.into_iter().map(Command::Weight);
        let others: Vec<Command> = others.chain(weights).collect();
        for part in others.chunks(PART) {
            let outcomes = self.send_part(&mut filling.parts, part.to_vec()).await?;
            for outcome in &outcomes {
                filling.note(outcome);
            }
            filling.advance(part.len());
        }
        filling.progress.end();
        if let Some(rejected) = filling.rejected {
            let message = format!(
                "{} entries are added; something was rejected: {}",
                filling.report.added,
                rejected.message()
            );
            return Err(rejected.reporting(message));
        }
        if let Some(error) = filling.parts.queued() {
            let message = format!(
                "{} entries are added, the rest is {}",
                filling.report.added,
                error.message()
            );
            return Err(error.reporting(message));
        }
        self.raise_revisions(&local, &mut filling.live, &filling.revisions)
            .await?;
        let days: BTreeSet<Date> = data.activities.iter().map(|entry| entry.entry.date).collect();
        filling.report.is_verified = self.verify_days(&filling.live, &days).await?;
        local.replica(|replica, owner| replica.change_library(owner, |library| library.merge(&data.library)));
        Ok(filling.report)
    }

    /// Logs entries, each under the first id that is free.
    async fn create_missing(
        &self,
        filling: &mut Filling<'_>,
        mut missing: Vec<(Activity, u32)>,
        ids: &Ids<'_>,
        deleted: Deleted,
    ) -> Result<(), CommandError> {
        while !missing.is_empty() {
            let mut again = Vec::new();
            for part in missing.chunks(PART) {
                let commands = part
                    .iter()
                    .map(|(source, attempt)| creation(source, *attempt, ids));
                let outcomes = self.send_part(&mut filling.parts, commands.collect()).await?;
                for ((source, attempt), outcome) in part.iter().zip(outcomes) {
                    match outcome {
                        SentChange::Acknowledged(Stored::Entry(stored)) => filling.take(stored, source.rev),
                        SentChange::Rejected(rejection, row)
                            if matches!(rejection.kind, RejectionKind::IdTaken | RejectionKind::Deleted) =>
                        {
                            self.forget_row(&filling.parts, row)?;
                            let stays = rejection.kind == RejectionKind::Deleted && deleted == Deleted::Kept;
                            if stays || *attempt + 1 >= MAX_IDS {
                                filling.report.deleted += 1;
                            } else {
                                again.push((source.clone(), attempt + 1));
                            }
                        }
                        SentChange::Waiting(_) => filling.parts.kept.push(Activity {
                            id: ids.at(&source.id, *attempt),
                            owner: filling.parts.local.account.sub.clone(),
                            entry: source.entry.clone(),
                            rev: 0,
                        }),
                        other => filling.note(&other),
                    }
                }
                filling.advance(part.len());
            }
            missing = again;
        }
        Ok(())
    }

    /// Edits entries of an older revision until they are as in the copy.
    async fn update_older(
        &self,
        filling: &mut Filling<'_>,
        older: Vec<(Activity, Activity)>,
    ) -> Result<(), CommandError> {
        for part in older.chunks(PART) {
            let commands = part.iter().filter_map(|(before, after)| {
                let patch = after.entry.patch_from(&before.entry)?;
                Some(Command::Log(LogCommand::Update {
                    before: before.clone(),
                    patch,
                }))
            });
            let outcomes = self.send_part(&mut filling.parts, commands.collect()).await?;
            for ((_, source), outcome) in part.iter().zip(outcomes) {
                match outcome {
                    SentChange::Acknowledged(Stored::Entry(stored)) => {
                        filling.report.updated += 1;
                        filling.revisions.push((stored.id.clone(), source.rev));
                        filling.live.insert(stored.id.clone(), stored);
                    }
                    other => filling.note(&other),
                }
            }
            filling.advance(part.len());
        }
        Ok(())
    }

    /// Raises the revisions of entries to those of the copy, by edits that change nothing: then the digests of days are
    /// equal as well.
    async fn raise_revisions(
        &self,
        local: &LocalLog<'_>,
        live: &mut HashMap<String, Activity>,
        revisions: &[(String, u32)],
    ) -> Result<(), CommandError> {
        let lower = revisions.iter().filter_map(|(id, rev)| {
            let stored = live.get(id)?;
            let rev = (*rev).min(MAX_REV);
            (stored.rev < rev).then(|| (stored.clone(), rev))
        });
        let raised = lower
            .collect::<Vec<_>>()
            .into_iter()
            .map(|(stored, rev)| async move {
                let patch = ActivityPatch {
                    kcal: Some(stored.entry.kcal),
                    ..ActivityPatch::default()
                };
                let mut stored = stored;
                while stored.rev < rev {
                    match self
                        .client
                        .update_activity(&stored.id, &patch, Some(stored.rev))
                        .await
                    {
                        Ok(raised) => stored = raised,
                        // Another client edits or deletes it at this moment.
                        Err(ApiError::Conflict(_) | ApiError::NotFound(_) | ApiError::Deleted(_)) => break,
                        Err(error) => return Err(error),
                    }
                }
                Ok(stored)
            });
        let mut raised = stream::iter(raised).buffer_unordered(CONCURRENCY);
        while let Some(stored) = raised.next().await {
            let stored = stored?;
            local.apply(vec![Change::Entry(ChangeKind::Updated, stored.clone())]);
            live.insert(stored.id.clone(), stored);
        }
        Ok(())
    }
}

impl Filling<'_> {
    fn advance(&mut self, count: usize) {
        self.done += count;
        self.progress.report(self.done);
    }

    /// Takes an entry that was created.
    fn take(&mut self, stored: Activity, rev: u32) {
        self.report.added += 1;
        self.revisions.push((stored.id.clone(), rev));
        self.live.insert(stored.id.clone(), stored);
    }

    fn note(&mut self, outcome: &SentChange) {
        match outcome {
            SentChange::Rejected(rejection, _) => {
                self.rejected
                    .get_or_insert_with(|| CommandError::rejected(rejection));
            }
            SentChange::Collided(stored) => {
                self.report.kept += 1;
                self.live.insert(stored.id.clone(), stored.clone());
            }
            SentChange::Acknowledged(_) | SentChange::Settled | SentChange::Waiting(_) => {}
        }
    }
}

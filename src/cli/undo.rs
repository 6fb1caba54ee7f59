//! `undo` and `redo`: the steps of the history that commands and screens share.

use caltrack_domain::{
    Account, Activity, EnergyUnit,
    outbox::{Change, Known, Reason, Step, Undo},
};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{
    context::CommandContext,
    error::CommandError,
    json,
    local_log::LocalLog,
    notice::notice,
    output::Output,
    sending::{Sent, SentChange},
};

/// Which way a step is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Back,
    Forth,
}

impl Direction {
    const fn word(self) -> &'static str {
        match self {
            Self::Back => "undo",
            Self::Forth => "redo",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Back => "undone",
            Self::Forth => "redone",
        }
    }
}

impl CommandContext<'_> {
    /// Undoes or redoes a step, all parts of an import together. One that can't be undone any more is forgotten, so that the
    /// next undo takes the step before it.
    pub(super) async fn undo(&self, account: &Account, direction: Direction) -> Result<Output, CommandError> {
        let local = self.local(account);
        let mut all: Vec<Activity> = Vec::new();
        let mut waits = None;
        loop {
            let (step, part) = match self.undo_part(&local, direction).await {
                Ok(taken) => taken,
                // The parts before are taken.
                Err(error) => return Err(error.keeping(all)),
            };
            let Part { entries, waiting } = part;
            all.extend(entries);
            if waits.is_none() {
                waits = waiting;
            }
            let outbox = self.outbox()?;
            let continues = outbox.continues(&local.owner(), &step, direction == Direction::Back)?;
            self.outbox.replace(Some(outbox));
            if continues {
                continue;
            }
            if let Some((sent, reason)) = waits {
                return Err(sent.queued(&reason, all));
            }
            return Ok(Output::done(
                json!({ "step": step.name, "activities": json::activities(&all) }),
                format!("{}: {}", direction.done(), step.name),
                direction.done(),
            ));
        }
    }

    /// Takes a step, and sends it.
    async fn undo_part(
        &self,
        local: &LocalLog<'_>,
        direction: Direction,
    ) -> Result<(Step, Part), CommandError> {
        let owner = local.owner();
        let mut outbox = self.outbox()?;
        let (known, new_id, now) = (
            |id: &str| local.stored(id),
            || Uuid::now_v7().to_string(),
            Timestamp::now(),
        );
        let taken = match direction {
            Direction::Back => outbox.undo(&owner, known, new_id, now)?,
            Direction::Forth => outbox.redo(&owner, known, new_id, now)?,
        };
        let (step, saved, skipped) = match taken {
            Undo::Nothing => {
                return Err(CommandError::nothing_to(direction.word()));
            }
            Undo::Refused { name, obstacles } => {
                let reasons = obstacles.iter().map(|obstacle| obstacle.text(EnergyUnit::Kcal));
                let reason = reasons.collect::<Vec<_>>().join("; ");
                return Err(CommandError::not_undone(&name, &reason, direction.word()));
            }
            Undo::Done { step, saved, skipped } => (step, saved, skipped),
        };
        for obstacle in &skipped {
            notice(&format!("left as it is: {}", obstacle.text(EnergyUnit::Kcal)));
        }
        let saved = outbox.saved(&owner, saved);
        let resolved = outbox.redirects(&owner);
        let sent = self.deliver(local, outbox, &saved).await?;
        let entries = entries(local, &step, |id| resolved.resolve(id).to_owned());
        for change in &sent.outcomes {
            match change {
                SentChange::Rejected(rejection, row) => {
                    return Err(super::tally::rejected(rejection, *row, &step.name));
                }
                SentChange::Collided(stored) => return Err(CommandError::changed_elsewhere(stored)),
                SentChange::Acknowledged(_) | SentChange::Settled | SentChange::Waiting(_) => {}
            }
        }
        let waiting = sent.waiting().cloned().map(|reason| (sent, reason));
        Ok((step, Part { entries, waiting }))
    }
}

/// What became of a step.
struct Part {
    entries: Vec<Activity>,
    /// Why something of it waits.
    waiting: Option<(Sent, Reason)>,
}

/// The entries of a step: as they are now, or as they were if they are gone.
fn entries(local: &LocalLog<'_>, step: &Step, resolve: impl Fn(&str) -> String) -> Vec<Activity> {
    let entry = |change: &Change| {
        let id = resolve(change.id()?);
        match (local.entry(&id), change) {
            (Known::Stored(activity), _) => Some(activity),
            (
                _,
                Change::Created(activity)
                | Change::Deleted(activity)
                | Change::Edited { after: activity, .. },
            ) => Some(activity.clone()),
            _ => None,
        }
    };
    step.changes
        .iter()
        .filter_map(|tracked| entry(&tracked.change))
        .collect()
}

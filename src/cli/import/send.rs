//! Sending an import: a part at a time is saved in the outbox and sent. What is not done after an interruption is done
//! by the same command again.

use caltrack_domain::{
    Activity, LogCommand,
    outbox::{Command, Reason, RejectionKind, import_name},
};
use jiff::Timestamp;

use super::{
    plan::{Plan, Planned},
    progress::Progress,
    report::Counts,
};
use crate::cli::{
    context::CommandContext,
    error::CommandError,
    local_log::LocalLog,
    sending::{Sent, SentChange},
};

/// The rows of a part.
const PART: usize = 250;

/// What is known while an import is sent.
struct Sending<'a> {
    local: &'a LocalLog<'a>,
    name: String,
    is_begun: bool,
    counts: Counts,
    /// Why nothing is sent any more: the rest is queued.
    waiting: Option<Waiting>,
    kept: Vec<Activity>,
    rejected: Option<CommandError>,
}

struct Waiting {
    reason: Reason,
    sent: Sent,
}

impl CommandContext<'_> {
    /// Saves and sends all rows of a plan.
    pub(super) async fn send_plan(
        &self,
        local: &LocalLog<'_>,
        mut plan: Plan,
    ) -> Result<(Counts, Plan), CommandError> {
        let mut sending = Sending {
            local,
            name: import_name(&plan.name, &plan.mark),
            is_begun: false,
            counts: Counts {
                imported: 0,
                already: plan.already,
            },
            waiting: None,
            kept: Vec::new(),
            rejected: None,
        };
        let mut progress = Progress::of(plan.rows());
        let entries = std::mem::take(&mut plan.entries);
        let mut done = 0;
        for part in entries.chunks(PART) {
            let again = self.send_entries(&mut sending, part).await?;
            // Ids of another user's entries.
            if !again.is_empty() {
                self.send_entries(&mut sending, &again).await?;
            }
            done += part.len();
            progress.report(done);
        }
        if let Some(profile) = plan.profile.take() {
            let outcomes = self
                .send_part(&mut sending, vec![Command::Profile(profile)])
                .await?;
            if let [SentChange::Rejected(rejection, _)] = outcomes.as_slice() {
                sending.rejected.get_or_insert(CommandError::rejected(rejection));
            }
        }
        for part in plan.weights.chunks(PART) {
            let commands = part.iter().cloned().map(Command::Weight).collect();
            let outcomes = self.send_part(&mut sending, commands).await?;
            for outcome in outcomes {
                match outcome {
                    SentChange::Rejected(rejection, _) => {
                        sending.rejected.get_or_insert(CommandError::rejected(&rejection));
                    }
                    SentChange::Waiting(_) => {}
                    _ => sending.counts.imported += 1,
                }
            }
            done += part.len();
            progress.report(done);
        }
        progress.end();
        let all = sending.counts.imported;
        if let Some(rejected) = sending.rejected {
            let message = format!(
                "{all} rows are imported; one was rejected: {}",
                rejected.message()
            );
            return Err(rejected.reporting(message));
        }
        if let Some(waiting) = sending.waiting {
            let error = waiting.sent.queued(&waiting.reason, sending.kept);
            let message = format!("{all} rows are imported, the others are {}", error.message());
            return Err(error.reporting(message));
        }
        Ok((sending.counts, plan))
    }

    /// Sends entries; returns those whose id is another user's, with another id.
    async fn send_entries(
        &self,
        sending: &mut Sending<'_>,
        part: &[Planned],
    ) -> Result<Vec<Planned>, CommandError> {
        let create = |planned: &Planned| Command::Log(LogCommand::Create(planned.new.clone()));
        let outcomes = self.send_part(sending, part.iter().map(create).collect()).await?;
        let mut again = Vec::new();
        for (planned, outcome) in part.iter().zip(outcomes) {
            match outcome {
                SentChange::Acknowledged(_) => sending.counts.imported += 1,
                SentChange::Settled | SentChange::Collided(_) => sending.counts.already += 1,
                SentChange::Waiting(_) => sending.kept.push(Activity {
                    id: planned.new.id.clone(),
                    owner: sending.local.account.sub.clone(),
                    entry: planned.new.entry.clone(),
                    rev: 0,
                }),
                SentChange::Rejected(rejection, row) => match (rejection.kind, &planned.other_id) {
                    (RejectionKind::Deleted, _) => {
                        self.forget_row(sending, row)?;
                        sending.counts.already += 1;
                    }
                    (RejectionKind::IdTaken, Some(other)) => {
                        self.forget_row(sending, row)?;
                        let mut planned = planned.clone();
                        planned.new.id.clone_from(other);
                        planned.other_id = None;
                        again.push(planned);
                    }
                    _ => {
                        let error = CommandError::rejected(&rejection);
                        let message = format!("line {}: {}", planned.line, error.message());
                        sending.rejected.get_or_insert(error.reporting(message));
                    }
                },
            }
        }
        Ok(again)
    }

    fn forget_row(&self, sending: &Sending<'_>, row: u64) -> Result<(), CommandError> {
        let mut outbox = self.outbox()?;
        outbox.drop_row(&sending.local.owner(), row)?;
        self.outbox.replace(Some(outbox));
        Ok(())
    }

    /// Saves commands as a part of the import and sends them, unless the backend is known to be away.
    async fn send_part(
        &self,
        sending: &mut Sending<'_>,
        commands: Vec<Command>,
    ) -> Result<Vec<SentChange>, CommandError> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let mut outbox = self.outbox()?;
        let owner = sending.local.owner();
        let now = Timestamp::now();
        let count = commands.len();
        let saved = if sending.is_begun {
            outbox.save_more(&owner, &sending.name, commands, now)?
        } else {
            outbox.save(&owner, &sending.name, commands, now)?
        };
        sending.is_begun = true;
        if let Some(waiting) = &sending.waiting {
            self.outbox.replace(Some(outbox));
            return Ok(vec![SentChange::Waiting(waiting.reason.clone()); count]);
        }
        let mut sent = self.deliver(sending.local, outbox, &saved).await?;
        let outcomes = std::mem::take(&mut sent.outcomes);
        let reason = outcomes.iter().find_map(|outcome| match outcome {
            SentChange::Waiting(reason) => Some(reason.clone()),
            _ => None,
        });
        if let Some(reason) = reason {
            sending.waiting = Some(Waiting { reason, sent });
        }
        Ok(outcomes)
    }
}

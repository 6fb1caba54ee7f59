//! Sending an import: a part at a time is saved in the outbox and sent. What is not done after an interruption is done
//! by the same command again.

use caltrack_domain::{
    Activity, LogCommand,
    outbox::{Command, RejectionKind, import_name},
};

use super::{
    plan::{Plan, Planned},
    report::Counts,
};
use crate::cli::{
    context::CommandContext,
    error::CommandError,
    local_log::LocalLog,
    parts::{PART, Parts},
    progress::Progress,
    sending::SentChange,
};

/// What is known while an import is sent.
struct Sending<'a> {
    parts: Parts<'a>,
    counts: Counts,
    rejected: Option<CommandError>,
}

impl CommandContext<'_> {
    /// Saves and sends all rows of a plan.
    pub(super) async fn send_plan(
        &self,
        local: &LocalLog<'_>,
        mut plan: Plan,
    ) -> Result<(Counts, Plan), CommandError> {
        let mut sending = Sending {
            parts: Parts::new(local, import_name(&plan.name, &plan.mark)),
            counts: Counts {
                imported: 0,
                already: plan.already,
            },
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
                .send_part(&mut sending.parts, vec![Command::Profile(profile)])
                .await?;
            if let [SentChange::Rejected(rejection, _)] = outcomes.as_slice() {
                sending.rejected.get_or_insert(CommandError::rejected(rejection));
            }
        }
        for part in plan.weights.chunks(PART) {
            let commands = part.iter().cloned().map(Command::Weight).collect();
            let outcomes = self.send_part(&mut sending.parts, commands).await?;
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
        if let Some(error) = sending.parts.queued() {
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
        let commands = part.iter().map(create).collect();
        let outcomes = self.send_part(&mut sending.parts, commands).await?;
        let mut again = Vec::new();
        for (planned, outcome) in part.iter().zip(outcomes) {
            match outcome {
                SentChange::Acknowledged(_) => sending.counts.imported += 1,
                SentChange::Settled | SentChange::Collided(_) => sending.counts.already += 1,
                SentChange::Waiting(_) => sending.parts.kept.push(Activity {
                    id: planned.new.id.clone(),
                    owner: sending.parts.local.account.sub.clone(),
                    entry: planned.new.entry.clone(),
                    rev: 0,
                }),
                SentChange::Rejected(rejection, row) => match (rejection.kind, &planned.other_id) {
                    (RejectionKind::Deleted, _) => {
                        self.forget_row(&sending.parts, row)?;
                        sending.counts.already += 1;
                    }
                    (RejectionKind::IdTaken, Some(other)) => {
                        self.forget_row(&sending.parts, row)?;
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
}

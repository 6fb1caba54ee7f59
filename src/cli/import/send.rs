//! Sending an import from a command.

use caltrack_domain::outbox::Command;

use crate::{
    cli::{
        context::CommandContext, error::CommandError, local_log::LocalLog, parts::Parts, progress::Progress,
        sending::SentChange,
    },
    importer::{self, Counts, Outlet, PartOutcome, Plan},
};

/// The outbox of a command, as an import uses it.
struct CommandOutlet<'a, 'c> {
    context: &'a CommandContext<'c>,
    parts: Parts<'a>,
    progress: Progress,
}

impl CommandContext<'_> {
    /// Saves and sends all rows of a plan.
    pub(super) async fn send_plan(
        &self,
        local: &LocalLog<'_>,
        mut plan: Plan,
    ) -> Result<(Counts, Plan), CommandError> {
        let mut outlet = CommandOutlet {
            context: self,
            parts: Parts::new(local, plan.step_name()),
            progress: Progress::of(plan.rows()),
        };
        let sent = importer::send(&mut outlet, &local.account.sub, &mut plan).await?;
        outlet.progress.end();
        let all = sent.counts.imported;
        if let Some((line, rejection)) = sent.rejected {
            let rejected = CommandError::rejected(&rejection);
            let line = line.map_or_else(String::new, |line| format!("line {line}: "));
            let message = format!(
                "{all} rows are imported; one was rejected: {line}{}",
                rejected.message()
            );
            return Err(rejected.reporting(message));
        }
        outlet.parts.kept = sent.kept;
        if let Some(error) = outlet.parts.queued() {
            let message = format!("{all} rows are imported, the others are {}", error.message());
            return Err(error.reporting(message));
        }
        Ok((sent.counts, plan))
    }
}

impl Outlet for CommandOutlet<'_, '_> {
    type Error = CommandError;

    async fn save(&mut self, commands: Vec<Command>) -> Result<Vec<PartOutcome>, CommandError> {
        let outcomes = self.context.send_part(&mut self.parts, commands).await?;
        let outcomes = outcomes.into_iter().map(|outcome| match outcome {
            SentChange::Acknowledged(_) => PartOutcome::Done,
            SentChange::Settled | SentChange::Collided(_) => PartOutcome::Already,
            SentChange::Waiting(reason) => PartOutcome::Waiting(reason),
            SentChange::Rejected(rejection, row) => PartOutcome::Rejected(rejection, row),
        });
        Ok(outcomes.collect())
    }

    async fn drop_row(&mut self, row: u64) -> Result<(), CommandError> {
        self.context.forget_row(&self.parts, row)
    }

    async fn report(&mut self, done: usize) -> bool {
        self.progress.report(done);
        true
    }
}

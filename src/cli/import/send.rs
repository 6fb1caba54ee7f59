//! Sending an import from a command.

use caltrack_domain::outbox::Command;
use jiff::Timestamp;

use super::progress::Progress;
use crate::{
    cli::{
        context::CommandContext,
        error::CommandError,
        local_log::LocalLog,
        sending::{Sent as SentStep, SentChange},
    },
    importer::{self, Counts, Outlet, PartOutcome, Plan},
};

/// The outbox of a command, as an import uses it.
struct CommandOutlet<'a, 'c> {
    context: &'a CommandContext<'c>,
    local: &'a LocalLog<'a>,
    is_begun: bool,
    /// The part that could not be sent: the rest is queued.
    waiting: Option<SentStep>,
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
            local,
            is_begun: false,
            waiting: None,
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
        if let Some(reason) = sent.waiting {
            let error = match &outlet.waiting {
                Some(step) => step.queued(&reason, sent.kept),
                None => CommandError::queued(&reason, None, sent.kept),
            };
            let message = format!("{all} rows are imported, the others are {}", error.message());
            return Err(error.reporting(message));
        }
        Ok((sent.counts, plan))
    }
}

impl Outlet for CommandOutlet<'_, '_> {
    type Error = CommandError;

    async fn save(&mut self, name: &str, commands: Vec<Command>) -> Result<Vec<PartOutcome>, CommandError> {
        let mut outbox = self.context.outbox()?;
        let owner = self.local.owner();
        let now = Timestamp::now();
        let count = commands.len();
        let saved = if self.is_begun {
            outbox.save_more(&owner, name, commands, now)?
        } else {
            outbox.save(&owner, name, commands, now)?
        };
        self.is_begun = true;
        if let Some(reason) = self.waiting.as_ref().and_then(SentStep::waiting) {
            let outcomes = vec![PartOutcome::Waiting(reason.clone()); count];
            self.context.outbox.replace(Some(outbox));
            return Ok(outcomes);
        }
        let sent = self.context.deliver(self.local, outbox, &saved).await?;
        let outcomes = sent.outcomes.iter().map(|outcome| match outcome {
            SentChange::Acknowledged(_) => PartOutcome::Done,
            SentChange::Settled | SentChange::Collided(_) => PartOutcome::Already,
            SentChange::Waiting(reason) => PartOutcome::Waiting(reason.clone()),
            SentChange::Rejected(rejection, row) => PartOutcome::Rejected(rejection.clone(), *row),
        });
        let outcomes = outcomes.collect();
        if sent.waiting().is_some() {
            self.waiting = Some(sent);
        }
        Ok(outcomes)
    }

    async fn drop_row(&mut self, row: u64) -> Result<(), CommandError> {
        let mut outbox = self.context.outbox()?;
        outbox.drop_row(&self.local.owner(), row)?;
        self.context.outbox.replace(Some(outbox));
        Ok(())
    }

    async fn report(&mut self, done: usize) -> bool {
        self.progress.report(done);
        true
    }
}

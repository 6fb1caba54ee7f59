//! `import`: files of this program and of other trackers, through the outbox, in parts that are undone as one step.

mod files;
mod plan;
mod report;
mod send;

use std::time::Duration;

use caltrack_domain::Account;

use self::{files::ReadFiles, plan::Plan, report::Counts};
use super::{context::CommandContext, error::CommandError, notice::notice, now::Now, output::Output};

pub(super) use files::{Choices, read};

/// How long the copy of the log may take to be compared with the backend.
const PATIENCE: Duration = Duration::from_mins(2);

impl CommandContext<'_> {
    /// Imports what was read, or with `dry_run` answers what would be imported.
    pub(super) async fn import(
        &self,
        account: &Account,
        files: ReadFiles,
        choices: &Choices,
        now: &Now,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        // What was imported before is known by the ids of the copy.
        match self.catch_up(&local, PATIENCE).await {
            Ok(_) => {}
            Err(error) if error.is_away() => notice(&format!(
                "offline: {}; what is logged already is known by this computer's copy",
                error.message()
            )),
            Err(error) => return Err(error),
        }
        if files.import.user.is_some() {
            self.settings(account, now.moment).await?;
        }
        let plan = Plan::of(files, choices, &local, now)?;
        for warning in &plan.warnings {
            notice(&format!("note: {warning}"));
        }
        if choices.dry_run {
            let counts = Counts {
                imported: plan.rows(),
                already: plan.already,
            };
            return Ok(plan.output(counts, true));
        }
        let (counts, plan) = self.send_plan(&local, plan).await?;
        Ok(plan.output(counts, false))
    }
}

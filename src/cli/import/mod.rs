//! `import`: files of this program and of other trackers, through the outbox, in parts that are undone as one step.

mod files;
mod plan;
mod progress;
mod send;

use std::time::Duration;

use caltrack_domain::{Account, shortened};
use jiff::civil::Date;
use serde_json::{Value, json};

use self::{files::ReadFiles, plan::Plan};
use super::{context::CommandContext, error::CommandError, notice::notice, now::Now, output::Output};

pub(super) use files::{Choices, read};

/// How long the copy of the log may take to be compared with the backend.
const PATIENCE: Duration = Duration::from_mins(2);
/// Skipped rows that people see; `--json` has all of them.
const SHOWN: usize = 20;
/// Characters of a name of the history.
const MAX_NAME: usize = 40;

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

/// How many rows were imported, and how many were there already.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    imported: usize,
    already: usize,
}

impl Plan {
    fn output(&self, counts: Counts, is_dry: bool) -> Output {
        let (from, to) = self.range();
        let day = |date: Option<Date>| date.map_or(Value::Null, |date| date.to_string().into());
        let skipped: Vec<Value> = self
            .skipped
            .iter()
            .map(|row| json!({ "line": row.line, "reason": row.reason }))
            .collect();
        let json = json!({
            "read": self.read,
            "imported": counts.imported,
            "already": counts.already,
            "skipped": skipped,
            "warnings": self.warnings,
            "from": day(from),
            "to": day(to),
        });
        let word = if is_dry { "would import" } else { "imported" };
        let mut lines = vec![format!(
            "{word} {} of {} rows; {} already logged, {} skipped",
            counts.imported,
            self.read,
            counts.already,
            self.skipped.len() + self.unnamed
        )];
        if let (Some(from), Some(to)) = (from, to) {
            lines.push(format!("from {from} to {to}, of {}", self.sources.join(", ")));
        }
        let shown = self.skipped.iter().take(SHOWN);
        lines.extend(shown.map(|row| format!("skipped line {}: {}", row.line, row.reason)));
        let more = (self.skipped.len() + self.unnamed).saturating_sub(SHOWN);
        if more > 0 {
            lines.push(format!("skipped {more} more: `--json` lists them"));
        }
        let text = lines.join("\n");
        if is_dry {
            Output::read(json, text)
        } else {
            Output::done(json, text, "imported")
        }
    }
}

/// A name for the history.
fn short(name: &str) -> String {
    shortened(&caltrack_domain::clean(name), MAX_NAME)
}

//! What an import reports, for people and as JSON.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::plan::Plan;
use crate::cli::output::Output;

/// Skipped rows that people see; `--json` has all of them.
const SHOWN: usize = 20;

/// How many rows were imported, and how many were there already.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) imported: usize,
    pub(super) already: usize,
}

impl Plan {
    pub(super) fn output(&self, counts: Counts, is_dry: bool) -> Output {
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

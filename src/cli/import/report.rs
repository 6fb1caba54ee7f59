//! What an import reports, for people and as JSON.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::{
    cli::output::Output,
    importer::{Counts, Plan},
};

/// Skipped rows that people see; `--json` has all of them.
const SHOWN: usize = 20;

pub(super) fn output(plan: &Plan, counts: Counts, is_dry: bool) -> Output {
    let (from, to) = plan.range();
    let day = |date: Option<Date>| date.map_or(Value::Null, |date| date.to_string().into());
    let skipped: Vec<Value> = plan
        .skipped
        .iter()
        .map(|row| json!({ "line": row.line, "reason": row.reason }))
        .collect();
    let json = json!({
        "read": plan.read,
        "imported": counts.imported,
        "already": counts.already,
        "skipped": skipped,
        "warnings": plan.warnings,
        "from": day(from),
        "to": day(to),
    });
    let word = if is_dry { "would import" } else { "imported" };
    let mut lines = vec![format!(
        "{word} {} of {} rows; {} already logged, {} skipped",
        counts.imported,
        plan.read,
        counts.already,
        plan.left_out()
    )];
    if let (Some(from), Some(to)) = (from, to) {
        lines.push(format!("from {from} to {to}, of {}", plan.sources.join(", ")));
    }
    let shown = plan.skipped.iter().take(SHOWN);
    lines.extend(shown.map(|row| format!("skipped line {}: {}", row.line, row.reason)));
    let more = plan.left_out().saturating_sub(SHOWN);
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

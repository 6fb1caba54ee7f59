//! `export`: entries, weights and profile on standard output.

use std::io::{self, IsTerminal as _, Write as _};

use caltrack_domain::{Account, Activity, clean};
use caltrack_import::{CSV_HEADER, csv_row, json_document, ledger, markdown};
use jiff::civil::Date;

use super::{
    arguments::{ExportArguments, ExportFormat},
    context::CommandContext,
    error::CommandError,
    json,
    local_log::LocalLog,
    notice::notice,
    now::Now,
    output::{Output, ignore_broken_pipe, unwritten},
    values,
};

/// The first and the last day that the API lists.
pub(super) const ALL_DAYS: (Date, Date) = (jiff::civil::date(0, 1, 1), jiff::civil::date(9999, 12, 31));

/// The days that are exported; all without options.
pub(super) fn range(arguments: &ExportArguments, now: &Now) -> Result<(Date, Date), CommandError> {
    let (first, last) = ALL_DAYS;
    let day = |text: Option<&str>, other: Date| match text {
        Some(text) => values::day(Some(text), now),
        None => Ok(other),
    };
    let (from, to) = (
        day(arguments.from.as_deref(), first)?,
        day(arguments.to.as_deref(), last)?,
    );
    if from > to {
        return Err(CommandError::value(format!("{from} is after {to}")));
    }
    Ok((from, to))
}

/// What is exported.
struct Exported {
    entries: Vec<Activity>,
    weights: Vec<(Date, f64)>,
}

impl CommandContext<'_> {
    pub(super) async fn export(
        &self,
        account: &Account,
        format: ExportFormat,
        range: (Date, Date),
        now: &Now,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        let mut exported = match self.exported(range).await {
            Ok(exported) => exported,
            Err(error) if error.is_away() => {
                notice(&format!(
                    "offline: {}; exported is this computer's copy",
                    error.message()
                ));
                let (entries, weights) = local.exported_days(range);
                Exported { entries, weights }
            }
            Err(error) => return Err(error),
        };
        local.take_queued(range, &mut exported.entries);
        let order = |a: &Activity, b: &Activity| a.entry.date.cmp(&b.entry.date).then_with(|| a.log_order(b));
        exported.entries.sort_by(order);
        let Exported { entries, weights } = exported;
        let text = match format {
            ExportFormat::Csv => {
                let rows: Vec<String> = entries.iter().map(csv_row).collect();
                CSV_HEADER.to_owned() + &rows.concat()
            }
            ExportFormat::Json => {
                self.settings(account, now.moment).await?;
                let user = local.profile().flatten();
                json::text(&json_document(user.as_ref(), &weights, &entries)) + "\n"
            }
            ExportFormat::Ledger => ledger(&entries, &now.clock),
            ExportFormat::Md => markdown(&entries, &weights, &now.clock),
        };
        write(&text).map_err(|error| unwritten(&error))?;
        Ok(Output::ended(0))
    }

    /// Entries and weights as the backend has them.
    async fn exported(&self, (from, to): (Date, Date)) -> Result<Exported, CommandError> {
        self.ready().await?;
        let entries = self.all_entries(from, to).await?;
        let days = self.all_totals((from, to)).await?;
        let weights = days.values().filter_map(|day| Some((day.date, day.weight?)));
        let weights = weights.collect();
        Ok(Exported { entries, weights })
    }
}

impl LocalLog<'_> {
    /// Entries and weights as this computer knows them.
    pub(super) fn exported_days(&self, (from, to): (Date, Date)) -> (Vec<Activity>, Vec<(Date, f64)>) {
        let known = self
            .replica(|replica, owner| replica.totals(owner))
            .unwrap_or_default();
        let days = known
            .iter()
            .map(|totals| totals.date)
            .filter(|date| (from..=to).contains(date));
        let entries = days
            .filter_map(|date| self.day(date))
            .flat_map(|day| day.activities);
        let mut weights = self.weights();
        weights.retain(|(date, _)| (from..=to).contains(date));
        (entries.collect(), weights)
    }
}

/// Writes a text as it is; to a terminal without what would control it.
fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = if out.is_terminal() {
        let lines: Vec<String> = text.lines().map(clean).collect();
        writeln!(out, "{}", lines.join("\n"))
    } else {
        out.write_all(text.as_bytes())
    };
    ignore_broken_pipe(written.and_then(|()| out.flush()))
}

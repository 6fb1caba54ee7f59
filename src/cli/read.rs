//! Commands that read.

use caltrack_domain::{Account, Activity, remaining};
use jiff::{Zoned, civil::Date, tz::TimeZone};

use super::{
    context::CommandContext,
    error::CommandError,
    json,
    notice::notice,
    output::Output,
    table::{Column, table, terminal_width},
};
use crate::{app::Target, runtime::convert};

impl CommandContext<'_> {
    pub(super) async fn list(&self, date: Date) -> Result<Output, CommandError> {
        let day = self.client.day(date).await?;
        if let Some(text) = &day.notice {
            notice(text);
        }
        Ok(Output::read(
            json::activities(&day.activities),
            entries(&day.activities),
        ))
    }

    pub(super) async fn today(&self) -> Result<Output, CommandError> {
        let date = Zoned::now().date();
        let (day, target) = tokio::try_join!(
            async { Ok::<_, CommandError>(self.client.day(date).await?) },
            self.target()
        )?;
        let totals = &day.totals;
        let left = remaining(target.kcal, totals, target.count_exercise);
        let mut text = format!(
            "{date}  consumed {}  burned {}  net {}  remaining {left} of {}",
            totals.calories_consumed,
            totals.calories_burned,
            totals.net(),
            target.kcal
        );
        if !day.activities.is_empty() {
            text.push_str("\n\n");
            text.push_str(&entries(&day.activities));
        }
        if let Some(text) = &day.notice {
            notice(text);
        }
        Ok(Output::read(json::today(&day, target), text))
    }

    pub(super) async fn totals(&self, from: Date, to: Date) -> Result<Output, CommandError> {
        let (days, target) = tokio::try_join!(
            async { Ok::<_, CommandError>(self.client.totals(from, to).await?) },
            self.target()
        )?;
        let rows = days.iter().map(|day| {
            [
                day.date.to_string(),
                day.calories_consumed.to_string(),
                day.calories_burned.to_string(),
                day.net().to_string(),
                target.kcal.to_string(),
                day.weight.map_or_else(String::new, |kg| kg.to_string()),
            ]
        });
        let columns = [
            Column::left("date"),
            Column::right("consumed"),
            Column::right("burned"),
            Column::right("net"),
            Column::right("target"),
            Column::right("weight"),
        ];
        Ok(Output::read(
            json::totals(&days, target),
            table(columns, rows.collect(), None),
        ))
    }

    pub(super) async fn categories(&self, account: &Account) -> Result<Output, CommandError> {
        let categories = self.fresh_categories(account).await?;
        let rows = categories
            .iter()
            .map(|category| [category.name.clone(), category.types.join(", ")]);
        let columns = [Column::left("category"), Column::left("types")];
        Ok(Output::read(
            json::categories(&categories),
            table(columns, rows.collect(), None),
        ))
    }

    async fn target(&self) -> Result<Target, CommandError> {
        Ok(convert::target(self.client.profile().await?.as_ref()))
    }
}

/// The entries of a day, with the ids for `edit` and `delete`. On a terminal, texts are cut so that each id remains in its line.
fn entries(list: &[Activity]) -> String {
    if list.is_empty() {
        return "no entries".to_owned();
    }
    let here = TimeZone::system();
    let row = |activity: &Activity| {
        let entry = &activity.entry;
        let moment = entry.moment.to_zoned(here.clone());
        [
            moment.strftime("%H:%M").to_string(),
            entry.category.clone(),
            entry.kind.clone(),
            entry.kcal.to_string(),
            entry.name.clone().unwrap_or_default(),
            activity.id.clone(),
        ]
    };
    let columns = [
        Column::left("time"),
        Column::cut("category"),
        Column::cut("type"),
        Column::right("kcal"),
        Column::cut("name"),
        Column::left("id"),
    ];
    table(columns, list.iter().map(row).collect(), terminal_width())
}

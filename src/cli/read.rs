//! Commands that read.

use caltrack_domain::{Account, Activity, Day, remaining};
use jiff::{Timestamp, civil::Date};

use super::{
    arguments::RangeArguments,
    context::CommandContext,
    error::CommandError,
    format::Format,
    json,
    notice::notice,
    now::Now,
    output::Output,
    table::{Column, Table, terminal_width, wrapped},
    values,
};
use crate::runtime::settings::Settings;

/// Hexadecimal digits at the end of an id that people see: enough to tell the entries of a life apart.
const SHOWN_ID: usize = 8;

impl CommandContext<'_> {
    pub(super) async fn list(&self, from: Date, to: Date, now: &Now) -> Result<Output, CommandError> {
        let mut activities = Vec::new();
        for date in from
            .series(jiff::Span::new().days(1))
            .take_while(|date| *date <= to)
        {
            let day = self.client.day(date).await?;
            if let Some(text) = &day.notice {
                notice(text);
            }
            activities.extend(day.activities);
        }
        activities.sort_by(Activity::log_order);
        let text = entries(&activities, from != to, now);
        Ok(Output::read(json::activities(&activities), text))
    }

    pub(super) async fn today(&self, format: Option<&Format>) -> Result<Output, CommandError> {
        let (day, settings, now) = self.present_day().await?;
        if let Some(text) = &day.notice {
            notice(text);
        }
        let json = json::today(&day, &settings);
        let text = match format {
            Some(format) => format.fill(&json),
            None => standing(&day, &settings, &now),
        };
        Ok(Output::read(json, text))
    }

    /// The user's day, the settings and the present moment. The day by the computer's clock is queried together with the profile; it
    /// is queried again if the profile's clock shows another day.
    async fn present_day(&self) -> Result<(Day, Settings, Now), CommandError> {
        let here = Now::on_this_computer();
        let (day, settings) = tokio::try_join!(
            async { Ok::<_, CommandError>(self.client.day(here.today()).await?) },
            self.settings(here.moment)
        )?;
        let now = Now {
            clock: settings.clock.clone(),
            ..here
        };
        let day = if day.totals.date == now.today() {
            day
        } else {
            self.client.day(now.today()).await?
        };
        Ok((day, settings, now))
    }

    pub(super) async fn totals(&self, arguments: &RangeArguments) -> Result<Output, CommandError> {
        let moment = Timestamp::now();
        let settings = self.settings(moment).await?;
        let now = Now {
            clock: settings.clock.clone(),
            moment,
        };
        let (from, to) = values::days(arguments, &now)?;
        let days = self.client.totals(from, to).await?;
        let mut table = Table::default();
        table.column(Column::left("date"), &days, |day| day.date.to_string());
        table.column(Column::right("consumed"), &days, |day| {
            day.calories_consumed.to_string()
        });
        table.column(Column::right("burned"), &days, |day| {
            day.calories_burned.to_string()
        });
        table.column(Column::right("net"), &days, |day| day.net().to_string());
        table.column(Column::right("target").optional(), &days, |day| {
            settings.targets.on(day.date).to_string()
        });
        table.column(Column::right("weight").optional(), &days, |day| shown(day.weight));
        Ok(Output::read(
            json::totals(&days, &settings),
            table.text(terminal_width()),
        ))
    }

    pub(super) async fn categories(&self, account: &Account) -> Result<Output, CommandError> {
        let categories = self.fresh_categories(account).await?;
        let mut table = Table::default();
        table.column(Column::left("category"), &categories, |category| {
            category.name.clone()
        });
        table.column(Column::left("types"), &categories, |category| {
            category.types.join(", ")
        });
        Ok(Output::read(json::categories(&categories), table.text(None)))
    }
}

/// The figures of a day, and its entries.
fn standing(day: &Day, settings: &Settings, now: &Now) -> String {
    let totals = &day.totals;
    let target = settings.targets.on(totals.date);
    let left = remaining(target, totals, settings.count_exercise);
    let figures = [
        totals.date.to_string(),
        format!("consumed {}", totals.calories_consumed),
        format!("burned {}", totals.calories_burned),
        format!("net {}", totals.net()),
        format!("remaining {left} of {target}"),
    ];
    let mut text = wrapped(&figures, terminal_width());
    if !day.activities.is_empty() {
        text.push_str("\n\n");
        text.push_str(&entries(&day.activities, false, now));
    }
    text
}

/// Entries, with the endings of their ids for `edit` and `delete`; with their days if `of_several_days`. On a terminal, texts are cut so
/// that each id remains in its line.
fn entries(list: &[Activity], of_several_days: bool, now: &Now) -> String {
    if list.is_empty() {
        return "no entries".to_owned();
    }
    let mut entries = Table::default();
    if of_several_days {
        entries.column(Column::left("date"), list, |activity| {
            activity.entry.date.to_string()
        });
    }
    entries.column(Column::left("time"), list, |activity| {
        let moment = now.clock.shown(activity.entry.moment);
        moment.strftime("%H:%M").to_string()
    });
    entries.column(Column::cut("category"), list, |activity| {
        activity.entry.category.clone()
    });
    entries.column(Column::cut("type"), list, |activity| activity.entry.kind.clone());
    entries.column(Column::right("kcal"), list, |activity| {
        activity.entry.kcal.to_string()
    });
    entries.column(Column::cut("name"), list, |activity| {
        activity.entry.name.clone().unwrap_or_default()
    });
    entries.column(Column::left("id"), list, |activity| {
        ending(&activity.id).to_owned()
    });
    entries.text(terminal_width())
}

/// The end of an id that is long.
fn ending(id: &str) -> &str {
    let start = id.char_indices().rev().nth(SHOWN_ID - 1).map_or(0, |(at, _)| at);
    id.get(start..).unwrap_or(id)
}

/// A figure that may be absent.
fn shown(figure: Option<f64>) -> String {
    figure.map_or_else(String::new, |figure| figure.to_string())
}

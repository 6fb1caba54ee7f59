//! Commands that read.

use std::collections::BTreeSet;

use caltrack_domain::{Account, Activity, DailyTotals, Day, Grams, counted_unit, remaining};
use jiff::{Timestamp, civil::Date};

use super::{
    arguments::RangeArguments,
    context::CommandContext,
    error::CommandError,
    format::Format,
    json,
    local_days::QueuedChanges,
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
    pub(super) async fn list(
        &self,
        account: &Account,
        (from, to): (Date, Date),
        now: &Now,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        let fetch = async || self.all_entries(from, to).await;
        let (mut activities, _) = self.or_known(fetch, || local.days(from, to)).await?;
        let queued = local.take_queued((from, to), &mut activities);
        let text = entries(&activities, from != to, now, &queued.ids);
        Ok(Output::read(
            json::activities_with(&activities, &queued.ids),
            text,
        ))
    }

    /// The entries of a day with what is queued, as the backend has them or as this computer knows them.
    pub(super) async fn entries_of(
        &self,
        account: &Account,
        date: Date,
    ) -> Result<Vec<Activity>, CommandError> {
        let local = self.local(account);
        let fetch = async || self.all_entries(date, date).await;
        let (mut activities, _) = self.or_known(fetch, || local.days(date, date)).await?;
        local.take_queued((date, date), &mut activities);
        Ok(activities)
    }

    /// The entries of the days from `from` to `to`, both included, in any order.
    pub(super) async fn all_entries(&self, from: Date, to: Date) -> Result<Vec<Activity>, CommandError> {
        let mut activities = Vec::new();
        let mut invalid = 0;
        let mut token = None;
        loop {
            let page = self.once.entries_page(from, to, token).await?;
            activities.extend(page.rows);
            invalid += page.invalid;
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        if invalid > 0 {
            notice(&format!(
                "{invalid} entries are invalid for this program and are not shown"
            ));
        }
        Ok(activities)
    }

    pub(super) async fn today(
        &self,
        account: &Account,
        date: Option<&str>,
        format: Option<&Format>,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        let (present, connection) = self.known_day(account, date).await?;
        let (mut day, settings, now) = present;
        if let Some(text) = &day.notice {
            notice(text);
        }
        let queued = local.take_queued_day(&mut day);
        let json = json::today(&day, &settings, &queued, connection);
        let text = match format {
            Some(format) => format.fill(&json),
            None => standing(&day, &settings, &now, &queued),
        };
        Ok(Output::read(json, text))
    }

    /// A day as typed, or the user's present one, the settings and the present moment, and the connection's name: from the backend, or
    /// as this computer knows them.
    pub(super) async fn known_day(
        &self,
        account: &Account,
        date: Option<&str>,
    ) -> Result<((Day, Settings, Now), &'static str), CommandError> {
        let local = self.local(account);
        let known = || {
            let here = Now::on_this_computer();
            let settings = local.settings(here.moment);
            let clock = settings.clock.clone();
            let now = Now { clock, ..here };
            let date = values::day(date, &now).ok()?;
            Some((local.day(date)?, settings, now))
        };
        let fetch = async || self.present_day(account, date).await;
        self.or_known(fetch, known).await
    }

    /// A day as typed, or the user's present one, the settings and the present moment. The day by the computer's clock is queried
    /// together with the profile; it is queried again if the profile's clock shows another day.
    pub(super) async fn present_day(
        &self,
        account: &Account,
        date: Option<&str>,
    ) -> Result<(Day, Settings, Now), CommandError> {
        self.ready().await?;
        let here = Now::on_this_computer();
        let first = values::day(date, &here)?;
        let (day, settings) = tokio::try_join!(
            async { Ok::<_, CommandError>(self.once.day(first).await?) },
            self.settings(account, here.moment)
        )?;
        let now = Now {
            clock: settings.clock.clone(),
            ..here
        };
        let date = values::day(date, &now)?;
        let day = if day.totals.date == date {
            day
        } else {
            self.once.day(date).await?
        };
        Ok((day, settings, now))
    }

    pub(super) async fn totals(
        &self,
        account: &Account,
        arguments: &RangeArguments,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        let moment = Timestamp::now();
        let settings = self.settings(account, moment).await?;
        let now = Now {
            clock: settings.clock.clone(),
            moment,
        };
        let (from, to) = values::days(arguments, &now)?;
        let fetch = async || Ok(self.once.totals(from, to).await?);
        let (mut days, _) = self.or_known(fetch, || local.totals(from, to)).await?;
        local.take_weights(&mut days);
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
        // A day without any isn't worth a column.
        let grams = |grams: Option<Grams>| shown(grams.filter(|grams| *grams != Grams::ZERO));
        table.column(Column::right("protein").optional(), &days, |day| {
            grams(day.protein)
        });
        table.column(Column::right("fat").optional(), &days, |day| grams(day.fat));
        table.column(Column::right("carbs").optional(), &days, |day| {
            grams(day.carbohydrate)
        });
        Ok(Output::read(
            json::totals(&days, &settings),
            table.text(terminal_width()),
        ))
    }

    pub(super) async fn categories(&self, account: &Account) -> Result<Output, CommandError> {
        let categories = self.known_categories(account).await?;
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
fn standing(day: &Day, settings: &Settings, now: &Now, queued: &QueuedChanges) -> String {
    let mut text = wrapped(&figures(&day.totals, settings, queued), terminal_width());
    if !day.activities.is_empty() {
        text.push_str("\n\n");
        text.push_str(&entries(&day.activities, false, now, &queued.ids));
    }
    text
}

/// The figures of a day; grams and weight where there are any.
pub(super) fn figures(totals: &DailyTotals, settings: &Settings, queued: &QueuedChanges) -> Vec<String> {
    let target = settings.targets.on(totals.date);
    let all = queued.kcal.added_to(totals);
    let left = remaining(target, &all, settings.count_exercise);
    let with = |kcal: i64| {
        if kcal == 0 {
            String::new()
        } else {
            format!(" ({kcal:+} queued)")
        }
    };
    let mut figures = vec![
        totals.date.to_string(),
        format!(
            "consumed {}{}",
            totals.calories_consumed,
            with(queued.kcal.consumed)
        ),
        format!("burned {}{}", totals.calories_burned, with(queued.kcal.burned)),
        format!("net {}", all.net()),
        format!("remaining {left} of {target}"),
    ];
    let grams = [
        ("protein", totals.protein),
        ("fat", totals.fat),
        ("carbs", totals.carbohydrate),
    ];
    if grams
        .iter()
        .any(|(_, grams)| grams.is_some_and(|grams| grams != Grams::ZERO))
    {
        figures.extend(
            grams
                .iter()
                .filter_map(|(name, grams)| Some(format!("{name} {} g", (*grams)?))),
        );
    }
    figures.extend(totals.weight.map(|kg| format!("weight {kg} kg")));
    figures.extend((queued.rows > 0).then(|| format!("{} queued", queued.rows)));
    figures
}

/// Entries, with the endings of their ids for `edit` and `delete`; with their days if `of_several_days`. On a terminal, texts are cut so
/// that each id remains in its line.
pub(super) fn entries(
    list: &[Activity],
    of_several_days: bool,
    now: &Now,
    pending: &BTreeSet<String>,
) -> String {
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
    entries.column(Column::right("amount").optional(), list, |activity| {
        let unit = activity.entry.unit.as_deref().unwrap_or_default();
        let unit = counted_unit(activity.entry.quantity.unwrap_or(1.0), unit);
        let amount = format!("{} {unit}", shown(activity.entry.quantity));
        amount.trim().to_owned()
    });
    entries.column(Column::right("protein").optional(), list, |activity| {
        shown(activity.entry.protein)
    });
    entries.column(Column::right("fat").optional(), list, |activity| {
        shown(activity.entry.fat)
    });
    entries.column(Column::right("carbs").optional(), list, |activity| {
        shown(activity.entry.carbohydrate)
    });
    entries.column(Column::left("state").optional(), list, |activity| {
        let is_pending = pending.contains(&activity.id);
        if is_pending { "queued" } else { "" }.to_owned()
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
fn shown(figure: Option<impl ToString>) -> String {
    figure.map_or_else(String::new, |figure| figure.to_string())
}

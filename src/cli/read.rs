//! Commands that read.

use caltrack_domain::{Activity, remaining};
use jiff::{Zoned, civil::Date, tz::TimeZone};

use super::{
    answer::Answer,
    backend::Backend,
    json,
    problem::Problem,
    table::{Side, table},
};
use crate::{api::Account, app::Target, runtime::convert};

impl Backend<'_> {
    pub(super) async fn list(&self, date: Date) -> Result<Answer, Problem> {
        let day = self.client.day(date).await?;
        Ok(Answer {
            json: json::activities(&day.activities),
            text: entries(&day.activities),
        })
    }

    pub(super) async fn today(&self) -> Result<Answer, Problem> {
        let date = Zoned::now().date();
        let (day, target) = tokio::try_join!(
            async { Ok::<_, Problem>(self.client.day(date).await?) },
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
        if let Some(notice) = &day.notice {
            super::say(&caltrack_domain::clean(notice));
        }
        Ok(Answer {
            json: json::today(&day, target),
            text,
        })
    }

    pub(super) async fn totals(&self, from: Date, to: Date) -> Result<Answer, Problem> {
        let (days, target) = tokio::try_join!(
            async { Ok::<_, Problem>(self.client.totals(from, to).await?) },
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
            ("date", Side::Left),
            ("consumed", Side::Right),
            ("burned", Side::Right),
            ("net", Side::Right),
            ("target", Side::Right),
            ("weight", Side::Right),
        ];
        Ok(Answer {
            json: json::totals(&days, target),
            text: table(columns, rows.collect()),
        })
    }

    pub(super) async fn categories(&self, account: &Account) -> Result<Answer, Problem> {
        let categories = self.fresh_categories(account).await?;
        let rows = categories
            .iter()
            .map(|category| [category.name.clone(), category.types.join(", ")]);
        Ok(Answer {
            json: json::categories(&categories),
            text: table([("category", Side::Left), ("types", Side::Left)], rows.collect()),
        })
    }

    async fn target(&self) -> Result<Target, Problem> {
        Ok(convert::target(self.client.profile().await?.as_ref()))
    }
}

/// A day's entries, with the ids that `edit` and `delete` want.
fn entries(list: &[Activity]) -> String {
    if list.is_empty() {
        return "no entries".to_owned();
    }
    let here = TimeZone::system();
    let row = |entry: &Activity| {
        let moment = entry.creation_date_time.to_zoned(here.clone());
        [
            moment.strftime("%H:%M").to_string(),
            entry.category.clone(),
            entry.kind.clone(),
            entry.kcal.to_string(),
            entry.name.clone().unwrap_or_default(),
            entry.id.clone(),
        ]
    };
    let columns = [
        ("time", Side::Left),
        ("category", Side::Left),
        ("type", Side::Left),
        ("kcal", Side::Right),
        ("name", Side::Left),
        ("id", Side::Left),
    ];
    table(columns, list.iter().map(row).collect())
}

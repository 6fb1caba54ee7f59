//! Days: entries and totals.

use caltrack_domain::{Activity, DailyTotals, Day};
use jiff::civil::Date;

use super::{
    client::Client,
    convert,
    data::{BadRow, DataObject},
    generated::{self, ListActivitiesByDate, ListUserAggregatesByDate},
    operations,
    pages::{self, Page},
};
use crate::error::ApiError;

/// Days of one query of totals (a century).
const MAX_DAYS: usize = 36_600;

/// The field with the entries of a day.
const ENTRIES: &str = "listActivitiesByDate";

/// An entry, or why its row is invalid.
type ReadEntry = Result<Activity, BadRow>;

impl Client {
    /// All entries of a day, and its totals.
    ///
    /// Invalid rows are omitted and counted in the day's notice.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn day(&self, date: Date) -> Result<Day, ApiError> {
        let sub = self.signed_in()?.sub;
        let mut found = self.graphql().run(&operations::day(date, &sub)).await.result?;
        let rows = entries(&mut found);
        let response = found.read::<generated::Day>()?;
        let next = response.list_activities_by_date.and_then(|list| list.next_token);
        let Page { mut rows, next } = Page::new(rows, next);
        if let Some(first) = next {
            let rest = pages::all(
                self.graphql(),
                Some(first.clone()),
                |token| operations::day_page(date, token.unwrap_or_else(|| first.clone())),
                |mut data| {
                    let rows = entries(&mut data);
                    let list = data.read::<ListActivitiesByDate>()?.list_activities_by_date;
                    Ok(Page::new(rows, list.and_then(|list| list.next_token)))
                },
            );
            rows.extend(rest.await?);
        }
        let (activities, invalid) = valid(rows);
        // A day without entries has no row.
        let totals = response
            .get_user_aggregate
            .map(DailyTotals::try_from)
            .transpose()?;
        Ok(Day {
            activities,
            totals: totals.unwrap_or_else(|| DailyTotals::empty(date)),
            notice: (invalid > 0).then(|| {
                format!("{invalid} of this day's entries are invalid for this program and are not shown")
            }),
        })
    }

    /// The totals of the days from `from` to `to`, both included, in ascending order; days without entries have empty totals.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] if `from` is after `to` or more than a century before it.
    pub async fn totals(&self, from: Date, to: Date) -> Result<Vec<DailyTotals>, ApiError> {
        if from > to {
            return Err(ApiError::Rejected(format!("{from} is after {to}")));
        }
        let mut days: Vec<DailyTotals> = from
            .series(jiff::Span::new().days(1))
            .take_while(|date| *date <= to)
            .take(MAX_DAYS + 1)
            .map(DailyTotals::empty)
            .collect();
        if days.len() > MAX_DAYS {
            return Err(ApiError::Rejected(format!(
                "{from} to {to} is more than a century"
            )));
        }
        let rows = pages::all(
            self.graphql(),
            None,
            |token| operations::totals(from, to, token),
            |data| {
                let list = data
                    .read::<ListUserAggregatesByDate>()?
                    .list_user_aggregates_by_date;
                Ok(list.map_or(Page::EMPTY, |list| Page::of_items(list.items, list.next_token)))
            },
        )
        .await?;
        for row in rows {
            let totals = DailyTotals::try_from(row)?;
            if let Ok(at) = days.binary_search_by(|day| day.date.cmp(&totals.date))
                && let Some(day) = days.get_mut(at)
            {
                *day = totals;
            }
        }
        Ok(days)
    }
}

/// Takes the entries of a day from a response, and reads each on its own.
fn entries(data: &mut DataObject) -> Vec<ReadEntry> {
    data.take_rows(ENTRIES)
        .into_iter()
        .map(convert::activity)
        .collect()
}

/// The valid entries, ordered by moment, then id, and the number of invalid ones.
fn valid(entries: Vec<ReadEntry>) -> (Vec<Activity>, usize) {
    let all = entries.len();
    let mut activities: Vec<Activity> = entries
        .into_iter()
        .filter_map(|entry| {
            entry
                .inspect_err(|bad| tracing::warn!(reason = %bad.0, "an entry is invalid"))
                .ok()
        })
        .collect();
    activities.sort_by(Activity::log_order);
    let invalid = all - activities.len();
    (activities, invalid)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_are_ordered_by_moment_then_id_and_invalid_ones_are_counted() {
        let row = |id: &str, at: &str| {
            json!({"id": id, "userid": "u", "category": "Food", "type": "Lunch",
                "caloriesConsumed": 1, "creationDateTime": at})
        };
        let items = json!([
            row("c", "2026-11-23T09:00:00.000Z"),
            row("b", "2026-11-23T08:00:00.000Z"),
            {"id": "x"},
            null,
            row("a", "2026-11-23T09:00:00.000Z"),
            row("y", "yesterday"),
        ]);
        let data = json!({ENTRIES: {"items": items}});
        let mut data = DataObject::new(data.as_object().unwrap().clone());
        let (activities, invalid) = valid(entries(&mut data));
        let ids: Vec<&str> = activities.iter().map(|activity| activity.id.as_str()).collect();
        assert_eq!((ids, invalid), (vec!["b", "a", "c"], 2));
    }
}

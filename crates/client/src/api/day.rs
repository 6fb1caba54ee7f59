//! Days: their entries and totals.

use caltrack_domain::{Activity, DailyTotals};
use jiff::civil::Date;

use super::{
    ApiError, Client, Day,
    convert::{self, Row},
    data::{BadRow, Data},
    generated::{self, ListActivitiesByDate, ListUserAggregatesByDate},
    operations,
    pages::{self, Page},
};

/// Totals are asked for in spans of at most so many days (a century).
const MAX_DAYS: usize = 36_600;

/// The field that lists a day's entries.
const ENTRIES: &str = "listActivitiesByDate";

/// An entry, or why it can't be understood.
type Entry = Result<Activity, BadRow>;

impl Client {
    /// A day's entries, every page of them, and its totals.
    ///
    /// Rows that can't be understood are left out and counted in the day's notice.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn day(&self, date: Date) -> Result<Day, ApiError> {
        let sub = self.signed_in()?.sub;
        let mut answer = self.caller().run(&operations::day(date, &sub)).await.result?;
        let rows = entries(&mut answer);
        let answer = answer.read::<generated::Day>()?;
        let next = answer.list_activities_by_date.and_then(|list| list.next_token);
        let Page { mut rows, next } = Page::new(rows, next);
        if let Some(first) = next {
            let rest = pages::all(
                self.caller(),
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
        let (activities, unread) = understood(rows);
        // A day never touched has no row.
        let totals = answer.get_user_aggregate.map(Row::noun).transpose()?;
        Ok(Day {
            activities,
            totals: totals.unwrap_or_else(|| DailyTotals::empty(date)),
            notice: (unread > 0).then(|| {
                format!(
                    "{unread} of this day's entries can't be understood by this program and are not shown"
                )
            }),
        })
    }

    /// The totals of the days `from` to `to`, both included, ascending; untouched days are empty ones.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] where `from` is after `to` or more than a century before it.
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
            self.caller(),
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
            let totals = row.noun()?;
            if let Ok(at) = days.binary_search_by(|day| day.date.cmp(&totals.date))
                && let Some(day) = days.get_mut(at)
            {
                *day = totals;
            }
        }
        Ok(days)
    }
}

/// Takes a day's entries out of an answer and reads each on its own.
fn entries(data: &mut Data) -> Vec<Entry> {
    data.take_rows(ENTRIES)
        .into_iter()
        .map(convert::activity)
        .collect()
}

/// Sorts the entries that make sense by moment, then id; counts the others.
fn understood(entries: Vec<Entry>) -> (Vec<Activity>, usize) {
    let all = entries.len();
    let mut activities: Vec<Activity> = entries
        .into_iter()
        .filter_map(|entry| {
            entry
                .inspect_err(|bad| tracing::warn!(reason = %bad.0, "an entry can't be understood"))
                .ok()
        })
        .collect();
    activities.sort_by(Activity::log_order);
    let unread = all - activities.len();
    (activities, unread)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_are_ordered_by_moment_then_id_and_none_is_dropped_silently() {
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
        let mut data = Data::new(data.as_object().unwrap().clone());
        let (activities, unread) = understood(entries(&mut data));
        let ids: Vec<&str> = activities.iter().map(|activity| activity.id.as_str()).collect();
        assert_eq!((ids, unread), (vec!["b", "a", "c"], 2));
    }
}

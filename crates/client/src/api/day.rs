//! Days: entries and totals.

use caltrack_domain::{Activity, DailyTotals, Day};
use jiff::{Timestamp, civil::Date};

use super::{
    client::{Client, expect_row},
    convert,
    data::{BadRow, DataObject},
    generated::{self, ListActivities, ListActivitiesByDate, ListUserAggregatesByDate},
    model::ListPage,
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
        let rows = entries(&mut found, ENTRIES);
        let response = found.read::<generated::Day>()?;
        let next = response.list_activities_by_date.and_then(|list| list.next_token);
        let Page { mut rows, next } = Page::new(rows, next);
        if let Some(first) = next {
            let rest = pages::all(
                self.graphql(),
                Some(first),
                |token| operations::entries(date, date, token),
                entries_of_days,
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
            totals_of_days,
        )
        .await?;
        for row in rows {
            let totals = row?;
            if let Ok(at) = days.binary_search_by(|day| day.date.cmp(&totals.date))
                && let Some(day) = days.get_mut(at)
            {
                *day = totals;
            }
        }
        Ok(days)
    }

    /// A page of the totals of the days from `from` to `to`, both included, in ascending order, without days that were
    /// never written. A page has 1,000 days, so `to` less 999 days gets the newest 1,000 in one request.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn totals_page(
        &self,
        from: Date,
        to: Date,
        token: Option<String>,
    ) -> Result<ListPage<DailyTotals>, ApiError> {
        let data = self
            .graphql()
            .run(&operations::totals(from, to, token))
            .await
            .result?;
        Ok(list_page(totals_of_days(data)?))
    }

    /// A page of up to 1,000 entries of the days from `from` to `to`, both included, by day. The index may lag behind
    /// acknowledged writes.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn entries_page(
        &self,
        from: Date,
        to: Date,
        token: Option<String>,
    ) -> Result<ListPage<Activity>, ApiError> {
        let data = self
            .graphql()
            .run(&operations::entries(from, to, token))
            .await
            .result?;
        Ok(list_page(entries_of_days(data)?))
    }

    /// A page of up to 1,000 entries of the moments from `from` to `to`, both included, by moment: of any day, and those of other
    /// programs that have no `date`, whose day is the UTC date of their moment.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn entries_by_moment_page(
        &self,
        from: Timestamp,
        to: Timestamp,
        token: Option<String>,
    ) -> Result<ListPage<Activity>, ApiError> {
        let operation = operations::entries_by_moment(from, to, token);
        let mut data = self.graphql().run(&operation).await.result?;
        let rows = entries(&mut data, "listActivities");
        let list = data
            .read::<ListActivities>()
            .map_err(ApiError::from)?
            .list_activities;
        Ok(list_page(Page::new(rows, list.and_then(|list| list.next_token))))
    }

    /// Sets the weight of a day in kg; `None` removes it. Returns the day's totals.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] for a weight out of range.
    pub async fn set_weight(&self, date: Date, weight: Option<f64>) -> Result<DailyTotals, ApiError> {
        let operation = operations::set_weight(date, weight);
        let row = self.graphql().read(&operation).await?.set_weight;
        Ok(DailyTotals::try_from(expect_row(row)?)?)
    }
}

/// A page of the entries of days.
fn entries_of_days(mut data: DataObject) -> Result<Page<ReadEntry>, BadRow> {
    let rows = entries(&mut data, ENTRIES);
    let list = data.read::<ListActivitiesByDate>()?.list_activities_by_date;
    Ok(Page::new(rows, list.and_then(|list| list.next_token)))
}

/// A page of the totals of days.
fn totals_of_days(data: DataObject) -> Result<Page<Result<DailyTotals, BadRow>>, BadRow> {
    let list = data
        .read::<ListUserAggregatesByDate>()?
        .list_user_aggregates_by_date;
    let page = list.map_or(Page::EMPTY, |list| Page::of_items(list.items, list.next_token));
    let rows = page.rows.into_iter().map(DailyTotals::try_from).collect();
    Ok(Page::new(rows, page.next))
}

/// Takes the entries of a field from a response, and reads each on its own.
fn entries(data: &mut DataObject, field: &str) -> Vec<ReadEntry> {
    data.take_rows(field).into_iter().map(convert::activity).collect()
}

/// A page as others read it.
fn list_page<T>(page: Page<Result<T, BadRow>>) -> ListPage<T> {
    let all = page.rows.len();
    let rows = valid_rows(page.rows);
    ListPage {
        invalid: all - rows.len(),
        rows,
        next: page.next,
    }
}

fn valid_rows<T>(rows: Vec<Result<T, BadRow>>) -> Vec<T> {
    rows.into_iter()
        .filter_map(|row| {
            row.inspect_err(|bad| tracing::warn!(reason = %bad.0, "a row is invalid"))
                .ok()
        })
        .collect()
}

/// The valid entries, ordered by moment, then id, and the number of invalid ones.
fn valid(entries: Vec<ReadEntry>) -> (Vec<Activity>, usize) {
    let all = entries.len();
    let mut activities = valid_rows(entries);
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
        let (activities, invalid) = valid(entries(&mut data, ENTRIES));
        let ids: Vec<&str> = activities.iter().map(|activity| activity.id.as_str()).collect();
        assert_eq!((ids, invalid), (vec!["b", "a", "c"], 2));
    }
}

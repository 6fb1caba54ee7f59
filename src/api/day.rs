//! Days: their entries and totals.

use caltrack_domain::{Activity, DailyTotals};
use jiff::civil::Date;
use serde_json::Value;

use super::{ApiError, Client, Day, call::Outcome, convert, operations, pages};

/// Totals are asked for in spans of at most so many days (a century).
const MAX_DAYS: usize = 36_600;

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
        let outcome: Outcome = self
            .caller()
            .run(operations::DAY, &operations::day(date, &sub))
            .await;
        let mut fields = outcome.result?;
        let totals = fields.remove(operations::DAY_TOTALS_FIELD).unwrap_or_default();
        let (mut rows, token) = pages::page(fields.remove(operations::DAY.field).unwrap_or_default())?;
        if let Some(first) = token {
            let rest = pages::all(
                self.caller(),
                operations::DAY_PAGE,
                Some(first.clone()),
                |token| operations::day_page(date, token.unwrap_or(&first)),
            );
            rows.extend(rest.await?);
        }
        let (activities, unread) = understood(rows);
        Ok(Day {
            activities,
            totals: totals_or_empty(totals, date)?,
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
        let rows = pages::all(self.caller(), operations::TOTALS, None, |token| {
            operations::totals(from, to, token)
        })
        .await?;
        for row in rows {
            let totals = convert::totals(row)?;
            if let Ok(at) = days.binary_search_by(|day| day.date.cmp(&totals.date))
                && let Some(day) = days.get_mut(at)
            {
                *day = totals;
            }
        }
        Ok(days)
    }
}

/// Sorts the rows that make sense by moment, then id; counts the others.
fn understood(rows: Vec<Value>) -> (Vec<Activity>, usize) {
    let all = rows.len();
    let mut activities: Vec<Activity> = rows
        .into_iter()
        .filter_map(|row| {
            convert::activity(row)
                .inspect_err(|bad| tracing::warn!(reason = %bad.0, "an entry can't be understood"))
                .ok()
        })
        .collect();
    activities.sort_by(|a, b| (a.creation_date_time, &a.id).cmp(&(b.creation_date_time, &b.id)));
    let unread = all - activities.len();
    (activities, unread)
}

/// A day never touched has no row.
fn totals_or_empty(row: Value, date: Date) -> Result<DailyTotals, ApiError> {
    if row.is_null() {
        return Ok(DailyTotals::empty(date));
    }
    Ok(convert::totals(row)?)
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
        let (activities, unread) = understood(vec![
            row("c", "2026-11-23T09:00:00.000Z"),
            row("b", "2026-11-23T08:00:00.000Z"),
            json!({"id": "x"}),
            row("a", "2026-11-23T09:00:00.000Z"),
        ]);
        let ids: Vec<&str> = activities.iter().map(|activity| activity.id.as_str()).collect();
        assert_eq!((ids, unread), (vec!["b", "a", "c"], 1));
    }
}

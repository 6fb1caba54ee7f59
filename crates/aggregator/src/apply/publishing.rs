//! Publishes the days that a batch touched, after all of them are booked.
//!
//! Totals are stored by then, so a publish that fails must cost little: permanent errors are abandoned at once,
//! temporary ones make their records fail once, and nothing takes longer than
//! [`Settings::publish_time`](super::Settings::publish_time).

use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::{booking::DayOutcome, processor::BatchProcessor};
use crate::{PublishError, Publisher, StoreError, UserAggregate, fold};

impl BatchProcessor<'_> {
    /// Publishes days with bookings.
    ///
    /// Records fail for [`PublishError::Unavailable`] only where this batch booked them and publishing isn't suspended:
    /// when redelivered they are found booked, and so fail because of a publish at most once. Everything else that
    /// isn't published counts as abandoned.
    pub(super) async fn publish_days(
        &self,
        publisher: &dyn Publisher,
        days: Vec<DayOutcome>,
    ) -> Vec<DayOutcome> {
        let hundreds = u32::try_from(days.len().div_ceil(100)).unwrap_or(u32::MAX);
        let end = Instant::now() + self.settings.publish_time.saturating_mul(hundreds);
        let results: Vec<(DayOutcome, Result<bool, PublishError>)> = stream::iter(days)
            .map(|day| async move {
                let result = self.publish_day(publisher, &day, end).await;
                (day, result)
            })
            .buffer_unordered(self.settings.concurrency.max(1))
            .collect()
            .await;
        let suspended = publisher.is_suspended();
        let days = results.into_iter().map(|(mut day, result)| {
            match result {
                Ok(done) => day.published = done,
                Err(error) => {
                    if let PublishError::Unavailable(_) = &error
                        && !suspended
                    {
                        day.failed.extend(self.young(&day.applied));
                    }
                    day.abandoned = day.failed.is_empty();
                    day.errors.push(error.to_string());
                }
            }
            day
        });
        days.collect()
    }

    /// Reads a day's stored totals and publishes them; `false` where there is nothing to publish.
    async fn publish_day(
        &self,
        publisher: &dyn Publisher,
        day: &DayOutcome,
        end: Instant,
    ) -> Result<bool, PublishError> {
        if day.applied.is_empty() && day.duplicates == 0 {
            return Ok(false);
        }
        if publisher.is_suspended() || Instant::now() >= end {
            return Err(PublishError::Suspended);
        }
        let until = self.settings.until.filter(|until| *until < end);
        let publish = async {
            // The row may have been deleted: nothing to publish.
            let Some(totals) = self.totals(day, end).await? else {
                return Ok(false);
            };
            publisher.publish(&totals).await.map(|()| true)
        };
        tokio::time::timeout_at(until.unwrap_or(end), publish)
            .await
            .unwrap_or_else(|_| {
                Err(if until.is_some() {
                    PublishError::Unavailable("no response in the time that was left".to_owned())
                } else {
                    PublishError::Suspended
                })
            })
    }

    /// A day's stored totals.
    async fn totals(&self, day: &DayOutcome, end: Instant) -> Result<Option<UserAggregate>, PublishError> {
        let mut pauses = self.pauses();
        loop {
            let request = fold::read(&self.settings.table, &day.userid, &day.date);
            match self.store.get_item(request).await {
                Ok(item) => {
                    return Ok(item.map(|item| UserAggregate::from_item(&day.userid, &day.date, &item)));
                }
                Err(
                    error @ (StoreError::Rejected(_) | StoreError::Denied(_) | StoreError::ConditionFailed),
                ) => return Err(PublishError::Refused(error.to_string())),
                Err(
                    error @ (StoreError::Throttled(_)
                    | StoreError::Unavailable(_)
                    | StoreError::TransactionCanceled(_)),
                ) => {
                    if !Self::pause(&mut pauses, Some(end)).await {
                        return Err(PublishError::Unavailable(error.to_string()));
                    }
                }
            }
        }
    }
}

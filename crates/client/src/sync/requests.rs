//! Performs the requests of the plan: queries the backend and stores the answers in the replica.

use caltrack_domain::{Activity, FailureKind};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::{
    plan::{Event, Request, RequestNumber, TotalsPage},
    report::Report,
    worker::ReplicaHandle,
};
use crate::{
    api::{ApiError, Client},
    replica::{DayStatus, Listing},
};

/// Days of the newest totals: one page of the API.
const NEWEST_DAYS: i32 = 1_000;
/// Totals beyond the newest thousand days are listed once a day.
const OLDER_DUE: SignedDuration = SignedDuration::from_hours(24);

/// What came of a request.
#[derive(Debug)]
pub(super) struct Done {
    /// The event for the plan.
    pub(super) event: Event,
    /// Why it failed.
    pub(super) error: Option<ApiError>,
    /// A notice about a day, such as the number of invalid rows.
    pub(super) notice: Option<(Date, String)>,
}

/// What the answers stored.
struct Stored {
    event: Event,
    notice: Option<(Date, String)>,
}

/// Queries for one user.
#[derive(Debug)]
pub(super) struct Requests<E> {
    pub(super) client: Client,
    pub(super) replica: ReplicaHandle<E>,
    pub(super) sub: String,
}

impl<E> Clone for Requests<E> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            replica: self.replica.clone(),
            sub: self.sub.clone(),
        }
    }
}

impl<E: From<Report> + Send + 'static> Requests<E> {
    pub(super) async fn perform(self, number: RequestNumber, request: Request) -> Done {
        let sent = self.replica.clock().now();
        let stored = match request {
            Request::Totals(page) => self.totals(number, page, sent).await,
            Request::Range { from, to, days } => self.range(number, (from, to), days, sent).await,
            Request::Day(date) => self.day(number, date, sent).await,
            Request::DayByMoment(date) => self.day_by_moment(number, date, sent).await,
        };
        match stored {
            Ok(Stored { event, notice }) => Done {
                event,
                error: None,
                notice,
            },
            Err(error) => Done {
                event: Event::Failed {
                    number,
                    transient: matches!(error.kind(), FailureKind::Unreachable | FailureKind::Busy),
                },
                error: Some(error),
                notice: None,
            },
        }
    }

    /// Whether totals beyond the newest thousand days are to be listed as well.
    pub(super) async fn older_due(&self, now: Timestamp) -> bool {
        let listed = self
            .replica
            .run(&self.sub, |replica, owner| replica.older_listed(owner))
            .await
            .flatten();
        listed.is_none_or(|listed| {
            let age = now.duration_since(listed);
            age.is_negative() || age >= OLDER_DUE
        })
    }

    async fn totals(
        &self,
        number: RequestNumber,
        TotalsPage { older, after }: TotalsPage,
        sent: Timestamp,
    ) -> Result<Stored, ApiError> {
        let today = sent.to_zoned(TimeZone::UTC).date();
        let newest = today.saturating_sub((NEWEST_DAYS - 1).days());
        let (from, to) = if older {
            (Date::constant(0, 1, 1), newest.saturating_sub(1.day()))
        } else {
            (newest, Date::MAX)
        };
        let (token, first) = match after {
            Some((token, last)) => (Some(token), last.saturating_add(1.day())),
            None => (None, from),
        };
        let page = self.client.totals_page(from, to, token).await?;
        let last = page.rows.last().map(|totals| totals.date);
        let next = page.next.zip(last);
        let covered = (Some(first), Some(next.as_ref().map_or(to, |(_, last)| *last)));
        let is_end = older && next.is_none();
        let rows = page.rows;
        let unsettled = self
            .replica
            .run(&self.sub, move |replica, owner| {
                replica.store_totals(owner, rows, covered, sent)?;
                if is_end {
                    replica.set_older_listed(owner, sent)?;
                }
                replica.unsettled(owner)
            })
            .await
            .unwrap_or_default();
        self.replica.refresh().await;
        Ok(Stored {
            event: Event::Listed {
                number,
                next,
                unsettled,
            },
            notice: None,
        })
    }

    /// Stores a range page by page: it is as large as the log of its days.
    async fn range(
        &self,
        number: RequestNumber,
        (from, to): (Date, Date),
        days: Vec<Date>,
        sent: Timestamp,
    ) -> Result<Stored, ApiError> {
        let mut left: Vec<Date> = days;
        left.sort_unstable_by(|a, b| b.cmp(a));
        let mut read: Vec<Activity> = Vec::new();
        let mut token = None;
        let mut statuses: Vec<DayStatus> = Vec::new();
        loop {
            let page = self.client.entries_page(from, to, token).await?;
            read.extend(page.rows);
            let is_end = page.next.is_none();
            // The last day of a page may continue on the next one.
            let open = read.last().map(|entry| entry.entry.date).filter(|_| !is_end);
            let mut lists = Vec::new();
            while let Some(date) = left.pop_if(|date| is_end || open.is_some_and(|open| *date < open)) {
                let is_of_day = |entry: &mut Activity| entry.entry.date == date;
                lists.push(Listing {
                    date,
                    entries: read.extract_if(.., is_of_day).collect(),
                    totals: None,
                    sent,
                    is_last: false,
                });
            }
            read.retain(|entry| open.is_some_and(|open| entry.entry.date >= open));
            statuses.extend(self.replica.store(&self.sub, lists).await);
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        Ok(Stored {
            event: Event::Fetched {
                number,
                days: statuses,
            },
            notice: None,
        })
    }

    async fn day(&self, number: RequestNumber, date: Date, sent: Timestamp) -> Result<Stored, ApiError> {
        let day = self.client.day(date).await?;
        let list = Listing {
            date,
            entries: day.activities,
            totals: Some(day.totals),
            sent,
            is_last: false,
        };
        Ok(Stored {
            event: Event::Fetched {
                number,
                days: self.replica.store(&self.sub, vec![list]).await,
            },
            notice: day.notice.map(|notice| (date, notice)),
        })
    }

    /// Reads a day by the index of moments, which also has entries without a date.
    async fn day_by_moment(
        &self,
        number: RequestNumber,
        date: Date,
        sent: Timestamp,
    ) -> Result<Stored, ApiError> {
        // Wherever on earth its day began.
        let (from, to) = (moment(date, -1), moment(date, 3));
        let day = self.client.day(date).await?;
        let mut entries: Vec<Activity> = day.activities;
        entries.retain(|entry| !(from..=to).contains(&entry.entry.moment));
        let mut token = None;
        loop {
            let page = self.client.entries_by_moment_page(from, to, token).await?;
            entries.extend(page.rows.into_iter().filter(|entry| entry.entry.date == date));
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        let list = Listing {
            date,
            entries,
            totals: Some(day.totals),
            sent,
            is_last: true,
        };
        Ok(Stored {
            event: Event::Fetched {
                number,
                days: self.replica.store(&self.sub, vec![list]).await,
            },
            notice: None,
        })
    }
}

/// The beginning of the day that many days later, in UTC.
fn moment(date: Date, later: i32) -> Timestamp {
    let date = date.saturating_add(later.days());
    date.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MIN, |midnight| midnight.timestamp())
}

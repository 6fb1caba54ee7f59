//! Which requests the replica needs, and when: a state machine without I/O and without a clock of its own.
//!
//! Events carry the time. After each event, and whenever [`Plan::due`] is reached, [`Plan::next`] returns the requests to
//! send. The result of each comes back as an event with its number.

mod answers;
mod types;
mod wishes;
mod work;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use self::work::{Reason, Work};
use crate::replica::MAX_TRIES;
pub use types::{Event, Link, Progress, Request, RequestNumber, TotalsPage};

/// Requests at a time.
const IN_FLIGHT: usize = 2;
/// Entries that one request of a range asks for: a page of the API has 1,000, and a full one is followed by another.
const RANGE_ENTRIES: u32 = 999;
/// Days of one request of a range.
const RANGE_DAYS: i32 = 366;
/// Days without a difference that a range may bridge.
const BRIDGED_DAYS: i32 = 3;
/// First syncs smaller than this are over before their progress could be read.
const SHOWN_PROGRESS: u64 = 2 * RANGE_ENTRIES as u64;

/// The page that is listed next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Listing {
    Idle,
    Due(TotalsPage),
    Sent,
}

/// The state of catch-up.
#[derive(Debug, Clone)]
pub struct Plan {
    link: Link,
    watched: Option<Date>,
    listing: Listing,
    /// When the next page may be listed.
    listing_due: Timestamp,
    /// When the last page was requested.
    listing_sent: Timestamp,
    older_due: bool,
    days: BTreeMap<Date, Work>,
    in_flight: BTreeMap<RequestNumber, Request>,
    last: u64,
    failures: u32,
    hold: Option<Timestamp>,
    goal: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            link: Link::Connecting,
            watched: None,
            listing: Listing::Idle,
            listing_due: Timestamp::MIN,
            listing_sent: Timestamp::MIN,
            older_due: false,
            days: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            last: 0,
            failures: 0,
            hold: None,
            goal: 0,
        }
    }
}

impl Plan {
    /// Takes an event at a moment.
    pub fn take(&mut self, event: Event, now: Timestamp) {
        match event {
            Event::Link(link, older_due) => self.link(link, older_due, now),
            Event::PollTick => {
                if let Some(date) = self.watched {
                    self.want(date, now);
                }
            }
            Event::Watch { date, fresh, settled } => self.watch(date, fresh, settled, now),
            Event::Changed { days, totals, own } => {
                for day in days {
                    self.changed(&day, totals, own, now);
                }
            }
            Event::Listed {
                number,
                next,
                unsettled,
            } => self.listed(number, next, unsettled, now),
            Event::Fetched { number, days } => self.fetched(number, days, now),
            Event::Failed { number, transient } => self.failed(number, transient, now),
        }
    }

    /// The next request to send at a moment, if there is one.
    pub fn next(&mut self, now: Timestamp) -> Option<(RequestNumber, Request)> {
        if self.in_flight.len() >= IN_FLIGHT || self.hold.is_some_and(|hold| hold > now) {
            return None;
        }
        let request = self.next_page(now).or_else(|| self.next_days(now))?;
        self.last += 1;
        let number = RequestNumber(self.last);
        self.in_flight.insert(number, request.clone());
        Some((number, request))
    }

    /// When [`Plan::next`] may return a request, if no event comes before.
    pub fn due(&self) -> Option<Timestamp> {
        if self.in_flight.len() >= IN_FLIGHT {
            return None;
        }
        let works = self
            .days
            .iter()
            .filter(|(date, work)| self.may_fetch(**date, work) && !self.waits_for_listing(**date));
        let listing = matches!(self.listing, Listing::Due(_)) && self.is_online();
        let earliest = works
            .map(|(_, work)| work.due)
            .chain(listing.then_some(self.listing_due))
            .min()?;
        Some(self.hold.map_or(earliest, |hold| hold.max(earliest)))
    }

    /// How far the first sync is; none if there is little to fetch.
    pub fn progress(&self) -> Option<Progress> {
        let left: u64 = self.backlog().sum();
        (self.goal >= SHOWN_PROGRESS && left > 0).then(|| Progress {
            done: self.goal.saturating_sub(left),
            total: self.goal,
        })
    }

    /// Whether a request is in flight or a day is to be fetched.
    pub fn is_idle(&self) -> bool {
        self.in_flight.is_empty() && self.days.is_empty() && self.listing == Listing::Idle
    }

    /// The days of a request in flight.
    pub fn days_of(&self, number: RequestNumber) -> &[Date] {
        self.in_flight.get(&number).map_or(&[], Request::days)
    }

    fn backlog(&self) -> impl Iterator<Item = u64> {
        self.days
            .values()
            .filter(|work| work.reason == Reason::Differs && work.tries == 0)
            .map(|work| u64::from(work.size))
    }

    const fn is_online(&self) -> bool {
        matches!(self.link, Link::Live | Link::Polling)
    }

    /// Without a connection, only the day that is shown is tried, once.
    fn may_fetch(&self, date: Date, work: &Work) -> bool {
        let is_in_flight = self
            .in_flight
            .values()
            .any(|request| request.days().contains(&date));
        !is_in_flight && (self.is_online() || work.is_shown())
    }

    /// Whether a comparison is under way, with which a day is fetched: what the comparison finds is fetched together.
    fn waits_for_listing(&self, date: Date) -> bool {
        self.listing != Listing::Idle && self.watched != Some(date) && self.days.values().all(Work::is_shown)
    }

    fn next_page(&mut self, now: Timestamp) -> Option<Request> {
        if !self.is_online() || self.listing_due > now {
            return None;
        }
        match std::mem::replace(&mut self.listing, Listing::Sent) {
            Listing::Due(page) => {
                self.listing_sent = now;
                Some(Request::Totals(page))
            }
            other => {
                self.listing = other;
                None
            }
        }
    }

    fn next_days(&self, now: Timestamp) -> Option<Request> {
        let is_due = |date: Date, work: &Work| work.due <= now && self.may_fetch(date, work);
        if let Some(date) = self.watched
            && let Some(work) = self.days.get(&date)
            && is_due(date, work)
        {
            return Some(one_day(date, work));
        }
        let mut due = self
            .days
            .iter()
            .rev()
            .filter(|(date, work)| is_due(**date, work) && !self.waits_for_listing(**date))
            .peekable();
        let (newest, work) = due.peek()?;
        if work.tries > 0 {
            return Some(one_day(**newest, work));
        }
        let to = **newest;
        let mut days: Vec<Date> = Vec::new();
        let mut entries: u32 = 0;
        for (date, work) in due {
            let last = days.last().copied().unwrap_or(to);
            let is_near = days_between(*date, last) <= BRIDGED_DAYS && days_between(*date, to) < RANGE_DAYS;
            let fits = days.is_empty() || entries.saturating_add(work.size.max(1)) <= RANGE_ENTRIES;
            if !is_near || !fits || work.tries > 0 {
                break;
            }
            entries = entries.saturating_add(work.size.max(1));
            days.push(*date);
        }
        match days.as_slice() {
            [] => None,
            [date] => Some(Request::Day(*date)),
            [.., from] => Some(Request::Range {
                from: *from,
                to,
                days,
            }),
        }
    }
}

fn one_day(date: Date, work: &Work) -> Request {
    if work.tries >= MAX_TRIES {
        Request::DayByMoment(date)
    } else {
        Request::Day(date)
    }
}

/// The number of days from one to a later one.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

//! Which requests the replica needs, and when: a state machine without I/O and without a clock of its own.
//!
//! Events carry the time. After each event, and whenever [`Plan::due`] is reached, [`Plan::next`] returns the requests to
//! send. The result of each comes back as an event with its number.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};

pub use super::plan_types::{Event, Link, Progress, Request, RequestNumber, TotalsPage};
use super::retry;
use crate::replica::{DayStatus, MAX_TRIES, Verdict};

/// Requests at a time.
const IN_FLIGHT: usize = 2;
/// Entries that one request of a range asks for: one page of the API.
const RANGE_ENTRIES: u32 = 1_000;
/// Days of one request of a range.
const RANGE_DAYS: i32 = 366;
/// Days without a difference that a range may bridge.
const BRIDGED_DAYS: i32 = 3;
/// Events in flight arrive within this time, or were missed.
const EVENTS_IN_FLIGHT: SignedDuration = SignedDuration::from_millis(300);
/// Events that keep arriving delay a fetch by at most this.
const STREAM_OF_EVENTS: SignedDuration = SignedDuration::from_secs(3);
/// The totals of a change arrive within this time, or their publish was abandoned.
const TOTALS_IN_FLIGHT: SignedDuration = SignedDuration::from_secs(10);
/// A day is fetched without waiting longer for the live connection, which will compare it again.
const CONNECTION: SignedDuration = SignedDuration::from_millis(1_200);
/// First syncs smaller than this are over before their progress could be read.
const SHOWN_PROGRESS: u64 = 2 * RANGE_ENTRIES as u64;

/// A day to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Work {
    size: u32,
    due: Timestamp,
    /// Events delay it to this time at most.
    limit: Timestamp,
    tries: u8,
    reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// Its copy differs from its totals.
    Differs,
    /// Totals arrived that don't match the copy; events may be in flight.
    Settling,
    /// The totals of a change have not arrived yet.
    AwaitsTotals,
    /// The user looks at it, and nothing else keeps it current.
    Shown,
}

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
        let request = self.next_page().or_else(|| self.next_days(now))?;
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
            .filter(|(date, work)| self.may_fetch(**date, work));
        let listing = matches!(self.listing, Listing::Due(_)) && self.is_online();
        let earliest = works
            .map(|(_, work)| work.due)
            .chain(listing.then_some(Timestamp::MIN))
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
        !is_in_flight && (self.is_online() || work.reason == Reason::Shown)
    }

    fn link(&mut self, link: Link, older_due: bool, now: Timestamp) {
        let before = std::mem::replace(&mut self.link, link);
        match link {
            Link::Live | Link::Polling => {
                self.hold = None;
                self.failures = 0;
                if before != link {
                    self.older_due = older_due;
                    self.listing = Listing::Due(TotalsPage::default());
                }
            }
            Link::Down if before != Link::Down => {
                self.listing = Listing::Idle;
                if let Some(date) = self.watched {
                    self.hold = None;
                    self.want(date, now);
                }
            }
            Link::Connecting | Link::Down => {}
        }
    }

    /// Has a day fetched as soon as possible, for it is shown.
    fn want(&mut self, date: Date, now: Timestamp) {
        let work = Work {
            size: 1,
            due: now,
            limit: now,
            tries: 0,
            reason: Reason::Shown,
        };
        self.days
            .entry(date)
            .and_modify(|known| {
                known.due = now;
                known.reason = Reason::Shown;
            })
            .or_insert(work);
    }

    fn watch(&mut self, date: Date, fresh: bool, settled: bool, now: Timestamp) {
        if let Some(before) = self.watched.replace(date)
            && before != date
            && self
                .days
                .get(&before)
                .is_some_and(|work| work.reason == Reason::Shown)
        {
            self.days.remove(&before);
        }
        if fresh {
            self.hold = None;
            self.want(date, now);
        } else if self.link == Link::Connecting {
            self.want(date, now);
            if let Some(work) = self.days.get_mut(&date) {
                work.due = now + CONNECTION;
            }
        } else if !settled {
            self.want(date, now);
        }
    }

    fn changed(&mut self, day: &DayStatus, totals: bool, own: bool, now: Timestamp) {
        if self.drop_if_settled(day) {
            return;
        }
        if own && self.link != Link::Live {
            // No subscription reports its totals, and the backend has just responded.
            self.want(day.date, now);
            return;
        }
        let (wait, reason) = if totals {
            (EVENTS_IN_FLIGHT, Reason::Settling)
        } else {
            (TOTALS_IN_FLIGHT, Reason::AwaitsTotals)
        };
        let new = Work {
            size: day.size,
            due: now + wait,
            limit: now + STREAM_OF_EVENTS,
            tries: match reason {
                Reason::AwaitsTotals => 0,
                Reason::Differs | Reason::Settling | Reason::Shown => tries(&day.verdict),
            },
            reason,
        };
        let Some(work) = self.days.get_mut(&day.date) else {
            self.days.insert(day.date, new);
            return;
        };
        work.size = day.size;
        match (work.reason, totals) {
            (Reason::Settling, _) => work.due = work.limit.min(now + EVENTS_IN_FLIGHT),
            (Reason::AwaitsTotals | Reason::Differs, true) => *work = new,
            (Reason::AwaitsTotals | Reason::Differs | Reason::Shown, _) => {}
        }
    }

    /// Forgets a day that needs nothing; returns whether it does.
    fn drop_if_settled(&mut self, day: &DayStatus) -> bool {
        let is_settled = matches!(day.verdict, Verdict::Complete | Verdict::Unverified);
        if is_settled
            && self
                .days
                .get(&day.date)
                .is_some_and(|work| work.reason != Reason::Shown)
        {
            self.days.remove(&day.date);
        }
        is_settled
    }

    fn listed(
        &mut self,
        number: RequestNumber,
        next: Option<(String, Date)>,
        unsettled: Vec<DayStatus>,
        now: Timestamp,
    ) {
        let Some(Request::Totals(TotalsPage { older, .. })) = self.in_flight.remove(&number) else {
            return;
        };
        self.failures = 0;
        self.listing = match next {
            Some(after) => Listing::Due(TotalsPage {
                older,
                after: Some(after),
            }),
            None if !older && self.older_due => Listing::Due(TotalsPage {
                older: true,
                after: None,
            }),
            None => Listing::Idle,
        };
        let differing: BTreeMap<Date, DayStatus> = unsettled.into_iter().map(|day| (day.date, day)).collect();
        // What was wanted before the comparison is known to be complete now.
        self.days.retain(|date, work| {
            differing.contains_key(date) || matches!(work.reason, Reason::AwaitsTotals | Reason::Settling)
        });
        for (date, day) in differing {
            let tries = tries(&day.verdict);
            self.days.entry(date).or_insert(Work {
                size: day.size,
                due: now,
                limit: now,
                tries,
                reason: Reason::Differs,
            });
        }
        if let Some(date) = self.watched
            && let Some(work) = self.days.get_mut(&date)
            && work.reason == Reason::Shown
        {
            work.due = now;
        }
        self.goal = self.goal.max(self.backlog().sum());
    }

    fn fetched(&mut self, number: RequestNumber, days: Vec<DayStatus>, now: Timestamp) {
        let Some(request) = self.in_flight.remove(&number) else {
            return;
        };
        self.failures = 0;
        let before: Vec<Option<Work>> = request.days().iter().map(|date| self.days.remove(date)).collect();
        let asked = |date: Date| {
            let mut works = request.days().iter().zip(&before);
            let work = works.find_map(|(day, work)| work.as_ref().filter(|_| *day == date));
            work.filter(|work| work.reason == Reason::AwaitsTotals)
                .map_or(0, |work| work.tries)
        };
        for day in days {
            if !request.days().contains(&day.date) {
                // An entry was moved from there.
                self.changed(&day, false, false, now);
                continue;
            }
            let (wait, tries, reason) = match day.verdict {
                Verdict::Complete | Verdict::Unverified => continue,
                Verdict::Ahead => {
                    let asked = asked(day.date);
                    let wait = TOTALS_IN_FLIGHT * (1 << asked.min(3));
                    (
                        wait,
                        asked.saturating_add(1).min(MAX_TRIES - 1),
                        Reason::AwaitsTotals,
                    )
                }
                Verdict::Differs(tries) => (retry::after_difference(tries), tries, Reason::Differs),
            };
            let work = Work {
                size: day.size,
                due: now + wait,
                limit: now + wait,
                tries,
                reason,
            };
            self.days.insert(day.date, work);
        }
        if self.backlog().next().is_none() {
            self.goal = 0;
        }
    }

    fn failed(&mut self, number: RequestNumber, transient: bool, now: Timestamp) {
        let Some(request) = self.in_flight.remove(&number) else {
            return;
        };
        if let Request::Totals(page) = &request {
            self.listing = Listing::Due(page.clone());
        }
        if transient || request.days().is_empty() {
            self.failures = self.failures.saturating_add(1);
            self.hold = Some(now + retry::after_failure(self.failures));
        }
        for date in request.days() {
            let Some(work) = self.days.get_mut(date) else {
                continue;
            };
            if work.reason == Reason::Shown && !matches!(self.link, Link::Live | Link::Polling) {
                self.days.remove(date);
            } else if !transient {
                work.tries = work.tries.saturating_add(1);
                work.due = now + retry::after_difference(work.tries);
                if work.tries >= MAX_TRIES {
                    self.days.remove(date);
                }
            }
        }
    }

    fn next_page(&mut self) -> Option<Request> {
        if !self.is_online() {
            return None;
        }
        match std::mem::replace(&mut self.listing, Listing::Sent) {
            Listing::Due(page) => Some(Request::Totals(page)),
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
        // A comparison is under way: what it finds is fetched together.
        if self.listing != Listing::Idle && self.days.values().all(|work| work.reason == Reason::Shown) {
            return None;
        }
        let mut due = self
            .days
            .iter()
            .rev()
            .filter(|(date, work)| is_due(**date, work))
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

const fn tries(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Differs(tries) => *tries,
        Verdict::Complete | Verdict::Unverified | Verdict::Ahead => 0,
    }
}

/// The number of days from one to a later one.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

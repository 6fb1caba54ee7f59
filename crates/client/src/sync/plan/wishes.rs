//! What events make the plan want.

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    Listing, Plan,
    types::{Link, TotalsPage},
    work::{Reason, Work, tries},
};
use crate::replica::{DayStatus, Verdict};

/// Events in flight arrive within this time, or were missed.
const EVENTS_IN_FLIGHT: SignedDuration = SignedDuration::from_millis(300);
/// Events that keep arriving delay a fetch by at most this.
const STREAM_OF_EVENTS: SignedDuration = SignedDuration::from_secs(3);
/// The totals of a change arrive within this time, or their publish was abandoned.
pub(super) const TOTALS_IN_FLIGHT: SignedDuration = SignedDuration::from_secs(10);
/// A day is fetched without waiting longer for the live connection, which will compare it again.
const CONNECTION: SignedDuration = SignedDuration::from_millis(1_200);
/// Subscriptions may become active soon after the backend responds, and days are compared then.
const SUBSCRIPTIONS: SignedDuration = SignedDuration::from_secs(1);

impl Plan {
    pub(super) fn link(&mut self, link: Link, older_due: bool, now: Timestamp) {
        let before = std::mem::replace(&mut self.link, link);
        match link {
            Link::Live | Link::Polling => {
                self.hold = None;
                self.failures = 0;
                if before != link {
                    self.older_due = older_due;
                    self.listing = Listing::Due(TotalsPage::default());
                    self.listing_due = match link {
                        Link::Polling => now + SUBSCRIPTIONS,
                        Link::Live | Link::Connecting | Link::Down => now,
                    };
                }
            }
            Link::Down if before != Link::Down => {
                self.listing = Listing::Idle;
                // A day that is known can be shown without the backend.
                if let Some(date) = self.watched
                    && let Some(work) = self.days.remove(&date)
                    && !matches!(work.reason, Reason::Shown { unless_equal: true })
                {
                    self.hold = None;
                    self.want(date, now);
                }
            }
            Link::Connecting | Link::Down => {}
        }
    }

    /// Has a day fetched as soon as possible, for it is shown.
    pub(super) fn want(&mut self, date: Date, now: Timestamp) {
        let work = Work {
            size: 1,
            due: now,
            limit: now,
            tries: 0,
            since: now,
            reason: Reason::Shown { unless_equal: false },
        };
        self.days
            .entry(date)
            .and_modify(|known| {
                known.due = now;
                known.reason = Reason::Shown { unless_equal: false };
            })
            .or_insert(work);
    }

    pub(super) fn watch(&mut self, date: Date, fresh: bool, settled: bool, now: Timestamp) {
        if let Some(before) = self.watched.replace(date)
            && before != date
            && self.days.get(&before).is_some_and(Work::is_shown)
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
                work.reason = Reason::Shown {
                    unless_equal: settled,
                };
            }
        } else if !settled {
            self.want(date, now);
        }
    }

    pub(super) fn changed(&mut self, day: &DayStatus, totals: bool, own: bool, now: Timestamp) {
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
                Reason::Differs | Reason::Settling | Reason::Shown { .. } => tries(&day.verdict),
            },
            since: now,
            reason,
        };
        let Some(work) = self.days.get_mut(&day.date) else {
            self.days.insert(day.date, new);
            return;
        };
        work.size = day.size;
        work.since = now;
        match (work.reason, totals) {
            (Reason::Settling, _) => work.due = work.limit.min(now + EVENTS_IN_FLIGHT),
            (Reason::AwaitsTotals | Reason::Differs, true) => *work = new,
            (Reason::AwaitsTotals | Reason::Differs | Reason::Shown { .. }, _) => {}
        }
    }

    /// Forgets a day that needs nothing; returns whether it does.
    fn drop_if_settled(&mut self, day: &DayStatus) -> bool {
        let is_settled = matches!(day.verdict, Verdict::Complete | Verdict::Unverified);
        if is_settled && self.days.get(&day.date).is_some_and(|work| !work.is_shown()) {
            self.days.remove(&day.date);
        }
        is_settled
    }
}

//! What answers leave to do.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use super::{
    Listing, Plan,
    types::{Link, Request, RequestNumber, TotalsPage},
    wishes::TOTALS_IN_FLIGHT,
    work::{Reason, Work, tries},
};
use crate::{
    replica::{DayStatus, MAX_TRIES, Verdict},
    sync::retry,
};

impl Plan {
    pub(super) fn listed(
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
        let sent = self.listing_sent;
        let following = match next {
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
        self.follow(following);
        let differing: BTreeMap<Date, DayStatus> = unsettled.into_iter().map(|day| (day.date, day)).collect();
        // What was wanted before the comparison is known to be complete now; a day of which nothing is known is not.
        self.days.retain(|date, work| {
            let is_decided = match work.reason {
                Reason::Differs => true,
                Reason::Shown { unless_equal } => unless_equal,
                // The change was in the copy when it was compared.
                Reason::AwaitsTotals | Reason::Settling => work.since < sent,
            };
            !is_decided || differing.contains_key(date)
        });
        for (date, day) in differing {
            let tries = tries(&day.verdict);
            self.days.entry(date).or_insert(Work {
                size: day.size,
                due: now,
                limit: now,
                tries,
                since: now,
                reason: Reason::Differs,
            });
        }
        if let Some(date) = self.watched
            && let Some(work) = self.days.get_mut(&date)
            && work.is_shown()
        {
            work.due = now;
        }
        self.goal = self.goal.max(self.backlog().sum());
    }

    /// Continues a listing, unless another one is due by now.
    fn follow(&mut self, listing: Listing) {
        if self.listing == Listing::Sent {
            self.listing = listing;
        }
    }

    pub(super) fn fetched(&mut self, number: RequestNumber, days: Vec<DayStatus>, now: Timestamp) {
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
                since: now,
                reason,
            };
            self.days.insert(day.date, work);
        }
        if self.backlog().next().is_none() {
            self.goal = 0;
        }
    }

    pub(super) fn failed(&mut self, number: RequestNumber, transient: bool, now: Timestamp) {
        let Some(request) = self.in_flight.remove(&number) else {
            return;
        };
        if let Request::Totals(page) = &request {
            self.follow(Listing::Due(page.clone()));
        }
        if transient || request.days().is_empty() {
            self.failures = self.failures.saturating_add(1);
            self.hold = Some(now + retry::after_failure(self.failures));
        }
        for date in request.days() {
            let Some(work) = self.days.get_mut(date) else {
                continue;
            };
            if work.is_shown() && !matches!(self.link, Link::Live | Link::Polling) {
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
}

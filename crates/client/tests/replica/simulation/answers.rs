//! What the backend answers, and what devices make of it.

use caltrack_client::{
    replica::Listing,
    sync::plan::{Event, Request, RequestNumber, TotalsPage},
};
use caltrack_domain::DailyTotals;
use jiff::ToSpan as _;

use super::world::{Answer, NEWEST, PAGE, World, at};
use crate::model::Copy;

impl<C: Copy> World<C> {
    pub(super) fn read(&mut self, request: &Request, sent: i64) -> Answer {
        let now = self.now;
        let listing = |date, is_last, totals| Listing {
            date,
            entries: self.cloud.list(date, date, now),
            totals,
            sent: at(sent),
            is_last,
        };
        let totals = |date| {
            let nothing = DailyTotals::empty(date);
            Some(self.cloud.totals(date, now).unwrap_or(nothing))
        };
        match request {
            Request::Totals(TotalsPage { older, after }) => {
                let (from, to) = if *older {
                    (None, Some(NEWEST - 1.day()))
                } else {
                    (Some(NEWEST), None)
                };
                let from = after.as_ref().map(|(_, last)| *last + 1.day()).or(from);
                let (page, is_more) = self.cloud.page((from, to), PAGE, now);
                let last = page.last().map(|totals| totals.date).filter(|_| is_more);
                Answer::Page {
                    page,
                    covered: (from, last.or(to)),
                    next: last.map(|last| (last.to_string(), last)),
                }
            }
            Request::Range { days, .. } => {
                Answer::Lists(days.iter().map(|date| listing(*date, false, None)).collect())
            }
            Request::Day(date) => Answer::Lists(vec![listing(*date, false, totals(*date))]),
            Request::DayByMoment(date) => Answer::Lists(vec![listing(*date, true, totals(*date))]),
        }
    }

    pub(super) fn answered(&mut self, device: usize, number: RequestNumber, answer: Answer, sent: i64) {
        let now = at(self.now);
        let device = &mut self.devices[device];
        let event = match answer {
            Answer::Page { page, covered, next } => {
                device.copy.store_totals(page, covered, at(sent));
                Event::Listed {
                    number,
                    next,
                    unsettled: device.copy.unsettled(),
                }
            }
            Answer::Lists(lists) => Event::Fetched {
                number,
                days: device.copy.store_lists(lists, now),
            },
            Answer::Failed => Event::Failed {
                number,
                transient: true,
            },
        };
        device.plan.take(event, now);
    }
}

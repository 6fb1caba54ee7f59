//! Settling a day's list against its totals.
//!
//! An event of an entry and the total that counts it come by two subscriptions. The event of an entry usually comes first. If
//! the list doesn't add up to a newer total, events in flight get a moment to arrive; only then is the day queried again.

use caltrack_domain::{Booking, DailyTotals};

use super::rows::{Mark, Row};
use crate::app::model::{Day, Request};

/// Events that keep arriving delay a query by at most this many waits.
const MAX_DEBOUNCES: u8 = 10;
/// The first query waits for the connection this many times.
const MAX_CONNECTION_DEBOUNCES: u8 = 3;

/// A wait, so that events in flight can arrive.
#[derive(Debug, Clone, PartialEq)]
struct Debounce {
    request: Request,
    /// Whether newer totals arrived meanwhile, so that more events may be in flight.
    stirred: bool,
    /// How many waits came directly before this one.
    before: u8,
}

/// The waits of a day.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Settle {
    /// Before the list is compared with newer totals.
    comparison: Option<Debounce>,
    /// Before the first query: it is sent once the subscriptions are active, have failed, or take too long.
    connection: Option<Debounce>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    Nothing,
    /// Wait; the answer carries this number.
    Wait(Request),
    Load,
    /// The list adds up to the totals: cache the day.
    Cache(Day),
}

impl Settle {
    /// Starts waiting for the connection.
    pub(super) fn wait_for_connection(&mut self, request: Request) -> Next {
        self.connection = Some(Debounce {
            request,
            stirred: false,
            before: 0,
        });
        Next::Wait(request)
    }

    /// Whether the first query waits for the connection.
    pub(super) const fn waits_for_connection(&self) -> bool {
        self.connection.is_some()
    }

    /// The day is being queried.
    pub(super) fn queried(&mut self) {
        self.connection = None;
    }

    /// Newer totals arrived. `settled` is the day if its list adds up to them.
    pub(super) fn compare(&mut self, settled: Option<Day>, request: impl FnOnce() -> Request) -> Next {
        if let Some(day) = settled {
            return Next::Cache(day);
        }
        match &mut self.comparison {
            Some(debounce) => {
                debounce.stirred = true;
                Next::Nothing
            }
            None => self.wait(request(), 0),
        }
    }

    fn wait(&mut self, request: Request, before: u8) -> Next {
        self.comparison = Some(Debounce {
            request,
            stirred: false,
            before,
        });
        Next::Wait(request)
    }

    /// A wait has ended. `is_querying`: whether an answer is awaited, which will be compared when it comes.
    pub(super) fn elapsed(
        &mut self,
        ended: Request,
        is_querying: bool,
        settled: impl FnOnce() -> Option<Day>,
        request: impl FnOnce() -> Request,
    ) -> Next {
        if let Some(first) = self.connection.take_if(|first| first.request == ended) {
            if first.before >= MAX_CONNECTION_DEBOUNCES {
                return Next::Load;
            }
            let request = request();
            self.connection = Some(Debounce {
                request,
                stirred: false,
                before: first.before + 1,
            });
            return Next::Wait(request);
        }
        let Some(ended) = self.comparison.take_if(|debounce| debounce.request == ended) else {
            return Next::Nothing;
        };
        if is_querying {
            return Next::Nothing;
        }
        match settled() {
            Some(day) => Next::Cache(day),
            None if ended.stirred && ended.before < MAX_DEBOUNCES => self.wait(request(), ended.before + 1),
            None => Next::Load,
        }
    }
}

/// The day, if its rows add up to its totals and none is being saved.
pub(super) fn settled(rows: &[Row], totals: &DailyTotals) -> Option<Day> {
    let (mut consumed, mut burned) = (0, 0);
    for row in rows {
        let entry = &row.activity.entry;
        match row.mark {
            Mark::Saving | Mark::Deleting => return None,
            Mark::Saved => match Booking::of(&entry.category) {
                Booking::Consumed => consumed += i64::from(entry.kcal),
                Booking::Burned => burned += i64::from(entry.kcal),
                Booking::Nothing => {}
            },
        }
    }
    ((consumed, burned) == (totals.calories_consumed, totals.calories_burned)).then(|| Day {
        activities: rows.iter().map(|row| (*row.activity).clone()).collect(),
        totals: totals.clone(),
        notice: None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use caltrack_domain::{Activity, Entry};
    use jiff::civil::{Date, date};

    use super::*;

    const DAY: Date = date(2026, 11, 23);

    fn row(category: &str, kcal: u32, mark: Mark) -> Row {
        Row {
            activity: Arc::new(Activity {
                id: format!("{category}-{kcal}"),
                owner: "u".to_owned(),
                entry: Entry::new(
                    DAY,
                    "2026-11-23T07:30:00Z".parse().unwrap(),
                    category,
                    "Type",
                    kcal,
                ),
                rev: 1,
            }),
            mark,
        }
    }

    fn totals(calories_consumed: i64, calories_burned: i64) -> DailyTotals {
        DailyTotals {
            calories_consumed,
            calories_burned,
            ..DailyTotals::empty(DAY)
        }
    }

    /// Numbers for new waits.
    fn numbers() -> impl FnMut() -> Request {
        let mut last = 100;
        move || {
            last += 1;
            Request(last)
        }
    }

    #[test]
    fn a_list_is_settled_if_it_adds_up_and_nothing_is_being_saved() {
        let rows = [
            row("Food", 650, Mark::Saved),
            row("Drink", 5, Mark::Saved),
            row("Exercise", 300, Mark::Saved),
            row("Supplement", 1, Mark::Saved),
        ];
        let day = settled(&rows, &totals(655, 300)).unwrap();
        assert_eq!(day.activities.len(), 4);
        assert_eq!(settled(&rows, &totals(656, 300)), None);
        assert_eq!(settled(&rows, &totals(655, 299)), None);
        assert_eq!(settled(&[row("Food", 650, Mark::Saving)], &totals(650, 0)), None);
        assert_eq!(
            settled(&[row("Food", 650, Mark::Deleting)], &totals(650, 0)),
            None
        );
        assert!(settled(&[], &totals(0, 0)).is_some());
    }

    #[test]
    fn a_list_that_adds_up_is_cached_without_a_wait() {
        let day = settled(&[], &totals(0, 0)).unwrap();
        let mut settle = Settle::default();
        assert_eq!(settle.compare(Some(day.clone()), || Request(1)), Next::Cache(day));
        assert_eq!(settle, Settle::default());
    }

    #[test]
    fn a_list_that_does_not_add_up_waits_once_and_then_queries() {
        let mut settle = Settle::default();
        assert_eq!(settle.compare(None, || Request(1)), Next::Wait(Request(1)));
        let mut number = numbers();
        assert_eq!(
            settle.elapsed(Request(9), false, || None, &mut number),
            Next::Nothing
        );
        assert_eq!(
            settle.elapsed(Request(1), false, || None, &mut number),
            Next::Load
        );
        assert_eq!(
            settle.elapsed(Request(1), false, || None, &mut number),
            Next::Nothing
        );
    }

    #[test]
    fn a_wait_that_ends_while_the_day_is_queried_leaves_the_comparison_to_the_answer() {
        let mut settle = Settle::default();
        settle.compare(None, || Request(1));
        assert_eq!(
            settle.elapsed(Request(1), true, || None, numbers()),
            Next::Nothing
        );
    }

    #[test]
    fn an_event_that_arrives_in_time_spares_the_query() {
        let day = settled(&[], &totals(0, 0)).unwrap();
        let mut settle = Settle::default();
        settle.compare(None, || Request(1));
        let next = settle.elapsed(Request(1), false, || Some(day.clone()), numbers());
        assert_eq!(next, Next::Cache(day));
    }

    #[test]
    fn totals_that_keep_arriving_delay_the_query_ten_times_at_most() {
        let mut settle = Settle::default();
        let mut number = numbers();
        let mut next = settle.compare(None, &mut number);
        let mut waits = 0;
        while let Next::Wait(request) = next {
            waits += 1;
            assert_eq!(settle.compare(None, &mut number), Next::Nothing);
            next = settle.elapsed(request, false, || None, &mut number);
        }
        assert_eq!((next, waits), (Next::Load, 11));
    }

    #[test]
    fn the_first_query_waits_for_the_connection_four_times_at_most() {
        let mut settle = Settle::default();
        let mut number = numbers();
        let mut next = settle.wait_for_connection(number());
        let mut waits = 0;
        while let Next::Wait(request) = next {
            waits += 1;
            assert!(settle.waits_for_connection());
            next = settle.elapsed(request, false, || None, &mut number);
        }
        assert_eq!((next, waits), (Next::Load, 4));
        assert!(!settle.waits_for_connection());
    }

    #[test]
    fn a_query_ends_the_wait_for_the_connection() {
        let mut settle = Settle::default();
        settle.wait_for_connection(Request(1));
        settle.queried();
        assert_eq!(
            settle.elapsed(Request(1), false, || None, numbers()),
            Next::Nothing
        );
    }
}

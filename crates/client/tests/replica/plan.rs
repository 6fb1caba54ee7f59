//! The plan of sync, event by event.

mod lists;

use caltrack_client::{
    replica::{DayStatus, Verdict},
    sync::plan::{Event, Link, Plan, Progress, Request, RequestNumber, TotalsPage},
};
use jiff::{Timestamp, ToSpan as _, civil::Date};

const TODAY: Date = jiff::civil::date(2026, 11, 23);

struct Run {
    plan: Plan,
    now: Timestamp,
}

impl Run {
    fn new() -> Self {
        Self {
            plan: Plan::default(),
            now: Timestamp::from_second(1_795_000_000).unwrap(),
        }
    }

    /// Live, compared, with today on the screen.
    fn live() -> Self {
        let mut run = Self::new();
        run.watch(true).take(Event::Link(Link::Live, false));
        let (list, _) = run.send().unwrap();
        run.listed(list, vec![]);
        assert!(run.plan.is_idle());
        run
    }

    fn take(&mut self, event: Event) -> &mut Self {
        self.plan.take(event, self.now);
        self
    }

    fn watch(&mut self, settled: bool) -> &mut Self {
        self.take(Event::Watch {
            date: TODAY,
            fresh: false,
            settled,
        })
    }

    fn changed(&mut self, verdict: Verdict, totals: bool, own: bool) -> &mut Self {
        let days = vec![day(TODAY, verdict, 1)];
        self.take(Event::Changed { days, totals, own })
    }

    fn listed(&mut self, number: RequestNumber, unsettled: Vec<DayStatus>) -> &mut Self {
        self.take(Event::Listed {
            number,
            next: None,
            unsettled,
        })
    }

    fn fetched(&mut self, number: RequestNumber, days: Vec<DayStatus>) -> &mut Self {
        self.take(Event::Fetched { number, days })
    }

    fn failed(&mut self, number: RequestNumber) -> &mut Self {
        self.take(Event::Failed {
            number,
            transient: true,
        })
    }

    fn send(&mut self) -> Option<(RequestNumber, Request)> {
        self.plan.next(self.now)
    }

    fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.now += milliseconds.milliseconds();
        self
    }

    /// Waits until the next request is due, and returns how long that took.
    fn next(&mut self) -> (i64, RequestNumber, Request) {
        let before = self.now;
        if let Some((number, request)) = self.send() {
            return (0, number, request);
        }
        self.now = self.plan.due().unwrap();
        let (number, request) = self.send().unwrap();
        (
            self.now.duration_since(before).as_millis().try_into().unwrap(),
            number,
            request,
        )
    }
}

fn day(date: Date, verdict: Verdict, size: u32) -> DayStatus {
    DayStatus { date, verdict, size }
}

fn differing(dates: impl IntoIterator<Item = Date>, size: u32) -> Vec<DayStatus> {
    dates
        .into_iter()
        .map(|date| day(date, Verdict::Differs(0), size))
        .collect()
}

fn newest() -> Request {
    Request::Totals(TotalsPage::default())
}

/// A day that is queried before the subscription is active has to be compared again.
#[test]
fn at_the_start_the_day_waits_for_the_connection_and_is_fetched_once() {
    for link in [Link::Live, Link::Polling] {
        let mut run = Run::new();
        run.watch(false);
        assert_eq!(run.send(), None);
        run.wait(100).take(Event::Link(link, false));
        let (list, _) = run.next_list();
        run.listed(list, differing([TODAY], 3));
        let (number, request) = run.send().unwrap();
        assert_eq!(request, Request::Day(TODAY));
        assert_eq!(run.send(), None);
        run.fetched(number, vec![day(TODAY, Verdict::Complete, 3)]);
        assert!(run.plan.is_idle());
    }
}

/// The totals of a day that was never written are in no list.
#[test]
fn a_day_of_which_nothing_is_known_is_fetched_though_no_list_has_it() {
    let mut run = Run::new();
    run.watch(false).take(Event::Link(Link::Live, false));
    let (list, _) = run.next_list();
    run.listed(list, vec![]);
    let (number, request) = run.send().unwrap();
    assert_eq!(request, Request::Day(TODAY));
    run.fetched(number, vec![day(TODAY, Verdict::Complete, 0)]);
    assert!(run.plan.is_idle());
}

#[test]
fn a_backend_that_does_not_respond_is_asked_once_for_a_day_that_is_not_known() {
    let mut run = Run::new();
    run.watch(true)
        .take(Event::Link(Link::Down, false))
        .wait(3_600_000);
    assert_eq!(run.send(), None);
    let mut run = Run::new();
    run.watch(false).take(Event::Link(Link::Down, false));
    let (number, request) = run.send().unwrap();
    assert_eq!(request, Request::Day(TODAY));
    run.failed(number)
        .take(Event::Link(Link::Down, false))
        .wait(3_600_000);
    assert_eq!(run.send(), None);
    run.take(Event::Link(Link::Live, false));
    assert_eq!(run.send().unwrap().1, newest());
}

#[test]
fn a_slow_connection_is_not_waited_for() {
    let mut run = Run::new();
    run.watch(true);
    let (waited, number, request) = run.next();
    assert_eq!((waited, request), (1_200, Request::Day(TODAY)));
    run.fetched(number, vec![day(TODAY, Verdict::Complete, 3)]);
    // What happened before the connection was live may be missing.
    run.take(Event::Link(Link::Live, false));
    assert_eq!(run.send().unwrap().1, newest());
}

#[test]
fn a_day_that_is_complete_costs_nothing_and_a_fresh_one_a_request() {
    let mut run = Run::live();
    run.watch(true);
    assert_eq!(run.send(), None);
    run.take(Event::Watch {
        date: TODAY,
        fresh: true,
        settled: true,
    });
    assert_eq!(run.send().unwrap().1, Request::Day(TODAY));
}

#[test]
fn a_poll_fetches_the_shown_day_and_nothing_else() {
    let mut run = Run::live();
    run.take(Event::Link(Link::Polling, false));
    let (list, _) = run.next_list();
    run.listed(list, vec![]).take(Event::PollTick);
    let (number, request) = run.send().unwrap();
    assert_eq!(request, Request::Day(TODAY));
    // One at a time.
    run.take(Event::PollTick);
    assert_eq!(run.send(), None);
    run.fetched(number, vec![day(TODAY, Verdict::Complete, 3)]);
    assert!(run.plan.is_idle());
}

#[test]
fn an_event_that_arrives_after_its_total_spares_the_fetch() {
    let mut run = Run::live();
    run.changed(Verdict::Differs(0), true, false).wait(299);
    assert_eq!(run.send(), None);
    run.changed(Verdict::Complete, false, false).wait(10_000);
    assert_eq!(run.send(), None);
    assert!(run.plan.is_idle());
}

#[test]
fn totals_that_the_copy_does_not_match_fetch_the_day_after_a_moment() {
    let mut run = Run::live();
    run.changed(Verdict::Differs(0), true, false);
    let (waited, number, request) = run.next();
    assert_eq!((waited, request), (300, Request::Day(TODAY)));
    // Further ones while it is being fetched.
    run.changed(Verdict::Differs(0), true, false);
    assert_eq!(run.send(), None);
    run.fetched(number, vec![day(TODAY, Verdict::Complete, 3)]);
    assert!(run.plan.is_idle());
}

#[test]
fn a_stream_of_events_delays_the_fetch_three_seconds_at_most() {
    let mut run = Run::live();
    let mut waited = 0;
    while run.send().is_none() {
        run.changed(Verdict::Differs(0), waited % 200 == 0, false)
            .wait(100);
        waited += 100;
    }
    assert!((3_000..=3_300).contains(&waited), "{waited}");
}

#[test]
fn a_change_without_totals_asks_for_its_day_once() {
    for own in [false, true] {
        let mut run = Run::live();
        run.changed(Verdict::Differs(0), false, own);
        let (waited, number, request) = run.next();
        assert_eq!((waited, request), (10_000, Request::Day(TODAY)));
        run.fetched(number, vec![day(TODAY, Verdict::Complete, 1)]);
        assert!(run.plan.is_idle());
    }
}

/// No subscription reports what it did to the totals.
#[test]
fn without_a_live_connection_an_own_change_is_followed_by_a_fetch() {
    let mut run = Run::live();
    run.take(Event::Link(Link::Polling, false));
    let (list, _) = run.next_list();
    run.listed(list, vec![]).changed(Verdict::Differs(0), false, true);
    assert_eq!(run.next().0, 0);
}

/// Otherwise the driver would wake up every millisecond.
#[test]
fn a_day_that_waits_for_a_comparison_is_not_due_before() {
    let mut run = Run::live();
    run.take(Event::Link(Link::Polling, false));
    let days = vec![day(TODAY - 1.day(), Verdict::Differs(0), 1)];
    run.take(Event::Changed {
        days,
        totals: false,
        own: true,
    });
    assert_eq!(run.send(), None);
    assert_eq!(run.next_list_after(), 1_000);
    assert_eq!(run.plan.due(), None, "the comparison is in flight");
}

/// Its totals were missed with the connection, or come later and change nothing.
#[test]
fn a_comparison_decides_about_changes_before_it_and_not_about_those_since() {
    for (earlier, requests) in [(true, 0), (false, 1)] {
        let mut run = Run::live();
        let change = |run: &mut Run| {
            run.changed(Verdict::Differs(0), false, true).wait(1);
        };
        if earlier {
            change(&mut run);
        }
        run.take(Event::Link(Link::Connecting, false))
            .take(Event::Link(Link::Live, false));
        let (list, _) = run.next_list();
        if !earlier {
            change(&mut run);
        }
        run.listed(list, vec![]);
        assert_eq!(usize::from(run.plan.due().is_some()), requests);
    }
}

#[test]
fn the_shown_day_comes_first_and_adjacent_days_together_up_to_a_page() {
    let mut run = Run::live();
    run.take(Event::Link(Link::Connecting, false))
        .take(Event::Link(Link::Live, false));
    let (list, _) = run.next_list();
    let days = (0..30_i64).map(|back| TODAY - back.days());
    run.listed(list, differing(days, 100));
    let mut requests = Vec::new();
    while let Some((number, request)) = run.send() {
        let days: Vec<Date> = run.plan.days_of(number).to_vec();
        requests.push((request, days.len()));
        run.fetched(
            number,
            days.into_iter()
                .map(|date| day(date, Verdict::Complete, 100))
                .collect(),
        );
    }
    let lengths: Vec<usize> = requests.iter().map(|(_, length)| *length).collect();
    assert_eq!(lengths, [1, 9, 9, 9, 2]);
    let Request::Range { from, to, .. } = &requests[1].0 else {
        unreachable!()
    };
    assert_eq!((*from, *to), (TODAY - 9.days(), TODAY - 1.days()));
}

impl Run {
    /// Milliseconds until the next request, which lists totals.
    fn next_list_after(&mut self) -> i64 {
        let (waited, _, request) = self.next();
        assert_eq!(request, newest());
        waited
    }

    fn next_list(&mut self) -> (RequestNumber, Request) {
        let (_, number, request) = self.next();
        assert_eq!(request, newest());
        (number, request)
    }
}

#[test]
fn days_far_apart_are_fetched_one_by_one() {
    let mut run = Run::live();
    run.take(Event::Link(Link::Connecting, false))
        .take(Event::Link(Link::Live, false));
    let (list, _) = run.next_list();
    run.listed(list, differing([TODAY, TODAY - 40.days()], 1));
    assert_eq!(run.send().unwrap().1, Request::Day(TODAY));
    assert_eq!(run.send().unwrap().1, Request::Day(TODAY - 40.days()));
}

//! Lists of days and their comparison, and what follows a failure.

use super::*;

#[test]
fn older_pages_are_listed_when_they_are_due() {
    let mut run = Run::new();
    run.take(Event::Link(Link::Live, true));
    let (list, _) = run.next_list();
    run.listed(list, vec![]);
    let (list, request) = run.send().unwrap();
    let older = TotalsPage {
        older: true,
        after: None,
    };
    assert_eq!(request, Request::Totals(older));
    let after = Some(("token".to_owned(), TODAY - 1_200.days()));
    run.take(Event::Listed {
        number: list,
        next: after.clone(),
        unsettled: vec![],
    });
    let (list, request) = run.send().unwrap();
    assert_eq!(request, Request::Totals(TotalsPage { older: true, after }));
    run.listed(list, vec![]);
    assert!(run.plan.is_idle());
}

#[test]
fn a_first_sync_shows_its_progress_and_a_small_one_does_not() {
    let mut run = Run::new();
    run.take(Event::Link(Link::Live, false));
    let (list, _) = run.next_list();
    let days = (0..50_i64).map(|back| TODAY - back.days());
    run.listed(list, differing(days, 100));
    assert_eq!(
        run.plan.progress(),
        Some(Progress {
            done: 0,
            total: 5_000
        })
    );
    let mut seen = Vec::new();
    while let Some((number, _)) = run.send() {
        let days: Vec<Date> = run.plan.days_of(number).to_vec();
        run.fetched(
            number,
            days.into_iter()
                .map(|date| day(date, Verdict::Complete, 100))
                .collect(),
        );
        seen.extend(run.plan.progress().map(|progress| progress.done));
    }
    assert_eq!(seen, [900, 1_800, 2_700, 3_600, 4_500]);
    assert_eq!(run.plan.progress(), None);

    let mut run = Run::new();
    run.take(Event::Link(Link::Live, false));
    let (list, _) = run.next_list();
    run.listed(list, differing([TODAY], 1_900));
    assert_eq!(run.plan.progress(), None);
}

#[test]
fn failures_pause_all_requests_until_the_connection_is_back() {
    let mut run = Run::live();
    let mut pauses = Vec::new();
    run.changed(Verdict::Differs(0), true, false);
    for _ in 0..8 {
        let (pause, number, _) = run.next();
        pauses.push(pause / 1_000);
        run.failed(number);
    }
    assert_eq!(pauses, [0, 2, 4, 8, 16, 32, 60, 60]);
    run.take(Event::Link(Link::Connecting, false))
        .take(Event::Link(Link::Live, false));
    assert_eq!(run.next().0, 0);
}

#[test]
fn a_request_that_can_never_succeed_is_given_up() {
    let mut run = Run::live();
    run.changed(Verdict::Differs(0), true, false);
    let mut requests = 0;
    while !run.plan.is_idle() {
        let (_, number, _) = run.next();
        requests += 1;
        run.take(Event::Failed {
            number,
            transient: false,
        });
    }
    assert_eq!(requests, 7);
}

/// The backend may respond a moment before its subscriptions are active.
#[test]
fn days_are_compared_once_after_a_reconnect() {
    let mut run = Run::live();
    run.take(Event::Link(Link::Down, false))
        .take(Event::Link(Link::Polling, false));
    assert_eq!(run.send(), None);
    run.wait(250).take(Event::Link(Link::Live, false));
    let (list, request) = run.send().unwrap();
    assert_eq!(request, newest());
    run.listed(list, vec![]);
    assert!(run.plan.is_idle());
}

#[test]
fn a_comparison_that_is_due_is_not_forgotten_when_an_earlier_one_ends() {
    let mut run = Run::live();
    run.take(Event::Link(Link::Polling, false));
    let (first, _) = run.next_list();
    run.take(Event::PollTick);
    let (shown, _) = run.send().unwrap();
    run.take(Event::Link(Link::Live, false));
    assert_eq!(run.send(), None, "two are in flight");
    run.listed(first, vec![]);
    assert_eq!(run.send().unwrap().1, newest());
    run.fetched(shown, vec![]);
}

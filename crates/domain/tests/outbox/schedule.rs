//! Which rows are sent when.

use std::time::Duration;

use caltrack_domain::outbox::{MAX_IN_FLIGHT, ReasonKind, Scheduler};
use proptest::prelude::*;

use crate::support::{activity, at, create, kcal, ledger, reason, save};

const NOW: Duration = Duration::from_secs(1_000);

#[test]
fn rows_of_one_entry_are_sent_in_order_and_those_of_others_at_once() {
    let mut ledger = ledger();
    for n in 0..20_u32 {
        let id = n.to_string();
        let row = save(&mut ledger, create(&id, 1)).unwrap();
        ledger.queue.begin(row, at(0));
        save(&mut ledger, kcal(&activity(&id, 1, 0), 2));
    }
    let mut scheduler = Scheduler::default();
    let rows = ledger.queue.rows().to_vec();
    let first = scheduler.next(NOW, &rows);
    assert_eq!(first.len(), MAX_IN_FLIGHT);
    for number in &first {
        assert_eq!(ledger.queue.row(*number).unwrap().command.word(), "create");
    }
    assert_eq!(scheduler.next(NOW, &rows), Vec::<u64>::new());
    assert_eq!(scheduler.due(&rows), None);
    scheduler.answered(first[0]);
    assert_eq!(scheduler.next(NOW, &rows).len(), 1);
}

#[test]
fn without_a_backend_one_row_after_another_is_tried_until_an_answer_arrives() {
    let mut ledger = ledger();
    for n in 0..20_u32 {
        save(&mut ledger, create(&n.to_string(), 1));
    }
    let rows = ledger.queue.rows().to_vec();
    let mut scheduler = Scheduler::default();
    for number in scheduler.next(NOW, &rows) {
        scheduler.failed(number, &reason(ReasonKind::Unreachable), NOW, 1.0);
    }
    assert_eq!(scheduler.next(NOW, &rows), Vec::<u64>::new());
    let due = scheduler.due(&rows).unwrap();
    assert_eq!(
        due,
        NOW + Duration::from_millis(500),
        "eight failures at once are one"
    );
    let probe = scheduler.next(due, &rows);
    assert_eq!(probe.len(), 1);
    scheduler.answered(probe[0]);
    assert_eq!(scheduler.next(due, &rows).len(), MAX_IN_FLIGHT);
}

#[test]
fn a_row_that_fails_by_itself_holds_up_no_other() {
    let mut ledger = ledger();
    let bad = save(&mut ledger, create("bad", 1)).unwrap();
    let good = save(&mut ledger, create("good", 1)).unwrap();
    let rows = ledger.queue.rows().to_vec();
    let mut scheduler = Scheduler::default();
    assert_eq!(scheduler.next(NOW, &rows), [bad, good]);
    scheduler.failed(bad, &reason(ReasonKind::Schema), NOW, 0.0);
    scheduler.failed(good, &reason(ReasonKind::Unreachable), NOW, 0.0);
    let due = scheduler.due(&rows).unwrap();
    assert_eq!(scheduler.next(due, &rows).len(), 1);
}

#[test]
fn a_session_that_has_ended_waits_for_a_request() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create("a", 1)).unwrap();
    let rows = ledger.queue.rows().to_vec();
    let mut scheduler = Scheduler::default();
    scheduler.next(NOW, &rows);
    scheduler.failed(row, &reason(ReasonKind::SignedOut), NOW, 1.0);
    assert_eq!(scheduler.due(&rows), None);
    assert_eq!(scheduler.next(NOW * 1_000, &rows), Vec::<u64>::new());
    scheduler.request();
    assert_eq!(scheduler.next(NOW, &rows), [row]);
}

#[test]
fn a_merged_command_is_sent_at_once_and_later_if_it_meets_a_conflict_again() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create("a", 1)).unwrap();
    let rows = ledger.queue.rows().to_vec();
    let mut scheduler = Scheduler::default();
    assert_eq!(scheduler.next(NOW, &rows), [row]);
    scheduler.conflicted(row, NOW, 1.0);
    assert_eq!(scheduler.next(NOW, &rows), [row]);
    scheduler.conflicted(row, NOW, 1.0);
    assert_eq!(scheduler.next(NOW, &rows), Vec::<u64>::new());
    assert!(scheduler.due(&rows).is_some());
}

proptest! {
    /// Delays double up to a minute, each is between half and all of its limit, and a request ends them.
    #[test]
    fn delays_stay_within_their_limits(jitters in proptest::collection::vec(0.0..=1.0_f64, 1..20), general: bool) {
        let mut ledger = ledger();
        let row = save(&mut ledger, create("a", 1)).unwrap();
        let rows = ledger.queue.rows().to_vec();
        let kind = if general { ReasonKind::Busy } else { ReasonKind::Failed };
        let mut scheduler = Scheduler::default();
        let (mut now, mut limit) = (NOW, Duration::from_millis(500));
        for jitter in jitters {
            prop_assert_eq!(scheduler.next(now, &rows), vec![row]);
            scheduler.failed(row, &reason(kind), now, jitter);
            let due = scheduler.due(&rows).unwrap();
            prop_assert!(now + limit / 2 <= due && due <= now + limit, "{:?} at {:?} of {:?}", due, now, limit);
            let before = due.saturating_sub(Duration::from_nanos(1));
            prop_assert!(scheduler.next(before, &rows).is_empty());
            now = due;
            limit = (limit * 2).min(Duration::from_mins(1));
        }
        scheduler.next(now, &rows);
        scheduler.failed(row, &reason(kind), now, 1.0);
        scheduler.request();
        prop_assert_eq!(scheduler.next(now, &rows), vec![row]);
    }
}

//! What each kind of answer does to its row and to those behind it.

use caltrack_domain::{
    Activity, LogCommand, NewActivity,
    outbox::{
        Answer, Collision, Command, Ledger, Members, Outcome, ProfileChange, ReasonKind, Rejection,
        RejectionKind, RowState, Stored,
    },
};
use serde_json::json;

use crate::support::{activity, at, create, delete, kcal, ledger, note, reason, save, stored};

fn rejected(kind: RejectionKind) -> Answer {
    Answer::Rejected(Rejection {
        kind,
        text: "no".to_owned(),
    })
}

fn sent(ledger: &mut Ledger, row: u64) -> Command {
    ledger.queue.begin(row, at(1)).unwrap()
}

fn outcome(ledger: &mut Ledger, row: u64, answer: Answer) -> Outcome {
    let settlement = ledger.answer(row, answer);
    let found = settlement.outcomes.into_iter().find(|(number, _)| *number == row);
    found.unwrap().1
}

#[test]
fn what_is_in_flight_is_not_folded_and_an_edit_behind_it_follows_its_revision() {
    let mut ledger = ledger();
    let first = save(&mut ledger, create("a", 100)).unwrap();
    sent(&mut ledger, first);
    let second = save(&mut ledger, kcal(&activity("a", 100, 0), 200)).unwrap();
    assert_ne!(first, second);
    ledger.answer(first, stored(activity("a", 100, 1)));
    let Command::Log(LogCommand::Update { before, .. }) = sent(&mut ledger, second) else {
        panic!("an edit")
    };
    assert_eq!(before.rev, 1);
}

#[test]
fn a_request_that_never_arrived_can_be_folded_again_and_one_that_may_have_can_not() {
    for (may_be_done, is_folded) in [(false, true), (true, false)] {
        let mut ledger = ledger();
        let first = save(&mut ledger, create("a", 100)).unwrap();
        sent(&mut ledger, first);
        let reason = reason(ReasonKind::Unreachable);
        ledger.answer(first, Answer::Waiting { reason, may_be_done });
        let second = save(&mut ledger, kcal(&activity("a", 100, 0), 200)).unwrap();
        assert_eq!(second == first, is_folded);
    }
}

#[test]
fn an_attempt_whose_program_ended_counts_as_one_that_may_have_arrived() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create("a", 100)).unwrap();
    sent(&mut ledger, row);
    sent(&mut ledger, row);
    let reason = reason(ReasonKind::Unreachable);
    ledger.answer(
        row,
        Answer::Waiting {
            reason,
            may_be_done: false,
        },
    );
    let state = &ledger.queue.row(row).unwrap().state;
    assert!(matches!(state, RowState::Sent { unanswered: true, .. }));
}

#[test]
fn a_lost_answer_is_no_conflict() {
    let mut ledger = ledger();
    let row = save(&mut ledger, kcal(&activity("a", 100, 1), 200)).unwrap();
    sent(&mut ledger, row);
    let settlement = ledger.answer(row, Answer::Conflict(Some(activity("a", 200, 2))));
    assert_eq!(settlement.collisions, []);
    assert!(matches!(
        &settlement.outcomes[..],
        [(_, Outcome::Acknowledged(_))]
    ));
    assert_eq!(ledger.queue.rows(), []);
}

#[test]
fn members_that_others_left_alone_are_merged_and_sent_again() {
    let mut ledger = ledger();
    let row = save(&mut ledger, kcal(&activity("a", 100, 1), 200)).unwrap();
    sent(&mut ledger, row);
    let mut theirs = activity("a", 100, 2);
    theirs.entry.note = Some("theirs".to_owned());
    let settlement = ledger.answer(row, Answer::Conflict(Some(theirs.clone())));
    assert_eq!((settlement.outcomes.len(), settlement.collisions.len()), (0, 0));
    assert_eq!(sent(&mut ledger, row), kcal(&theirs, 200));
}

#[test]
fn what_collides_keeps_the_stored_value_and_undo_sets_mine_after_all() {
    let mut ledger = ledger();
    let row = save(&mut ledger, kcal(&activity("a", 100, 1), 200)).unwrap();
    sent(&mut ledger, row);
    let theirs = activity("a", 300, 2);
    let settlement = ledger.answer(row, Answer::Conflict(Some(theirs.clone())));
    assert!(matches!(&settlement.outcomes[..], [(_, Outcome::Collided(_))]));
    assert!(matches!(&settlement.collisions[..], [Collision::Edit { mine, .. }] if mine.kcal == Some(200)));
    let known = |_: &str| caltrack_domain::outbox::Known::Stored(theirs.clone());
    ledger.undo(known, String::new, at(2));
    assert_eq!(ledger.queue.rows()[0].command, kcal(&theirs, 200));
}

#[test]
fn a_deletion_of_an_entry_that_was_edited_elsewhere_leaves_it() {
    let mut ledger = ledger();
    let row = save(&mut ledger, delete(&activity("a", 100, 1))).unwrap();
    sent(&mut ledger, row);
    // A newer revision of the same values is no reason to keep it.
    assert_eq!(
        ledger
            .answer(row, Answer::Conflict(Some(activity("a", 100, 2))))
            .outcomes,
        []
    );
    assert_eq!(sent(&mut ledger, row), delete(&activity("a", 100, 2)));
    let settlement = ledger.answer(row, Answer::Conflict(Some(activity("a", 999, 3))));
    assert!(matches!(&settlement.collisions[..], [Collision::Deletion(stored)] if stored.entry.kcal == 999));
    assert_eq!(ledger.queue.rows(), []);
}

#[test]
fn a_deletion_of_what_is_gone_is_done() {
    for answer in [
        rejected(RejectionKind::NotFound),
        rejected(RejectionKind::Deleted),
        Answer::Conflict(None),
    ] {
        let mut ledger = ledger();
        let row = save(&mut ledger, delete(&activity("a", 100, 1))).unwrap();
        sent(&mut ledger, row);
        assert!(matches!(
            outcome(&mut ledger, row, answer),
            Outcome::Acknowledged(_)
        ));
    }
}

#[test]
fn a_rejected_row_stays_with_its_reason_until_its_owner_edits_sends_or_drops_it() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create("a", 13)).unwrap();
    sent(&mut ledger, row);
    let answer = rejected(RejectionKind::BadRequest);
    assert!(matches!(
        outcome(&mut ledger, row, answer.clone()),
        Outcome::Rejected(_)
    ));
    assert_eq!(ledger.queue.begin(row, at(2)), None);
    assert_eq!(
        ledger.history.steps().count(),
        0,
        "nothing happened that could be undone"
    );
    // Edited, it is sent again, and becomes a step once it is acknowledged.
    assert_eq!(save(&mut ledger, kcal(&activity("a", 13, 0), 14)), Some(row));
    assert_eq!(sent(&mut ledger, row), create("a", 14));
    ledger.answer(row, answer);
    assert!(ledger.retry(row, at(3)) && !ledger.retry(row, at(3)));
    sent(&mut ledger, row);
    assert!(!ledger.drop_row(row), "it may be done");
    ledger.answer(row, stored(activity("a", 14, 1)));
    assert!(ledger.queue.rows().is_empty() && ledger.history.steps().count() > 0);
}

#[test]
fn changes_behind_a_rejected_create_become_part_of_it() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create("a", 13)).unwrap();
    sent(&mut ledger, row);
    save(&mut ledger, note(&activity("a", 13, 0), "x"));
    ledger.answer(row, rejected(RejectionKind::BadRequest));
    assert_eq!(ledger.queue.rows().len(), 1);
    assert!(matches!(
        &ledger.queue.rows()[0].command,
        Command::Log(LogCommand::Create(new)) if new.entry.note.as_deref() == Some("x")
    ));

    let mut ledger = crate::support::ledger();
    let row = save(&mut ledger, create("a", 13)).unwrap();
    sent(&mut ledger, row);
    save(&mut ledger, delete(&activity("a", 13, 0)));
    ledger.answer(row, rejected(RejectionKind::BadRequest));
    assert_eq!(ledger.queue.rows(), []);
}

#[test]
fn an_edit_behind_a_rejected_one_is_based_on_what_the_backend_has() {
    let mut ledger = ledger();
    let base = activity("a", 100, 1);
    let row = save(&mut ledger, kcal(&base, 13)).unwrap();
    sent(&mut ledger, row);
    let seen = Activity {
        entry: crate::support::entry(13),
        ..base.clone()
    };
    let next = save(&mut ledger, kcal(&seen, 200)).unwrap();
    ledger.answer(row, rejected(RejectionKind::BadRequest));
    assert_eq!(sent(&mut ledger, next), kcal(&base, 200));
}

#[test]
fn a_create_that_was_not_answered_for_25_days_asks_its_owner() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create("a", 100)).unwrap();
    let unsent = save(&mut ledger, create("b", 100)).unwrap();
    sent(&mut ledger, row);
    let day = 24 * 3_600;
    assert_eq!(ledger.expire(at(25 * day)), []);
    let expired = ledger.expire(at(25 * day + 1));
    assert!(matches!(&expired[..], [(number, Outcome::Rejected(_))] if *number == row));
    assert!(ledger.queue.row(unsent).unwrap().is_pending());
    assert!(ledger.retry(row, at(25 * day + 2)));
    assert_eq!(ledger.expire(at(25 * day + 3)), []);
}

#[test]
fn members_of_the_profile_that_collide_keep_the_stored_value() {
    let members = |pairs: &[(&str, serde_json::Value)]| -> Members {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    };
    let change = ProfileChange {
        before: members(&[("target", json!(2000)), ("timeZone", json!(null))]),
        patch: members(&[("target", json!(1800)), ("timeZone", json!("UTC"))]),
    };
    let merge = change.merged(&members(&[("target", json!(2200))]));
    assert_eq!(merge.kept, members(&[("timeZone", json!("UTC"))]));
    assert_eq!(merge.lost, members(&[("target", json!(1800))]));

    let mut ledger = ledger();
    let row = save(&mut ledger, Command::Profile(change)).unwrap();
    sent(&mut ledger, row);
    let answer = Answer::Acknowledged(Stored::Profile {
        members: members(&[("target", json!(2200)), ("timeZone", json!("UTC"))]),
        lost: merge.lost,
    });
    let settlement = ledger.answer(row, answer);
    assert!(matches!(&settlement.collisions[..], [Collision::Profile { .. }]));
}

fn create_or(id: &str, other: &str) -> Command {
    let Command::Log(LogCommand::Create(new)) = create(id, 100) else {
        panic!("a create")
    };
    Command::Log(LogCommand::Create(NewActivity {
        other_id: Some(other.to_owned()),
        ..new
    }))
}

#[test]
fn a_new_entry_whose_id_is_taken_is_sent_again_at_once_under_its_other_id() {
    for answer in [rejected(RejectionKind::IdTaken), Answer::Conflict(None)] {
        let mut ledger = ledger();
        let row = save(&mut ledger, create_or("a", "b")).unwrap();
        sent(&mut ledger, row);
        let edit = save(&mut ledger, kcal(&activity("a", 100, 0), 200)).unwrap();
        assert_eq!(ledger.answer(row, answer).outcomes, []);
        assert_eq!(sent(&mut ledger, row), create("b", 100));
        let done = outcome(&mut ledger, row, stored(activity("b", 100, 1)));
        assert!(matches!(done, Outcome::Acknowledged(_)));
        // What was changed meanwhile is changed in the same entry, and both steps can be undone.
        assert_eq!(sent(&mut ledger, edit), kcal(&activity("b", 100, 1), 200));
        ledger.answer(edit, stored(activity("b", 200, 2)));
        let changed = ledger.history.steps().flat_map(|step| &step.changes);
        let ids: Vec<_> = changed.map(|change| change.change.id().unwrap()).collect();
        assert_eq!(ids, ["b", "b"]);
    }
}

#[test]
fn another_id_is_used_once_and_only_if_the_own_is_taken() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create_or("a", "b")).unwrap();
    sent(&mut ledger, row);
    ledger.answer(row, rejected(RejectionKind::IdTaken));
    sent(&mut ledger, row);
    let taken = outcome(&mut ledger, row, rejected(RejectionKind::IdTaken));
    assert!(matches!(taken, Outcome::Rejected(_)));
    let row = save(&mut ledger, create_or("c", "d")).unwrap();
    sent(&mut ledger, row);
    let deleted = outcome(&mut ledger, row, rejected(RejectionKind::Deleted));
    assert!(matches!(deleted, Outcome::Rejected(_)));
}

#[test]
fn a_rejected_entry_that_is_logged_again_is_sent_again_in_its_row() {
    for again in [create("a", 100), create_or("a", "b")] {
        let mut ledger = ledger();
        let row = save(&mut ledger, create("a", 100)).unwrap();
        sent(&mut ledger, row);
        ledger.answer(row, rejected(RejectionKind::IdTaken));
        assert_eq!(save(&mut ledger, again.clone()), Some(row));
        assert_eq!(sent(&mut ledger, row), again);
        ledger.answer(row, stored(activity("a", 100, 1)));
        assert_eq!(ledger.history.steps().count(), 1);
    }
}

//! Transactions that load a part of the history only.

use caltrack_domain::outbox::{MAX_CHANGES, MAX_STEPS, Rejection, RejectionKind, Step};

use super::*;

fn steps(outbox: &Outbox, owner: &OutboxOwner) -> Vec<Step> {
    outbox.history(owner).steps().cloned().collect()
}

fn answered(outbox: &mut Outbox, owner: &OutboxOwner, row: u64, answer: Answer) {
    outbox.begin(owner, &[row], now()).unwrap();
    outbox.answer(owner, row, answer).unwrap();
}

fn rejection() -> Answer {
    Answer::Rejected(Rejection {
        kind: RejectionKind::BadRequest,
        text: "no".to_owned(),
    })
}

fn ids_of(step: &Step) -> Vec<&str> {
    step.changes
        .iter()
        .filter_map(|tracked| tracked.change.id())
        .collect()
}

#[test]
fn an_answer_changes_what_is_about_its_entry_and_leaves_the_rest_of_the_step() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    let saved = outbox
        .save(&me, "four", ["a", "b", "c", "d"].map(create).to_vec(), now())
        .unwrap();
    let rows: Vec<u64> = saved.rows().collect();
    answered(&mut outbox, &me, rows[1], rejection());
    assert_eq!(ids_of(&steps(&outbox, &me)[0]), ["a", "c", "d"]);
    answered(
        &mut outbox,
        &me,
        rows[2],
        Answer::Acknowledged(Stored::Entry(activity("c", 7))),
    );
    answered(&mut outbox, &me, rows[0], rejection());
    let left = steps(&outbox, &me);
    assert_eq!(ids_of(&left[0]), ["c", "d"]);
    assert_eq!(left[0].changes[0].row, None);
    assert_eq!(left[0].changes[1].row, Some(rows[3]));
    // What is loaded whole is written back to its places.
    let known = |id: &str| match id {
        "c" => Known::Stored(activity("c", 7)),
        _ => Known::Unknown,
    };
    let undone = outbox.undo(&me, known, || "new".to_owned(), now());
    assert!(matches!(undone, Ok(Undo::Done { .. })), "{undone:?}");
    assert_eq!(ids_of(&steps(&outbox, &me)[0]), ["c", "d"]);
    assert_eq!(
        outbox.list(&me).queue().pending_entries().count(),
        1,
        "`d` was never sent"
    );
    // The only change of a step that is rejected takes the step with it.
    let last = save(&mut outbox, &me, "e");
    assert_eq!(
        steps(&outbox, &me).len(),
        1,
        "what was undone can't be redone any more"
    );
    answered(&mut outbox, &me, last, rejection());
    assert_eq!(steps(&outbox, &me), []);
}

#[test]
fn the_oldest_steps_are_forgotten_by_their_number_and_their_changes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    for n in 0..MAX_STEPS + 3 {
        save(&mut outbox, &me, &format!("{n:03}"));
    }
    let kept = steps(&outbox, &me);
    assert_eq!(kept.len(), MAX_STEPS);
    assert_eq!(ids_of(&kept[0]), ["003"]);
    let many = (0..MAX_CHANGES - 2)
        .map(|n| create(&format!("many{n}")))
        .collect();
    outbox.save(&me, "many", many, now()).unwrap();
    let kept = steps(&outbox, &me);
    assert_eq!(kept.len(), 3);
    let more = (0..=MAX_CHANGES).map(|n| create(&format!("more{n}"))).collect();
    outbox.save(&me, "more", more, now()).unwrap();
    assert_eq!(
        steps(&outbox, &me).len(),
        1,
        "the newest step stays whatever its size"
    );
}

#[test]
fn a_change_that_replaces_a_rejected_one_is_saved_with_its_removal_in_one_transaction() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    save(&mut outbox, &me, "before");
    let rejected = save(&mut outbox, &me, "a");
    answered(&mut outbox, &me, rejected, rejection());
    let saved = outbox
        .replace(&me, Some(rejected), "b", vec![create("b")], now())
        .unwrap();
    assert_eq!(saved.rows().count(), 1);
    assert_eq!(ids(&outbox, &me), ["before", "b"]);
    let names: Vec<String> = steps(&outbox, &me).into_iter().map(|step| step.name).collect();
    assert_eq!(names, ["before", "b"]);
}

//! Undo and redo.

use std::collections::BTreeMap;

use caltrack_domain::{
    Activity, EnergyUnit,
    outbox::{Ledger, Step, Undo, import_name},
};

use crate::{
    server::Server,
    support::{activity, at, create, delete, kcal, ledger, note, save, stored},
};

/// Sends all that is queued to a server and returns the entries that the replica would have.
fn deliver(ledger: &mut Ledger, server: &mut Server) -> BTreeMap<String, Option<Activity>> {
    while let Some(row) = ledger
        .queue
        .rows()
        .iter()
        .find(|row| row.is_pending())
        .map(|row| row.number)
    {
        let command = ledger.queue.begin(row, at(1)).unwrap();
        ledger.answer(row, server.run(&command));
    }
    let entries = server.entries.iter();
    entries
        .map(|(id, (activity, deleted))| (id.clone(), (!deleted).then(|| activity.clone())))
        .collect()
}

fn undo(ledger: &mut Ledger, replica: &BTreeMap<String, Option<Activity>>, new: &str) -> Undo {
    ledger.undo(
        |id| crate::device::Device::known(replica, id),
        || new.to_owned(),
        at(2),
    )
}

fn redo(ledger: &mut Ledger, replica: &BTreeMap<String, Option<Activity>>, new: &str) -> Undo {
    ledger.redo(
        |id| crate::device::Device::known(replica, id),
        || new.to_owned(),
        at(2),
    )
}

#[test]
fn undo_takes_back_every_step_in_turn_and_redo_makes_them_again_under_new_ids() {
    let (mut ledger, mut server) = (ledger(), Server::default());
    save(&mut ledger, create("a", 100));
    deliver(&mut ledger, &mut server);
    let seen = server.entries["a"].0.clone();
    save(&mut ledger, kcal(&seen, 200));
    deliver(&mut ledger, &mut server);
    let seen = server.entries["a"].0.clone();
    save(&mut ledger, delete(&seen));
    let mut replica = deliver(&mut ledger, &mut server);
    let kcals = |server: &Server| server.live().values().map(|entry| entry.kcal).collect::<Vec<_>>();

    for (new, expected) in [("b", vec![200]), ("-", vec![100]), ("-", vec![])] {
        assert!(matches!(undo(&mut ledger, &replica, new), Undo::Done { .. }));
        replica = deliver(&mut ledger, &mut server);
        assert_eq!(kcals(&server), expected);
    }
    assert_eq!(undo(&mut ledger, &replica, "-"), Undo::Nothing);
    for (new, expected) in [("c", vec![100]), ("-", vec![200]), ("-", vec![])] {
        assert!(matches!(redo(&mut ledger, &replica, new), Undo::Done { .. }));
        replica = deliver(&mut ledger, &mut server);
        assert_eq!(kcals(&server), expected);
    }
    assert_eq!(redo(&mut ledger, &replica, "-"), Undo::Nothing);
    assert_eq!(ledger.history.resolve("a"), "c");
}

#[test]
fn a_new_step_ends_redo() {
    let mut ledger = ledger();
    let replica = BTreeMap::new();
    save(&mut ledger, create("a", 100));
    undo(&mut ledger, &replica, "-");
    save(&mut ledger, create("b", 100));
    assert_eq!(redo(&mut ledger, &replica, "-"), Undo::Nothing);
}

#[test]
fn undo_of_what_was_not_sent_leaves_nothing_to_send() {
    let mut ledger = ledger();
    let replica = BTreeMap::new();
    save(&mut ledger, create("a", 100));
    save(&mut ledger, kcal(&activity("a", 100, 0), 200));
    undo(&mut ledger, &replica, "-");
    assert_eq!(ledger.queue.rows()[0].command, create("a", 100));
    undo(&mut ledger, &replica, "-");
    assert_eq!(ledger.queue.rows(), []);
}

#[test]
fn undo_of_a_deletion_that_was_not_sent_keeps_the_entry_and_what_was_edited_before() {
    let (mut ledger, mut server) = (ledger(), Server::default());
    save(&mut ledger, create("a", 100));
    let replica = deliver(&mut ledger, &mut server);
    let seen = server.entries["a"].0.clone();
    save(&mut ledger, kcal(&seen, 200));
    let edited = ledger.queue.projected("a", "u", Some(&seen)).unwrap();
    save(&mut ledger, delete(&edited));
    assert!(matches!(undo(&mut ledger, &replica, "b"), Undo::Done { .. }));
    assert_eq!(ledger.history.resolve("a"), "a");
    assert_eq!(
        ledger.queue.projected("a", "u", Some(&seen)),
        Some(edited.clone())
    );
    assert_eq!(ledger.queue.rows().len(), 1);
    assert!(matches!(redo(&mut ledger, &replica, "b"), Undo::Done { .. }));
    assert_eq!(ledger.queue.projected("a", "u", Some(&seen)), None);
    undo(&mut ledger, &replica, "b");
    undo(&mut ledger, &replica, "b");
    assert_eq!(ledger.queue.rows(), []);
    assert_eq!(ledger.queue.projected("a", "u", Some(&seen)), Some(seen));
}

#[test]
fn undo_while_a_save_is_under_way_follows_it() {
    let mut ledger = ledger();
    let row = save(&mut ledger, create("a", 100)).unwrap();
    ledger.queue.begin(row, at(1));
    assert!(matches!(
        undo(&mut ledger, &BTreeMap::new(), "-"),
        Undo::Done { .. }
    ));
    ledger.answer(row, stored(activity("a", 100, 1)));
    assert_eq!(ledger.queue.rows()[0].command, delete(&activity("a", 100, 1)));
}

/// faults-logger.md F5 and F6: a step that can't be undone is named with the reason, and the next undo takes the one before.
#[test]
fn a_step_that_can_not_be_undone_any_more_is_skipped_with_the_reason() {
    for gone in [false, true] {
        let (mut ledger, mut server) = (ledger(), Server::default());
        save(&mut ledger, create("a", 100));
        save(&mut ledger, create("b", 400));
        deliver(&mut ledger, &mut server);
        let seen = server.entries["b"].0.clone();
        save(&mut ledger, kcal(&seen, 500));
        let mut replica = deliver(&mut ledger, &mut server);
        // Elsewhere, it is edited or deleted.
        let elsewhere = (!gone).then(|| activity("b", 999, 3));
        replica.insert("b".to_owned(), elsewhere);
        for word in ["500 kcal", "400 kcal"] {
            let Undo::Refused { obstacles, .. } = undo(&mut ledger, &replica, "-") else {
                panic!("it was changed elsewhere")
            };
            let [obstacle] = obstacles.as_slice() else {
                panic!("{obstacles:?}")
            };
            let reason = obstacle.text(EnergyUnit::Kcal);
            assert!(reason.contains(word) && reason.contains("since"), "{reason}");
        }
        let Undo::Done { step, .. } = undo(&mut ledger, &replica, "-") else {
            panic!("the first step can be undone")
        };
        assert!(step.undone);
        assert_eq!(
            ledger.queue.rows().last().unwrap().command,
            delete(&activity("a", 100, 1))
        );
    }
}

#[test]
fn an_edit_is_undone_beside_members_that_were_edited_elsewhere() {
    let (mut ledger, mut server) = (ledger(), Server::default());
    save(&mut ledger, create("a", 100));
    deliver(&mut ledger, &mut server);
    let seen = server.entries["a"].0.clone();
    save(&mut ledger, kcal(&seen, 200));
    deliver(&mut ledger, &mut server);
    let now = server.entries["a"].0.clone();
    server.run(&note(&now, "theirs"));
    let replica = BTreeMap::from([("a".to_owned(), Some(server.entries["a"].0.clone()))]);
    assert!(matches!(undo(&mut ledger, &replica, "-"), Undo::Done { .. }));
    deliver(&mut ledger, &mut server);
    let entry = &server.entries["a"].0.entry;
    assert_eq!((entry.kcal, entry.note.as_deref()), (100, Some("theirs")));
}

#[test]
fn a_step_of_several_changes_is_undone_as_a_whole_without_those_that_can_not_be() {
    let mut ledger = ledger();
    ledger.save(
        "a meal",
        vec![create("a", 1), create("b", 2), create("c", 3)],
        at(0),
    );
    let mut server = Server::default();
    let mut replica = deliver(&mut ledger, &mut server);
    replica.insert("b".to_owned(), None);
    let Undo::Done { step, saved, skipped } = undo(&mut ledger, &replica, "-") else {
        panic!("two of three can be undone")
    };
    assert_eq!((step.name.as_str(), saved.len(), skipped.len()), ("a meal", 2, 1));
    deliver(&mut ledger, &mut server);
    assert_eq!(server.live().keys().collect::<Vec<_>>(), ["b"]);
}

#[test]
fn no_more_steps_than_200_are_remembered() {
    let mut ledger = ledger();
    for n in 0..205_u32 {
        save(&mut ledger, create(&n.to_string(), 1));
    }
    assert_eq!(ledger.history.steps().count(), 200);
    assert!(matches!(
        undo(&mut ledger, &BTreeMap::new(), "-"),
        Undo::Done { step, .. } if step.changes.len() == 1
    ));
}

#[test]
fn the_parts_of_an_import_are_remembered_together_after_a_later_change() {
    let mut ledger = ledger();
    let name = import_name("a.csv", "1234");
    for part in 0..4 {
        let part = (0..400).map(|n| create(&format!("{part}-{n}"), 650));
        ledger.save(&name, part.collect(), at(0));
    }
    let steps: Vec<&Step> = ledger.history.steps().collect();
    assert_eq!(steps.len(), 4);
    assert!(steps.windows(2).all(|pair| pair[0].continues(pair[1])));
    ledger.save("Lunch", vec![create("x", 1)], at(9));
    let names: Vec<&str> = ledger.history.steps().map(|step| step.name.as_str()).collect();
    assert_eq!(names, [name.as_str(), &name, &name, &name, "Lunch"]);
}

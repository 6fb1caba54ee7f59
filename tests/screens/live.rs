//! What arrives by subscription: totals, and entries of other programs.

use crate::{
    entries::{SUB, entry, totals},
    world::World,
};

#[test]
fn older_totals_never_replace_newer_ones() {
    let mut world = World::with(&[], &totals(650, 0, 5));
    world.live_totals(100, 4).requests_nothing();
    assert_eq!(world.total("consumed"), "650");
    world.live_totals(100, 5).requests_nothing();
    assert_eq!(world.total("consumed"), "650");
    world.live_totals(100, 6);
    assert_eq!(world.total("consumed"), "100");
    // A query that was sent before.
    world.command("refresh").answer_day(&[], &totals(650, 0, 5));
    assert_eq!(world.total("consumed"), "100");
}

/// The tables were restored from a backup.
#[test]
fn a_querys_answer_replaces_totals_of_a_higher_version() {
    let entries = [entry("1", "Lunch", 300), entry("2", "Dinner", 400)];
    let mut world = World::with(&entries, &totals(700, 0, 7));
    world
        .live_totals(700, 8)
        .clock("2026-11-23T12:40:00")
        .connecting()
        .live()
        .command("refresh")
        .answer_day(&entries[..1], &totals(300, 0, 3));
    assert_eq!(world.total("consumed"), "300");
    assert_eq!(world.rows(), ["> 08:10 Lunch 300"]);
    world.live_totals(310, 4);
    assert_eq!(world.total("consumed"), "310");
}

#[test]
fn an_entry_and_its_total_need_no_load() {
    let mut world = World::today();
    let lunch = entry("1", "Lunch", 651);
    world.created_elsewhere(&lunch).requests_nothing();
    world.live_totals(651, 1).requests_nothing();
    assert_eq!(world.total("consumed"), "651");
    assert_eq!(world.rows(), ["> 08:10 Lunch 651"]);
}

#[test]
fn a_strangers_totals_and_entries_never_show() {
    let mut world = World::today();
    world
        .publish("sub-mallory", &totals(666, 0, 9))
        .requests_nothing();
    let foreign = entry("1", "Lunch", 666).owned_by("sub-mallory");
    world.created_elsewhere(&foreign).requests_nothing();
    world.updated_elsewhere(&foreign).hides("666");
    assert_eq!(world.total("consumed"), "0");
    assert_eq!(world.rows(), [""; 0]);
}

#[test]
fn another_programs_entries_come_and_go_without_a_key() {
    let mut world = World::today();
    let (first, second) = (entry("1", "Lunch", 651), entry("1", "Lunch", 652).rev(2));
    world.created_elsewhere(&first);
    assert_eq!(world.rows(), ["> 08:10 Lunch 651"]);
    world.updated_elsewhere(&second);
    assert_eq!(world.rows(), ["> 08:10 Lunch 652"]);
    world.created_elsewhere(&first);
    assert_eq!(world.rows(), ["> 08:10 Lunch 652"]);
    world.deleted_elsewhere(&second);
    assert_eq!(world.rows(), [""; 0]);
    world.updated_elsewhere(&second);
    assert_eq!(world.rows(), [""; 0]);
}

#[test]
fn entries_that_arrive_one_by_one_are_ordered_as_in_a_list() {
    let mut world = World::today();
    let lunch = |id: &str, kcal, time: &str| entry(id, "Lunch", kcal).at(time);
    let entries = [
        lunch("m", 1, "08:00"),
        lunch("c", 2, "05:00"),
        lunch("z", 3, "09:00"),
        lunch("a", 4, "05:00"),
        lunch("c", 2, "05:00"),
    ];
    for entry in &entries {
        world.created_elsewhere(entry);
        // The selection stays on the entry that it was on.
        assert_eq!(world.selected(), "08:00 Lunch 1");
    }
    world.deleted_elsewhere(&entries[0]);
    world.created_elsewhere(&entries[0]);
    let rows: Vec<String> = world.rows().iter().map(|row| row.replace("> ", "")).collect();
    assert_eq!(rows, ["05:00 Lunch 4", "05:00 Lunch 2", "09:00 Lunch 3"]);
    assert_eq!(entries[0].owner, SUB);
}

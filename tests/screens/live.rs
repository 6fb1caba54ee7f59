//! What arrives by subscription: totals, and entries of other programs.

use crate::{
    entries::{SUB, entry, today, totals},
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
    world.end_pause().answer_day(&[], &totals(650, 0, 5));
    assert_eq!(world.total("consumed"), "100");
}

#[test]
fn a_burst_of_totals_loads_the_day_once_and_again_if_the_list_is_older() {
    let mut world = World::today();
    world.live_totals(1, 1).end_pause();
    let load = world.loading();
    world.live_totals(2, 2).requests_nothing();
    world.day_loaded(load, &[], &totals(1, 0, 1)).end_pause();
    // The list is from before version 2.
    assert_eq!(world.loading().date, today());
    world.answer_day(&[], &totals(1, 0, 1));
    // Once is enough: the backend itself is behind.
    world.requests_nothing();
}

#[test]
fn a_total_that_the_list_adds_up_to_is_cached_without_a_load() {
    let mut world = World::today();
    let lunch = entry("1", "Lunch", 651);
    world.created_elsewhere(&lunch).live_totals(651, 1);
    assert_eq!(world.total("consumed"), "651");
    assert_eq!(world.caching(), (vec![lunch], totals(651, 0, 1)));
}

#[test]
fn an_entry_that_arrives_after_its_total_spares_the_load() {
    let mut world = World::today();
    let pause = world.live_totals(651, 1).pausing();
    // One pause at a time.
    world.live_totals(652, 2).requests_nothing();
    let entries = [entry("1", "Lunch", 651), entry("2", "Lunch", 1)];
    for entry in &entries {
        world.created_elsewhere(entry);
    }
    world.pause_over(pause);
    assert_eq!(world.caching(), (entries.to_vec(), totals(652, 0, 2)));
}

#[test]
fn a_strangers_totals_and_entries_never_show() {
    let mut world = World::today();
    world.publish("sub-mallory", totals(666, 0, 9)).requests_nothing();
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
    assert_eq!(world.rows(), ["> 08:10 Lunch Food 651"]);
    world.updated_elsewhere(&second);
    assert_eq!(world.rows(), ["> 08:10 Lunch Food 652"]);
    world.created_elsewhere(&first);
    assert_eq!(world.rows(), ["> 08:10 Lunch Food 652"]);
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
        assert_eq!(world.selected(), "08:00 Lunch Food 1");
    }
    world.deleted_elsewhere(&entries[0]);
    world.created_elsewhere(&entries[0]);
    let rows: Vec<String> = world.rows().iter().map(|row| row.replace("> ", "")).collect();
    assert_eq!(
        rows,
        ["05:00 Lunch Food 4", "05:00 Lunch Food 2", "09:00 Lunch Food 3"]
    );
    assert_eq!(entries[0].owner, SUB);
}

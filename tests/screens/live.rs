//! What comes by subscription: totals, and entries of other programs.

use caltrack_tui::app::{ChangeKind, Day, Effect, Message};

use crate::world::{World, activity, today, totals};

pub(crate) fn live(consumed: i64, version: u64) -> Message {
    Message::LiveTotals {
        sub: "sub-alice".into(),
        totals: totals(consumed, 0, version),
    }
}

#[test]
fn older_totals_never_replace_newer_ones() {
    let mut world = World::with(&[], &totals(650, 0, 5));
    world.send(live(100, 4)).shows("consumed 650");
    assert_eq!(world.effects, []);
    world.send(live(100, 5)).shows("consumed 650");
    world.send(live(100, 6)).shows("consumed 100");
    world
        .wait()
        .day(Vec::new(), totals(650, 0, 5))
        .shows("consumed 100");
}

#[test]
fn a_burst_of_totals_asks_for_the_day_once_and_again_where_the_list_is_older() {
    let mut world = World::today();
    world.send(live(1, 1)).wait();
    let load = world.load().unwrap();
    world.send(live(2, 2));
    assert_eq!(world.effects, []);
    let (request, date) = load;
    let day = Day {
        activities: Vec::new(),
        totals: totals(1, 0, 1),
        notice: None,
    };
    world.send(Message::DayLoaded {
        request,
        date,
        result: Ok(day),
    });
    world.wait();
    assert!(world.load().is_some(), "the list is from before version 2");
    world.day(Vec::new(), totals(1, 0, 1));
    assert_eq!(world.effects, [], "asked once: the backend itself is behind");
}

#[test]
fn a_total_that_the_list_adds_up_to_is_kept_and_nothing_is_asked() {
    let mut world = World::today();
    let entry = activity("1", "Lunch", 651);
    world.send(Message::LiveActivity(ChangeKind::Created, entry.clone()));
    world.send(live(651, 1)).shows("consumed 651");
    let kept = Day {
        activities: vec![entry],
        totals: totals(651, 0, 1),
        notice: None,
    };
    assert_eq!(world.only(), Effect::RememberDay(kept));
}

#[test]
fn an_entry_that_comes_after_its_total_spares_the_load() {
    let mut world = World::today();
    world.send(live(651, 1));
    let pause = world.only();
    assert!(matches!(pause, Effect::Pause { .. }), "{pause:?}");
    world.send(live(652, 2));
    assert_eq!(world.effects, [], "one pause at a time");
    for (id, kcal) in [("1", 651), ("2", 1)] {
        let entry = activity(id, "Lunch", kcal);
        world.send(Message::LiveActivity(ChangeKind::Created, entry));
    }
    world.effects = vec![pause];
    world.wait();
    assert!(matches!(world.only(), Effect::RememberDay(_)));
}

#[test]
fn a_strangers_totals_and_entries_never_show() {
    let mut world = World::today();
    world.send(Message::LiveTotals {
        sub: "sub-mallory".into(),
        totals: totals(666, 0, 9),
    });
    let mut foreign = activity("1", "Lunch", 666);
    foreign.owner = "sub-mallory".into();
    world
        .send(Message::LiveActivity(ChangeKind::Created, foreign))
        .hides("666");
}

#[test]
fn another_programs_entries_come_and_go_without_a_key() {
    let mut world = World::today();
    let mut entry = activity("1", "Lunch", 651);
    world
        .send(Message::LiveActivity(ChangeKind::Created, entry.clone()))
        .shows("651");
    entry.rev = 2;
    entry.entry.kcal = 652;
    world
        .send(Message::LiveActivity(ChangeKind::Updated, entry.clone()))
        .shows("652");
    world
        .send(Message::LiveActivity(
            ChangeKind::Created,
            activity("1", "Lunch", 651),
        ))
        .shows("652");
    world
        .send(Message::LiveActivity(ChangeKind::Deleted, entry.clone()))
        .hides("652");
    world
        .send(Message::LiveActivity(ChangeKind::Updated, entry))
        .hides("652");
}

#[test]
fn entries_that_come_one_by_one_stand_as_a_list_would_have_them() {
    let mut world = World::today();
    let entries = [("m", 8), ("c", 5), ("z", 9), ("a", 5), ("c", 5)].map(|(id, hour)| {
        let mut entry = activity(id, "Lunch", 1);
        entry.entry.moment = today().at(hour, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
        entry
    });
    for entry in &entries {
        world.send(Message::LiveActivity(ChangeKind::Created, entry.clone()));
        // The selection stays on the entry that it was on.
        assert_eq!(world.state.today.selection().unwrap().activity.id, "m");
    }
    let deleted = entries[0].clone();
    world.send(Message::LiveActivity(ChangeKind::Deleted, deleted.clone()));
    world.send(Message::LiveActivity(ChangeKind::Created, deleted));
    let ids: Vec<_> = world
        .state
        .today
        .rows
        .iter()
        .map(|row| &row.activity.id)
        .collect();
    assert_eq!(ids, ["a", "c", "z"]);
}

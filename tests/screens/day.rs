//! Moving between days, and keeping one fresh.

use caltrack_tui::app::{ChangeKind, Code, Connection, Day, Effect, FailureKind, Message, Request};

use crate::world::{World, activity, failure, stored, today, totals};

fn live(consumed: i64, version: u64) -> Message {
    Message::LiveTotals {
        sub: "sub-alice".into(),
        totals: totals(consumed, 0, version),
    }
}

#[test]
fn letters_and_arrows_both_lead_to_other_days() {
    let mut world = World::today();
    for (key, date) in [
        ('h', "2026-11-22"),
        ('h', "2026-11-21"),
        ('l', "2026-11-22"),
        ('t', "2026-11-23"),
    ] {
        world.type_in(&key.to_string());
        assert_eq!(world.load().unwrap().1.to_string(), date);
    }
    world.hit(Code::Left);
    assert_eq!(world.load().unwrap().1.to_string(), "2026-11-22");
    world.shows("yesterday").hit(Code::Right).shows("today");
}

#[test]
fn an_answer_for_another_day_or_an_older_question_is_ignored() {
    let mut world = World::today();
    world.type_in("h");
    let (old, yesterday) = world.load().unwrap();
    world.type_in("l");
    let (new, _) = world.load().unwrap();
    let day = |kcal| Day {
        activities: vec![activity("1", "Lunch", kcal)],
        totals: totals(1, 0, 1),
        notice: None,
    };
    world
        .send(Message::DayLoaded {
            request: old,
            date: yesterday,
            result: Ok(day(111)),
        })
        .hides("111");
    world
        .send(Message::DayLoaded {
            request: old,
            date: today(),
            result: Ok(day(222)),
        })
        .hides("222");
    world
        .send(Message::DayLoaded {
            request: new,
            date: today(),
            result: Ok(day(333)),
        })
        .shows("333");
    world
        .send(Message::DayLoaded {
            request: new,
            date: today(),
            result: Ok(day(444)),
        })
        .hides("444");
    world
        .send(Message::Saved {
            request: Request(9_999),
            result: Ok(activity("x", "Lunch", 555)),
        })
        .hides("555");
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
    foreign.userid = "sub-mallory".into();
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
    entry.kcal = 652;
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
fn an_acknowledged_entry_stays_while_the_index_lags() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 651");
    world
        .saved(request, stored(&new, 1))
        .send(Message::Refresh)
        .day(Vec::new(), totals(651, 0, 1))
        .shows("Lunch")
        .shows("1 entry");
    world
        .send(Message::Refresh)
        .day(vec![stored(&new, 1)], totals(651, 0, 2))
        .shows("1 entry");
    // From here on the list alone decides.
    world
        .send(Message::Refresh)
        .day(Vec::new(), totals(651, 0, 3))
        .shows("0 entries");
}

#[test]
fn what_no_list_shows_after_a_minute_is_let_go() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 651");
    world.saved(request, stored(&new, 1));
    world.send(Message::Clock("2026-11-23T12:32:00+00:00[UTC]".parse().unwrap()));
    world
        .send(live(0, 2))
        .wait()
        .day(Vec::new(), totals(0, 0, 2))
        .shows("0 entries");
}

#[test]
fn an_entry_moved_to_another_day_leaves_this_one() {
    let mut world = World::with(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    let mut moved = activity("1", "Lunch", 651);
    moved.rev = 2;
    moved.date = today().yesterday().unwrap();
    world
        .send(Message::LiveActivity(ChangeKind::Updated, moved))
        .shows("0 entries");
}

#[test]
fn going_live_again_asks_for_what_was_missed() {
    let mut world = World::today();
    world.send(Message::Connection(Connection::Offline { reason: None }));
    assert_eq!(world.effects, []);
    world.send(Message::Connection(Connection::Live));
    assert!(world.load().is_some());
    assert!(world.effects.contains(&Effect::LoadCategories));
}

#[test]
fn a_save_without_a_live_connection_asks_for_the_totals() {
    let mut world = World::today();
    world.send(Message::Connection(Connection::Polling));
    world.answer_reads(&[], &totals(0, 0, 0));
    let (request, new) = world.log("lunch 650");
    world.saved(request, stored(&new, 1));
    assert!(world.load().is_some());
    world
        .day(vec![stored(&new, 1)], totals(650, 0, 1))
        .shows("consumed 650");
}

#[test]
fn a_day_that_cannot_be_loaded_keeps_what_was_seen_and_says_so() {
    let mut world = World::with(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    world.send(Message::Refresh);
    let (request, date) = world.load().unwrap();
    let result = Err(failure(FailureKind::Unreachable, "the backend can't be reached"));
    world.send(Message::DayLoaded {
        request,
        date,
        result,
    });
    world
        .shows("the backend can't be reached")
        .shows("651")
        .shows("from before");
}

#[test]
fn a_day_never_seen_that_cannot_be_loaded_claims_no_totals() {
    let mut world = World::today();
    world.type_in("h").hides("consumed 0").shows("consumed –");
    let (request, date) = world.load().unwrap();
    let result = Err(failure(FailureKind::Unreachable, "the backend can't be reached"));
    world
        .send(Message::DayLoaded {
            request,
            date,
            result,
        })
        .shows("can't be shown")
        .hides("Nothing logged");
}

#[test]
fn categories_that_cannot_be_loaded_are_reported_until_they_arrive() {
    let mut world = World::start(crate::world::startup());
    world.enter();
    let [Effect::StartOnThisComputer { request }] = world.effects[..] else {
        panic!()
    };
    world.send(Message::SignedIn {
        request,
        result: Ok(crate::world::account("alice")),
    });
    world.send(Message::CategoriesLoaded(Err(failure(
        FailureKind::Busy,
        "the backend is busy",
    ))));
    world.shows("the categories are missing");
    world
        .type_in("a")
        .type_in("lunch 650")
        .enter()
        .shows("not loaded yet");
    world
        .send(Message::CategoriesLoaded(Ok(crate::world::categories())))
        .hit(Code::Enter);
    assert_eq!(world.created().1.kcal, 650);
}

#[test]
fn a_target_that_cannot_be_loaded_leaves_the_one_before() {
    let mut world = World::with(&[], &totals(500, 0, 1));
    world.send(Message::Refresh);
    let request = world.effects.iter().find_map(|effect| match effect {
        Effect::LoadTarget { request } => Some(*request),
        _ => None,
    });
    let request = request.unwrap();
    let result = Err(failure(FailureKind::Busy, "busy"));
    world
        .send(Message::TargetLoaded { request, result })
        .shows("remaining 1500");
    let target = caltrack_tui::app::Target {
        kcal: 1_800,
        count_exercise: false,
    };
    world
        .send(Message::TargetLoaded {
            request,
            result: Ok(target),
        })
        .shows("remaining 1300");
}

#[test]
fn the_screen_goes_on_at_midnight_unless_another_day_is_shown() {
    let tomorrow: jiff::Zoned = "2026-11-24T00:00:00+00:00[UTC]".parse().unwrap();
    let mut world = World::today();
    world
        .send(Message::Clock(tomorrow.clone()))
        .shows("Tuesday 2026-11-24");
    assert!(world.load().is_some());
    let mut world = World::today();
    world
        .type_in("h")
        .send(Message::Clock(tomorrow))
        .shows("Sunday 2026-11-22");
    assert_eq!(world.effects, []);
}

#[test]
fn a_line_on_a_past_day_logs_for_that_day() {
    let mut world = World::today();
    world.type_in("h").day(
        Vec::new(),
        caltrack_domain::DailyTotals::empty(today().yesterday().unwrap()),
    );
    let (_, new) = world.log("lunch 650");
    assert_eq!(new.date.to_string(), "2026-11-22");
    assert_eq!(new.creation_date_time.to_string(), "2026-11-22T12:30:00Z");
}

#[test]
fn the_selection_stays_on_its_entry_when_others_arrive() {
    let mut first = activity("b", "Lunch", 651);
    first.creation_date_time = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut world = World::with(&[first], &totals(651, 0, 1));
    world.send(Message::LiveActivity(
        ChangeKind::Created,
        activity("a", "Coffee", 5),
    ));
    assert_eq!(world.state.today.selected, 1);
    world.hit(Code::Up);
    assert_eq!(world.state.today.selection().unwrap().activity.id, "a");
    world.type_in("G");
    assert_eq!(world.state.today.selection().unwrap().activity.id, "b");
    world.hit(Code::Home).type_in("k");
    assert_eq!(world.state.today.selection().unwrap().activity.id, "a");
}

#[test]
fn an_answer_under_way_is_shown_and_what_it_may_have_missed_is_asked_for_after_it() {
    let mut world = World::today();
    world.send(Message::Refresh);
    let (request, date) = world.load().unwrap();
    world
        .send(Message::Connection(Connection::Connecting))
        .send(Message::Connection(Connection::Live));
    assert_eq!(world.load(), None);
    let day = Day {
        activities: vec![activity("1", "Lunch", 651)],
        totals: totals(651, 0, 1),
        notice: None,
    };
    world.send(Message::DayLoaded {
        request,
        date,
        result: Ok(day),
    });
    assert!(world.load().is_some());
    world.shows("consumed 651");
}

#[test]
fn entries_that_come_one_by_one_stand_as_a_list_would_have_them() {
    let mut world = World::today();
    let entries = [("m", 8), ("c", 5), ("z", 9), ("a", 5), ("c", 5)].map(|(id, hour)| {
        let mut entry = activity(id, "Lunch", 1);
        entry.creation_date_time = today().at(hour, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
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

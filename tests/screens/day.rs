//! Moving between days, and keeping one fresh.

use jiff::SignedDuration;

use caltrack_domain::LogCommand;

use crate::{
    entries::{entry, now, today, totals, totals_on, yesterday},
    pool::{command, signed_in},
    world::{Code, FailureKind, Setup, UNKNOWN, World},
};

#[test]
fn letters_and_arrows_both_move_between_days() {
    let mut world = World::today();
    for (key, day) in [
        ('h', "Sunday 2026-11-22 yesterday"),
        ('h', "Saturday 2026-11-21"),
        ('l', "Sunday 2026-11-22 yesterday"),
        ('t', "Monday 2026-11-23 today"),
        ('l', "Tuesday 2026-11-24 tomorrow"),
    ] {
        world.type_in(&key.to_string());
        assert_eq!(world.day(), day);
        assert!(day.contains(&world.loading().date.to_string()));
    }
    world.hit(Code::Left);
    assert_eq!(world.loading().date, today());
    assert_eq!(world.day(), "Monday 2026-11-23 today");
    world.hit(Code::Left).hit(Code::Right);
    assert_eq!(world.loading().date, today());
    assert_eq!(world.day(), "Monday 2026-11-23 today");
}

#[test]
fn what_concerns_another_day_is_ignored() {
    let mut world = World::today();
    world.type_in("h");
    let left = world.loading();
    assert_eq!(left.date, yesterday());
    world.type_in("l");
    let shown = world.loading();
    let totals = totals(1, 0, 1);
    let lunch = |kcal| entry("1", "Lunch", kcal);
    world.day_loaded(left, &[lunch(111).on(yesterday())], &totals);
    assert_eq!(world.rows(), [""; 0]);
    world.day_failed(left, FailureKind::Unreachable, "the backend can't be reached");
    assert_eq!(world.notice(), "");
    world.day_loaded(shown, &[lunch(333).rev(2)], &totals);
    assert_eq!(world.rows(), ["> 08:10 Lunch 333"]);
    world.saved(UNKNOWN, &entry("x", "Lunch", 555));
    assert_eq!(world.rows(), ["> 08:10 Lunch 333"]);
    assert_eq!(world.notice(), "");
}

#[test]
fn an_acknowledged_entry_stays_while_the_index_lags() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 651");
    let row = ["> 12:30 Lunch 651"];
    world
        .saved(request, &new.rev(1))
        .command("refresh")
        .answer_day(&[], &totals(651, 0, 1));
    assert_eq!(
        (world.count().as_str(), world.rows()),
        ("1 entry", row.map(String::from).to_vec())
    );
    world
        .command("refresh")
        .answer_day(&[new.rev(1)], &totals(651, 0, 2));
    assert_eq!(
        (world.count().as_str(), world.rows()),
        ("1 entry", row.map(String::from).to_vec())
    );
    // From here on the list alone decides.
    world.command("refresh").answer_day(&[], &totals(651, 0, 3));
    assert_eq!((world.count().as_str(), world.rows()), ("0 entries", Vec::new()));
}

#[test]
fn an_entry_that_no_list_shows_within_a_minute_disappears() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 651");
    world.saved(request, &new.rev(1));
    assert_eq!(world.count(), "1 entry");
    world.clock("2026-11-23T12:32:00");
    world
        .live_totals(0, 2)
        .command("refresh")
        .answer_day(&[], &totals(0, 0, 2));
    assert_eq!(world.count(), "0 entries");
}

#[test]
fn an_entry_that_is_moved_to_another_day_leaves_this_one() {
    let lunch = entry("1", "Lunch", 651);
    let mut world = World::with(std::slice::from_ref(&lunch), &totals(651, 0, 1));
    assert_eq!(world.count(), "1 entry");
    world.updated_elsewhere(&lunch.rev(2).on(yesterday()));
    assert_eq!((world.count().as_str(), world.rows()), ("0 entries", Vec::new()));
}

#[test]
fn after_an_outage_what_was_missed_is_loaded() {
    let mut world = World::today();
    world.offline(None).requests_nothing();
    world.live();
    assert!(world.target_load().is_some());
    assert_eq!(world.load(), None, "sync compares every day by itself");
}

#[test]
fn a_failed_load_keeps_what_was_seen_and_reports_the_failure() {
    let mut world = World::with(&[entry("1", "Lunch", 651)], &totals(651, 0, 1));
    world.command("refresh");
    let load = world.load().unwrap();
    assert!(load.fresh);
    world.day_failed(load, FailureKind::Unreachable, "the backend can't be reached");
    assert_eq!(
        world.notice(),
        "the backend can't be reached; what you see is older; try again in a moment"
    );
    assert_eq!(world.rows(), ["> 08:10 Lunch 651"]);
    assert_eq!(world.total("consumed"), "651");
}

#[test]
fn a_day_that_was_never_loaded_shows_no_totals_and_why() {
    let mut world = World::today();
    world.type_in("h");
    let unknown = "remaining – consumed – burned – net – target 2000";
    assert_eq!(world.totals(), unknown);
    assert_eq!(world.placeholder(), "Loading the day…");
    let load = world.loading();
    world.day_failed(load, FailureKind::Unreachable, "the backend can't be reached");
    assert_eq!(world.totals(), unknown);
    assert_eq!(
        world.placeholder(),
        "The day can't be shown: the backend can't be reached; try again in a moment."
    );
}

#[test]
fn the_copy_of_a_day_is_shown_until_the_backend_answers() {
    let mut world = World::today();
    world.type_in("h");
    let load = world.loading();
    let (cached, stored) = (entry("1", "Lunch", 650), entry("1", "Lunch", 651).rev(2));
    world
        .day_cached(
            load,
            &[cached.on(yesterday())],
            &totals_on(yesterday(), 650, 0, 1),
        )
        .requests_nothing();
    assert_eq!(world.rows(), ["> 08:10 Lunch 650"]);
    assert_eq!(world.total("consumed"), "650");
    world.day_loaded(
        load,
        &[stored.on(yesterday())],
        &totals_on(yesterday(), 651, 0, 2),
    );
    assert_eq!(world.rows(), ["> 08:10 Lunch 651"]);
    assert_eq!(world.total("consumed"), "651");
}

#[test]
fn categories_that_cannot_be_loaded_are_reported_until_they_arrive() {
    let mut world = Setup::new().start();
    world.enter();
    assert_eq!(world.account_command().1, command::start_here());
    world.answer(signed_in("alice"));
    let request = world.categories_load().expect("a load of the categories");
    world.categories_failed(request, FailureKind::Busy, "the backend is busy");
    assert_eq!(
        world.notice(),
        "the categories are missing: the backend is busy; try again in a moment"
    );
    world.type_in("a").type_in("lunch 650").enter();
    assert_eq!(
        world.dialog().message(),
        "the categories are not loaded yet; try again in a moment"
    );
    world.requests_nothing().categories_loaded().hit(Code::Enter);
    assert_eq!(world.created().1.kcal, 650);
    assert_eq!(world.notice(), "");
}

#[test]
fn a_target_that_cannot_be_loaded_leaves_the_previous_one() {
    let mut world = World::with(&[], &totals(500, 100, 1));
    world.connecting().live();
    let request = world.target_load().unwrap();
    world.target_failed(request, FailureKind::Busy, "busy");
    assert_eq!(
        world.totals(),
        "remaining 1600 consumed 500 burned 100 net 400 target 2000"
    );
    world.target_loaded(request, 1_800, false);
    assert_eq!(
        world.totals(),
        "remaining 1300 consumed 500 burned 100 net 400 target 1800"
    );
}

#[test]
fn at_midnight_the_next_day_is_shown_unless_another_day_is_open() {
    let midnight = "2026-11-24T00:00:00";
    let mut world = World::today();
    world.clock(midnight);
    assert_eq!(world.day(), "Tuesday 2026-11-24 today");
    assert_eq!(world.loading().date, today().tomorrow().unwrap());
    let mut world = World::today();
    world.type_in("h").clock(midnight).requests_nothing();
    assert_eq!(world.day(), "Sunday 2026-11-22");
}

#[test]
fn a_line_that_is_open_at_midnight_logs_for_its_day_at_the_true_moment() {
    let mut world = World::today();
    world.clock("2026-11-23T23:59:50").type_in("asnacks 50 midnight");
    world.clock("2026-11-24T00:00:02").enter();
    let [LogCommand::Create(new)] = world.step() else {
        panic!("one create");
    };
    assert_eq!(new.entry.date, today());
    assert_eq!(new.entry.moment.to_string(), "2026-11-24T00:00:02Z");
}

#[test]
fn a_line_on_a_past_day_logs_for_that_day() {
    let mut world = World::today();
    world
        .type_in("h")
        .answer_day(&[], &totals_on(yesterday(), 0, 0, 0));
    let (_, new) = world.log("lunch 650");
    assert_eq!(new.date, yesterday());
    assert_eq!(new.moment.to_string(), "2026-11-22T12:30:00Z");
    assert_eq!(world.rows(), ["> 12:30 saving… Lunch 650"]);
}

#[test]
fn the_selection_stays_on_its_entry_when_others_arrive() {
    let lunch = entry("b", "Lunch", 651).at("12:00");
    let mut world = World::with(&[lunch], &totals(651, 0, 1));
    world.created_elsewhere(&entry("a", "Coffee", 5));
    assert_eq!(world.rows(), ["08:10 Coffee 5", "> 12:00 Lunch 651"]);
    // Above it is its heading.
    world.hit(Code::Up).hit(Code::Up);
    assert_eq!(world.selected(), "08:10 Coffee 5");
    world.type_in("G");
    assert_eq!(world.selected(), "12:00 Lunch 651");
    world.hit(Code::Home).type_in("j");
    assert_eq!(world.selected(), "08:10 Coffee 5");
    world.type_in("kk");
    assert_eq!(world.selected_line(), "> Coffee 5");
}

#[test]
fn categories_are_loaded_once_a_day() {
    let loads = |age: Option<SignedDuration>| {
        Setup::new()
            .signed_in("alice")
            .with_categories(age.map(|age| now().timestamp() - age))
            .start()
            .loads_categories()
    };
    let hours = SignedDuration::from_hours;
    assert!(!loads(Some(hours(0))));
    assert!(!loads(Some(hours(23))));
    assert!(loads(Some(hours(24))));
    assert!(loads(Some(hours(25))));
    assert!(loads(Some(hours(-1))), "the clock was set back");
    assert!(loads(None));
}

#[test]
fn at_the_start_today_is_watched_and_the_rest_is_loaded() {
    let mut world = Setup::new().signed_in("alice").start();
    let load = world.load().unwrap();
    assert_eq!((load.date, load.fresh), (today(), false));
    assert!(world.connects_first());
    assert!(world.target_load().is_some());
    assert!(world.loads_categories());
    world.connecting().requests_nothing();
    world.live().requests_nothing();
}

#[test]
fn a_deletion_of_an_entry_that_is_being_written_is_made_on_another_day_too() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.type_in("d");
    let (delete, id) = world.deleting();
    assert_eq!(id, new.id);
    world.type_in("h").queued(request).queued(delete);
    assert_eq!(world.sendable(), []);
    assert_eq!(
        world.notice(),
        "deleted Lunch 650 kcal on 2026-11-23 · u takes it back"
    );
}

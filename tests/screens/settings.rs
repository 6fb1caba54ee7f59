//! The user's zone, beginning of the day and targets, from the profile.

use caltrack_domain::{DayClock, TargetChange, TargetKcal, Targets};
use caltrack_tui::app::Settings;
use jiff::{civil::time, tz::TimeZone};

use crate::{
    entries::{entry, now, today, totals, totals_on, yesterday},
    world::World,
};

fn berlin_from_four() -> Settings {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    Settings {
        clock: DayClock::new(zone, time(4, 0, 0, 0)),
        ..Settings::without_profile(now().time_zone().clone())
    }
}

/// The program after it has loaded these settings.
fn with_settings(settings: Settings) -> World {
    let mut world = World::with(&[], &totals(0, 0, 1));
    world.connecting().live();
    let request = world.target_load().unwrap();
    world.settings_loaded(request, settings);
    world
}

#[test]
fn times_are_those_of_the_profiles_zone() {
    let mut world = with_settings(berlin_from_four());
    world
        .command("refresh")
        .answer_day(&[entry("a", "Lunch", 650).at("12:00")], &totals(650, 0, 2));
    assert_eq!(world.rows(), ["> 13:00 Lunch 650"]);
}

#[test]
fn a_day_begins_at_the_profiles_time() {
    let mut world = with_settings(berlin_from_four());
    // 03:30 in Berlin.
    world.clock("2026-11-24T02:30:00");
    assert_eq!(world.day(), "Monday 2026-11-23 today");
    let (_, snack) = world.log("snacks 100");
    assert_eq!(snack.date, today());
    assert_eq!(snack.moment.to_string(), "2026-11-24T02:30:00Z");
    world.clock("2026-11-24T03:00:00");
    assert_eq!(world.day(), "Tuesday 2026-11-24 today");
}

#[test]
fn the_day_changes_when_settings_arrive_that_begin_it_later() {
    let mut world = World::with(&[], &totals(0, 0, 1));
    world.clock("2026-11-24T02:30:00").connecting().live();
    assert_eq!(world.day(), "Tuesday 2026-11-24 today");
    let request = world.target_load().unwrap();
    world.settings_loaded(request, berlin_from_four());
    assert_eq!(world.day(), "Monday 2026-11-23 today");
    assert_eq!(world.loading().date, today());
}

#[test]
fn a_past_day_keeps_its_target() {
    let change = TargetChange {
        from: today(),
        kcal: TargetKcal::Daily(1_800),
    };
    let mut world = with_settings(Settings {
        targets: Targets::of_profile(vec![change], 1_800, today()),
        ..berlin_from_four()
    });
    assert_eq!(world.total("target"), "1800");
    world
        .type_in("h")
        .answer_day(&[], &totals_on(yesterday(), 500, 0, 1));
    assert_eq!(world.total("target"), "2000");
    assert_eq!(world.total("remaining"), "1500");
}

#[test]
fn after_sign_out_days_follow_the_computers_clock() {
    let mut world = with_settings(berlin_from_four());
    world.signed_out().start_here_as("bob");
    world.clock("2026-11-24T00:30:00");
    assert_eq!(world.day(), "Tuesday 2026-11-24 today");
}

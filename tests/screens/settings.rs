//! The user's zone, beginning of the day and targets, from the profile.

use caltrack_domain::{DayClock, TargetChange, TargetKcal, Targets};
use caltrack_tui::app::Settings;
use jiff::{
    civil::{Date, date, time},
    tz::TimeZone,
};
use rstest::rstest;

use crate::{
    entries::{entry, now, today, totals, totals_on, yesterday},
    world::{Code, World},
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

/// A user of this zone, whose days begin at this hour, at a moment in UTC.
fn at(zone: &str, starts_at: i8, moment: &str) -> World {
    let clock = DayClock::new(TimeZone::get(zone).unwrap(), time(starts_at, 0, 0, 0));
    let mut world = with_settings(Settings {
        clock,
        ..Settings::without_profile(now().time_zone().clone())
    });
    world.clock(moment);
    world
}

/// The day and the moment of a line that is logged now.
fn logged(world: &mut World) -> (Date, String) {
    let (request, entry) = world.log("snacks 50");
    world.queued(request);
    (entry.date, entry.moment.to_string())
}

#[rstest]
#[case::an_hour_is_skipped(
    "2026-03-29",
    "2026-03-29T00:59:59",
    "2026-03-29T01:00:00",
    "2026-03-29T21:59:59"
)]
#[case::an_hour_comes_twice(
    "2026-10-25",
    "2026-10-25T00:30:00",
    "2026-10-25T01:30:00",
    "2026-10-25T22:59:59"
)]
fn a_day_of_a_clock_change_has_its_entries_until_its_last_second(
    #[case] day: Date,
    #[case] before: &str,
    #[case] after: &str,
    #[case] last: &str,
) {
    let mut world = at("Europe/Berlin", 0, before);
    for moment in [before, after, last] {
        world.clock(moment);
        assert_eq!(logged(&mut world), (day, format!("{moment}Z")));
    }
    let next = last.parse::<jiff::civil::DateTime>().unwrap() + jiff::Span::new().seconds(1);
    world.clock(&next.to_string());
    assert_eq!(logged(&mut world).0, day.tomorrow().unwrap());
}

#[test]
fn the_hour_that_comes_twice_keeps_the_order_of_its_entries() {
    let mut world = at("Europe/Berlin", 0, "2026-10-25T00:30:00");
    logged(&mut world);
    world.clock("2026-10-25T01:15:00");
    logged(&mut world);
    let times: Vec<String> = world.rows().iter().map(|row| row.replace("> ", "")).collect();
    assert_eq!(times, ["02:30 queued · Snacks 50", "02:15 queued · Snacks 50"]);
}

#[test]
fn after_a_flight_entries_stay_on_the_day_they_were_logged_for() {
    let mut world = at("Europe/Berlin", 0, "2026-11-23T20:30:00");
    let (request, snack) = world.log("snacks 50");
    world.queued(request);
    assert_eq!(snack.date, today());
    // In Tokyo it is Tuesday already, and a line that was opened before belongs to Monday.
    world.type_in("asnacks 60");
    world.connecting().live();
    let request = world.target_load().unwrap();
    let clock = DayClock::at_midnight(TimeZone::get("Asia/Tokyo").unwrap());
    world.settings_loaded(
        request,
        Settings {
            clock,
            ..berlin_from_four()
        },
    );
    assert_eq!(world.shell().today(), date(2026, 11, 24));
    world.enter();
    let (request, second) = world.created();
    assert_eq!(second.date, today());
    assert_eq!(second.moment.to_string(), "2026-11-23T20:30:00Z");
    world.queued(request);
    world
        .type_in("t")
        .answer_day(&[], &totals_on(date(2026, 11, 24), 0, 0, 1));
    assert_eq!(logged(&mut world).0, date(2026, 11, 24));
}

#[test]
fn the_twenty_ninth_of_february_is_a_day_in_leap_years_alone() {
    let mut world = at("UTC", 0, "2028-02-28T12:00:00");
    world.type_in("l");
    assert_eq!(world.day(), "Tuesday 2028-02-29 tomorrow");
    world.type_in("l");
    assert_eq!(world.day(), "Wednesday 2028-03-01");
    world.clock("2028-02-29T23:59:59").type_in("t");
    world.answer_day(&[], &totals_on(date(2028, 2, 29), 0, 0, 1));
    assert_eq!(logged(&mut world).0, date(2028, 2, 29));
    world.type_in("J2027-02-29").enter();
    assert!(world.has_dialog(), "2027 has none");
}

#[test]
fn a_line_that_is_open_when_the_day_begins_logs_for_its_day_at_the_true_moment() {
    let mut world = at("Europe/Berlin", 4, "2026-11-24T02:59:50");
    assert_eq!(world.day(), "Monday 2026-11-23 today");
    world.type_in("asnacks 50");
    world.clock("2026-11-24T03:00:02").enter();
    let (request, snack) = world.created();
    assert_eq!(snack.date, today());
    assert_eq!(snack.moment.to_string(), "2026-11-24T03:00:02Z");
    world.queued(request);
    assert!(world.notice().contains("on 2026-11-23"), "{}", world.notice());
}

#[test]
fn notices_have_the_unit_of_the_screens() {
    let mut world = World::with(&[entry("1", "Lunch", 500)], &totals(500, 0, 1));
    world.command("settings of the screens");
    world.hit(Code::Down).hit(Code::Down).enter().hit(Code::Esc);
    let (request, new) = world.log("dinner 1000");
    world.saved(request, &new);
    assert_eq!(world.notice(), "logged Dinner 4184 kJ · u takes it back");
    world.type_in("y");
    assert!(
        world.notice().starts_with("copied Dinner 4184 kJ;"),
        "{}",
        world.notice()
    );
    world.type_in("u");
    assert_eq!(world.notice(), "undone: Dinner 4184 kJ is deleted again");
}

/// The screens with energy in kJ.
fn in_kilojoules() -> World {
    let soup = entry("1", "Lunch", 650).named("soup").amount(1.0, "bowl");
    let mut world = World::with(&[soup], &totals(650, 0, 1));
    world.command("settings of the screens");
    world.hit(Code::Down).hit(Code::Down).enter().hit(Code::Esc);
    world
}

#[test]
fn the_form_reads_energy_in_the_unit_of_the_screens() {
    let mut world = in_kilojoules();
    world.type_in("e");
    assert_eq!(world.dialog().field("kJ"), "2720");
    world.tabs(5).retype("2");
    assert_eq!(world.dialog().field("kJ"), "5439");
    world.tabs(7).retype("2000").enter();
    let (_, edit) = world.updating();
    assert_eq!(edit.kcal, Some(478));
}

#[test]
fn a_form_that_is_saved_as_it_is_changes_nothing_in_another_unit() {
    let mut world = in_kilojoules();
    world.type_in("e").enter().requests_nothing();
    assert_eq!(world.notice(), "nothing was changed");
}

#[test]
fn the_reason_of_a_refused_undo_has_the_unit_of_the_screens() {
    let mut world = in_kilojoules();
    let (request, new) = world.log("dinner 400");
    world
        .saved(request, &new.rev(1))
        .updated_elsewhere(&new.rev(2).kcal(999))
        .type_in("u");
    assert_eq!(
        world.notice(),
        "not undone: Dinner 1674 kJ was changed since; it is Dinner 4180 kJ now"
    );
}

#[test]
fn an_own_food_has_the_unit_of_the_screens() {
    let mut world = in_kilojoules();
    world.command("new own food");
    assert_eq!(world.dialog().field("kJ"), "");
}

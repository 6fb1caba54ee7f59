//! The Profile screen, and noting a weight.

use caltrack_domain::DailyTotals;
use caltrack_tui::app::Message;
use jiff::ToSpan as _;
use rstest::rstest;

use crate::{
    entries::{SUB, entry, today, totals, totals_on, yesterday},
    pictures::SIZES,
    world::{Code, World},
};

/// The screen's lines, blanks collapsed.
fn lines(world: &World) -> Vec<String> {
    let screen = world.screen(100, 40);
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    screen.lines().map(words).collect()
}

#[track_caller]
fn line(world: &World, start: &str) -> String {
    let lines = lines(world);
    let found = lines.iter().find_map(|line| {
        let line = line.strip_prefix("> ").unwrap_or(line);
        line.starts_with(start).then(|| line.to_owned())
    });
    found.unwrap_or_else(|| panic!("no line `{start}` in {lines:#?}"))
}

/// Four weeks of days with a weight, up to yesterday.
fn weeks() -> Vec<DailyTotals> {
    let day = |ago: i32| DailyTotals {
        weight: Some(80.0),
        entries: Some(1),
        ..totals_on(today() - i64::from(ago).days(), 2_200, 0, 1)
    };
    (0..35).rev().map(day).collect()
}

/// The Profile screen of a user whose days are known.
fn opened(days: Vec<DailyTotals>) -> World {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    let sub = SUB.to_owned();
    world.send_all([Message::AllTotals { sub, days }]);
    world.type_in("5");
    world
}

/// Goes to a line by its number, and types another value.
fn set(world: &mut World, number: usize, value: &str) {
    world.hit(Code::Home);
    for _ in 0..number {
        world.hit(Code::Down);
    }
    world.enter().retype(value).enter();
}

fn filled() -> World {
    let mut world = opened(weeks());
    for (number, value) in [
        (0, "2000,2000,2000,2000,2000,2400,2400"),
        (1, "120"),
        (6, "76"),
        (7, "2027-05-01"),
        (8, "175"),
        (9, "female"),
        (10, "1990"),
        (11, "light"),
        (12, "04:00"),
    ] {
        set(&mut world, number, value);
    }
    world
}

#[rstest]
#[case::new("new", opened(Vec::new()))]
#[case::filled("filled", filled())]
fn picture(#[case] name: &str, #[case] world: World) {
    for (width, height) in SIZES.into_iter().chain([(200, 60), (40, 10)]) {
        insta::assert_snapshot!(
            format!("profile_{name}_{width}x{height}"),
            world.screen(width, height)
        );
    }
}

#[test]
fn a_target_counts_from_today_and_one_undo_takes_it_back() {
    let mut world = opened(weeks());
    world.enter();
    assert_eq!(world.dialog().title, "Target from 2026-11-23");
    world.retype("1800").enter();
    assert_eq!(line(&world, "Target "), "Target 1800 kcal a day");
    world.type_in("1");
    assert_eq!(
        (world.total("target"), world.total("remaining")),
        ("1800".to_owned(), "1150".to_owned())
    );
    world
        .type_in("h")
        .answer_day(&[], &totals_on(yesterday(), 0, 0, 1));
    assert_eq!(world.total("target"), "2000");
    world.type_in("5u");
    assert_eq!(line(&world, "Target "), "Target 2000 kcal a day");
}

/// The present value is selected: typing replaces it, any other key edits it.
#[test]
fn a_typed_value_replaces_the_present_one() {
    let mut world = opened(weeks());
    world.enter().type_in("1800").enter();
    assert_eq!(line(&world, "Target "), "Target 1800 kcal a day");
    world.enter().hit(Code::Backspace).type_in("5").enter();
    assert_eq!(line(&world, "Target "), "Target 1805 kcal a day");
    world.enter().paste("2100").enter();
    assert_eq!(line(&world, "Target "), "Target 2100 kcal a day");
}

#[test]
fn a_target_by_weekday_counts_on_its_days() {
    let mut world = opened(weeks());
    set(&mut world, 0, "1700,1800,1800,1800,1800,2400,2500");
    world.type_in("1");
    assert_eq!(world.total("target"), "1700");
    world
        .type_in("l")
        .answer_day(&[], &totals_on(today() + 1.days(), 0, 0, 1));
    assert_eq!(world.total("target"), "1800");
}

#[test]
fn an_invalid_value_stays_with_the_reason() {
    let mut world = opened(weeks());
    set(&mut world, 0, "lots");
    assert!(
        world
            .dialog()
            .lines
            .join(" ")
            .contains("`lots` can't be a target"),
        "{:?}",
        world.dialog()
    );
    world.hit(Code::Esc);
    assert_eq!(line(&world, "Target "), "Target 2000 kcal a day");
    for (number, value) in [
        (8, "-1"),
        (9, "green"),
        (10, "1066"),
        (11, "lazy"),
        (12, "25:00"),
        (13, "Moon"),
    ] {
        set(&mut world, number, value);
        assert!(world.has_dialog(), "{value}");
        world.hit(Code::Esc);
    }
}

#[test]
fn exercise_is_counted_or_not_by_one_key() {
    let mut world = opened(weeks());
    for _ in 0..4 {
        world.hit(Code::Down);
    }
    assert_eq!(line(&world, "Exercise"), "Exercise counted");
    world.enter();
    assert_eq!(line(&world, "Exercise"), "Exercise not counted");
    world.log_exercise();
    world.type_in("1");
    assert_eq!(world.total("remaining"), "1350");
}

#[test]
fn w_notes_a_weight_for_the_shown_day_on_every_screen() {
    let mut world = opened(Vec::new());
    world.type_in("1w");
    assert_eq!(world.dialog().title, "Weight on 2026-11-23");
    world.type_in("80,5").enter();
    world
        .type_in("h")
        .answer_day(&[], &totals_on(yesterday(), 0, 0, 1));
    world.type_in("w").retype("81").enter();
    world.type_in("2");
    let screen = world.screen(120, 40);
    assert!(
        screen.contains("80.5 kg") && screen.contains("81.0 kg"),
        "{screen}"
    );
    world.type_in("jw");
    assert!(world.screen(120, 40).contains(" Weight on 2026-11-22 "));
    world.retype("").enter();
    assert!(!world.screen(120, 40).contains("81.0 kg"));
    for tab in ["3", "4", "5"] {
        world.type_in(tab).type_in("w");
        assert!(world.screen(120, 40).contains(" Weight on 2026-11-23 "));
        world.hit(Code::Esc);
    }
}

#[test]
fn the_calculator_and_what_is_spent_propose_a_target_that_p_takes() {
    let mut world = opened(Vec::new());
    world.type_in("p");
    assert!(world.screen(100, 40).contains("no target is proposed yet"));
    for (number, value) in [(8, "175"), (10, "1990"), (11, "light")] {
        set(&mut world, number, value);
    }
    world.type_in("w").type_in("80").enter();
    // 10 × 80 + 6.25 × 175 − 5 × 36 − 78 = 1635.75, × 1.375.
    assert_eq!(
        line(&world, "calculator"),
        "calculator: 2249 kcal a day (Mifflin–St Jeor × 1.375)"
    );
    assert_eq!(
        line(&world, "proposed"),
        "proposed: 2250 kcal a day, by the calculator; p takes it"
    );
    assert_eq!(
        line(&world, "Target "),
        "Target 2000 kcal a day",
        "nothing changes by itself"
    );
    world.type_in("p");
    assert_eq!(line(&world, "Target "), "Target 2250 kcal a day");

    let mut world = opened(weeks());
    assert!(line(&world, "proposed").ends_with("by what you spend; p takes it"));
    world.type_in("p");
    assert_eq!(line(&world, "Target "), "Target 2200 kcal a day");
}

#[test]
fn macro_targets_stand_beside_what_was_eaten() {
    let mut world = opened(weeks());
    set(&mut world, 1, "120");
    world.type_in("1");
    let (request, _) = world.log("shake 250 p30 f5 c12");
    world.queued(request);
    assert!(
        world.totals().ends_with("protein 30/120 carbs 12 fat 5"),
        "{}",
        world.totals()
    );
}

#[test]
fn the_last_lines_lead_to_the_account_and_to_the_looks_of_the_screens() {
    let mut world = opened(Vec::new());
    world.hit(Code::End).hit(Code::Up).enter();
    assert_eq!(world.dialog().title, "Themes");
    world.hit(Code::Esc);
    for _ in 0..3 {
        world.hit(Code::Up);
    }
    assert!(line(&world, "Sign out").starts_with("Sign out"));
    world.enter();
    assert!(world.signs_out());
}

impl World {
    /// A run of 300 kcal is logged, and waits.
    fn log_exercise(&mut self) {
        self.type_in("1");
        let (request, _) = self.log("run 300");
        self.queued(request);
    }
}

#[test]
fn a_weight_that_cannot_be_written_comes_back_with_its_text() {
    let mut world = opened(Vec::new());
    world
        .type_in("1w")
        .type_in("80,5")
        .will_refuse("the disk is full")
        .enter();
    assert_eq!(world.dialog().title, "Weight on 2026-11-23");
    let screen = world.screen(120, 40);
    assert!(
        screen.contains("80,5") && screen.contains("the disk is full"),
        "{screen}"
    );
    world.enter();
    assert!(!world.has_dialog());
    world.type_in("2");
    assert!(world.screen(120, 40).contains("80.5 kg"));
}

//! The Trends screen.

use caltrack_domain::DailyTotals;
use caltrack_tui::app::Message;
use jiff::ToSpan as _;
use rstest::rstest;

use crate::{
    entries::{SUB, today},
    history::{with_days, year},
    pictures::SIZES,
    world::{Code, World},
};

/// Trends of a year, with the keys that lead to a view.
fn trends(keys: &str) -> World {
    let mut world = with_days(year());
    world.type_in("3").type_in(keys);
    world
}

#[rstest]
#[case::unknown("unknown", World::today(), "3")]
#[case::empty("empty", with_days(Vec::new()), "3")]
#[case::week("week", with_days(year()), "3[")]
#[case::month("month", with_days(year()), "3")]
#[case::quarter("quarter", with_days(year()), "3]")]
#[case::year("year", with_days(year()), "3]]")]
#[case::table("table", with_days(year()), "3v")]
fn picture(#[case] name: &str, #[case] mut world: World, #[case] keys: &str) {
    world.type_in(keys);
    for (width, height) in SIZES.into_iter().chain([(200, 60), (40, 10)]) {
        insta::assert_snapshot!(
            format!("trends_{name}_{width}x{height}"),
            world.screen(width, height)
        );
    }
}

#[test]
fn the_table_has_the_figures_of_the_charts() {
    let world = trends("v");
    let screen = world.screen(80, 24);
    let row = screen.lines().find(|line| line.contains("2026-11-21")).unwrap();
    let row: Vec<&str> = row.split_whitespace().collect();
    // 2 days ago: 1,200 + 758 consumed, 220 burned, 80.02 kg.
    assert_eq!(
        row[..7],
        ["Sat", "2026-11-21", "1958", "220", "1738", "2000", "80.0"]
    );
}

#[test]
fn the_table_scrolls_and_keys_change_the_range() {
    let mut world = trends("v");
    assert!(world.screen(80, 24).contains("2026-11-23  "));
    world.hit(Code::Down);
    let screen = world.screen(80, 24);
    let newest = screen
        .lines()
        .find(|line| line.starts_with("  ") || line.contains("  1579"));
    assert!(newest.is_some());
    assert!(
        !screen.lines().any(|line| line.contains("Mon 2026-11-23")),
        "{screen}"
    );
    world.type_in("[");
    assert!(world.screen(80, 24).contains(" 7 days "));
    assert!(world.screen(80, 24).contains("Mon 2026-11-23"));
    world.hit(Code::Esc);
    assert_eq!(world.day(), "Monday 2026-11-23 today");
}

#[test]
fn a_constant_weight_with_constant_meals_is_the_expenditure() {
    let days = (1..60).map(|ago| DailyTotals {
        calories_consumed: 2_300,
        weight: Some(75.0),
        version: 1,
        entries: Some(3),
        ..DailyTotals::empty(today() - ago.days())
    });
    let mut world = with_days(days.collect());
    world.type_in("3");
    let screen = world.screen(120, 40);
    let spent = screen.lines().find(|line| line.contains("spent")).unwrap();
    assert!(
        spent.contains("spent 2300 ± 55 kcal a day  (28 of 28 days, 28 weigh-ins)"),
        "{spent}"
    );
    assert!(screen.contains("+0.0 ± "), "{screen}");
}

#[test]
fn trends_move_with_a_live_total() {
    let mut world = trends("[");
    let mean = |world: &World| {
        let screen = world.screen(80, 24);
        screen
            .lines()
            .find(|line| line.contains("a day: consumed"))
            .unwrap()
            .to_owned()
    };
    let before = mean(&world);
    let totals = DailyTotals {
        calories_consumed: 9_000,
        version: 9,
        entries: Some(4),
        ..DailyTotals::empty(today())
    };
    world.send_all([Message::Totals {
        sub: SUB.to_owned(),
        totals,
    }]);
    assert_ne!(mean(&world), before);
}

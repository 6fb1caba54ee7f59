//! The History screen.

use caltrack_domain::DailyTotals;
use caltrack_tui::app::Message;
use jiff::{ToSpan as _, civil::Date};
use rstest::rstest;

use crate::{
    entries::{SUB, today},
    pictures::SIZES,
    world::{Code, World},
};

/// A day with kcal, and a weight on every second one.
fn day(days_ago: i64, consumed: i64, burned: i64) -> DailyTotals {
    let day = today() - days_ago.days();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred days")]
    let weight = 80.0 + days_ago as f64 / 100.0;
    DailyTotals {
        calories_consumed: consumed,
        calories_burned: burned,
        version: 1,
        entries: Some(u32::from(consumed + burned > 0)),
        weight: (days_ago % 2 == 0).then_some(weight),
        ..DailyTotals::empty(day)
    }
}

/// A year of days that differ, with a week off.
pub(crate) fn year() -> Vec<DailyTotals> {
    let logged = (0..365).rev().filter(|ago| !(100..107).contains(ago));
    logged
        .map(|ago| day(ago, 1_200 + ago * 379 % 1_400, ago % 5 * 110))
        .collect()
}

/// Alice, whose days these are.
pub(crate) fn with_days(days: Vec<DailyTotals>) -> World {
    let mut world = World::today();
    let sub = SUB.to_owned();
    world.connecting().live();
    world.send_all([Message::AllTotals { sub, days }]);
    world
}

fn lines(world: &World, width: u16, height: u16) -> Vec<String> {
    world
        .screen(width, height)
        .lines()
        .map(ToOwned::to_owned)
        .collect()
}

fn selected(world: &World) -> String {
    let lines = lines(world, 80, 24);
    let line = lines.iter().find(|line| line.contains("│>")).unwrap();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[rstest]
#[case::unknown("unknown", World::today())]
#[case::empty("empty", with_days(Vec::new()))]
#[case::year("year", with_days(year()))]
fn picture(#[case] name: &str, #[case] mut world: World) {
    world.type_in("2");
    for (width, height) in SIZES.into_iter().chain([(200, 60), (40, 10)]) {
        insta::assert_snapshot!(
            format!("history_{name}_{width}x{height}"),
            world.screen(width, height)
        );
    }
}

#[test]
fn a_day_is_picked_and_opened() {
    let mut world = with_days(year());
    world.type_in("2");
    assert!(
        selected(&world).contains("Mon 2026-11-23"),
        "{}",
        selected(&world)
    );
    world.hit(Code::Down).type_in("j");
    assert!(
        selected(&world).contains("Sat 2026-11-21"),
        "{}",
        selected(&world)
    );
    world.enter();
    assert_eq!(world.day(), "Saturday 2026-11-21");
    assert_eq!(world.loading().date, today() - 2.days());
    // The selection waits for the next visit.
    world.type_in("2");
    assert!(selected(&world).contains("Sat 2026-11-21"));
    world.type_in("t");
    assert!(selected(&world).contains("Mon 2026-11-23"));
    world.hit(Code::End);
    let first: Date = today() - 364.days();
    assert!(
        selected(&world).contains(&first.to_string()),
        "{}",
        selected(&world)
    );
    world.hit(Code::Esc);
    assert_eq!(world.day(), "Monday 2026-11-23 today");
}

#[test]
fn a_live_total_moves_the_day_without_a_key() {
    let mut world = with_days(vec![day(1, 900, 0), day(0, 650, 0)]);
    world.type_in("2");
    assert!(selected(&world).contains(" 650 "));
    let sub = SUB.to_owned();
    let totals = DailyTotals {
        version: 2,
        ..day(0, 1_000, 100)
    };
    world.send_all([Message::Totals { sub, totals }]);
    assert!(
        selected(&world).contains(" 1000 100 900 "),
        "{}",
        selected(&world)
    );
    let sub = "another".to_owned();
    let totals = day(0, 9_999, 0);
    world.send_all([Message::Totals { sub, totals }]);
    assert!(
        selected(&world).contains(" 1000 100 900 "),
        "{}",
        selected(&world)
    );
}

#[test]
fn a_planned_day_is_listed_above_today() {
    let mut world = with_days(vec![day(-2, 500, 0), day(0, 650, 0)]);
    world.type_in("2").hit(Code::Home);
    assert!(selected(&world).contains("2026-11-25"), "{}", selected(&world));
}

#[test]
fn another_user_sees_none_of_it() {
    let mut world = with_days(year());
    world.type_in("2").command("sign out");
    world.signed_out();
    let screen = world.screen(120, 40);
    assert!(!screen.contains("2026-11"), "{screen}");
}

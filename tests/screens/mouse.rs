//! The mouse: what a click chooses and the wheel moves.

use caltrack_domain::{DisplaySetting, Mouse};
use caltrack_tui::app::{Effect, input::action::Motion};

use crate::{
    entries::{entry, today, totals},
    history::{with_days, year},
    world::World,
};

fn three() -> World {
    let entries = [
        entry("a", "Breakfast", 350).named("oatmeal").at("07:40"),
        entry("b", "Lunch", 650).named("soup").at("12:05"),
        entry("c", "Dinner", 700).named("curry").at("12:20"),
    ];
    World::with(&entries, &totals(1_700, 0, 3))
}

#[test]
fn m_takes_the_mouse_and_leaves_it_and_remembers_that() {
    let mut world = three();
    assert_eq!(world.shell().display.mouse, Mouse::Off);
    world.type_in("m");
    let saved = |mouse| Some(Effect::SaveSetting(DisplaySetting::Mouse(mouse)));
    assert_eq!(world.last_effect().cloned(), saved(Mouse::On));
    assert!(world.notice().starts_with("mouse on"));
    world.type_in("m");
    assert_eq!(world.last_effect().cloned(), saved(Mouse::Off));
    assert!(world.notice().starts_with("mouse off"));
}

#[test]
fn a_click_selects_an_entry_or_a_heading() {
    let mut world = three();
    assert_eq!(world.selected(), "12:20 curry 700");
    world.click_on("oatmeal").requests_nothing();
    assert_eq!(world.selected(), "07:40 oatmeal 350");
    world.click_on("Dinner");
    assert_eq!(world.selected_line(), "> Dinner 700");
    // The totals are no list.
    world.click_on("consumed");
    assert_eq!(world.selected_line(), "> Dinner 700");
}

#[test]
fn tabs_are_clicked_and_the_wheel_moves_by_three_lines() {
    let mut world = with_days(year());
    world.click_on("2 History");
    assert_eq!(world.shell().notice, None);
    let selected = |world: &World| {
        let screen = world.screen(80, 24);
        let line = screen.lines().find(|line| line.contains("│>")).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(selected(&world), "2026-11-23");
    world.wheel(Motion::Down);
    assert_eq!(selected(&world), "2026-11-20");
    world.wheel(Motion::Up);
    assert_eq!(selected(&world), "2026-11-23");
    world.click_on("2026-11-15");
    assert_eq!(selected(&world), "2026-11-15");
    for tab in ["3 Trends", "4 Suggestions", "5 Profile", "1 Today"] {
        world.click_on(tab);
    }
    assert_eq!(world.day(), "Monday 2026-11-23 today");
}

#[test]
fn a_day_of_a_chart_or_of_the_calendar_is_clicked() {
    let mut world = with_days(year());
    world.type_in("3[");
    // The newest bar, at the right.
    world.click_on("Mon");
    let day = world.day();
    assert!(day.starts_with("Monday 2026-11-23"), "{day}");

    world.resize(120, 40).type_in("2").click_on("▒▒");
    let screen = world.screen(120, 40);
    let selected = screen.lines().find(|line| line.contains("│>")).unwrap();
    assert!(!selected.contains(&today().to_string()), "{selected}");

    world.type_in("1t").click_on("Sun ");
    assert_eq!(world.loading().date, today() + jiff::Span::new().days(6));
}

#[test]
fn a_click_in_a_dialog_chooses_its_line_and_what_lies_below_stays_as_it_is() {
    let mut world = three();
    world.type_in(":").click_on("Copy the whole day");
    let selected = world.dialog().selected();
    assert!(selected.starts_with("Copy the whole day"), "{selected}");
    world.click_on("1 Today");
    assert!(world.has_dialog());
    world.wheel(Motion::Up);
    assert!(!world.dialog().selected().contains("whole day"));
}

//! Logging an entry again.

use caltrack_domain::LogCommand;

use crate::{
    entries::{entry, today, totals, yesterday},
    world::World,
};

#[test]
fn r_logs_the_selected_entry_again_now_as_one_step() {
    let mut world = World::with(
        &[entry("1", "Breakfast", 350).named("oatmeal")],
        &totals(350, 0, 1),
    );
    world.type_in("r");
    let [LogCommand::Create(new)] = world.step() else {
        panic!("one create");
    };
    assert_ne!(new.id, "1");
    assert_eq!(
        (new.entry.kcal, new.entry.name.as_deref(), new.entry.kind.as_str()),
        (350, Some("oatmeal"), "Breakfast")
    );
    assert_eq!((new.entry.date, new.entry.note.as_deref()), (today(), None));
    assert_eq!(world.rows(), ["08:10 oatmeal 350", "> 12:30 saving… oatmeal 350"]);
}

#[test]
fn an_entry_of_another_day_is_logged_today() {
    let mut world = World::with(&[], &totals(0, 0, 1));
    world.type_in("h");
    world.answer_day(&[entry("1", "Dinner", 700).on(yesterday())], &totals(700, 0, 1));
    world.type_in("r");
    let [LogCommand::Create(new)] = world.step() else {
        panic!("one create");
    };
    assert_eq!((new.entry.date, new.entry.kcal), (today(), 700));
}

#[test]
fn without_a_selection_nothing_is_logged() {
    let mut world = World::today();
    world.type_in("r").requests_nothing();
    assert_eq!(world.notice(), "nothing is selected; press a to add an entry");
}

/// The list of `R` with what the copy of the log has.
fn repeating(days: Vec<(jiff::civil::Date, Vec<crate::entries::Entry>)>) -> World {
    let mut world = World::today();
    world.type_in("R");
    world.answer_days(days);
    world
}

#[test]
fn yesterdays_same_meal_is_logged_by_two_keys_as_one_step() {
    // It is 12:30: lunch.
    let lunch = [
        entry("1", "Lunch", 650)
            .named("curry")
            .on(yesterday())
            .noted("with Ada"),
        entry("2", "Lunch", 200).named("rice").on(yesterday()),
        entry("3", "Dinner", 700).named("pizza").on(yesterday()),
    ];
    let mut world = repeating(vec![(yesterday(), lunch.to_vec()), (today(), Vec::new())]);
    assert_eq!(world.dialog().title, "Repeat");
    assert_eq!(
        world.dialog().selected(),
        "Lunch      yesterday    850  curry, rice"
    );
    world.enter();
    let [LogCommand::Create(first), LogCommand::Create(second)] = world.step() else {
        panic!("two creates");
    };
    assert_eq!((first.entry.date, first.entry.note.as_deref()), (today(), None));
    assert_eq!((first.entry.kcal, second.entry.kcal), (650, 200));
    assert_eq!(first.entry.moment, second.entry.moment);
    assert!(first.id < second.id && !world.has_dialog());
}

#[test]
fn arrows_pick_another_meal_or_the_whole_day() {
    let day = [
        entry("1", "Lunch", 650).on(yesterday()),
        entry("2", "Run", 300).named("park").on(yesterday()),
    ];
    let mut world = repeating(vec![(yesterday(), day.to_vec()), (today(), Vec::new())]);
    world.type_in("j");
    assert_eq!(
        world.dialog().selected(),
        "Whole day  yesterday    350  Lunch, park"
    );
    world.enter();
    assert_eq!(world.step().len(), 2);
}

#[test]
fn what_is_queued_is_offered_too_and_nothing_where_nothing_was_logged() {
    let mut world = repeating(vec![(today(), Vec::new())]);
    assert!(world.dialog().lines[0].contains("Nothing was logged"));
    world.enter().requests_nothing();
    world.hit(crate::world::Code::Esc);
    world.type_in("a").type_in("-1d lunch 640 stew").enter();
    world.carry_out_next();
    world.type_in("R");
    world.answer_days(vec![(yesterday(), Vec::new()), (today(), Vec::new())]);
    assert_eq!(world.dialog().selected(), "Lunch      yesterday    640  Stew");
}

#[test]
fn a_day_of_the_history_is_copied_and_pasted_on_another() {
    let mut world = World::today();
    world.type_in("2y");
    world.answer_days(vec![(today(), vec![entry("1", "Lunch", 650).named("soup")])]);
    assert_eq!(world.copied_text(), "Lunch: soup 650 kcal\n");
    world.type_in("1p");
    assert_eq!(world.step().len(), 1);
}

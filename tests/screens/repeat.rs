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

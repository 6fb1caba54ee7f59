//! Marked entries: what is done to all of them is one step.

use caltrack_domain::LogCommand;
use rstest::rstest;

use crate::{
    entries::{Entry, entry, today, totals, yesterday},
    world::{Code, World},
};

fn day() -> [Entry; 3] {
    [
        entry("1", "Breakfast", 350).named("oatmeal"),
        entry("2", "Lunch", 650).named("soup").at("12:05"),
        entry("3", "Snacks", 90).at("12:10"),
    ]
}

/// The first two of three entries are marked.
fn marked() -> World {
    let mut world = World::with(&day(), &totals(1090, 0, 3));
    world.type_in("gj  ");
    world
}

fn ids(commands: &[LogCommand]) -> Vec<&str> {
    commands.iter().map(LogCommand::id).collect()
}

#[test]
fn space_marks_an_entry_and_goes_on_and_esc_takes_the_marks_off() {
    let mut world = marked();
    assert_eq!(
        world.rows(),
        ["* 08:10 oatmeal 350", "* 12:05 soup 650", "> 12:10 Snacks 90"]
    );
    assert_eq!(world.count(), "3 entries, 2 marked");
    world.type_in("kk ");
    assert_eq!(world.rows()[1], "12:05 soup 650");
    world.type_in("kk ");
    world.type_in("kk");
    assert_eq!(world.rows()[1], "*> 12:05 soup 650");
    world.hit(Code::Esc);
    assert_eq!(world.count(), "3 entries");
}

#[test]
fn d_deletes_all_marked_entries_as_one_step_which_one_undo_takes_back() {
    let mut world = marked();
    world.type_in("d");
    assert_eq!(ids(world.step()), ["1", "2"]);
    assert!(
        world
            .step()
            .iter()
            .all(|command| matches!(command, LogCommand::Delete(_)))
    );
    world.carry_out_next();
    assert_eq!(
        world.notice(),
        "deleted Breakfast 350 kcal (oatmeal) and 1 more · u takes it back"
    );
    world.type_in("u");
    assert_eq!(world.rows().len(), 3);
    assert!(world.rows().iter().all(|row| !row.contains("deleting")));
}

#[test]
fn y_copies_marked_entries_which_p_logs_on_the_shown_day_at_their_times() {
    let mut world = marked();
    world.type_in("y");
    assert_eq!(
        world.copied_text(),
        "Breakfast: oatmeal 350 kcal\nLunch: soup 650 kcal\n"
    );
    assert_eq!(
        world.notice(),
        "copied Breakfast 350 kcal (oatmeal) and 1 more; p pastes on the shown day"
    );
    assert_eq!(world.count(), "3 entries");
    world.type_in("h");
    world.answer_day(&[], &totals(0, 0, 1));
    world.type_in("p");
    let [LogCommand::Create(first), LogCommand::Create(second)] = world.step() else {
        panic!("two creates");
    };
    assert_eq!((first.entry.date, second.entry.date), (yesterday(), yesterday()));
    assert!(first.id < second.id);
    assert_eq!(
        world.rows(),
        ["08:10 saving… oatmeal 350", "> 12:05 saving… soup 650"]
    );
}

#[test]
fn without_marks_the_selected_entry_is_copied_and_a_whole_day_by_its_own_key() {
    let mut world = World::with(&day(), &totals(1090, 0, 3));
    world.type_in("gyp");
    assert_eq!(world.step().len(), 1);
    world.carry_out_next();
    world.type_in("Y");
    assert_eq!(world.copied_text().lines().count(), 4);
    world.type_in("p");
    assert_eq!(world.step().len(), 4);
}

#[test]
fn marked_entries_move_to_another_day_at_their_times() {
    let mut world = marked();
    world.type_in("M");
    assert_eq!(world.dialog().title, "Move to another day");
    world.type_in("someday").enter();
    assert!(world.dialog().lines.join(" ").contains("someday"));
    world.retype("yesterday");
    assert!(world.dialog().lines.join(" ").contains("Sunday 2026-11-22"));
    world.enter();
    assert_eq!(ids(world.step()), ["1", "2"]);
    let moved = world.step().iter().all(|command| match command {
        LogCommand::Update { patch, .. } => patch.date == Some(yesterday()) && patch.moment.is_some(),
        _ => false,
    });
    assert!(moved, "{:?}", world.step());
    assert_eq!(world.rows(), ["> 12:10 Snacks 90"]);
    world.carry_out_next();
    assert!(
        world.notice().contains("on 2026-11-22 and 1 more"),
        "{}",
        world.notice()
    );
}

#[test]
fn marked_entries_get_another_type_that_all_their_categories_have() {
    let mut world = marked();
    world.type_in("c");
    assert_eq!(world.dialog().title, "Change the type");
    world.type_in("dinn").enter();
    let dinner = world.step().iter().all(|command| match command {
        LogCommand::Update { patch, .. } => patch.kind.as_deref() == Some("Dinner"),
        _ => false,
    });
    assert!(dinner, "{:?}", world.step());
}

#[rstest]
#[case::deleting('d')]
#[case::moving('M')]
#[case::changing_the_type('c')]
#[case::copying('y')]
fn nothing_happens_without_entries(#[case] key: char) {
    let mut world = World::today();
    world.type_in(&key.to_string()).requests_nothing();
    assert!(!world.has_dialog());
    assert_eq!(world.notice(), "nothing is selected; press a to add an entry");
}

#[test]
fn nothing_is_pasted_before_something_is_copied() {
    let mut world = World::with(&day(), &totals(1090, 0, 3));
    world.type_in("p").requests_nothing();
    assert_eq!(
        world.notice(),
        "nothing is copied; y copies the marked or the selected entries"
    );
}

#[test]
fn entries_without_a_common_type_are_not_changed_together() {
    let run = entry("4", "Run", 300).at("12:15");
    let mut entries = day().to_vec();
    entries.push(run);
    let mut world = World::with(&entries, &totals(1090, 300, 4));
    world.type_in("g    ").type_in("c");
    assert!(!world.has_dialog());
    assert!(world.notice().contains("no type in common"));
}

#[test]
fn r_logs_all_marked_entries_again() {
    let mut world = marked();
    world.type_in("r");
    let [LogCommand::Create(first), LogCommand::Create(second)] = world.step() else {
        panic!("two creates");
    };
    assert_eq!((first.entry.kcal, second.entry.kcal), (350, 650));
    assert_eq!(first.entry.date, today());
}

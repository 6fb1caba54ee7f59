//! The form's day, time and note.

use rstest::rstest;

use crate::{
    entries::{Entry, entry, totals},
    world::{Code, FailureKind, World},
};

/// A form of a new entry, with `Lunch` and 650 kcal in it and the cursor in kcal.
fn adding() -> World {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab).enter().enter().type_in("650");
    world
}

/// A form of an entry of 08:10 with a note of two lines, with the cursor in kcal.
fn editing() -> (World, Entry) {
    let entry = entry("1", "Lunch", 650).at("08:10:42.123").noted("first\nsecond");
    let mut world = World::with(std::slice::from_ref(&entry), &totals(650, 0, 1));
    world.type_in("e");
    (world, entry)
}

/// An entry that leaves the list must be found again.
#[rstest]
#[case::another_day("2026-11-20", "saved Lunch 650 kcal on 2026-11-20 · u takes it back")]
#[case::far_away("2062-01-01", "saved Lunch 650 kcal on 2062-01-01 · u takes it back")]
fn a_save_to_another_day_names_the_day(#[case] day: &str, #[case] notice: &str) {
    let (mut world, before) = editing();
    world.tabs(2).retype(day).enter();
    let (request, edit) = world.updating();
    world.saved(request, &edit.applied_to(&before));
    assert_eq!(world.notice(), notice);
    assert_eq!(world.count(), "0 entries");
}

/// `12` portions where `2` were meant would be logged in silence.
#[test]
fn a_typed_figure_replaces_the_one_that_is_there_and_words_are_added() {
    let bowl = entry("1", "Lunch", 650).named("soup").amount(1.0, "bowl");
    let mut world = World::with(&[bowl], &totals(650, 0, 1));
    world.type_in("e").type_in("700");
    assert_eq!(world.dialog().field("kcal"), "700");
    world.tabs(1).type_in("s").tabs(4).type_in("2");
    assert_eq!(world.dialog().field("Name"), "soups");
    assert_eq!(world.dialog().field("Quantity"), "2");
    // Any other key edits.
    world.tabs(8).hit(Code::Backspace).type_in(".5");
    assert_eq!(world.dialog().field("Name"), "soup.5");
    world.tabs(4).hit(Code::End).type_in(".5");
    assert_eq!(world.dialog().field("Quantity"), "2.5");
}

#[test]
fn the_day_that_is_shown_is_no_change() {
    let (mut world, _) = editing();
    world.tabs(2).retype("2026-11-23").enter().requests_nothing();
    assert_eq!(world.notice(), "nothing was changed");
}

#[rstest]
#[case::now("", "", "2026-11-23T12:30:00Z")]
#[case::earlier("", "7:30", "2026-11-23T07:30:00Z")]
#[case::yesterday_at_this_time("yesterday", "", "2026-11-22T12:30:00Z")]
#[case::yesterday_morning("-1d", "07:30", "2026-11-22T07:30:00Z")]
#[case::last_friday("fri", "7:30am", "2026-11-20T07:30:00Z")]
#[case::tomorrow("tomorrow", "", "2026-11-24T12:30:00Z")]
fn a_new_entry_has_the_typed_day_and_time(#[case] day: &str, #[case] time: &str, #[case] moment: &str) {
    let mut world = adding();
    world.tabs(2);
    if !day.is_empty() {
        world.retype(day);
    }
    world.tabs(1).type_in(time);
    world.tabs(1).type_in("with a view").enter();
    let (_, new) = world.created();
    assert_eq!(new.moment.to_string(), moment);
    assert_eq!(new.note.as_deref(), Some("with a view"));
    assert_eq!(new.date, new.moment.to_zoned(jiff::tz::TimeZone::UTC).date());
}

#[test]
fn a_repeated_attempt_has_the_time_of_the_first() {
    let mut world = adding();
    world.enter();
    let (request, first) = world.created();
    world.failed(request, FailureKind::Busy, "busy");
    world.clock("2026-11-23T12:35:00").enter();
    let (request, second) = world.created();
    assert_eq!(second, first);
    world.failed(request, FailureKind::Busy, "busy");
    world.tabs(2).retype("yesterday").enter();
    assert_eq!(world.created().1.moment.to_string(), "2026-11-22T12:30:00Z");
}

#[test]
fn an_edit_of_another_field_leaves_day_moment_and_note_alone() {
    let (mut world, _) = editing();
    let form = world.dialog();
    assert_eq!(form.field("Time"), "08:10");
    assert_eq!(form.field("Note"), "first second");
    world.retype("700").enter();
    let (_, edit) = world.updating();
    assert_eq!(edit.kcal, Some(700));
    assert_eq!((edit.date, edit.moment, edit.note), (None, None, None));
}

#[test]
fn another_day_keeps_the_time_of_day_and_undo_brings_both_back() {
    let (mut world, before) = editing();
    world.tabs(2).retype("2026-11-20").enter();
    let (request, edit) = world.updating();
    assert_eq!(edit.date.unwrap().to_string(), "2026-11-20");
    assert_eq!(edit.moment.unwrap().to_string(), "2026-11-20T08:10:42.123Z");
    world.saved(request, &edit.applied_to(&before)).type_in("u");
    let (_, back) = world.updating();
    assert_eq!((back.date, back.moment), (Some(before.date), Some(before.moment)));
}

#[rstest]
#[case::another("19:05", Some("2026-11-23T19:05:00Z"))]
#[case::blank("", None)]
#[case::the_same("08:10", None)]
fn a_typed_time_is_on_the_entrys_day(#[case] time: &str, #[case] moment: Option<&str>) {
    let (mut world, _) = editing();
    world.retype("700").tabs(3).retype(time).enter();
    let (_, edit) = world.updating();
    let changed = edit.moment.map(|moment| moment.to_string());
    assert_eq!((edit.date, changed.as_deref()), (None, moment));
}

#[test]
fn a_note_can_be_changed_and_removed() {
    for (text, note) in [("short", Some("short")), ("", None)] {
        let (mut world, _) = editing();
        world.tabs(4).retype(text).enter();
        assert_eq!(world.updating().1.note, Some(note.map(str::to_owned)));
    }
}

#[rstest]
#[case::no_hour(3, "25:00", "Time 25:00", "`25:00` is not a time of day")]
#[case::a_word(3, "soon", "Time soon", "times are `07:30`")]
#[case::half_a_minute(3, "7:5", "Time 7:5", "is it `7:05` or `7:50`?")]
#[case::a_long_note(4, &"x".repeat(2_001), "Note xxxx", "at most 2000 are allowed")]
fn an_invalid_value_stays_with_the_reason(
    #[case] tabs: usize,
    #[case] typed: &str,
    #[case] focus: &str,
    #[case] message: &str,
) {
    let mut world = adding();
    world.tabs(tabs).paste(typed).enter().requests_nothing();
    let form = world.dialog();
    assert!(form.focus().starts_with(focus), "{form:?}");
    assert!(form.message().contains(message), "{form:?}");
}

#[test]
fn a_note_and_a_time_of_another_program_show_in_an_open_form() {
    let (mut world, before) = editing();
    world.retype("700");
    world.updated_elsewhere(&before.rev(2).noted("theirs").at("09:00"));
    let form = world.dialog();
    assert_eq!(
        ["kcal", "Time", "Note"].map(|label| form.field(label)),
        ["700", "09:00", "theirs"]
    );
    world.enter();
    let (_, edit) = world.updating();
    assert_eq!((edit.kcal, edit.moment, edit.note), (Some(700), None, None));
}

#[test]
fn the_smallest_screen_shows_the_field_with_the_cursor_and_what_is_wrong() {
    let (mut world, _) = editing();
    world.hit(Code::BackTab).hit(Code::BackTab);
    for label in ["Category", "Type", "kcal", "Name", "Day", "Time", "Note"] {
        let picture = world.picture(40, 10);
        let focus = picture.dialog().unwrap().focus();
        assert!(focus.starts_with(label), "{label}:\n{picture}");
        world.hit(Code::Tab);
    }
    world.hit(Code::BackTab).hit(Code::BackTab);
    world.retype("soon").enter();
    insta::assert_snapshot!(world.screen(40, 10));
}

#[rstest]
#[case::follows_the_typed_time(false, "Breakfast")]
#[case::stays_if_it_was_chosen(true, "Dinner")]
fn the_meal_of_a_new_entry_follows_the_typed_time(#[case] is_chosen: bool, #[case] kind: &str) {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab).enter();
    if is_chosen {
        world.type_in("dinner");
    }
    world.enter().type_in("650").tabs(3).type_in("7:30").enter();
    let (_, new) = world.created();
    assert_eq!((new.kind.as_str(), new.kcal), (kind, 650));
}

#[test]
fn a_line_comes_back_with_its_text_after_a_look_at_the_form() {
    let mut world = World::today();
    world.type_in("a").type_in("lunch 650 soup").hit(Code::Tab);
    world.hit(Code::Esc);
    world.type_in("a");
    assert_eq!(world.dialog().typed(), "lunch 650 soup");
    // What is changed in the form is the draft.
    world.hit(Code::Tab);
    world.tabs(2).retype("700").hit(Code::Esc);
    world.type_in("a");
    assert_eq!(world.dialog().field("kcal"), "700");
}

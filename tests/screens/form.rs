//! The form's day, time and note.

use caltrack_domain::{Activity, Entry};
use caltrack_tui::app::{Code, Effect, FailureKind, Key, Message, dialog::Dialog, form::Field};
use rstest::rstest;

use crate::world::{World, activity, now, totals};

/// A form of a new entry, with `Lunch` and 650 kcal in it and the cursor in kcal.
fn adding() -> World {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab).enter().enter().type_in("650");
    world
}

/// A form of an entry of 08:10 with a note of two lines, with the cursor in kcal.
fn editing() -> (World, Activity) {
    let mut entry = activity("1", "Lunch", 650);
    entry.entry.moment = "2026-11-23T08:10:42.123Z".parse().unwrap();
    entry.entry.note = Some("first\nsecond".into());
    let mut world = World::with(&[entry.clone()], &totals(650, 0, 1));
    world.type_in("e");
    (world, entry)
}

fn tabs(world: &mut World, count: usize) -> &mut World {
    for _ in 0..count {
        world.hit(Code::Tab);
    }
    world
}

/// An entry that leaves the list must be found again.
#[rstest]
#[case::another_day("2026-11-20", "saved Lunch 650 kcal on 2026-11-20")]
#[case::far_away("2062-01-01", "saved Lunch 650 kcal on 2062-01-01")]
#[case::the_day_on_the_screen("2026-11-23", "nothing was changed")]
fn a_save_to_another_day_names_it(#[case] day: &str, #[case] says: &str) {
    let (mut world, before) = editing();
    tabs(&mut world, 2);
    retype(&mut world, day).enter();
    if let [Effect::Update { request, patch, .. }] = world.effects.as_slice() {
        let after = Activity {
            rev: 2,
            entry: before.entry.edited(patch),
            ..before
        };
        let request = *request;
        world.saved(request, after);
    }
    world.shows(says);
}

/// Replaces the text of the field with the cursor.
fn retype<'a>(world: &'a mut World, text: &str) -> &'a mut World {
    world.press(Key::ctrl('a')).press(Key::ctrl('k')).type_in(text)
}

fn edit(world: &World) -> caltrack_domain::ActivityPatch {
    match world.only() {
        Effect::Update { patch, .. } => patch,
        other => panic!("expected an edit, not {other:?}"),
    }
}

fn problem(world: &World) -> Option<Field> {
    match world.state.dialogs.last() {
        Some(Dialog::Form(form)) => form.problem.as_ref().and_then(|(field, _)| *field),
        other => panic!("expected the form, not {other:?}"),
    }
}

#[rstest]
#[case::now("", "", "2026-11-23T12:30:00Z")]
#[case::earlier("", "7:30", "2026-11-23T07:30:00Z")]
#[case::yesterday_at_this_time("yesterday", "", "2026-11-22T12:30:00Z")]
#[case::yesterday_morning("-1d", "07:30", "2026-11-22T07:30:00Z")]
#[case::last_friday("fri", "7:30am", "2026-11-20T07:30:00Z")]
#[case::tomorrow("tomorrow", "", "2026-11-24T12:30:00Z")]
fn a_new_entry_is_of_its_day_and_time(#[case] day: &str, #[case] time: &str, #[case] moment: &str) {
    let mut world = adding();
    tabs(&mut world, 2);
    if !day.is_empty() {
        retype(&mut world, day);
    }
    tabs(&mut world, 1).type_in(time);
    tabs(&mut world, 1).type_in("with a view").enter();
    let (_, new) = world.created();
    assert_eq!(new.entry.moment.to_string(), moment);
    assert_eq!(new.entry.note.as_deref(), Some("with a view"));
    assert_eq!(
        new.entry.date,
        new.entry.moment.to_zoned(jiff::tz::TimeZone::UTC).date()
    );
}

#[test]
fn a_repeated_attempt_is_of_the_first_ones_time() {
    let mut world = adding();
    world.enter();
    let (request, first) = world.created();
    world.failed(request, FailureKind::Busy, "busy");
    let later = now().saturating_add(jiff::SignedDuration::from_mins(5));
    world.send(Message::Clock(later)).enter();
    let (request, second) = world.created();
    assert_eq!(second, first);
    world.failed(request, FailureKind::Busy, "busy");
    tabs(&mut world, 2);
    retype(&mut world, "yesterday").enter();
    assert_eq!(world.created().1.entry.moment.to_string(), "2026-11-22T12:30:00Z");
}

#[test]
fn an_edit_of_something_else_leaves_day_moment_and_note_alone() {
    let (mut world, _) = editing();
    world.shows("08:10").shows("first second");
    retype(&mut world, "700").enter();
    let patch = edit(&world);
    assert_eq!(patch.kcal, Some(700));
    assert_eq!((patch.date, patch.moment, patch.note), (None, None, None));
}

#[test]
fn another_day_keeps_the_time_of_day_and_undo_brings_both_back() {
    let (mut world, before) = editing();
    tabs(&mut world, 2);
    retype(&mut world, "2026-11-20").enter();
    let patch = edit(&world);
    assert_eq!(
        patch.date.map(|date| date.to_string()).as_deref(),
        Some("2026-11-20")
    );
    assert_eq!(
        patch.moment.map(|moment| moment.to_string()).as_deref(),
        Some("2026-11-20T08:10:42.123Z")
    );
    let Effect::Update { request, .. } = world.only() else {
        panic!()
    };
    let after = Activity {
        rev: 2,
        entry: before.entry.edited(&patch),
        ..before.clone()
    };
    world.saved(request, after).type_in("u");
    let back = edit(&world);
    assert_eq!(
        (back.date, back.moment),
        (Some(before.entry.date), Some(before.entry.moment))
    );
}

#[rstest]
#[case::another("19:05", Some("2026-11-23T19:05:00Z"))]
#[case::blank("", None)]
#[case::the_same("08:10", None)]
fn another_time_is_of_the_entrys_day(#[case] time: &str, #[case] moment: Option<&str>) {
    let (mut world, _) = editing();
    retype(&mut world, "700");
    tabs(&mut world, 3);
    retype(&mut world, time).enter();
    let patch = edit(&world);
    let changed = patch.moment.map(|moment| moment.to_string());
    assert_eq!((patch.date, changed.as_deref()), (None, moment));
}

#[test]
fn a_note_can_be_changed_and_removed() {
    for (text, note) in [("short", Some("short")), ("", None)] {
        let (mut world, _) = editing();
        tabs(&mut world, 4);
        retype(&mut world, text).enter();
        assert_eq!(edit(&world).note, Some(note.map(str::to_owned)));
    }
}

#[test]
fn what_cannot_be_stays_with_the_reason() {
    for (field, typed, says) in [
        (Field::Time, "25:00".to_owned(), "25:00"),
        (Field::Time, "soon".to_owned(), "times are `07:30`"),
        (Field::Time, "7:5".to_owned(), "is it `7:05` or `7:50`?"),
        (Field::Note, "x".repeat(2_001), "2000"),
    ] {
        let mut world = adding();
        tabs(&mut world, if field == Field::Time { 3 } else { 4 });
        world.send(Message::Paste(typed)).enter();
        assert_eq!(world.effects, []);
        assert_eq!(problem(&world), Some(field));
        world.shows(says);
    }
}

#[test]
fn somebody_elses_note_and_time_show_in_an_open_form() {
    let (mut world, before) = editing();
    retype(&mut world, "700");
    let theirs = Activity {
        rev: 2,
        entry: Entry {
            note: Some("theirs".into()),
            moment: "2026-11-23T09:00:00Z".parse().unwrap(),
            ..before.entry
        },
        ..before
    };
    world.send(Message::LiveActivity(
        caltrack_tui::app::ChangeKind::Updated,
        theirs,
    ));
    world.shows("theirs").shows("09:00").enter();
    let patch = edit(&world);
    assert_eq!((patch.kcal, patch.moment, patch.note), (Some(700), None, None));
}

#[test]
fn the_smallest_screen_shows_the_field_with_the_cursor_and_what_is_wrong() {
    let (mut world, _) = editing();
    world.hit(Code::BackTab).hit(Code::BackTab);
    for label in ["Category", "Type", "kcal", "Name", "Day", "Time", "Note"] {
        let screen = world.screen(40, 10);
        assert!(screen.contains(&format!("> {label}")), "{label}:\n{screen}");
        world.hit(Code::Tab);
    }
    world.hit(Code::BackTab).hit(Code::BackTab);
    retype(&mut world, "soon").enter();
    insta::assert_snapshot!(world.screen(40, 10));
}

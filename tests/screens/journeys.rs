//! From the first start to a logged meal.

use rstest::rstest;

use crate::{
    entries::{entry, today, totals},
    pool::{command, signed_in},
    world::{Code, FailureKind, Setup, World},
};

#[test]
fn enter_starts_on_this_computer_and_opens_today() {
    let mut world = Setup::new().start();
    world.requests_nothing();
    assert_eq!(
        world.choices(),
        [
            "> Press Enter to start on this computer",
            "Sign in",
            "Create an account",
            "Forgotten password"
        ]
    );
    assert_eq!(world.start_message(), "profile local");
    world.enter();
    let (request, question) = world.account_command();
    assert_eq!(question, command::start_here());
    assert_eq!(world.start_message(), "One moment: opening your account…");
    // A second Enter starts nothing.
    world.enter().requests_nothing();
    world.answer_to(request, signed_in("local"));
    assert!(world.connects_first());
    assert_eq!(
        world.header(),
        "1 Today | 2 History | 3 Trends | 4 Suggestions | 5 Profile | local | ◌ connecting"
    );
    assert_eq!(world.placeholder(), "Loading the day…");
    assert_eq!(world.load().unwrap().date, today());
}

#[test]
fn a_failed_start_reports_why_and_can_be_tried_again() {
    let mut world = Setup::new().start();
    world.enter();
    assert_eq!(world.account_command().1, command::start_here());
    world.refuse(FailureKind::Storage, "the data directory is read-only");
    assert_eq!(
        world.start_message(),
        "the data directory is read-only; nothing is lost; run `caltrack-tui doctor`"
    );
    world.enter();
    assert_eq!(world.account_command().1, command::start_here());
}

#[test]
fn a_line_and_enter_log_a_meal_and_the_backend_alone_changes_the_totals() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    assert_eq!(
        (new.category.as_str(), new.kind.as_str(), new.kcal, new.date),
        ("Food", "Lunch", 650, today())
    );
    assert_eq!(world.rows(), ["> 12:30 saving… Lunch 650"]);
    assert_eq!(world.total("consumed"), "0");
    world.saved(request, &new.rev(1));
    assert_eq!(world.rows(), ["> 12:30 Lunch 650"]);
    assert_eq!(world.notice(), "logged Lunch 650 kcal · u takes it back");
    assert_eq!(world.total("consumed"), "0");
    world.live_totals(650, 1);
    assert_eq!(
        world.totals(),
        "remaining 1350 consumed 650 burned 0 net 650 target 2000"
    );
    assert_eq!(world.load(), None);
}

#[test]
fn exercise_is_burned_and_raises_what_remains() {
    let mut world = World::today();
    let (request, new) = world.log("run 300");
    assert_eq!((new.category.as_str(), new.kind.as_str()), ("Exercise", "Run"));
    assert_eq!(
        world.totals(),
        "remaining 2300 consumed 0 burned 0 (+300 queued) net -300 target 2000"
    );
    world.saved(request, &new.rev(1));
    world.publish("sub-alice", &totals(650, 300, 2));
    assert_eq!(
        world.totals(),
        "remaining 1650 consumed 650 burned 300 net 350 target 2000"
    );
}

#[test]
fn the_form_goes_from_category_to_type_to_kcal() {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab);
    assert_eq!(world.dialog().title, "Add an entry");
    assert_eq!(world.dialog().focus(), "Category Food");
    assert_eq!(world.dialog().options(), ["Drink", "Exercise", "> Food"]);
    world.type_in("exer").enter();
    assert_eq!(world.dialog().options(), ["> Walk", "Run", "Cardio", "Weights"]);
    world.hit(Code::Down).enter().type_in("300").enter();
    let (_, new) = world.created();
    assert_eq!(
        (new.category.as_str(), new.kind.as_str(), new.kcal),
        ("Exercise", "Run", 300)
    );
}

#[test]
fn tab_takes_the_line_into_the_form() {
    let mut world = World::today();
    world.type_in("a").type_in("dinner 700 soup").hit(Code::Tab);
    world.enter().enter().enter();
    let (_, new) = world.created();
    assert_eq!(
        (new.kind.as_str(), new.kcal, new.name.as_deref()),
        ("Dinner", 700, Some("Soup"))
    );
}

#[rstest]
#[case::negative(
    "lunch -5",
    "`-5` is negative; write how much it was, as in `2 eggs` or `lunch 650`"
)]
#[case::huge(
    "lunch 1000000000000",
    "1000000000000 kcal is more than one entry can have; an entry has up to 5,000 kcal and 24 h in this line"
)]
#[case::no_number("lunch", "how many kcal? try `lunch 650`")]
#[case::empty("", "how many kcal? try `lunch 650`, `2 eggs` or `run 30m`")]
#[case::unknown_type(
    "lnch 650",
    "did you mean `lunch 650`? a name like `lnch` needs a type in front, as in `lunch: lnch 650`"
)]
fn an_invalid_line_is_refused_with_its_text_kept(#[case] line: &str, #[case] message: &str) {
    let mut world = World::today();
    world.type_in("a").type_in(line).enter();
    world.requests_nothing();
    assert_eq!(world.dialog().typed(), line);
    assert_eq!(world.dialog().message(), message);
}

#[test]
fn an_unknown_category_is_answered_with_the_nearest_one() {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab).type_in("foox").enter();
    world.requests_nothing();
    assert_eq!(
        world.dialog().message(),
        "no category `foox`; did you mean `Food`?"
    );
}

#[rstest]
#[case::negative("-1", "`-1` is negative; kcal are 0 to 99999")]
#[case::text("lots", "`lots` is not a number of kcal; try `650` or `130*4`")]
#[case::empty("", "how many kcal? A whole number from 0 to 99999")]
#[case::huge(
    "1000000000000",
    "`1000000000000` is too much for one entry; kcal are 0 to 99999"
)]
fn invalid_kcal_stay_in_the_form_with_a_reason(#[case] kcal: &str, #[case] message: &str) {
    let mut world = World::today();
    world
        .type_in("a")
        .hit(Code::Tab)
        .enter()
        .enter()
        .type_in(kcal)
        .enter()
        .requests_nothing();
    assert_eq!(world.dialog().focus(), format!("kcal {kcal}").trim());
    assert_eq!(world.dialog().message(), message);
}

#[test]
fn an_invalid_date_stays_in_the_form_with_a_reason() {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world
        .type_in("e")
        .tabs(2)
        .retype("2026-02-30")
        .enter()
        .requests_nothing();
    assert_eq!(world.dialog().title, "Edit entry");
    assert_eq!(world.dialog().focus(), "Day 2026-02-30");
    assert_eq!(
        world.dialog().message(),
        "`2026-02-30` is not a day of the calendar"
    );
}

#[test]
fn a_name_of_ten_kilobytes_is_refused_and_kept() {
    let mut world = World::today();
    world
        .type_in("a")
        .paste(&format!("lunch 650 {}", "x".repeat(10_240)))
        .enter()
        .requests_nothing();
    assert_eq!(
        world.dialog().message(),
        "the line is too long; it can have 2,000 characters and 40 items"
    );
    assert!(world.dialog().typed().ends_with("xxxx"));
    world.hit(Code::Home);
    assert!(world.dialog().typed().starts_with("lunch 650 xxxx"));
    assert_eq!(world.draft().unwrap().len(), 10_250);
}

#[test]
fn the_first_frame_shows_what_is_cached() {
    let mut world = Setup::new()
        .signed_in("alice")
        .remembering(&[entry("1", "Lunch", 650)], &totals(650, 0, 1))
        .with_categories(None)
        .start();
    assert_eq!(world.load().unwrap().date, today());
    assert_eq!(world.total("consumed"), "650");
    assert_eq!(world.rows(), ["> 08:10 Lunch 650"]);
    assert_eq!(world.badge(), "◌ connecting");
    world.live().requests_nothing();
}

#[test]
fn quitting_and_suspending_work_everywhere() {
    for keys in ["", "a", "?", ":"] {
        let mut world = World::today();
        assert!(world.type_in(keys).ctrl('c').quits(), "{keys}");
        assert!(world.ctrl('z').suspends(), "{keys}");
    }
    let mut world = World::today();
    assert!(world.type_in("q").quits());
    assert!(world.terminate().quits());
}

#[test]
fn the_palette_finds_an_action_by_a_few_letters_and_runs_it() {
    let mut world = World::today();
    assert!(world.command("sign").signs_out());
    world.ctrl('p').type_in("prev").enter();
    assert_eq!(world.loading().date, crate::entries::yesterday());
    world.command("zzz").requests_nothing();
    assert_eq!(world.dialog().title, "Commands");
    assert_eq!(world.dialog().lines[..2], ["zzz", "no such command"]);
}

#[test]
fn the_help_scrolls_to_its_end_and_no_further() {
    let mut world = World::today();
    world.type_in("?");
    let help = world.dialog();
    assert_eq!(help.title, "Keys");
    assert_eq!(help.lines[0], "Today");
    assert!(help.lines[1].ends_with("Add an entry by one line"), "{help:?}");
    for _ in 0..1_000 {
        world.hit(Code::Down);
    }
    let end = world.dialog();
    let last = end.lines.last().unwrap();
    assert!(last.starts_with("Ctrl-C"), "{end:?}");
    // One line back, and the last but one is at the end.
    world.hit(Code::Up);
    assert_eq!(world.dialog().lines[1..], end.lines[..end.lines.len() - 1]);
    world.hit(Code::Esc);
    assert!(!world.has_dialog());
}

#[test]
fn the_badge_shows_the_state_of_the_connection() {
    let mut world = World::today();
    assert_eq!(world.live().badge(), "● live");
    assert_eq!(world.connecting().badge(), "◌ connecting");
    assert_eq!(world.polling().badge(), "◐ polling");
    assert_eq!(world.offline(Some("no route")).badge(), "○ offline");
    assert_eq!(world.notice(), "offline: no route");
}

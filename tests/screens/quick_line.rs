//! The quick line: what stands below it, choosing, the form, and what is usual at this hour.

use caltrack_domain::{Grams, LogCommand};
use rstest::rstest;

use crate::{
    entries::{entry, totals},
    world::{Code, World},
};

/// A line that is open with this text.
fn typed(line: &str) -> World {
    let mut world = World::today();
    world.type_in("a").type_in(line);
    world
}

/// Names, quantities, units and kcal of the entries that are saved as one step.
fn saved(world: &World) -> Vec<String> {
    let commands = world.step();
    let entry = |command: &LogCommand| {
        let LogCommand::Create(new) = command else {
            panic!("a create, not {command:?}");
        };
        let entry = &new.entry;
        let name = entry.name.as_deref().unwrap_or("-");
        let quantity = entry
            .quantity
            .map_or("-".to_owned(), |quantity| quantity.to_string());
        let unit = entry.unit.as_deref().unwrap_or("-");
        format!(
            "{} {} {name} {quantity} {unit} {}",
            entry.date, entry.kind, entry.kcal
        )
    };
    commands.iter().map(entry).collect()
}

#[test]
fn the_items_of_a_line_stand_below_it_and_are_logged_as_one_step_in_their_order() {
    let mut world = typed("yesterday dinner: 2 eggs, toast 60g # with Anna");
    assert_eq!(
        world.dialog().logs(),
        [
            "on Sunday 2026-11-22 · note: with Anna",
            "logs 143 kcal · Dinner · Food · Eggs · 2 eggs · p12.6 f9.5 c0.7",
            "+ 160 kcal · Dinner · Food · Toast · 60 g · p5.3 f2 c29.7"
        ]
    );
    world.enter();
    assert_eq!(
        saved(&world),
        [
            "2026-11-22 Dinner Eggs 2 egg 143",
            "2026-11-22 Dinner Toast 60 g 160"
        ]
    );
    let ids: Vec<String> = world
        .step()
        .iter()
        .map(|command| command.id().to_owned())
        .collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert!(!world.has_dialog());
}

#[test]
fn arrows_choose_another_reading() {
    let mut world = typed("run 100m");
    assert_eq!(
        world.dialog().readings()[..2],
        ["▸ Run 100 min 933 kcal", "Run 100 metres 7 kcal"]
    );
    world.hit(Code::Down);
    assert_eq!(
        world.dialog().logs()[0],
        "logs 7 kcal · Run · Exercise · Run · 100 metres"
    );
    world.hit(Code::Up).hit(Code::Down).enter();
    assert_eq!(saved(&world), ["2026-11-23 Run Run 100 metres 7"]);
}

#[test]
fn a_question_logs_nothing_until_a_reading_is_chosen() {
    let mut world = typed("lunch 1.200");
    assert_eq!(
        world.dialog().message(),
        "is `1.200` 1200 or 1.2? write one of them"
    );
    world.enter().requests_nothing();
    let mut world = typed("banana 2");
    assert_eq!(
        world.dialog().message(),
        "is that `2 Banana` or `Banana 2 kcal`? write one of them"
    );
    world.enter().requests_nothing();
    world.hit(Code::Down).enter();
    assert_eq!(saved(&world), ["2026-11-23 Lunch Banana 2 medium 210"]);
}

#[test]
fn tab_fills_the_form_with_all_of_the_line() {
    let mut world = typed("yesterday @07:30 150g rice # with Anna");
    world.hit(Code::Tab);
    let form = world.dialog();
    for (field, value) in [
        ("Category", "Food"),
        ("Type", "Breakfast"),
        ("kcal", "195"),
        ("Name", "Rice"),
        ("Day", "2026-11-22"),
        ("Time", "07:30"),
        ("Note", "with Anna"),
        ("Quantity", "150"),
        ("Unit", "g"),
        ("Protein", "4"),
    ] {
        assert_eq!(form.field(field), value, "{field}");
    }
    world.enter().enter().enter();
    assert_eq!(saved(&world), ["2026-11-22 Breakfast Rice 150 g 195"]);
    let LogCommand::Create(new) = &world.step()[0] else {
        panic!("a create")
    };
    assert_eq!(new.entry.food.as_deref(), Some("usda:NDB20045"));
    let tenths = [new.entry.fat, new.entry.carbohydrate].map(|grams| grams.map(Grams::tenths));
    assert_eq!(tenths, [Some(4), Some(423)]);
}

#[test]
fn kcal_and_macros_follow_the_quantity_unless_they_were_changed() {
    let mut world = typed("150g rice");
    world.hit(Code::Tab);
    for _ in 0..7 {
        world.hit(Code::Tab);
    }
    assert_eq!(world.dialog().focus(), "Quantity 150");
    world.retype("300");
    let form = world.dialog();
    assert_eq!(
        ["kcal", "Protein", "Carbs"].map(|field| form.field(field)),
        ["390", "8", "84.6"]
    );
    // kcal by hand stay.
    for _ in 0..5 {
        world.hit(Code::BackTab);
    }
    world.retype("400");
    for _ in 0..5 {
        world.hit(Code::Tab);
    }
    world.retype("75");
    let form = world.dialog();
    assert_eq!(["kcal", "Protein"].map(|field| form.field(field)), ["400", "2"]);
}

#[test]
fn a_form_holds_one_entry() {
    let mut world = typed("2 eggs, toast");
    world.hit(Code::Tab);
    assert_eq!(world.dialog().title, "Add to today");
    assert_eq!(
        world.dialog().message(),
        "the form holds one entry, and this line logs 2"
    );
}

#[test]
fn a_name_is_known_once_it_is_logged() {
    let mut world = World::today();
    let (request, new) = world.log("khinkali 300");
    world.saved(request, &new.rev(1));
    world.type_in("a").type_in("2 khinkali");
    assert_eq!(
        world.dialog().logs(),
        ["logs 600 kcal · Lunch · Food · khinkali · 2"]
    );
}

#[test]
fn an_empty_line_offers_the_usual_at_this_hour_and_enter_logs_it() {
    let mut world = World::today();
    // 12:30 is now; the others are of other hours.
    world.named(&[
        ("granola", 270, 7, 30),
        ("lentil curry special", 650, 12, 3),
        ("khinkali", 300, 19, 20),
    ]);
    world.type_in("a");
    assert_eq!(
        world.dialog().readings(),
        [
            "▸ lentil curry special 650 kcal",
            "granola 270 kcal",
            "khinkali 300 kcal"
        ]
    );
    world.enter();
    assert_eq!(saved(&world), ["2026-11-23 Lunch lentil curry special - - 650"]);
}

#[test]
fn nothing_is_preselected_that_was_never_logged_at_this_hour() {
    let mut world = World::today();
    world.named(&[("granola", 270, 7, 30)]);
    world.type_in("a");
    assert_eq!(world.dialog().readings(), ["granola 270 kcal"]);
    world.enter().requests_nothing();
    world.hit(Code::Down).enter();
    assert_eq!(saved(&world), ["2026-11-23 Lunch granola - - 270"]);
}

#[test]
fn activities_burn_by_the_usual_weight_until_one_is_known_and_say_so() {
    let mut world = typed("run 1h");
    assert_eq!(
        world.dialog().logs(),
        [
            "logs 560 kcal · Run · Exercise · Run · 1 h",
            "burned by 70 kg, until a weight is noted"
        ]
    );
    world.hit(Code::Esc);
    world.weighed(80.0);
    world.type_in("a");
    assert_eq!(
        world.dialog().logs(),
        ["logs 640 kcal · Run · Exercise · Run · 1 h"]
    );
}

/// Each says what would be understood, and keeps the text.
#[rstest]
#[case::no_portion("0 eggs", "`0 egg` is nothing")]
#[case::too_much("1000000000 g rice", "up to 5,000 kcal")]
#[case::another_measure("1l steak", "`l` does not measure Steak; try `2 Steak`")]
#[case::two_meals("breakfast dinner 500", "separate entries by a comma")]
#[case::unknown("שלום 🍕", "add its kcal, as in `שלום 🍕 350`")]
#[case::empty_item("2 eggs,,toast", "as in `2 eggs, toast`")]
fn a_line_that_is_not_understood_has_an_example(#[case] line: &str, #[case] says: &str) {
    let mut world = typed(line);
    let message = world.dialog().message();
    assert!(message.contains(says), "{message}");
    world.enter().requests_nothing();
    assert_eq!(world.draft().map(str::trim_end), Some(line));
}

#[test]
fn the_kcal_that_a_name_lacks_are_typed_behind_it() {
    let mut world = typed("khinkali");
    world.enter().requests_nothing();
    world.type_in("300");
    assert_eq!(world.draft(), Some("khinkali 300"));
    assert_eq!(world.dialog().logs(), ["logs 300 kcal · Lunch · Food · khinkali"]);
    // Another question leaves the line as it is.
    let mut world = typed("banana 2");
    world.enter().type_in("00");
    assert_eq!(world.draft(), Some("banana 200"));
}

#[rstest]
#[case::readings("readings", "run 100m")]
#[case::question("question", "banana 2")]
#[case::items("items", "yesterday dinner: 2 eggs, toast 60g, coffee # with Anna")]
#[case::usual("usual", "")]
fn picture_of_the_line(
    #[case] name: &str,
    #[case] line: &str,
    #[values((40, 12), (80, 24), (120, 40))] size: (u16, u16),
) {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world.named(&[("granola", 270, 12, 30), ("khinkali", 300, 19, 20)]);
    let (width, height) = size;
    world.resize(width, height);
    world.type_in("a").type_in(line);
    insta::assert_snapshot!(format!("{name}_{width}x{height}"), world.screen(width, height));
}

#[test]
fn a_name_that_another_program_has_logged_is_known_at_once() {
    let mut world = World::with(&[], &totals(0, 0, 1));
    world.created_elsewhere(&entry("9", "Dinner", 420).named("pierogi ruskie"));
    let (_, new) = world.log("pierogi ruskie");
    assert_eq!(new.kcal, 420);
}

#[test]
fn names_are_read_again_with_the_next_line_after_another_day_has_changed() {
    let mut world = World::today();
    world.type_in("a").requests_nothing();
    world.hit(Code::Esc);
    world.other_day_changed();
    world.type_in("a");
    assert!(world.loads_names());
    world.hit(Code::Esc).type_in("a").requests_nothing();
}

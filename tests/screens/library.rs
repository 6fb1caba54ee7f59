//! Favourites, own foods and recipes.

use caltrack_domain::outbox::Library;

use crate::{
    entries::{entry, totals},
    world::{Code, World},
};

fn dinner() -> World {
    World::with(
        &[
            entry("1", "Dinner", 800).named("mince"),
            entry("2", "Dinner", 400).named("beans").at("19:05"),
        ],
        &totals(1200, 0, 2),
    )
}

fn library(json: &str) -> Library {
    serde_json::from_str(json).unwrap()
}

#[test]
fn f_makes_the_selected_entry_a_favourite_that_the_line_knows_and_again_takes_it_off() {
    let mut world = dinner();
    world.type_in("gjf");
    assert_eq!(world.notice(), "mince is a favourite · u takes it back");
    assert_eq!(world.saved_names(), ["mince"]);
    world.type_in("f");
    assert_eq!(world.notice(), "mince is no longer a favourite · u takes it back");
    assert!(world.saved_names().is_empty());
    world.type_in("u");
    assert_eq!(world.saved_names(), ["mince"], "undo takes a step back");
}

#[test]
fn another_devices_food_is_known_without_a_restart() {
    let mut world = dinner();
    world.user_changed(7);
    let request = world.target_load().unwrap();
    let stew = library(
        r#"{"food:1":{"at":"2026-11-20T08:00:00Z","value":{"name":"Ostrich stew","category":"Food","type":"Dinner","kcal":410}}}"#,
    );
    world.user_loaded(request, 7, stew);
    assert_eq!(world.saved_names(), ["Ostrich stew"]);
    let (_, entry) = world.log("ostrich stew");
    assert_eq!(entry.kcal, 410);
    // The event of a version that is known asks for nothing.
    world.user_changed(7).requests_nothing();
}

#[test]
fn an_entry_without_a_name_is_no_favourite() {
    let mut world = World::with(&[entry("1", "Dinner", 800)], &totals(800, 0, 1));
    world.type_in("f").requests_nothing();
    assert_eq!(world.notice(), "only an entry with a name can be a favourite");
}

#[test]
fn a_recipe_of_marked_entries_is_logged_by_portion_and_by_weight() {
    let mut world = dinner();
    world.type_in("g  ").command("make a recipe");
    assert_eq!(world.dialog().title, "Recipe of 2 entries");
    world.type_in("chili");
    world
        .hit(Code::Tab)
        .retype("4")
        .hit(Code::Tab)
        .type_in("1200")
        .enter();
    assert_eq!(world.saved_names(), ["chili"]);
    let (_, portion) = world.log("chili");
    assert_eq!(
        (portion.kcal, portion.quantity, portion.kind.as_str()),
        (300, Some(1.0), "Lunch")
    );
    world.carry_out_next();
    // The log's last amount is a portion; the recipe knows its weight.
    let (_, weighed) = world.log("chili 250g");
    assert_eq!((weighed.kcal, weighed.quantity), (250, Some(250.0)));
}

#[test]
fn r_logs_an_item_of_the_list_on_today() {
    let mut world = dinner();
    world.type_in("g  ").command("make a recipe");
    world.type_in("chili").hit(Code::Tab).type_in("4").enter();
    world.command("library").type_in("r");
    assert!(!world.has_dialog());
    let (_, portion) = world.created();
    assert_eq!(
        (portion.name.as_deref(), portion.kcal, portion.unit.as_deref()),
        (Some("chili"), 300, Some("portion"))
    );
    assert_eq!(portion.date, crate::entries::today());
}

#[test]
fn a_recipe_keeps_its_parts_which_are_changed_and_removed_later() {
    let mut world = World::with(
        &[
            entry("1", "Dinner", 800).named("mince").amount(500.0, "g"),
            entry("2", "Dinner", 400).named("beans").at("19:05"),
        ],
        &totals(1200, 0, 2),
    );
    world.type_in("g  ").command("make a recipe");
    world.type_in("chili").hit(Code::Tab).retype("4").enter();
    world.command("library").enter();
    assert_eq!(world.dialog().title, "Library: recipe");
    assert_eq!(world.dialog().field("mince"), "500 g");
    assert_eq!(world.dialog().field("beans"), "400 kcal");
    // Half the mince, other beans.
    world.tabs(3).retype("250 g").hit(Code::Tab).retype("600").enter();
    let (_, portion) = world.log("chili");
    assert_eq!(portion.kcal, 250);
    world.carry_out_next();
    world.command("library").enter();
    world.tabs(4).retype("").enter();
    world.command("library");
    let selected = world.dialog().selected();
    assert!(selected.contains(" 100 "), "without the beans: {selected}");
}

#[test]
fn a_recipe_needs_a_name_and_sensible_numbers() {
    let mut world = dinner();
    world.type_in("g ").command("make a recipe");
    world.enter();
    assert!(world.dialog().lines.join(" ").contains("a name is needed"));
    world.type_in("chili").hit(Code::Tab).retype("0").enter();
    assert!(
        world
            .dialog()
            .lines
            .join(" ")
            .contains("portions is a number above 0")
    );
}

#[test]
fn own_foods_are_made_edited_and_removed_in_the_library() {
    let mut world = World::today();
    world.command("library");
    assert!(world.dialog().lines[0].starts_with("Nothing is saved yet"));
    world.type_in("n");
    world.type_in("skyr bowl").hit(Code::Tab).type_in("230").enter();
    assert_eq!(world.saved_names(), ["skyr bowl"]);
    world.command("library").enter();
    assert_eq!(world.dialog().field("kcal"), "230");
    world.hit(Code::Tab).retype("250").enter();
    let (_, logged) = world.log("my skyr bowl");
    assert_eq!(logged.kcal, 250);
    world.carry_out_next();
    world.command("library");
    world.type_in("d");
    assert!(world.saved_names().is_empty());
}

#[test]
fn an_own_food_that_cannot_be_written_comes_back_with_its_texts() {
    let mut world = World::today();
    world.command("library").type_in("n");
    world.type_in("skyr bowl").hit(Code::Tab).type_in("230");
    world.will_refuse("the disk is full").enter();
    assert_eq!(world.dialog().field("kcal"), "230");
    assert!(world.screen(120, 40).contains("the disk is full"));
    world.enter();
    assert_eq!(world.saved_names(), ["skyr bowl"]);
}

#[test]
fn the_library_of_other_devices_arrives_and_a_full_one_says_so() {
    let mut world = dinner();
    let text = r#"{"food:1":{"at":"2026-11-20T08:00:00Z","value":{"name":"pierogi","category":"Food","type":"Dinner","kcal":420}}}"#;
    world.library_is(library(text));
    assert_eq!(world.saved_names(), ["pierogi"]);
    let (_, logged) = world.log("pierogi");
    assert_eq!(logged.kcal, 420);
    world.carry_out_next();
    let long = "x".repeat(99_900);
    let full = format!(
        r#"{{"food:2":{{"at":"2026-11-20T08:00:00Z","value":{{"name":"{long}","category":"Food","type":"Dinner","kcal":1}}}}}}"#
    );
    world.library_is(library(&full));
    world.type_in("gjf").requests_nothing();
    assert_eq!(
        world.notice(),
        "the library is full (100 kB); remove own foods, recipes or favourites first"
    );
}

#[test]
fn the_usual_meal_is_one_item_of_the_line() {
    let mut world = World::today();
    world.named(&[
        ("curry", 650, 12, 9),
        ("rice dish", 200, 12, 8),
        ("cake slice", 300, 12, 1),
    ]);
    world.type_in("a").type_in("usual lunch").enter();
    let kcal: Vec<u32> = world
        .step()
        .iter()
        .map(|command| match command {
            caltrack_domain::LogCommand::Create(new) => new.entry.kcal,
            _ => 0,
        })
        .collect();
    assert_eq!(kcal, [650, 200]);
}

#[test]
fn a_narrow_list_has_the_names_of_its_items() {
    let mut world = dinner();
    world.type_in("gjf").command("library");
    for size in [(40, 12), (60, 16), (80, 24)] {
        let (width, height) = size;
        assert!(world.screen(width, height).contains("> mince"), "{size:?}");
    }
}

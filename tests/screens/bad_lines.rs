//! Lines that make no sense: nothing is logged, and what would be understood stands below the line.

use rstest::rstest;

use crate::world::World;

#[rstest]
#[case::no_portions(
    "0 eggs",
    "`0 egg` is nothing; write how much it was, as in `2 eggs` or `½ avocado`"
)]
#[case::a_billion_grams("1000000000 g rice", "is more than one entry can have")]
#[case::a_billion_grams_by_exponent("10^9 g rice", "is `g` a unit? write the number before it, as in `2 g`")]
#[case::a_negative_quantity("-2 eggs", "is negative; write how much it was")]
#[case::negative_kcal("lunch -650", "is negative; write how much it was")]
#[case::another_unit("2 km banana", "`km` does not measure Banana; try `")]
#[case::a_volume_of_something_solid("1l steak", "does not measure Steak; try `")]
#[case::two_meals(
    "lunch dinner 650",
    "`Lunch` or `Dinner`? an entry has one type; separate entries by a comma"
)]
#[case::an_unknown_food("flurbl", "nothing is known as `flurbl`; add its kcal, as in `flurbl 350`")]
#[case::an_empty_item(
    "2 eggs,, toast",
    "an item is empty; write one between two commas, as in `2 eggs, toast`"
)]
#[case::an_emoji("🍕", "nothing is known as `🍕`; add its kcal, as in `🍕 350`")]
fn a_line_that_makes_no_sense_asks_with_an_example(#[case] line: &str, #[case] question: &str) {
    let mut world = World::today();
    world.type_in("a").paste(line);
    world.enter().requests_nothing();
    let shown = world.dialog().lines.join(" ");
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(question), "{shown}");
    assert_eq!(world.draft().map(str::trim_end), Some(line));
}

#[test]
fn ten_kilobytes_are_refused_and_kept() {
    let line = "lunch 650 ".repeat(1_000);
    let mut world = World::today();
    world.type_in("a").paste(&line);
    world.enter().requests_nothing();
    let shown = world.dialog().lines.join(" ");
    assert!(shown.contains("the line is too long"), "{shown}");
    assert_eq!(world.draft(), Some(line.as_str()));
}

#[rstest]
#[case::right_to_left("שקשוקה 350", "שקשוקה", 350)]
#[case::arabic("كشري 500", "كشري", 500)]
#[case::an_emoji("🍕🍕 640", "🍕🍕", 640)]
#[case::a_family("👨‍👩‍👧‍👦 feast 900", "👨‍👩‍👧‍👦 feast", 900)]
fn names_of_any_script_are_logged_as_they_are_typed(
    #[case] line: &str,
    #[case] name: &str,
    #[case] kcal: u32,
) {
    let mut world = World::today();
    world.type_in("a").paste(line);
    world.enter();
    let (_, new) = world.created();
    assert_eq!(new.kcal, kcal);
    let logged = new.name.unwrap().to_lowercase();
    assert_eq!(logged, name.to_lowercase());
}

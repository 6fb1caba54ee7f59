//! Names that the user has logged before: their last amount, and the tables behind them.

use crate::support::read_with;
use caltrack_domain::line::{Habit, Own};
use caltrack_foods::{OwnNames, WithOwn, table};
use rstest::rstest;

fn own(name: &str, kcal: u32, quantity: Option<(f64, &str)>, food: Option<&str>) -> Own {
    let category = if food.is_some_and(|food| food.starts_with("met:")) {
        "Exercise"
    } else {
        "Food"
    };
    let kind = if category == "Food" { "Dinner" } else { "Run" };
    Own {
        name: name.to_owned(),
        category: category.to_owned(),
        kind: kind.to_owned(),
        kcal,
        quantity: quantity.map(|(quantity, _)| quantity),
        unit: quantity.map(|(_, unit)| unit.to_owned()),

        grams: None,
        macros: [food.is_none().then_some(10.0), None, None],
        food: food.map(str::to_owned),
    }
}

fn names() -> OwnNames {
    OwnNames::of(vec![
        own("my granola", 270, Some((60.0, "g")), None),
        own("khinkali", 300, None, None),
        own("focaccia della nonna", 240, Some((2.0, "slice")), None),
        own("Rice", 260, Some((200.0, "g")), Some("usda:NDB20045")),
        own("Banana", 105, Some((1.0, "medium")), Some("usda:NDB09040")),
        own("Run", 280, Some((30.0, "min")), Some("met:12050")),
        own("pizza", 900, None, None),
        own("Löwenbräu 🍺 שלום", 200, None, None),
    ])
}

/// A recipe of which a portion weighs 300 g, and a favourite that was never logged.
fn library() -> OwnNames {
    let chili = Own {
        grams: Some(300.0),
        ..own("nonna's chili", 420, Some((1.0, "portion")), None)
    };
    OwnNames::of(vec![chili, own("skyr bowl", 230, None, None)])
}

/// kcal, quantity and unit, or the question; then every reading is the same when it is typed again.
fn summary(line: &str) -> String {
    let (own, saved) = (names(), library());
    let lookup = WithOwn {
        own: &[&own],
        library: &saved,
        habits: &[],
        table: table(),
    };
    let readings = read_with(line, &lookup);
    let first = readings.first().unwrap();
    if let Some(question) = &first.question {
        return format!("? {question}");
    }
    let again = read_with(&first.line(), &lookup);
    let again = again.first().map(|again| {
        again
            .items
            .iter()
            .map(|item| (item.kcal, &item.name, item.quantity))
    });
    let items = first
        .items
        .iter()
        .map(|item| (item.kcal, &item.name, item.quantity));
    assert!(again.unwrap().eq(items), "{}", first.line());
    let [item] = first.items.as_slice() else {
        return format!("{} items", first.items.len());
    };
    let quantity = item
        .quantity
        .map_or("-".to_owned(), |quantity| quantity.to_string());
    let unit = item.unit.as_deref().unwrap_or("-");
    format!("{} {quantity} {unit}", item.kcal)
}

#[rstest]
#[case::the_last_amount("my granola", "270 60 g")]
#[case::without_a_unit("khinkali", "300 - -")]
#[case::the_last_amount_of_a_food("rice", "260 200 g")]
#[case::before_the_tables("pizza", "900 - -")]
#[case::a_weight("my granola 30g", "135 30 g")]
#[case::another_unit_of_weight("my granola 0,12 kg", "540 0.12 kg")]
#[case::portions("2 my granola", "540 120 g")]
#[case::portions_of_nothing_particular("2 khinkali", "600 2 -")]
#[case::its_own_unit("3 slices focaccia della nonna", "360 3 slice")]
#[case::a_count_of_its_unit("4 focaccia della nonna", "480 4 slice")]
#[case::kcal_behind("my granola 400", "400 - -")]
#[case::kcal_with_their_unit("khinkali 5 kcal", "5 - -")]
#[case::the_table_knows_other_units("banana 200g", "178 200 g")]
#[case::the_table_knows_the_present_weight("run 1h", "560 1 h")]
#[case::other_letters("löwenbräu 🍺 שלום", "200 - -")]
fn an_own_name_has_its_last_amount_scaled(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(summary(line), expected);
}

/// What is doubtful for a food is doubtful for an own name.
#[rstest]
#[case::few_kcal("banana 2", "is that `2 Banana` or `Banana 2 kcal`? write one of them")]
#[case::few_kcal_of_an_own_name("khinkali 2", "is that `2 khinkali` or `khinkali 2 kcal`? write one of them")]
#[case::many("130 khinkali", "")]
#[case::very_many(
    "9000 khinkali",
    "is that `9000x khinkali` or `khinkali 9000 kcal`? write one of them"
)]
#[case::minutes_or_kcal("run 45", "is that `Run 45 min` or `Run 45 kcal`? write one of them")]
#[case::a_unit_of_another_measure("khinkali 100g", "`g` does not measure khinkali; try `khinkali 350 kcal`")]
#[case::a_size(
    "large khinkali",
    "`large` does not measure khinkali; try `khinkali 350 kcal`"
)]
#[case::nothing(
    "0 khinkali",
    "`0` is nothing; write how much it was, as in `2 eggs` or `½ avocado`"
)]
fn a_doubtful_amount_of_an_own_name_asks(#[case] line: &str, #[case] question: &str) {
    if question.is_empty() {
        // 130 kcal are a likely part of 300.
        assert_eq!(summary(line), "130 - -");
    } else {
        assert_eq!(summary(line), format!("? {question}"));
    }
}

#[rstest]
#[case::a_portion("nonna's chili", "420 1 portion")]
#[case::portions("2 portions nonna's chili", "840 2 portion")]
#[case::by_weight("nonna's chili 250g", "350 250 g")]
#[case::by_weight_in_front("150 g nonna's chili", "210 150 g")]
#[case::a_favourite("skyr bowl", "230")]
#[case::my_name_of_the_log("my khinkali", "300")]
#[case::my_name_of_the_library("my skyr bowl", "230")]
fn items_of_the_library_are_read_by_portion_and_by_weight(#[case] line: &str, #[case] expected: &str) {
    let found = summary(line);
    assert!(found.contains(expected), "{found}");
}

#[test]
fn a_usual_meal_is_an_item_of_each_usual_food() {
    let now: jiff::Zoned = "2026-11-30T08:15:00+00:00[UTC]".parse().unwrap();
    let habit = |name: &str, kcal: u32, uses: u32| {
        let own = Own {
            kind: "Breakfast".to_owned(),
            ..own(name, kcal, Some((60.0, "g")), None)
        };
        let mut habit = Habit::first(own, now.timestamp());
        habit.uses = uses;
        habit
    };
    let habits = [
        habit("granola", 270, 9),
        habit("skyr", 60, 8),
        habit("croissant", 240, 1),
    ];
    let lookup = WithOwn {
        own: &[],
        library: &OwnNames::default(),
        habits: &[&habits],
        table: table(),
    };
    let readings = read_with("yesterday usual breakfast, 2 eggs", &lookup);
    let first = readings.first().unwrap();
    let items: Vec<(Option<&str>, &str)> = first
        .items
        .iter()
        .map(|item| (item.name.as_deref(), item.kind.as_str()))
        .collect();
    assert_eq!(
        items,
        [
            (Some("granola"), "Breakfast"),
            (Some("skyr"), "Breakfast"),
            (Some("Eggs"), "Breakfast")
        ]
    );
    assert!(first.question.is_none() && first.day.is_some());
    let again = read_with(&first.line(), &lookup);
    let kcal = |reading: &caltrack_domain::line::Reading| -> Vec<u32> {
        reading.items.iter().map(|item| item.kcal).collect()
    };
    assert_eq!(kcal(&again[0]), kcal(first));
    // Where nothing is usual, it asks.
    assert!(read_with("usual dinner", &lookup)[0].question.is_some());
}

//! Each form of the line, and what it is understood as: an empty profile, 70 kg, noon of Monday 2026-11-30.

use crate::support::{first, readings};
use rstest::rstest;

/// Category, type, name, quantity with unit, kcal.
pub(crate) fn summary(line: &str) -> String {
    let reading = first(line);
    if let Some(question) = &reading.question {
        return format!("? {question}");
    }
    let items = reading.items.iter().map(|item| {
        let name = item.name.as_deref().unwrap_or("-");
        let quantity = item
            .quantity
            .map_or("-".to_owned(), |quantity| quantity.to_string());
        let unit = item.unit.as_deref().unwrap_or("-");
        format!(
            "{} {} {name} {quantity} {unit} {}",
            item.category, item.kind, item.kcal
        )
    });
    items.collect::<Vec<_>>().join(" | ")
}

#[rstest]
#[case::kcal("650", "Food Lunch - - - 650")]
#[case::kcal_of_a_type("dinner 650", "Food Dinner - - - 650")]
#[case::few_kcal_of_a_type("lunch 5", "Food Lunch - - - 5")]
#[case::kcal_in_front("650 kcal dinner", "Food Dinner - - - 650")]
#[case::kilojoules("500kJ", "Food Lunch - - - 120")]
#[case::kilojoules_apart("dinner 2000 kJ", "Food Dinner - - - 478")]
#[case::product("130*4", "Food Lunch - - - 520")]
#[case::decimal_comma("dinner 650,5", "Food Dinner - - - 651")]
#[case::activity_kcal("run 300", "Exercise Run Run - - 300")]
#[case::food("banana", "Food Lunch Banana 1 medium 105")]
#[case::portions("2 eggs", "Food Lunch Eggs 2 egg 143")]
#[case::fraction("½ avocado", "Food Lunch Avocado 0.5 avocado 161")]
#[case::ratio("1/2 avocado", "Food Lunch Avocado 0.5 avocado 161")]
#[case::volume("1,5 dl milk", "Drink Milk Milk 1.5 dl 77")]
#[case::weight("150g rice", "Food Lunch Rice 150 g 195")]
#[case::weight_behind("rice 150 g", "Food Lunch Rice 150 g 195")]
#[case::unit_alone("slice of pizza", "Food Lunch Pizza 1 slice 285")]
#[case::times("2x espresso", "Drink Coffee Espresso 2 shot 5")]
#[case::word_for_a_number("two bananas", "Food Lunch Banana 2 medium 210")]
#[case::own_kcal("oatmeal 350", "Food Lunch Oatmeal - - 350")]
#[case::own_macros("shake 250 p30 f5 c12", "Drink Shake Shake - - 250")]
#[case::portions_with_kcal("lunch 2 eggs 140", "Food Lunch Eggs 2 egg 140")]
#[case::weight_with_kcal("lunch 100g rice 130", "Food Lunch Rice 100 g 130")]
#[case::few_kcal_of_a_light_drink("coffee 5", "Drink Coffee Coffee - - 5")]
#[case::minutes("run 30m", "Exercise Run Run 30 min 280")]
#[case::metres("run 400m", "Exercise Run Run 400 metres 29")]
#[case::distance("walk 5km", "Exercise Walk Walk 5 km 255")]
#[case::hours_and_minutes("cycling 1h30", "Exercise Cycle Cycling 90 min 788")]
#[case::pace("run 5km 25 min", "Exercise Run Run 5 km 321")]
#[case::steps("10000 steps", "Exercise Walk Walk 10000 steps 378")]
#[case::grown_name("lunch 7up 150", "Drink Lunch 7up - - 150")]
#[case::a_typo("bannana", "Food Lunch Banana 1 medium 105")]
#[case::a_part_is_of_the_whole("half a pizza", "Food Lunch Pizza 0.5 pizza 466")]
#[case::a_drink("squash 250ml", "Drink Soft drink Squash 250 ml 26")]
#[case::a_sport("squash 1h", "Exercise Sport Squash 1 h 511")]
#[case::day_word_in_a_name("sun dried tomatoes 50g", "Food Lunch Sun-dried tomatoes 50 g 129")]
#[case::unknown_name("khinkali 300", "Food Lunch khinkali - - 300")]
#[case::near_a_type("bun 250", "Food Lunch Bun - - 250")]
#[case::near_a_meal_with_a_type("dinner: lunhc 650", "Food Dinner lunhc - - 650")]
#[case::not_near_a_meal("punchy 650", "Food Lunch punchy - - 650")]
#[case::near_another("toffee 90", "Food Lunch Toffee - - 90")]
#[case::items("eggs,toast", "Food Lunch Eggs 1 egg 72 | Food Lunch Toast 1 slice 69")]
#[case::joined(
    "bread and butter",
    "Food Lunch Bread 1 slice 77 | Food Lunch Butter 1 tbsp 102"
)]
#[case::a_side_with_kcal("toast with butter 350", "Food Lunch toast with butter - - 350")]
#[case::macros_behind("chicken 200g 330kcal 62p 7f 0c", "Food Lunch Chicken 200 g 330")]
#[case::a_side(
    "toast with butter",
    "Food Lunch Toast 1 slice 69 | Food Lunch Butter 1 tbsp 102"
)]
#[case::two_sides(
    "2 slices of toast with butter and jam",
    "Food Lunch Slice of toast 2 slice 138 | Food Lunch Butter 1 tbsp 102 | Food Lunch Jam 1 tbsp 56"
)]
#[case::a_side_of_a_drink_too(
    "bowl of cereal with milk",
    "Food Lunch Cereal 1 bowl 107 | Drink Milk Milk 1 glass 103"
)]
#[case::articles(
    "a banana and an apple",
    "Food Lunch Banana 1 medium 105 | Food Lunch Apple 1 medium 95"
)]
#[case::a_number_of_the_first("2 eggs and toast", "Food Lunch Eggs 2 egg 143 | Food Lunch Toast 1 slice 69")]
#[case::a_number_of_both(
    "2 ham and cheese sandwiches",
    "Food Lunch Ham and cheese sandwich 2 sandwich 622"
)]
#[case::plural("2 kiwis", "Food Lunch Kiwi 2 piece 84")]
#[case::time_in_words("ran 5 miles in 45 minutes", "Exercise Run Ran 5 mi 551")]
#[case::time_for("walk for 1 hour", "Exercise Walk Walk 1 h 245")]
#[case::meal_of_all(
    "dinner: pizza, toast",
    "Food Dinner Pizza 1 slice 285 | Food Dinner Toast 1 slice 69"
)]
#[case::for_half_an_hour("walk for half an hour", "Exercise Walk Walk 0.5 h 123")]
#[case::points_behind("pizza...", "Food Lunch Pizza 1 slice 285")]
#[case::a_whole_and_a_half("one and a half bananas", "Food Lunch Banana 1.5 medium 158")]
#[case::a_half_of_slices("2 and a half slices of pizza", "Food Lunch Pizza 2.5 slice 712")]
#[case::a_part_of_the_portion("half a grapefruit", "Food Lunch Grapefruit 1 half 41")]
#[case::a_quarter_of_a("quarter of an avocado", "Food Lunch Avocado 0.25 avocado 80")]
#[case::teens("fifteen almonds", "Food Lunch Almonds 15 almond 104")]
#[case::a_dozen("half a dozen eggs", "Food Lunch Eggs 6 egg 429")]
#[case::abbreviated("approx. 150 g rice", "Food Lunch Rice 150 g 195")]
#[case::around("around 150 g rice.", "Food Lunch Rice 150 g 195")]
#[case::what_i_did("I had 2 eggs", "Food Lunch Eggs 2 egg 143")]
#[case::times_behind("eggs x 3", "Food Lunch Eggs 3 egg 215")]
#[case::star_behind("banana *2", "Food Lunch Banana 2 medium 210")]
#[case::grown_times("2x330ml beer", "Drink Alcohol Beer 660 ml 287")]
#[case::extra_large("extra large coffee", "Drink Coffee Coffee 1 extra large 4")]
#[case::a_piece_is_a_slice("piece of cake", "Food Lunch Cake 1 piece 262")]
#[case::one_of_the_name("1 pizza", "Food Lunch Pizza 1 pizza 931")]
#[case::several_of_the_name("2 omelettes", "Food Lunch Omelette 2 omelette 420")]
#[case::of_the_name_without_plural("2 pizza", "Food Lunch Pizza 2 slice 569")]
#[case::one_of_the_portion("chicken nugget", "Food Lunch Chicken nugget 1 piece 49")]
#[case::the_portion("chicken nuggets", "Food Lunch Chicken nuggets 6 piece 295")]
#[case::pieces_of_the_loose("10 doritos", "Food Lunch Doritos 10 chip 99")]
#[case::without_what_it_has_not("coffee no sugar", "Drink Coffee Coffee 1 cup 2")]
#[case::without_both("black coffee without milk or sugar", "Drink Coffee Black coffee 1 cup 2")]
#[case::doubled_letters("chese 30g", "Food Lunch Cheese 30 g 121")]
#[case::kcal_behind_a_comma("pizza, 800", "Food Lunch Pizza - - 800")]
#[case::kcal_of_the_next("dinner 650, 300", "Food Dinner - - - 650 | Food Dinner - - - 300")]
#[case::kcal_in_brackets("pizza (800 kcal)", "Food Lunch Pizza - - 800")]
#[case::a_bullet("* banana", "Food Lunch Banana 1 medium 105")]
#[case::grown_type("dinner:650", "Food Dinner - - - 650")]
#[case::another_word_of_a_meal("supper 500", "Food Dinner - - - 500")]
#[case::burned("burned 300", "Exercise Other - - - 300")]
#[case::a_minute_mark("soccer 90'", "Exercise Sport Soccer 90 min 735")]
#[case::dry("75g basmati rice dry", "Food Lunch Basmati rice dry 75 g 274")]
#[case::sugars("tea with 2 sugars", "Drink Tea Tea with 2 sugars 1 cup 33")]
#[case::meal_behind("pizza for dinner 800", "Food Dinner Pizza - - 800")]
#[case::right_to_left("🍕 פיצה 800", "Food Lunch 🍕 פיצה - - 800")]
fn a_form_is_understood(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(summary(line), expected);
}

#[rstest]
#[case("yesterday lunch 650", Some("2026-11-29"), None, None)]
#[case("lunch 650 yesterday", Some("2026-11-29"), None, None)]
#[case("-2d pizza", Some("2026-11-28"), None, None)]
#[case("fri 2 eggs", Some("2026-11-27"), None, None)]
#[case("mon 2 eggs", Some("2026-11-30"), None, None)]
#[case("20.11. pizza", Some("2026-11-20"), None, None)]
#[case("11/20 pizza", Some("2026-11-20"), None, None)]
#[case("2026-11-20 pizza", Some("2026-11-20"), None, None)]
#[case("sunday dinner 900", Some("2026-11-29"), None, None)]
#[case("@07:30 coffee", None, Some("07:30:00"), None)]
#[case("coffee @7", None, Some("07:00:00"), None)]
#[case("7:30 am coffee", None, Some("07:30:00"), None)]
#[case("breakfast at 7:30 porridge", None, Some("07:30:00"), None)]
#[case("coffee at 8am", None, Some("08:00:00"), None)]
#[case("lunch at 12:30: soup", None, Some("12:30:00"), None)]
#[case("coffee at 8", None, Some("08:00:00"), None)]
#[case("lunch at noon 650", None, Some("12:00:00"), None)]
#[case("8.30am coffee", None, Some("08:30:00"), None)]
#[case("last friday pizza", Some("2026-11-27"), None, None)]
#[case("pizza 800 on friday", Some("2026-11-27"), None, None)]
#[case("3 days ago pizza", Some("2026-11-27"), None, None)]
#[case("run 30m two days ago", Some("2026-11-28"), None, None)]
#[case("20 nov pizza", Some("2026-11-20"), None, None)]
#[case("pizza on november 20th", Some("2026-11-20"), None, None)]
#[case("2026/11/20 pizza", Some("2026-11-20"), None, None)]
#[case("last night pizza", Some("2026-11-29"), None, None)]
#[case("gestern pizza", Some("2026-11-29"), None, None)]
#[case(
    "yesterday @12:30 lunch 650 # with Anna, late",
    Some("2026-11-29"),
    Some("12:30:00"),
    Some("with Anna, late")
)]
fn day_time_and_note_are_understood(
    #[case] line: &str,
    #[case] day: Option<&str>,
    #[case] time: Option<&str>,
    #[case] note: Option<&str>,
) {
    let reading = first(line);
    assert_eq!(reading.question, None);
    assert_eq!(reading.day.map(|day| day.to_string()).as_deref(), day);
    assert_eq!(reading.time.map(|time| time.to_string()).as_deref(), time);
    assert_eq!(reading.note.as_deref(), note);
}

#[rstest]
#[case::empty("", "how many kcal?")]
#[case::type_alone("lunch", "how many kcal? try `lunch 650`")]
#[case::unknown(
    "khinkali",
    "nothing is known as `khinkali`; add its kcal, as in `khinkali 350`"
)]
#[case::unknown_count("2 khinkali", "nothing is known as `khinkali`")]
#[case::own_food_of_nobody("my granola", "nothing is known as `my granola`")]
#[case::amount_alone("30m", "`30m` of what?")]
#[case::activity_alone("run", "how long? try `Run 30 min`")]
#[case::no_portions("0 bananas", "`0 medium` is nothing")]
#[case::no_time("run 0 min", "`0 min` is nothing")]
#[case::huge("1000000000 g rice", "more than one entry can have")]
#[case::huge_count("99999 bananas", "more than one entry can have")]
#[case::huge_distance("run 900km", "more than one entry can have")]
#[case::huge_kcal("lunch 6000", "more than one entry can have")]
#[case::impossible_speed("run 5km 1 min", "more than one entry can have")]
#[case::many("130 bananas", "is that `130x Banana` or `Banana 130 kcal`?")]
#[case::few_kcal("banana 2", "is that `2 Banana` or `Banana 2 kcal`?")]
#[case::short("walk 30", "is that `Walk 30 min` or `Walk 30 kcal`?")]
#[case::negative("-5 pizza", "`-5` is negative")]
#[case::negative_kcal("lunch -0.4", "`-0.4` is negative")]
#[case::grouped("lunch 1,200", "is `1,200` 1200 or 1.2?")]
#[case::grouped_point("lunch 1.200", "is `1.200` 1200 or 1.2?")]
#[case::volume_of_a_solid("1l steak", "`l` does not measure Steak; try `2 Steak`")]
#[case::weight_of_an_activity("run 30kg", "`kg` does not measure Run; try `Run 30 min`")]
#[case::weight_of_what_is_added(
    "tea with milk 100g",
    "`g` does not measure Tea with milk; try `2 cups Tea with milk`"
)]
#[case::powder("protein shake 300 ml", "`ml` does not measure Protein shake")]
#[case::two_meals("lunch dinner 500", "`Lunch` or `Dinner`?")]
#[case::typo_of_a_meal("lunhc 650", "did you mean `lunch 650`?")]
#[case::meal_of_an_activity("lunch run 30m", "Run is no Lunch")]
#[case::two_numbers("lunch 3 400", "`3` or `400`?")]
#[case::two_days("yesterday lunch 650 fri", "`yesterday` or `fri`?")]
#[case::two_dates("3.4. pizza", "is `3.4.` 2026-03-04 or 2026-04-03?")]
#[case::date_or_date("6/5 pizza", "is `6/5` 2026-05-06 or 2026-06-05?")]
#[case::no_date("2026-02-30 lunch 650", "`2026-02-30` is not a day of the calendar")]
#[case::early("1969-12-31 lunch 650", "too far away")]
#[case::late("+367d lunch 650", "too far away")]
#[case::no_hour("lunch 650 @25", "not a time of day")]
#[case::day_inside("pizza mon khinkali 800", "is `mon` a day or part of a name?")]
#[case::type_inside("apple run mix 500", "`Run` or `apple run mix`?")]
#[case::empty_item("2 eggs,,toast", "an item is empty")]
#[case::an_amount_of_which("salad with 200g chicken", "nothing is known as `salad with chicken`")]
#[case::day_behind_a_type("dinner yesterday: pizza 900", "is `yesterday:` a day or part of a name?")]
#[case::negation("no sugar lemonade", "nothing is known as `no sugar lemonade`")]
#[case::negated_sugar("lemonade without sugar", "nothing is known as `lemonade without sugar`")]
#[case::raw_meat("raw lamb chops 200g", "nothing is known as `raw lamb chops`")]
#[case::pieces_without_weight("10 sesame sticks", "`a number` does not measure Sesame sticks")]
#[case::slices_or_cakes(
    "2 chocolate cakes",
    "is that `2 slices Chocolate cake` or `2 cakes Chocolate cake`?"
)]
#[case::counted_exercise("100 pushups", "is that `Pushups 100 min` or `Pushups 100 kcal`?")]
#[case::number_in_a_name("steak 5 tartare", "nothing is known as `steak tartare`")]
#[case::number_inside("swimming 30 lengths", "nothing is known as `swimming lengths`")]
fn a_doubtful_line_is_a_question(#[case] line: &str, #[case] message: &str) {
    let found = summary(line);
    assert!(found.starts_with("? ") && found.contains(message), "{found}");
}

#[test]
fn ten_kilobytes_are_refused() {
    for line in ["lunch ".repeat(2_000), "a,".repeat(5_000), "x".repeat(10_000)] {
        assert!(summary(&line).contains("too long"), "{}", summary(&line));
    }
}

#[rstest]
#[case::m_is_metres_too("run 30m", "Run 30 metres")]
#[case::m_is_minutes_too("run 400m", "Run 400 min")]
#[case::portions("banana 2", "2 medium Banana")]
#[case::grams("300 pizza", "300 g Pizza")]
#[case::sport("squash 300", "Sport: Squash 300 kcal")]
fn the_other_meaning_is_a_further_reading(#[case] line: &str, #[case] expected: &str) {
    let lines: Vec<String> = readings(line)
        .iter()
        .skip(1)
        .map(caltrack_domain::line::Reading::line)
        .collect();
    assert!(lines.iter().any(|line| line == expected), "{lines:?}");
}

#[test]
fn an_entry_has_the_figures_of_its_food() {
    let item = first("200 g rice").items.into_iter().next().unwrap();
    let tenths = [item.protein, item.fat, item.carbohydrate].map(|grams| grams.unwrap().tenths());
    // 2.69, 0.28 and 28.17 g in 100 g.
    assert_eq!(tenths, [54, 6, 563]);
    assert_eq!(item.food.as_deref(), Some("usda:NDB20045"));
}

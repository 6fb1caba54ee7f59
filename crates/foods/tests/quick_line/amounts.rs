//! Amounts as people write them: in words, as ranges, vague, with a clock, and several items side by side.

use crate::{
    any_line::check_with,
    forms::summary,
    support::{first, readings},
};
use caltrack_foods::table;
use rstest::rstest;

#[rstest]
#[case::few("a few almonds", "Food Lunch Almonds 4 almond 28")]
#[case::several("several almonds", "Food Lunch Almonds 5 almond 35")]
#[case::some("some almonds", "Food Lunch Almonds 1 handful 162")]
#[case::couple("a couple of biscuits", "Food Lunch Biscuit 2 biscuit 129")]
#[case::compound("twenty five almonds", "Food Lunch Almonds 25 almond 174")]
#[case::hyphenated("twenty-five almonds", "Food Lunch Almonds 25 almond 174")]
#[case::hundreds("a hundred and fifty grams of rice", "Food Lunch Rice 150 g 195")]
#[case::thousands("ten thousand steps", "Exercise Walk Walk 10000 steps 378")]
#[case::words_behind_a_name("pizza eight hundred", "Food Lunch Pizza - - 800")]
#[case::words_behind_a_type("lunch six hundred", "Food Lunch - - - 600")]
#[case::german("zwei bananen", "Food Lunch Bananen 2 medium 210")]
#[case::german_unit("vollkornbrot 2 scheiben", "Food Lunch Vollkornbrot 2 slice 161")]
#[case::french("verre de vin rouge", "Drink Alcohol Vin rouge 1 glass 129")]
#[case::a_half_behind_a_unit("a cup and a half of rice", "Food Lunch Rice 1.5 cup 308")]
#[case::thirds("two thirds of a pizza", "Food Lunch Pizza 0.6667 pizza 621")]
#[case::range("2-3 eggs", "Food Lunch Eggs 2.5 egg 179")]
#[case::range_with_dash("2–3 eggs", "Food Lunch Eggs 2.5 egg 179")]
#[case::range_apart("2 - 3 eggs", "Food Lunch Eggs 2.5 egg 179")]
#[case::range_in_words("two or three eggs", "Food Lunch Eggs 2.5 egg 179")]
#[case::range_between("between 2 and 3 eggs", "Food Lunch Eggs 2.5 egg 179")]
#[case::range_with_unit("150 to 200g rice", "Food Lunch Rice 175 g 228")]
#[case::range_with_both_units("150 g - 200 g rice", "Food Lunch Rice 175 g 228")]
#[case::range_of_minutes("30-40 min run", "Exercise Run Run 35 min 327")]
#[case::range_of_kcal("lunch 600-700", "Food Lunch - - - 650")]
#[case::range_of_pieces("5-6 crisps", "Food Lunch Crisps 5.5 chip 38")]
#[case::about("~200g rice", "Food Lunch Rice 200 g 260")]
#[case::or_so("200g rice or so", "Food Lunch Rice 200 g 260")]
#[case::ish("5ish almonds", "Food Lunch Almonds 5 almond 35")]
#[case::many_pieces("30 almonds", "Food Lunch Almonds 30 almond 208")]
#[case::dozens("2 dozen oysters", "Food Lunch Oysters 24 oyster 171")]
#[case::a_half_of_an_article("1/2 a pizza", "Food Lunch Pizza 0.5 pizza 466")]
#[case::a_small_sum("2+2 eggs", "Food Lunch Eggs 4 egg 286")]
#[case::kcal_in_front("kcal 300", "Food Lunch - - - 300")]
#[case::megajoules("1,5 MJ", "Food Lunch - - - 359")]
#[case::steps_in_front("steps: 9000", "Exercise Walk Walk 9000 steps 340")]
#[case::of_a_category("drinks: 2 beers", "Drink Alcohol Beer 2 bottle 288")]
#[case::its_type_is_of_the_table("drink: coke", "Drink Soft drink Coke 1 can 145")]
#[case::a_type_of_two_words("soft drink: 2 tonic", "Drink Soft drink Tonic 2 glass 172")]
#[case::an_activity_of_its_category("exercise run 30m", "Exercise Run Run 30 min 280")]
#[case::without_gluten("gluten free bread 2 slices", "Food Lunch Gluten free bread 2 slice 154")]
#[case::a_half_behind_its_own_unit("pint and a half of beer", "Drink Alcohol Beer 1.5 pint 372")]
#[case::one_of_a_plural("1 fries", "Food Lunch Fries 1 medium 365")]
#[case::hyphenated_unit("30-minute walk", "Exercise Walk Walk 30 min 123")]
#[case::for_about("walk for about an hour", "Exercise Walk Walk 1 h 245")]
#[case::a_dash("drizzle of honey", "Food Lunch Honey 1 drizzle 22")]
#[case::a_bit("a bit of butter", "Food Lunch Butter 1 knob 72")]
#[case::a_bit_of_what_has_no_such_unit("a bit of cheese", "Food Lunch Cheese 1 small 85")]
#[case::a_little("a little milk", "Drink Milk Milk 1 splash 10")]
#[case::a_pack_is_a_bag("1 pack crisps", "Food Lunch Crisps 1 pack 133")]
#[case::a_bowl_of_cups("bowl of popcorn", "Food Lunch Popcorn 1 bowl 45")]
#[case::a_whole_of_which_the_portion_is_a_part("mozzarella ball", "Food Lunch Mozzarella ball 1 ball 375")]
#[case::of_a_shop("costa latte", "Drink Coffee Costa latte 1 mug 129")]
#[case::its_unit_in_front("2 slices homemade bread", "Food Lunch Homemade bread 2 slice 154")]
fn an_amount_is_understood(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(summary(line), expected);
    check_with(line, table()).unwrap();
}

#[rstest]
#[case::minutes_and_seconds("run 45:00", "Exercise Run Run 45 min 420")]
#[case::in_front("45:00 run", "Exercise Run Run 45 min 420")]
#[case::hours_minutes_and_seconds("run 1:15:00", "Exercise Run Run 75 min 700")]
#[case::hours_and_minutes("yoga 1:15", "Exercise Cardio Yoga 75 min 219")]
#[case::by_their_unit("run 1:30h", "Exercise Run Run 90 min 840")]
#[case::of_a_distance("run 5k 28:30", "Exercise Run Run 5 km 349")]
#[case::a_long_distance("run 21km 1:45", "Exercise Run Run 21 km 1348")]
#[case::a_short_distance("run 1km 4:30", "Exercise Run Run 1 km 62")]
#[case::an_hour_and_a_half("run an hour and a half", "Exercise Run Run 1.5 h 840")]
#[case::three_quarters("run three quarters of an hour", "Exercise Run Run 0.75 h 420")]
fn how_long_an_activity_took_is_understood(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(summary(line), expected);
    check_with(line, table()).unwrap();
}

#[rstest]
#[case::behind("coffee 8:30", "08:30:00")]
#[case::behind_with_zero("coffee 08:30", "08:30:00")]
#[case::behind_with_its_half("coffee 8:30 pm", "20:30:00")]
#[case::between("breakfast 8:30 2 eggs", "08:30:00")]
#[case::by_the_hour("yoga 7am 30 min", "07:00:00")]
#[case::oclock("coffee at 8 o'clock", "08:00:00")]
#[case::beside_a_duration("run 30m 8:30", "08:30:00")]
#[case::dinner_is_after_noon("dinner at 7 pizza", "19:00:00")]
#[case::lunch_is_after_noon("lunch at 1 soup", "13:00:00")]
#[case::as_it_is_written("dinner @7 pizza", "07:00:00")]
fn a_time_is_understood_wherever_it_stands(#[case] line: &str, #[case] time: &str) {
    let reading = first(line);
    assert_eq!(reading.question, None);
    assert_eq!(reading.time.map(|time| time.to_string()).as_deref(), Some(time));
    check_with(line, table()).unwrap();
}

#[rstest]
#[case::amounts_in_front(
    "1 apple 2 bananas",
    "Food Lunch Apple 1 medium 95 | Food Lunch Banana 2 medium 210"
)]
#[case::behind_a_type(
    "lunch 2 eggs 1 toast",
    "Food Lunch Eggs 2 egg 143 | Food Lunch Toast 1 slice 69"
)]
#[case::weights_behind(
    "chicken 200g rice 150g",
    "Food Lunch Chicken 200 g 330 | Food Lunch Rice 150 g 195"
)]
#[case::weights_apart(
    "100 g rice 100 g chicken",
    "Food Lunch Rice 100 g 130 | Food Lunch Chicken 100 g 165"
)]
#[case::an_amount_of_the_first(
    "chicken 200g with rice",
    "Food Lunch Chicken 200 g 330 | Food Lunch Rice 1 cup 205"
)]
#[case::sugar("latte 1 sugar", "Drink Coffee Latte 1 mug 129 | Food Lunch Sugar 1 tsp 16")]
#[case::kcal_behind(
    "pizza 800 coke 140",
    "Food Lunch Pizza - - 800 | Drink Soft drink Coke - - 140"
)]
#[case::activities(
    "run 30m walk 20m",
    "Exercise Run Run 30 min 280 | Exercise Walk Walk 20 min 82"
)]
#[case::hot_chips(
    "steak and chips",
    "Food Lunch Steak 1 steak 470 | Food Lunch Hot chips 1 medium 365"
)]
#[case::crisps(
    "sandwich and chips",
    "Food Lunch Sandwich 1 sandwich 311 | Food Lunch Chips 1 bag 133"
)]
#[case::a_double(
    "double vodka and coke",
    "Drink Alcohol Vodka 2 shot 194 | Drink Soft drink Coke 1 can 145"
)]
#[case::on_toast(
    "2 poached eggs on toast",
    "Food Lunch Poached egg 2 egg 143 | Food Lunch Toast 1 slice 69"
)]
#[case::mit(
    "brötchen mit käse",
    "Food Lunch Brötchen 1 roll 177 | Food Lunch Käse 1 slice 113"
)]
fn items_side_by_side_are_understood(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(summary(line), expected);
    check_with(line, table()).unwrap();
}

#[rstest]
#[case::clock_or_time("run 8:30", "is `8:30` a time of day or how long it took?")]
#[case::clock_of_a_distance("run 5k 22:30", "is `22:30` a time of day or how long it took?")]
#[case::no_time("coffee 25:00", "`25:00` is not a time of day")]
#[case::two_times("2 eggs 8:30, coffee 10:00", "a line has one day and one time")]
#[case::no_range("5-2 eggs", "nothing is known as `5-2 eggs`")]
#[case::two_amounts("200g chicken 150g", "one number of kcal is enough")]
#[case::which_has_the_amount("chicken 200g rice", "nothing is known as `chicken rice`")]
#[case::names_in_a_row("steak frites", "nothing is known as `steak frites`")]
#[case::half_of_no_unit("half a chicken", "`a part` does not measure Chicken")]
#[case::rolls_or_pieces(
    "8 california rolls",
    "is that `8 pieces California roll` or `8 rolls California roll`?"
)]
#[case::units_of_two("2 beers 2 shots", "`2` or `2`? one number of kcal is enough")]
#[case::an_amount_inside("porridge with 1 tbsp honey", "nothing is known as `porridge with honey`")]
#[case::rather_a_time("breakfast 7-8", "`7-8` of what?")]
#[case::grown_together("halfpizza", "nothing is known as `halfpizza`")]
#[case::unfinished("coffee with", "nothing is known as `coffee with`")]
#[case::an_accent_is_no_typo("caña", "nothing is known as `caña`")]
fn a_doubtful_amount_is_a_question(#[case] line: &str, #[case] message: &str) {
    let found = summary(line);
    assert!(found.starts_with("? ") && found.contains(message), "{found}");
}

#[test]
fn hours_and_minutes_may_be_minutes_and_seconds() {
    let lines: Vec<String> = readings("plank 2:00")
        .iter()
        .map(caltrack_domain::line::Reading::line)
        .collect();
    assert_eq!(lines, ["Plank 120 min", "Plank 2 min"]);
}

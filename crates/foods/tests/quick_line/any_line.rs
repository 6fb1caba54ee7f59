//! What holds for every line, whatever is typed.

use crate::support::{first, read_with, readings};
use caltrack_domain::{
    MAX_KCAL,
    line::{Lookup, Reading},
};
use caltrack_foods::table;
use proptest::prelude::*;

/// Words of the grammar, in any order.
fn line() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "2",
        "1/2",
        "½",
        "1,5",
        "1.200",
        "11/20",
        "20.11.",
        "-2d",
        "yesterday",
        "sun",
        "@7",
        "7:30am",
        "lunch",
        "dinner:",
        "tea",
        "coffee",
        "run",
        "30m",
        "5km",
        "150g",
        "g",
        "ml",
        "cup",
        "of",
        "a",
        "half",
        "large",
        "slice",
        "pizza",
        "eggs",
        "banana",
        "rice",
        "khinkali",
        "500kJ",
        "130*4",
        "350",
        "kcal",
        "p30",
        "f5",
        ",",
        "and",
        "+",
        "with",
        "# note",
        "2x",
        "steps",
        "10000",
        "-5",
        "0",
        "squash",
        "🍕",
        "פיצה",
        "e\u{301}",
    ]);
    prop::collection::vec(words, 0..8).prop_map(|words| words.join(" "))
}

fn check(line: &str) -> Result<(), TestCaseError> {
    check_with(line, table())
}

pub(crate) fn check_with(line: &str, lookup: &dyn Lookup) -> Result<(), TestCaseError> {
    let first = check_readings(line, lookup)?;
    if first.question.is_none() {
        same_again(&first, lookup)?;
    }
    Ok(())
}

/// What holds for each reading; returns the first.
fn check_readings(line: &str, lookup: &dyn Lookup) -> Result<Reading, TestCaseError> {
    let readings = read_with(line, lookup);
    prop_assert!(!readings.is_empty());
    for reading in &readings {
        let mut end = 0;
        for word in &reading.words {
            prop_assert!(word.span.start >= end, "{line:?}: {:?}", reading.words);
            prop_assert!(line.get(word.span.clone()).is_some_and(|word| !word.is_empty()));
            end = word.span.end;
        }
        for item in &reading.items {
            prop_assert!(item.kcal <= MAX_KCAL && !item.kind.is_empty());
            prop_assert!(
                item.quantity
                    .is_none_or(|quantity| quantity > 0.0 && quantity <= 10_000.0)
            );
        }
    }
    let first = readings.into_iter().next().unwrap();
    prop_assert!(first.question.is_some() || !first.items.is_empty());
    Ok(first)
}

/// What is shown, typed as a line, gives the same entries.
fn same_again(reading: &Reading, lookup: &dyn Lookup) -> Result<(), TestCaseError> {
    let shown = reading.line();
    let again = read_with(&shown, lookup).into_iter().next().unwrap();
    prop_assert_eq!(&again.question, &None, "{}", shown);
    prop_assert_eq!(&again.items, &reading.items, "{}", shown);
    prop_assert_eq!(
        (again.day, again.time, &again.note),
        (reading.day, reading.time, &reading.note),
        "{}",
        shown
    );
    Ok(())
}

proptest! {
    #[test]
    fn any_words_of_the_grammar_are_read(line in line()) {
        check(&line)?;
    }

    #[test]
    fn any_text_is_read(line in "\\PC{0,60}") {
        check(&line)?;
    }

    #[test]
    fn any_bytes_with_control_characters_are_read(line in any::<String>()) {
        let readings = readings(&line);
        prop_assert!(!readings.is_empty());
    }
}

#[test]
fn what_is_shown_of_a_name_like_a_type_gives_the_same_entry_again() {
    for (line, shown) in [
        ("31 lun", "Lunch: lun 31 kcal"),
        ("55 ,31 lun   ,31", "55 kcal, Lunch: lun 31 kcal, 31 kcal"),
        ("250 dinn zzz", "Lunch: dinn zzz 250 kcal"),
        ("2 dinn zzz 250 kcal", "2 dinn zzz 250 kcal"),
    ] {
        let reading = first(line);
        assert_eq!(reading.question, None, "{line}");
        assert_eq!(reading.line(), shown);
        same_again(&reading, table()).unwrap();
    }
}

#[test]
fn the_name_of_every_food_and_activity_gives_the_same_entry_again() {
    let foods = table().foods().iter().step_by(7).map(|food| food.name.to_owned());
    let activities = table()
        .activities()
        .iter()
        .map(|activity| format!("{} 30 min", activity.name));
    let mut wrong = Vec::new();
    for line in foods.chain(activities) {
        let reading = first(&line);
        if reading.question.is_none()
            && let Err(error) = same_again(&reading, table())
        {
            wrong.push(format!("{line}: {error}"));
        } else if let Some(question) = reading.question {
            wrong.push(format!("{line}: {question}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

//! `foods` and `search`.

use super::*;

#[test]
fn foods_have_the_figures_of_100_g_and_of_their_portion() {
    let place = Place::fresh();
    let found = place.json(&["foods", "bannana"]);
    assert_eq!(
        members(&found[0]),
        [
            "name",
            "category",
            "kcalPer100g",
            "portion",
            "portionGrams",
            "kcal",
            "protein",
            "fat",
            "carbohydrate",
            "sugar",
            "source"
        ]
    );
    assert_eq!(
        (&found[0]["name"], &found[0]["portion"], &found[0]["kcal"]),
        (&"Banana".into(), &"1 medium".into(), &105.0.into())
    );
    assert!(!place.data.exists(), "a look-up opens no data directory");
    let table = place.run(&["foods", "tea"]);
    let first = table.out.lines().nth(1).expect("a food");
    assert!(first.starts_with("Tea "), "{table:?}");
    let nothing = place.run(&["foods", "zzzzzzzz"]);
    assert_eq!(
        (nothing.code, place.json(&["foods", "zzzzzzzz"])),
        (0, serde_json::json!([]))
    );
}

#[test]
fn search_finds_entries_of_all_days_by_the_beginnings_of_words() {
    let place = Place::fresh();
    place.json(&["add", "2020-02-29", "lunch", "650", "tomato", "soup"]);
    place.json(&["add", "Crème", "brûlée", "300", "#", "with", "Anna"]);
    let names = |text: &[&str]| -> Vec<String> {
        let found = place.json(&[&["search"], text].concat());
        let found = found.as_array().expect("a list");
        found
            .iter()
            .map(|entry| entry["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(names(&["SOU", "tom"]), ["Tomato soup"]);
    assert_eq!(names(&["creme", "ann"]), ["Crème brûlée"]);
    assert_eq!(names(&["lun", "sou"]), ["Tomato soup"]);
    assert_eq!(names(&["omato"]), Vec::<String>::new());
    place.run(&["search", "?", "--json"]).error(2);
}

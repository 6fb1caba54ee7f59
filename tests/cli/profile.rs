//! The profile and weights.

use rstest::rstest;

use super::*;

const PROFILE: [&str; 10] = [
    "username",
    "height",
    "weight",
    "bmi",
    "target",
    "targets",
    "timeZone",
    "dayStartsAt",
    "countExercise",
    "rev",
];

#[test]
fn without_a_profile_the_defaults_are_shown_and_nothing_is_made() {
    let place = Place::fresh();
    for _ in 0..2 {
        let profile = place.json(&["profile"]);
        assert_eq!(members(&profile), PROFILE);
        assert_eq!(
            (&profile["username"], &profile["target"]),
            (&"me".into(), &2000.into())
        );
        assert_eq!(profile["countExercise"], true);
        for absent in [
            "height",
            "weight",
            "bmi",
            "targets",
            "timeZone",
            "dayStartsAt",
            "rev",
        ] {
            assert_eq!(profile[absent], Value::Null, "{absent}");
        }
    }
    assert!(place.run(&["profile"]).out.contains("2000 kcal a day"));
}

#[test]
fn a_target_needs_neither_height_nor_weight_and_leaves_earlier_days_alone() {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650"]);
    let profile = place.json(&["profile", "--target", "1800"]);
    assert_eq!((&profile["target"], &profile["rev"]), (&1800.into(), &1.into()));
    let today = place.json(&["today"]);
    assert_eq!(
        (&today["target"], &today["remaining"]),
        (&1800.into(), &1150.into())
    );
    let totals = place.json(&["totals"]);
    assert_eq!(
        (&totals[5]["target"], &totals[6]["target"]),
        (&2000.into(), &1800.into())
    );
    let again = place.json(&["profile", "--target", "1700"]);
    assert_eq!(
        again["targets"].as_array().unwrap().len(),
        1,
        "of one day the last one counts"
    );
    assert_eq!(again["targets"][0]["kcal"], 1700);
    assert_eq!(again["targets"][0]["from"], today["date"]);
    let week = place.json(&["profile", "--targets", "1,2,3,4,5,6,7"]);
    let weekday = jiff::Zoned::now().date().weekday().to_monday_one_offset();
    assert_eq!(week["target"], i64::from(weekday));
}

#[test]
fn a_body_has_a_mass_index_and_empty_values_are_removed() {
    let place = Place::fresh();
    let profile = place.json(&[
        "profile",
        "--height",
        "180",
        "--weight",
        "81 kg",
        "--count-exercise",
        "false",
    ]);
    assert_eq!(
        (&profile["height"], &profile["bmi"]),
        (&180.0.into(), &25.0.into())
    );
    assert_eq!(profile["countExercise"], false);
    place.json(&["add", "run", "300"]);
    assert_eq!(place.json(&["today"])["remaining"], 2000);
    let removed = place.json(&["profile", "--weight", "", "--height", ""]);
    assert_eq!(
        (&removed["weight"], &removed["bmi"], &removed["rev"]),
        (&Value::Null, &Value::Null, &2.into())
    );
}

/// Days begin two hours from now, so the present moment belongs to the day before.
#[test]
fn before_the_day_starts_an_entry_counts_for_the_day_before() {
    let place = Place::fresh();
    let zone = jiff::tz::TimeZone::posix(terminal::noon::zone()).unwrap();
    let now = jiff::Timestamp::now().to_zoned(zone);
    let start = now
        .time()
        .saturating_add(jiff::Span::new().hours(2))
        .strftime("%H:%M")
        .to_string();
    let (today, yesterday) = (now.date(), now.date().yesterday().unwrap().to_string());
    assert_eq!(
        place.json(&["profile", "--day-starts-at", &start])["dayStartsAt"],
        start
    );
    assert_eq!(place.json(&["add", "lunch", "650"])[0]["date"], yesterday);
    assert_eq!(place.json(&["log", "Food", "Lunch", "50"])["date"], yesterday);
    let shown = place.json(&["today"]);
    assert_eq!(
        (&shown["date"], &shown["caloriesConsumed"]),
        (&yesterday.into(), &700.into())
    );
    assert_eq!(place.json(&["list"]).as_array().unwrap().len(), 2);
    assert_eq!(place.json(&["totals"])[6]["date"], shown["date"]);
    assert_eq!(place.json(&["list", "tomorrow"]), serde_json::json!([]));

    place.json(&["profile", "--day-starts-at", ""]);
    assert_eq!(place.json(&["today"])["date"], today.to_string());
}

#[test]
fn days_follow_the_time_zone_of_the_profile() {
    let place = Place::fresh();
    for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        assert_eq!(
            place.json(&["profile", "--time-zone", &zone.to_lowercase()])["timeZone"],
            zone
        );
        let there = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get(zone).unwrap());
        assert_eq!(place.json(&["today"])["date"], there.date().to_string());
        let entry = &place.json(&["add", "650", "--at", "23:59"])[0];
        let moment: jiff::Timestamp = entry["creationDateTime"].as_str().unwrap().parse().unwrap();
        let moment = moment.to_zoned(there.time_zone().clone());
        assert_eq!((moment.date(), moment.hour()), (there.date(), 23));
        assert!(place.run(&["list"]).out.contains("23:59"));
    }
}

#[test]
fn weights_are_noted_for_days_and_todays_is_the_profiles() {
    let place = Place::fresh();
    assert_eq!(
        place.json(&["weight"]),
        serde_json::json!({"date": null, "weight": null})
    );
    place.json(&["profile", "--height", "180"]);
    let today = place.json(&["weight", "81"]);
    assert_eq!(
        (members(&today), &today["weight"]),
        (vec!["date", "weight"], &81.0.into())
    );
    assert_eq!(place.json(&["profile"])["bmi"], 25.0);
    let earlier = place.json(&["weight", "90,5", "--date", "-3d"]);
    assert_eq!(
        place.json(&["profile"])["weight"],
        81.0,
        "an earlier day's isn't today's"
    );
    assert_eq!(place.json(&["weight"]), today);
    assert_eq!(place.json(&["weight", "--date", "-1d"]), earlier);
    assert_eq!(place.json(&["weight", "--date", "-4d"])["weight"], Value::Null);
    let totals = place.json(&["totals"]);
    assert_eq!(
        (&totals[3]["weight"], &totals[6]["weight"]),
        (&90.5.into(), &81.0.into())
    );
    assert_eq!(place.json(&["today"])["weight"], 81.0);

    assert_eq!(place.json(&["weight", ""])["weight"], Value::Null);
    assert_eq!(place.json(&["weight"]), earlier);
    assert!(place.run(&["weight"]).out.starts_with("90.5 kg on "));
}

#[test]
fn two_edits_of_the_profile_at_once_both_stay() {
    let place = Place::fresh();
    place.json(&["profile", "--target", "1800"]);
    let edits = [["--height", "180"], ["--weight", "81"], ["--target", "1700"]];
    let children = edits.map(|[option, value]| {
        place
            .command(&["profile", option, value])
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    });
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let profile = place.json(&["profile"]);
    assert_eq!(
        (&profile["target"], &profile["bmi"]),
        (&1700.into(), &25.0.into())
    );
    // Edits that wait for one another are sent as one.
    let writes = profile["rev"].as_u64().unwrap();
    assert!((2..=4).contains(&writes), "{writes}");
}

#[rstest]
#[case(&["profile", "--target", "0"], "from 1 to 99999")]
#[case(&["profile", "--target", "-5"], "from 1 to 99999")]
#[case(&["profile", "--targets", "1,2"], "not a week")]
#[case(&["profile", "--height", "tall"], "at most 300")]
#[case(&["profile", "--weight", "0"], "at most 1000")]
#[case(&["profile", "--time-zone", "Europe/Berln"], "did you mean `Europe/Berlin`?")]
#[case(&["profile", "--day-starts-at", "25:00"], "25:00")]
#[case(&["weight", "-5"], "at most 1000")]
#[case(&["weight", "80", "--date", "someday"], "someday")]
#[case(&["log", "Food", "Lunch", "650", "--protein", "1.25"], "one decimal")]
#[case(&["log", "Food", "Lunch", "650", "--fat", "-1"], "negative")]
#[case(&["edit", "x", "--carbohydrate", "10000"], "too much")]
#[case(&["log", "Food", "Lunch", "650", "--unit", "\u{1b}[31m"], "control characters")]
fn invalid_figures_are_rejected_before_anything_is_opened(#[case] arguments: &[&str], #[case] says: &str) {
    let place = Place::fresh();
    let error = place.run(&[arguments, &["--json"]].concat()).error(2);
    assert_eq!(error["kind"], "value");
    assert!(error["message"].as_str().unwrap().contains(says), "{error}");
    assert!(!place.data.exists(), "nothing was made");
}

#[test]
fn macros_are_logged_edited_and_shown_where_there_are_any() {
    let place = Place::fresh();
    let plain = place.run(&["today"]).out;
    assert!(!plain.contains("protein"), "{plain}");
    let log = ["log", "Food", "Lunch", "650", "--quantity", "2", "--unit", "bowl"];
    let macros = ["--protein", "0,1", "--fat", "12.5 g", "--carbohydrate", "0"];
    let entry = place.json(&[&log[..], &macros].concat());
    assert_eq!(
        (&entry["quantity"], &entry["unit"]),
        (&2.0.into(), &"bowl".into())
    );
    assert_eq!(
        (&entry["protein"], &entry["fat"], &entry["carbohydrate"]),
        (&0.1.into(), &12.5.into(), &0.into())
    );
    place.json(&["log", "Food", "Snacks", "5", "--protein", "0.2"]);
    let shown = place.run(&["today"]).out;
    let row = shown.lines().find(|line| line.contains("Lunch")).unwrap();
    assert!(
        shown.contains("protein") && row.contains("2 bowl") && row.contains("12.5"),
        "{shown}"
    );

    let edited = place.json(&[
        "edit",
        "last",
        "--protein",
        "",
        "--unit",
        "piece",
        "--quantity",
        "3",
    ]);
    assert_eq!(
        (&edited["protein"], &edited["unit"]),
        (&Value::Null, &"piece".into())
    );
}

//! Logging, reading, editing and deleting entries, and the account on this computer.

use std::{fs, io::Read as _, process::Stdio};

use super::*;

const ACTIVITY: [&str; 17] = [
    "id",
    "userid",
    "date",
    "creationDateTime",
    "category",
    "type",
    "name",
    "note",
    "quantity",
    "unit",
    "food",
    "protein",
    "fat",
    "carbohydrate",
    "caloriesConsumed",
    "rev",
    "pending",
];

const TODAY: [&str; 16] = [
    "date",
    "caloriesConsumed",
    "caloriesBurned",
    "queuedConsumed",
    "queuedBurned",
    "net",
    "target",
    "remaining",
    "protein",
    "fat",
    "carbohydrate",
    "weight",
    "version",
    "queued",
    "connection",
    "activities",
];

#[test]
fn the_first_command_creates_the_account_on_this_computer_with_one_notice() {
    let place = Place::fresh();
    let first = place.run(&["whoami", "--json"]);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.err.contains("account on this computer"), "{}", first.err);
    let who: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!(members(&who), ["profile", "username", "sub", "graphqlEndpoint"]);
    assert_eq!(who["profile"], "local");
    let second = place.run(&["whoami", "--json"]);
    assert_eq!((second.out, second.err.as_str()), (first.out, ""));

    #[cfg(unix)]
    for private in ["account.json", "session-local.json"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(place.data.join(private))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{private}");
    }
}

#[test]
fn a_logged_entry_is_listed_counted_edited_and_deleted() {
    let place = Place::fresh();
    let run = place.run(&[
        "log",
        "food",
        "lunch",
        "600+50",
        "--name",
        "שלום 🍕",
        "--at",
        "12:30",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let id = run.out.trim_end();
    assert_eq!(id.len(), 36);

    let list = place.json(&["list"]);
    assert_eq!(members(&list[0]), ACTIVITY);
    assert_eq!(list[0]["id"], id);
    assert_eq!(list[0]["category"], "Food");
    assert_eq!(list[0]["type"], "Lunch");
    assert_eq!(list[0]["caloriesConsumed"], 650);
    assert_eq!(list[0]["name"], "שלום 🍕");
    assert_eq!(list[0]["note"], Value::Null);
    assert_eq!(list[0]["rev"], 1);
    assert_eq!(list[0]["pending"], false);

    place.json(&["add", "run", "300"]);
    let today = place.json(&["today"]);
    assert_eq!(members(&today), TODAY);
    assert_eq!(today["connection"], "live");
    let figures = [
        "caloriesConsumed",
        "caloriesBurned",
        "net",
        "target",
        "remaining",
        "queued",
    ];
    assert_eq!(
        figures.map(|name| today[name].as_i64().unwrap()),
        [650, 300, 350, 2000, 1650, 0]
    );
    assert_eq!(today["activities"].as_array().unwrap().len(), 2);

    let totals = place.json(&["totals"]);
    let days = totals.as_array().unwrap();
    assert_eq!(days.len(), 7);
    assert_eq!(
        members(&days[0]),
        [
            "date",
            "caloriesConsumed",
            "caloriesBurned",
            "target",
            "weight",
            "version"
        ]
    );
    assert_eq!(
        (days[0]["version"].as_u64(), days[6]["caloriesConsumed"].as_u64()),
        (Some(0), Some(650))
    );

    let edited = place.json(&["edit", id, "--kcal", "500", "--type", "dinner", "--name", ""]);
    assert_eq!(edited["caloriesConsumed"], 500);
    assert_eq!(
        (edited["type"].as_str(), &edited["name"]),
        (Some("Dinner"), &Value::Null)
    );
    assert_eq!(edited["rev"], 2);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 500);

    let moved = place.json(&["edit", id, "--date", "-1d"]);
    assert_ne!(moved["date"], today["date"]);
    assert_eq!(time_of_day(&moved), "12:30:00");
    assert_eq!(day_of(&moved), moved["date"]);
    let later = place.json(&["edit", id, "--at", "19:15"]);
    assert_eq!(
        (time_of_day(&later).as_str(), &later["date"]),
        ("19:15:00", &moved["date"])
    );
    assert_eq!(day_of(&later), moved["date"]);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 0);
    assert_eq!(place.json(&["list", "--date", "-1d"])[0]["id"], id);

    assert_eq!(place.json(&["delete", id])["id"], id);
    assert_eq!(
        place.json(&["list", "--date", "yesterday"]),
        serde_json::json!([])
    );
    assert_eq!(place.json(&["totals"])[5]["caloriesConsumed"], 0);
}

/// The local day of an entry's moment.
fn day_of(entry: &Value) -> String {
    local(entry).date().to_string()
}

fn time_of_day(entry: &Value) -> String {
    local(entry).time().to_string()
}

fn local(entry: &Value) -> jiff::Zoned {
    let moment = entry["creationDateTime"].as_str().expect("a moment");
    let moment: jiff::Timestamp = moment.parse().expect("a moment");
    moment.to_zoned(jiff::tz::TimeZone::posix(terminal::noon::zone()).expect("a zone"))
}

#[test]
fn an_unknown_id_is_a_failure_and_a_repeated_deletion_is_not() {
    let place = Place::fresh();
    let id = "0192d4e0-7b3a-7c1e-9f00-000000000000";
    for arguments in [&["edit", id, "--kcal", "5"][..], &["delete", id]] {
        let error = place.run(&[arguments, &["--json"]].concat()).error(1);
        assert_eq!(error["kind"], "not_found");
    }
    for _ in 0..2 {
        let logged = place.json(&["log", "Drink", "Coffee", "0", "--id", id]);
        assert_eq!(
            (logged["id"].as_str(), logged["rev"].as_u64()),
            (Some(id), Some(1))
        );
    }
    assert_eq!(place.json(&["list"]).as_array().unwrap().len(), 1);
}

/// A weekday means the last one, today included.
#[test]
fn days_can_be_given_as_words_and_offsets() {
    let place = Place::fresh();
    let today = jiff::Zoned::now().date();
    let tomorrow = today.tomorrow().unwrap();
    let weekday = today.strftime("%A").to_string();
    for (said, day) in [("tomorrow", tomorrow), ("+1d", tomorrow), (&weekday, today)] {
        let entry = place.json(&["log", "Food", "Lunch", "5", "--date", said, "--at", "7:30pm"]);
        assert_eq!(entry["date"], day.to_string(), "{said}");
        assert_eq!(time_of_day(&entry), "19:30:00");
    }
    assert_eq!(
        place
            .json(&["list", "--date", &weekday[..3]])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let run = place.run(&[
        "edit",
        place.json(&["list"])[0]["id"].as_str().unwrap(),
        "--date",
        "tomorrow",
    ]);
    assert!(
        run.out.contains(&format!("saved Lunch 5 kcal on {tomorrow}")),
        "{}",
        run.out
    );
}

#[test]
fn categories_are_ordered_by_name() {
    let place = Place::fresh();
    let categories = place.json(&["categories"]);
    let names: Vec<&Value> = categories
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["category"])
        .collect();
    assert_eq!(names, ["Drink", "Exercise", "Food"]);
    assert_eq!(
        categories[2]["type"],
        serde_json::json!(["Breakfast", "Lunch", "Dinner", "Snacks"])
    );
}

#[test]
fn after_a_sign_out_commands_fail_until_the_account_signs_in_again() {
    let place = Place::fresh();
    let id = place.json(&["log", "Food", "Lunch", "650"])["id"].clone();
    assert_eq!(place.run(&["sign-out"]).code, 0);
    assert_eq!(place.run(&["today", "--json"]).error(3)["kind"], "signed_out");
    assert_eq!(place.run(&["sign-in"]).code, 0);
    assert_eq!(place.json(&["list"])[0]["id"], id);

    let wrong = place.run_with(&["sign-in", "me", "--password-stdin", "--json"], "Wrong-Pass1\n");
    assert_eq!(wrong.error(1)["kind"], "unauthorized");
    assert_eq!(
        place.json(&["list"])[0]["id"],
        id,
        "a failed sign-in ends no session"
    );
}

#[test]
fn an_interrupted_creation_of_the_account_is_completed() {
    let place = Place::fresh();
    // As after a crash between storing the password and signing up.
    fs::create_dir_all(&place.data).unwrap();
    fs::write(
        place.data.join("account.json"),
        r#"{"username":"me","password":"Abcdefgh-1234567890-Abcdefgh-123","ready":false}"#,
    )
    .unwrap();
    assert_eq!(place.json(&["whoami"])["username"], "me");
    // As after a crash before the session was stored.
    fs::remove_file(place.data.join("session-local.json")).unwrap();
    let text = fs::read_to_string(place.data.join("account.json")).unwrap();
    fs::write(place.data.join("account.json"), text.replace("true", "false")).unwrap();
    assert_eq!(place.json(&["whoami"])["username"], "me");
}

#[test]
fn many_commands_at_once_share_one_backend() {
    let place = Place::fresh();
    place.json(&["whoami"]);
    let children: Vec<_> = (0..6)
        .map(|_| {
            place
                .command(&["log", "Food", "Snacks", "10"])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 60);
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let place = Place::fresh();
    place.json(&["whoami"]);
    let mut child = place
        .command(&["categories"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(err, "");
}

#[test]
fn a_data_directory_with_a_very_long_name_works() {
    let mut place = Place::fresh();
    place.data = place.data.join("x".repeat(150));
    assert_eq!(place.run(&["log", "Food", "Lunch", "650"]).code, 0);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 650);
}

//! The outbox of commands: which program sends it, and as which user.

use std::process::Child;

use super::{
    accounts::{PASSWORD, account, configured, desk},
    offline::{json, signed_in},
    serving::Served,
    *,
};

fn run(place: &Place, arguments: &[&str]) -> Run {
    desk(place, &[arguments, &["--json"]].concat(), "")
}

fn sign_in(place: &Place, user: &str) -> Run {
    desk(place, &["sign-in", user, "--password-stdin"], PASSWORD)
}

fn kcal(list: &Value) -> Vec<i64> {
    let entries = list.as_array().expect("a list").iter();
    entries
        .map(|entry| entry["caloriesConsumed"].as_i64().expect("a number"))
        .collect()
}

#[test]
fn what_waits_is_sent_by_the_next_command_that_reads() {
    let (host, place, served) = signed_in();
    let address = served.address();
    assert_eq!(served.end("-TERM"), Some(0));
    for amount in ["650", "300"] {
        run(&place, &["log", "Food", "Lunch", amount]).error(4);
    }
    run(&place, &["weight", "81.5"]).error(4);
    let served = Served::start_on(&host, &address, &[]);
    let today = run(&place, &["today"]);
    assert!(today.err.contains("sent 4 changes that waited"), "{today:?}");
    let today = json(&today);
    assert_eq!(
        ["caloriesConsumed", "queuedConsumed", "queued"].map(|name| today[name].as_i64().unwrap()),
        [950, 0, 0]
    );
    assert_eq!(today["weight"], 81.5);
    assert_eq!(json(&run(&place, &["outbox"])), serde_json::json!([]));
    assert_eq!(served.end("-TERM"), Some(0));
    // The copy has what was sent.
    assert_eq!(kcal(&json(&run(&place, &["list"]))), [650, 300]);
}

#[test]
fn without_a_backend_every_command_that_reads_shows_the_copy_with_what_is_queued() {
    let (_host, place, served) = signed_in();
    json(&run(&place, &["add", "lunch 650 soup"]));
    json(&run(&place, &["weight", "90"]));
    json(&run(&place, &["profile", "--target", "1800"]));
    json(&run(&place, &["sync"]));
    assert_eq!(served.end("-TERM"), Some(0));

    run(&place, &["add", "dinner 300 tomato soup"]).error(4);
    let found = run(&place, &["search", "soup"]);
    assert!(found.err.contains("offline"), "{found:?}");
    let found = json(&found);
    assert_eq!(kcal(&found), [650, 300]);
    assert_eq!(
        (&found[0]["pending"], &found[1]["pending"]),
        (&false.into(), &true.into())
    );
    assert_eq!(json(&run(&place, &["weight"]))["weight"], 90.0);
    assert_eq!(json(&run(&place, &["profile"]))["target"], 1800);
    assert_eq!(json(&run(&place, &["totals"])).as_array().unwrap().len(), 7);
    assert_ne!(json(&run(&place, &["categories"])), serde_json::json!([]));
    assert_ne!(json(&run(&place, &["foods", "banana"])), serde_json::json!([]));
    // The latest weight of the copy: 8 MET less than one of 70 kg would burn.
    let burned =
        |place: &Place| json(&run(place, &["add", "--dry-run", "run 30m"]))[0]["caloriesConsumed"].clone();
    let with_90 = burned(&place);
    run(&place, &["weight", "45"]).error(4);
    assert_eq!(json(&run(&place, &["weight"]))["weight"], 45.0);
    let with_45 = burned(&place);
    let ratio = with_90.as_f64().unwrap() / with_45.as_f64().unwrap();
    assert!((1.9..2.1).contains(&ratio), "{with_90} and {with_45}");
}

/// `watch` until its first line.
fn first_line(place: &Place) -> (Child, Value) {
    let mut child = place
        .command(&["--profile", "desk", "watch", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut output = std::io::BufReader::new(child.stdout.take().expect("an output"));
    std::io::BufRead::read_line(&mut output, &mut line).expect("a line");
    (child, serde_json::from_str(&line).expect("JSON"))
}

#[test]
fn watch_begins_with_the_copy_without_a_backend() {
    let (_host, place, served) = signed_in();
    json(&run(&place, &["add", "lunch 650"]));
    json(&run(&place, &["sync"]));
    assert_eq!(served.end("-TERM"), Some(0));
    run(&place, &["add", "dinner 300"]).error(4);
    let (mut child, line) = first_line(&place);
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert_eq!(line["connection"], "offline");
    assert_eq!(
        ["caloriesConsumed", "queuedConsumed", "remaining", "queued"]
            .map(|name| line[name].as_i64().unwrap()),
        [650, 300, 1050, 1]
    );
}

#[test]
fn a_queue_survives_a_sign_out_and_another_account_and_is_sent_once_as_its_own_user() {
    let (host, place, mut served) = signed_in();
    account(&place, &mut served, "bob");
    let address = served.address();
    assert_eq!(served.end("-TERM"), Some(0));
    run(&place, &["log", "Food", "Lunch", "650"]).error(4);
    let out = desk(&place, &["sign-out", "--forget"], "");
    assert_eq!(out.code, 0, "{out:?}");
    assert!(
        out.out
            .contains("1 change is queued. It stays on this computer, sent when ann signs in here again"),
        "{out:?}"
    );

    let served = Served::start_on(&host, &address, &[]);
    assert_eq!(sign_in(&place, "bob").code, 0);
    assert_eq!(json(&run(&place, &["list"])), serde_json::json!([]));
    json(&run(&place, &["log", "Food", "Dinner", "1"]));
    assert_eq!(json(&run(&place, &["today"]))["queued"], 0);
    assert_eq!(desk(&place, &["sign-out"], "").code, 0);

    let signed_in = sign_in(&place, "ann");
    assert_eq!(signed_in.code, 0, "{signed_in:?}");
    assert!(
        signed_in.err.contains("sent 1 change that waited"),
        "{signed_in:?}"
    );
    assert_eq!(kcal(&json(&run(&place, &["list"]))), [650]);
    assert_eq!(desk(&place, &["sign-out"], "").code, 0);
    assert_eq!(sign_in(&place, "bob").code, 0);
    assert_eq!(kcal(&json(&run(&place, &["list"]))), [1]);
    assert_eq!(served.end("-TERM"), Some(0));
}

/// A thousand changes over a day offline, on two devices that edit and delete the same entries.
#[test]
fn a_thousand_changes_of_two_devices_are_merged_and_none_is_lost_or_made_twice() {
    let (host, one, served) = signed_in();
    let two = configured(&served);
    assert_eq!(sign_in(&two, "ann").code, 0);
    let lines = (1..=20)
        .map(|n| format!("lunch {n}\n"))
        .collect::<Vec<_>>()
        .concat();
    let shared = json(&desk(&one, &["add", "-", "--json"], &lines));
    let id = |n: usize| shared[n]["id"].as_str().unwrap();
    for place in [&one, &two] {
        json(&run(place, &["sync"]));
    }
    let address = served.address();
    assert_eq!(served.end("-TERM"), Some(0));

    for (place, from) in [(&one, 1_000), (&two, 2_000)] {
        let lines = (0..500)
            .map(|n| format!("snacks {}\n", from + n))
            .collect::<Vec<_>>()
            .concat();
        desk(place, &["add", "-", "--json"], &lines).error(4);
    }
    // Different members of one entry, the same member of another, and a deletion against an edit, both ways.
    run(&one, &["edit", id(0), "--kcal", "5001"]).error(4);
    run(&two, &["edit", id(0), "--note", "late"]).error(4);
    run(&one, &["edit", id(1), "--kcal", "5002"]).error(4);
    run(&two, &["edit", id(1), "--kcal", "5003"]).error(4);
    run(&one, &["delete", id(2)]).error(4);
    run(&two, &["edit", id(2), "--kcal", "5004"]).error(4);
    run(&one, &["edit", id(3), "--kcal", "5005"]).error(4);
    run(&two, &["delete", id(3)]).error(4);
    run(&one, &["delete", id(4), id(5)]).error(4);
    run(&two, &["delete", id(5), id(6)]).error(4);
    let waits = |place: &Place| json(&run(place, &["outbox"])).as_array().unwrap().len();
    assert_eq!((waits(&one), waits(&two)), (506, 506));

    let served = Served::start_on(&host, &address, &[]);
    for place in [&one, &two] {
        // The first command sends for some seconds.
        while waits(place) > 0 && json(&run(place, &["sync"]))["pending"] != 0 {}
    }
    for place in [&one, &two] {
        json(&run(place, &["sync"]));
    }
    let list = json(&run(&one, &["list"]));
    assert_eq!(list, json(&run(&two, &["list"])));
    let mut expected: Vec<i64> = (0..500).flat_map(|n| [1_000 + n, 2_000 + n]).collect();
    // Of two values for one member, the first that arrived stays; an edited entry isn't deleted by someone who hasn't seen the
    // edit, and one that is deleted stays deleted.
    expected.extend([5001, 5002, 5005]);
    expected.extend(8..=20);
    expected.sort_unstable();
    let mut found = kcal(&list);
    found.sort_unstable();
    assert_eq!(found, expected);
    let first = list
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["id"] == id(0))
        .unwrap();
    assert_eq!(
        (&first["caloriesConsumed"], &first["note"]),
        (&5001.into(), &"late".into())
    );
    let consumed = json(&run(&one, &["today"]))["caloriesConsumed"].as_i64().unwrap();
    assert_eq!(consumed, expected.iter().sum::<i64>());
    // The edit of a deleted entry was rejected, and is kept for its owner.
    let rejected = json(&run(&two, &["outbox"]));
    assert_eq!(rejected[0]["state"], "rejected");
    assert_eq!(rejected[0]["activity"]["id"], id(2));
    assert_eq!(served.end("-TERM"), Some(0));
}

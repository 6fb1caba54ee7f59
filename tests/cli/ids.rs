//! Spellings of ids, and repeated ids.

use rstest::rstest;

use super::*;

const ID: &str = "01a22822-ce4b-77d8-8f13-44ecf59b0c47";

#[rstest]
#[case::upper_case("01A22822-CE4B-77D8-8F13-44ECF59B0C47")]
#[case::blanks(" 01a22822-ce4b-77d8-8f13-44ecf59b0c47\n")]
#[case::urn("urn:uuid:01a22822-ce4b-77d8-8f13-44ecf59b0c47")]
fn an_id_is_found_in_any_spelling(#[case] said: &str) {
    let place = Place::fresh();
    assert_eq!(place.json(&["log", "Food", "Lunch", "5", "--id", said])["id"], ID);
    let edited = place.json(&["edit", said, "--kcal", "6"]);
    assert_eq!(
        (&edited["id"], edited["caloriesConsumed"].as_u64()),
        (&ID.into(), Some(6))
    );
    assert_eq!(place.json(&["delete", said])["id"], ID);
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
}

#[test]
fn an_id_with_other_values_is_a_conflict_and_logs_nothing() {
    let place = Place::fresh();
    let first = ["log", "Food", "Lunch", "1", "--id", ID];
    place.json(&first);
    assert_eq!(place.json(&first)["rev"], 1, "a repeat is no failure");
    for other in [
        &["log", "Food", "Lunch", "3", "--id", ID][..],
        &["log", "Exercise", "Run", "1", "--id", ID],
        &["log", "Food", "Lunch", "1", "--id", ID, "--date", "yesterday"],
        &["log", "Food", "Lunch", "1", "--id", ID, "--name", "soup"],
    ] {
        let error = place.run(&[other, &["--json"]].concat()).error(1);
        assert_eq!(error["kind"], "conflict", "{other:?}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("belongs to another entry: Lunch 1 kcal")
                && message.contains("nothing was logged"),
            "{message}"
        );
    }
    assert_eq!(place.json(&["list"]).as_array().unwrap().len(), 1);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 1);
}

/// Responds to the queries of categories and of the profile, and closes every other connection after it has read the request.
fn backend_that_loses_answers() -> std::net::SocketAddr {
    use std::{
        io::{BufRead as _, BufReader, Read as _},
        net::TcpListener,
        thread,
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let mut length = 0;
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|read| read > 2) {
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().expect("a length");
                }
                line.clear();
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("a body");
            let body = String::from_utf8_lossy(&body);
            let is_query = |name: &str| body.contains(&format!("\"{name}\""));
            let answer = if is_query("ListActivityCategories") {
                r#"{"data":{"listActivityCategories":{"items":[{"category":"Food","type":["Lunch"]}],"nextToken":null}}}"#
            } else if is_query("GetUser") {
                r#"{"data":{"getUser":null}}"#
            } else {
                ""
            };
            if !answer.is_empty() {
                let head = format!(
                    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    answer.len()
                );
                stream
                    .get_mut()
                    .write_all((head + answer).as_bytes())
                    .expect("a reader");
            }
        }
    });
    address
}

#[rstest]
#[case(&["log", "Food", "Lunch", "650"])]
#[case(&["add", "lunch 650"])]
fn after_a_lost_response_the_entry_is_queued_once_and_a_repeated_command_is_the_same(
    #[case] arguments: &[&str],
) {
    let place = Place::fresh();
    place.json(&["whoami"]);
    let url = format!("http://{}", backend_that_loses_answers());
    let config = format!(
        "[profiles.desk]\ngraphql-endpoint = \"{url}/graphql\"\nregion = \"eu-west-1\"\n\
         cognito-endpoint = \"{url}\"\nuser-pool-id = \"eu-west-1_A\"\nclient-id = \"c\"\n"
    );
    std::fs::write(place.data.join("config.toml"), config).unwrap();
    let session = place.data.join("session-local.json");
    std::fs::copy(session, place.data.join("session-desk.json")).unwrap();

    let run = place.run(&[&["--profile", "desk"], arguments, &["--id", ID, "--json"]].concat());
    let error = run.error(4);
    assert_eq!(error["kind"], "unreachable");
    assert_eq!(error["kept"][0]["id"], ID);
    assert_eq!(error["kept"][0]["pending"], true);
    let again = place.run(&[&["--profile", "desk"], arguments, &["--id", ID, "--json"]].concat());
    assert_eq!(again.error(4)["kept"], error["kept"]);
    let fresh = place.run(&[&["--profile", "desk"], arguments].concat());
    assert!(
        fresh.err.contains("queued: Lunch 650 kcal") && fresh.err.contains("don't repeat"),
        "{}",
        fresh.err
    );
}

#[test]
fn a_quick_line_accepts_a_day_a_time_and_an_id() {
    let place = Place::fresh();
    let entries = place.json(&["add", "650", "--date", "yesterday", "--at", "7:30am", "--id", ID]);
    let entry = &entries[0];
    assert_eq!(
        (&entry["id"], entry["type"].as_str()),
        (&ID.into(), Some("Breakfast"))
    );
    assert_eq!(place.json(&["list", "--date", "-1d"])[0]["id"], ID);
    let error = place.run(&["add", "700", "--id", ID, "--json"]).error(1);
    assert_eq!(error["kind"], "conflict");
}

#[test]
fn repeating_an_id_after_an_edit_or_a_deletion_reports_which() {
    let place = Place::fresh();
    let first = ["log", "Food", "Lunch", "1", "--id", ID, "--json"];
    place.run(&first);
    place.json(&["edit", ID, "--note", "later"]);
    let error = place.run(&first).error(1);
    assert_eq!(error["kind"], "conflict");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("edited since it was logged"),
        "{error}"
    );
    place.json(&["edit", ID, "--note", ""]);
    assert_eq!(place.run(&first).code, 0, "it is again what was asked for");
    place.json(&["delete", ID]);
    let error = place.run(&first).error(1);
    assert_eq!(error["kind"], "conflict");
    assert!(
        error["message"].as_str().unwrap().contains("was deleted"),
        "{error}"
    );
    let error = place.run(&["edit", ID, "--kcal", "5", "--json"]).error(1);
    assert_eq!(error["kind"], "not_found");
}

#[test]
fn an_entry_is_named_by_last_or_by_an_end_of_its_id() {
    let place = Place::fresh();
    let error = place.run(&["delete", "last", "--json"]).error(1);
    assert_eq!(error["kind"], "not_found");
    place.json(&["log", "Food", "Lunch", "1", "--id", ID]);
    // It was logged last, for an earlier day.
    let last = place.json(&["log", "Food", "Dinner", "2", "--date", "2020-01-01"])["id"].clone();
    assert_eq!(place.json(&["edit", "last", "--kcal", "3"])["id"], last);
    for part in ["0c47", "59B0C47", "01a22822", &ID[..35]] {
        assert_eq!(place.json(&["edit", part, "--note", part])["id"], ID, "{part}");
    }
    let shown = place.run(&["list"]).out;
    let ending = shown.lines().nth(1).unwrap().split_whitespace().last().unwrap();
    assert_eq!(place.json(&["delete", ending])["id"], ID);
    for unknown in ["c47", "ffff0000", "zzzz"] {
        let error = place.run(&["delete", unknown, "--json"]).error(1);
        assert_eq!(error["kind"], "not_found", "{unknown}");
    }
}

#[test]
fn a_part_of_two_ids_is_rejected_and_changes_nothing() {
    let place = Place::fresh();
    let other = "01a22822-0000-7000-8000-44ecf59b0c47";
    place.json(&["log", "Food", "Lunch", "1", "--id", ID]);
    place.json(&["log", "Food", "Lunch", "2", "--id", other, "--date", "2020-01-01"]);
    for part in ["0c47", "01a22822"] {
        let error = place.run(&["edit", part, "--kcal", "9", "--json"]).error(2);
        assert_eq!(error["kind"], "value");
        assert!(
            error["message"].as_str().unwrap().starts_with("2 entries"),
            "{error}"
        );
    }
    assert_eq!(place.json(&["edit", "01a22822-0", "--kcal", "9"])["id"], other);
}

#[test]
fn several_entries_are_deleted_at_once_and_an_unknown_one_first_deletes_none() {
    let place = Place::fresh();
    let ids: Vec<String> = (0..3)
        .map(|_| {
            place.json(&["add", "lunch", "5"])[0]["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let missing = "0192d4e0-7b3a-7c1e-9f00-000000000000";
    let error = place.run(&["delete", missing, &ids[0], "--json"]).error(1);
    assert_eq!(error["kind"], "not_found");
    let deleted = place.json(&["delete", &ids[0], &ids[1][28..]]);
    assert_eq!(
        (&deleted[0]["id"], &deleted[1]["id"]),
        (&ids[0].as_str().into(), &ids[1].as_str().into())
    );
    let error = place.run(&["delete", "last", missing, "--json"]).error(1);
    assert_eq!(error["kind"], "not_found");
    assert_eq!(place.json(&["list"]).as_array().unwrap().len(), 1);
}

//! `doctor`: every failure is found, with advice.

use rstest::rstest;

use super::{serving::Served, *};

/// The checks by name: `ok` or `warn`, `fail`, `skip`, and the advice.
fn checks(run: &Run) -> Vec<(String, String, String)> {
    let answer: Value = serde_json::from_str(&run.out).expect("JSON");
    let checks = answer.as_array().expect("a list");
    assert_eq!(checks.iter().all(|check| check["ok"] != false), run.code == 0);
    let text = |check: &Value, name: &str| check[name].as_str().unwrap_or_default().to_owned();
    let state = |check: &Value| match check["ok"].as_bool() {
        Some(true) if check["next"].is_null() => "ok",
        Some(true) => "warn",
        Some(false) => "fail",
        None => "skip",
    };
    checks
        .iter()
        .map(|check| {
            assert_eq!(members(check), ["check", "ok", "message", "next"]);
            assert!(
                check["message"]
                    .as_str()
                    .is_some_and(|message| !message.is_empty()),
                "{check}"
            );
            (text(check, "check"), state(check).to_owned(), text(check, "next"))
        })
        .collect()
}

fn state<'a>(checks: &'a [(String, String, String)], name: &str) -> (&'a str, &'a str) {
    let check = checks.iter().find(|check| check.0 == name);
    let check = check.expect("a check of that name");
    (&check.1, &check.2)
}

#[test]
fn a_new_directory_has_no_failure_and_nothing_is_created() {
    let place = Place::fresh();
    let run = place.run(&["doctor", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let checks = checks(&run);
    assert_eq!(state(&checks, "credentials").0, "warn");
    assert!(!place.data.join("account.json").exists(), "it makes no account");
    assert!(!place.data.join("config.toml").exists());
}

#[rstest]
#[case::lost(None)]
#[case::emptied(Some(""))]
fn an_account_whose_password_is_lost_is_reported(#[case] left: Option<&str>) {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650"]);
    let account = place.data.join("account.json");
    match left {
        None => std::fs::remove_file(account).expect("a file"),
        Some(text) => std::fs::write(account, text).expect("a file"),
    }
    std::fs::remove_file(place.data.join("session-local.json")).expect("a file");
    let run = place.run(&["doctor", "--json"]);
    assert_ne!(run.code, 0, "{run:?}");
    let checks = checks(&run);
    let (state, next) = state(&checks, "credentials");
    assert_eq!(state, "fail");
    assert!(next.contains("forgot-password me"), "{next}");
    assert!(next.contains("codes.jsonl"), "{next}");
}

#[test]
fn all_checks_run_if_everything_works() {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650"]);
    let run = place.run(&["doctor", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let found = checks(&run);
    let names: Vec<&str> = found.iter().map(|check| check.0.as_str()).collect();
    assert_eq!(
        names,
        [
            "program",
            "configuration",
            "paths",
            "data directory",
            "outbox",
            "copy of the log",
            "snapshots",
            "API",
            "user pool",
            "clock",
            "credentials",
            "permissions",
            "live changes",
            "terminal"
        ]
    );
    assert!(found.iter().all(|check| check.1 == "ok"), "{found:?}");
    let text = place.run(&["doctor"]);
    assert!(text.out.contains("ok    live changes"), "{text:?}");
}

#[test]
fn an_unknown_profile_is_the_first_failure() {
    let place = Place::fresh();
    let run = place.run(&["--profile", "work", "doctor", "--json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(state(&checks(&run), "configuration").0, "fail");
}

#[test]
fn an_unusable_directory_is_reported() {
    let place = Place::fresh();
    std::fs::write(&place.data, "a letter").expect("a file");
    let run = place.run(&["doctor", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let checks = checks(&run);
    let (state, next) = state(&checks, "data directory");
    assert_eq!(state, "fail");
    assert!(next.contains("--data-dir"), "{next}");
}

/// Profiles of another directory's `serve`, each with a different mistake.
#[test]
fn a_wrong_address_a_wrong_client_and_a_missing_session_are_distinguished() {
    let (there, here) = (Place::fresh(), Place::fresh());
    let served = Served::start(&there, &[]);
    let endpoint = served.text("graphqlEndpoint").to_owned();
    let configure = |name: &str, graphql: &str, client: &str| {
        let pool = served.text("userPoolId");
        let mut arguments = vec!["configure", name, "--graphql-endpoint", graphql];
        arguments.extend(["--cognito-endpoint", served.text("cognitoEndpoint")]);
        arguments.extend(["--user-pool-id", pool, "--client-id", client]);
        assert_eq!(here.run(&arguments).code, 0);
    };
    let client = served.text("userPoolClientId");
    configure("right", &endpoint, client);
    configure("astray", &endpoint.replace("/graphql", "/nothing"), client);
    configure("stranger", &endpoint, "nobodysclient");
    let doctor = |name: &str| here.run(&["--profile", name, "doctor", "--json"]);

    let run = doctor("right");
    assert_eq!(run.code, 3, "{run:?}");
    let found = checks(&run);
    assert_eq!(
        (state(&found, "API").0, state(&found, "user pool").0),
        ("ok", "ok")
    );
    let (state_of, next) = state(&found, "credentials");
    assert_eq!(state_of, "fail");
    assert!(next.contains("--profile right sign-in"), "{next}");
    assert_eq!(
        (state(&found, "permissions").0, state(&found, "live changes").0),
        ("skip", "skip")
    );

    let run = doctor("astray");
    assert_eq!(run.code, 1, "{run:?}");
    let found = checks(&run);
    assert_eq!(
        (state(&found, "API").0, state(&found, "user pool").0),
        ("fail", "ok")
    );

    let run = doctor("stranger");
    assert_eq!(run.code, 1, "{run:?}");
    let found = checks(&run);
    let (state_of, next) = state(&found, "user pool");
    assert_eq!(state_of, "fail");
    assert!(next.contains("ALLOW_USER_SRP_AUTH"), "{next}");

    assert_eq!(served.end("-TERM"), Some(0));
    let run = doctor("right");
    assert_eq!(run.code, 4, "{run:?}");
    let found = checks(&run);
    assert_eq!(
        (state(&found, "API").0, state(&found, "clock").0),
        ("fail", "warn")
    );
}

/// The bytes of a file with a page of zeros in its middle.
fn with_a_damaged_page(path: &std::path::Path) -> Vec<u8> {
    let mut bytes = std::fs::read(path).expect("a file");
    let at = bytes.len() / 2 / 4_096 * 4_096;
    bytes[at..at + 4_096].fill(0);
    std::fs::write(path, &bytes).expect("a file");
    bytes
}

#[test]
fn a_damaged_outbox_is_reported_by_doctor_and_replaced_by_recover_alone() {
    let (_host, place, served) = super::offline::signed_in();
    let run = |arguments: &[&str]| super::accounts::desk(&place, &[arguments, &["--json"]].concat(), "");
    assert_eq!(served.end("-TERM"), Some(0));
    for kcal in 1..=20 {
        run(&["log", "Food", "Lunch", &kcal.to_string()]).error(4);
    }
    let found = checks(&run(&["doctor"]));
    let (state_of, next) = state(&found, "outbox");
    assert_eq!(state_of, "warn");
    assert!(next.contains("`sync`"), "{next}");

    let path = place.data.join("outbox.db");
    let bytes = with_a_damaged_page(&path);
    let error = run(&["log", "Food", "Lunch", "21"]).error(1);
    assert_eq!(error["kind"], "storage");
    assert!(
        error["next"]
            .as_str()
            .expect("advice")
            .contains("doctor --recover")
    );
    let found = checks(&run(&["doctor"]));
    assert_eq!(state(&found, "outbox").0, "fail");
    assert_eq!(std::fs::read(&path).expect("a file"), bytes, "it stays as it is");

    let found = run(&["doctor", "--recover"]);
    let recovered: Value = serde_json::from_str(&found.out).expect("JSON");
    let message = recovered
        .as_array()
        .expect("a list")
        .iter()
        .find(|check| check["check"] == "recover outbox")
        .expect("the recovery")["message"]
        .as_str()
        .expect("a text");
    let aside = place.data.join("outbox.db.damaged-1");
    assert!(message.contains(&aside.display().to_string()), "{message}");
    assert_eq!(
        std::fs::read(aside).expect("a file"),
        bytes,
        "the old file is kept"
    );
    let kept = run(&["outbox"]);
    let kept: Value = serde_json::from_str(&kept.out).expect("JSON");
    let count = kept.as_array().expect("a list").len();
    assert!(message.contains(&format!("{count} changes")), "{message}");
    assert!(count > 5, "{message}");
    run(&["log", "Food", "Lunch", "21"]).error(4);
    let again = checks(&run(&["doctor", "--recover"]));
    assert_eq!(state(&again, "recover outbox").0, "ok");
}

#[test]
fn a_newer_outbox_is_not_recovered_without_a_confirmation() {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650"]);
    let path = place.data.join("outbox.db");
    let mut bytes = std::fs::read(&path).expect("a file");
    // "Database File Format", section 1.3: the number that `PRAGMA user_version` sets.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, bytes).expect("a file");
    let run = place.run(&["doctor", "--recover", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let found = checks(&run);
    for name in ["recover outbox", "outbox"] {
        let (state_of, next) = state(&found, name);
        assert_eq!(state_of, "fail");
        assert!(next.contains("newer version"), "{next}");
    }
    // What is known is shown.
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 650);
}

#[test]
fn a_damaged_cache_is_reported_and_rebuilt() {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650"]);
    let path = place.data.join("cache.db");
    std::fs::write(&path, "no database").expect("a file");
    let found = checks(&place.run(&["doctor", "--json"]));
    let (state_of, next) = state(&found, "copy of the log");
    assert_eq!(state_of, "warn");
    assert!(next.contains("doctor --recover"), "{next}");
    let found = checks(&place.run(&["doctor", "--recover", "--json"]));
    assert_eq!(state(&found, "copy of the log").0, "ok");
    assert!(place.data.join("cache.db.set-aside-1").exists());
    assert_eq!(place.json(&["sync"])["days"], 1);
}

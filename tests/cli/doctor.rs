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
            "configuration",
            "data directory",
            "API",
            "user pool",
            "clock",
            "credentials",
            "permissions",
            "live changes",
            "copy of the log",
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

//! Unusable data directories and configurations: reported and unchanged.

use std::fs;

use rstest::rstest;

use super::*;

#[test]
fn data_of_a_newer_version_is_unchanged() {
    let place = Place::fresh();
    let backend = place.data.join("backend");
    fs::create_dir_all(&backend).unwrap();
    fs::write(backend.join("version"), "99\n").unwrap();
    let error = place.run(&["today", "--json"]).error(1);
    assert_eq!(error["kind"], "storage");
    assert!(
        error["message"].as_str().unwrap().contains("newer version"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(backend.join("version")).unwrap(), "99\n");
    assert_eq!(fs::read_dir(&backend).unwrap().count(), 1);
}

#[test]
fn damaged_tables_are_reported_and_kept() {
    let place = Place::fresh();
    let backend = place.data.join("backend");
    fs::create_dir_all(&backend).unwrap();
    fs::write(backend.join("version"), "1\n").unwrap();
    let garbage = "no tables, but somebody's bytes ".repeat(500);
    fs::write(backend.join("tables.db"), &garbage).unwrap();
    let error = place.run(&["today", "--json"]).error(1);
    assert_eq!(error["kind"], "storage");
    assert!(
        error["message"].as_str().unwrap().contains("tables.db"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(backend.join("tables.db")).unwrap(), garbage);
}

#[test]
fn a_directory_that_can_t_be_written_is_reported() {
    let place = Place::fresh();
    fs::write(&place.data, "a letter").unwrap();
    let error = place.run(&["today", "--json"]).error(1);
    assert_eq!(error["kind"], "storage");
    assert!(
        error["message"].as_str().unwrap().contains("can't be written"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&place.data).unwrap(), "a letter");
}

#[test]
fn a_profile_that_can_t_be_written_is_not_wrong_usage() {
    let place = Place::fresh();
    fs::write(&place.data, "a letter").unwrap();
    let arguments = [
        "configure",
        "work",
        "--graphql-endpoint",
        "https://example.org/graphql",
        "--user-pool-id",
        "eu-west-1_A",
        "--client-id",
        "c",
        "--json",
    ];
    assert_eq!(place.run(&arguments).error(1)["kind"], "storage");
    assert_eq!(fs::read_to_string(&place.data).unwrap(), "a letter");
}

#[rstest]
#[case("profil = \"x\"", "profil")]
#[case("[profiles.work]\nregion = \"x\"\n", "graphql-endpoint")]
fn an_invalid_configuration_is_reported(#[case] text: &str, #[case] says: &str) {
    let place = Place::fresh();
    fs::create_dir_all(&place.data).unwrap();
    fs::write(place.data.join("config.toml"), text).unwrap();
    let error = place.run(&["today", "--json"]).error(2);
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains(says) && message.contains("config.toml"),
        "{error}"
    );
    assert_eq!(fs::read_dir(&place.data).unwrap().count(), 1);
}

#[test]
fn an_unknown_profile_and_one_without_a_session_are_reported() {
    let place = Place::fresh();
    let error = place.run(&["--profile", "work", "today", "--json"]).error(2);
    assert!(error["message"].as_str().unwrap().contains("work"), "{error}");

    fs::create_dir_all(&place.data).unwrap();
    let config = "[profiles.work]\ngraphql-endpoint = \"http://127.0.0.1:9/graphql\"\nregion = \"eu-west-1\"\n\
                  cognito-endpoint = \"http://127.0.0.1:9\"\nuser-pool-id = \"eu-west-1_A\"\nclient-id = \"c\"\n";
    fs::write(place.data.join("config.toml"), config).unwrap();
    let error = place.run(&["--profile", "work", "today", "--json"]).error(3);
    assert_eq!(error["kind"], "signed_out");

    let unreachable = place.run_with(
        &[
            "--profile",
            "work",
            "sign-in",
            "ada",
            "--password-stdin",
            "--json",
        ],
        "Secret-123\n",
    );
    let error = unreachable.error(4);
    assert_eq!(error["kind"], "unreachable");
    assert!(!unreachable.err.contains("Secret-123"));
}

/// The output is `live`, so it must come from the backend, not from the cache.
#[test]
fn cached_data_is_not_shown_if_the_backend_can_t_be_reached() {
    let place = Place::fresh();
    place.json(&["log", "Food", "Lunch", "650"]);
    let config = "[profiles.work]\ngraphql-endpoint = \"http://127.0.0.1:9/graphql\"\nregion = \"eu-west-1\"\n\
                  cognito-endpoint = \"http://127.0.0.1:9\"\nuser-pool-id = \"eu-west-1_A\"\nclient-id = \"c\"\n";
    fs::write(place.data.join("config.toml"), config).unwrap();
    let session = place.data.join("session-local.json");
    fs::copy(session, place.data.join("session-work.json")).unwrap();
    for command in ["today", "list", "totals", "categories"] {
        let error = place.run(&["--profile", "work", command, "--json"]).error(4);
        assert_eq!(error["kind"], "unreachable", "{command}");
    }
}

#[test]
fn the_help_has_only_commands_that_exist() {
    let place = Place::fresh();
    let help = place.run(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    for command in [
        "log",
        "add",
        "list",
        "today",
        "watch",
        "totals",
        "categories",
        "foods",
        "search",
        "export",
        "import",
        "edit-day",
        "edit",
        "delete",
        "undo",
        "redo",
        "outbox",
        "sync",
        "profile",
        "weight",
        "whoami",
        "sign-in",
        "sign-out",
        "serve",
        "configure",
        "sign-up",
        "confirm",
        "forgot-password",
        "doctor",
    ] {
        assert!(help.out.contains(&format!("\n  {command} ")), "{command}");
    }
    assert_eq!(place.run(&["--version"]).code, 0);
}

#[test]
fn screens_without_a_terminal_fail_with_advice() {
    let place = Place::fresh();
    let run = place.run(&[]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("the screens need a terminal"), "{}", run.err);
}

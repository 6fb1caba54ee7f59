//! Protection of a data directory against other users and the environment.

use std::{
    fs,
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _, chown, symlink},
    path::Path,
};

use rstest::rstest;

use super::*;

/// The user id of `nobody`.
const NOBODY: u32 = 65_534;

/// The modes of all files and directories below a directory.
fn modes(directory: &Path) -> Vec<(String, bool, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("metadata");
        let mode = metadata.permissions().mode() & 0o777;
        found.push((path.display().to_string(), metadata.is_dir(), mode));
        if metadata.is_dir() {
            found.extend(modes(&path));
        }
        assert!(!metadata.file_type().is_socket(), "{}", path.display());
    }
    found
}

/// Runs under a umask that removes no permissions.
fn run_openly(place: &Place, arguments: &[&str]) -> Run {
    let mut shell = Command::new("sh");
    shell
        .args([
            "-c",
            "umask 000; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_caltrack-tui"),
        ])
        .args(arguments)
        .env("CALTRACK_DATA_DIR", &place.data);
    let output = shell.output().expect("the program runs");
    Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Writes a profile of a backend on AWS.
pub(crate) const CONFIGURE: [&str; 8] = [
    "configure",
    "work",
    "--graphql-endpoint",
    "https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com/graphql",
    "--user-pool-id",
    "eu-west-1_AbC123",
    "--client-id",
    "c",
];

#[test]
fn everything_written_is_private_under_any_umask() {
    let place = Place::fresh();
    assert_eq!(run_openly(&place, &["log", "Food", "Lunch", "650"]).code, 0);
    assert_eq!(run_openly(&place, &CONFIGURE).code, 0);
    assert_eq!(run_openly(&place, &["doctor"]).code, 0);
    let found = modes(&place.data);
    for name in [
        "account.json",
        "config.toml",
        "log",
        "session-local.json",
        "codes.jsonl",
        "tables.db",
    ] {
        assert!(
            found.iter().any(|(path, ..)| path.ends_with(name)),
            "{name}: {found:?}"
        );
    }
    assert!(
        found.iter().any(|(path, ..)| path.contains("/log/caltrack.")),
        "{found:?}"
    );
    for (path, is_directory, mode) in found {
        assert_eq!(mode, if is_directory { 0o700 } else { 0o600 }, "{path}");
    }
}

#[test]
fn a_data_directory_of_another_user_is_refused_before_anything_in_it_is_used() {
    let place = Place::fresh();
    fs::create_dir(&place.data).expect("a directory");
    let precious = place.parent.path().join("precious");
    fs::write(&precious, "precious").expect("a file");
    symlink(&precious, place.data.join("backend.lock")).expect("a link");
    fs::write(place.data.join("config.toml"), "profile = \"evil\"\n").expect("a file");
    fs::set_permissions(&place.data, fs::Permissions::from_mode(0o577)).expect("a mode");
    let mut place = place;
    if chown(&place.data, Some(NOBODY), None).is_err() {
        // Without permission for chown: a directory that belongs to root.
        place.data = "/etc".into();
    }
    for arguments in [
        &["log", "Food", "Lunch", "5", "--json"][..],
        &["whoami", "--json"],
        &["serve", "--listen", "127.0.0.1:0", "--json"],
        &[&CONFIGURE[..], &["--json"]].concat(),
    ] {
        let error = place.run(arguments).error(1);
        assert_eq!(error["kind"], "storage", "{arguments:?}");
        assert!(
            error["message"]
                .as_str()
                .expect("a message")
                .contains("another user"),
            "{error}"
        );
        assert!(
            error["next"].as_str().expect("advice").contains("--data-dir"),
            "{error}"
        );
    }
    assert_eq!(fs::read_to_string(&precious).expect("a file"), "precious");
}

/// The user's own directory may contain links that others created.
#[rstest]
#[case("backend.lock")]
#[case("account.json")]
#[case("backend/tables.db")]
#[case("backend/pool.db")]
#[case("backend/version")]
#[case("backend/aggregator.credentials")]
fn no_file_is_read_or_written_through_a_link(#[case] name: &str) {
    let place = Place::fresh();
    fs::create_dir_all(place.data.join("backend")).expect("a directory");
    let precious = place.parent.path().join("precious");
    fs::write(&precious, "precious").expect("a file");
    fs::set_permissions(&precious, fs::Permissions::from_mode(0o644)).expect("a mode");
    symlink(&precious, place.data.join(name)).expect("a link");
    let error = place.run(&["log", "Food", "Lunch", "5", "--json"]).error(1);
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains("symbolic link"), "{error}");
    assert!(
        message.contains(name.rsplit('/').next().expect("a name")),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&precious).expect("a file"), "precious");
    let mode = fs::metadata(&precious).expect("metadata").permissions().mode() & 0o777;
    assert_eq!(mode, 0o644);
}

/// A session file is always replaced, and so is a link in its place.
#[test]
fn a_session_is_not_written_through_a_link() {
    let place = Place::fresh();
    fs::create_dir(&place.data).expect("a directory");
    fs::set_permissions(&place.data, fs::Permissions::from_mode(0o700)).expect("a mode");
    let precious = place.parent.path().join("precious");
    fs::write(&precious, "precious").expect("a file");
    let session = place.data.join("session-local.json");
    symlink(&precious, &session).expect("a link");
    place.json(&["log", "Food", "Lunch", "5"]);
    assert!(fs::symlink_metadata(&session).expect("a session").is_file());
    assert_eq!(fs::read_to_string(&precious).expect("a file"), "precious");
}

#[test]
fn a_log_that_is_a_link_is_not_written_and_everything_else_works() {
    let place = Place::fresh();
    let elsewhere = place.parent.path().join("elsewhere");
    for directory in [&elsewhere, &place.data.join("log")] {
        fs::create_dir_all(directory).expect("a directory");
    }
    let precious = elsewhere.join("precious");
    fs::write(&precious, "precious").expect("a file");
    let now = jiff::Timestamp::now();
    // The program may start after midnight.
    for hours in [0, 24] {
        let day = now + jiff::SignedDuration::from_hours(hours);
        let name = format!("caltrack.{}.log", day.strftime("%Y-%m-%d"));
        symlink(&precious, place.data.join("log").join(name)).expect("a link");
    }
    assert_eq!(place.run(&["log", "Food", "Lunch", "5"]).code, 0);
    assert_eq!(fs::read_to_string(&precious).expect("a file"), "precious");
}

#[test]
fn a_configuration_that_is_a_pipe_or_belongs_to_another_user_is_refused() {
    let place = Place::fresh();
    fs::create_dir(&place.data).expect("a directory");
    let config = place.data.join("config.toml");
    let made = Command::new("mkfifo")
        .arg(&config)
        .status()
        .expect("mkfifo(1) runs");
    assert!(made.success());
    for arguments in [&["today", "--json"][..], &[&CONFIGURE[..], &["--json"]].concat()] {
        let error = place.run(arguments).error(2);
        assert!(
            error["message"]
                .as_str()
                .expect("a message")
                .contains("not a regular file"),
            "{error}"
        );
    }
    fs::remove_file(&config).expect("a pipe");
    fs::write(&config, "profile = \"evil\"\n").expect("a file");
    // Only root can change the owner of a file; files of root are the administrator's.
    if chown(&config, Some(NOBODY), None).is_ok() {
        let error = place.run(&["today", "--json"]).error(2);
        assert!(
            error["message"]
                .as_str()
                .expect("a message")
                .contains("another user"),
            "{error}"
        );
    }
}

#[test]
fn a_directory_whose_name_is_not_utf_8_is_refused_with_advice() {
    use std::os::unix::ffi::OsStrExt as _;
    let mut place = Place::fresh();
    place.data = place.parent.path().join(std::ffi::OsStr::from_bytes(b"bad\xff"));
    let error = place.run(&["today", "--json"]).error(1);
    assert!(
        error["message"]
            .as_str()
            .expect("a message")
            .contains("not UTF-8"),
        "{error}"
    );
    assert!(
        error["next"].as_str().expect("advice").contains("UTF-8"),
        "{error}"
    );
    assert!(!place.data.exists());
}

#[test]
fn names_of_directories_are_cleaned_for_the_terminal() {
    let mut place = Place::fresh();
    place.data = place.parent.path().join("a\u{1b}[31m\u{9b}31mb");
    let made = place.run(&["log", "Food", "Lunch", "5"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.err.contains("Created the account on this computer in"),
        "{made:?}"
    );
    let sign_up = place.run_with(&["sign-up", "cy", "--password-stdin"], accounts::PASSWORD);
    let configured = place.run(&CONFIGURE);
    let doctor = place.run(&["doctor"]);
    fs::write(place.data.join("backend/version"), "x").expect("a file");
    let damaged = place.run(&["today"]);
    for run in [made, sign_up, configured, doctor, damaged] {
        assert!(!run.err.contains(['\u{1b}', '\u{9b}']), "{:?}", run.err);
        assert!(!run.out.contains(['\u{1b}', '\u{9b}']), "{:?}", run.out);
    }
}

#[test]
fn an_empty_variable_counts_as_unset() {
    const VARIABLES: [&str; 4] = [
        "CALTRACK_PROFILE",
        "CALTRACK_CONFIG",
        "NO_COLOR",
        "XDG_RUNTIME_DIR",
    ];
    let place = Place::fresh();
    let mut command = place.command(&["whoami", "--json"]);
    let output = command
        .envs(VARIABLES.map(|name| (name, "")))
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["profile"], "local");

    // An empty variable means the platform's directory.
    let home = place.parent.path().join("home");
    let mut command = place.command(&["whoami"]);
    let output = command
        .env("CALTRACK_DATA_DIR", "")
        .env("XDG_DATA_HOME", "")
        .env("HOME", &home)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{output:?}");
    assert!(home.is_dir());

    // An empty password counts as absent, and there is no terminal for a prompt.
    let mut command = place.command(&["sign-up", "cy"]);
    let command = command.env("CALTRACK_PASSWORD", "").stdin(Stdio::null());
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("the password is missing"), "{said}");
}

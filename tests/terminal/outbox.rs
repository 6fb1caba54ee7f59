//! Changes that wait: without a backend, over a restart, and after the program was killed.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};

use super::*;

/// `serve` on a directory, until it is dropped.
pub(crate) struct Serve {
    child: Child,
    /// The line that it prints.
    endpoints: serde_json::Value,
}

impl Drop for Serve {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Serve {
    pub(crate) fn start(data: &Path, port: &str) -> Self {
        let mut child = Command::new(BINARY)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .env("CALTRACK_DATA_DIR", data)
            .env("TZ", terminal::noon::zone())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("serve starts");
        let mut line = String::new();
        let output = child.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        Self {
            child,
            endpoints: serde_json::from_str(&line).expect("JSON"),
        }
    }

    fn endpoint(&self, name: &str) -> &str {
        self.endpoints[name].as_str().expect("a text")
    }

    fn port(&self) -> String {
        let (_, port) = self
            .endpoint("cognitoEndpoint")
            .rsplit_once(':')
            .expect("an address");
        port.to_owned()
    }
}

fn succeeds(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A data directory with a profile `cloud` of this backend, where a user is signed in.
pub(crate) fn client_of(serve: &Serve, backend: &Path) -> tempfile::TempDir {
    let data = data_dir();
    let options = [
        ("--graphql-endpoint", "graphqlEndpoint"),
        ("--realtime-endpoint", "realtimeEndpoint"),
        ("--cognito-endpoint", "cognitoEndpoint"),
        ("--region", "region"),
        ("--user-pool-id", "userPoolId"),
        ("--client-id", "userPoolClientId"),
    ];
    let mut arguments = vec!["configure", "cloud"];
    for (option, name) in options {
        arguments.extend([option, serve.endpoint(name)]);
    }
    succeeds(&run(data.path(), &arguments));
    let account = |arguments: &[&str]| {
        let output = Command::new(BINARY)
            .args(["--profile", "cloud"])
            .args(arguments)
            .env("CALTRACK_DATA_DIR", data.path())
            .env("CALTRACK_PASSWORD", "Tr0ub4dor&3-horse")
            .output()
            .expect("the program runs");
        succeeds(&output);
    };
    account(&["sign-up", "alice"]);
    let codes = std::fs::read_to_string(backend.join("backend/codes.jsonl")).expect("a code was sent");
    let code = codes
        .split(|c: char| !c.is_ascii_digit())
        .rfind(|digits| digits.len() == 6);
    account(&["confirm", "alice", code.expect("a code")]);
    account(&["sign-in", "alice"]);
    data
}

pub(crate) fn cloud(data: &Path) -> Program {
    Program::start(data, &["--profile", "cloud"], 120, 40)
}

#[test]
fn without_a_backend_the_screens_start_take_changes_and_send_them_once_it_is_back() {
    let backend = data_dir();
    let serve = Serve::start(backend.path(), "0");
    let port = serve.port();
    let data = client_of(&serve, backend.path());
    let mut program = cloud(data.path());
    program.wait_for("● live");
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    program.press("q");
    program.wait_exit();
    drop(serve);

    let mut program = cloud(data.path());
    program.wait_for("consumed 650");
    program.wait_for("○ offline");
    log(&mut program, "dinner 300");
    program.wait_for("consumed 650 (+300 queued)");
    program.wait_for("remaining 1050");
    program.wait_for("1 queued");
    // Yesterday, of which there is a copy too.
    program.press("h");
    program.wait_for("yesterday");
    log(&mut program, "snacks 90");
    program.wait_for("2 queued");
    log(&mut program, "coffee 5");
    program.wait_for("3 queued");
    program.press("u");
    program.wait_for("2 queued");
    program.press("t:queue\r");
    program.wait_for("Queue: 2 queued");
    program.wait_for("waits:");
    program.press("\x1b");
    program.wait_gone("Queue: 2 queued");
    program.press("q");
    program.wait_exit();

    // After a restart they are still there, and sent by themselves.
    let mut program = cloud(data.path());
    program.wait_for("2 queued");
    program.wait_for("consumed 650 (+300 queued)");
    let serve = Serve::start(backend.path(), &port);
    program.wait_for("consumed 950");
    program.wait_gone("2 queued");
    program.wait_for("● live");
    program.press("q");
    program.wait_exit();
    let list = run(
        data.path(),
        &[
            "--profile",
            "cloud",
            "list",
            "--from",
            "-1d",
            "--to",
            "today",
            "--json",
        ],
    );
    let list: serde_json::Value = serde_json::from_slice(&list.stdout).expect("JSON");
    let kcal: Vec<u64> = list
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["caloriesConsumed"].as_u64())
        .collect();
    assert_eq!(kcal.len(), 3, "{list}");
    assert_eq!(kcal.iter().sum::<u64>(), 1_040);
    drop(serve);
}

#[test]
fn steps_are_undone_and_redone_after_a_restart() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    program.press("q");
    program.wait_exit();
    let mut again = Program::screens(data.path(), 120, 40);
    again.wait_for("● live");
    again.press("u");
    again.wait_for("undone: Lunch 650 kcal is deleted again");
    again.wait_for("consumed 0");
    again.press("U");
    again.wait_for("redone: Lunch 650 kcal is back");
    again.wait_for("consumed 650");
}

/// The host that would have sent it is stopped, and then all are killed.
#[test]
fn what_was_queued_when_the_programs_were_killed_is_sent_by_the_next_one() {
    let data = data_dir();
    let mut host = started(data.path());
    let mut guest = Program::screens(data.path(), 120, 40);
    guest.wait_for("● live");
    host.signal("STOP");
    log(&mut guest, "lunch 650");
    guest.wait_for("1 queued");
    guest.signal("KILL");
    guest.wait_exit();
    host.signal("KILL");
    host.wait_exit();

    let mut next = Program::screens(data.path(), 120, 40);
    next.wait_for("● live");
    next.wait_for("consumed 650");
    next.wait_gone("1 queued");
    next.press("q");
    next.wait_exit();
    let today = run(data.path(), &["today", "--json"]);
    let today: serde_json::Value = serde_json::from_slice(&today.stdout).expect("JSON");
    assert_eq!(today["caloriesConsumed"].as_u64(), Some(650));
    assert_eq!(today["activities"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_suspended_program_releases_the_outbox() {
    let data = data_dir();
    let mut program = as_a_job(data.path());
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("● live");
    let locks = || {
        let files = std::fs::read_dir(data.path()).expect("a directory");
        let files = files.filter_map(|entry| Some(entry.ok()?.path()));
        files
            .filter(|path| path.to_string_lossy().contains("outbox-"))
            .filter(|path| path.extension().is_some_and(|extension| extension == "lock"))
            .collect::<Vec<_>>()
    };
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    let lock = locks().pop().expect("a lock file");
    let held = std::fs::File::open(&lock).expect("a file");
    assert!(held.try_lock().is_err(), "the screens send");
    program.press("\x1a");
    program.wait_for("stopped");
    held.try_lock().expect("the lock is free");
    drop(held);
    program.press("\n");
    program.wait_for("● live");
    log(&mut program, "dinner 300");
    program.wait_for("consumed 950");
    program.press("q");
    program.wait_exit();
}

/// A command as a job of a shell. Once it is stopped, Enter continues it in the foreground.
fn command_as_a_job(data: &Path, arguments: &str) -> Program {
    let mut command = CommandBuilder::new("/bin/sh");
    command.args([
        "-m",
        "-c",
        &format!("'{BINARY}' {arguments}; echo stopped; read line; fg; echo ended with $?"),
    ]);
    Program::spawn(command, data, 120, 40)
}

/// Whether another program holds a lock file of the outbox.
fn is_held(data: &Path) -> bool {
    let files = std::fs::read_dir(data).expect("a directory");
    let mut locks = files
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().contains("outbox-"))
        .filter(|path| path.extension().is_some_and(|extension| extension == "lock"));
    locks.any(|path| std::fs::File::open(path).expect("a file").try_lock().is_err())
}

#[test]
fn a_command_that_is_suspended_while_it_sends_releases_the_outbox_and_sends_once_it_goes_on() {
    let backend = data_dir();
    let serve = Serve::start(backend.path(), "0");
    let data = client_of(&serve, backend.path());
    succeeds(&run(data.path(), &["--profile", "cloud", "add", "lunch 650"]));
    kill("STOP", &serve.child.id().to_string());
    let mut command = command_as_a_job(data.path(), "--profile cloud log Food Dinner 300");
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    while !is_held(data.path()) {
        assert!(std::time::Instant::now() < deadline, "the command never sends");
        std::thread::yield_now();
    }
    command.press("\x1a");
    // After the echo of the key.
    command.wait_until("the stop", |screen| screen.contents().contains("stopped"));
    assert!(!is_held(data.path()), "it let go of the outbox");
    kill("CONT", &serve.child.id().to_string());
    // Another command sends it meanwhile.
    let today = run(data.path(), &["--profile", "cloud", "today", "--json"]);
    let today: serde_json::Value = serde_json::from_slice(&today.stdout).expect("JSON");
    assert_eq!(today["caloriesConsumed"].as_u64(), Some(950), "{today}");
    command.press("\n");
    command.wait_for("ended with 0");
    let today = run(data.path(), &["--profile", "cloud", "today", "--json"]);
    let today: serde_json::Value = serde_json::from_slice(&today.stdout).expect("JSON");
    assert_eq!(today["activities"].as_array().map(Vec::len), Some(2));
}

#[test]
fn screens_on_one_profile_and_commands_on_both_send_each_to_its_own_backend() {
    let backend = data_dir();
    let serve = Serve::start(backend.path(), "0");
    let data = client_of(&serve, backend.path());
    let mut program = cloud(data.path());
    program.wait_for("● live");
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    // Of another profile, and beside the screens that send.
    succeeds(&run(data.path(), &["add", "dinner 300"]));
    succeeds(&run(data.path(), &["--profile", "cloud", "add", "coffee 5"]));
    program.wait_for("consumed 655");
    for (profile, kcal) in [("local", 300), ("cloud", 655)] {
        let today = run(data.path(), &["--profile", profile, "today", "--json"]);
        let today: serde_json::Value = serde_json::from_slice(&today.stdout).expect("JSON");
        assert_eq!(today["caloriesConsumed"].as_u64(), Some(kcal), "{profile}");
        let outbox = run(data.path(), &["--profile", profile, "outbox", "--json"]);
        assert_eq!(outbox.stdout.trim_ascii(), b"[]", "{profile}");
    }
    program.press("q");
    program.wait_exit();
}

#[test]
fn signing_out_by_a_command_asks_if_changes_wait() {
    let backend = data_dir();
    let serve = Serve::start(backend.path(), "0");
    let data = client_of(&serve, backend.path());
    drop(serve);
    let queued = run(
        data.path(),
        &["--profile", "cloud", "log", "Food", "Lunch", "650"],
    );
    assert_eq!(queued.status.code(), Some(4));
    let is_signed_in = || data.path().join("session-cloud.json").exists();
    let question = "1 change is queued. It stays on this computer, sent when alice signs in here again";
    for (answer, text, stays) in [
        ("\r", "still signed in; nothing was changed", true),
        ("y\r", "signed out; entries are kept", false),
    ] {
        let mut program = Program::start(data.path(), &["--profile", "cloud", "sign-out"], 160, 40);
        program.wait_for(question);
        program.press(answer);
        program.wait_for(text);
        program.wait_exit();
        assert_eq!(is_signed_in(), stays);
    }
}

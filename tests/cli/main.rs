//! The commands: the real program, each test on its own directory.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken assumption ends a test"
)]

mod accounts;
mod authenticators;
mod days;
mod deleting;
mod doctor;
mod entries;
mod finding;
mod formats;
mod ids;
mod import;
mod import_sizes;
mod invalid_values;
mod keeping;
mod keys;
mod limits;
mod lines;
mod moving;
mod offline;
mod output;
mod owner;
mod packaging;
mod privacy;
mod profile;
mod proxies;
mod quick_line;
mod serving;
mod signed;
#[path = "../../crates/local-backend/tests/aws/signer.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "calls of the user pool alone are signed here, and a test fails by panicking"
)]
mod signer;
mod taken_ids;
mod temporary_passwords;
#[path = "../support/terminal.rs"]
#[expect(dead_code, reason = "only some look at the screens")]
mod terminal;
mod tls;
mod trouble;
mod unwritable;
mod waiting;

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

/// A data directory, and the program on it.
struct Place {
    parent: tempfile::TempDir,
    data: PathBuf,
    /// The only certificate that the program trusts, instead of the system's.
    trusted: Option<PathBuf>,
}

/// The exit code and the output of a program.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Standard error without the notice of a slow response: on a busy computer any response may take that long.
fn without_slowness(err: &str) -> String {
    err.split_inclusive('\n')
        .filter(|line| !line.ends_with("still waiting …\n"))
        .collect()
}

impl Place {
    /// A directory that doesn't exist yet.
    fn fresh() -> Self {
        let parent = tempfile::tempdir().expect("a directory");
        Self {
            data: parent.path().join("data"),
            parent,
            trusted: None,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caltrack-tui"));
        command
            .args(arguments)
            .env("CALTRACK_DATA_DIR", &self.data)
            .env("TZ", terminal::noon::zone());
        for variable in [
            "CALTRACK_PROFILE",
            "CALTRACK_CONFIG",
            "CALTRACK_PASSWORD",
            "NO_COLOR",
        ] {
            command.env_remove(variable);
        }
        if let Some(certificate) = &self.trusted {
            command.env("SSL_CERT_FILE", certificate);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs with a text on standard input.
    fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // A program that doesn't read its input may have ended already.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("the program ends");
        Run {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("text"),
            err: without_slowness(&String::from_utf8(output.stderr).expect("text")),
        }
    }

    /// Runs with `--json`, and must succeed.
    fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        serde_json::from_str(&run.out).expect("JSON")
    }
}

impl Run {
    /// The error object of a run with `--json` that failed with this exit code.
    fn error(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        // Notices come before it.
        let last = self.err.lines().last().expect("an error");
        let error: Value = serde_json::from_str(last).expect("JSON");
        let error = &error["error"];
        let members: Vec<&String> = error.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["kind", "message", "kept", "next"]);
        error.clone()
    }
}

/// The members of an object, in order.
fn members(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

//! A command's output: JSON for programs, text for people.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use caltrack_domain::clean;
use serde_json::Value;

use super::{error::CommandError, json};

/// The output of a command that succeeded.
#[derive(Debug)]
pub(super) struct Output {
    json: Value,
    /// Lines without the final line feed.
    text: String,
    /// What the command has changed; `None` if it only reads.
    change: Option<ReportedChange>,
    /// The exit code of a command that has written its output itself.
    ended: Option<u8>,
}

/// A change that remains if its output can't be written.
#[derive(Debug)]
pub(super) struct ReportedChange {
    /// What happened, such as `logged`.
    pub(super) done: &'static str,
    /// What the output is, such as `the id`.
    pub(super) output: &'static str,
    /// What to do if the output can't be written.
    pub(super) next: String,
}

impl Output {
    /// The output of a command that only reads.
    pub(super) const fn read(json: Value, text: String) -> Self {
        Self {
            json,
            text,
            change: None,
            ended: None,
        }
    }

    /// A command that has written its output itself, and its exit code.
    pub(super) const fn ended(exit_code: u8) -> Self {
        Self {
            json: Value::Null,
            text: String::new(),
            change: None,
            ended: Some(exit_code),
        }
    }

    /// The output of a command with a change that repeating the command doesn't make twice.
    pub(super) fn done(json: Value, text: impl Into<String>, done: &'static str) -> Self {
        Self::changed(
            json,
            text,
            ReportedChange {
                done,
                output: "the output",
                next: "don't repeat the command".to_owned(),
            },
        )
    }

    /// The output of a command with a change.
    pub(super) fn changed(json: Value, text: impl Into<String>, change: ReportedChange) -> Self {
        Self {
            json,
            text: text.into(),
            change: Some(change),
            ended: None,
        }
    }

    /// Writes the output to standard output.
    ///
    /// A broken pipe is no failure, even of a command with a change: its reader chose not to read, and a script that
    /// takes this for a failure of the command would repeat it.
    pub(super) fn print(&self, json: bool) -> ExitCode {
        if let Some(exit_code) = self.ended {
            return ExitCode::from(exit_code);
        }
        match write(&self.shown(json)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => match &self.change {
                Some(change) => unwritten_change(change, &error),
                None => unwritten(&error),
            }
            .report(json),
        }
    }

    /// The output as a terminal may show it.
    fn shown(&self, json: bool) -> String {
        if json {
            json::text(&self.json)
        } else {
            self.text.lines().map(clean).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The failure of a command that changes nothing and can't write its output.
pub(super) fn unwritten(error: &io::Error) -> CommandError {
    CommandError::storage(format!("the output can't be written: {error}"))
        .advising("nothing was changed; write it to another place")
}

fn unwritten_change(change: &ReportedChange, error: &io::Error) -> CommandError {
    let ReportedChange { done, output, next } = change;
    CommandError::storage(format!("{done}, but {output} can't be written: {error}")).advising(next)
}

/// Writes a text and a line feed to standard output; nothing for an empty text.
fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let end = if text.is_empty() { "" } else { "\n" };
    ignore_broken_pipe(write!(out, "{text}{end}").and_then(|()| out.flush()))
}

/// Writes a line to standard output. False if its reader has ended.
pub(super) fn print_line(text: &str) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        result => result.map(|()| true),
    }
}

/// The result of a write, in which a broken pipe is no failure.
pub(super) fn ignore_broken_pipe(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_form_of_the_output_can_control_a_terminal() {
        let name = "a\u{1b}[31m\u{9b}31m\u{202e}\u{7f}b";
        let output = Output::read(
            serde_json::json!({ "name": name }),
            format!("one {name}\ntwo {name}"),
        );
        assert_eq!(output.shown(false), "one a[31m31mb\ntwo a[31m31mb");
        assert_eq!(
            output.shown(true),
            r#"{"name":"a\u001b[31m\u009b31m\u202e\u007fb"}"#
        );
    }
}

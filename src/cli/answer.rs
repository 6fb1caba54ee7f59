//! A command's answer: JSON for programs, text for people.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use caltrack_domain::clean;
use serde_json::Value;

use super::{json, problem::Problem};

/// What a command answers.
#[derive(Debug)]
pub(super) struct Answer {
    /// For programs.
    json: Value,
    /// For people; lines without the last one's end.
    text: String,
    /// What the command has changed; none where it only read.
    done: Option<Done>,
}

/// A change that has happened by the time the command answers, whether the answer arrives or not.
#[derive(Debug)]
pub(super) struct Done {
    /// What happened, such as `logged`.
    pub(super) what: &'static str,
    /// What the answer is, such as `the id`.
    pub(super) answer: &'static str,
    /// What to do where the answer doesn't arrive.
    pub(super) next: String,
}

impl Answer {
    /// The answer of a command that only reads.
    pub(super) const fn read(json: Value, text: String) -> Self {
        Self {
            json,
            text,
            done: None,
        }
    }

    /// The answer of a command that has changed something that a repeat doesn't change again.
    pub(super) fn done(json: Value, text: impl Into<String>, what: &'static str) -> Self {
        Self::changed(
            json,
            text,
            Done {
                what,
                answer: "the answer",
                next: "it needs no repeat".to_owned(),
            },
        )
    }

    /// The answer of a command that has changed something.
    pub(super) fn changed(json: Value, text: impl Into<String>, done: Done) -> Self {
        Self {
            json,
            text: text.into(),
            done: Some(done),
        }
    }

    /// Prints it.
    ///
    /// A reader that has gone (a broken pipe) is no failure, not even of a command that has changed something: it chose not to
    /// read, and a script that took the failure for the command's would repeat it.
    pub(super) fn print(&self, json: bool) -> ExitCode {
        match write(&self.shown(json)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => Problem::unwritten(&error, self.done.as_ref()).report(json),
        }
    }

    /// The text as a terminal may have it.
    fn shown(&self, json: bool) -> String {
        if json {
            json::text(&self.json)
        } else {
            self.text.lines().map(clean).collect::<Vec<_>>().join("\n")
        }
    }
}

/// Writes a text and a line's end to standard output; nothing for an empty one. A reader that has gone is no failure.
fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let line = if text.is_empty() { "" } else { "\n" };
    arrived(write!(out, "{text}{line}").and_then(|()| out.flush()))
}

/// A write's outcome, in which a reader that has gone is no failure.
pub(super) fn arrived(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_form_of_an_answer_can_drive_a_terminal() {
        let name = "a\u{1b}[31m\u{9b}31m\u{202e}\u{7f}b";
        let answer = Answer::read(
            serde_json::json!({ "name": name }),
            format!("one {name}\ntwo {name}"),
        );
        assert_eq!(answer.shown(false), "one a[31m31mb\ntwo a[31m31mb");
        assert_eq!(
            answer.shown(true),
            r#"{"name":"a\u001b[31m\u009b31m\u202e\u007fb"}"#
        );
    }
}

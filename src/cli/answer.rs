//! A command's answer: JSON for programs, text for people.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use serde_json::Value;

use super::problem::Problem;
use crate::runtime;

/// What a command answers.
#[derive(Debug)]
pub(super) struct Answer {
    /// For programs.
    pub(super) json: Value,
    /// For people; lines without the last one's end.
    pub(super) text: String,
}

impl Answer {
    /// Prints it. A reader that has seen enough (a broken pipe) is no failure.
    pub(super) fn print(&self, json: bool) -> ExitCode {
        let text = if json { &self.json.to_string() } else { &self.text };
        match print(text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => Problem::from(runtime::internal(format!(
                "it was done, but the answer can't be written: {error}"
            )))
            .report(json),
        }
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if !text.is_empty() {
        writeln!(out, "{text}")?;
    }
    out.flush()
}

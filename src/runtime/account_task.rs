//! A command about the whole account, run as a program of its own: an end of the screens doesn't interrupt it.

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

use caltrack_client::config::Config;
use tokio::sync::mpsc;

use super::event::Event;
use crate::app::{AccountTask, Failure, FailureKind, Message};

/// The arguments of the command, on the same directory and profile.
fn arguments(config: &Config, task: &AccountTask) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["--data-dir".into(), config.data.path().into()];
    if config.file.exists() {
        arguments.extend(["--config".into(), config.file.clone().into()]);
    }
    arguments.extend(["--profile".into(), config.profile.name.clone().into()]);
    let command: &[&str] = match task {
        AccountTask::CopyTo(profile) => &["copy", "--to", profile],
        AccountTask::Delete => &["delete-account", "--yes", "--yes"],
    };
    arguments.extend(command.iter().map(OsString::from));
    arguments
}

/// Runs the command, and reports how far it is and how it ended. Blocks until then.
pub(super) fn run(config: &Config, task: AccountTask, events: &mpsc::Sender<Event>) {
    let result = execute(config, &task, |report| {
        // An error means that the screens have ended.
        let _ = events.blocking_send(Event::Message(Message::TaskProgress(report)));
    });
    let _ = events.blocking_send(Event::Message(Message::TaskEnded { task, result }));
}

fn execute(config: &Config, task: &AccountTask, report: impl Fn(String)) -> Result<String, Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(
            FailureKind::Internal,
            format!("the command can't be run ({error})"),
        )
    };
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let mut child = Command::new(program)
        .args(arguments(config, task))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error))?;
    let mut last = Vec::new();
    if let Some(errors) = child.stderr.take() {
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            report(line.clone());
            last.push(line);
        }
    }
    let mut output = String::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut output).map_err(|error| failed(&error))?;
    }
    let status = child.wait().map_err(|error| failed(&error))?;
    if status.success() {
        return Ok(output.trim().to_owned());
    }
    let line = |beginning: &str| {
        let found = last.iter().rev().find_map(|line| line.strip_prefix(beginning));
        found.map(|text| text.trim().to_owned())
    };
    let message = line("error: ").or_else(|| last.last().cloned());
    Err(Failure {
        next: line("next: ").unwrap_or_else(|| "repeat it".to_owned()),
        ..Failure::new(
            FailureKind::Internal,
            message.unwrap_or_else(|| status.to_string()),
        )
    })
}

//! `doctor`: what works, what doesn't, and what to do about it. It changes nothing.

mod backend;
mod here;

use std::process::ExitCode;

use caltrack_domain::clean;
use serde_json::json;

use super::{answer::Answer, job, problem::Problem};
use crate::runtime;
use caltrack_client::config::{Config, Overrides};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is as it should be.
    Good,
    /// It works, with less.
    Poor,
    /// It couldn't be tried, for what came before it is wrong.
    Untried,
    /// It doesn't work; the exit code it stands for.
    Bad(u8),
}

/// One thing that was looked at.
#[derive(Debug)]
struct Check {
    name: &'static str,
    state: State,
    detail: String,
    /// What to do; empty where nothing is to be done.
    next: String,
}

impl Check {
    fn good(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Good,
            detail: detail.into(),
            next: String::new(),
        }
    }

    fn poor(name: &'static str, detail: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            state: State::Poor,
            next: next.into(),
            ..Self::good(name, detail)
        }
    }

    fn untried(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            state: State::Untried,
            ..Self::good(name, detail)
        }
    }

    fn bad(name: &'static str, detail: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            state: State::Bad(1),
            ..Self::poor(name, detail, next)
        }
    }

    /// Something failed as a command would.
    fn failed(name: &'static str, problem: impl Into<Problem>) -> Self {
        let problem = problem.into();
        Self {
            state: State::Bad(problem.code()),
            ..Self::poor(name, problem.message(), problem.next())
        }
    }

    /// The same with better advice.
    fn but(self, next: impl Into<String>) -> Self {
        Self {
            next: next.into(),
            ..self
        }
    }
}

/// Looks at everything, prints it, and says how it ended: 0 where everything works, else the code of the first thing that doesn't.
pub(super) fn run(overrides: Overrides, json: bool) -> ExitCode {
    let mut checks = Vec::new();
    match super::load(overrides) {
        Ok(config) => look(&config, &mut checks),
        Err(problem) => checks.push(Check::failed("configuration", problem)),
    }
    checks.push(here::terminal());
    let code = checks.iter().find_map(|check| match check.state {
        State::Bad(code) => Some(code),
        State::Good | State::Poor | State::Untried => None,
    });
    let printed = answer(&checks, code.is_none()).print(json);
    code.map_or(printed, ExitCode::from)
}

fn look(config: &Config, checks: &mut Vec<Check>) {
    checks.push(here::configuration(config));
    let directory = here::data_directory(config);
    let usable = directory.state == State::Good;
    checks.push(directory);
    if !usable {
        return;
    }
    match runtime::workers() {
        Ok(workers) => workers.block_on(job::attend(backend::look(config, checks))),
        Err(error) => checks.push(Check::failed("backend", error)),
    }
}

fn answer(checks: &[Check], well: bool) -> Answer {
    let word = |state| match state {
        State::Good => "ok",
        State::Poor => "warn",
        State::Untried => "skip",
        State::Bad(_) => "FAIL",
    };
    let mut lines = Vec::new();
    for check in checks {
        lines.push(format!(
            "{:<4}  {:<15} {}",
            word(check.state),
            check.name,
            clean(&check.detail)
        ));
        if !check.next.is_empty() {
            lines.push(format!("{:<22}next: {}", "", clean(&check.next)));
        }
    }
    let checks = checks.iter().map(|check| {
        let next = (!check.next.is_empty()).then_some(&check.next);
        json!({
            "check": check.name,
            "state": word(check.state).to_lowercase(),
            "detail": check.detail,
            "next": next,
        })
    });
    Answer::read(
        json!({ "ok": well, "checks": checks.collect::<Vec<_>>() }),
        lines.join("\n"),
    )
}

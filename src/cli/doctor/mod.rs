//! `doctor`: checks everything that this program needs, without changing anything.

mod backend;
mod check;
mod local;

use std::process::ExitCode;

use caltrack_domain::clean;
use serde_json::json;

use self::check::{Check, CheckStatus};
use super::{error::CommandError, job_control, output::Output};
use crate::runtime;
use caltrack_client::config::Config;

/// Runs all checks and prints them. Returns 0 if everything works, else the exit code of the first failure.
pub(super) fn run(config: Result<Config, CommandError>, json: bool) -> ExitCode {
    let mut checks = Vec::new();
    match config {
        Ok(config) => run_checks(&config, &mut checks),
        Err(error) => checks.push(Check::failed("configuration", error)),
    }
    checks.push(local::terminal());
    let failure = checks.iter().find_map(|check| match check.status {
        CheckStatus::Fail(code) => Some(code),
        CheckStatus::Ok | CheckStatus::Warn | CheckStatus::Skip => None,
    });
    let printed = output(&checks).print(json);
    failure.map_or(printed, ExitCode::from)
}

fn run_checks(config: &Config, checks: &mut Vec<Check>) {
    checks.push(local::configuration(config));
    let directory = local::data_directory(config);
    let usable = directory.status == CheckStatus::Ok;
    checks.push(directory);
    if !usable {
        return;
    }
    match runtime::workers() {
        Ok(workers) => workers.block_on(job_control::attend(backend::run_checks(config, checks))),
        Err(error) => checks.push(Check::failed("backend", error)),
    }
}

fn output(checks: &[Check]) -> Output {
    let label = |status: CheckStatus| match status {
        CheckStatus::Fail(_) => "FAIL",
        CheckStatus::Ok => "ok",
        CheckStatus::Warn => "warn",
        CheckStatus::Skip => "skip",
    };
    let mut lines = Vec::new();
    for check in checks {
        lines.push(format!(
            "{:<4}  {:<15} {}",
            label(check.status),
            check.name,
            clean(&check.message)
        ));
        if !check.next.is_empty() {
            lines.push(format!("{:<22}next: {}", "", clean(&check.next)));
        }
    }
    let checks = checks.iter().map(|check| {
        let next = (!check.next.is_empty()).then_some(&check.next);
        json!({
            "check": check.name,
            "ok": check.status.is_ok(),
            "message": check.message,
            "next": next,
        })
    });
    Output::read(checks.collect(), lines.join("\n"))
}

//! `doctor`: checks everything that this program needs. Only `--recover` changes something.

mod backend;
mod check;
mod files;
mod local;
mod recover;

use std::process::ExitCode;

use caltrack_domain::clean;
use serde_json::json;

use self::check::{Check, CheckStatus};
use super::{arguments::DoctorArguments, error::CommandError, job_control, output::Output};
use crate::{embedded, runtime};
use caltrack_client::config::Config;

/// Runs all checks and prints them. Returns 0 if everything works, else the exit code of the first failure.
pub(super) fn run(config: Result<Config, CommandError>, arguments: &DoctorArguments, json: bool) -> ExitCode {
    let mut checks = vec![local::program()];
    match config {
        Ok(config) => run_checks(&config, arguments, &mut checks),
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

fn run_checks(config: &Config, arguments: &DoctorArguments, checks: &mut Vec<Check>) {
    checks.push(local::configuration(config));
    checks.push(local::paths(config));
    let directory = local::data_directory(config);
    let usable = directory.status == CheckStatus::Ok;
    checks.push(directory);
    // Files of others are not even read.
    if config.data.check().is_err() {
        return;
    }
    let workers = match runtime::workers() {
        Ok(workers) => workers,
        Err(error) => {
            checks.push(Check::failed("backend", error));
            return;
        }
    };
    workers.block_on(job_control::attend(async {
        if arguments.recover && usable {
            checks.extend(recover::run(config).await);
        }
        let account = embedded::remembered_account(config);
        checks.push(files::outbox(config, account.as_ref()));
        checks.extend(files::copy(config, account.as_ref()));
        checks.extend(local::snapshots(config));
        if usable {
            backend::run_checks(config, checks).await;
        }
    }));
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

//! Limits of the system: a clear error, or everything works.

use super::*;

fn limited(place: &Place, limits: &str) -> Run {
    let mut command = Command::new("/bin/sh");
    let program = env!("CARGO_BIN_EXE_caltrack-tui");
    command.args(["-c", &format!("{limits} && exec '{program}' today --json")]);
    command.env("CALTRACK_DATA_DIR", &place.data);
    for variable in ["CALTRACK_PROFILE", "CALTRACK_CONFIG"] {
        command.env_remove(variable);
    }
    let output = command.output().expect("a shell runs");
    Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// The limit of the shell determines the stack of the first thread.
#[test]
fn a_small_stack_is_enough() {
    let run = limited(&Place::fresh(), "ulimit -s 64");
    assert_eq!(run.code, 0, "{run:?}");
}

/// The limit doesn't apply to root.
#[cfg(target_os = "linux")]
#[test]
fn too_few_threads_are_an_error_without_a_panic() {
    if rustix::process::geteuid().is_root() {
        return;
    }
    let run = limited(&Place::fresh(), "ulimit -u 1");
    assert_eq!(run.error(1)["kind"], "internal");
    assert!(
        run.err.contains("threads") && !run.err.contains("panicked"),
        "{run:?}"
    );
}

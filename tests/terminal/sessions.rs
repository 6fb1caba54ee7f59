//! The screens and the session of the account on this computer.

use std::{fs, path::Path};

use super::*;

/// Ends the session: its tokens are expired and revoked, or its file is damaged.
fn end_session(data: &Path, damaged: bool) {
    let path = data.join("session-local.json");
    if damaged {
        fs::write(path, "{").expect("it is written");
        return;
    }
    let text = fs::read_to_string(&path).expect("a session");
    let (_, tokens) = text.split_once("\"refresh_token\":\"").expect("a token");
    let token = tokens.split('"').next().expect("a token");
    let (_, times) = text.split_once("\"expires\":").expect("a time");
    let time = times.split(',').next().expect("a time");
    let ended = text.replace(token, "refused").replace(time, "0");
    fs::write(path, ended).expect("it is written");
}

#[test]
fn a_session_that_ended_is_renewed_without_a_key() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    program.press("q");
    assert!(program.wait_exit().success());
    for damaged in [false, true] {
        end_session(data.path(), damaged);
        let mut program = Program::screens(data.path(), 120, 40);
        program.wait_for("● live");
        program.wait_for("consumed 650");
        program.press("q");
        assert!(program.wait_exit().success());
    }
}

#[test]
fn after_signing_out_the_screens_and_commands_stay_signed_out() {
    let data = data_dir();
    let mut program = started(data.path());
    program.press(":");
    program.wait_for("Commands");
    program.press("sign out");
    program.wait_for("> Sign out");
    program.press("\r");
    program.wait_for("Press Enter to start on this computer");
    program.press("q");
    assert!(program.wait_exit().success());
    assert_eq!(run(data.path(), &["today"]).status.code(), Some(3));
    let mut again = Program::screens(data.path(), 120, 40);
    again.wait_for("Press Enter to start on this computer");
    again.press("\r");
    again.wait_for("● live");
    assert!(run(data.path(), &["today"]).status.success());
}

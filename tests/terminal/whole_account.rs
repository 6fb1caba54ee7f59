//! The whole account on the screens: moved to the cloud, and deleted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    outbox::{Serve, client_of, cloud},
    *,
};

/// Runs a command by its name.
fn command(program: &mut Program, letters: &str, title: &str) {
    program.press(":");
    program.wait_for("Commands");
    program.press(letters);
    program.wait_for(&format!("> {title}"));
    program.press("\r");
}

/// The files below a directory that contain a text.
fn files_with(directory: &Path, text: &[u8]) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory").flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                return files_with(&path, text);
            }
            let bytes = fs::read(&path).unwrap_or_default();
            let is_found = bytes.windows(text.len()).any(|part| part == text);
            is_found.then_some(path).into_iter().collect()
        })
        .collect()
}

#[test]
fn a_log_moves_to_the_cloud_by_two_steps_of_the_screens() {
    let backend = data_dir();
    let serve = Serve::start(backend.path(), "0");
    let data = client_of(&serve, backend.path());
    let mut program = started(data.path());
    log(&mut program, "lunch 650");
    program.wait_for("consumed 650");
    command(&mut program, "move to the cloud", "Move to the cloud");
    program.wait_for("Step 1 of 2");
    program.press("\r");
    program.wait_for("Step 2 of 2");
    program.press("\r");
    program.wait_for("1 of 1 entries added");
    program.press("\r");
    program.press("q");
    assert!(program.wait_exit().success());
    let there = cloud(data.path());
    there.wait_for("consumed 650");
}

#[test]
fn an_account_is_deleted_on_the_screens_and_the_next_one_begins_anew() {
    let data = data_dir();
    let mut program = started(data.path());
    log(&mut program, "lunch 650 # unmistakable");
    program.wait_for("consumed 650");
    command(&mut program, "delete the account", "Delete the account");
    program.wait_for("undone;");
    program.press("\r");
    program.wait_for("Type the user name");
    program.press("me\r");
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("● live");
    program.wait_for("consumed 0");
    program.press("q");
    assert!(program.wait_exit().success());
    // Nor in any file, though the screens had them open.
    assert_eq!(files_with(data.path(), b"unmistakable"), Vec::<PathBuf>::new());
    let export = run(data.path(), &["export"]);
    assert!(!String::from_utf8_lossy(&export.stdout).contains("650"));
}

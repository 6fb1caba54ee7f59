//! Draws the README's picture from the real program: `cargo bench --bench picture`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench prints, and ends at a broken assumption"
)]

#[path = "../tests/support/picture.rs"]
mod picture;
#[path = "../tests/support/terminal.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod terminal;

use terminal::Program;

/// The entries of the day in the picture: type, kcal, name and time.
const DAY: [[&str; 5]; 6] = [
    ["Food", "Breakfast", "380", "oatmeal with berries", "07:10"],
    ["Drink", "Coffee", "5", "black", "07:25"],
    ["Exercise", "Walk", "140", "to work", "08:05"],
    ["Food", "Lunch", "650", "lentil curry", "12:40"],
    ["Drink", "Tea", "30", "with milk", "15:15"],
    ["Exercise", "Run", "300", "along the river", "18:20"],
];

fn main() {
    let data = tempfile::tempdir().expect("a directory");
    let mut program = Program::screens(data.path(), 100, 24);
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("live");
    for [category, kind, kcal, name, at] in DAY {
        let command = ["log", category, kind, kcal, "--name", name, "--at", at];
        let logged = Program::start(data.path(), &command, 80, 24).wait_exit();
        assert!(logged.success(), "{command:?}");
    }
    program.wait_for("consumed 1065");
    program.press("asnacks 150 apple and nuts\r");
    program.wait_for("consumed 1215");
    program.wait_for("burned 440");
    let picture = program.look(picture::svg);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/today.svg");
    std::fs::write(path, picture).expect("assets/ is writable");
    program.press("q");
    program.wait_exit();
}

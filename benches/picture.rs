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

/// What the day on the picture holds, as typed into the quick line.
const DAY: [&str; 7] = [
    "breakfast 380 oatmeal with berries",
    "coffee 5 black",
    "walk 140 to work",
    "lunch 650 lentil curry",
    "tea 30",
    "run 300 along the river",
    "snacks 150 apple and nuts",
];

fn main() {
    let data = tempfile::tempdir().expect("a directory");
    let mut program = Program::screens(data.path(), 100, 30);
    program.wait_for("Press Enter to start on this computer");
    program.press("\r");
    program.wait_for("live");
    let mut consumed = 0;
    for (line, kcal) in DAY.iter().zip([380, 5, 0, 650, 30, 0, 150]) {
        program.press(&format!("a{line}\r"));
        consumed += kcal;
        program.wait_for(&format!("consumed {consumed}"));
    }
    program.wait_for("burned 440");
    let picture = program.look(picture::svg);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/today.svg");
    std::fs::write(path, picture).expect("assets/ is writable");
    program.press("q");
    program.wait_exit();
}

//! Draws the pictures of the README and the guide from the real program: `cargo bench --bench picture`.

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

use std::path::Path;

use terminal::Program;

/// The pictures: the keys that lead to each, a word that it shows, and its file.
const PICTURES: [(&str, &str, &str); 3] = [
    ("1", "remaining", "today.svg"),
    ("2", "of the target", "history.svg"),
    ("3]", "weight in", "trends.svg"),
];

fn main() {
    let data = tempfile::tempdir().expect("a directory");
    let mut program = Program::start(data.path(), &["demo"], 120, 36);
    program.wait_for("live");
    for (keys, word, file) in PICTURES {
        program.press(keys);
        program.wait_for(word);
        let picture = program.inspect(picture::svg);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(file);
        std::fs::write(path, picture).expect("assets/ is writable");
    }
    program.press("q");
    program.wait_exit();
}

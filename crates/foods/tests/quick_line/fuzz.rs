//! Lines with any content.

use crate::any_line::check;

/// Longer than any line that is typed.
const LONGEST: usize = 300;

#[test]
fn any_line_is_read() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/line"), |bytes| {
        if let Ok(line) = str::from_utf8(bytes)
            && line.len() <= LONGEST
            && !line.chars().any(char::is_control)
        {
            check(line).unwrap();
        }
    });
}

//! The terminal's background colour, queried once, before keys are read.

use std::{
    io::{self, Write as _},
    os::fd::AsFd as _,
    time::{Duration, Instant},
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{keys::Source, looks, signals};
use crate::app::shell::theme::Themes;

/// How long the terminal may take to respond; then it counts as dark.
const PATIENCE: Duration = Duration::from_millis(50);
/// OSC 11: the background's colour; then DA1, which every terminal answers, so that nothing more comes after its answer.
/// Source: xterm's Control Sequences, "Operating System Commands" and "Send Device Attributes (Primary DA)".
const QUERY: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

/// Whether the terminal is light. It is asked only if the theme of this name is a pair and the environment doesn't tell,
/// since the first frame waits for the answer; whatever is typed meanwhile is lost.
pub(super) fn is_light(theme: &str) -> Option<bool> {
    let is_needed = Themes::default().is_pair(theme) && looks::light_by_environment().is_none();
    if !is_needed || !signals::in_foreground() {
        return None;
    }
    match ask() {
        Ok(answer) => brightness(&answer).map(|brightness| brightness > 0.5),
        Err(error) => {
            tracing::info!(%error, "the terminal's background is unknown");
            None
        }
    }
}

fn ask() -> io::Result<Vec<u8>> {
    let source = Source::open()?;
    enable_raw_mode()?;
    let answer = read_answer(&source);
    disable_raw_mode()?;
    answer
}

fn read_answer(source: &Source) -> io::Result<Vec<u8>> {
    let mut out = io::stdout();
    out.write_all(QUERY)?;
    out.flush()?;
    let end = Instant::now() + PATIENCE;
    let mut answer = Vec::new();
    while !is_complete(&answer) {
        let left = end.saturating_duration_since(Instant::now());
        let left = Timespec {
            tv_sec: 0,
            tv_nsec: i64::from(left.subsec_nanos()),
        };
        if poll(&mut [PollFd::new(&source.as_fd(), PollFlags::IN)], Some(&left))? == 0 {
            break;
        }
        let mut bytes = [0; 256];
        let read = rustix::io::read(source, &mut bytes)?;
        if read == 0 {
            break;
        }
        answer.extend_from_slice(bytes.get(..read).unwrap_or_default());
    }
    Ok(answer)
}

/// Whether the answer to DA1 has arrived: `CSI ? … c`.
fn is_complete(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    text.rsplit_once("\u{1b}[?")
        .is_some_and(|(_, end)| end.contains('c'))
}

/// The brightness, from 0 to 1, of the colour in an answer to OSC 11: `rgb:RRRR/GGGG/BBBB`, with one to four digits each.
fn brightness(answer: &[u8]) -> Option<f64> {
    let text = String::from_utf8_lossy(answer);
    let (_, color) = text.split_once("rgb:")?;
    let end = color.find(['\u{1b}', '\u{7}']).unwrap_or(color.len());
    let mut parts = color.get(..end)?.split('/').map(|digits| {
        let largest = (1_u32 << (4 * u32::try_from(digits.len()).ok()?.min(4))) - 1;
        let value = u32::from_str_radix(digits, 16).ok()?;
        Some(f64::from(value) / f64::from(largest))
    });
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    // Rec. 709.
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness_is_that_of_the_answered_colour() {
        let bright = |text: &str| brightness(text.as_bytes()).map(|brightness| brightness > 0.5);
        assert_eq!(bright("\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;c"), Some(true));
        assert_eq!(bright("\x1b]11;rgb:28/28/28\x07\x1b[?6c"), Some(false));
        assert_eq!(bright("\x1b[?62;4c"), None);
        assert_eq!(bright("\x1b]11;rgb:zz/00/00\x07"), None);
    }

    #[test]
    fn the_answer_ends_with_the_device_attributes() {
        assert!(!is_complete(b"\x1b]11;rgb:ffff/ccccc/ffff\x1b\\"));
        assert!(!is_complete(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;4"));
        assert!(is_complete(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;4c"));
        assert!(is_complete(b"\x1b[?1;2c"));
    }
}

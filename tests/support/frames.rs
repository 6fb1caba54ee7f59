//! A terminal emulator that shows whole frames only.
//!
//! Synchronized updates (`CSI ? 2026 h` … `CSI ? 2026 l`) appear at once, as in a terminal that supports them. After a
//! change of the window's size the screen is empty until the program has erased it and drawn a frame of that size.

use std::num::NonZeroU16;

use vt100::{Callbacks, Parser, Screen};

/// DEC private mode of synchronized updates.
const SYNCHRONIZED_UPDATE: u16 = 2026;
/// Erases the display (ED, ECMA-48 8.3.39): programs redraw with it after a change of size.
const ERASE_DISPLAY: &[u8] = b"\x1b[2J";

/// An emulator whose screen is the last whole frame.
pub(crate) struct Frames {
    parser: Parser<Whole>,
    /// How many bytes of [`ERASE_DISPLAY`] end the output so far.
    erasing: usize,
}

impl Frames {
    pub(crate) fn new(columns: u16, rows: u16) -> Self {
        let parser = Parser::new_with_callbacks(cells(rows), cells(columns), 0, Whole::default());
        Self { parser, erasing: 0 }
    }

    /// Takes output of the program; it may be cut inside an escape sequence.
    pub(crate) fn process(&mut self, output: &[u8]) {
        let mut begin = 0;
        for (at, byte) in output.iter().enumerate() {
            self.erasing = match (self.erasing, *byte) {
                (matched, byte) if ERASE_DISPLAY[matched] == byte => matched + 1,
                (_, b'\x1b') => 1,
                _ => 0,
            };
            if self.erasing == ERASE_DISPLAY.len() {
                self.erasing = 0;
                self.parser.process(&output[begin..=at]);
                self.parser.callbacks_mut().erased = true;
                begin = at + 1;
            }
        }
        self.parser.process(&output[begin..]);
    }

    /// Changes the window's size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.parser.screen_mut().set_size(cells(rows), cells(columns));
        let empty = Parser::new(cells(rows), cells(columns), 0);
        let whole = self.parser.callbacks_mut();
        whole.shown = Some(empty.screen().clone());
        whole.erased = false;
        whole.resized = true;
    }

    /// The last whole frame; outside of synchronized updates the screen as it is.
    pub(crate) fn screen(&self) -> &Screen {
        let whole = self.parser.callbacks().shown.as_ref();
        whole.unwrap_or_else(|| self.parser.screen())
    }
}

/// The frame that is shown while the next one is drawn.
#[derive(Default)]
struct Whole {
    shown: Option<Screen>,
    /// Whether the size has changed since the last frame that was shown.
    resized: bool,
    /// Whether the program has erased the display since.
    erased: bool,
}

impl Callbacks for Whole {
    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        intermediate: Option<u8>,
        _: Option<u8>,
        parameters: &[&[u16]],
        last: char,
    ) {
        if intermediate != Some(b'?') || !parameters.contains(&[SYNCHRONIZED_UPDATE].as_slice()) {
            return;
        }
        match last {
            'h' if self.shown.is_none() => self.shown = Some(screen.clone()),
            'l' if !self.resized || self.erased => {
                self.shown = None;
                self.resized = false;
            }
            _ => {}
        }
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("at least one cell")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "\x1b[?2026h";
    const END: &str = "\x1b[?2026l";

    /// What is shown after each byte of some output, without repetitions.
    fn shown(frames: &mut Frames, output: &str) -> Vec<String> {
        let mut shown = vec![frames.screen().contents()];
        for byte in output.as_bytes() {
            frames.process(&[*byte]);
            shown.push(frames.screen().contents());
        }
        shown.dedup();
        shown
    }

    #[test]
    fn a_synchronized_update_appears_at_once_however_the_output_is_cut() {
        let mut frames = Frames::new(20, 2);
        let output = format!("{BEGIN}consumed 0{END}{BEGIN}\x1b[Hconsumed 650{END}");
        assert_eq!(shown(&mut frames, &output), ["", "consumed 0", "consumed 650"]);
    }

    #[test]
    fn outside_of_synchronized_updates_everything_is_shown() {
        let mut frames = Frames::new(20, 2);
        assert_eq!(shown(&mut frames, "ab"), ["", "a", "ab"]);
    }

    #[test]
    fn after_a_change_of_size_nothing_is_shown_until_a_frame_of_that_size() {
        let mut frames = Frames::new(20, 2);
        frames.process(format!("{BEGIN}wide{END}").as_bytes());
        frames.resize(10, 2);
        assert_eq!(frames.screen().contents(), "");
        assert_eq!(shown(&mut frames, &format!("{BEGIN}\x1b[Hlate{END}")), [""]);
        let redrawn = format!("{BEGIN}\x1b[2J\x1b[Hnarrow{END}");
        assert_eq!(shown(&mut frames, &redrawn), ["", "narrow"]);
    }
}

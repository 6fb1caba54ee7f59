//! The control sequences by which xterm, rxvt, the Linux console and the kitty protocol send keys.

use super::input::Input;
use crate::app::{Code, Key};

/// Keys of `ESC O` and one letter: the application mode's arrows, and rxvt's with Control.
pub(super) fn ss3(byte: u8) -> Option<Key> {
    Some(match byte {
        b'M' => Key::new(Code::Enter),
        b'a'..=b'd' => Key {
            ctrl: true,
            ..Key::new(arrow(byte.to_ascii_uppercase())?)
        },
        _ => Key::new(arrow(byte)?),
    })
}

/// The key of a control sequence; none for a report, a release, or a key that this program doesn't use.
pub(super) fn key(parameters: &[u8], last: u8) -> Option<Key> {
    // A private mark (`<`, `=`, `>`, `?`) or an intermediate (space to `/`) occurs only in reports.
    if !parameters
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':'))
    {
        return None;
    }
    let parameters = Parameters::read(parameters);
    if parameters.is_release() {
        return None;
    }
    match last {
        b'A'..=b'D' | b'F' | b'H' => Some(parameters.held(arrow(last)?)),
        // rxvt, with Shift.
        b'a'..=b'd' => Some(Key::new(arrow(last.to_ascii_uppercase())?)),
        b'Z' => Some(Key::new(Code::BackTab)),
        // rxvt, with Control.
        b'^' => Some(Key {
            ctrl: true,
            ..Key::new(numbered(parameters.number(0)?)?)
        }),
        // xterm's modifyOtherKeys: 27 ; modifiers ; character.
        b'~' if parameters.number(0) == Some(27) => parameters.other(parameters.number(2)?),
        b'~' => Some(parameters.held(numbered(parameters.number(0)?)?)),
        // The same as CSI u: character ; modifiers.
        b'u' => parameters.other(parameters.number(0)?),
        _ => None,
    }
}

/// A press of xterm's mode 1006, `< button ; column ; row`, counted from 1; none for other buttons and for moves.
pub(super) fn press(parameters: &[u8]) -> Option<Input> {
    let parameters = Parameters::read(parameters.strip_prefix(b"<")?);
    // Shift (4), Alt (8) and Control (16) change nothing.
    let button = parameters.number(0)? & !0b1_1100;
    let cell = |at| {
        let from_one = parameters.number(at)?;
        u16::try_from(from_one.checked_sub(1)?).ok()
    };
    Some(match button {
        0 => Input::Press {
            column: cell(1)?,
            row: cell(2)?,
        },
        64 => Input::Wheel { up: true },
        65 => Input::Wheel { up: false },
        _ => return None,
    })
}

const fn arrow(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        _ => return None,
    })
}

/// DEC's editing keypad; 7 and 8 are rxvt's.
const fn numbered(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        _ => return None,
    })
}

/// Numbers between semicolons, each with its sub-parameters after colons.
struct Parameters<'a>(Vec<&'a str>);

impl<'a> Parameters<'a> {
    fn read(bytes: &'a [u8]) -> Self {
        Self(
            std::str::from_utf8(bytes)
                .unwrap_or_default()
                .split(';')
                .collect(),
        )
    }

    fn number(&self, at: usize) -> Option<u32> {
        self.0.get(at)?.split(':').next()?.parse().ok()
    }

    /// The kitty protocol's third kind of event.
    fn is_release(&self) -> bool {
        self.0.get(1).and_then(|held| held.split(':').nth(1)) == Some("3")
    }

    /// The modifiers: one more than the sum of 1 (Shift), 2 (Alt), 4 (Control); others are ignored.
    fn bits(&self) -> u32 {
        self.number(1).unwrap_or(1).saturating_sub(1)
    }

    fn held(&self, code: Code) -> Key {
        Key {
            code,
            alt: self.bits() & 2 != 0,
            ctrl: self.bits() & 4 != 0,
        }
    }

    /// A key that is named by its character.
    fn other(&self, character: u32) -> Option<Key> {
        let c = char::from_u32(character)?;
        let shifted = self.bits() & 1 != 0;
        let key = self.held(match c {
            '\r' | '\n' => Code::Enter,
            '\t' if shifted => Code::BackTab,
            '\t' => Code::Tab,
            '\u{1b}' => Code::Esc,
            '\u{7f}' | '\u{8}' => Code::Backspace,
            c if c.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&c) => return None,
            c if shifted => Code::Char(c.to_uppercase().next().unwrap_or(c)),
            c => Code::Char(c),
        });
        Some(match key.code {
            Code::Char(c) if key.ctrl => Key {
                code: Code::Char(c.to_ascii_lowercase()),
                ..key
            },
            _ => key,
        })
    }
}

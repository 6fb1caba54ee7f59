//! Decodes bytes to keys, without I/O: its caller reports when no more bytes arrived in time.

use std::{collections::VecDeque, time::Duration};

use super::{csi, input::Input};
use crate::app::{Code, Key};

/// The time after a lone ESC in which the rest of a sequence may arrive; then it is the key Esc. Longer than a terminal, a
/// multiplexer or a network takes between two pieces, and too short to be noticed (compare curses' `ESCDELAY` and vim's
/// `ttimeoutlen`).
const AFTER_ESC: Duration = Duration::from_millis(75);
/// The same within a sequence that has certainly begun.
const IN_SEQUENCE: Duration = Duration::from_millis(250);
/// The same within a reply of the terminal.
const IN_REPLY: Duration = Duration::from_secs(1);
/// The same within a pasted text, whose rest would be taken for keys.
const IN_PASTE: Duration = Duration::from_secs(5);
/// The bytes of a pasted text that are kept; no field takes as many.
const LONGEST_PASTE: usize = 1024 * 1024;
/// The bytes of a control sequence's parameters that are kept; the longest keys have about ten.
const LONGEST_SEQUENCE: usize = 64;

const ESC: u8 = 0x1b;
/// Ends a pasted text (xterm's bracketed paste).
const PASTE_END: &[u8] = b"\x1b[201~";

/// A sequence that begins with ESC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opener {
    /// `ESC [`: keys, and reports.
    Csi,
    /// `ESC O`: keys of the application mode.
    Ss3,
    /// `ESC ]`, `ESC P`, `ESC _`, `ESC ^`, `ESC X`: strings up to `ESC \`. Terminals send them as replies alone.
    Text,
}

impl Opener {
    const fn of(byte: u8) -> Option<Self> {
        match byte {
            b'[' => Some(Self::Csi),
            b'O' => Some(Self::Ss3),
            b']' | b'P' | b'_' | b'^' | b'X' => Some(Self::Text),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum State {
    #[default]
    Ground,
    /// Within a character of several bytes.
    Character {
        alt: bool,
        bytes: Vec<u8>,
        length: usize,
    },
    /// After ESC. `cut`: nothing else arrived with it.
    Escape {
        cut: bool,
    },
    /// After ESC and one more byte, which may be a key with Alt, or begin a sequence.
    Opened {
        opener: Opener,
        byte: u8,
        cut: bool,
    },
    /// Within a control sequence: its parameters.
    Sequence(Vec<u8>),
    /// Behind `ESC [ M`: an old mouse report has three bytes more.
    Mouse(u8),
    /// Behind `ESC [ [`: the Linux console's function keys have one byte more.
    Console,
    Text,
    /// After ESC within a string, which ends it, most often with a backslash.
    TextEnd,
    /// Within a pasted text, with as many bytes of its end as have matched.
    Paste {
        text: Vec<u8>,
        matched: usize,
    },
}

/// Decodes bytes to keys, wherever they are cut.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
}

impl Decoder {
    /// Takes the bytes of one read.
    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut VecDeque<Input>) {
        for byte in bytes {
            self.take(*byte, out);
        }
        // The following bytes arrived later.
        if let State::Escape { cut } = &mut self.state {
            *cut = true;
        }
    }

    /// How long to wait for more bytes; `None` if the input so far is complete.
    pub(super) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape { .. } | State::Character { .. } => Some(AFTER_ESC),
            State::Opened { .. } | State::Sequence(_) | State::Mouse(_) | State::Console => Some(IN_SEQUENCE),
            State::Text | State::TextEnd => Some(IN_REPLY),
            State::Paste { .. } => Some(IN_PASTE),
        }
    }

    /// No more bytes arrived in time: the input so far is complete.
    pub(super) fn expire(&mut self, out: &mut VecDeque<Input>) {
        match std::mem::take(&mut self.state) {
            State::Escape { .. } => press(out, Code::Esc),
            State::Opened { byte, cut, .. } => apart(out, byte, cut),
            State::Paste { text, .. } => paste(out, &text),
            State::Ground
            | State::Character { .. }
            | State::Sequence(_)
            | State::Mouse(_)
            | State::Console
            | State::Text
            | State::TextEnd => {}
        }
    }

    fn take(&mut self, byte: u8, out: &mut VecDeque<Input>) {
        self.state = match std::mem::take(&mut self.state) {
            State::Ground => ground(byte, false, out),
            State::Character {
                alt,
                mut bytes,
                length,
            } => {
                if (0x80..0xc0).contains(&byte) {
                    bytes.push(byte);
                    character(alt, bytes, length, out)
                } else {
                    ground(byte, false, out)
                }
            }
            State::Escape { cut } => escape(byte, cut, out),
            State::Opened {
                opener,
                byte: before,
                cut,
            } => match opener {
                Opener::Csi => sequence(Vec::new(), byte, out),
                Opener::Ss3 => ss3(byte, cut, out),
                Opener::Text if begins_text(before, byte) => State::Text,
                Opener::Text => {
                    apart(out, before, cut);
                    ground(byte, false, out)
                }
            },
            State::Sequence(parameters) => sequence(parameters, byte, out),
            State::Mouse(left) => left
                .checked_sub(1)
                .filter(|left| *left > 0)
                .map_or(State::Ground, State::Mouse),
            State::Console => State::Ground,
            State::TextEnd if byte == b'\\' => State::Ground,
            State::TextEnd => escape(byte, false, out),
            State::Text => match byte {
                ESC => State::TextEnd,
                // BEL ends OSC as well.
                0x07 => State::Ground,
                // No reply contains another control character: it is a key, and the reply's end was lost.
                0x00..0x20 | 0x7f => ground(byte, false, out),
                _ => State::Text,
            },
            State::Paste { text, matched } => pasted(text, matched, byte, out),
        };
    }
}

fn press(out: &mut VecDeque<Input>, code: Code) {
    out.push_back(Input::Key(Key::new(code)));
}

fn paste(out: &mut VecDeque<Input>, text: &[u8]) {
    out.push_back(Input::Paste(String::from_utf8_lossy(text).into_owned()));
}

/// ESC and a byte that begin no sequence: two keys if they arrived apart, else one key with Alt.
fn apart(out: &mut VecDeque<Input>, byte: u8, cut: bool) {
    if cut {
        press(out, Code::Esc);
    }
    out.push_back(Input::Key(Key {
        alt: !cut,
        ..Key::char(char::from(byte))
    }));
}

fn ground(byte: u8, alt: bool, out: &mut VecDeque<Input>) -> State {
    let key = match byte {
        ESC => return State::Escape { cut: false },
        // A terminal sends CR for Enter. LF is Ctrl-J, or an Enter before raw mode, when the system converts CR to LF.
        b'\r' | b'\n' => Key::new(Code::Enter),
        b'\t' => Key::new(Code::Tab),
        0x7f => Key::new(Code::Backspace),
        0x00 => Key::ctrl(' '),
        0x01..=0x1a => Key::ctrl(char::from(byte - 1 + b'a')),
        // Ctrl-4 to Ctrl-7 on old keyboards.
        0x1c..=0x1f => Key::ctrl(char::from(byte - 0x1c + b'4')),
        0x20..=0x7e => Key::char(char::from(byte)),
        0xc2..=0xdf => {
            return State::Character {
                alt,
                bytes: vec![byte],
                length: 2,
            };
        }
        0xe0..=0xef => {
            return State::Character {
                alt,
                bytes: vec![byte],
                length: 3,
            };
        }
        0xf0..=0xf4 => {
            return State::Character {
                alt,
                bytes: vec![byte],
                length: 4,
            };
        }
        // No character in UTF-8 begins with it.
        0x80..=0xc1 | 0xf5..=0xff => return State::Ground,
    };
    out.push_back(Input::Key(Key { alt, ..key }));
    State::Ground
}

fn character(alt: bool, bytes: Vec<u8>, length: usize, out: &mut VecDeque<Input>) -> State {
    if bytes.len() < length {
        return State::Character { alt, bytes, length };
    }
    if let Some(c) = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.chars().next())
    {
        out.push_back(Input::Key(Key { alt, ..Key::char(c) }));
    }
    State::Ground
}

fn escape(byte: u8, cut: bool, out: &mut VecDeque<Input>) -> State {
    if let Some(opener) = Opener::of(byte) {
        return State::Opened { opener, byte, cut };
    }
    match byte {
        ESC => {
            press(out, Code::Esc);
            State::Escape { cut: false }
        }
        _ if cut => {
            press(out, Code::Esc);
            ground(byte, false, out)
        }
        _ => ground(byte, true, out),
    }
}

/// Whether a reply of the terminal can begin with this byte. OSC begins with a number, or a letter if it reports a title; DCS
/// with parameters or a private mark. Text typed after Alt-P rarely does.
const fn begins_text(opener: u8, byte: u8) -> bool {
    match opener {
        b']' => matches!(byte, b'0'..=b'9' | b'l' | b'L' | b'I'),
        b'P' => matches!(byte, b'0'..=b'9' | b'!' | b'$' | b'+' | b'>' | b'=' | b'?'),
        _ => matches!(byte, 0x21..=0x7e),
    }
}

fn ss3(byte: u8, cut: bool, out: &mut VecDeque<Input>) -> State {
    match csi::ss3(byte) {
        Some(key) => {
            out.push_back(Input::Key(key));
            State::Ground
        }
        // Function keys.
        None if matches!(byte, b'P'..=b'S') => State::Ground,
        // The keypad's keys; arriving apart, the bytes were more likely typed.
        None if !cut && matches!(byte, b'j'..=b'y' | b'X' | b'I') => State::Ground,
        None => {
            apart(out, b'O', cut);
            ground(byte, false, out)
        }
    }
}

/// One more byte of a control sequence (ECMA-48, 5.4): parameters and intermediates, then a final byte.
fn sequence(mut parameters: Vec<u8>, byte: u8, out: &mut VecDeque<Input>) -> State {
    match byte {
        0x20..=0x3f => {
            if parameters.len() < LONGEST_SEQUENCE {
                parameters.push(byte);
            }
            State::Sequence(parameters)
        }
        b'[' if parameters.is_empty() => State::Console,
        b'M' if parameters.is_empty() => State::Mouse(3),
        b'~' if parameters == b"200" => State::Paste {
            text: Vec::new(),
            matched: 0,
        },
        b'M' if parameters.first() == Some(&b'<') => {
            out.extend(csi::press(&parameters));
            State::Ground
        }
        0x40..=0x7e => {
            out.extend(csi::key(&parameters, byte).map(Input::Key));
            State::Ground
        }
        // The sequence is incomplete.
        _ => ground(byte, false, out),
    }
}

fn pasted(mut text: Vec<u8>, matched: usize, byte: u8, out: &mut VecDeque<Input>) -> State {
    if PASTE_END.get(matched) == Some(&byte) {
        if matched + 1 < PASTE_END.len() {
            return State::Paste {
                text,
                matched: matched + 1,
            };
        }
        paste(out, &text);
        return State::Ground;
    }
    // Only the first byte of the end is ESC, so that the matched part can't contain another start.
    let again = PASTE_END.first() == Some(&byte);
    let matched_text = PASTE_END.get(..matched).unwrap_or_default();
    if text.len() < LONGEST_PASTE {
        text.extend_from_slice(matched_text);
        if !again {
            text.push(byte);
        }
    }
    State::Paste {
        text,
        matched: usize::from(again),
    }
}

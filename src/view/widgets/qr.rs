//! A QR code in a terminal: two modules above each other are one cell.
//!
//! Source of the address: the key URI format that authenticators read (`otpauth://totp/ISSUER:NAME?secret=…&issuer=…`).

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color as Module, EcLevel};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Style},
};

const ISSUER: &str = "caltrack";
/// Modules of blank around it. The standard wants four; authenticators are content with less, and terminals are small.
const QUIET: usize = 2;

#[derive(Debug)]
pub(in crate::view) struct QrCode {
    modules: Vec<Module>,
    side: usize,
}

impl QrCode {
    /// What an authenticator reads to learn a secret (base32). None where the name is too long for any code.
    pub(in crate::view) fn of_authenticator(secret: &str, username: &str) -> Option<Self> {
        let name = utf8_percent_encode(username, NON_ALPHANUMERIC);
        let address = format!("otpauth://totp/{ISSUER}:{name}?secret={secret}&issuer={ISSUER}");
        let code = qrcode::QrCode::with_error_correction_level(address, EcLevel::L).ok()?;
        Some(Self {
            side: code.width(),
            modules: code.into_colors(),
        })
    }

    pub(in crate::view) fn width(&self) -> u16 {
        u16::try_from(self.side + 2 * QUIET).unwrap_or(u16::MAX)
    }

    pub(in crate::view) fn height(&self) -> u16 {
        self.width().div_ceil(2)
    }

    fn is_light(&self, x: usize, y: usize) -> bool {
        let (Some(x), Some(y)) = (x.checked_sub(QUIET), y.checked_sub(QUIET)) else {
            return true;
        };
        x >= self.side
            || self
                .modules
                .get(y * self.side + x)
                .is_none_or(|module| *module == Module::Light)
    }

    /// Draws it: black on white, or in the terminal's own colours if no others are allowed.
    pub(in crate::view) fn draw(&self, color: bool, area: Rect, buf: &mut Buffer) {
        let tone = |light| if light { Color::White } else { Color::Black };
        for (row, y) in (area.top()..area.bottom()).enumerate() {
            for (column, x) in (area.left()..area.right()).enumerate() {
                let (top, bottom) = (self.is_light(column, 2 * row), self.is_light(column, 2 * row + 1));
                let Some(cell) = buf.cell_mut((x, y)) else {
                    continue;
                };
                if color {
                    cell.set_symbol("▀")
                        .set_style(Style::new().fg(tone(top)).bg(tone(bottom)));
                } else {
                    cell.set_symbol(match (top, bottom) {
                        (true, true) => "█",
                        (true, false) => "▀",
                        (false, true) => "▄",
                        (false, false) => " ",
                    });
                }
            }
        }
    }
}

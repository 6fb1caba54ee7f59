//! Pictures for terminals that show ASCII alone.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr as _;

/// Marks, borders and bars, and what stands for them.
const SUBSTITUTES: [(&str, &str); 17] = [
    ("─┄┈╌·", "-"),
    ("━", "~"),
    ("│┃┆┊╎", "|"),
    ("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
    ("█▉▊▋▇▆▅", "#"),
    ("▓▌▍▎▏▄▃▀▐▖▗▘▝▚▞▙▛▜▟", "="),
    ("▒", "+"),
    ("░▂▁", "."),
    ("●◐•", "*"),
    ("○◌", "o"),
    ("‹←◂≤", "<"),
    ("›→▸", ">"),
    ("↑", "^"),
    ("↓", "v"),
    ("−–—", "-"),
    ("…", "."),
    ("≈±", "~"),
];

/// Replaces all other characters than ASCII: of the picture by similar ones, of texts by `?`.
pub(super) fn translate(buf: &mut Buffer) {
    let mut before: Option<&mut Cell> = None;
    for cell in &mut buf.content {
        if !cell.symbol().is_ascii() {
            match before.filter(|before| before.symbol() == " " && cell.symbol() == "±") {
                Some(before) => {
                    before.set_symbol("+");
                    cell.set_symbol("-");
                }
                None => substitute(cell),
            }
        }
        before = Some(cell);
    }
}

fn substitute(cell: &mut Cell) {
    let symbol = cell.symbol();
    let found = SUBSTITUTES.iter().find(|(all, _)| all.contains(symbol));
    let is_dot = |c: char| ('\u{2800}'..='\u{28ff}').contains(&c);
    let text = match found {
        Some((_, substitute)) => (*substitute).to_owned(),
        None if symbol == "\u{2800}" => " ".to_owned(),
        None if symbol.chars().all(is_dot) => ".".to_owned(),
        None if symbol == "×" => "x".to_owned(),
        None if symbol == "½" => "h".to_owned(),
        // As many columns as the letter takes.
        None => "?".repeat(symbol.width().max(1)),
    };
    cell.set_symbol(&text);
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn a_translated_picture_is_ascii_of_the_same_width() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 30, 1));
        buf.set_string(0, 0, "╭─ ▸ ███░ 豆腐 ⠓ −5 ± 2 ▒▓", ratatui::style::Style::new());
        translate(&mut buf);
        let text: String = buf.content.iter().map(Cell::symbol).collect();
        assert!(text.is_ascii(), "{text}");
        assert!(text.starts_with("+- > ###. ??"), "{text}");
        assert!(text.contains("-5+- 2 +="), "{text}");
    }
}

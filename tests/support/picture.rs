//! A terminal's screen as an SVG, for the README.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

const CELL_WIDTH: u32 = 9;
const CELL_HEIGHT: u32 = 20;
const MARGIN: u32 = 16;
const FOREGROUND: &str = "#d8dee9";
const BACKGROUND: &str = "#1c1f26";

/// The 16 named colours of a terminal, in a muted dark theme.
const NAMED: [&str; 16] = [
    "#2e3440", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf", "#5c6370",
    "#ef8891", "#b5e08f", "#f2d19a", "#82c4ff", "#d89bea", "#7fd3dd", "#ffffff",
];

/// Returns the SVG of a screen.
pub(crate) fn svg(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let width = u32::from(columns) * CELL_WIDTH + 2 * MARGIN;
    let height = u32::from(rows) * CELL_HEIGHT + 2 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"ui-monospace, \
         'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"{BACKGROUND}\"/>\n"
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let start = column;
            let Some(first) = screen.cell(row, column) else {
                break;
            };
            let style = Style::of(first);
            let mut text = String::new();
            while let Some(cell) = screen.cell(row, column).filter(|cell| Style::of(cell) == style) {
                if !cell.is_wide_continuation() {
                    text.push_str(if cell.has_contents() { cell.contents() } else { " " });
                }
                column += 1;
            }
            run(&mut out, row, start, column, &style, &text);
        }
    }
    out.push_str("</svg>\n");
    out
}

/// Neighbouring cells of one style.
fn run(out: &mut String, row: u16, start: u16, end: u16, style: &Style, text: &str) {
    let x = MARGIN + u32::from(start) * CELL_WIDTH;
    let y = MARGIN + u32::from(row) * CELL_HEIGHT;
    let width = u32::from(end - start) * CELL_WIDTH;
    if style.background != BACKGROUND {
        let fill = &style.background;
        writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{CELL_HEIGHT}\" fill=\"{fill}\"/>"
        )
        .expect("a string takes it");
    }
    if text.trim().is_empty() {
        return;
    }
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let weight = if style.bold { " font-weight=\"bold\"" } else { "" };
    let opacity = if style.dim { " opacity=\"0.65\"" } else { "" };
    let fill = &style.foreground;
    let baseline = y + 15;
    writeln!(
        out,
        "<text x=\"{x}\" y=\"{baseline}\" textLength=\"{width}\" xml:space=\"preserve\" fill=\"{fill}\"{weight}{opacity}>{text}</text>"
    )
    .expect("a string takes it");
}

#[derive(PartialEq)]
struct Style {
    foreground: String,
    background: String,
    bold: bool,
    dim: bool,
}

impl Style {
    fn of(cell: &Cell) -> Self {
        let foreground = colour(cell.fgcolor(), FOREGROUND);
        let background = colour(cell.bgcolor(), BACKGROUND);
        let (foreground, background) = if cell.inverse() {
            (background, foreground)
        } else {
            (foreground, background)
        };
        Self {
            foreground,
            background,
            bold: cell.bold(),
            dim: cell.dim(),
        }
    }
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Default => default.to_owned(),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Idx(index) => match index {
            0..=15 => NAMED[usize::from(index)].to_owned(),
            // xterm's 6×6×6 cube and its grey ramp.
            16..=231 => {
                let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
                let cube = index - 16;
                format!(
                    "#{:02x}{:02x}{:02x}",
                    level(cube / 36),
                    level(cube / 6 % 6),
                    level(cube % 6)
                )
            }
            232..=255 => {
                let grey = 8 + 10 * (index - 232);
                format!("#{grey:02x}{grey:02x}{grey:02x}")
            }
        },
    }
}

//! The styles of a picture, as text.

use std::fmt::Write as _;

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};
use rstest::rstest;

use crate::{account_pictures::confirm, pictures, regions::Picture, world::World};

/// The style of a cell in words: its colours, then its modifiers.
fn style(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string().to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg.to_string().to_lowercase()));
    }
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::REVERSED, "reversed"),
        (Modifier::CROSSED_OUT, "crossed out"),
    ] {
        if cell.modifier.contains(modifier) {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}

/// A text with each symbol that is repeated more than three times in a row shortened.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    let mut symbols = text.chars().peekable();
    while let Some(symbol) = symbols.next() {
        let mut count = 1;
        while symbols.next_if_eq(&symbol).is_some() {
            count += 1;
        }
        match (symbol, count) {
            (' ', 2..) => short.push_str("  "),
            (_, 4..) => write!(short, "{symbol}×{count}").unwrap(),
            _ => short.extend(std::iter::repeat_n(symbol, count)),
        }
    }
    short
}

impl Picture {
    /// The runs of one style, line by line: `[green bold]caltrack[]  [bold]Monday 2026-11-23[]`.
    pub(crate) fn styled(&self) -> String {
        let mut lines = String::new();
        for row in self.rows_of_cells() {
            let mut line = String::new();
            let runs = row.chunk_by(|a, b| style(a) == style(b));
            for run in runs {
                let text: String = run.iter().map(|cell| cell.symbol()).collect();
                match style(run[0]).as_str() {
                    "" => line.push_str(&shortened(&text)),
                    style => write!(line, "[{style}]{}[]", shortened(&text)).unwrap(),
                }
            }
            lines.push_str(line.trim_end());
            lines.push('\n');
        }
        lines
    }

    /// Whether anything is red.
    pub(crate) fn has_red(&self) -> bool {
        self.rows_of_cells().flatten().any(|cell| {
            [cell.fg, cell.bg]
                .iter()
                .any(|hue| matches!(hue, Color::Red | Color::LightRed))
        })
    }
}

/// The layout is in the pictures; here a change of the theme shows.
#[rstest]
#[case::start("start", pictures::first_start())]
#[case::sign_in_refused("sign_in_refused", pictures::sign_in_refused())]
#[case::confirm("confirm", confirm())]
#[case::today("today", pictures::full())]
#[case::saving("saving", pictures::saving())]
#[case::over_the_target("over_the_target", pictures::over_the_target())]
#[case::failed("failed", pictures::failed())]
#[case::offline("offline", pictures::offline())]
#[case::quick_line("quick_line", pictures::quick_line())]
#[case::save_failed("save_failed", pictures::save_failed())]
#[case::form("form", pictures::form_category())]
#[case::form_refused("form_refused", pictures::form_kcal())]
#[case::help("help", pictures::help())]
#[case::palette("palette", pictures::palette())]
fn styles(#[case] name: &str, #[case] world: World) {
    insta::assert_snapshot!(format!("{name}_styles"), world.picture(80, 24).styled());
}

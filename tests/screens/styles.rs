//! Which role each text of a screen has, and where red is used.

use std::fmt::Write as _;

use ratatui::style::Color;
use rstest::rstest;

use crate::{account_pictures::confirm, pictures, regions::Picture, roles, world::World};

/// A text with each symbol that is repeated more than three times in a row shortened.
pub(crate) fn shortened(text: &str) -> String {
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
    /// The text with its roles, line by line: `[brand]caltrack[]  [strong]Monday 2026-11-23[]`.
    pub(crate) fn with_roles(&self) -> String {
        let mut lines = String::new();
        for row in self.rows_of_cells() {
            let mut line = String::new();
            let runs = row.chunk_by(|a, b| roles::of(a) == roles::of(b));
            for run in runs {
                let text: String = run.iter().map(|cell| cell.symbol()).collect();
                match roles::of(run[0]).as_str() {
                    "" => line.push_str(&shortened(&text)),
                    roles => write!(line, "[{roles}]{}[]", shortened(&text)).unwrap(),
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

/// The pictures show the layout, these texts the roles.
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
fn roles_of(#[case] name: &str, #[case] world: World) {
    insta::assert_snapshot!(
        format!("{name}_roles"),
        world.marked().picture(80, 24).with_roles()
    );
}

//! Every screen in its states, at four sizes, in three themes: cells and styles. And red for failures alone, in every theme.

use std::fmt::Write as _;

use caltrack_tui::app::{Message, shell::theme::Themes, tab::Tab};
use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};
use rstest::rstest;
use strum::VariantArray as _;

use crate::{
    entries::{SUB, entry, totals},
    every_key,
    history::year,
    pictures,
    regions::Picture,
    styles::shortened,
    world::{Setup, World},
};

/// The sizes at which screens are compared.
const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];
/// The terminal's own colours, RGB colours, and none at all.
const THEMES: [&str; 3] = ["terminal", "gruvbox-dark", "mono"];

/// A state of the log that any screen can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Empty,
    Loading,
    Failed,
    Offline,
    Full,
    OverTarget,
}

impl Case {
    const ALL: [Self; 6] = [
        Self::Empty,
        Self::Loading,
        Self::Failed,
        Self::Offline,
        Self::Full,
        Self::OverTarget,
    ];

    const fn has_failed(self) -> bool {
        matches!(self, Self::Failed | Self::Offline)
    }

    fn world(self) -> World {
        match self {
            Self::Empty => {
                let mut world = World::today();
                with_days(&mut world, Vec::new());
                world
            }
            Self::Loading => Setup::new().signed_in("alice").start(),
            Self::Failed => pictures::failed(),
            Self::Offline => {
                let mut world = pictures::offline();
                with_days(&mut world, year());
                world
            }
            Self::Full => every_key::full(),
            Self::OverTarget => {
                let mut world = pictures::over_the_target();
                let mut days = year();
                days.pop();
                days.push(totals(2_600, 0, 1));
                with_days(&mut world, days);
                world
            }
        }
    }
}

fn with_days(world: &mut World, days: Vec<caltrack_domain::DailyTotals>) {
    let sub = SUB.to_owned();
    world.send_all([Message::AllTotals { sub, days }]);
}

fn key(tab: Tab) -> &'static str {
    match tab {
        Tab::Today => "1",
        Tab::History => "2",
        Tab::Trends => "3",
        Tab::Suggestions => "4",
        Tab::Profile => "5",
    }
}

/// A style as words: `#fabd2f on #282828 bold`.
fn words(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string().to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg.to_string().to_lowercase()));
    }
    for (modifier, word) in [
        (Modifier::BOLD, "bold"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
        (Modifier::CROSSED_OUT, "crossed out"),
    ] {
        if cell.modifier.contains(modifier) {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}

/// The text with its styles, line by line.
fn styled(picture: &Picture) -> String {
    let mut lines = String::new();
    for row in picture.rows_of_cells() {
        let mut line = String::new();
        for run in row.chunk_by(|one, other| words(one) == words(other)) {
            let text: String = run.iter().map(|cell| cell.symbol()).collect();
            match words(run[0]).as_str() {
                "" => line.push_str(&shortened(&text)),
                style => write!(line, "[{style}]{}[]", shortened(&text)).unwrap(),
            }
        }
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

#[rstest]
fn every_screen_in_three_themes(
    #[values(Tab::Today, Tab::History, Tab::Trends, Tab::Suggestions, Tab::Profile)] tab: Tab,
    #[values("terminal", "gruvbox-dark", "mono")] theme: &str,
) {
    assert!(THEMES.contains(&theme));
    let mut world = Case::Full.world().in_theme(theme);
    world.type_in(key(tab));
    let mut text = String::new();
    for (width, height) in SIZES {
        world.resize(width, height);
        write!(
            text,
            "{width}×{height}\n{}\n",
            styled(&world.picture(width, height))
        )
        .unwrap();
    }
    let name = tab.title().to_lowercase();
    insta::assert_snapshot!(format!("{name}_{theme}"), text);
}

#[rstest]
fn every_screen_in_every_state(
    #[values(Tab::Today, Tab::History, Tab::Trends, Tab::Suggestions, Tab::Profile)] tab: Tab,
    #[values(
        Case::Empty,
        Case::Loading,
        Case::Failed,
        Case::Offline,
        Case::Full,
        Case::OverTarget
    )]
    case: Case,
) {
    let mut world = case.world();
    world.type_in(key(tab));
    let mut text = String::new();
    for (width, height) in SIZES {
        world.resize(width, height);
        write!(text, "{width}×{height}\n{}\n\n", world.screen(width, height)).unwrap();
    }
    let name = format!("{}_{case:?}", tab.title()).to_lowercase();
    insta::assert_snapshot!(name, text);
}

#[test]
fn in_every_theme_red_is_for_failures_alone() {
    let names: Vec<String> = Themes::default()
        .list()
        .iter()
        .map(|theme| theme.name.clone())
        .collect();
    for name in names {
        // The badge of a lost connection has the theme's colour of failures.
        let offline = Case::Offline.world().in_theme(&name).picture(80, 24);
        let mut cells = offline.rows_of_cells().flatten();
        let bad = cells.find(|cell| cell.symbol() == "○").unwrap().fg;
        for case in Case::ALL.into_iter().filter(|case| !case.has_failed()) {
            for tab in Tab::VARIANTS {
                let mut world = case.world().in_theme(&name);
                world.type_in(key(*tab));
                for (width, height) in SIZES {
                    world.resize(width, height);
                    let picture = world.picture(width, height);
                    let is_red = |cell: &Cell| {
                        let is_ansi = [Color::Red, Color::LightRed].contains(&cell.fg);
                        is_ansi || bad != Color::Reset && is_reddish(bad) && cell.fg == bad
                    };
                    let found = picture.rows_of_cells().flatten().find(|cell| is_red(cell));
                    assert!(
                        found.is_none(),
                        "{name}: {} is red on {} ({case:?}, {width}×{height})",
                        found.map_or("", |cell| cell.symbol()),
                        tab.title()
                    );
                }
            }
        }
    }
}

const fn is_reddish(color: Color) -> bool {
    matches!(color, Color::Rgb(red, green, blue) if red > green && red > blue)
}

#[test]
fn a_day_of_a_hundred_thousand_entries_is_shown() {
    let meal = entry("x", "Snacks", 1).named("rice");
    let entries: Vec<_> = (0..100_000)
        .map(|number| meal.with_id(&format!("{number:06}")))
        .collect();
    let mut world = Setup::new()
        .signed_in("alice")
        .remembering(&entries, &totals(100_000, 0, 1))
        .start();
    let mut text = String::new();
    for (width, height) in SIZES {
        world.resize(width, height);
        write!(text, "{width}×{height}\n{}\n\n", world.screen(width, height)).unwrap();
    }
    insta::assert_snapshot!("today_of_100000_entries", text);
}

//! The time to draw one frame, without a terminal: `cargo bench --bench frame`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench ends by panicking and reports by printing"
)]

#[path = "support/stats.rs"]
mod stats;

use std::{hint::black_box, time::Instant};

use caltrack_domain::{Activity, Category, DailyTotals, Entry};
use caltrack_tui::{
    app::{
        Account, CopyState, DayCopy, Key, Message, Settings, Startup, State, preferences::Preferences,
        shell::theme::Theme, start, update,
    },
    view,
};
use jiff::{ToSpan as _, Zoned};
use ratatui::{Terminal, backend::TestBackend};
use stats::Samples;

const FRAMES: usize = 2_000;

fn main() {
    println!("one frame: the view, and ratatui's comparison with the frame before\n");
    stats::head();
    for (what, entries, width, height) in [
        ("200×60, 40 entries, the selection moves", 40, 200, 60),
        ("200×60, 10,000 entries, the selection moves", 10_000, 200, 60),
        ("120×40, 40 entries, the selection moves", 40, 120, 40),
    ] {
        frames(what, entries, width, height).print();
    }
}

fn frames(what: &'static str, entries: usize, width: u16, height: u16) -> Samples {
    let mut state = day(entries, (width, height));
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal of cells");
    let values = (0..FRAMES)
        .map(|turn| {
            let key = if turn / 30 % 2 == 0 { 'j' } else { 'k' };
            update(&mut state, Message::Key(Key::char(key)));
            let started = Instant::now();
            terminal
                .draw(|frame| view::draw(frame, black_box(&state)))
                .expect("cells");
            started.elapsed()
        })
        .collect();
    Samples::new(what, "0.5 ms", values)
}

/// The state with one day loaded.
fn day(entries: usize, size: (u16, u16)) -> State {
    let now: Zoned = "2026-11-23T20:00:00+00:00[UTC]".parse().expect("a moment");
    let activities = (0..entries)
        .map(|n| Activity {
            id: format!("019aaaaa-0000-7000-8000-{n:012}"),
            owner: "me".to_owned(),
            entry: Entry {
                name: Some("lentil curry with rice".to_owned()),
                ..Entry::new(
                    now.date(),
                    now.timestamp() - i64::try_from(entries - n).expect("a day's worth").seconds(),
                    "Food",
                    "Lunch",
                    1,
                )
            },
            rev: 1,
        })
        .collect();
    let startup = Startup {
        is_demo: false,
        themes: caltrack_tui::app::shell::theme::Themes::default(),
        is_ascii: false,
        display: caltrack_domain::Display::default(),
        keymap: caltrack_tui::app::input::keymap::Keymap::default(),
        size,
        theme: Theme::built_in(true),
        profile: "local".to_owned(),
        has_local_account: true,
        account: Some(Account {
            username: "me".to_owned(),
            sub: "me".to_owned(),
        }),
        day: Some(DayCopy {
            date: now.date(),
            entries: activities,
            totals: Some(DailyTotals::empty(now.date())),
            state: CopyState::Complete,
        }),
        categories_at: None,
        categories: vec![Category {
            name: "Food".to_owned(),
            types: vec!["Lunch".to_owned()],
        }],
        settings: Settings::without_profile(now.time_zone().clone()),
        preferences: Preferences::default(),
        seed: [7; 32],
        now,
    };
    start(startup).0
}

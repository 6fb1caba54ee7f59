//! The time to draw one frame, without a terminal: `cargo bench --bench frame`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench ends by panicking and reports by printing"
)]

#[path = "support/stats.rs"]
mod stats;

use std::{hint::black_box, sync::Arc, time::Instant};

use caltrack_domain::{
    Activity, Category, DailyTotals, Entry,
    line::{Habit, Own},
};
use caltrack_foods::{Habits, table};
use caltrack_tui::{
    app::{
        Account, Code, CopyState, DayCopy, Key, Message, Settings, Startup, State, names::LogNames,
        preferences::Preferences, shell::theme::Theme, start, update,
    },
    view,
};
use jiff::{ToSpan as _, Zoned};
use ratatui::{Terminal, backend::TestBackend};
use stats::Samples;

const FRAMES: usize = 2_000;
const SEARCHES: usize = 200;
const OWN_NAMES: usize = 20_000;

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
    lines().print();
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

/// Searches in the quick line, key by key, over the tables and the names of a log: the key, and the list that it leads to.
fn lines() -> Samples {
    let mut state = day(40, (120, 40));
    let foods = table().foods();
    let now = state.shell.now.clone();
    let names = foods.iter().cycle().take(OWN_NAMES).zip(0_u32..);
    let habits = names.map(|(food, number)| {
        let own = Own {
            name: format!("{} {number}", food.name),
            category: food.category.to_owned(),
            kind: "Lunch".to_owned(),
            kcal: 100 + number % 500,
            quantity: Some(1.0),
            unit: Some("portion".to_owned()),
            grams: None,
            macros: [None; 3],
            food: None,
        };
        Habit::first(own, now.timestamp())
    });
    let names = LogNames {
        habits: Habits::of(habits.collect(), &now),
        ..LogNames::default()
    };
    update(
        &mut state,
        Message::Names {
            sub: "me".to_owned(),
            names: Arc::new(names),
        },
    );
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal of cells");
    let mut values = Vec::new();
    let step = (foods.len() / SEARCHES).max(1);
    for food in foods.iter().step_by(step).take(SEARCHES) {
        update(&mut state, Message::Key(Key::char('a')));
        for letter in food.name.chars().take(12) {
            let started = Instant::now();
            update(&mut state, Message::Key(Key::char(letter)));
            terminal
                .draw(|frame| view::draw(frame, black_box(&state)))
                .expect("cells");
            values.push(started.elapsed());
        }
        update(&mut state, Message::Key(Key::ctrl('u')));
        update(&mut state, Message::Key(Key::new(Code::Esc)));
    }
    Samples::new(
        "a key of the quick line → its list, 20,000 own names",
        "p95 ≤ 2 ms",
        values,
    )
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

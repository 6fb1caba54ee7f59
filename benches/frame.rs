//! The time to draw one frame, without a terminal: `cargo bench --bench frame`. With `-- quick`, only the keys of the quick line and
//! the search.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench ends by panicking and reports by printing"
)]

#[path = "support/stats.rs"]
mod stats;

use std::{hint::black_box, sync::Arc, time::Instant};

use caltrack_client::replica::{Listing, Owner, Replica};
use caltrack_domain::{
    Activity, Category, DailyTotals, Entry,
    line::{Habit, Own},
};
use caltrack_foods::{Habits, table};
use caltrack_tui::{
    app::{
        Account, Code, CopyState, DayCopy, Effect, Key, Message, Settings, Startup, State, names::LogNames,
        preferences::Preferences, shell::theme::Theme, start, update,
    },
    view,
};
use jiff::{ToSpan as _, Zoned};
use ratatui::{Terminal, backend::TestBackend};
use stats::Samples;

const FRAMES: usize = 2_000;
const SEARCHES: usize = 200;
/// 20,000, and as many as the table's foods lack of the 8,000 that the budget is for.
const OWN_NAMES: usize = 24_505;
const ENTRIES: usize = 100_000;
const DAYS: usize = 365;

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "quick");
    println!(
        "{} foods of the table, {OWN_NAMES} own names, {ENTRIES} entries; one frame is the view, and ratatui's comparison with \
         the frame before\n",
        table().foods().len()
    );
    stats::head();
    if !is_quick {
        all_frames();
    }
    let replica = replica();
    let mut state = full();
    lines(&mut state).print();
    searches(&mut state, &replica).print();
}

fn all_frames() {
    for (what, entries, width, height) in [
        ("200×60, 40 entries, the selection moves", 40, 200, 60),
        ("200×60, 10,000 entries, the selection moves", 10_000, 200, 60),
        ("120×40, 40 entries, the selection moves", 40, 120, 40),
    ] {
        frames(what, entries, width, height).print();
    }
    for (what, tab) in [
        ("200×60, a year of days: History", '2'),
        ("200×60, a year of days: Trends", '3'),
        ("200×60, a year of days: Suggestions", '4'),
        ("200×60, a year of days: Profile", '5'),
    ] {
        screen(what, tab).print();
    }
}

/// Frames of a screen with a year of days, while its selection or its range moves.
fn screen(what: &'static str, tab: char) -> Samples {
    let mut state = day(40, (200, 60));
    year(&mut state);
    update(&mut state, Message::Key(Key::char(tab)));
    let keys = if tab == '3' { [']', '['] } else { ['j', 'k'] };
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).expect("a terminal of cells");
    let values = (0..FRAMES)
        .map(|turn| {
            update(&mut state, Message::Key(Key::char(keys[turn / 30 % 2])));
            let started = Instant::now();
            terminal
                .draw(|frame| view::draw(frame, black_box(&state)))
                .expect("cells");
            started.elapsed()
        })
        .collect();
    Samples::new(what, "0.4 ms", values)
}

/// The totals of a year.
fn year(state: &mut State) {
    let today = state.shell.today();
    let days = (0..DAYS).rev().map(|ago| {
        let ago = i64::try_from(ago).expect("a few hundred");
        DailyTotals {
            calories_consumed: 1_600 + ago * 37 % 900,
            calories_burned: ago % 4 * 120,
            weight: (ago % 2 == 0).then_some(80.0),
            version: 1,
            entries: Some(10),
            ..DailyTotals::empty(today - ago.days())
        }
    });
    update(
        state,
        Message::AllTotals {
            sub: "me".to_owned(),
            days: days.collect(),
        },
    );
}

/// The state with a year of days and all own names.
fn full() -> State {
    let mut state = day(ENTRIES / DAYS, (120, 40));
    year(&mut state);
    let habits = Habits::of(habits(&state.shell.now), &state.shell.now);
    let names = LogNames {
        habits,
        ..LogNames::default()
    };
    update(
        &mut state,
        Message::Names {
            sub: "me".to_owned(),
            names: Arc::new(names),
        },
    );
    state
}

/// Own names that are like those of foods.
fn habits(now: &Zoned) -> Vec<Habit> {
    let foods = table().foods();
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
    habits.collect()
}

/// A copy of a log, with the own names on the days of a year.
fn replica() -> Replica {
    let now: Zoned = "2026-11-23T20:00:00+00:00[UTC]".parse().expect("a moment");
    let names: Vec<String> = habits(&now).into_iter().map(|habit| habit.own.name).collect();
    let mut replica = Replica::in_memory().expect("SQLite");
    let per_day = ENTRIES.div_ceil(DAYS);
    for ago in 0..DAYS {
        let date = now.date() - i64::try_from(ago).expect("a few hundred").days();
        let noon = date
            .at(12, 0, 0, 0)
            .to_zoned(now.time_zone().clone())
            .expect("a noon");
        let entries = (0..per_day).map(|number| {
            let number = ago * per_day + number;
            Activity {
                id: format!("019aaaaa-0000-7000-8000-{number:012}"),
                owner: "me".to_owned(),
                entry: Entry {
                    name: names.get(number % names.len()).cloned(),
                    ..Entry::new(
                        date,
                        noon.timestamp() + i64::try_from(number % per_day).expect("a few hundred").seconds(),
                        "Food",
                        "Lunch",
                        300,
                    )
                },
                rev: 1,
            }
        });
        let listing = Listing {
            date,
            entries: entries.collect(),
            totals: None,
            sent: now.timestamp(),
            is_last: false,
        };
        replica
            .store_lists(OWNER, vec![listing], now.timestamp())
            .expect("room in memory");
    }
    replica
}

const OWNER: Owner<'static> = Owner {
    profile: "local",
    sub: "me",
};

/// Words that are searched, key by key, in the copy of the log: the key, the search, and its list.
fn searches(state: &mut State, replica: &Replica) -> Samples {
    let foods = table().foods();
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal of cells");
    let mut values = Vec::new();
    let step = (foods.len() / SEARCHES).max(1);
    for food in foods.iter().step_by(step).take(SEARCHES) {
        update(state, Message::Key(Key::char('/')));
        for letter in food.name.chars().take(12) {
            let started = Instant::now();
            for effect in update(state, Message::Key(Key::char(letter))) {
                if let Effect::Search(text) = effect {
                    let entries = replica.search(OWNER, &text, 100).expect("rows");
                    let sub = "me".to_owned();
                    update(state, Message::Found { sub, text, entries });
                }
            }
            terminal
                .draw(|frame| view::draw(frame, black_box(state)))
                .expect("cells");
            values.push(started.elapsed());
        }
        update(state, Message::Key(Key::ctrl('u')));
        update(state, Message::Key(Key::new(Code::Esc)));
    }
    Samples::new("a key of the search → its list", "p95 ≤ 2 ms", values)
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
fn lines(state: &mut State) -> Samples {
    let foods = table().foods();
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal of cells");
    let mut values = Vec::new();
    let step = (foods.len() / SEARCHES).max(1);
    for food in foods.iter().step_by(step).take(SEARCHES) {
        update(state, Message::Key(Key::char('a')));
        for letter in food.name.chars().take(12) {
            let started = Instant::now();
            update(state, Message::Key(Key::char(letter)));
            terminal
                .draw(|frame| view::draw(frame, black_box(state)))
                .expect("cells");
            values.push(started.elapsed());
        }
        update(state, Message::Key(Key::ctrl('u')));
        update(state, Message::Key(Key::new(Code::Esc)));
    }
    Samples::new("a key of the quick line → its list", "p95 ≤ 2 ms", values)
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

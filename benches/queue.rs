//! What one more change costs while others wait: `cargo bench --bench queue`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench ends by panicking and reports by printing"
)]

#[path = "support/stats.rs"]
mod stats;

use std::time::{Duration, Instant};

use caltrack_client::outbox::{Listed, Outbox, OutboxOwner};
use caltrack_domain::{
    Entry, LogCommand, NewActivity,
    outbox::{Command, Row},
};
use caltrack_tui::app::{
    Account, Message, QueueChange, QueueCopy, Settings, Startup, State,
    input::keymap::Keymap,
    preferences::Preferences,
    shell::theme::{Theme, Themes},
    start, update,
};
use jiff::{Timestamp, ToSpan as _, Zoned};
use stats::Samples;

const CHANGES: usize = 200;
/// Days on which the entries are that wait.
const DAYS: usize = 365;

fn main() {
    println!("one more change, while others wait\n");
    stats::head();
    for waiting in [10, 1_000, 10_000] {
        for samples in changes(waiting) {
            samples.print();
        }
    }
}

/// A new entry, `number` days before today.
fn create(number: usize) -> Command {
    let now = Zoned::now();
    let ago = i64::try_from(number % DAYS).expect("a few days");
    Command::Log(LogCommand::Create(NewActivity::new(
        format!("5ed00000-0000-4000-8000-{number:012x}"),
        Entry {
            name: Some("lentil soup".to_owned()),
            ..Entry::new(now.date() - ago.days(), now.timestamp(), "Food", "Lunch", 650)
        },
    )))
}

/// Each change is saved and read as the screens do, then taken by them.
fn changes(waiting: usize) -> [Samples; 3] {
    let directory = tempfile::tempdir().expect("a directory");
    let mut outbox = Outbox::open(&directory.path().join("outbox.db"));
    let owner = OutboxOwner {
        profile: "local".to_owned(),
        sub: "me".to_owned(),
    };
    for numbers in (0..waiting).collect::<Vec<_>>().chunks(1_000) {
        let commands = numbers.iter().map(|number| create(*number)).collect();
        outbox
            .save(&owner, "many", commands, Timestamp::now())
            .expect("it is saved");
    }
    let mut state = screens();
    let (mut position, listed) = outbox.list_since(&owner, None);
    let mut queue = QueueCopy::default();
    if let Listed::Whole(listing) = listed {
        queue.queue = listing.queue();
    }
    let sub = owner.sub.clone();
    update(&mut state, Message::Queue { sub, queue });
    let (mut saved, mut read, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for number in waiting..waiting + CHANGES {
        let command = create(number * DAYS);
        saved.push(timed(|| {
            outbox
                .save(&owner, "one", vec![command], Timestamp::now())
                .expect("it is saved");
        }));
        let mut rows: Vec<Row> = Vec::new();
        read.push(timed(|| {
            let (next, listed) = outbox.list_since(&owner, Some(position));
            position = next;
            match listed {
                Listed::Changed(change) => rows = change.rows,
                Listed::Whole(listing) => rows = listing.rows,
            }
        }));
        let change = QueueChange {
            rows,
            ..QueueChange::default()
        };
        let sub = owner.sub.clone();
        taken.push(timed(|| {
            update(&mut state, Message::QueueChanged { sub, change });
        }));
    }
    let [to_save, to_read, to_take] = match waiting {
        10 => ["10 wait: saved", "10 wait: read", "10 wait: taken by the screens"],
        1_000 => [
            "1,000 wait: saved",
            "1,000 wait: read",
            "1,000 wait: taken by the screens",
        ],
        _ => [
            "10,000 wait: saved",
            "10,000 wait: read",
            "10,000 wait: taken by the screens",
        ],
    };
    [
        Samples::new(to_save, "–", saved),
        Samples::new(to_read, "as with 10", read),
        Samples::new(to_take, "as with 10", taken),
    ]
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

/// The screens of a signed-in user.
fn screens() -> State {
    let now: Zoned = Zoned::now();
    let startup = Startup {
        is_demo: false,
        themes: Themes::default(),
        is_ascii: false,
        display: caltrack_domain::Display::default(),
        keymap: Keymap::default(),
        size: (120, 40),
        theme: Theme::built_in(true),
        profile: "local".to_owned(),
        has_local_account: true,
        account: Some(Account {
            username: "me".to_owned(),
            sub: "me".to_owned(),
        }),
        day: None,
        categories_at: None,
        categories: Vec::new(),
        settings: Settings::without_profile(now.time_zone().clone()),
        preferences: Preferences::default(),
        seed: [7; 32],
        now,
    };
    start(startup).0
}

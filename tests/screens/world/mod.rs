//! The screens without a terminal: keys and answers in, requests and pictures out.
//!
//! Tests use the program through this module and its neighbours `entries`, `pool` and `regions` alone.

mod answers;
mod import;
mod mouse;
mod names;
mod outbox;
mod probe;
mod requests;
mod sync;

use caltrack_client::replica::Replica;
use caltrack_tui::app::{
    self, Connection, Effect, Message, Progress, Settings, Startup, State, preferences::Preferences,
    shell::theme::Theme, update,
};
use jiff::{Timestamp, civil::Date};
use ratatui::{Terminal, backend::TestBackend};

use self::outbox::Disk;
pub(crate) use self::{probe::Pending, requests::UNKNOWN};
pub(crate) use caltrack_tui::app::{Code, FailureKind, Key, Request};

use crate::{
    entries::{Entry, categories, now, totals},
    pool::account,
    regions::{Dialog, Picture},
};
use caltrack_domain::DailyTotals;

/// A day that is to be shown and kept current.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DayLoad {
    pub(crate) date: Date,
    /// Whether the backend is to be queried in any case.
    pub(crate) fresh: bool,
}

/// What the program knows when it starts; by default a fresh computer, with the backend in the box.
pub(crate) struct Setup(Startup);

impl Setup {
    pub(crate) fn new() -> Self {
        Self(Startup {
            is_demo: false,
            themes: caltrack_tui::app::shell::theme::Themes::default(),
            is_ascii: false,
            display: caltrack_domain::Display::default(),
            keymap: caltrack_tui::app::input::keymap::Keymap::default(),
            now: now(),
            size: (80, 24),
            theme: Theme::built_in(true),
            profile: "local".to_owned(),
            has_local_account: true,
            account: None,
            day: None,
            categories: Vec::new(),
            categories_at: None,
            settings: Settings::without_profile(now().time_zone().clone()),
            preferences: Preferences::default(),
            seed: [7; 32],
        })
    }

    pub(crate) fn signed_in(mut self, name: &str) -> Self {
        self.0.account = Some(account(name));
        self
    }

    pub(crate) fn preferring(mut self, preferences: Preferences) -> Self {
        self.0.preferences = preferences;
        self
    }

    /// Today was cached when the program last ran.
    pub(crate) fn remembering(mut self, entries: &[Entry], totals: &DailyTotals) -> Self {
        self.0.day = Some(sync::day(self.0.now.date(), entries, totals));
        self
    }

    /// The categories were cached, and fetched then.
    pub(crate) fn with_categories(mut self, fetched: Option<Timestamp>) -> Self {
        self.0.categories = categories();
        self.0.categories_at = fetched;
        self
    }

    /// A profile of a backend elsewhere.
    pub(crate) fn remote(mut self, profile: &str) -> Self {
        self.0.has_local_account = false;
        profile.clone_into(&mut self.0.profile);
        self
    }

    pub(crate) fn without_colours(self) -> Self {
        self.colours(false)
    }

    pub(crate) fn colours(mut self, color: bool) -> Self {
        self.0.theme = Theme::built_in(color);
        self
    }

    pub(crate) fn start(self) -> World {
        let (state, effects) = app::start(self.0);
        World {
            state,
            effects,
            replica: Replica::in_memory().unwrap(),
            disk: Disk::default(),
        }
    }
}

/// The screens, and the effects of the last message.
pub(crate) struct World {
    state: State,
    effects: Vec<Effect>,
    replica: Replica,
    disk: Disk,
}

/// Starting.
impl World {
    /// Signed in, live, everything loaded, the day empty.
    pub(crate) fn today() -> Self {
        Self::with(&[], &totals(0, 0, 0))
    }

    /// Signed in, live, everything loaded.
    pub(crate) fn with(entries: &[Entry], totals: &DailyTotals) -> Self {
        Setup::new().signed_in("alice").start().loaded(entries, totals)
    }

    /// The same world once it is live and everything is loaded.
    pub(crate) fn loaded(mut self, entries: &[Entry], totals: &DailyTotals) -> Self {
        self.answer_reads(entries, totals);
        self.live();
        self.effects.clear();
        self
    }
}

/// Keys and the terminal.
impl World {
    pub(crate) fn press(&mut self, key: Key) -> &mut Self {
        self.send(Message::Key(key))
    }

    pub(crate) fn hit(&mut self, code: Code) -> &mut Self {
        self.press(Key::new(code))
    }

    pub(crate) fn ctrl(&mut self, c: char) -> &mut Self {
        self.press(Key::ctrl(c))
    }

    pub(crate) fn enter(&mut self) -> &mut Self {
        self.hit(Code::Enter)
    }

    /// Types a text, key by key.
    pub(crate) fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.press(Key::char(c));
        }
        self
    }

    /// Replaces the text of the field that has the cursor.
    pub(crate) fn retype(&mut self, text: &str) -> &mut Self {
        self.ctrl('a').ctrl('k').type_in(text)
    }

    pub(crate) fn tabs(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            self.hit(Code::Tab);
        }
        self
    }

    /// Opens the command palette, types, and runs the command that it finds.
    pub(crate) fn command(&mut self, letters: &str) -> &mut Self {
        self.type_in(":").type_in(letters).enter()
    }

    /// Logs a line; returns the entry that is to be created.
    #[track_caller]
    pub(crate) fn log(&mut self, line: &str) -> (Request, Entry) {
        self.type_in("a").type_in(line).enter();
        self.created()
    }

    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Message::Paste(text.to_owned()))
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.send(Message::Resized { width, height })
    }

    pub(crate) fn terminate(&mut self) -> &mut Self {
        self.send(Message::Terminate)
    }
}

/// The clock and the connection.
impl World {
    /// It is that time now, such as `2026-11-24T00:00:00`, in UTC.
    pub(crate) fn clock(&mut self, time: &str) -> &mut Self {
        self.send(Message::Clock(format!("{time}+00:00[UTC]").parse().unwrap()))
    }

    pub(crate) fn connecting(&mut self) -> &mut Self {
        self.send(Message::Connection(Connection::Connecting))
    }

    pub(crate) fn live(&mut self) -> &mut Self {
        self.send(Message::Connection(Connection::Live))
    }

    pub(crate) fn polling(&mut self) -> &mut Self {
        self.send(Message::Connection(Connection::Polling))
    }

    pub(crate) fn offline(&mut self, reason: Option<&str>) -> &mut Self {
        let reason = reason.map(str::to_owned);
        self.send(Message::Connection(Connection::Offline { reason }))
    }

    /// The first sync is that far.
    pub(crate) fn syncing(&mut self, done: u64, total: u64) -> &mut Self {
        self.send(Message::SyncProgress(Some(Progress { done, total })))
    }

    pub(crate) fn notify(&mut self, text: &str) -> &mut Self {
        self.send(Message::Notice(text.to_owned()))
    }

    fn send(&mut self, message: Message) -> &mut Self {
        self.send_all([message])
    }

    /// Sends messages; the effects are those of all of them.
    pub(crate) fn send_all(&mut self, messages: impl IntoIterator<Item = Message>) -> &mut Self {
        self.effects.clear();
        for message in messages {
            self.tell(message);
        }
        self.take_orders();
        self
    }

    /// Sends a message; its effects add to the last ones.
    fn tell(&mut self, message: Message) {
        self.effects.extend(update(&mut self.state, message));
    }
}

/// What a user sees at 80×24.
impl World {
    /// Draws the state at a size; the terminal's size as the state knows it stays.
    pub(crate) fn picture(&self, width: u16, height: u16) -> Picture {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| caltrack_tui::view::draw(frame, &self.state))
            .unwrap();
        Picture::of(terminal.backend().buffer().clone())
    }

    fn seen(&self) -> Picture {
        self.picture(80, 24)
    }

    /// The picture, line by line.
    pub(crate) fn screen(&self, width: u16, height: u16) -> String {
        self.picture(width, height).to_string()
    }

    #[track_caller]
    pub(crate) fn header(&self) -> String {
        self.seen().header()
    }

    #[track_caller]
    pub(crate) fn day(&self) -> String {
        self.seen().day()
    }

    #[track_caller]
    pub(crate) fn badge(&self) -> String {
        self.seen().badge()
    }

    #[track_caller]
    pub(crate) fn totals(&self) -> String {
        self.seen().totals()
    }

    /// The figure behind a word of the totals.
    #[track_caller]
    pub(crate) fn total(&self, word: &str) -> String {
        self.seen().total(word)
    }

    /// How many entries the list's frame names.
    #[track_caller]
    pub(crate) fn count(&self) -> String {
        self.seen().count()
    }

    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<String> {
        self.seen().rows()
    }

    /// The headings and entries of the list.
    #[track_caller]
    pub(crate) fn list_of_day(&self) -> Vec<String> {
        self.seen().list_of_day()
    }

    /// The line that is marked, of an entry or a heading.
    #[track_caller]
    pub(crate) fn selected_line(&self) -> String {
        let marked = self.seen().marked();
        assert_eq!(marked.len(), 1, "{}", self.seen());
        marked[0].clone()
    }

    /// The entry that is marked.
    #[track_caller]
    pub(crate) fn selected(&self) -> String {
        let rows = self.rows();
        let marked: Vec<&str> = rows.iter().filter_map(|row| row.strip_prefix("> ")).collect();
        assert_eq!(marked.len(), 1, "{rows:?}");
        marked[0].to_owned()
    }

    /// The sentence in place of the rows.
    #[track_caller]
    pub(crate) fn placeholder(&self) -> String {
        self.seen().placeholder()
    }

    #[track_caller]
    pub(crate) fn notice(&self) -> String {
        self.seen().notice()
    }

    #[track_caller]
    pub(crate) fn footer(&self) -> String {
        self.seen().footer()
    }

    #[track_caller]
    pub(crate) fn dialog(&self) -> Dialog {
        self.seen()
            .dialog()
            .unwrap_or_else(|| panic!("no dialog:\n{}", self.seen()))
    }

    pub(crate) fn has_dialog(&self) -> bool {
        self.seen().dialog().is_some()
    }

    /// The lines that the start screen offers.
    #[track_caller]
    pub(crate) fn choices(&self) -> Vec<String> {
        self.seen().choices()
    }

    /// The sentence below the choices of the start screen.
    #[track_caller]
    pub(crate) fn start_message(&self) -> String {
        self.seen().start_message()
    }

    /// The text is nowhere on the screen.
    #[track_caller]
    pub(crate) fn hides(&mut self, text: &str) -> &mut Self {
        let screen = self.screen(80, 24);
        assert!(!screen.contains(text), "`{text}` is on the screen:\n{screen}");
        self
    }

    /// State and effects as a log would have them.
    pub(crate) fn debug(&self) -> String {
        format!("{:?} {:?}", self.state, self.effects)
    }
}

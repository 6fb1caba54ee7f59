//! What every feature may use: the clock, the terminal's size, keys, theme, notices, ids and request numbers.

mod ids;
pub mod theme;

use caltrack_domain::{DayClock, Display, Entry, LogCommand, NewActivity};
use jiff::{Zoned, civil::Date, tz::TimeZone};

use self::{
    ids::Ids,
    theme::{Theme, Themes},
};
use super::{input::keymap::Keymap, model::Request, preferences::Preferences};

/// The kind of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It reports something neutral.
    Info,
    /// It reports a success.
    Good,
    /// It reports a failure.
    Problem,
}

/// A line that the next key removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it reports, which decides its colour.
    pub tone: Tone,
    /// One or more sentences.
    pub text: String,
}

/// The environment of the features.
#[derive(Debug, Clone, PartialEq)]
pub struct Shell {
    /// The time, in the zone of `clock`.
    pub now: Zoned,
    /// The zone of the user's days and the time at which they begin.
    pub clock: DayClock,
    /// The computer's time zone.
    computer: TimeZone,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// How the screens look.
    pub theme: Theme,
    /// The themes that can be chosen.
    pub themes: Themes,
    /// Whether the terminal shows ASCII alone.
    pub is_ascii: bool,
    /// How the screens show things.
    pub display: Display,
    /// What the user prefers to see.
    pub preferences: Preferences,
    /// What the keys do.
    pub keymap: Keymap,
    /// The name of the profile in use.
    pub profile: String,
    /// Whether the log is invented, and thrown away when the screens are closed.
    pub is_demo: bool,
    /// Whether the profile has an account on this computer.
    pub has_local_account: bool,
    /// A line that the next key removes.
    pub notice: Option<Notice>,
    ids: Ids,
    requests: u64,
}

impl Shell {
    /// An environment at a moment. Ids follow from `seed` and the time.
    pub(super) fn new(
        now: Zoned,
        size: (u16, u16),
        theme: Theme,
        (profile, has_local_account): (String, bool),
        seed: [u8; 32],
    ) -> Self {
        Self {
            clock: DayClock::at_midnight(now.time_zone().clone()),
            computer: now.time_zone().clone(),
            now,
            size,
            theme,
            themes: Themes::default(),
            is_ascii: false,
            display: Display::default(),
            preferences: Preferences::default(),
            keymap: Keymap::default(),
            profile,
            is_demo: false,
            has_local_account,
            notice: None,
            ids: Ids::new(seed),
            requests: 0,
        }
    }

    /// Shows the screens in the theme of `display`; returns a sentence about an unknown name.
    pub(super) fn apply_theme(&mut self) -> Option<String> {
        let (theme, problem) = self.themes.get_or_default(&self.display.theme);
        self.theme = theme;
        problem
    }

    /// The user's day.
    pub fn today(&self) -> Date {
        self.clock.day_of(self.now.timestamp())
    }

    /// Takes the time in the computer's zone.
    pub(super) fn set_time(&mut self, now: &Zoned) {
        self.computer = now.time_zone().clone();
        self.now = now.with_time_zone(self.clock.zone().clone());
    }

    /// Takes the clock of a user.
    pub(super) fn set_clock(&mut self, clock: DayClock) {
        self.now = self.now.with_time_zone(clock.zone().clone());
        self.clock = clock;
    }

    /// Sets the clock back to the computer's zone and midnight, for the next user.
    pub(super) fn reset_clock(&mut self) {
        self.set_clock(DayClock::at_midnight(self.computer.clone()));
    }

    /// The number of the next effect.
    pub(super) fn request(&mut self) -> Request {
        self.requests += 1;
        Request(self.requests)
    }

    /// The id of the next entry.
    pub(super) fn new_id(&mut self) -> String {
        self.ids.mint(self.now.timestamp())
    }

    /// The ids of further entries of a step whose first one was minted at a moment: they sort behind it, in order.
    pub(super) fn ids_after(&mut self, first: jiff::Timestamp, count: usize) -> Vec<String> {
        let later = (1..).map(jiff::SignedDuration::from_millis).take(count);
        later
            .map(|after| self.ids.mint(first.saturating_add(after).unwrap_or(first)))
            .collect()
    }

    /// Entries under new ids, in their order.
    pub(super) fn creating(&mut self, entries: Vec<Entry>) -> Vec<LogCommand> {
        let Some(others) = entries.len().checked_sub(1) else {
            return Vec::new();
        };
        let first = self.new_id();
        let ids = std::iter::once(first).chain(self.ids_after(self.now.timestamp(), others));
        let each = entries.into_iter().zip(ids);
        each.map(|(entry, id)| LogCommand::Create(NewActivity::new(id, entry)))
            .collect()
    }

    pub(super) fn notify(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice {
            tone,
            text: text.into(),
        });
    }
}

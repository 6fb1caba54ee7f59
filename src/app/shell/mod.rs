//! What every feature may use: the clock, the terminal's size, keys, theme, notices, ids and request numbers.

mod ids;
pub mod theme;

use jiff::Zoned;

use self::{ids::Ids, theme::Theme};
use super::{input::keymap::Keymap, model::Request};

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
    /// The time, in the user's time zone.
    pub now: Zoned,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// How the screens look.
    pub theme: Theme,
    /// What the keys do.
    pub keymap: Keymap,
    /// The name of the profile in use.
    pub profile: String,
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
            now,
            size,
            theme,
            keymap: Keymap::default(),
            profile,
            has_local_account,
            notice: None,
            ids: Ids::new(seed),
            requests: 0,
        }
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

    pub(super) fn notify(&mut self, tone: Tone, text: impl Into<String>) {
        self.notice = Some(Notice {
            tone,
            text: text.into(),
        });
    }
}

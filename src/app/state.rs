//! The whole state of the screens.

use caltrack_domain::Category;
use jiff::Zoned;

use super::{Account, Connection, Day, Effect, Target};

/// What the runtime knows before the first frame, without asking any backend.
#[derive(Debug, Clone, PartialEq)]
pub struct Startup {
    /// Now, in the user's time zone.
    pub now: Zoned,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// Whether colours may be used (not under `NO_COLOR`).
    pub color: bool,
    /// The profile's name.
    pub profile: String,
    /// Whether the profile carries the backend in the box, and so an account on this computer.
    pub starts_here: bool,
    /// Who was signed in when the program last ended.
    pub account: Option<Account>,
    /// The day of `now` as last seen by that account.
    pub day: Option<Day>,
    /// The categories as last seen.
    pub categories: Vec<Category>,
    /// The target as last seen.
    pub target: Option<Target>,
    /// Fresh random bytes: the ids of new entries follow from them and the time.
    pub seed: [u8; 32],
}

/// The whole state of the screens.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Now, in the user's time zone.
    pub now: Zoned,
    /// The terminal's columns and rows.
    pub size: (u16, u16),
    /// Who is signed in.
    pub account: Option<Account>,
    /// The badge.
    pub connection: Connection,
}

impl State {
    /// The state of the first frame, and the first effects.
    pub fn new(startup: Startup) -> (Self, Vec<Effect>) {
        let state = Self {
            now: startup.now,
            size: startup.size,
            account: startup.account,
            connection: Connection::Connecting,
        };
        (state, Vec::new())
    }
}

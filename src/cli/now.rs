//! The present moment of a command, on the user's clock.

use caltrack_domain::DayClock;
use jiff::{Timestamp, civil::Date};

use crate::runtime::time_zone;

/// A moment on the user's clock.
#[derive(Debug, Clone)]
pub(super) struct Now {
    pub(super) clock: DayClock,
    pub(super) moment: Timestamp,
}

impl Now {
    /// The present moment on the computer's clock, by which arguments are checked before the profile is known.
    pub(super) fn on_this_computer() -> Self {
        Self {
            clock: DayClock::at_midnight(time_zone::system()),
            moment: Timestamp::now(),
        }
    }

    /// The user's day.
    pub(super) fn today(&self) -> Date {
        self.clock.day_of(self.moment)
    }
}

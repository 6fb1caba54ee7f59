//! What follows from a user's profile: days and targets.

use caltrack_domain::{DayClock, Profile, Targets};
use jiff::{Timestamp, civil::Time, tz::TimeZone};

use super::time_zone;
pub(crate) use crate::app::Settings;

impl Settings {
    /// The settings of a profile at a moment; the defaults without one. A zone or a time that this computer doesn't know, as other
    /// programs may write them, is replaced by the computer's zone and midnight.
    pub(crate) fn of(profile: Option<&Profile>, now: Timestamp) -> Self {
        let Some(profile) = profile else {
            return Self::without_profile(time_zone::system());
        };
        let clock = Self::clock(profile.time_zone.as_deref(), profile.day_starts_at.as_deref());
        let today = clock.day_of(now);
        Self {
            profile: Some(profile.clone()),
            clock,
            targets: Targets::of_profile(profile.targets.clone(), profile.target, today),
            count_exercise: profile.count_exercise,
        }
    }

    /// The clock of these members of a profile.
    pub(crate) fn clock(time_zone: Option<&str>, day_starts_at: Option<&str>) -> DayClock {
        DayClock::new(zone(time_zone), day_start(day_starts_at))
    }
}

fn zone(name: Option<&str>) -> TimeZone {
    let Some(name) = name else {
        return time_zone::system();
    };
    time_zone::named(name).unwrap_or_else(|error| {
        tracing::warn!(%error, "the profile's time zone is unknown here; days follow the computer's");
        time_zone::system()
    })
}

fn day_start(text: Option<&str>) -> Time {
    let Some(text) = text else {
        return Time::midnight();
    };
    caltrack_domain::parse_time(text).unwrap_or_else(|error| {
        tracing::warn!(%error, "the profile's beginning of the day is invalid; days begin at midnight");
        Time::midnight()
    })
}

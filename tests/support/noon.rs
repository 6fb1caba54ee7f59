//! A time zone where it is about noon now, so that no test runs across midnight.

use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

/// The same for all programs of a test.
static ZONE: LazyLock<String> = LazyLock::new(noon);

/// A value of `TZ` (POSIX.1-2017, 8.3): the tests began there between 12:00 and 13:00.
pub(crate) fn zone() -> &'static str {
    &ZONE
}

fn noon() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock")
        .as_secs();
    let hour = i64::try_from(seconds / 3600 % 24).expect("an hour of the day");
    // POSIX counts hours west of Greenwich: local time is UTC less the offset.
    format!("<noon>{}", hour - 12)
}

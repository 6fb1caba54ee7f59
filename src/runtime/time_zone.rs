//! Time zones by their IANA names, and the computer's.
//!
//! `jiff` lists all of the system's zone files before it looks up the first name, which is a tenth of the time until the first
//! frame. A zone's file can be opened by its name alone. In every other case, `jiff` is asked.

use std::{fs, path::Path};

use jiff::tz::TimeZone;

/// Where Unix systems keep the zone files, each under its zone's name.
const ZONES: &str = "/usr/share/zoneinfo";
/// A link to the file of the computer's zone.
const LOCAL_TIME: &str = "/etc/localtime";
/// The environment variables that decide instead of those files.
const VARIABLES: [&str; 2] = ["TZ", "TZDIR"];

/// The computer's time zone.
pub(crate) fn system() -> TimeZone {
    linked().unwrap_or_else(TimeZone::system)
}

/// The time zone of this name.
///
/// # Errors
///
/// If this computer has no zone of this name.
pub(crate) fn named(name: &str) -> Result<TimeZone, jiff::Error> {
    opened(name).map_or_else(|| TimeZone::get(name), Ok)
}

fn linked() -> Option<TimeZone> {
    let target = fs::read_link(LOCAL_TIME).ok()?;
    opened(target.strip_prefix(ZONES).ok()?.to_str()?)
}

fn opened(name: &str) -> Option<TimeZone> {
    let is_decided_elsewhere = VARIABLES
        .iter()
        .any(|variable| std::env::var_os(variable).is_some());
    if is_decided_elsewhere || !is_plain(name) {
        return None;
    }
    TimeZone::tzif(name, &fs::read(Path::new(ZONES).join(name)).ok()?).ok()
}

/// Whether this can be an IANA name and no other path: letters, digits, `+`, `-` and `_`, parted by slashes.
fn is_plain(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+-_".contains(letter);
    name.split('/')
        .all(|part| !part.is_empty() && part.chars().all(is_letter))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Europe/Berlin")]
    #[case("America/Argentina/Buenos_Aires")]
    #[case("Etc/GMT+5")]
    #[case("UTC")]
    fn a_zone_of_a_file_has_the_offsets_of_jiffs(#[case] name: &str) {
        let (ours, theirs) = (named(name).unwrap(), TimeZone::get(name).unwrap());
        assert_eq!(ours.iana_name(), theirs.iana_name());
        for month in 1..=12 {
            let moment = date(2026, month, 20).at(12, 0, 0, 0);
            assert_eq!(
                moment.to_zoned(ours.clone()).unwrap().timestamp(),
                moment.to_zoned(theirs.clone()).unwrap().timestamp()
            );
        }
    }

    #[test]
    fn the_computers_zone_is_that_of_jiff() {
        let now = jiff::Timestamp::now();
        assert_eq!(system().to_offset(now), TimeZone::system().to_offset(now));
    }

    #[rstest]
    #[case("../../../etc/passwd")]
    #[case("/etc/passwd")]
    #[case("Europe//Berlin")]
    #[case("")]
    #[case("Europe/Atlantis")]
    fn a_name_that_is_no_zone_is_an_error(#[case] name: &str) {
        assert!(named(name).is_err());
    }
}

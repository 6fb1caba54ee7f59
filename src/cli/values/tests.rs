use caltrack_domain::DayClock;
use jiff::{civil::time, tz::TimeZone};

use super::*;

/// A moment in Berlin, where days begin at `hour`.
fn berlin(moment: &str, hour: i8) -> Now {
    Now {
        clock: DayClock::new(TimeZone::get("Europe/Berlin").unwrap(), time(hour, 0, 0, 0)),
        moment: moment.parse().unwrap(),
    }
}

#[test]
fn an_entry_of_another_day_has_the_present_time_of_day() {
    let read = |date: Option<&str>, at: Option<&str>| {
        let given = MomentArguments {
            date: date.map(str::to_owned),
            at: at.map(str::to_owned),
        };
        moment(&given, &berlin("2026-11-23T11:00:00Z", 0)).map(|(date, moment)| format!("{date} {moment}"))
    };
    assert_eq!(read(None, None).unwrap(), "2026-11-23 2026-11-23T11:00:00Z");
    assert_eq!(
        read(Some("-1d"), None).unwrap(),
        "2026-11-22 2026-11-22T11:00:00Z"
    );
    assert_eq!(
        read(Some("2026-07-01"), Some("07:30")).unwrap(),
        "2026-07-01 2026-07-01T05:30:00Z"
    );
    assert!(read(Some("2026-02-30"), None).is_err());
    assert!(read(None, Some("25:00")).is_err());
}

/// 01:30 of the 24th, which belongs to the 23rd.
#[test]
fn an_entry_of_the_night_counts_for_the_day_before() {
    let read = |date: Option<&str>, at: Option<&str>| {
        let given = MomentArguments {
            date: date.map(str::to_owned),
            at: at.map(str::to_owned),
        };
        let (date, moment) = moment(&given, &berlin("2026-11-24T00:30:00Z", 4)).unwrap();
        format!("{date} {moment}")
    };
    assert_eq!(read(None, None), "2026-11-23 2026-11-24T00:30:00Z");
    assert_eq!(read(Some("yesterday"), None), "2026-11-22 2026-11-23T00:30:00Z");
    assert_eq!(read(None, Some("23:00")), "2026-11-23 2026-11-23T22:00:00Z");
    assert_eq!(
        read(Some("-1d"), Some("01:00")),
        "2026-11-22 2026-11-23T00:00:00Z"
    );
}

#[test]
fn ids_quantities_and_texts_are_checked() {
    assert!(own_id("x").is_err());
    assert_eq!(
        own_id("0192D4E0-7B3A-7C1E-9F00-000000000000")
            .unwrap()
            .to_string(),
        "0192d4e0-7b3a-7c1e-9f00-000000000000"
    );
    for id in [
        "0192D4E0-7B3A-7C1E-9F00-000000000000",
        " 0192d4e0-7b3a-7c1e-9f00-000000000000\n",
        "urn:uuid:0192d4e0-7b3a-7c1e-9f00-000000000000",
        "{0192d4e0-7b3a-7c1e-9f00-000000000000}",
    ] {
        assert_eq!(entry_id(id), "0192d4e0-7b3a-7c1e-9f00-000000000000");
    }
    assert_eq!(entry_id(" Entry-7 "), "Entry-7");
    assert_eq!(quantity("1.5").unwrap(), Some(1.5));
    assert_eq!(quantity("").unwrap(), None);
    assert_eq!(grams("12,5 g").unwrap(), Some(Grams::from_tenths(125)));
    assert_eq!((grams(" ").unwrap(), unit("").unwrap()), (None, None));
    assert!(grams("-1").is_err() && unit("\u{1b}[31m").is_err());
    for bad in ["0", "-1", "NaN", "inf", "much", "1e9"] {
        assert!(quantity(bad).is_err(), "{bad}");
    }
    assert!(name("\u{1b}[31mred").is_err());
    assert_eq!(name("שלום 🍕").unwrap().as_deref(), Some("שלום 🍕"));
}

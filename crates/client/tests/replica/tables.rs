//! The indexes of the replica, which changes maintain one by one, against the entries themselves.

use std::collections::BTreeMap;

use caltrack_client::replica::{Change, Listing, NameUse, Owner, Replica};
use caltrack_domain::{Activity, ChangeKind, Entry};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use proptest::prelude::*;

use crate::model::{Copy, Model, OWNER};

const LAST: Date = jiff::civil::date(2026, 11, 23);

/// A change of one of a few entries on a few days.
#[derive(Debug, Clone)]
enum Step {
    Put(Activity),
    Delete(Activity),
    /// A list of the day, with these entries alone.
    List(Date, Vec<Activity>),
}

fn activity() -> impl Strategy<Value = Activity> {
    let name = prop::option::of(prop::sample::select(vec![
        "soup",
        "Soup",
        "rye bread",
        "käse",
        "面包",
    ]));
    (0..8_u8, 1..4_u32, 0..3_i64, 0..48_i64, name, any::<bool>()).prop_map(
        |(id, rev, back, half_hours, name, noted)| {
            let date = LAST - back.days();
            let midnight = date.at(0, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
            Activity {
                id: format!("id-{id}"),
                owner: OWNER.sub.to_owned(),
                entry: Entry {
                    name: name.map(str::to_owned),
                    note: noted.then(|| "with Brötchen".to_owned()),
                    ..Entry::new(date, midnight + (30 * half_hours).minutes(), "Food", "Lunch", 650)
                },
                rev,
            }
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => activity().prop_map(Step::Put),
        1 => activity().prop_map(Step::Delete),
        2 => (0..3_i64, prop::collection::vec(activity(), 0..5)).prop_map(|(back, mut list)| {
            let date = LAST - back.days();
            for (at, entry) in list.iter_mut().enumerate() {
                entry.id = format!("id-{at}");
                entry.entry.date = date;
            }
            Step::List(date, list)
        }),
    ]
}

fn take(copy: &mut impl Copy, step: Step, now: Timestamp) {
    match step {
        Step::Put(activity) => drop(copy.apply(vec![Change::Entry(ChangeKind::Updated, activity)], now)),
        Step::Delete(activity) => drop(copy.apply(vec![Change::Entry(ChangeKind::Deleted, activity)], now)),
        Step::List(date, entries) => {
            let listing = Listing {
                date,
                entries,
                totals: None,
                sent: now,
                is_last: false,
            };
            copy.store_lists(vec![listing], now);
        }
    }
}

fn days() -> impl Iterator<Item = Date> {
    (0..3_i64).map(|back| LAST - back.days())
}

/// The index of names, from the entries alone.
fn names(entries: &[Activity]) -> BTreeMap<String, NameUse> {
    let mut names: BTreeMap<String, NameUse> = BTreeMap::new();
    for Activity { entry, .. } in entries {
        let Some(name) = &entry.name else { continue };
        let counted = names.entry(name.clone()).or_insert(NameUse {
            name: name.clone(),
            uses: 0,
            last: Timestamp::MIN,
            hours: [0; 24],
            weekdays: [0; 7],
        });
        counted.uses += 1;
        counted.last = counted.last.max(entry.moment);
        let hour = entry.moment.to_zoned(TimeZone::UTC).hour();
        counted.hours[usize::try_from(hour).unwrap()] += 1;
        let weekday = entry.date.weekday().to_monday_zero_offset();
        counted.weekdays[usize::try_from(weekday).unwrap()] += 1;
    }
    names
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tables_and_indexes_follow_every_change(steps in prop::collection::vec((step(), 0..40_i64), 0..40)) {
        let mut replica = Replica::in_memory().unwrap();
        let mut model = Model::default();
        let mut now = Timestamp::from_second(1_795_000_000).unwrap();
        for (step, pause) in steps {
            now += pause.seconds();
            take(&mut replica, step.clone(), now);
            take(&mut model, step, now);
        }
        let mut all = Vec::new();
        for date in days() {
            let entries = Copy::entries(&replica, date);
            prop_assert_eq!(&entries, &model.entries(date));
            prop_assert_eq!(Copy::state(&replica, date), model.state(date));
            all.extend(entries);
        }
        let indexed = crate::model::names(&replica, OWNER).into_iter();
        let indexed: BTreeMap<String, NameUse> = indexed.map(|name| (name.name.clone(), name)).collect();
        prop_assert_eq!(indexed, names(&all));
        for (text, expected) in [
            ("SO", all.iter().filter(|entry| is_named(entry, &["soup", "Soup"])).count()),
            ("kase", all.iter().filter(|entry| is_named(entry, &["käse"])).count()),
            ("bread r", all.iter().filter(|entry| is_named(entry, &["rye bread"])).count()),
            ("面", all.iter().filter(|entry| is_named(entry, &["面包"])).count()),
            ("brot", all.iter().filter(|entry| entry.entry.note.is_some()).count()),
            ("lun", all.len()),
            ("nothing", 0),
            ("", 0),
        ] {
            let found = replica.search(OWNER, text, 100).unwrap();
            prop_assert_eq!(found.len(), expected, "{}: {:?}", text, found);
            let moments: Vec<Timestamp> = found.iter().map(|found| found.entry.moment).collect();
            prop_assert!(moments.is_sorted_by(|a, b| a >= b), "the newest come first: {:?}", moments);
        }
    }
}

fn is_named(entry: &Activity, names: &[&str]) -> bool {
    entry
        .entry
        .name
        .as_deref()
        .is_some_and(|name| names.contains(&name))
}

#[test]
fn a_search_returns_the_newest_entries_of_its_owner() {
    let mut replica = Replica::in_memory().unwrap();
    let now = Timestamp::from_second(1_795_000_000).unwrap();
    let other = Owner {
        sub: "sub-eve",
        ..OWNER
    };
    for (owner, count) in [(other, 50), (OWNER, 20)] {
        let changes = (0..count).map(|n| {
            let mut soup = crate::cloud::entry(&format!("{n}"), 1, LAST, 1);
            soup.owner = owner.sub.to_owned();
            soup.entry.moment += i64::from(n).seconds();
            soup.entry.name = Some("\"soup\" OR -x*".to_owned());
            Change::Entry(ChangeKind::Created, soup)
        });
        replica.apply(owner, changes.collect(), now).unwrap();
    }
    let found = replica.search(OWNER, "sou", 3).unwrap();
    let ids: Vec<&str> = found.iter().map(|found| found.id.as_str()).collect();
    assert_eq!(ids, ["19", "18", "17"]);
    assert!(found.iter().all(|found| found.owner == OWNER.sub));
    for text in ["\"", "soup\" OR", "-x*", "NEAR(", "a:b", "soup^"] {
        replica.search(OWNER, text, 3).unwrap();
    }
    let stranger = Owner {
        profile: "work",
        ..OWNER
    };
    assert_eq!(replica.search(stranger, "soup", 3).unwrap(), []);
}

#[test]
fn entries_of_one_moment_all_have_a_row() {
    let mut replica = Replica::in_memory().unwrap();
    let now = Timestamp::from_second(1_795_000_000).unwrap();
    let changes = (0..17_000).map(|n| {
        Change::Entry(
            ChangeKind::Created,
            crate::cloud::entry(&n.to_string(), 1, LAST, 1),
        )
    });
    replica.apply(OWNER, changes.collect(), now).unwrap();
    assert_eq!(Copy::entries(&replica, LAST).len(), 17_000);
}

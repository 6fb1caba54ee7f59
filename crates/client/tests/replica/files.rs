//! The replica's file: it survives restarts, separates users, and is rebuilt by `forget`.

use std::{fs, path::Path};

use caltrack_client::replica::{Change, CopyState, Listing, Owner, Proof, Replica};
use caltrack_domain::{Activity, Category, ChangeKind, DailyTotals};
use jiff::{Timestamp, civil::Date};

use crate::{
    cloud::entry,
    model::{Copy as _, OWNER, names},
};

const DAY: Date = jiff::civil::date(2026, 11, 23);
const EVE: Owner<'_> = Owner {
    sub: "sub-eve",
    ..OWNER
};

fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

fn open(directory: &Path) -> Replica {
    let opened = Replica::open(&directory.join("cache.db")).unwrap();
    assert_eq!(opened.notice, None);
    opened.replica
}

fn named(id: &str, owner: Owner<'_>, name: &str) -> Activity {
    let mut activity = entry(id, 1, DAY, 650);
    owner.sub.clone_into(&mut activity.owner);
    activity.entry.name = Some(name.to_owned());
    activity.entry.note = Some(format!("a note on {name}"));
    activity
}

fn log(replica: &mut Replica, owner: Owner<'_>, activities: &[Activity]) {
    let changes = activities.iter().cloned();
    let changes = changes.map(|activity| Change::Entry(ChangeKind::Created, activity));
    replica.apply(owner, changes.collect(), now()).unwrap();
}

#[test]
fn a_second_user_of_the_profile_sees_nothing_of_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let mut replica = open(directory.path());
    log(&mut replica, OWNER, &[named("a", OWNER, "goulash")]);
    let categories = [Category {
        name: "Food".to_owned(),
        types: vec!["Lunch".to_owned()],
    }];
    replica.save_categories(OWNER, &categories, now()).unwrap();
    for stranger in [
        EVE,
        Owner {
            profile: "work",
            ..OWNER
        },
    ] {
        assert_eq!(replica.day(stranger, DAY).unwrap(), None);
        assert_eq!(replica.summary(stranger, DAY).unwrap(), None);
        assert_eq!(replica.search(stranger, "goulash", 9).unwrap(), []);
        assert_eq!(names(&replica, stranger), []);
        assert_eq!(replica.unsettled(stranger).unwrap(), []);
        assert_eq!(replica.categories(stranger).unwrap(), None);
    }
    // The same id is another entry of another user.
    log(&mut replica, EVE, &[named("a", EVE, "tea")]);
    let change = Change::Entry(ChangeKind::Deleted, named("a", EVE, "tea"));
    replica.apply(EVE, vec![change], now()).unwrap();
    drop(replica);
    let replica = open(directory.path());
    assert_eq!(replica.entries(DAY), [named("a", OWNER, "goulash")]);
    assert_eq!(replica.search(OWNER, "goulash", 9).unwrap().len(), 1);
}

/// What the files of the directory contain, as bytes.
fn contains(directory: &Path, text: &str) -> bool {
    fs::read_dir(directory).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_forgotten_user_leaves_no_bytes_in_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let mut replica = open(directory.path());
    let secrets: Vec<Activity> = (0..500)
        .map(|n| named(&format!("ada-entry-{n}"), OWNER, &format!("zucchini{n} pancake")))
        .collect();
    log(&mut replica, OWNER, &secrets);
    log(&mut replica, EVE, &[named("eve-entry", EVE, "teatime")]);
    replica.save_profile(OWNER, None).unwrap();
    let deleted = Change::Entry(ChangeKind::Deleted, secrets[0].clone());
    replica.apply(OWNER, vec![deleted], now()).unwrap();
    let traces = ["ada-entry-7", "zucchini7", "ucchini", "pancake", OWNER.sub];
    assert!(traces.iter().any(|text| contains(directory.path(), text)));
    replica.forget(OWNER.profile, Some(OWNER.sub)).unwrap();
    for text in traces {
        assert!(!contains(directory.path(), text), "`{text}` is left");
    }
    assert_eq!(replica.entries(DAY), []);
    assert_eq!(names(&replica, OWNER), []);
    assert!(contains(directory.path(), "eve-entry"));
    assert_eq!(replica.search(EVE, "teatime", 9).unwrap().len(), 1);
    // A user without rows can be forgotten too.
    replica.forget("work", Some(EVE.sub)).unwrap();
    assert_eq!(replica.search(EVE, "teatime", 9).unwrap().len(), 1);
    replica.forget(EVE.profile, None).unwrap();
    assert!(!contains(directory.path(), "eve-entry"));
}

#[test]
fn files_that_were_set_aside_are_forgotten_with_the_user() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cache.db");
    for number in 1..3 {
        let mut replica = open(directory.path());
        log(&mut replica, OWNER, &[named("a", OWNER, "zucchini pancake")]);
        drop(replica);
        // Its header is damaged.
        let mut bytes = fs::read(&path).unwrap();
        bytes[..16].fill(b'x');
        fs::write(&path, bytes).unwrap();
        assert!(Replica::open(&path).unwrap().notice.is_some());
        let aside = format!("cache.db.set-aside-{number}");
        assert!(directory.path().join(aside).exists());
    }
    fs::write(directory.path().join("cache.db.other"), "another file").unwrap();
    assert!(contains(directory.path(), "pancake"));
    let mut replica = open(directory.path());
    replica.forget(OWNER.profile, Some(OWNER.sub)).unwrap();
    assert!(!contains(directory.path(), "pancake"));
    assert!(!contains(directory.path(), OWNER.sub));
    assert!(contains(directory.path(), "another file"));
}

#[test]
fn two_programs_share_one_replica() {
    let directory = tempfile::tempdir().unwrap();
    let (mut one, mut two) = (open(directory.path()), open(directory.path()));
    log(&mut one, OWNER, &[named("a", OWNER, "soup")]);
    log(&mut two, OWNER, &[named("b", OWNER, "soup")]);
    for replica in [&one, &two] {
        assert_eq!(replica.entries(DAY).len(), 2);
        assert_eq!(names(replica, OWNER)[0].uses, 2);
    }
}

#[test]
fn entries_are_read_as_they_were_stored() {
    let mut replica = Replica::in_memory().unwrap();
    let stored = Activity {
        rev: 7,
        entry: caltrack_domain::Entry {
            name: Some("soup \u{1f35c}".to_owned()),
            quantity: Some(1.5),
            moment: "2026-11-23T07:30:00.123Z".parse().unwrap(),
            ..entry("a", 1, DAY, 650).entry
        },
        ..entry("a", 1, DAY, 650)
    };
    log(&mut replica, OWNER, std::slice::from_ref(&stored));
    assert_eq!(replica.entries(DAY), [stored]);
}

#[test]
fn the_cache_of_earlier_versions_is_migrated_with_its_days() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cache.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("format_1.sql")).unwrap();
    drop(old);
    for _ in 0..2 {
        let replica = open(directory.path());
        let day = replica.day(OWNER, DAY).unwrap().unwrap();
        let names: Vec<_> = day
            .entries
            .iter()
            .map(|entry| entry.entry.name.as_deref())
            .collect();
        assert_eq!(names, [None, Some("soup")]);
        let totals = day.totals.unwrap();
        assert_eq!(
            (
                totals.calories_consumed,
                totals.calories_burned,
                totals.version,
                totals.weight
            ),
            (1_300, 0, 3, Some(70.5))
        );
        assert_eq!(day.state, CopyState::Differs, "it is fetched once for its digest");
        assert_eq!(replica.unsettled(OWNER).unwrap().len(), 1);
        assert_eq!(replica.search(OWNER, "soup", 9).unwrap().len(), 1);
        assert_eq!(crate::model::names(&replica, OWNER).len(), 1);
        let (categories, _) = replica.categories(OWNER).unwrap().unwrap();
        assert_eq!(categories[0].name, "Food");
        assert_eq!(replica.day(EVE, DAY).unwrap(), None, "a damaged row is left out");
    }
}

/// Users had one search index in common.
#[test]
fn the_replica_of_format_2_gets_an_index_for_each_user() {
    let directory = tempfile::tempdir().unwrap();
    let old = rusqlite::Connection::open(directory.path().join("cache.db")).unwrap();
    old.execute_batch(include_str!("format_2.sql")).unwrap();
    drop(old);
    for _ in 0..2 {
        let replica = open(directory.path());
        assert_eq!(replica.entries(DAY).len(), 2);
        for (owner, text, found) in [(OWNER, "soup", "b"), (OWNER, "zucchini", "b"), (EVE, "soup", "a")] {
            let entries = replica.search(owner, text, 9).unwrap();
            let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
            assert_eq!(ids, [found], "{text} of {}", owner.sub);
        }
        assert_eq!(replica.search(EVE, "zucchini", 9).unwrap(), []);
    }
    // The index that is new follows changes.
    let mut replica = open(directory.path());
    let before = replica.entries(DAY).pop().unwrap();
    let change = Change::Entry(ChangeKind::Deleted, before);
    replica.apply(OWNER, vec![change], now()).unwrap();
    assert_eq!(replica.search(OWNER, "soup", 9).unwrap(), []);
    assert_eq!(replica.search(EVE, "soup", 9).unwrap().len(), 1);
    replica.forget(OWNER.profile, Some(OWNER.sub)).unwrap();
    assert!(!contains(directory.path(), "zucchini"));
    assert_eq!(replica.search(EVE, "soup", 9).unwrap().len(), 1);
}

/// Deleted totals are in no list, though the day has entries.
#[test]
fn a_day_whose_totals_its_user_deleted_is_fetched_once_and_not_named() {
    let mut replica = Replica::in_memory().unwrap();
    let lunch = entry("a", 1, DAY, 650);
    let listing = |totals| Listing {
        date: DAY,
        entries: vec![lunch.clone()],
        totals: Some(totals),
        sent: now(),
        is_last: false,
    };
    let proof = Proof::of([&lunch]);
    let totals = DailyTotals {
        version: 4,
        entries: Some(proof.entries),
        digest: Some(proof.digest),
        ..DailyTotals::empty(DAY)
    };
    replica.store_lists(OWNER, vec![listing(totals)], now()).unwrap();
    assert_eq!(replica.state(DAY), CopyState::Complete);
    let absent = |replica: &mut Replica| {
        replica
            .store_totals(OWNER, Vec::new(), (None, None), now())
            .unwrap();
        replica.unsettled(OWNER).unwrap().len()
    };
    assert_eq!(absent(&mut replica), 1);
    let day = listing(DailyTotals::empty(DAY));
    replica.store_lists(OWNER, vec![day], now()).unwrap();
    assert_eq!(replica.state(DAY), CopyState::Unproven);
    assert_eq!(absent(&mut replica), 0, "nothing is fetched again");
    assert_eq!(replica.unverified(OWNER).unwrap(), []);
    assert_eq!(replica.entries(DAY), [lunch]);
}

#[test]
fn days_that_cannot_be_verified_are_named() {
    let mut replica = Replica::in_memory().unwrap();
    let totals = DailyTotals {
        version: 4,
        entries: Some(2),
        digest: Some(1),
        ..DailyTotals::empty(DAY)
    };
    let listing = Listing {
        date: DAY,
        entries: vec![entry("a", 1, DAY, 650)],
        totals: Some(totals.clone()),
        sent: now(),
        is_last: true,
    };
    replica.store_lists(OWNER, vec![listing], now()).unwrap();
    assert_eq!(replica.unverified(OWNER).unwrap(), [DAY]);
    assert_eq!(replica.entries(DAY).len(), 1);
    let newer = Change::Totals(DailyTotals { version: 5, ..totals });
    replica.apply(OWNER, vec![newer], now()).unwrap();
    assert_eq!(replica.unverified(OWNER).unwrap(), []);
}

use std::{fs, path::Path};

use caltrack_domain::{
    Activity, Entry, LogCommand, NewActivity,
    outbox::{Answer, Command, Known, Outcome, Reason, ReasonKind, SavedChange, Stored, Undo},
};
use jiff::{Timestamp, civil::date};

use super::*;

mod damage;
mod following;
mod formats;
mod full;
mod fuzz;
mod history;
mod power_cut;
mod turnover;

fn owner(profile: &str) -> OutboxOwner {
    OutboxOwner {
        profile: profile.to_owned(),
        sub: "u".to_owned(),
    }
}

fn entry(kcal: u32) -> Entry {
    Entry::new(
        date(2026, 11, 23),
        "2026-11-23T07:30:00Z".parse().unwrap(),
        "Food",
        "Lunch",
        kcal,
    )
}

fn create(id: &str) -> Command {
    Command::Log(LogCommand::Create(NewActivity::new(id.to_owned(), entry(650))))
}

fn activity(id: &str, rev: u32) -> Activity {
    Activity {
        id: id.to_owned(),
        owner: "u".to_owned(),
        entry: entry(650),
        rev,
    }
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn save(outbox: &mut Outbox, owner: &OutboxOwner, id: &str) -> u64 {
    let saved = outbox.save(owner, id, vec![create(id)], now()).unwrap();
    saved.rows().next().unwrap()
}

fn ids(outbox: &Outbox, owner: &OutboxOwner) -> Vec<String> {
    let rows = outbox.list(owner).rows;
    rows.iter()
        .map(|row| match &row.command {
            Command::Log(command) => command.id().to_owned(),
            other => other.word().to_owned(),
        })
        .collect()
}

#[test]
fn what_was_saved_is_there_for_other_programs_with_state_history_and_redirects() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let (mut one, me) = (Outbox::open(&path), owner("local"));
    let row = save(&mut one, &me, "a");
    let mut other = Outbox::open(&path);
    assert_eq!(ids(&other, &me), ["a"]);
    assert_eq!(other.begin(&me, &[row], now()).unwrap(), [(row, create("a"))]);
    assert_eq!(one.list(&me).rows[0].word(), "sent");
    let answer = Answer::Acknowledged(Stored::Entry(activity("a", 1)));
    other.answer(&me, row, answer).unwrap();
    assert_eq!(
        one.status(&me, row).unwrap(),
        Status::Settled(Outcome::Acknowledged(Stored::Entry(activity("a", 1))))
    );
    // Deleted and taken back: a new id, which the old one leads to.
    let delete = Command::Log(LogCommand::Delete(activity("a", 1)));
    one.save(&me, "delete", vec![delete], now()).unwrap();
    let row = one.list(&me).rows[0].number;
    one.begin(&me, &[row], now()).unwrap();
    let undo = other
        .undo(&me, |_| Known::Unknown, || "b".to_owned(), now())
        .unwrap();
    assert!(matches!(undo, Undo::Done { saved, .. } if matches!(saved[..], [SavedChange::Queued(_)])));
    drop((one, other));
    let outbox = Outbox::open(&path);
    assert_eq!(outbox.history(&me).resolve("a"), "b");
    let steps: Vec<_> = outbox
        .history(&me)
        .steps()
        .map(|step| (step.name.clone(), step.undone))
        .collect();
    assert_eq!(steps, [("a".to_owned(), false), ("delete".to_owned(), true)]);
    assert_eq!(outbox.outcomes_after(&me, 0).unwrap().len(), 1);
}

#[test]
fn rows_belong_to_a_profile_and_a_user() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = Outbox::open(&dir.path().join("outbox.db"));
    let (one, other) = (owner("one"), owner("other"));
    let row = save(&mut outbox, &one, "a");
    save(&mut outbox, &other, "b");
    assert_eq!(
        (ids(&outbox, &one), ids(&outbox, &other)),
        (vec!["a".to_owned()], vec!["b".to_owned()])
    );
    assert_eq!(outbox.begin(&other, &[row], now()).unwrap(), []);
    assert_eq!(outbox.owners(), [(one, 1), (other.clone(), 1)]);
    let undo = outbox
        .undo(&other, |_| Known::Unknown, String::new, now())
        .unwrap();
    assert!(matches!(undo, Undo::Done { step, .. } if step.name == "b"));
}

#[test]
fn failed_attempts_are_noted_for_all_programs_until_the_backend_answers() {
    let dir = tempfile::tempdir().unwrap();
    let (mut outbox, me) = (Outbox::open(&dir.path().join("outbox.db")), owner("local"));
    let row = save(&mut outbox, &me, "a");
    outbox.begin(&me, &[row], now()).unwrap();
    let reason = Reason {
        kind: ReasonKind::Unreachable,
        text: "connection refused".to_owned(),
    };
    let answer = Answer::Waiting {
        reason: reason.clone(),
        may_be_done: false,
    };
    outbox.answer(&me, row, answer).unwrap();
    let trouble = outbox.list(&me).trouble;
    assert_eq!((trouble.attempts, trouble.reason), (1, Some(reason)));
    outbox.begin(&me, &[row], now()).unwrap();
    outbox
        .answer(&me, row, Answer::Acknowledged(Stored::Entry(activity("a", 1))))
        .unwrap();
    let trouble = outbox.list(&me).trouble;
    assert_eq!((trouble.attempts, trouble.reason), (1, None));
}

#[cfg(unix)]
#[test]
fn the_file_is_private_and_a_link_is_refused() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    save(&mut Outbox::open(&path), &owner("local"), "a");
    let entries: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(
        entries
            .iter()
            .all(|path| !path.to_string_lossy().ends_with(".new")),
        "{entries:?}"
    );
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let link = dir.path().join("link.db");
    symlink(&path, &link).unwrap();
    let mut outbox = Outbox::open(&link);
    assert!(
        outbox
            .save(&owner("local"), "b", vec![create("b")], now())
            .is_err()
    );
    assert_eq!(ids(&outbox, &owner("local")), Vec::<String>::new());
}

#[test]
fn every_transaction_is_synced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let opened = super::file::open(&path).connection.unwrap();
    let pragma =
        |name: &str| opened.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
    assert_eq!(
        pragma("synchronous").unwrap(),
        rusqlite::types::Value::Integer(2),
        "FULL"
    );
    assert_eq!(
        pragma("journal_mode").unwrap(),
        rusqlite::types::Value::Text("wal".to_owned())
    );
}

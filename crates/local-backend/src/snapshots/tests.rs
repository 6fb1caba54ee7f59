use super::*;

/// A directory with a row in each database.
fn backend() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in [TABLES, POOL] {
        let connection = Connection::open(directory.path().join(file)).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1);")
            .unwrap();
    }
    fs::write(directory.path().join(VERSION), format!("{FORMAT}\n")).unwrap();
    directory
}

fn rows(database: &Path) -> i64 {
    let connection = Connection::open(database).unwrap();
    connection
        .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap()
}

fn day(day: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + day * 86_400).unwrap()
}

#[test]
fn there_is_one_of_each_of_the_last_seven_days() {
    let directory = backend();
    let mut names = Vec::new();
    for number in 0..10 {
        names.extend(take_daily(directory.path(), day(number)).unwrap());
        assert_eq!(take_daily(directory.path(), day(number)).unwrap(), None);
    }
    names.reverse();
    names.truncate(7);
    let found = list(directory.path()).unwrap();
    assert!(found.iter().all(|snapshot| snapshot.bytes > 0));
    let found: Vec<String> = found.into_iter().map(|snapshot| snapshot.name).collect();
    assert_eq!(found, names);
}

#[test]
fn a_snapshot_has_what_is_in_the_log_of_an_open_database_and_is_private() {
    let directory = backend();
    let open = Connection::open(directory.path().join(TABLES)).unwrap();
    open.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    let name = take_daily(directory.path(), day(0)).unwrap().unwrap();
    let taken = place(directory.path()).join(name);
    assert_eq!((rows(&taken.join(TABLES)), rows(&taken.join(POOL))), (2, 1));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for (path, mode) in [
            (taken.clone(), 0o700),
            (taken.join(TABLES), 0o600),
            (taken.join(VERSION), 0o600),
        ] {
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                mode,
                "{path:?}"
            );
        }
    }
}

#[test]
fn a_restored_snapshot_replaces_the_tables_alone_and_keeps_what_it_replaces() {
    let directory = backend();
    let name = take_daily(directory.path(), day(0)).unwrap().unwrap();
    for file in [TABLES, POOL] {
        let connection = Connection::open(directory.path().join(file)).unwrap();
        connection.execute_batch("INSERT INTO t VALUES (2)").unwrap();
    }
    let replaced = restore(directory.path(), &name, day(1)).unwrap();
    let path = |file: &str| directory.path().join(file);
    assert_eq!((rows(&path(TABLES)), rows(&path(POOL))), (1, 2));
    // At the same second as before.
    restore(directory.path(), &replaced, day(1)).unwrap();
    assert_eq!(rows(&path(TABLES)), 2);
    assert!(!path("tables.db.restored").exists());
}

#[test]
fn a_damaged_newer_or_unknown_snapshot_changes_nothing() {
    let directory = backend();
    let name = take_daily(directory.path(), day(0)).unwrap().unwrap();
    let tables = directory.path().join(TABLES);
    let before = rows(&tables);
    let unknown = restore(directory.path(), "../pool.db", day(1)).unwrap_err();
    assert!(unknown.to_string().contains(&name), "{unknown}");
    let taken = place(directory.path()).join(&name);
    fs::write(taken.join(VERSION), "9\n").unwrap();
    let newer = restore(directory.path(), &name, day(1)).unwrap_err();
    assert!(matches!(newer, SnapshotError::Newer(9)), "{newer}");
    fs::write(taken.join(VERSION), "2\n").unwrap();
    let bytes = fs::read(taken.join(TABLES)).unwrap();
    fs::write(taken.join(TABLES), &bytes[..bytes.len() / 2]).unwrap();
    restore(directory.path(), &name, day(1)).unwrap_err();
    assert_eq!(rows(&tables), before);
}

#[test]
fn a_host_that_closes_copies_a_large_log_only_every_third_day() {
    let directory = backend();
    let tables = directory.path().join(TABLES);
    Connection::open(&tables)
        .unwrap()
        .execute_batch("PRAGMA wal_checkpoint (TRUNCATE)")
        .unwrap();
    File::options()
        .write(true)
        .open(&tables)
        .unwrap()
        .set_len(LARGE + 1)
        .unwrap();
    let taken: Vec<bool> = (0..7)
        .map(|number| take_at_close(directory.path(), day(number)).unwrap().is_some())
        .collect();
    assert_eq!(taken, [true, false, false, true, false, false, true]);
}

#[test]
fn an_incomplete_one_is_no_snapshot_and_is_removed_by_the_next() {
    let directory = backend();
    let incomplete = place(directory.path()).join(format!("{INCOMPLETE}2026-11-23"));
    fs::create_dir_all(&incomplete).unwrap();
    assert_eq!(list(directory.path()).unwrap(), []);
    take_daily(directory.path(), day(0)).unwrap().unwrap();
    assert!(!incomplete.exists());
}

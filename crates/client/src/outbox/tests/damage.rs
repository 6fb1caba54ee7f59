use super::*;

fn filled(path: &Path, count: usize) {
    let (mut outbox, me) = (Outbox::open(path), owner("local"));
    for n in 0..count {
        save(&mut outbox, &me, &format!("{n:03}"));
    }
}

#[test]
fn a_damaged_file_stays_where_it_is_and_can_be_recovered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    filled(&path, 300);
    let mut bytes = fs::read(&path).unwrap();
    // A page in the middle.
    let at = bytes.len() / 2 / 4_096 * 4_096;
    bytes[at..at + 4_096].fill(0x5a);
    fs::write(&path, &bytes).unwrap();

    let mut outbox = Outbox::open(&path);
    let error = outbox
        .save(&owner("local"), "x", vec![create("x")], now())
        .unwrap_err();
    assert!(matches!(error, OutboxError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("damaged") && error.advice().contains("doctor --recover"));
    drop(outbox);
    assert_eq!(fs::read(&path).unwrap(), bytes, "it is as it was");

    let recovery = recover(&path, false).unwrap();
    assert_eq!(
        fs::read(recovery.kept.unwrap()).unwrap(),
        bytes,
        "the damaged file is kept"
    );
    assert!(recovery.rows > 200, "{} rows of 300", recovery.rows);
    let mut outbox = Outbox::open(&path);
    assert_eq!(ids(&outbox, &owner("local")).len(), recovery.rows);
    let last = outbox.list(&owner("local")).rows.last().unwrap().number;
    assert!(
        save(&mut outbox, &owner("local"), "new") > last,
        "numbers are not used again"
    );
    assert_eq!(
        recover(&path, false).unwrap().kept,
        None,
        "a whole file is left alone"
    );
}

#[test]
fn an_empty_file_and_one_that_is_no_database_are_damaged() {
    for content in ["", "a letter, and no database at all"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox.db");
        fs::write(&path, content.repeat(100)).unwrap();
        let mut outbox = Outbox::open(&path);
        assert!(matches!(
            outbox.save(&owner("local"), "a", vec![create("a")], now()),
            Err(OutboxError::Damaged { .. })
        ));
        assert_eq!(ids(&outbox, &owner("local")), Vec::<String>::new());
        drop(outbox);
        let recovery = recover(&path, false).unwrap();
        assert_eq!(recovery.rows, 0);
        assert_eq!(
            fs::read_to_string(recovery.kept.unwrap()).unwrap(),
            content.repeat(100)
        );
        save(&mut Outbox::open(&path), &owner("local"), "a");
    }
}

#[test]
fn a_newer_file_is_read_and_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    filled(&path, 2);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let mut outbox = Outbox::open(&path);
    let error = outbox
        .save(&owner("local"), "x", vec![create("x")], now())
        .unwrap_err();
    assert!(matches!(error, OutboxError::Newer { found: 99, .. }), "{error:?}");
    assert_eq!(ids(&outbox, &owner("local")), ["000", "001"]);
    drop(outbox);
    let refused = recover(&path, false).unwrap_err();
    assert!(matches!(refused, OutboxError::Newer { .. }), "{refused:?}");
    assert!(refused.advice().contains("newer version"));
    assert_eq!(ids(&Outbox::open(&path), &owner("local")), ["000", "001"]);
    assert_eq!(recover(&path, true).unwrap().rows, 2);
    assert_eq!(ids(&Outbox::open(&path), &owner("local")), ["000", "001"]);
}

#[test]
fn a_row_that_can_not_be_decoded_is_named_and_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    filled(&path, 2);
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute("UPDATE rows SET command = '{\"future\":1}' WHERE number = 1", [])
        .unwrap();
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    let row = save(&mut outbox, &me, "new");
    outbox.begin(&me, &[row, 1], now()).unwrap();
    let listing = outbox.list(&me);
    assert_eq!((listing.rows.len(), listing.unreadable), (2, vec![1]));
    let count: i64 = connection
        .query_row("SELECT count(*) FROM rows", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 3);
}

/// faults-logger.md M4.
#[cfg(unix)]
#[test]
fn in_a_directory_that_can_not_be_written_the_queue_is_still_shown() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    filled(&path, 2);
    let close = |mode| fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    close(0o500);
    let mut outbox = Outbox::open(&path);
    let shown = ids(&outbox, &owner("local"));
    let saved = outbox.save(&owner("local"), "x", vec![create("x")], now());
    drop(outbox);
    close(0o700);
    assert_eq!(shown, ["000", "001"]);
    // Root may write everywhere.
    if !is_root(dir.path()) {
        assert!(matches!(saved, Err(OutboxError::Unusable(_))), "{saved:?}");
    }
}

#[cfg(unix)]
fn is_root(owned: &Path) -> bool {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata(owned).unwrap()) == 0
}

#[test]
fn a_file_whose_rows_another_program_sends_is_not_recovered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    fs::write(&path, "no database").unwrap();
    let lock = crate::lock_file::open(&dir.path().join("outbox-0123456789abcdef.lock")).unwrap();
    lock.lock().unwrap();
    let refused = recover(&path, false).unwrap_err();
    assert!(matches!(refused, OutboxError::InUse { .. }), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "no database");
    drop(lock);
    assert!(recover(&path, false).unwrap().kept.is_some());
}

#[test]
fn a_file_that_another_program_has_open_is_not_recovered() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    filled(&path, 300);
    let mut bytes = fs::read(&path).unwrap();
    let mut open = Outbox::open(&path);
    save(&mut open, &owner("local"), "new");
    let at = bytes.len() / 2 / 4_096 * 4_096;
    bytes[at..at + 4_096].fill(0x5a);
    // Beside the log, which has the newest row.
    fs::write(&path, &bytes).unwrap();
    let refused = recover(&path, false).unwrap_err();
    assert!(matches!(refused, OutboxError::InUse { .. }), "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    drop(open);
    assert!(recover(&path, false).unwrap().kept.is_some());
}

#[test]
fn a_program_that_shows_a_damaged_file_saves_into_the_recovered_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    fs::write(&path, "no database").unwrap();
    let shown = Outbox::open(&path);
    assert!(shown.access().writable().is_err());
    assert!(recover(&path, false).unwrap().kept.is_some());
    save(&mut Outbox::open(&path), &owner("local"), "a");
    assert_eq!(ids(&Outbox::open(&path), &owner("local")), ["a"]);
}

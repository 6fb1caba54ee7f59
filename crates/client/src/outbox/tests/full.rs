use super::*;

#[test]
fn on_a_full_disk_nothing_is_half_written_and_the_error_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    save(&mut outbox, &me, "first");
    let before = (outbox.list(&me), outbox.history(&me));
    outbox.fill_disk(true);
    let many: Vec<Command> = (0..500).map(|n| create(&n.to_string())).collect();
    let error = outbox.save(&me, "many", many.clone(), now()).unwrap_err();
    assert!(matches!(error, OutboxError::Full), "{error:?}");
    assert_eq!(error.to_string(), "the disk is full; nothing was saved");
    assert!(error.advice().contains("make room"));
    assert_eq!((outbox.list(&me), outbox.history(&me)), before);
    outbox.fill_disk(false);
    assert_eq!(outbox.save(&me, "many", many, now()).unwrap().rows().count(), 500);
}

impl Outbox {
    /// Has `SQLite` report a full disk for every new page.
    fn fill_disk(&self, full: bool) {
        let connection = self.database.connection.as_ref().unwrap();
        let pages: i64 = connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        let limit = if full { pages } else { 1 << 30 };
        connection
            .pragma_update_and_check(None, "max_page_count", limit, |row| row.get::<_, i64>(0))
            .unwrap();
    }
}

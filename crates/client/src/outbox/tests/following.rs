use caltrack_domain::outbox::{Queue, Rejection, RejectionKind};

use super::*;

/// A reader that follows the queue by what has changed.
#[derive(Default)]
struct Reader {
    position: Option<u64>,
    queue: Queue,
    whole: usize,
    rows: usize,
}

impl Reader {
    fn read(&mut self, outbox: &Outbox, owner: &OutboxOwner) {
        let (position, listed) = outbox.list_since(owner, self.position);
        self.position = Some(position);
        match listed {
            Listed::Whole(listing) => {
                self.whole += 1;
                self.rows += listing.rows.len();
                self.queue = listing.queue();
            }
            Listed::Changed(change) => {
                self.rows += change.rows.len();
                self.queue.update(change.rows, &change.gone);
            }
        }
        assert_eq!(self.queue.rows(), outbox.list(owner).rows);
    }
}

#[test]
fn what_has_changed_is_read_and_nothing_else_whatever_the_length_of_the_queue() {
    let dir = tempfile::tempdir().unwrap();
    let (mut outbox, me) = (Outbox::open(&dir.path().join("outbox.db")), owner("local"));
    let other = Outbox::open(outbox.path());
    let many = (0..10_000).map(|n| create(&format!("{n:05}"))).collect();
    outbox.save(&me, "many", many, now()).unwrap();
    let mut reader = Reader::default();
    reader.read(&other, &me);
    assert_eq!((reader.whole, reader.rows), (1, 10_000));

    let row = save(&mut outbox, &me, "new");
    reader.read(&other, &me);
    outbox.begin(&me, &[1, row], now()).unwrap();
    reader.read(&other, &me);
    outbox
        .answer(&me, 1, Answer::Acknowledged(Stored::Entry(activity("00000", 1))))
        .unwrap();
    reader.read(&other, &me);
    let rejection = Rejection {
        kind: RejectionKind::BadRequest,
        text: "too much".to_owned(),
    };
    outbox.answer(&me, row, Answer::Rejected(rejection)).unwrap();
    reader.read(&other, &me);
    outbox.drop_row(&me, row).unwrap();
    reader.read(&other, &me);
    save(&mut outbox, &owner("other"), "of another owner");
    reader.read(&other, &me);
    reader.read(&other, &me);
    assert_eq!(
        (reader.whole, reader.rows),
        (1, 10_004),
        "1 new, 2 sent, 1 rejected"
    );
}

#[test]
fn after_many_changes_and_in_another_file_the_whole_queue_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let (mut outbox, me) = (Outbox::open(&dir.path().join("outbox.db")), owner("local"));
    let mut reader = Reader::default();
    reader.read(&outbox, &me);
    let many = (0..1_500).map(|n| create(&format!("{n:05}"))).collect();
    outbox.save(&me, "many", many, now()).unwrap();
    reader.read(&outbox, &me);
    assert_eq!(reader.whole, 2);

    let mut replaced = Outbox::open(&dir.path().join("new.db"));
    save(&mut replaced, &me, "a");
    reader.read(&replaced, &me);
    assert_eq!((reader.whole, reader.queue.rows().len()), (3, 1));
}

#[test]
fn what_has_changed_is_remembered_for_a_while() {
    let dir = tempfile::tempdir().unwrap();
    let (mut outbox, me) = (Outbox::open(&dir.path().join("outbox.db")), owner("local"));
    let many = (0..12_000).map(|n| create(&format!("{n:05}"))).collect();
    outbox.save(&me, "many", many, now()).unwrap();
    save(&mut outbox, &me, "new");
    let connection = rusqlite::Connection::open(outbox.path()).unwrap();
    let count: i64 = connection
        .query_row("SELECT count(*) FROM row_changes", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 10_000);
}

use super::*;

fn acknowledged(id: &str) -> Answer {
    Answer::Acknowledged(Stored::Entry(activity(id, 1)))
}

#[test]
fn answers_are_taken_and_the_next_rows_marked_as_sent_in_one_transaction() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    let rows = ["a", "b", "c"].map(|id| save(&mut outbox, &me, id));
    outbox.begin(&me, &rows[..1], now()).unwrap();
    let turnover = outbox
        .turn_over(&me, vec![(rows[0], acknowledged("a"))], &rows[1..2], now())
        .unwrap();
    assert!(matches!(
        turnover.settlement.outcomes.as_slice(),
        [(row, Outcome::Acknowledged(_))] if *row == rows[0]
    ));
    assert!(turnover.lanes.is_empty());
    assert_eq!(turnover.begun, [(rows[1], create("b"))]);
    let left = Outbox::open(&path).list(&me).rows;
    let words: Vec<_> = left.iter().map(|row| (row.number, row.word())).collect();
    assert_eq!(words, [(rows[1], "sent"), (rows[2], "waiting")]);
}

#[test]
fn neither_is_done_where_the_file_cannot_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let (mut outbox, me) = (Outbox::open(&path), owner("local"));
    let rows = ["a", "b"].map(|id| save(&mut outbox, &me, id));
    outbox.begin(&me, &rows[..1], now()).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    // The next row can't be marked.
    other
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON rows WHEN new.state = 'sent' BEGIN SELECT RAISE(ABORT, 'refused'); END",
        )
        .unwrap();
    let refused = outbox.turn_over(&me, vec![(rows[0], acknowledged("a"))], &rows[1..], now());
    assert!(refused.is_err());
    let left = Outbox::open(&path).list(&me).rows;
    let words: Vec<_> = left.iter().map(|row| (row.number, row.word())).collect();
    assert_eq!(words, [(rows[0], "sent"), (rows[1], "waiting")]);
}

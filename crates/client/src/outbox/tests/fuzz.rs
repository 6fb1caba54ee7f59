//! Rows with any content: what can be decoded is sent and answered, the rest stays in the file.

use std::cell::RefCell;

use caltrack_domain::outbox::{Rejection, RejectionKind};
use rusqlite::{Connection, params};

use super::*;
use crate::outbox::{
    format,
    steps::Steps,
    tables::{Scope, load, rows, write},
};

thread_local! {
    static FILE: RefCell<Connection> = RefCell::new({
        let connection = Connection::open_in_memory().unwrap();
        format::migrate(&connection).unwrap();
        connection
    });
}

/// The lines are columns: state, moment, sent, rejection, reason, command, the next command of the entry, a change of the
/// history, and the answers to both rows.
#[test]
fn any_row_is_decoded_or_kept_and_survives_its_answer() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/outbox"), |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        FILE.with_borrow(|connection| check(connection, text));
    });
}

fn check(connection: &Connection, text: &str) {
    let me = owner("local");
    fill(connection, &me, text);
    let (decoded, unreadable) = rows(connection, &me, Scope::All).unwrap();
    assert_eq!(decoded.len() + unreadable.len(), 2);
    let before = load(connection, &me, Scope::All, Steps::All).unwrap();
    let mut after = before.ledger.clone();
    let mut answers = text.lines().skip(8);
    for row in &decoded {
        if let Some(command) = after.queue.begin(row.number, now()) {
            after.answer(row.number, answer(answers.next().unwrap_or_default(), &command));
        }
    }
    after.undo(|_| Known::Unknown, || "again".to_owned(), now());
    after.redo(|_| Known::Unknown, || "anew".to_owned(), now());
    write(connection, &me, &before, &after).unwrap();
    let stored = load(connection, &me, Scope::All, Steps::All).unwrap();
    assert_eq!(stored.ledger, after);
    let (_, still_unreadable) = rows(connection, &me, Scope::All).unwrap();
    assert_eq!(still_unreadable, unreadable);
}

fn fill(connection: &Connection, me: &OutboxOwner, text: &str) {
    connection
        .execute_batch(
            "DELETE FROM rows; DELETE FROM steps; DELETE FROM changes; DELETE FROM redirects; UPDATE counter SET next = 3;",
        )
        .unwrap();
    let columns: Vec<&str> = text.lines().collect();
    let column = |at: usize| columns.get(at).copied().unwrap_or_default();
    let optional = |at: usize| Some(column(at)).filter(|text| !text.is_empty());
    let number = |at: usize| column(at).parse::<i64>().ok();
    for (row, command) in [(1, column(5)), (2, column(6))] {
        connection
            .prepare_cached(
                "INSERT INTO rows (number, profile, sub, subject, command, state, since, sent, unanswered, rejection, reason,
                    is_undo, unlisted) VALUES (?, ?, ?, 'entry:a', ?, ?, ?, ?, 0, ?, ?, 0, NULL)",
            )
            .unwrap()
            .execute(params![
                row,
                me.profile,
                me.sub,
                command,
                column(0),
                number(1).unwrap_or_default(),
                number(2),
                optional(3),
                optional(4),
            ])
            .unwrap();
    }
    connection
        .prepare_cached(
            "INSERT INTO steps (number, profile, sub, name, undone) VALUES (3, ?, ?, 'a step', 0)",
        )
        .unwrap()
        .execute(params![me.profile, me.sub])
        .unwrap();
    connection
        .prepare_cached("INSERT INTO changes (step, position, row, entry, body) VALUES (3, 0, 1, 'a', ?)")
        .unwrap()
        .execute(params![column(7)])
        .unwrap();
}

/// The answer that a line names.
fn answer(line: &str, command: &Command) -> Answer {
    let reason = Reason {
        kind: ReasonKind::Busy,
        text: line.to_owned(),
    };
    let rejection = Rejection {
        kind: RejectionKind::BadRequest,
        text: line.to_owned(),
    };
    match (line.as_bytes().first(), command) {
        (Some(b'a'), Command::Log(command)) => Answer::Acknowledged(Stored::Entry(activity(command.id(), 7))),
        (Some(b'a'), _) => Answer::Acknowledged(Stored::Weight),
        (Some(b'c'), Command::Log(command)) => Answer::Conflict(Some(activity(command.id(), 7))),
        (Some(b'c' | b'g'), _) => Answer::Conflict(None),
        (Some(b'r'), _) => Answer::Rejected(rejection),
        _ => Answer::Waiting {
            reason,
            may_be_done: line.len() > 1,
        },
    }
}

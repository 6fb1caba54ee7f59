use super::*;

/// A file that the first version with an outbox wrote: a row of each state and kind, steps and a redirect.
const FIRST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/outbox/tests/format-1.db");
/// The same of the newest format. A new format gets a fixture under a new name, and this one stays:
/// `cargo test -p caltrack-client write_the_fixture -- --ignored`.
const NEWEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/outbox/tests/format-2.db");

fn fill(path: &Path) {
    use caltrack_domain::outbox::{
        LibraryChange, LibraryEdit, ProfileChange, Rejection, RejectionKind, WeightChange,
    };
    let (mut outbox, me) = (Outbox::open(path), owner("local"));
    save(&mut outbox, &me, "waiting");
    let sent = save(&mut outbox, &me, "sent");
    let rejected = save(&mut outbox, &me, "rejected");
    let done = save(&mut outbox, &me, "done");
    outbox.begin(&me, &[sent, rejected, done], now()).unwrap();
    let rejection = Rejection {
        kind: RejectionKind::BadRequest,
        text: "too much".to_owned(),
    };
    outbox.answer(&me, rejected, Answer::Rejected(rejection)).unwrap();
    outbox
        .answer(
            &me,
            done,
            Answer::Acknowledged(Stored::Entry(activity("done", 1))),
        )
        .unwrap();
    let edited = Entry {
        note: Some("note".to_owned()),
        ..entry(700)
    };
    let commands = [
        Command::Log(LogCommand::Update {
            before: activity("other", 3),
            patch: edited.patch_from(&entry(650)).unwrap(),
        }),
        Command::Weight(WeightChange {
            date: date(2026, 11, 23),
            weight: Some(81.5),
            before: None,
        }),
        Command::Profile(ProfileChange {
            before: [("caloriesTargetPerDay".to_owned(), 2_000.into())].into(),
            patch: [("caloriesTargetPerDay".to_owned(), 1_800.into())].into(),
        }),
        Command::Library(LibraryChange {
            edits: [(
                "own:1".to_owned(),
                LibraryEdit {
                    at: now(),
                    before: None,
                    after: Some("soup".into()),
                },
            )]
            .into(),
        }),
        Command::Log(LogCommand::Delete(activity("done", 1))),
    ];
    for command in commands {
        outbox.save(&me, command.word(), vec![command], now()).unwrap();
    }
    outbox
        .undo(&me, |_| Known::Unknown, || "again".to_owned(), now())
        .unwrap();
}

#[test]
#[ignore = "writes the fixture"]
fn write_the_fixture() {
    fs::remove_file(NEWEST).ok();
    fill(Path::new(NEWEST));
    fs::remove_file(Path::new(NEWEST).with_extension("lock")).ok();
}

#[test]
fn a_file_of_the_first_format_opens_with_all_that_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old.db"), dir.path().join("new.db"));
    fs::copy(FIRST, &old).unwrap();
    fill(&new);
    let (old, new, me) = (Outbox::open(&old), Outbox::open(&new), owner("local"));
    old.access().writable().unwrap();
    // Programs of then queued a deletion and, to undo it, an entry with a new id; now the deletion is taken back.
    let (old_rows, new_rows) = (old.list(&me).rows, new.list(&me).rows);
    let (same, undone) = old_rows.split_at(new_rows.len());
    assert_eq!(same, new_rows);
    let undone: Vec<&str> = undone
        .iter()
        .filter_map(|row| match &row.command {
            Command::Log(command) => Some(command.id()),
            Command::Weight(_) | Command::Profile(_) | Command::Library(_) => None,
        })
        .collect();
    assert_eq!(undone, ["done", "again"]);
    assert_eq!(old.history(&me).resolve("done"), "again");
    let names = |outbox: &Outbox| -> Vec<String> {
        let history = outbox.history(&me);
        history.steps().map(|step| step.name.clone()).collect()
    };
    assert_eq!(names(&old), names(&new));
    let outcomes = |outbox: &Outbox| outbox.outcomes_after(&me, 0).unwrap();
    assert!(!outcomes(&old).is_empty() && outcomes(&new).starts_with(&outcomes(&old)));
    let words: Vec<_> = old
        .list(&me)
        .rows
        .iter()
        .map(|row| (row.command.word(), row.word()))
        .collect();
    for state in ["waiting", "sent", "rejected"] {
        assert!(words.iter().any(|(_, word)| *word == state), "{words:?}");
    }
}

#[test]
fn a_file_of_the_second_format_opens_with_all_that_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old.db"), dir.path().join("new.db"));
    fs::copy(NEWEST, &old).unwrap();
    fill(&new);
    let (old, new, me) = (Outbox::open(&old), Outbox::open(&new), owner("local"));
    old.access().writable().unwrap();
    assert_eq!(old.list(&me).rows, new.list(&me).rows);
    let names = |outbox: &Outbox| -> Vec<String> {
        let history = outbox.history(&me);
        history.steps().map(|step| step.name.clone()).collect()
    };
    assert_eq!(names(&old), names(&new));
    assert_eq!(
        old.outcomes_after(&me, 0).unwrap(),
        new.outcomes_after(&me, 0).unwrap()
    );
}

//! Single commands.

use std::{collections::BTreeSet, time::Duration};

use caltrack_client::{
    api::{Client, Endpoints, SessionFile},
    outbox::{ClientApi, Delivery, OutboxApi as _, OutboxOwner, Saved, deliver},
};
use caltrack_domain::{
    Activity, LogCommand,
    outbox::{Answer, Command, Outcome, ReasonKind, Stored},
};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::world::{Backend, Mode, World, create, entry, owner};

async fn delivered(world: &World, owner: &OutboxOwner, saved: &Saved, backend: &Backend) -> Delivery {
    deliver(&world.data, world.outbox(), owner, saved, backend.port())
        .await
        .unwrap()
}

#[tokio::test]
async fn without_another_program_a_command_sends_its_change_and_what_waits() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Refuses));
    let first = world.save(&me, create("a"));
    let delivery = delivered(&world, &me, &first, &backend).await;
    assert_eq!(delivery.waiting().unwrap().text, "connection refused");
    assert_eq!(world.pending(&me), 1);

    backend.set(Mode::Answers);
    let second = world.save(&me, create("b"));
    let delivery = delivered(&world, &me, &second, &backend).await;
    assert_eq!(delivery.waiting(), None);
    assert!(matches!(
        delivery.outcomes.values().next(),
        Some(Outcome::Acknowledged(Stored::Entry(activity))) if activity.id == "b"
    ));
    assert_eq!(world.pending(&me), 0);
    assert_eq!(backend.received(), ["a", "b"]);
}

#[tokio::test]
async fn why_a_row_waited_before_is_no_answer_to_a_command_that_sends_it_again() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Refuses));
    let first = world.save(&me, create("a"));
    assert!(delivered(&world, &me, &first, &backend).await.waiting().is_some());
    backend.set(Mode::Answers);
    let again = world.outbox().saved(&me, first.changes.clone());
    let delivery = delivered(&world, &me, &again, &backend).await;
    assert_eq!(delivery.waiting(), None);
    assert_eq!(delivery.outcomes.len(), 1);
    assert_eq!(world.pending(&me), 0);
}

#[tokio::test(start_paused = true)]
async fn silence_ends_after_five_seconds_and_the_change_is_sent_once_all_the_same() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Silent));
    let saved = world.save(&me, create("a"));
    let begun = Instant::now();
    let delivery = delivered(&world, &me, &saved, &backend).await;
    assert_eq!(delivery.waiting().unwrap().kind, ReasonKind::Unreachable);
    assert!(
        begun.elapsed() < Duration::from_millis(5_500),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(world.outbox().list(&me).rows.first().unwrap().word(), "sent");

    backend.set(Mode::Answers);
    let again = world.save(&me, create("b"));
    assert_eq!(delivered(&world, &me, &again, &backend).await.waiting(), None);
    assert_eq!(backend.received(), ["a", "a", "b"]);
    assert_eq!(backend.entry("a").unwrap().rev, 1);
    assert_eq!(world.pending(&me), 0);
}

#[tokio::test]
async fn an_edit_of_an_older_revision_is_merged_and_sent_at_once() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Answers));
    let seen = Activity {
        id: "a".to_owned(),
        owner: "u".to_owned(),
        entry: entry(650),
        rev: 1,
    };
    let mut theirs = Activity {
        rev: 7,
        ..seen.clone()
    };
    theirs.entry.note = Some("theirs".to_owned());
    backend.put(theirs);
    let patch = entry(700).patch_from(&entry(650)).unwrap();
    let edit = Command::Log(LogCommand::Update { before: seen, patch });
    let saved = world.save(&me, edit);
    let delivery = delivered(&world, &me, &saved, &backend).await;
    assert_eq!(delivery.waiting(), None);
    let stored = backend.entry("a").unwrap();
    assert_eq!(
        (stored.entry.kcal, stored.entry.note.as_deref(), stored.rev),
        (700, Some("theirs"), 8)
    );
}

#[tokio::test]
async fn a_change_that_takes_back_an_unsent_one_needs_no_backend() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Refuses));
    world.save(&me, create("a"));
    let unsent = Activity {
        id: "a".to_owned(),
        owner: "u".to_owned(),
        entry: entry(650),
        rev: 0,
    };
    let saved = world.save(&me, Command::Log(LogCommand::Delete(unsent)));
    let delivery = delivered(&world, &me, &saved, &backend).await;
    assert!(delivery.outcomes.is_empty() && backend.received().is_empty());
    assert_eq!(world.pending(&me), 0);
}

#[tokio::test]
async fn rows_are_never_sent_without_their_user_signed_in() {
    let world = World::new();
    let endpoints = Endpoints::on_socket(&world.data.path().join("none.sock"), "us-east-1_A", "c");
    let client = Client::new(endpoints, SessionFile::new(world.data.session("local"))).unwrap();
    let answer = ClientApi::new(&client, &owner("local")).send(create("a")).await;
    assert!(
        matches!(answer, Answer::Waiting { reason, may_be_done: false } if reason.kind == ReasonKind::SignedOut)
    );
}

#[tokio::test]
async fn each_row_of_several_parts_is_sent_once_by_the_same_outbox() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Answers));
    let mut outbox = world.outbox();
    for part in 0..3 {
        let commands = (0..50).map(|row| create(&format!("{part}-{row}")));
        let saved = outbox
            .save(&me, "import of a (1)", commands.collect(), Timestamp::now())
            .unwrap();
        let delivery = deliver(&world.data, outbox, &me, &saved, backend.port())
            .await
            .unwrap();
        let is_done = |outcome: &Outcome| matches!(outcome, Outcome::Acknowledged(_));
        assert!(delivery.outcomes.values().all(is_done));
        assert_eq!(delivery.outcomes.len(), 50);
        outbox = delivery.outbox.unwrap();
    }
    let received = backend.received();
    let ids: BTreeSet<&String> = received.iter().collect();
    assert_eq!((received.len(), ids.len()), (150, 150));
    assert_eq!(world.pending(&me), 0);
}

#[tokio::test]
async fn another_program_sends_an_entry_under_its_other_id_where_its_own_is_taken() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Refuses));
    backend.put(Activity {
        id: "a".to_owned(),
        owner: "another".to_owned(),
        entry: entry(1),
        rev: 1,
    });
    let Command::Log(LogCommand::Create(mut new)) = create("a") else {
        panic!("a create")
    };
    new.other_id = Some("b".to_owned());
    let saved = world.save(&me, Command::Log(LogCommand::Create(new)));
    let delivery = delivered(&world, &me, &saved, &backend).await;
    assert!(delivery.waiting().is_some());
    backend.set(Mode::Answers);
    let mut screens = world.program(&me, &backend);
    screens.acknowledged("b").await;
    assert_eq!(world.pending(&me), 0);
    assert_eq!(backend.entry("a").unwrap().owner, "another");
    let history = world.outbox().history(&me);
    let changed: Vec<_> = history.steps().flat_map(|step| &step.changes).collect();
    assert_eq!(changed[0].change.id(), Some("b"));
}

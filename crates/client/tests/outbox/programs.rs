//! Several programs on one data directory: one sends for all.

use std::{fs::File, io::Write as _, time::Duration};

use caltrack_client::outbox::{OutboxEvent, deliver};
use caltrack_domain::outbox::Outcome;
use tokio::time::Instant;

use crate::world::{Backend, Mode, World, create, owner};

#[tokio::test]
async fn a_command_beside_an_open_program_is_sent_by_that() {
    let (world, me) = (World::new(), owner("local"));
    let (backend, unused) = (Backend::new(Mode::Answers), Backend::new(Mode::Refuses));
    let mut screens = world.program(&me, &backend);
    world.save(&me, create("first"));
    screens.sender.request();
    screens.acknowledged("first").await;

    let saved = world.save(&me, create("a"));
    let delivery = deliver(&world.data, world.outbox(), &me, &saved, unused.port())
        .await
        .unwrap();
    assert!(matches!(
        delivery.outcomes.values().next(),
        Some(Outcome::Acknowledged(_))
    ));
    assert_eq!(backend.received(), ["first", "a"]);
    screens.acknowledged("a").await;
}

#[tokio::test]
async fn a_command_learns_from_the_sender_that_its_change_waits() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Refuses));
    let mut screens = world.program(&me, &backend);
    world.save(&me, create("first"));
    screens.sender.request();
    screens
        .until(|event| matches!(event, OutboxEvent::Trouble(Some(_))))
        .await;
    let saved = world.save(&me, create("a"));
    let delivery = deliver(&world.data, world.outbox(), &me, &saved, backend.port())
        .await
        .unwrap();
    assert_eq!(delivery.waiting().unwrap().text, "connection refused");
}

#[tokio::test]
async fn the_next_program_follows_and_takes_over_when_the_sender_ends() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Answers));
    let mut first = world.program(&me, &backend);
    world.save(&me, create("a"));
    first.sender.request();
    first.acknowledged("a").await;
    let mut second = world.program(&me, &backend);
    // It is connected once the greeting has arrived.
    second.until(|event| matches!(event, OutboxEvent::Changed)).await;
    world.save(&me, create("b"));
    second.sender.request();
    second.acknowledged("b").await;
    first.acknowledged("b").await;

    first.sender.end().await;
    world.save(&me, create("c"));
    second.sender.request();
    second.acknowledged("c").await;
    assert_eq!(backend.received(), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_suspended_program_lets_others_send() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Answers));
    let mut screens = world.program(&me, &Backend::new(Mode::Refuses));
    world.save(&me, create("a"));
    screens.sender.request();
    screens
        .until(|event| matches!(event, OutboxEvent::Trouble(Some(_))))
        .await;
    screens.sender.suspend().await;
    let saved = world.save(&me, create("b"));
    let delivery = deliver(&world.data, world.outbox(), &me, &saved, backend.port())
        .await
        .unwrap();
    assert_eq!(delivery.waiting(), None);
    assert_eq!(backend.received(), ["a", "b"]);
    screens.sender.resume().await;
    world.save(&me, create("c"));
    screens.sender.request();
    screens
        .until(|event| matches!(event, OutboxEvent::Trouble(Some(_))))
        .await;
}

#[tokio::test]
async fn what_was_in_flight_when_its_program_ended_is_sent_again_and_there_once() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Silent));
    let screens = world.program(&me, &backend);
    world.save(&me, create("a"));
    screens.sender.request();
    while backend.received().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(screens);
    backend.set(Mode::Answers);
    let mut next = world.program(&me, &backend);
    next.acknowledged("a").await;
    assert_eq!(backend.received(), ["a", "a"]);
    assert_eq!(backend.entry("a").unwrap().rev, 1);
}

#[tokio::test]
async fn each_profile_of_a_data_directory_has_its_own_sender() {
    let world = World::new();
    let (one, other) = (owner("one"), owner("other"));
    let (here, there) = (Backend::new(Mode::Answers), Backend::new(Mode::Answers));
    let mut screens = world.program(&one, &here);
    world.save(&one, create("a"));
    screens.sender.request();
    screens.acknowledged("a").await;
    let saved = world.save(&other, create("b"));
    let delivery = deliver(&world.data, world.outbox(), &other, &saved, there.port())
        .await
        .unwrap();
    assert_eq!(delivery.waiting(), None);
    assert_eq!(
        (here.received(), there.received()),
        (vec!["a".to_owned()], vec!["b".to_owned()])
    );
}

#[tokio::test]
async fn a_thousand_queued_changes_arrive_once_each() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Answers));
    let mut last = None;
    for step in 0..50 {
        let commands = (0..20).map(|n| create(&format!("{step:02}-{n:02}"))).collect();
        last = Some(
            world
                .outbox()
                .save(&me, "a day", commands, jiff::Timestamp::now())
                .unwrap(),
        );
    }
    let delivery = deliver(&world.data, world.outbox(), &me, &last.unwrap(), backend.port())
        .await
        .unwrap();
    assert_eq!((delivery.outcomes.len(), delivery.waiting()), (20, None));
    let mut received = backend.received();
    received.sort();
    received.dedup();
    assert_eq!((received.len(), backend.received().len()), (1_000, 1_000));
    assert_eq!(world.pending(&me), 0);
}

/// The system accepts connections for a stopped process.
#[tokio::test(start_paused = true)]
async fn a_sender_that_does_not_respond_is_named_after_five_seconds() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Answers));
    // Its files, as another program would hold them.
    let screens = world.program(&me, &backend);
    while !std::fs::read_dir(world.data.path())
        .unwrap()
        .any(|entry| is_socket(&entry.unwrap().path()))
    {
        tokio::task::yield_now().await;
    }
    let socket = std::fs::read_dir(world.data.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| is_socket(path))
        .unwrap();
    screens.sender.end().await;
    let mut lock = File::create(socket.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    write!(lock, "{}", std::process::id()).unwrap();
    let _listener = tokio::net::UnixListener::bind(&socket).unwrap();

    let saved = world.save(&me, create("a"));
    let begun = Instant::now();
    let delivery = deliver(&world.data, world.outbox(), &me, &saved, backend.port())
        .await
        .unwrap();
    assert!(
        begun.elapsed() < Duration::from_millis(5_500),
        "{:?}",
        begun.elapsed()
    );
    let pid = format!("process {}", std::process::id());
    let reason = &delivery.waiting().unwrap().text;
    assert!(reason.contains(&pid), "{reason}");
    assert_eq!(world.pending(&me), 1);
}

fn is_socket(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|extension| extension == "sock")
}

#[tokio::test]
async fn a_damaged_outbox_is_reported_and_nothing_is_sent() {
    let (world, me, backend) = (World::new(), owner("local"), Backend::new(Mode::Answers));
    std::fs::write(world.data.outbox(), "no database").unwrap();
    let mut screens = world.program(&me, &backend);
    let event = screens
        .until(|event| matches!(event, OutboxEvent::Failed(_)))
        .await;
    let OutboxEvent::Failed(error) = event else {
        panic!("waited for it")
    };
    assert!(error.to_string().contains("damaged"), "{error}");
}

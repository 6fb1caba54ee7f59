//! Thousands of events at once, through the live connection, sync and the replica's thread.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use axum::extract::ws::Message;
use caltrack_client::{
    replica::Replica,
    sync::{Commands, DayChange, Report, SyncDriver, Watched, start},
};
use futures_util::FutureExt as _;
use jiff::{ToSpan as _, civil::Date};
use serde_json::json;
use tokio::sync::{mpsc, watch};

use crate::{
    fake::{SUB, soon},
    live::live_fake,
    peer::Peer,
};

const DAY: Date = jiff::civil::date(2026, 11, 23);
/// At least as many events as this program can't hold in its queues and sockets.
const EVENTS: usize = 12_000;
/// Events that may be between the server and the screens: those of queues and buffers.
const MAX_UNDER_WAY: usize = 6_000;

/// Sends events of new entries until `is_over`, and at least [`EVENTS`]; returns their number.
async fn send(mut peer: Peer, create: String, sent: Arc<AtomicUsize>, is_over: Arc<AtomicBool>) -> Peer {
    loop {
        let number = sent.load(Ordering::SeqCst);
        if number >= EVENTS && is_over.load(Ordering::SeqCst) {
            return peer;
        }
        let entry = json!({"id": format!("id-{number}"), "userid": SUB, "category": "Food", "type": "Lunch",
            "caloriesConsumed": 77, "date": DAY.to_string(), "creationDateTime": "2026-11-23T12:00:00.000Z"});
        let data = json!({"type": "data", "id": create, "payload": {"data": {"onCreateActivity": entry}}});
        peer.socket.send(Message::text(data.to_string())).await.unwrap();
        sent.store(number + 1, Ordering::SeqCst);
    }
}

/// Events keep arriving until another day is shown: so the test ends only if commands have their turn among them.
#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_events_is_stored_completely_and_commands_have_their_turn() {
    let mut fake = live_fake();
    let nothing = json!({"items": [], "nextToken": null});
    {
        let mut script = fake.script();
        script.by_name.insert(
            "ListUserAggregatesByDate".to_owned(),
            json!({"listUserAggregatesByDate": nothing}),
        );
        let day = json!({"listActivitiesByDate": nothing, "getUserAggregate": null});
        script.by_name.insert("Day".to_owned(), day);
    }
    let (sender, mut reports) = mpsc::channel(16);
    let (replica, _thread) = start(Replica::in_memory().unwrap(), "local".to_owned(), sender.clone());
    let ready = Arc::new(|| async { Ok(()) }.boxed());
    let driver = SyncDriver::new(fake.client(), replica.clone(), SUB.to_owned(), ready, sender);
    let show = |date, number| {
        Some(Watched {
            date,
            refreshes: 0,
            number,
        })
    };
    let watched = watch::Sender::new(show(DAY, 1));
    let (_changed, changed) = mpsc::channel(16);
    let driver = tokio::spawn(driver.run(Commands {
        watched: watched.subscribe(),
        changed,
    }));
    let mut peer = fake.connection().await;
    let starts = peer.go_live().await;
    let (_, create) = starts
        .iter()
        .find(|(name, _)| name == "OnCreateActivity")
        .unwrap();
    let (sent, is_over) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
    let sending = tokio::spawn(send(
        peer,
        create.clone(),
        Arc::clone(&sent),
        Arc::clone(&is_over),
    ));

    let mut shown = BTreeSet::new();
    while shown.len() < EVENTS / 2 {
        match soon(reports.recv()).await.unwrap() {
            Report::Day { day, .. } => shown = day.entries.into_iter().map(|entry| entry.id).collect(),
            Report::Changed {
                change: DayChange::Put(entry),
                ..
            } => assert!(shown.insert(entry.id), "once"),
            _ => {}
        }
        let under_way = sent.load(Ordering::SeqCst).saturating_sub(shown.len());
        assert!(under_way <= MAX_UNDER_WAY, "{under_way} events are under way");
    }
    let other = DAY - 1.day();
    watched.send_replace(show(other, 2));
    soon(async {
        while !matches!(reports.recv().await, Some(Report::Day { day, .. }) if day.date == other) {}
    })
    .await;
    is_over.store(true, Ordering::SeqCst);
    let drained = tokio::spawn(async move { while reports.recv().await.is_some() {} });
    let _peer = soon(sending).await.unwrap();
    let expected = sent.load(Ordering::SeqCst);
    soon(async {
        loop {
            let day = replica
                .run(SUB, |replica, owner| replica.summary(owner, DAY))
                .await;
            if day.flatten().unwrap().proof.entries as usize == expected {
                return;
            }
        }
    })
    .await;
    driver.abort();
    drained.abort();
}

//! Connections and requests that get no response, on a clock that is paused.

use std::time::Duration;

use caltrack_client::api::{ConnectionState, RealtimeEvent};
use jiff::civil::date;
use rstest::rstest;
use tokio::time::Instant;

use crate::{
    fake::{Fake, Silence},
    live::{Listener, live_fake},
    peer::Peer,
};

/// A live connection.
async fn live() -> (Fake, Listener, Peer) {
    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    let mut peer = fake.next_connection().await;
    peer.go_live().await;
    until(&mut listener, ConnectionState::Live).await;
    (fake, listener, peer)
}

/// Waits for a state; returns the others that were reported before.
async fn until(listener: &mut Listener, state: ConnectionState) -> Vec<ConnectionState> {
    let mut before = Vec::new();
    loop {
        match listener.events.recv().await {
            Some(RealtimeEvent::Connection(now)) if now == state => return before,
            Some(RealtimeEvent::Connection(other)) => before.push(other),
            Some(other) => panic!("{other:?}"),
            None => panic!("it has ended"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_silent_for_two_keep_alives_is_replaced() {
    let (mut fake, mut listener, peer) = live().await;
    let begun = Instant::now();
    until(&mut listener, ConnectionState::Connecting).await;
    fake.next_connection().await.go_live().await;
    assert!(
        begun.elapsed() <= Duration::from_secs(121),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(until(&mut listener, ConnectionState::Live).await, []);
    drop(peer);
}

/// AppSync sends keep-alives; other servers answer pings at least.
#[tokio::test(start_paused = true)]
async fn a_connection_whose_server_answers_pings_stays_live() {
    let (mut fake, mut listener, peer) = live().await;
    let answering = tokio::spawn(peer.answer_pings());
    // The server's limit of a silence is five minutes.
    tokio::time::sleep(Duration::from_hours(2)).await;
    assert!(listener.events.try_recv().is_err(), "nothing is reported");
    assert!(fake.has_no_connection(), "and none is opened");
    answering.abort();
}

#[tokio::test(start_paused = true)]
async fn an_unanswered_request_ends_a_silent_connection_ten_seconds_later() {
    let (mut fake, mut listener, peer) = live().await;
    fake.script().silence = Some(Silence::Frozen);
    let client = listener.client.clone();
    let request = tokio::spawn(async move { client_day(&client).await });
    let begun = Instant::now();
    until(&mut listener, ConnectionState::Connecting).await;
    assert!(
        begun.elapsed() <= Duration::from_secs(5 + 3),
        "{:?}",
        begun.elapsed()
    );
    fake.next_connection().await;
    assert!(
        begun.elapsed() <= Duration::from_secs(5 + 11),
        "{:?}",
        begun.elapsed()
    );
    request.abort();
    drop(peer);
}

/// A slow resolver says nothing about the connection, but the program isn't called live while it waits (faults-security.md F14).
#[tokio::test(start_paused = true)]
async fn an_unanswered_request_is_shown_after_five_seconds_and_leaves_a_connection_that_answers_pings() {
    let (mut fake, mut listener, peer) = live().await;
    let answering = tokio::spawn(peer.answer_pings());
    fake.script().silence = Some(Silence::Frozen);
    let client = listener.client.clone();
    let request = tokio::spawn(async move { client_day(&client).await });
    let begun = Instant::now();
    until(&mut listener, ConnectionState::Connecting).await;
    assert!(
        begun.elapsed() <= Duration::from_millis(5_100),
        "{:?}",
        begun.elapsed()
    );
    request.await.unwrap();
    until(&mut listener, ConnectionState::Live).await;
    assert!(fake.has_no_connection());
    answering.abort();
}

async fn client_day(client: &caltrack_client::api::Client) -> Duration {
    let begun = Instant::now();
    let error = client.day(date(2026, 11, 23)).await.unwrap_err();
    assert_eq!(error.kind().name(), "unreachable", "{error}");
    begun.elapsed()
}

#[rstest]
#[case::frozen(Silence::Frozen)]
#[case::dripping(Silence::Dripping)]
#[tokio::test(start_paused = true)]
async fn a_request_with_all_its_retries_is_bounded_by_45_seconds(#[case] silence: Silence) {
    let fake = live_fake();
    fake.script().silence = Some(silence);
    let took = client_day(&fake.client()).await;
    assert!(
        (Duration::from_secs(40)..=Duration::from_secs(46)).contains(&took),
        "{took:?}"
    );
}

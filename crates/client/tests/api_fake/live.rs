//! Lost connections, rejected subscriptions and expired tokens.

use caltrack_client::api::{Client, ConnectionState, RealtimeEvent};
use caltrack_domain::ChangeKind;
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinHandle};

use crate::fake::{Fake, SUB, soon, token};

pub(crate) struct Listener {
    pub(crate) client: Client,
    pub(crate) events: mpsc::Receiver<RealtimeEvent>,
    task: JoinHandle<caltrack_client::api::ApiError>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listener {
    pub(crate) fn start(fake: &Fake) -> Self {
        let (sender, events) = mpsc::channel(16);
        let client = fake.client();
        let listening = client.clone();
        let task = tokio::spawn(async move { listening.listen(sender).await });
        Self { client, events, task }
    }

    async fn next(&mut self) -> RealtimeEvent {
        soon(self.events.recv()).await.expect("an event")
    }

    async fn state(&mut self) -> ConnectionState {
        match self.next().await {
            RealtimeEvent::Connection(state) => state,
            other => panic!("{other:?}"),
        }
    }

    async fn until_live(&mut self) {
        while self.state().await != ConnectionState::Live {}
    }
}

pub(crate) fn live_fake() -> Fake {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    fake
}

fn totals(version: u64) -> Value {
    json!({"userid": SUB, "date": "2026-11-23", "caloriesConsumed": 650, "caloriesBurned": 0, "version": version, "weight": null})
}

fn id_of<'a>(starts: &'a [(String, String)], name: &str) -> &'a str {
    &starts.iter().find(|(operation, _)| operation == name).unwrap().1
}

#[tokio::test]
async fn a_connection_is_live_once_every_subscription_is_acknowledged() {
    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    assert_eq!(listener.state().await, ConnectionState::Connecting);
    let mut peer = fake.connection().await;
    assert_eq!(
        peer.authorization(),
        json!({"host": "localhost", "Authorization": token(0)})
    );
    let starts = peer.accept().await;
    for (_, id) in starts.iter().skip(1) {
        peer.acknowledge(id).await;
    }
    // An event of an acknowledged subscription isn't lost, although other acknowledgements are missing.
    let id = id_of(&starts, "OnUpdateUserAggregate");
    peer.send(json!({"type": "data", "id": id, "payload": {"data": {"onUpdateUserAggregate": totals(1)}}}))
        .await;
    assert!(matches!(listener.next().await, RealtimeEvent::Totals(totals) if totals.version == 1));
    peer.acknowledge(&starts[0].1).await;
    assert_eq!(listener.state().await, ConnectionState::Live);

    peer.send(json!({"type": "something-new", "id": 7, "payload": [1]}))
        .await;
    let id = id_of(&starts, "OnCreateActivity");
    let entry = json!({"id": "i", "userid": SUB, "category": "Food", "type": "Lunch", "caloriesConsumed": 77,
        "creationDateTime": "2026-11-23T12:00:00.000Z"});
    peer.send(json!({"type": "data", "id": id, "payload": {"data": {"onCreateActivity": entry}}}))
        .await;
    match listener.next().await {
        RealtimeEvent::Activity(ChangeKind::Created, activity) => assert_eq!(activity.entry.kcal, 77),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_lost_connection_is_opened_again_with_new_ids() {
    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    let mut peer = fake.connection().await;
    let before = peer.go_live().await;
    listener.until_live().await;
    drop(peer);
    let mut peer = fake.connection().await;
    let after = peer.go_live().await;
    listener.until_live().await;
    assert!(
        before
            .iter()
            .all(|(_, id)| after.iter().all(|(_, other)| other != id))
    );
}

#[tokio::test]
async fn a_connection_whose_token_is_rejected_is_opened_again_with_a_new_one() {
    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    let mut peer = fake.connection().await;
    peer.send(json!({"type": "connection_error", "payload": {"errors": [
        {"errorType": "UnauthorizedException", "message": "Token has expired.", "errorCode": 401}]}}))
        .await;
    let mut peer = fake.connection().await;
    assert_eq!(peer.authorization()["Authorization"], token(1));
    peer.go_live().await;
    listener.until_live().await;
}

#[tokio::test]
async fn a_denied_field_ends_only_its_own_subscription() {
    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    assert_eq!(listener.state().await, ConnectionState::Connecting);
    let mut peer = fake.connection().await;
    let starts = peer.accept().await;
    let denied = id_of(&starts, "OnDeleteActivity");
    peer.send(
        json!({"type": "error", "id": denied, "payload": {"errors": [{"errorType": "Unauthorized",
        "message": "Not Authorized to access onDeleteActivity on type Subscription"}]}}),
    )
    .await;
    assert!(
        matches!(listener.next().await, RealtimeEvent::Notice(text) if text.contains("onDeleteActivity"))
    );
    for (_, id) in starts.iter().filter(|(_, id)| id != denied) {
        peer.acknowledge(id).await;
    }
    assert_eq!(listener.state().await, ConnectionState::Live);
}

#[tokio::test]
async fn a_rate_limit_means_offline_and_another_attempt() {
    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    assert_eq!(listener.state().await, ConnectionState::Connecting);
    let mut peer = fake.connection().await;
    peer.accept().await;
    peer.send(json!({"type": "error", "payload": {"errors": [{"errorType": "LimitExceededError", "message": "Rate limit exceeded"}]}}))
        .await;
    assert_eq!(listener.state().await, ConnectionState::Offline);
    fake.connection().await.go_live().await;
    assert_eq!(listener.state().await, ConnectionState::Live);
}

#[tokio::test]
async fn without_a_connection_the_state_is_polling_if_the_api_responds() {
    let mut fake = live_fake();
    fake.script().within_reach = true;
    let mut listener = Listener::start(&fake);
    assert_eq!(listener.state().await, ConnectionState::Connecting);
    for _ in 0..3 {
        drop(fake.connection().await);
    }
    // Reported once, however many attempts fail.
    assert_eq!(listener.state().await, ConnectionState::Polling);
    fake.connection().await.go_live().await;
    assert_eq!(listener.state().await, ConnectionState::Live);
}

#[tokio::test]
async fn a_check_of_the_live_connection_reports_rejected_subscriptions() {
    let mut fake = live_fake();
    let client = fake.client();
    let check = tokio::spawn(async move { client.reach_realtime().await });
    let mut peer = fake.connection().await;
    let starts = peer.accept().await;
    let denied = id_of(&starts, "OnDeleteActivity");
    peer.send(json!({"type": "error", "id": denied, "payload": {"errors": [{"errorType": "Unauthorized", "message": "no"}]}}))
        .await;
    for (_, id) in starts.iter().filter(|(_, id)| id != denied) {
        peer.acknowledge(id).await;
    }
    let rejected = soon(check).await.unwrap().unwrap();
    assert!(
        rejected.len() == 1 && rejected[0].contains("OnDeleteActivity"),
        "{rejected:?}"
    );

    let client = fake.client();
    let check = tokio::spawn(async move { client.reach_realtime().await });
    drop(fake.connection().await);
    assert_eq!(
        soon(check).await.unwrap().unwrap_err().kind().name(),
        "unreachable"
    );
}

#[tokio::test]
async fn a_connection_without_keep_alives_is_replaced() {
    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    let mut peer = fake.connection().await;
    peer.send(json!({"type": "connection_ack", "payload": {"connectionTimeoutMs": 1}}))
        .await;
    for _ in 0..5 {
        let start = peer.receive().await;
        peer.acknowledge(start["id"].as_str().unwrap()).await;
    }
    listener.until_live().await;
    // It never sends a keep-alive, so the client opens another connection.
    let _again = fake.connection().await;
}

#[tokio::test]
async fn listening_ends_with_the_session_or_the_receiver() {
    let fake = Fake::start();
    let mut listener = Listener::start(&fake);
    assert_eq!(
        soon(&mut listener.task).await.unwrap().kind().name(),
        "signed_out"
    );

    let mut fake = live_fake();
    let mut listener = Listener::start(&fake);
    fake.connection().await.go_live().await;
    listener.until_live().await;
    listener.events.close();
    while listener.events.recv().await.is_some() {}
    soon(&mut listener.task).await.unwrap();
}

//! The live connection as messages.

use tokio::sync::mpsc;

use super::{convert, event::Event};
use crate::{
    app::{Connection, Message},
    embedded::ShareHandle,
};
use caltrack_client::api::{ApiError, Client};

/// Events that may wait for the core.
const MAX_QUEUED: usize = 64;

/// Follows the signed-in account's changes until dropped or signed out.
pub(super) async fn follow(client: Client, share: Option<ShareHandle>, events: mpsc::Sender<Event>) {
    let send = async |message| {
        // An error means that the program ends.
        let _ = events.send(Event::Message(message)).await;
    };
    // The watch of the host reports if it doesn't respond; once it does, this continues.
    if let Some(share) = share
        && let Err(error) = share.readiness().wait_without_limit().await
    {
        let reason = Some(error.to_string());
        return send(Message::Connection(Connection::Offline { reason })).await;
    }
    let sub = client.account().map(|account| account.sub).unwrap_or_default();
    let (sender, mut changes) = mpsc::channel(MAX_QUEUED);
    let forward = async {
        while let Some(event) = changes.recv().await {
            send(convert::message(event, &sub)).await;
        }
    };
    let (ended, ()) = tokio::join!(client.listen(sender), forward);
    let message = match ended {
        error @ ApiError::SignedOut(_) => Message::SignedOut {
            reason: Some(error.into()),
        },
        error => Message::Connection(Connection::Offline {
            reason: Some(error.to_string()),
        }),
    };
    send(message).await;
}

//! Watches the host of the box.

use tokio::sync::mpsc;

use super::event::Event;
use crate::{
    app::{Connection, Message},
    embedded::{HostStatus, ShareHandle},
};

/// Reports a box that can't be opened, and a host that doesn't respond or does again, until the program ends.
pub(super) async fn watch(share: ShareHandle, events: mpsc::Sender<Event>) {
    let mut readiness = share.readiness();
    let mut silent = false;
    loop {
        let event = match readiness.next().await {
            HostStatus::Failed(error) => Event::StartFailed(error.into()),
            HostStatus::Silent(host) => {
                silent = true;
                let reason = Some(host.in_short());
                Event::Message(Message::Connection(Connection::Offline { reason }))
            }
            HostStatus::Ready if std::mem::take(&mut silent) => Event::HostResponds,
            HostStatus::Ready => continue,
        };
        let is_last = matches!(event, Event::StartFailed(_));
        // An error means that the program ends.
        if events.send(event).await.is_err() || is_last {
            return;
        }
    }
}

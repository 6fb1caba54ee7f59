//! The port to the backend.

use std::fmt;

use caltrack_domain::outbox::{Answer, Command};
use futures_util::{FutureExt as _, future::BoxFuture};

use super::owner::OutboxOwner;
use crate::api::Client;

/// Sends commands; makes one attempt at each.
pub trait OutboxApi: fmt::Debug + Send + Sync {
    /// Sends a command as the owner of the outbox, never as another user. Dropping it abandons the request.
    fn send(&self, command: Command) -> BoxFuture<'static, Answer>;
}

/// The backend of a profile, for the rows of one user.
#[derive(Debug, Clone)]
pub struct ClientApi {
    client: Client,
    sub: String,
}

impl ClientApi {
    /// The port of an owner, by a client of the owner's profile.
    pub fn new(client: &Client, owner: &OutboxOwner) -> Self {
        Self {
            client: client.with_single_attempts(),
            sub: owner.sub.clone(),
        }
    }
}

impl OutboxApi for ClientApi {
    fn send(&self, command: Command) -> BoxFuture<'static, Answer> {
        let Self { client, sub } = self.clone();
        async move { client.send(&sub, &command).await }.boxed()
    }
}

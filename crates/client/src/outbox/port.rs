//! The port to the backend.

use std::fmt;

use caltrack_domain::outbox::{Answer, Command};
use futures_util::future::BoxFuture;

/// Sends commands; makes one attempt at each.
pub trait OutboxApi: fmt::Debug + Send + Sync {
    /// Sends a command as the owner of the outbox, never as another user. Dropping it abandons the request.
    fn send(&self, command: Command) -> BoxFuture<'static, Answer>;
}

//! A backend that accepts requests and doesn't respond.

use std::fmt;

use futures_util::future::BoxFuture;

/// An unresponsive backend, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// What happened, one sentence without its full stop.
    pub message: String,
    /// What to do about it.
    pub next: String,
}

/// Detects an unresponsive backend, where its process can be inspected.
pub trait SilenceWatch: fmt::Debug + Send + Sync {
    /// Completes once the backend is known to be unresponsive, else never. Call it when a request is sent, and drop it
    /// when the response arrives.
    fn silent(&self) -> BoxFuture<'_, Silence>;
}

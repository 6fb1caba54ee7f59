//! A backend that takes requests and answers none.

use std::fmt;

use futures_util::future::BoxFuture;

/// Who is silent, and what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// What happened, one sentence without its full stop.
    pub message: String,
    /// What to do about it.
    pub next: String,
}

/// Finds out whether a backend that hasn't answered yet is silent: for backends whose process can be looked at.
pub trait SilenceWatch: fmt::Debug + Send + Sync {
    /// Completes once the backend is known to answer nobody; never, while it does. To be called when a request is sent, and
    /// dropped when its answer is there.
    fn silent(&self) -> BoxFuture<'_, Silence>;
}

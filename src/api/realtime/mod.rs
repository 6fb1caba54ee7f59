//! Live changes: AppSync's GraphQL subscriptions over WebSocket.
//!
//! Nothing published while a connection is down is ever delivered later. Therefore [`ConnectionState::Live`] is announced only once
//! every subscription is acknowledged: whoever queries after that misses nothing.
//!
//! A token is looked at when a connection opens and when a subscription starts, not per event: an open connection outlives its
//! token, and every new one takes a fresh token.

mod connection;
mod dial;
mod frames;
mod subscriptions;
mod tls;
mod url;

use std::time::{Duration, Instant};

use secrecy::SecretString;
use tokio::sync::mpsc::Sender;

use self::connection::{Connection, Why};
pub use self::url::realtime_url;
use super::{ApiError, ConnectionState, Endpoints, RealtimeEvent, auth::Auth, backoff::Backoff};

/// A connection that held this long proves that the backend is well: the next loss is retried at once.
const STEADY: Duration = Duration::from_secs(5);

/// Follows the caller's changes until nobody is signed in, or nobody receives.
pub(crate) async fn listen(endpoints: &Endpoints, auth: &Auth, events: Sender<RealtimeEvent>) -> ApiError {
    let receiver_gone = || ApiError::Protocol("nobody receives the changes".to_owned());
    let follower = Follower {
        endpoints,
        auth,
        reporter: Reporter::new(&events),
    };
    tokio::select! {
        () = events.closed() => receiver_gone(),
        ended = follower.follow() => ended.unwrap_or_else(|Closed| receiver_gone()),
    }
}

/// A backend in the box changes hands within moments; a network deserves more distance.
const fn backoff(on_socket: bool) -> Backoff {
    if on_socket {
        Backoff::new(Duration::from_millis(25), Duration::from_millis(250))
    } else {
        Backoff::new(Duration::from_secs(1), Duration::from_mins(1))
    }
}

struct Follower<'a> {
    endpoints: &'a Endpoints,
    auth: &'a Auth,
    reporter: Reporter<'a>,
}

/// The receiver is gone.
#[derive(Debug)]
pub(super) struct Closed;

impl Follower<'_> {
    async fn follow(mut self) -> Result<ApiError, Closed> {
        let mut backoff = backoff(self.endpoints.socket.is_some());
        let mut refused: Option<SecretString> = None;
        let mut renewed = false;
        loop {
            self.reporter.connecting().await?;
            let credentials = match refused.take() {
                Some(token) => self.auth.renew(&token).await,
                None => self.auth.credentials().await,
            };
            let mut steady = false;
            let detail = match credentials {
                Err(error @ ApiError::SignedOut(_)) => {
                    self.reporter.state(ConnectionState::Offline).await?;
                    return Ok(error);
                }
                Err(error) => error.to_string(),
                Ok(credentials) => {
                    let mut live_since = None;
                    let why =
                        Connection::run(self.endpoints, &credentials, &mut self.reporter, &mut live_since)
                            .await;
                    if let Some(since) = live_since {
                        renewed = false;
                        steady = Instant::now().duration_since(since) >= STEADY;
                    }
                    match why {
                        Why::Closed(closed) => return Err(closed),
                        Why::Token(detail) if !renewed => {
                            tracing::debug!(detail, "the token is refused; renewing it");
                            refused = Some(credentials.access);
                            renewed = true;
                            continue;
                        }
                        Why::Token(detail) | Why::Lost(detail) => detail,
                    }
                }
            };
            tracing::info!(detail, steady, "the live connection is down");
            if steady {
                backoff.reset();
                continue;
            }
            self.reporter.state(ConnectionState::Offline).await?;
            tokio::time::sleep(backoff.next_wait()).await;
        }
    }
}

/// Tells the receiver, and nothing twice.
pub(super) struct Reporter<'a> {
    events: &'a Sender<RealtimeEvent>,
    state: Option<ConnectionState>,
    noticed: Option<String>,
}

impl<'a> Reporter<'a> {
    const fn new(events: &'a Sender<RealtimeEvent>) -> Self {
        Self {
            events,
            state: None,
            noticed: None,
        }
    }

    /// Attempts after a failed one are not announced: a badge that flickers tells nothing.
    async fn connecting(&mut self) -> Result<(), Closed> {
        match self.state {
            Some(ConnectionState::Offline | ConnectionState::Connecting) => Ok(()),
            Some(ConnectionState::Live) | None => self.state(ConnectionState::Connecting).await,
        }
    }

    async fn state(&mut self, state: ConnectionState) -> Result<(), Closed> {
        if self.state == Some(state) {
            return Ok(());
        }
        self.state = Some(state);
        self.send(RealtimeEvent::Connection(state)).await
    }

    async fn event(&mut self, event: RealtimeEvent) -> Result<(), Closed> {
        if let RealtimeEvent::Notice(text) = &event {
            if self.noticed.as_ref() == Some(text) {
                return Ok(());
            }
            self.noticed = Some(text.clone());
        }
        self.send(event).await
    }

    async fn send(&self, event: RealtimeEvent) -> Result<(), Closed> {
        self.events.send(event).await.map_err(|_| Closed)
    }
}

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

use std::time::Duration;

use secrecy::SecretString;
use tokio::{
    sync::mpsc::Sender,
    time::{Instant, sleep_until},
};

use self::connection::{Connection, Why};
pub use self::url::realtime_url;
use super::{
    ApiError, ConnectionState, Endpoints, RealtimeEvent, auth::Auth, backoff::Backoff, checkup, http::Http,
};

/// How often a client looks where no connection stands. A look is one query.
const BETWEEN_LOOKS: Duration = Duration::from_secs(15);

/// A connection that held this long proves that the backend is well: the next loss is retried at once.
const STEADY: Duration = Duration::from_secs(5);

/// Follows the caller's changes until nobody is signed in, or nobody receives.
pub(crate) async fn listen(
    endpoints: &Endpoints,
    http: &Http,
    auth: &Auth,
    events: Sender<RealtimeEvent>,
) -> ApiError {
    let receiver_gone = || ApiError::Protocol("nobody receives the changes".to_owned());
    let follower = Follower {
        endpoints,
        http,
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

/// Opens a connection, waits until it is live, and closes it: what the server had to say on the way, such as a refused subscription.
pub(crate) async fn try_once(endpoints: &Endpoints, auth: &Auth) -> Result<Vec<String>, ApiError> {
    let credentials = auth.credentials().await?;
    let (sender, mut events) = tokio::sync::mpsc::channel(16);
    let mut reporter = Reporter::new(&sender);
    let mut live_since = None;
    let connection = Connection::run(endpoints, &credentials, &mut reporter, &mut live_since);
    let watching = async {
        let mut notices = Vec::new();
        while let Some(event) = events.recv().await {
            match event {
                RealtimeEvent::Connection(ConnectionState::Live) => break,
                RealtimeEvent::Notice(text) => notices.push(text),
                RealtimeEvent::Connection(_)
                | RealtimeEvent::Activity(..)
                | RealtimeEvent::Totals(_)
                | RealtimeEvent::Look => {}
            }
        }
        notices
    };
    tokio::select! {
        biased;
        notices = watching => Ok(notices),
        why = connection => Err(match why {
            Why::Token(detail) => ApiError::Unauthorized(detail),
            Why::Lost(detail) => ApiError::Unreachable(detail),
            Why::Closed(Closed) => ApiError::Protocol("nobody receives the changes".to_owned()),
        }),
    }
}

struct Follower<'a> {
    endpoints: &'a Endpoints,
    http: &'a Http,
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
            if self.answers().await {
                self.reporter.state(ConnectionState::Polling).await?;
                self.reporter.poll_for(backoff.next_wait()).await?;
            } else {
                self.reporter.state(ConnectionState::Offline).await?;
                tokio::time::sleep(backoff.next_wait()).await;
            }
        }
    }

    /// Whether the API answers without a socket.
    async fn answers(&self) -> bool {
        let answer = checkup::ask(self.endpoints, &self.http.unwatched(), self.auth).await;
        answer.is_ok_and(|answer| answer.status == 200)
    }
}

/// Tells the receiver, and nothing twice.
pub(super) struct Reporter<'a> {
    events: &'a Sender<RealtimeEvent>,
    state: Option<ConnectionState>,
    looked: Instant,
    noticed: Option<String>,
}

impl<'a> Reporter<'a> {
    fn new(events: &'a Sender<RealtimeEvent>) -> Self {
        Self {
            events,
            state: None,
            looked: Instant::now(),
            noticed: None,
        }
    }

    /// Attempts after a failed one are not announced: a badge that flickers tells nothing.
    async fn connecting(&mut self) -> Result<(), Closed> {
        match self.state {
            Some(ConnectionState::Offline | ConnectionState::Polling | ConnectionState::Connecting) => Ok(()),
            Some(ConnectionState::Live) | None => self.state(ConnectionState::Connecting).await,
        }
    }

    async fn state(&mut self, state: ConnectionState) -> Result<(), Closed> {
        if self.state == Some(state) {
            return Ok(());
        }
        self.state = Some(state);
        self.looked = Instant::now();
        self.send(RealtimeEvent::Connection(state)).await
    }

    /// Waits, and has the receiver look whenever it is time. Coming to poll is a look of its own.
    async fn poll_for(&mut self, wait: Duration) -> Result<(), Closed> {
        let end = Instant::now() + wait;
        loop {
            let due = self.looked + BETWEEN_LOOKS;
            if due <= Instant::now() {
                self.looked = Instant::now();
                self.send(RealtimeEvent::Look).await?;
            }
            if end <= Instant::now() {
                return Ok(());
            }
            sleep_until(end.min(due.max(Instant::now()))).await;
        }
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

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    /// Attempts follow each other at any pace, and take their time; looks keep theirs.
    #[tokio::test(start_paused = true)]
    async fn while_polling_the_receiver_looks_every_quarter_of_a_minute() {
        let (sender, mut events) = mpsc::channel(64);
        let mut reporter = Reporter::new(&sender);
        reporter.state(ConnectionState::Polling).await.unwrap();
        let begun = Instant::now();
        for wait in [1, 2, 4, 8, 16, 60] {
            reporter.poll_for(Duration::from_secs(wait)).await.unwrap();
            // An attempt that nobody answers.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let passed = begun.elapsed().as_secs();
        let mut looks = 0;
        while let Ok(event) = events.try_recv() {
            looks += u64::from(event == RealtimeEvent::Look);
        }
        assert!(
            (passed / 16..=passed / 15).contains(&looks),
            "{looks} in {passed} s"
        );
    }
}

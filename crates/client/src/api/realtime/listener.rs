//! Follows live changes over one connection after another.

use std::time::Duration;

use secrecy::SecretString;
use tokio::{sync::mpsc::Sender, time::Instant};

use super::{
    connection::{ConnectionEnd, LiveConnection},
    reporter::{ReceiverGone, Reporter},
};
use crate::{
    api::{
        model::{ConnectionState, RealtimeEvent},
        ping::ping,
    },
    endpoints::Endpoints,
    error::ApiError,
    http::{HttpClient, delays_for_ever},
    session::Auth,
};

/// A connection that was live for this long proves that the backend works: after its loss the first attempt is immediate.
const STEADY: Duration = Duration::from_secs(5);

/// Follows the user's changes until the session ends, or the receiver is gone.
pub(in crate::api) async fn listen(
    endpoints: &Endpoints,
    http: &HttpClient,
    auth: &Auth,
    events: Sender<RealtimeEvent>,
) -> ApiError {
    let listener = Listener {
        endpoints,
        http,
        auth,
        reporter: Reporter::new(&events),
    };
    tokio::select! {
        () = events.closed() => receiver_gone(),
        ended = listener.run() => ended.unwrap_or_else(|ReceiverGone| receiver_gone()),
    }
}

fn receiver_gone() -> ApiError {
    ApiError::Protocol("the receiver of live changes is gone".to_owned())
}

/// The delays between attempts: another program takes over the box within moments; a network needs more.
fn delays(on_socket: bool) -> Box<dyn Iterator<Item = Duration> + Send> {
    if on_socket {
        Box::new(delays_for_ever(
            Duration::from_millis(25),
            Duration::from_millis(250),
        ))
    } else {
        Box::new(delays_for_ever(Duration::from_secs(1), Duration::from_mins(1)))
    }
}

/// Opens a connection, waits until it is live, and closes it. Returns the server's notices, such as a rejected
/// subscription.
pub(in crate::api) async fn try_once(endpoints: &Endpoints, auth: &Auth) -> Result<Vec<String>, ApiError> {
    let credentials = auth.credentials().await?;
    let (sender, mut events) = tokio::sync::mpsc::channel(16);
    let mut reporter = Reporter::new(&sender);
    let mut live_since = None;
    let connection = LiveConnection::run(endpoints, &credentials, &mut reporter, &mut live_since);
    let notices = async {
        let mut notices = Vec::new();
        while let Some(event) = events.recv().await {
            match event {
                RealtimeEvent::Connection(ConnectionState::Live) => break,
                RealtimeEvent::Notice(text) => notices.push(text),
                RealtimeEvent::Connection(_)
                | RealtimeEvent::Activity(..)
                | RealtimeEvent::Totals(_)
                | RealtimeEvent::PollTick => {}
            }
        }
        notices
    };
    tokio::select! {
        biased;
        notices = notices => Ok(notices),
        end = connection => Err(match end {
            ConnectionEnd::Token(detail) => ApiError::Unauthorized(detail),
            ConnectionEnd::Lost(detail) => ApiError::Unreachable(detail),
            ConnectionEnd::ReceiverGone => receiver_gone(),
        }),
    }
}

struct Listener<'a> {
    endpoints: &'a Endpoints,
    http: &'a HttpClient,
    auth: &'a Auth,
    reporter: Reporter<'a>,
}

impl Listener<'_> {
    async fn run(mut self) -> Result<ApiError, ReceiverGone> {
        let on_socket = self.endpoints.socket.is_some();
        let mut waits = delays(on_socket);
        let mut rejected: Option<SecretString> = None;
        let mut renewed = false;
        loop {
            self.reporter.connecting().await?;
            let credentials = match rejected.take() {
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
                    let end = LiveConnection::run(
                        self.endpoints,
                        &credentials,
                        &mut self.reporter,
                        &mut live_since,
                    )
                    .await;
                    if let Some(since) = live_since {
                        renewed = false;
                        steady = Instant::now().duration_since(since) >= STEADY;
                    }
                    match end {
                        ConnectionEnd::ReceiverGone => return Err(ReceiverGone),
                        ConnectionEnd::Token(detail) if !renewed => {
                            tracing::debug!(detail, "the token was rejected and is renewed");
                            rejected = Some(credentials.access);
                            renewed = true;
                            continue;
                        }
                        ConnectionEnd::Token(detail) | ConnectionEnd::Lost(detail) => detail,
                    }
                }
            };
            tracing::info!(detail, steady, "the live connection is down");
            if steady {
                waits = delays(on_socket);
                continue;
            }
            let wait = waits.next().unwrap_or(STEADY);
            if self.api_responds().await {
                self.reporter.state(ConnectionState::Polling).await?;
                self.reporter.poll_for(wait).await?;
            } else {
                self.reporter.state(ConnectionState::Offline).await?;
                tokio::time::sleep(wait).await;
            }
        }
    }

    /// Whether the API responds over HTTP.
    async fn api_responds(&self) -> bool {
        let response = ping(self.endpoints, &self.http.unwatched(), self.auth).await;
        response.is_ok_and(|response| response.status == 200)
    }
}

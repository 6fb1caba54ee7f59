//! Follows live changes over one connection after another.

use std::time::Duration;

use tokio::{
    sync::{mpsc::Sender, watch},
    time::{Instant, timeout},
};

use super::{
    connection::{ConnectionEnd, LiveConnection, STEP_TIME},
    reporter::{ReceiverGone, Reporter},
    signals::Signals,
    wake,
};
use crate::{
    api::{
        model::{ConnectionState, RealtimeEvent},
        ping::ping,
    },
    endpoints::Endpoints,
    error::ApiError,
    http::{HttpClient, Overdue, delays_for_ever},
    session::{ApiCredentials, Auth},
};

/// A connection that was live for this long proves that the backend works: after its loss, delays start over.
const STEADY: Duration = Duration::from_secs(5);

/// Follows the user's changes until the session ends, or the receiver is gone.
pub(in crate::api) async fn listen(
    endpoints: &Endpoints,
    http: &HttpClient,
    auth: &Auth,
    events: Sender<RealtimeEvent>,
) -> ApiError {
    let wakes = watch::Sender::new(0);
    let listener = Listener {
        endpoints,
        http,
        auth,
        reporter: Reporter::new(&events),
        signals: Signals {
            wakes: wakes.subscribe(),
            overdue: http.overdue().subscribe(),
            known: 0,
        },
    };
    let on_network = endpoints.socket.is_none();
    tokio::select! {
        () = events.closed() => receiver_gone(),
        // A socket file is of this computer, and sleeps with it.
        never = wake::observe(&wakes), if on_network => match never {},
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
    let credentials = auth.api_credentials().await?;
    let (sender, mut events) = tokio::sync::mpsc::channel(16);
    let mut reporter = Reporter::new(&sender);
    let mut live_since = None;
    let (_, wakes) = watch::channel(0);
    let (_, overdue) = watch::channel(Overdue::default());
    let mut signals = Signals {
        wakes,
        overdue,
        known: 0,
    };
    let connection = LiveConnection::run(
        endpoints,
        &credentials,
        &mut signals,
        &mut reporter,
        &mut live_since,
    );
    let notices = async {
        let mut notices = Vec::new();
        while let Some(event) = events.recv().await {
            match event {
                RealtimeEvent::Connection(ConnectionState::Live) => break,
                RealtimeEvent::Notice(text) => notices.push(text),
                RealtimeEvent::Connection(_)
                | RealtimeEvent::Activity(..)
                | RealtimeEvent::Totals(_)
                | RealtimeEvent::User { .. }
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
            ConnectionEnd::Woken => ApiError::Unreachable("the network has changed".to_owned()),
            ConnectionEnd::ReceiverGone => receiver_gone(),
        }),
    }
}

struct Listener<'a> {
    endpoints: &'a Endpoints,
    http: &'a HttpClient,
    auth: &'a Auth,
    reporter: Reporter<'a>,
    signals: Signals,
}

impl Listener<'_> {
    async fn run(mut self) -> Result<ApiError, ReceiverGone> {
        let on_socket = self.endpoints.socket.is_some();
        let mut waits = delays(on_socket);
        let mut rejected: Option<ApiCredentials> = None;
        let mut renewed = false;
        loop {
            self.reporter.connecting().await?;
            let credentials = match rejected.take() {
                Some(credentials) => self.auth.renew(&credentials).await,
                None => self.auth.api_credentials().await,
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
                        &mut self.signals,
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
                        ConnectionEnd::Woken => continue,
                        ConnectionEnd::Token(detail) if !renewed => {
                            tracing::debug!(detail, "the token was rejected and is renewed");
                            rejected = Some(credentials);
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
                // A backend that restarts loses all its clients at once.
                if !on_socket {
                    self.reporter.connecting().await?;
                    self.pause(waits.next().unwrap_or(STEADY), false).await?;
                }
                continue;
            }
            let wait = waits.next().unwrap_or(STEADY);
            let responds = self.api_responds().await;
            let state = if responds {
                ConnectionState::Polling
            } else {
                ConnectionState::Offline
            };
            self.reporter.state(state).await?;
            if self.pause(wait, responds).await? == Pause::Cut {
                waits = delays(on_socket);
            }
        }
    }

    /// Waits before the next attempt, but no longer than until the computer or its network comes back. Sends poll ticks
    /// if the API responds.
    async fn pause(&mut self, wait: Duration, polls: bool) -> Result<Pause, ReceiverGone> {
        let waiting = async {
            if polls {
                self.reporter.poll_for(wait).await
            } else {
                tokio::time::sleep(wait).await;
                Ok(())
            }
        };
        tokio::select! {
            waited = waiting => waited.map(|()| Pause::Over),
            Ok(()) = self.signals.wakes.changed() => Ok(Pause::Cut),
        }
    }

    /// Whether the API responds over HTTP.
    async fn api_responds(&self) -> bool {
        let http = self.http.unwatched();
        let response = timeout(STEP_TIME, ping(self.endpoints, &http, self.auth)).await;
        response.is_ok_and(|response| response.is_ok_and(|response| response.status == 200))
    }
}

/// How a pause between two attempts ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pause {
    Over,
    Cut,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tokio::sync::mpsc;

    use super::*;
    use crate::session::SessionFile;

    #[tokio::test(start_paused = true)]
    async fn a_pause_ends_at_once_when_the_computer_or_its_network_comes_back() {
        crate::api::install_crypto();
        let endpoints = Endpoints::on_socket(Path::new("/nowhere"), "us-east-1_A", "c");
        let http = HttpClient::new(&endpoints, None).unwrap();
        let session = SessionFile::new(Path::new("/nowhere/session.json").to_owned());
        let auth = Auth::new(http.clone(), &endpoints, session);
        let (events, _receiver) = mpsc::channel(16);
        let wakes = watch::Sender::new(0);
        let mut listener = Listener {
            endpoints: &endpoints,
            http: &http,
            auth: &auth,
            reporter: Reporter::new(&events),
            signals: Signals {
                wakes: wakes.subscribe(),
                overdue: http.overdue().subscribe(),
                known: 0,
            },
        };
        let minute = Duration::from_mins(1);
        for polls in [false, true] {
            let begun = Instant::now();
            assert_eq!(listener.pause(minute, polls).await.unwrap(), Pause::Over);
            assert_eq!(begun.elapsed(), minute);
            wakes.send_modify(|count| *count += 1);
            assert_eq!(listener.pause(minute, polls).await.unwrap(), Pause::Cut);
            assert_eq!(begun.elapsed(), minute);
        }
    }
}

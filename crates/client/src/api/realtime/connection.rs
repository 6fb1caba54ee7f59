//! One live connection, from the upgrade to its end.

use std::{convert::Infallible, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use uuid::Uuid;

use super::{
    dial::{Socket, dial},
    frames::{self, FrameError, ServerFrame},
    probe::{Liveness, Step},
    reporter::{ReceiverGone, Reporter},
    signals::{Signal, Signals},
    subscriptions::Subscription,
};
use crate::{
    api::model::{ConnectionState, RealtimeEvent},
    endpoints::Endpoints,
    error::ApiError,
    session::ApiCredentials,
};

/// Time limit of each of these: dialling, the acknowledgement, and all subscriptions together.
pub(super) const STEP_TIME: Duration = Duration::from_secs(15);

/// The body that a signature of the connection covers.
const CONNECT_BODY: &str = "{}";

/// Why a connection ended.
pub(super) enum ConnectionEnd {
    /// The token was rejected; another one may be accepted.
    Token(String),
    /// Any other reason; connecting again may help.
    Lost(String),
    /// The computer or its network came back while the connection was being opened.
    Woken,
    /// The receiver is gone.
    ReceiverGone,
}

impl From<ReceiverGone> for ConnectionEnd {
    fn from(_: ReceiverGone) -> Self {
        Self::ReceiverGone
    }
}

impl From<ApiError> for ConnectionEnd {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Unreachable(detail) => Self::Lost(detail),
            other => Self::Lost(other.to_string()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SubscriptionState {
    Pending,
    Live,
    Rejected,
}

/// A subscription on this connection.
struct Slot {
    id: String,
    subscription: Subscription,
    state: SubscriptionState,
}

/// A connection and the subscriptions on it.
pub(super) struct LiveConnection<'c, 'r> {
    socket: Socket,
    /// The server's limit of a silence: a connection without a frame for longer is dead.
    silence: Duration,
    signals: &'c mut Signals,
    slots: Vec<Slot>,
    reporter: &'c mut Reporter<'r>,
    live_since: &'c mut Option<Instant>,
}

impl<'c, 'r> LiveConnection<'c, 'r> {
    /// Connects, subscribes and reports until the connection ends. Sets `live_since` to the time when it became live.
    pub(super) async fn run(
        endpoints: &Endpoints,
        credentials: &ApiCredentials,
        signals: &'c mut Signals,
        reporter: &'c mut Reporter<'r>,
        live_since: &'c mut Option<Instant>,
    ) -> ConnectionEnd {
        let graphql = &endpoints.graphql;
        let authorization = match credentials.header_object(graphql, "/connect", CONNECT_BODY) {
            Ok(authorization) => authorization,
            Err(error) => return error.into(),
        };
        signals.clear();
        let mut wakes = signals.wakes.clone();
        let opening = async {
            let dialling = async { Ok(dial(endpoints, &authorization).await?) };
            let mut connection = Self {
                socket: in_time(dialling).await?,
                silence: STEP_TIME,
                signals,
                slots: Vec::new(),
                reporter,
                live_since,
            };
            connection.subscribe(credentials, graphql).await?;
            Ok(connection)
        };
        let opened = tokio::select! {
            opened = opening => opened,
            Ok(()) = wakes.changed() => Err(ConnectionEnd::Woken),
        };
        match opened {
            Ok(mut connection) => match connection.follow().await {
                Err(why) => why,
            },
            Err(why) => why,
        }
    }

    async fn subscribe(&mut self, credentials: &ApiCredentials, graphql: &str) -> Result<(), ConnectionEnd> {
        let sub = credentials.account()?.sub.as_str();
        self.send(frames::connection_init()).await?;
        in_time(self.acknowledged()).await?;
        for subscription in Subscription::ALL {
            let id = Uuid::new_v4().to_string();
            let body = subscription.body(sub)?;
            let authorization = credentials.header_object(graphql, "", &body)?;
            self.send(frames::start(&id, &body, &authorization)).await?;
            self.slots.push(Slot {
                id,
                subscription,
                state: SubscriptionState::Pending,
            });
        }
        in_time(self.subscribed()).await
    }

    async fn follow(&mut self) -> Result<Infallible, ConnectionEnd> {
        *self.live_since = Some(Instant::now());
        self.reporter.state(ConnectionState::Live).await?;
        self.signals.clear();
        let mut liveness = Liveness::new(self.silence);
        loop {
            let (step, due) = liveness.next();
            tokio::select! {
                frame = receive(&mut self.socket) => {
                    let frame = frame?;
                    if liveness.heard() && !self.signals.is_unanswered() {
                        self.reporter.state(ConnectionState::Live).await?;
                    }
                    self.take(frame).await?;
                }
                signal = self.signals.next() => match signal {
                    Signal::Ended => {
                        if liveness.is_trusted() && !self.signals.is_unanswered() {
                            self.reporter.state(ConnectionState::Live).await?;
                        }
                    }
                    Signal::Overdue | Signal::Woken => {
                        if signal == Signal::Overdue {
                            self.reporter.state(ConnectionState::Connecting).await?;
                        }
                        if liveness.doubt() {
                            self.ping().await?;
                        }
                    }
                },
                () = sleep_until(due) => match step {
                    Step::Probe => {
                        if liveness.doubt() {
                            self.ping().await?;
                        }
                    }
                    Step::Report => {
                        liveness.reported();
                        self.reporter.state(ConnectionState::Connecting).await?;
                    }
                    Step::End => return Err(lost("the server sent nothing for too long")),
                },
            }
        }
    }

    async fn ping(&mut self) -> Result<(), ConnectionEnd> {
        in_time(async {
            let sent = self.socket.send(Message::Ping(Bytes::new())).await;
            sent.map_err(|error| ConnectionEnd::Lost(error.to_string()))
        })
        .await
    }

    async fn acknowledged(&mut self) -> Result<(), ConnectionEnd> {
        loop {
            match receive(&mut self.socket).await? {
                Some(ServerFrame::ConnectionAck { timeout }) => {
                    self.silence = timeout;
                    return Ok(());
                }
                frame => self.take(frame).await?,
            }
        }
    }

    async fn subscribed(&mut self) -> Result<(), ConnectionEnd> {
        while self
            .slots
            .iter()
            .any(|slot| slot.state == SubscriptionState::Pending)
        {
            let frame = receive(&mut self.socket).await?;
            self.take(frame).await?;
        }
        Ok(())
    }

    async fn send(&mut self, frame: String) -> Result<(), ConnectionEnd> {
        self.socket
            .send(Message::text(frame))
            .await
            .map_err(|error| ConnectionEnd::Lost(error.to_string()))
    }

    async fn take(&mut self, frame: Option<ServerFrame>) -> Result<(), ConnectionEnd> {
        match frame {
            None | Some(ServerFrame::KeepAlive | ServerFrame::ConnectionAck { .. }) => Ok(()),
            Some(ServerFrame::Unknown { kind }) => {
                tracing::debug!(kind, "a frame of an unknown type was ignored");
                Ok(())
            }
            Some(ServerFrame::StartAck { id }) => {
                if let Some(slot) = self.slot(&id) {
                    slot.state = SubscriptionState::Live;
                }
                Ok(())
            }
            Some(ServerFrame::Data { id, data }) => match self.slot(&id) {
                Some(slot) => {
                    let event = slot.subscription.event(data);
                    Ok(self.reporter.event(event).await?)
                }
                None => Ok(()),
            },
            Some(ServerFrame::Error { id, errors }) => self.failed(id.as_deref(), &errors).await,
            Some(ServerFrame::ConnectionError { errors }) => Err(end_of(&errors)),
            Some(ServerFrame::Complete { id }) => match self.slot(&id) {
                Some(_) => Err(lost("the server ended a subscription")),
                None => Ok(()),
            },
        }
    }

    /// A denied field ends only that subscription: a new connection would fail in the same way.
    async fn failed(&mut self, id: Option<&str>, errors: &[FrameError]) -> Result<(), ConnectionEnd> {
        let permanent = errors.iter().all(FrameError::is_permanent);
        let (Some(slot), true) = (id.and_then(|id| self.slot(id)), permanent) else {
            return Err(end_of(errors));
        };
        slot.state = SubscriptionState::Rejected;
        let kind = slot.subscription.name();
        if self
            .slots
            .iter()
            .all(|slot| slot.state == SubscriptionState::Rejected)
        {
            return Err(ConnectionEnd::Lost(text(errors)));
        }
        let notice = format!(
            "the backend rejects one kind of live changes ({kind}): {}",
            text(errors)
        );
        Ok(self.reporter.event(RealtimeEvent::Notice(notice)).await?)
    }

    fn slot(&mut self, id: &str) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.id == id)
    }
}

/// The next frame; `None` for a message without one, such as a ping.
async fn receive(socket: &mut Socket) -> Result<Option<ServerFrame>, ConnectionEnd> {
    let message = socket
        .next()
        .await
        .ok_or_else(|| lost("the server ended the connection"))?
        .map_err(|error| ConnectionEnd::Lost(error.to_string()))?;
    match message {
        Message::Text(text) => match frames::parse(text.as_str()) {
            Ok(frame) => Ok(Some(frame)),
            Err(error) => Err(ConnectionEnd::Lost(error.to_string())),
        },
        Message::Close(_) => Err(lost("the server closed the connection")),
        Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(None),
    }
}

fn lost(detail: &str) -> ConnectionEnd {
    ConnectionEnd::Lost(detail.to_owned())
}

fn end_of(errors: &[FrameError]) -> ConnectionEnd {
    if errors.iter().any(FrameError::is_about_token) {
        ConnectionEnd::Token(text(errors))
    } else {
        ConnectionEnd::Lost(text(errors))
    }
}

fn text(errors: &[FrameError]) -> String {
    errors.iter().map(FrameError::text).collect::<Vec<_>>().join("; ")
}

async fn in_time<T>(step: impl Future<Output = Result<T, ConnectionEnd>>) -> Result<T, ConnectionEnd> {
    timeout(STEP_TIME, step)
        .await
        .unwrap_or_else(|_| Err(lost("no response in time")))
}

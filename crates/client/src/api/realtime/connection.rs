//! One live connection, from the upgrade to its end.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::Uri;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use super::{
    dial::{Socket, dial},
    frames::{self, FrameError, ServerFrame},
    reporter::{ReceiverGone, Reporter},
    subscriptions::Subscription,
};
use crate::{
    api::model::{ConnectionState, RealtimeEvent},
    endpoints::Endpoints,
    error::ApiError,
    session::Credentials,
};

/// Time limit of each of these: dialling, the acknowledgement, and all subscriptions together.
const STEP_TIME: Duration = Duration::from_secs(15);

/// Why a connection ended.
pub(super) enum ConnectionEnd {
    /// The token was rejected; another one may be accepted.
    Token(String),
    /// Any other reason; connecting again may help.
    Lost(String),
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
    /// A connection without a frame for longer than this is dead.
    keep_alive: Duration,
    slots: Vec<Slot>,
    reporter: &'c mut Reporter<'r>,
    live_since: &'c mut Option<Instant>,
}

impl<'c, 'r> LiveConnection<'c, 'r> {
    /// Connects, subscribes and reports until the connection ends. Sets `live_since` to the time when it became live.
    pub(super) async fn run(
        endpoints: &Endpoints,
        credentials: &Credentials,
        reporter: &'c mut Reporter<'r>,
        live_since: &'c mut Option<Instant>,
    ) -> ConnectionEnd {
        let authorization = match authorization(endpoints, credentials) {
            Ok(authorization) => authorization,
            Err(error) => return error.into(),
        };
        let socket = match timeout(STEP_TIME, dial(endpoints, &authorization)).await {
            Ok(Ok(socket)) => socket,
            Ok(Err(error)) => return error.into(),
            Err(_) => return ConnectionEnd::Lost("no response in time".to_owned()),
        };
        let connection = Self {
            socket,
            keep_alive: STEP_TIME,
            slots: Vec::new(),
            reporter,
            live_since,
        };
        match connection.follow(&authorization, &credentials.account.sub).await {
            Err(why) => why,
        }
    }

    async fn follow(
        mut self,
        authorization: &Value,
        sub: &str,
    ) -> Result<std::convert::Infallible, ConnectionEnd> {
        self.send(frames::connection_init()).await?;
        in_time(self.acknowledged()).await?;
        for subscription in Subscription::ALL {
            let id = Uuid::new_v4().to_string();
            let body = subscription.body(sub)?;
            self.send(frames::start(&id, &body, authorization)).await?;
            self.slots.push(Slot {
                id,
                subscription,
                state: SubscriptionState::Pending,
            });
        }
        in_time(self.subscribed()).await?;
        *self.live_since = Some(Instant::now());
        self.reporter.state(ConnectionState::Live).await?;
        loop {
            let frame = timeout(self.keep_alive, self.receive())
                .await
                .map_err(|_| ConnectionEnd::Lost("the server sent nothing for too long".to_owned()))??;
            self.take(frame).await?;
        }
    }

    async fn acknowledged(&mut self) -> Result<(), ConnectionEnd> {
        loop {
            match self.receive().await? {
                Some(ServerFrame::ConnectionAck { timeout }) => {
                    self.keep_alive = timeout;
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
            let frame = self.receive().await?;
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

    /// The next frame; `None` for a message without one, such as a ping.
    async fn receive(&mut self) -> Result<Option<ServerFrame>, ConnectionEnd> {
        let message = self
            .socket
            .next()
            .await
            .ok_or_else(|| ConnectionEnd::Lost("the server ended the connection".to_owned()))?
            .map_err(|error| ConnectionEnd::Lost(error.to_string()))?;
        match message {
            Message::Text(text) => match frames::parse(text.as_str()) {
                Ok(frame) => Ok(Some(frame)),
                Err(error) => Err(ConnectionEnd::Lost(error.to_string())),
            },
            Message::Close(_) => Err(ConnectionEnd::Lost("the server closed the connection".to_owned())),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(None),
        }
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
                Some(_) => Err(ConnectionEnd::Lost("the server ended a subscription".to_owned())),
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

/// The object that authorises the connection and each subscription.
fn authorization(endpoints: &Endpoints, credentials: &Credentials) -> Result<Value, ApiError> {
    let uri: Uri = endpoints
        .graphql
        .parse()
        .map_err(|_| ApiError::Rejected(format!("`{}` is not an address", endpoints.graphql)))?;
    let host = uri.authority().map_or("", |authority| authority.as_str());
    Ok(json!({"host": host, "Authorization": credentials.access.expose_secret()}))
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

async fn in_time(step: impl Future<Output = Result<(), ConnectionEnd>>) -> Result<(), ConnectionEnd> {
    timeout(STEP_TIME, step)
        .await
        .unwrap_or_else(|_| Err(ConnectionEnd::Lost("no response in time".to_owned())))
}

//! One connection, from the upgrade to its end.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::Uri;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use super::{
    Closed, Reporter,
    dial::{Socket, dial},
    frames::{self, FrameError, ServerFrame},
    subscriptions::Subscription,
};
use crate::api::{ApiError, ConnectionState, Endpoints, RealtimeEvent, auth::Credentials};

/// How long each of dialling, the acknowledgement and all subscriptions together may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a connection ended.
pub(super) enum Why {
    /// The token is refused; another one may be accepted.
    Token(String),
    /// Anything else; trying again is all there is to do.
    Lost(String),
    /// The receiver is gone.
    Closed(Closed),
}

impl From<Closed> for Why {
    fn from(closed: Closed) -> Self {
        Self::Closed(closed)
    }
}

impl From<ApiError> for Why {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Unreachable(detail) => Self::Lost(detail),
            other => Self::Lost(other.to_string()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Pending,
    Live,
    Refused,
}

struct Slot {
    id: String,
    subscription: Subscription,
    progress: Progress,
}

/// A connection and the subscriptions on it.
pub(super) struct Connection<'c, 'r> {
    socket: Socket,
    /// Silence longer than this means that the connection is dead.
    silence: Duration,
    slots: Vec<Slot>,
    reporter: &'c mut Reporter<'r>,
    live_since: &'c mut Option<Instant>,
}

impl<'c, 'r> Connection<'c, 'r> {
    /// Connects, subscribes and reports until the end. `live_since` tells when it was live, if ever.
    pub(super) async fn run(
        endpoints: &Endpoints,
        credentials: &Credentials,
        reporter: &'c mut Reporter<'r>,
        live_since: &'c mut Option<Instant>,
    ) -> Why {
        let authorization = match authorization(endpoints, credentials) {
            Ok(authorization) => authorization,
            Err(error) => return error.into(),
        };
        let socket = match timeout(PATIENCE, dial(endpoints, &authorization)).await {
            Ok(Ok(socket)) => socket,
            Ok(Err(error)) => return error.into(),
            Err(_) => return Why::Lost("no answer in time".to_owned()),
        };
        let connection = Self {
            socket,
            silence: PATIENCE,
            slots: Vec::new(),
            reporter,
            live_since,
        };
        match connection.follow(&authorization, &credentials.account.sub).await {
            Err(why) => why,
        }
    }

    async fn follow(mut self, authorization: &Value, sub: &str) -> Result<std::convert::Infallible, Why> {
        self.send(frames::connection_init()).await?;
        in_time(self.acknowledged()).await?;
        for subscription in Subscription::ALL {
            let id = Uuid::new_v4().to_string();
            let body = subscription.body(sub)?;
            self.send(frames::start(&id, &body, authorization)).await?;
            self.slots.push(Slot {
                id,
                subscription,
                progress: Progress::Pending,
            });
        }
        in_time(self.subscribed()).await?;
        *self.live_since = Some(Instant::now());
        self.reporter.state(ConnectionState::Live).await?;
        loop {
            let frame = timeout(self.silence, self.receive())
                .await
                .map_err(|_| Why::Lost("the server fell silent".to_owned()))??;
            self.take(frame).await?;
        }
    }

    async fn acknowledged(&mut self) -> Result<(), Why> {
        loop {
            match self.receive().await? {
                Some(ServerFrame::ConnectionAck { timeout }) => {
                    self.silence = timeout;
                    return Ok(());
                }
                frame => self.take(frame).await?,
            }
        }
    }

    async fn subscribed(&mut self) -> Result<(), Why> {
        while self.slots.iter().any(|slot| slot.progress == Progress::Pending) {
            let frame = self.receive().await?;
            self.take(frame).await?;
        }
        Ok(())
    }

    async fn send(&mut self, frame: String) -> Result<(), Why> {
        self.socket
            .send(Message::text(frame))
            .await
            .map_err(|error| Why::Lost(error.to_string()))
    }

    /// The next frame; `None` for a message that only proves life.
    async fn receive(&mut self) -> Result<Option<ServerFrame>, Why> {
        let message = self
            .socket
            .next()
            .await
            .ok_or_else(|| Why::Lost("the server ended the connection".to_owned()))?
            .map_err(|error| Why::Lost(error.to_string()))?;
        match message {
            Message::Text(text) => match frames::parse(text.as_str()) {
                Ok(frame) => Ok(Some(frame)),
                Err(error) => Err(Why::Lost(error.to_string())),
            },
            Message::Close(_) => Err(Why::Lost("the server closed the connection".to_owned())),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(None),
        }
    }

    async fn take(&mut self, frame: Option<ServerFrame>) -> Result<(), Why> {
        match frame {
            None | Some(ServerFrame::KeepAlive | ServerFrame::ConnectionAck { .. }) => Ok(()),
            Some(ServerFrame::Unknown { kind }) => {
                tracing::debug!(kind, "a frame of an unknown type");
                Ok(())
            }
            Some(ServerFrame::StartAck { id }) => {
                if let Some(slot) = self.slot(&id) {
                    slot.progress = Progress::Live;
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
            Some(ServerFrame::ConnectionError { errors }) => Err(refusal(&errors)),
            Some(ServerFrame::Complete { id }) => match self.slot(&id) {
                Some(_) => Err(Why::Lost("the server ended a subscription".to_owned())),
                None => Ok(()),
            },
        }
    }

    /// A denied field costs that subscription alone: reconnecting for it would go on for ever.
    async fn failed(&mut self, id: Option<&str>, errors: &[FrameError]) -> Result<(), Why> {
        let for_good = errors.iter().all(FrameError::is_for_good);
        let (Some(slot), true) = (id.and_then(|id| self.slot(id)), for_good) else {
            return Err(refusal(errors));
        };
        slot.progress = Progress::Refused;
        let kind = slot.subscription.name();
        if self.slots.iter().all(|slot| slot.progress == Progress::Refused) {
            return Err(Why::Lost(text(errors)));
        }
        let notice = format!(
            "the backend refuses live changes of one kind ({kind}): {}",
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

fn refusal(errors: &[FrameError]) -> Why {
    if errors.iter().any(FrameError::is_about_token) {
        Why::Token(text(errors))
    } else {
        Why::Lost(text(errors))
    }
}

fn text(errors: &[FrameError]) -> String {
    errors.iter().map(FrameError::text).collect::<Vec<_>>().join("; ")
}

async fn in_time(step: impl Future<Output = Result<(), Why>>) -> Result<(), Why> {
    timeout(PATIENCE, step)
        .await
        .unwrap_or_else(|_| Err(Why::Lost("no answer in time".to_owned())))
}

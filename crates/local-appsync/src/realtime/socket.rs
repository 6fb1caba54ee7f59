//! One socket: handshake, subscriptions, keep-alive, close.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use caltrack_local_core::authenticator::{Authenticator, Signed};
use futures_util::{SinkExt as _, StreamExt as _, stream::SplitStream};
use serde_json::{Map, Value};
use tokio::time::{Instant, interval_at, sleep};

use super::{
    admission::{Admission, SocketPermit},
    arguments::given_arguments,
    filter::{Filter, FilterError},
    frame_queue::FrameSender,
    frames::{self, ClientFrame},
    handshake::{Handshake, HandshakeError},
    hub::{Registration, Subscriber},
    incoming::{Incoming, next_frame},
    rejection::SocketRejection,
};
use crate::{
    app::AppSync,
    documents::ParseError,
    execute::Root,
    execution::Execution,
    request::{Caller, Prepared},
    values::plain_map,
};

/// Capacity of the outgoing queue in frames.
const QUEUE_FRAMES: usize = 512;
/// Capacity of the outgoing queue in bytes.
const QUEUE_BYTES: usize = 2 << 20;
/// AppSync's limit of subscriptions per connection.
const MAX_SUBSCRIPTIONS: usize = 100;
/// Time limit of sending the remaining frames and the close frame.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// Keep-alive interval and lifetime of a connection.
#[derive(Debug, Clone, Copy)]
pub struct SocketTimes {
    /// The interval between keep-alive frames.
    pub keep_alive: Duration,
    /// The maximum age of a connection; AppSync has 24 hours.
    pub lifetime: Duration,
}

impl Default for SocketTimes {
    fn default() -> Self {
        Self {
            keep_alive: Duration::from_mins(1),
            lifetime: Duration::from_hours(24),
        }
    }
}

/// How a socket ends.
enum End {
    /// At once: the client has disconnected, or reads too slowly.
    Lost,
    /// In order: the client gets the remaining frames, and a close frame.
    Closing,
}

/// Serves a socket until it ends.
pub async fn serve(
    socket: WebSocket,
    app: AppSync,
    authenticator: Arc<dyn Authenticator>,
    handshake: Result<Handshake, HandshakeError>,
    limits: SocketTimes,
    admission: Arc<dyn Admission>,
) {
    let (mut sink, mut stream) = socket.split();
    let (sender, mut frames) = FrameSender::new(QUEUE_FRAMES, QUEUE_BYTES);
    let hub = app.inner.hub.clone();
    let connection = Connection {
        app,
        authenticator,
        frames: sender.clone(),
        requested_host: String::new(),
        subscriptions: HashMap::new(),
        limits,
        admission: Arc::clone(&admission),
        permit: None,
    };
    let writer = async {
        while let Some(frame) = frames.next().await {
            if sink.send(Message::Text(frame.into())).await.is_err() {
                return;
            }
        }
        // The client may have disconnected already.
        let _ = sink.close().await;
    };
    tokio::pin!(writer);
    let end = {
        let reader = connection.run(&mut stream, handshake);
        let reader = std::pin::pin!(reader);
        tokio::select! {
            () = &mut writer => End::Lost,
            () = sender.overflowed() => {
                tracing::debug!("a slow reader was disconnected");
                End::Lost
            }
            () = admission.evicted() => End::Lost,
            () = hub.ended() => End::Closing,
            () = sleep(limits.lifetime) => End::Closing,
            () = reader => End::Closing,
        }
        // This drops the connection, with its sender and its subscriptions.
    };
    drop(sender);
    if matches!(end, End::Closing) {
        let closing = async {
            writer.await;
            // Closing with unread data would reset the connection and lose the last frames.
            while let Some(Ok(_)) = stream.next().await {}
        };
        tokio::select! {
            () = closing => {}
            () = sleep(CLOSE_TIME) => {}
            () = admission.evicted() => {}
        }
    }
}

struct Connection {
    app: AppSync,
    authenticator: Arc<dyn Authenticator>,
    frames: FrameSender,
    /// The host of the upgrade request, with its port.
    requested_host: String,
    subscriptions: HashMap<String, Registration>,
    limits: SocketTimes,
    admission: Arc<dyn Admission>,
    /// Held until the connection ends.
    permit: Option<SocketPermit>,
}

impl Connection {
    async fn run(
        mut self,
        stream: &mut SplitStream<WebSocket>,
        handshake: Result<Handshake, HandshakeError>,
    ) {
        if let Err(rejection) = self.admit(handshake).await {
            self.send(rejection).await;
            return;
        }
        // Everything before connection_init is ignored. There is no time limit for it: the client is authenticated, and its
        // connection costs no more than an idle subscriber's and ends at the same age.
        loop {
            match next_frame(stream).await {
                None => return,
                Some(Incoming::Text(text))
                    if ClientFrame::parse(&text).is_some_and(|frame| frame.kind == "connection_init") =>
                {
                    break;
                }
                Some(_) => {}
            }
        }
        self.send(frames::connection_ack()).await;
        self.send(frames::keep_alive()).await;
        let mut pulse = interval_at(Instant::now() + self.limits.keep_alive, self.limits.keep_alive);
        loop {
            tokio::select! {
                _ = pulse.tick() => self.send(frames::keep_alive()).await,
                frame = next_frame(stream) => match frame {
                    None => return,
                    Some(Incoming::Text(text)) => self.handle(&text).await,
                    Some(Incoming::Unreadable(why)) => {
                        self.send(frames::error(None, &[frames::problem("BadRequestException", why)])).await;
                    }
                },
            }
        }
    }

    /// Admits the connection, or returns the frame that rejects it.
    async fn admit(&mut self, handshake: Result<Handshake, HandshakeError>) -> Result<(), String> {
        self.try_admit(handshake).await.map_err(|rejection| {
            let (kind, code) = rejection.kind();
            frames::connection_error(kind, &rejection.to_string(), code)
        })
    }

    async fn try_admit(
        &mut self,
        handshake: Result<Handshake, HandshakeError>,
    ) -> Result<(), SocketRejection> {
        let Handshake {
            headers,
            requested_host,
        } = handshake?;
        self.requested_host = requested_host;
        let caller = self.authenticate(&headers, "/graphql/connect", b"{}").await?;
        self.permit = Some(self.admission.admit(&caller.identity)?);
        Ok(())
    }

    /// The caller of a header object. A `SigV4` signature in it signs a `POST` request with this path and body, which is never
    /// sent (AppSync guide, "Building a real-time WebSocket client").
    async fn authenticate(
        &self,
        headers: &Map<String, Value>,
        path: &str,
        body: &[u8],
    ) -> Result<Caller, SocketRejection> {
        let texts: Vec<(&str, &str)> = headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect();
        let signed = Signed {
            method: "POST",
            path,
            headers: &texts,
            body,
        };
        let identity = self.authenticator.authenticate(&signed).await?;
        Handshake::check_host(headers, &self.requested_host)?;
        let headers = headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        Ok(Caller { identity, headers })
    }

    async fn handle(&mut self, text: &str) {
        let Some(frame) = ClientFrame::parse(text) else {
            return self.send(frames::unsupported()).await;
        };
        match (frame.kind.as_str(), frame.id.as_deref()) {
            // A `start` without `data` is not part of the protocol.
            ("start", Some(id)) if frame.data().is_some() => match self.start(id, &frame).await {
                Ok(registration) => {
                    self.subscriptions.insert(id.to_owned(), registration);
                    self.send(frames::start_ack(id)).await;
                }
                Err(problems) => self.send(frames::error(Some(id), &problems)).await,
            },
            ("stop", Some(id)) => {
                self.subscriptions.remove(id);
                self.send(frames::complete(id)).await;
            }
            // A repeated connection_init has no effect.
            ("connection_init", _) => {}
            // Frames of other protocols are rejected as well, so that their client doesn't wait for a response.
            _ => self.send(frames::unsupported()).await,
        }
    }

    /// Authorises and registers a subscription.
    ///
    /// AppSync also limits the rate of starts (`LimitExceededError`, without an id), but publishes no figure. There is no
    /// such limit here: a socket's frames are processed one at a time, so many starts delay only their own client.
    async fn start(&mut self, id: &str, frame: &ClientFrame) -> Result<Registration, Vec<Value>> {
        let refuse = |kind: &str, message: &str| vec![frames::problem(kind, message)];
        if self.subscriptions.get(id).is_some_and(Registration::is_active) {
            return Err(refuse(
                "DuplicatedOperationError",
                &format!("The operation id {id} is duplicated."),
            ));
        }
        if self.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            // Subscriptions that the server has ended don't count.
            self.subscriptions
                .retain(|_, registration| registration.is_active());
        }
        if self.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            let message = format!("Max number of {MAX_SUBSCRIPTIONS} subscriptions reached");
            return Err(refuse("MaxSubscriptionsReachedError", &message));
        }
        let unsupported = || refuse("UnsupportedOperation", frames::UNSUPPORTED);
        let request = frame.request().ok_or_else(unsupported)?;
        let caller = self
            .authenticate(
                &frame.authorization(),
                "/graphql",
                frame.data().unwrap_or_default().as_bytes(),
            )
            .await
            .map_err(|rejection| refuse(rejection.kind().0, &rejection.to_string()))?;
        let prepared = self
            .app
            .prepare(&request, &caller.headers)
            .map_err(|error| match error {
                ParseError::Syntax => unsupported(),
                ParseError::Invalid(body) => body
                    .get("errors")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default(),
            })?;
        self.register(id, caller, prepared).await
    }

    async fn register(
        &self,
        id: &str,
        caller: Caller,
        prepared: Prepared,
    ) -> Result<Registration, Vec<Value>> {
        let refuse = |kind: &str, message: &str| vec![frames::problem(kind, message)];
        let (name, arguments, outcome) = {
            let operation = prepared
                .operation()
                .ok_or_else(|| refuse("BadRequestException", "no such operation"))?;
            if !operation.is_subscription() {
                let kind = operation.operation_type.name();
                let message = format!("{kind} not supported through the realtime channel");
                return Err(refuse("UnsupportedOperation", &message));
            }
            let mut fields = operation.root_fields(&prepared.document);
            let (Some(field), None) = (fields.next(), fields.next()) else {
                return Err(refuse(
                    "BadRequestException",
                    "a subscription has exactly one root field",
                ));
            };
            // The subscription's resolver runs once, to authorise and to set the filter.
            let inner = &self.app.inner;
            let execution = Execution::new(&inner.api, Some(&inner.resolvers), &caller, &prepared);
            let outcome = execution.run(operation, Root::Empty).await;
            (
                field.name.to_string(),
                given_arguments(&inner.api.schema, field, &plain_map(&prepared.variables)),
                outcome,
            )
        };
        if !outcome.errors().is_empty() {
            return Err(outcome.errors().to_vec());
        }
        let bad_filter = |error: FilterError| {
            refuse(
                "BadRequestException",
                &format!("The subscription filter: {error}"),
            )
        };
        let side_effects = outcome.side_effects;
        let filter = Filter::new(side_effects.filter.as_ref(), arguments).map_err(bad_filter)?;
        let invalidation = side_effects
            .invalidation_filter
            .map(|set| Filter::new(Some(&set), Map::new()))
            .transpose()
            .map_err(bad_filter)?;
        let subscriber = Subscriber {
            id: id.to_owned(),
            caller,
            prepared,
            filter,
            invalidation,
            frames: self.frames.clone(),
        };
        Ok(self.app.inner.hub.register(&name, subscriber))
    }

    async fn send(&self, frame: String) {
        self.frames.send(frame).await;
    }
}

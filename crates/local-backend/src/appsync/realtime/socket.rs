//! One socket: handshake, subscriptions, keep-alive, end.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{SinkExt as _, StreamExt as _, stream::SplitStream};
use serde_json::{Map, Value};
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, interval_at, sleep},
};

use super::{
    filter::{Filter, FilterError},
    frames::{self, ClientFrame},
    handshake::{Handshake, HandshakeError},
    hub::{Registration, Subscriber},
};
use crate::{
    appsync::{
        AppSync, Caller, GraphQlRequest, Prepared,
        documents::ParseError,
        execute::{Execution, Root},
    },
    auth::{AuthError, Authenticator},
    sigv4::Signed,
};

/// Frames that may wait for a slow reader.
const OUTBOX: usize = 512;
/// AppSync's limit of subscriptions per connection.
const MOST_SUBSCRIPTIONS: usize = 100;
/// How long the last frames may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// The times of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Between keep-alives.
    pub keep_alive: Duration,
    /// AppSync ends a connection after 24 hours.
    pub lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            keep_alive: Duration::from_mins(1),
            lifetime: Duration::from_hours(24),
        }
    }
}

/// Serves a socket until it ends.
pub async fn serve(
    socket: WebSocket,
    app: AppSync,
    authenticator: Arc<dyn Authenticator>,
    handshake: Result<Handshake, HandshakeError>,
    limits: Limits,
) {
    let (mut sink, stream) = socket.split();
    let (outbox, mut frames) = mpsc::channel::<String>(OUTBOX);
    let cut = Arc::new(Notify::new());
    let connection = Connection {
        app,
        authenticator,
        outbox,
        cut: Arc::clone(&cut),
        subscriptions: HashMap::new(),
        limits,
    };
    let writer = async {
        while let Some(frame) = frames.recv().await {
            if sink.send(Message::Text(frame.into())).await.is_err() {
                return;
            }
        }
        // The peer may be gone already.
        let _ = sink.close().await;
    };
    let reader = connection.run(stream, handshake);
    tokio::pin!(writer, reader);
    tokio::select! {
        () = &mut writer => {}
        () = cut.notified() => tracing::debug!("a slow reader was cut off"),
        () = sleep(limits.lifetime) => {}
        // The connection is dropped and with it the queue's other end: the writer sends what is left, and ends.
        () = &mut reader => {
            let _ = tokio::time::timeout(FAREWELL, writer).await;
        }
    }
}

struct Connection {
    app: AppSync,
    authenticator: Arc<dyn Authenticator>,
    outbox: mpsc::Sender<String>,
    cut: Arc<Notify>,
    subscriptions: HashMap<String, Registration>,
    limits: Limits,
}

impl Connection {
    async fn run(mut self, mut stream: SplitStream<WebSocket>, handshake: Result<Handshake, HandshakeError>) {
        if let Err(refusal) = self.welcome(handshake).await {
            self.send(refusal).await;
            return;
        }
        // Everything before connection_init is ignored.
        loop {
            match next_text(&mut stream).await {
                None => return,
                Some(text)
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
                text = next_text(&mut stream) => match text {
                    None => return,
                    Some(text) => self.take(&text).await,
                },
            }
        }
    }

    /// The frame that refuses the connection, where it is refused.
    async fn welcome(&self, handshake: Result<Handshake, HandshakeError>) -> Result<(), String> {
        let handshake = handshake
            .map_err(|error| frames::connection_error("BadRequestException", &error.to_string(), 400))?;
        self.authenticate(&handshake.headers, "/graphql/connect", b"{}")
            .await
            .map(drop)
            .map_err(|error| frames::connection_error("UnauthorizedException", &error.to_string(), 401))
    }

    /// Who a header object is of. A signature is not the socket's, but that of a `POST` which is never sent.
    async fn authenticate(
        &self,
        headers: &Map<String, Value>,
        path: &str,
        body: &[u8],
    ) -> Result<Caller, AuthError> {
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
        let headers = headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        Ok(Caller { identity, headers })
    }

    async fn take(&mut self, text: &str) {
        let Some(frame) = ClientFrame::parse(text) else {
            let problem = frames::problem(
                "UnsupportedOperation",
                "unknown not supported through the realtime channel",
            );
            return self.send(frames::error(None, &[problem])).await;
        };
        match (frame.kind.as_str(), frame.id.as_deref()) {
            ("start", Some(id)) => match self.start(id, &frame).await {
                Ok(registration) => {
                    self.subscriptions.insert(id.to_owned(), registration);
                    self.send(frames::start_ack(id)).await;
                }
                Err(problems) => self.send(frames::error(Some(id), &problems)).await,
            },
            ("start", None) => {
                let problem = frames::problem("BadRequestException", "start needs an id");
                self.send(frames::error(None, &[problem])).await;
            }
            ("stop", Some(id)) => {
                self.subscriptions.remove(id);
                self.send(frames::complete(id)).await;
            }
            _ => {}
        }
    }

    /// Authorises and registers a subscription.
    async fn start(&self, id: &str, frame: &ClientFrame) -> Result<Registration, Vec<Value>> {
        let refuse = |kind: &str, message: &str| vec![frames::problem(kind, message)];
        if self.subscriptions.get(id).is_some_and(Registration::stands) {
            return Err(refuse(
                "DuplicatedOperationError",
                &format!("The operation id {id} is duplicated."),
            ));
        }
        if self.subscriptions.len() >= MOST_SUBSCRIPTIONS {
            let message = format!("Max number of {MOST_SUBSCRIPTIONS} subscriptions reached");
            return Err(refuse("MaxSubscriptionsReachedError", &message));
        }
        let unsupported = "unknown not supported through the realtime channel";
        let request = frame
            .request()
            .ok_or_else(|| refuse("UnsupportedOperation", unsupported))?;
        let caller = self
            .authenticate(
                &frame.authorization(),
                "/graphql",
                frame.data().unwrap_or_default().as_bytes(),
            )
            .await
            .map_err(|error| refuse("UnauthorizedException", &error.to_string()))?;
        let prepared = self
            .app
            .prepare(&request, &caller.headers)
            .map_err(|error| match error {
                ParseError::Syntax => refuse("UnsupportedOperation", unsupported),
                ParseError::Invalid(body) => body
                    .get("errors")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default(),
            })?;
        self.register(id, &request, caller, prepared).await
    }

    async fn register(
        &self,
        id: &str,
        request: &GraphQlRequest,
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
                given_arguments(field, &request.variables),
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
        let asides = outcome.asides;
        let filter = Filter::new(asides.filter.as_ref(), arguments).map_err(bad_filter)?;
        let invalidation = asides
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
            outbox: self.outbox.clone(),
            cut: Arc::clone(&self.cut),
        };
        Ok(self.app.inner.hub.register(&name, subscriber))
    }

    async fn send(&self, frame: String) {
        // The writer has ended: then so does the socket.
        let _ = self.outbox.send(frame).await;
    }
}

/// The arguments as written, variables filled in; those whose variable is absent are absent.
fn given_arguments(
    field: &apollo_compiler::executable::Field,
    variables: &Map<String, Value>,
) -> Map<String, Value> {
    let given = field.arguments.iter().filter_map(|argument| {
        let value = match argument.value.as_variable() {
            Some(variable) => variables.get(variable.as_str())?.clone(),
            None => literal(&argument.value),
        };
        Some((argument.name.to_string(), value))
    });
    given.collect()
}

fn literal(value: &apollo_compiler::ast::Value) -> Value {
    use apollo_compiler::ast::Value as Ast;
    match value {
        Ast::Null | Ast::Variable(_) | Ast::Object(_) => Value::Null,
        Ast::Enum(name) => Value::from(name.as_str()),
        Ast::String(text) => Value::from(text.as_str()),
        Ast::Boolean(value) => Value::from(*value),
        Ast::Int(number) => number.try_to_i32().map_or(Value::Null, Value::from),
        Ast::Float(number) => number.try_to_f64().map_or(Value::Null, Value::from),
        Ast::List(items) => items.iter().map(|item| literal(item)).collect(),
    }
}

/// The next text; none at the end. Pings are answered by axum, binary frames are ignored.
async fn next_text(stream: &mut SplitStream<WebSocket>) -> Option<String> {
    loop {
        match stream.next().await? {
            Ok(Message::Text(text)) => return Some(text.to_string()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_)) => {}
        }
    }
}

//! One HTTP request: a JSON body out, a status and bytes back.

use std::{path::Path, sync::Arc, time::Duration};

use reqwest::header::HeaderMap;

use super::{ApiError, Endpoints, Silence, SilenceWatch, backoff::Backoff};

/// AppSync ends an operation after 30 s; a little more lets its answer arrive.
const REQUEST_TIME: Duration = Duration::from_secs(35);
/// The end of one request's time and of a short repeat: nobody watches a screen for longer than this.
const TOTAL_TIME: Duration = Duration::from_secs(45);
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// AppSync's own limit of a response; anything longer is no answer of its.
const MAX_RESPONSE: usize = 6 * 1024 * 1024;

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// No answer.
#[derive(Debug)]
pub(crate) struct NoAnswer {
    pub(crate) detail: String,
    /// Whether the request may have been carried out all the same.
    pub(crate) ambiguous: bool,
    /// Set where the backend is known to answer nobody: repeats would only wait for the same.
    pub(crate) silence: Option<Silence>,
}

impl From<NoAnswer> for ApiError {
    fn from(failure: NoAnswer) -> Self {
        match failure.silence {
            Some(silence) => Self::Silent(silence),
            None => Self::Unreachable(failure.detail),
        }
    }
}

/// How often, and how soon, a request is repeated, and for how long in all.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    pub(crate) repeats: u32,
    pub(crate) backoff: Backoff,
    /// The longest that all attempts and the waits between them may take together.
    pub(crate) total: Duration,
}

impl Patience {
    /// What a call comes to whose attempts took longer than [`Patience::total`].
    pub(crate) fn exhausted(&self) -> ApiError {
        ApiError::Unreachable(format!("no answer within {} s", self.total.as_secs()))
    }
}

/// The HTTP client of one backend.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    patience: Patience,
    watch: Option<Arc<dyn SilenceWatch>>,
}

impl Http {
    /// Prepares the client; connects to nothing. `watch` finds out about requests that stay without an answer.
    pub(crate) fn new(endpoints: &Endpoints, watch: Option<Arc<dyn SilenceWatch>>) -> Result<Self, ApiError> {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("caltrack-tui/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIME)
            .timeout(REQUEST_TIME)
            // Neither AppSync nor Cognito redirects; following one would hand the token to a stranger.
            .redirect(reqwest::redirect::Policy::none());
        let builder = match &endpoints.socket {
            Some(socket) => through_socket(builder, socket),
            None => builder,
        };
        let client = builder
            .build()
            .map_err(|error| ApiError::Protocol(format!("HTTP can't be set up: {}", causes(&error))))?;
        Ok(Self {
            client,
            patience: patience(endpoints.socket.is_some()),
            watch,
        })
    }

    /// The same without anybody who is told of waiting: for questions that nobody waits for.
    pub(crate) fn unwatched(&self) -> Self {
        Self {
            watch: None,
            ..self.clone()
        }
    }

    /// The repeats that suit this backend.
    pub(crate) fn patience(&self) -> Patience {
        self.patience.clone()
    }

    /// Posts a body and reads the answer.
    pub(crate) async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Result<Answer, NoAnswer> {
        let exchange = self.exchange(url, headers, body);
        let Some(watch) = &self.watch else {
            return exchange.await;
        };
        tokio::select! {
            biased;
            answer = exchange => answer,
            silence = watch.silent() => Err(NoAnswer {
                detail: silence.message.clone(),
                ambiguous: true,
                silence: Some(silence),
            }),
        }
    }

    async fn exchange(&self, url: &str, headers: HeaderMap, body: String) -> Result<Answer, NoAnswer> {
        let mut response = self
            .client
            .post(url)
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(|error| NoAnswer {
                ambiguous: !error.is_connect(),
                detail: causes(&error),
                silence: None,
            })?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| NoAnswer {
            ambiguous: true,
            detail: causes(&error),
            silence: None,
        })? {
            if body.len() + chunk.len() > MAX_RESPONSE {
                return Err(NoAnswer {
                    ambiguous: true,
                    detail: format!("an answer of more than {MAX_RESPONSE} bytes"),
                    silence: None,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

/// A backend in the box changes hands within moments, and a repeat there costs nothing; a network deserves more distance.
const fn patience(on_socket: bool) -> Patience {
    if on_socket {
        Patience {
            repeats: 12,
            backoff: Backoff::new(Duration::from_millis(20), Duration::from_millis(250)),
            total: TOTAL_TIME,
        }
    } else {
        Patience {
            repeats: 3,
            backoff: Backoff::new(Duration::from_millis(200), Duration::from_secs(3)),
            total: TOTAL_TIME,
        }
    }
}

#[cfg(unix)]
fn through_socket(builder: reqwest::ClientBuilder, socket: &Path) -> reqwest::ClientBuilder {
    // No TLS there, so the system's certificates need not be read.
    builder.tls_certs_only([]).unix_socket(socket)
}

/// [`Endpoints::check`] has refused it already.
#[cfg(not(unix))]
fn through_socket(builder: reqwest::ClientBuilder, _socket: &Path) -> reqwest::ClientBuilder {
    builder
}

/// An error with what caused it, without the address (which could carry a query).
fn causes(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut source: &dyn std::error::Error = error;
    while let Some(cause) = source.source() {
        source = cause;
    }
    super::error::shown(&source.to_string())
}

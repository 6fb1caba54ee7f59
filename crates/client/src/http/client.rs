//! One HTTP request: a JSON body out, a status and bytes back.

use std::{path::Path, sync::Arc, time::Duration};

use reqwest::header::HeaderMap;

use super::{
    overdue::OverdueCounter,
    retry::RetryPolicy,
    silence::{Silence, SilenceWatch},
};
use crate::{
    endpoints::{Endpoints, is_loopback},
    error::{ApiError, shown},
};

/// AppSync ends an operation after 30 s; a little more lets its response arrive.
const REQUEST_TIME: Duration = Duration::from_secs(35);
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// AppSync's responses have at most 5 MB; anything longer isn't from AppSync.
const MAX_RESPONSE: usize = 6 * 1024 * 1024;

/// A response of any status.
#[derive(Debug)]
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A request without a response.
#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) detail: String,
    /// Whether the request may have been executed nevertheless.
    pub(crate) ambiguous: bool,
    /// Whether a response exceeded the protocols' limit: a retry would fetch as much again.
    pub(crate) too_long: bool,
    /// Set if the backend is known to be unresponsive: retries would wait for the same.
    pub(crate) silence: Option<Silence>,
}

impl From<TransportError> for ApiError {
    fn from(error: TransportError) -> Self {
        if error.too_long {
            return Self::Protocol(error.detail);
        }
        match error.silence {
            Some(silence) => Self::Silent(silence),
            None => Self::Unreachable(error.detail),
        }
    }
}

/// The HTTP client of one backend.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    /// Uses the system's proxies.
    client: reqwest::Client,
    /// Uses no proxy: requests to this computer may be unencrypted.
    direct: reqwest::Client,
    policy: RetryPolicy,
    watch: Option<Arc<dyn SilenceWatch>>,
    overdue: OverdueCounter,
}

impl HttpClient {
    /// Prepares the client; connects to nothing. `watch` detects requests that get no response.
    pub(crate) fn new(endpoints: &Endpoints, watch: Option<Arc<dyn SilenceWatch>>) -> Result<Self, ApiError> {
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .user_agent(concat!("caltrack-tui/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(CONNECT_TIME)
                .timeout(REQUEST_TIME)
                // Neither AppSync nor Cognito redirects; following a redirect would send the token to a third party.
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| ApiError::Protocol(format!("HTTP can't be set up: {}", cause(&error))))
        };
        let proxied = || build(reqwest::Client::builder());
        let unproxied = || {
            let builder = reqwest::Client::builder().no_proxy();
            build(match &endpoints.socket {
                Some(socket) => through_socket(builder, socket),
                None => builder,
            })
        };
        // Each client reads the system's certificates, which takes time, so only those needed are made.
        let mut addresses = vec![&endpoints.graphql, &endpoints.cognito];
        addresses.extend(endpoints.identity_pool().map(|pool| &pool.address));
        let here = |address: &&String| endpoints.socket.is_some() || is_here(address);
        let (client, direct) = if addresses.iter().all(here) {
            let direct = unproxied()?;
            (direct.clone(), direct)
        } else if addresses.iter().any(here) {
            (proxied()?, unproxied()?)
        } else {
            let client = proxied()?;
            (client.clone(), client)
        };
        Ok(Self {
            client,
            direct,
            policy: if endpoints.socket.is_some() {
                RetryPolicy::for_socket()
            } else {
                RetryPolicy::for_network()
            },
            watch,
            overdue: OverdueCounter::new(),
        })
    }

    /// A copy without a watch, for requests in the background.
    pub(crate) fn unwatched(&self) -> Self {
        Self {
            watch: None,
            ..self.clone()
        }
    }

    /// A copy that makes one attempt. On a socket file it retries nevertheless: another program takes over there within
    /// moments.
    pub(crate) fn with_single_attempts(&self, endpoints: &Endpoints) -> Self {
        let policy = match endpoints.socket {
            Some(_) => self.policy.clone(),
            None => RetryPolicy::single(),
        };
        Self {
            policy,
            ..self.clone()
        }
    }

    /// Counts the requests that have waited for more than 5 s.
    pub(crate) const fn overdue(&self) -> &OverdueCounter {
        &self.overdue
    }

    pub(crate) const fn retry_policy(&self) -> &RetryPolicy {
        &self.policy
    }

    /// Posts a body and reads the response; never retries.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: String,
    ) -> Result<HttpResponse, TransportError> {
        let exchange = self.overdue.watch(self.exchange(url, headers, body));
        let Some(watch) = &self.watch else {
            return exchange.await;
        };
        tokio::select! {
            biased;
            response = exchange => response,
            silence = watch.silent() => Err(TransportError {
                detail: silence.message.clone(),
                ambiguous: true,
                too_long: false,
                silence: Some(silence),
            }),
        }
    }

    async fn exchange(
        &self,
        url: &str,
        headers: HeaderMap,
        body: String,
    ) -> Result<HttpResponse, TransportError> {
        let client = if is_here(url) { &self.direct } else { &self.client };
        let mut response = client
            .post(url)
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(|error| TransportError {
                ambiguous: !error.is_connect(),
                detail: cause(&error),
                too_long: false,
                silence: None,
            })?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| TransportError {
            ambiguous: true,
            detail: cause(&error),
            too_long: false,
            silence: None,
        })? {
            if body.len() + chunk.len() > MAX_RESPONSE {
                return Err(TransportError {
                    ambiguous: true,
                    detail: format!("it is longer than {} MiB", MAX_RESPONSE >> 20),
                    too_long: true,
                    silence: None,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpResponse {
            status,
            headers,
            body,
        })
    }
}

/// Whether an address is on this computer.
fn is_here(address: &str) -> bool {
    let uri: Result<http::Uri, _> = address.parse();
    uri.is_ok_and(|uri| uri.host().is_some_and(is_loopback))
}

#[cfg(unix)]
fn through_socket(builder: reqwest::ClientBuilder, socket: &Path) -> reqwest::ClientBuilder {
    // No TLS there, so the system's certificates aren't read.
    builder.tls_certs_only([]).unix_socket(socket)
}

/// [`Endpoints::check`] has rejected it already.
#[cfg(not(unix))]
fn through_socket(builder: reqwest::ClientBuilder, _socket: &Path) -> reqwest::ClientBuilder {
    builder
}

/// The innermost cause of an error, without the address (which could contain a query).
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no response in time".to_owned();
    }
    let mut source: &dyn std::error::Error = error;
    while let Some(cause) = source.source() {
        source = cause;
    }
    shown(&source.to_string())
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    /// Following it would send the token elsewhere.
    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        crate::api::install_crypto();
        let (here, there) = (
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
        );
        let address = format!("http://{}", here.local_addr().unwrap());
        let elsewhere = there.local_addr().unwrap();
        let endpoints = Endpoints {
            graphql: address.clone(),
            cognito: address.clone(),
            socket: None,
            ..Endpoints::on_socket(Path::new("/nowhere"), "us-east-1_A", "c")
        };
        let http = HttpClient::new(&endpoints, None).unwrap();
        let serving = async {
            let (mut stream, _) = here.accept().await.unwrap();
            let mut request = [0; 4_096];
            let read = stream.read(&mut request).await.unwrap();
            assert!(read > 0);
            let response = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
            );
            stream.write_all(response.as_bytes()).await.unwrap();
            // Keeps the connection open until the client has read it.
            stream
        };
        let (response, _stream) = tokio::join!(http.post(&address, HeaderMap::new(), String::new()), serving);
        assert_eq!(response.unwrap().status, 307);
        let untouched =
            std::future::poll_fn(|context| std::task::Poll::Ready(there.poll_accept(context).is_pending()));
        assert!(untouched.await, "it was followed");
    }
}

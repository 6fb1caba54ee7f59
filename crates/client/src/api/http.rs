//! One HTTP request: a JSON body out, a status and bytes back.

use std::{path::Path, sync::Arc, time::Duration};

use reqwest::header::HeaderMap;

use super::{ApiError, Endpoints, Silence, SilenceWatch, backoff::Backoff, endpoints::is_loopback};

/// AppSync ends an operation after 30 s; a little more lets its answer arrive.
const REQUEST_TIME: Duration = Duration::from_secs(35);
/// Time limit of a request and its retries: long enough for one full attempt and a short one, short enough for a user
/// who waits.
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
    /// Whether a response exceeded the protocols' limit: a retry would fetch as much again.
    pub(crate) too_long: bool,
    /// Set if the backend is known to be unresponsive: retries would wait for the same.
    pub(crate) silence: Option<Silence>,
}

impl From<NoAnswer> for ApiError {
    fn from(failure: NoAnswer) -> Self {
        if failure.too_long {
            return Self::Protocol(failure.detail);
        }
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
    /// By the system's proxies, where there are any.
    client: reqwest::Client,
    /// By none: requests to this computer may be unencrypted, so no proxy may see them.
    direct: reqwest::Client,
    patience: Patience,
    watch: Option<Arc<dyn SilenceWatch>>,
}

impl Http {
    /// Prepares the client; connects to nothing. `watch` finds out about requests that stay without an answer.
    pub(crate) fn new(endpoints: &Endpoints, watch: Option<Arc<dyn SilenceWatch>>) -> Result<Self, ApiError> {
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .user_agent(concat!("caltrack-tui/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(CONNECT_TIME)
                .timeout(REQUEST_TIME)
                // Neither AppSync nor Cognito redirects; following one would hand the token to a stranger.
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| ApiError::Protocol(format!("HTTP can't be set up: {}", causes(&error))))
        };
        let by_proxies = || build(reqwest::Client::builder());
        let by_none = || {
            let builder = reqwest::Client::builder().no_proxy();
            build(match &endpoints.socket {
                Some(socket) => through_socket(builder, socket),
                None => builder,
            })
        };
        // Each reads the system's certificates, so none is made that isn't needed.
        let here = [&endpoints.graphql, &endpoints.cognito]
            .map(|address| endpoints.socket.is_some() || is_here(address));
        let (client, direct) = match here {
            [true, true] => {
                let direct = by_none()?;
                (direct.clone(), direct)
            }
            [false, false] => {
                let client = by_proxies()?;
                (client.clone(), client)
            }
            [true, false] | [false, true] => (by_proxies()?, by_none()?),
        };
        Ok(Self {
            client,
            direct,
            patience: patience(endpoints.socket.is_some()),
            watch,
        })
    }

    /// The same without a watch: for requests in the background.
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
                too_long: false,
                silence: Some(silence),
            }),
        }
    }

    async fn exchange(&self, url: &str, headers: HeaderMap, body: String) -> Result<Answer, NoAnswer> {
        let client = if is_here(url) { &self.direct } else { &self.client };
        let mut response = client
            .post(url)
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(|error| NoAnswer {
                ambiguous: !error.is_connect(),
                detail: causes(&error),
                too_long: false,
                silence: None,
            })?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| NoAnswer {
            ambiguous: true,
            detail: causes(&error),
            too_long: false,
            silence: None,
        })? {
            if body.len() + chunk.len() > MAX_RESPONSE {
                return Err(NoAnswer {
                    ambiguous: true,
                    detail: format!("it is longer than {} MiB", MAX_RESPONSE >> 20),
                    too_long: true,
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

/// Whether an address is on this computer.
fn is_here(address: &str) -> bool {
    let uri: Result<http::Uri, _> = address.parse();
    uri.is_ok_and(|uri| uri.host().is_some_and(is_loopback))
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

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    /// A redirect doesn't make clients send their token elsewhere.
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
        let http = Http::new(&endpoints, None).unwrap();
        let serving = async {
            let (mut stream, _) = here.accept().await.unwrap();
            let mut request = [0; 4_096];
            let read = stream.read(&mut request).await.unwrap();
            assert!(read > 0);
            let answer = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            // Open until the client has read it.
            stream
        };
        let (answer, _stream) = tokio::join!(http.post(&address, HeaderMap::new(), String::new()), serving);
        assert_eq!(answer.unwrap().status, 307);
        let nobody =
            std::future::poll_fn(|context| std::task::Poll::Ready(there.poll_accept(context).is_pending()));
        assert!(nobody.await, "it was followed");
    }
}

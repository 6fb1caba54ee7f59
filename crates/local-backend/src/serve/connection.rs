//! One connection: its requests, its time limits, and its end.

use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body, http::Version};
use http::{HeaderValue, Request, Response, header};
use hyper::{
    body::Incoming,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
    time::sleep,
};

use super::{
    body::{Progress, TimedBody},
    peer::Peer,
    places::Place,
};

/// The state that connections follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Serve,
    /// Finish requests under way.
    Finish,
    /// Drop the connection.
    End,
}

/// Time limits of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// The head of a request on a port: from the start of the connection, or from the previous response. An idle
    /// keep-alive connection is closed then.
    pub(super) head: Duration,
    /// The body of a request, from its head on.
    pub(super) body: Duration,
    /// The interval of HTTP/2 pings on an idle connection of a port.
    pub(super) ping: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            ping: Duration::from_secs(20),
        }
    }
}

/// Answers a connection's requests until it ends.
pub(super) async fn converse<Io>(
    io: Io,
    peer: Peer,
    router: Router,
    place: Option<Place>,
    times: Times,
    mut phases: watch::Receiver<Phase>,
) where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let spoke = Arc::new(AtomicBool::new(false));
    let service = {
        let (spoke, place) = (Arc::clone(&spoke), place.clone());
        let router = TowerToHyperService::new(router);
        service_fn(move |request| {
            spoke.store(true, Ordering::Relaxed);
            answer(router.clone(), peer, place.clone(), times, request)
        })
    };
    let mut builder = Builder::new(TokioExecutor::new());
    // For WebSockets over HTTP/2.
    builder.http2().enable_connect_protocol();
    if place.is_some() {
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(times.head);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(times.ping)
            .keep_alive_timeout(times.head);
    }
    let io = TokioIo::new(StreamInPlace {
        io,
        _place: place.clone(),
    });
    let mut connection = std::pin::pin!(builder.serve_connection_with_upgrades(io, service));
    // The library's own limit begins once it knows which HTTP is spoken, and ends for HTTP/2.
    let mut silence = std::pin::pin!(sleep(times.head));
    let mut watched = place.is_some();
    let mut next = Phase::Finish;
    loop {
        tokio::select! {
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::trace!(%error, "a connection failed");
                }
                return;
            }
            phase = reached(&mut phases, next) => match phase {
                Phase::Finish => {
                    next = Phase::End;
                    connection.as_mut().graceful_shutdown();
                }
                Phase::Serve => {}
                Phase::End => return,
            },
            () = silence.as_mut(), if watched => {
                if !spoke.load(Ordering::Relaxed) {
                    tracing::debug!("a connection asked nothing and was closed");
                    return;
                }
                watched = false;
            }
            () = evicted(place.as_ref()) => {
                tracing::debug!("a connection is closed to make room for another");
                // A request may have arrived since: it is the last.
                if place.as_ref().is_some_and(Place::is_busy) {
                    connection.as_mut().graceful_shutdown();
                } else {
                    return;
                }
            }
        }
    }
}

/// Completes once a phase has begun.
async fn reached(phases: &mut watch::Receiver<Phase>, next: Phase) -> Phase {
    let phase = phases.wait_for(|phase| *phase >= next).await;
    // An error means that the sender is gone, which ends it as well.
    phase.map_or(Phase::End, |phase| *phase)
}

async fn evicted(place: Option<&Place>) {
    match place {
        Some(place) => place.evicted().await,
        None => std::future::pending().await,
    }
}

/// Answers a request. If its body was not read to the end, it is the connection's last, and the response has
/// `connection: close` (RFC 9112, section 9.6).
async fn answer(
    router: TowerToHyperService<Router>,
    peer: Peer,
    place: Option<Place>,
    times: Times,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let version = request.version();
    let progress = Progress::new(place.clone());
    let mut request = request.map(|body| Body::new(TimedBody::new(body, times.body, progress.clone())));
    request.extensions_mut().insert(peer);
    if let Some(place) = place {
        request.extensions_mut().insert(place);
    }
    let mut response = router.call(request).await?;
    if !progress.answered() && version <= Version::HTTP_11 {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// A stream that keeps its place, also once it has become a WebSocket.
struct StreamInPlace<Io> {
    io: Io,
    _place: Option<Place>,
}

impl<Io: AsyncRead + Unpin> AsyncRead for StreamInPlace<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(context, buffer)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for StreamInPlace<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

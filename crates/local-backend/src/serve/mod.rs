//! Serves connections until shutdown.

mod body;
mod connection;
mod peer;
mod places;
#[cfg(test)]
mod tests;

use std::{io, sync::Arc, time::Duration};

use axum::{Router, serve::Listener};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

pub use self::peer::RemoteAddress;
use self::{
    connection::{Phase, Times, converse},
    places::{Places, most_connections},
};
pub(crate) use self::{
    peer::Peer,
    places::{BusyGuard, Place},
};
use crate::tls;

/// How long requests under way may take after shutdown began. Sockets never end by themselves.
const GRACE: Duration = Duration::from_millis(500);

/// Serves `router` until `shutdown` completes; requests under way are then finished, within half a second.
///
/// For listeners that only the owner can reach, such as a socket file: there are no time limits.
///
/// # Errors
///
/// None: a listener that can't accept tries again.
pub async fn serve<L>(listener: L, router: Router, shutdown: impl Future<Output = ()>) -> io::Result<()>
where
    L: Listener,
    L::Addr: RemoteAddress,
{
    let plain = |io| async { Some(io) };
    accept(listener, router, None, Times::default(), plain, shutdown).await;
    Ok(())
}

/// Serves `router` on a port that every program of this computer can reach, over TLS if configured, until `shutdown`
/// completes.
///
/// Clients have ten seconds for a request's head and thirty for its body, and there are at most 256 connections, fewer
/// if the process may open few files: the connection that has been idle longest is closed for a new one.
///
/// # Errors
///
/// None: a listener that can't accept tries again.
pub(crate) async fn serve_port(
    listener: TcpListener,
    router: Router,
    tls: Option<Arc<ServerConfig>>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let (places, times) = (Some(Places::new(most_connections())), Times::default());
    match tls.map(TlsAcceptor::from) {
        None => {
            let plain = |io: TcpStream| async { Some(io) };
            accept(listener, router, places, times, plain, shutdown).await;
        }
        Some(acceptor) => {
            let secure = move |io| tls::handshake(acceptor.clone(), io);
            accept(listener, router, places, times, secure, shutdown).await;
        }
    }
    Ok(())
}

/// Accepts connections, and serves each in its own task.
async fn accept<L, Io, Preparing>(
    mut listener: L,
    router: Router,
    places: Option<Places>,
    times: Times,
    prepare: impl Fn(L::Io) -> Preparing + Clone + Send + 'static,
    shutdown: impl Future<Output = ()>,
) where
    L: Listener,
    L::Addr: RemoteAddress,
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    Preparing: Future<Output = Option<Io>> + Send,
{
    let (phase, phases) = watch::channel(Phase::Serve);
    let accepting = async {
        loop {
            let (io, address) = listener.accept().await;
            let place = match &places {
                Some(places) => Some(places.take().await),
                None => None,
            };
            let peer = Peer::at(&address);
            let (prepare, router, phases) = (prepare.clone(), router.clone(), phases.clone());
            tokio::spawn(async move {
                let io = match &place {
                    None => prepare(io).await,
                    Some(place) => tokio::select! {
                        io = prepare(io) => io,
                        () = place.evicted() => None,
                    },
                };
                if let Some(io) = io {
                    converse(io, peer, router, place, times, phases).await;
                }
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = shutdown => {}
    }
    drop(listener);
    drop(phases);
    phase.send_replace(Phase::Finish);
    // Complete once every connection has let go of its end.
    let _ = tokio::time::timeout(GRACE, phase.closed()).await;
    phase.send_replace(Phase::End);
}

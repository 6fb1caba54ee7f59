//! Where a request comes from.

use std::{
    convert::Infallible,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, connect_info::Connected},
    http::{HeaderMap, request::Parts},
    serve::{IncomingStream, Listener},
};

/// Addresses that proxies may name before the peer's own. A header without end is worth no memory.
const MOST_NAMED: usize = 32;

/// What a listener tells of the other end.
pub trait RemoteAddress {
    /// Its address; this computer's own where it has none.
    fn ip(&self) -> IpAddr;
}

impl RemoteAddress for SocketAddr {
    fn ip(&self) -> IpAddr {
        Self::ip(self)
    }
}

/// A socket file is as near as loopback.
#[cfg(unix)]
impl RemoteAddress for tokio::net::unix::SocketAddr {
    fn ip(&self) -> IpAddr {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    }
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(IpAddr);

/// A listener whose peers are told to what it serves: axum tells them of listeners of one's own alone.
#[derive(Debug)]
pub(crate) struct Telling<L>(pub(crate) L);

impl<L: Listener> Listener for Telling<L> {
    type Io = L::Io;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        self.0.accept().await
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl<L> Connected<IncomingStream<'_, Telling<L>>> for Peer
where
    L: Listener,
    L::Addr: RemoteAddress,
{
    fn connect_info(stream: IncomingStream<'_, Telling<L>>) -> Self {
        Self(stream.remote_addr().ip())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<ConnectInfo<Self>>();
        // Without a connection it is this process that asks.
        Ok(known.map_or(Self(IpAddr::V4(Ipv4Addr::LOCALHOST)), |ConnectInfo(peer)| *peer))
    }
}

impl Peer {
    /// `ctx.identity.sourceIp`: the entries of `x-forwarded-for`, then the peer.
    pub(super) fn source_ip(self, headers: &HeaderMap) -> Vec<String> {
        let named = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        named
            .take(MOST_NAMED)
            .map(str::to_owned)
            .chain([self.0.to_string()])
            .collect()
    }
}

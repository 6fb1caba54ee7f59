//! Where a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
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

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().copied();
        // Without a connection it is this process that asks.
        Ok(known.unwrap_or(Self(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

impl Peer {
    /// The other end at an address.
    pub(crate) fn at(address: &impl RemoteAddress) -> Self {
        Self(address.ip())
    }

    /// `ctx.identity.sourceIp`: the entries of `x-forwarded-for`, then the peer.
    pub(crate) fn source_ip(self, headers: &HeaderMap) -> Vec<String> {
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

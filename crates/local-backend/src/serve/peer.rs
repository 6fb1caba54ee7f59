//! The address that a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

/// Maximum number of addresses from `x-forwarded-for`, so that a long header doesn't fill the memory.
const MOST_NAMED: usize = 32;

/// The remote address of a connection, whatever the listener.
pub trait RemoteAddress {
    /// The IP address; loopback for a socket file, which has none.
    fn ip(&self) -> IpAddr;
}

impl RemoteAddress for SocketAddr {
    fn ip(&self) -> IpAddr {
        Self::ip(self)
    }
}

#[cfg(unix)]
impl RemoteAddress for tokio::net::unix::SocketAddr {
    fn ip(&self) -> IpAddr {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    }
}

/// The remote end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().copied();
        // Without a connection, the caller is this process.
        Ok(known.unwrap_or(Self(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

impl Peer {
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

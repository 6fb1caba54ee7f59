//! What a request brings along besides its body.

/// The way by which a request reached the pool. Failures are counted apart, so that strangers on a TCP port can't lock out the
/// computer's owner, who comes by the socket file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// The socket file, which is its owner's alone; or this very process.
    SocketFile,
    /// A TCP port.
    Port,
}

impl Transport {
    /// Its name in the pool's file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SocketFile => "socket file",
            Self::Port => "port",
        }
    }
}

/// Where a request came in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// Who issues the tokens that it gets: an address that ends in the pool's id.
    pub(super) issuer: &'a str,
    pub(super) transport: Transport,
}

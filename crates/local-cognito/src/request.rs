//! Properties of a request besides its body.

/// How a request reached the pool. Failures are counted per transport, so that clients of a TCP port can't lock out the owner of
/// the computer, who uses the socket file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// The socket file, which only its owner can open; or this process itself.
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

/// The transport and the issuer of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestContext<'a> {
    /// Issuer of its tokens: an address that ends in the pool's id.
    pub(super) issuer: &'a str,
    pub(super) transport: Transport,
}

//! Properties of a request besides its body.

/// The transport of a request. Failures are counted per transport, so that clients of a TCP port can't lock out the
/// owner of the computer, who uses the socket file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// The socket file, which only its owner can open; or this process itself.
    SocketFile,
    /// A TCP port, which other programs can reach.
    Port,
}

impl Transport {
    /// The name in the pool's file.
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
    /// The issuer of its tokens: a URL that ends with the pool's id.
    pub(super) issuer: &'a str,
    pub(super) transport: Transport,
}

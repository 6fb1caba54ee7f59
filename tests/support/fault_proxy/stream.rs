//! Connections on this computer.

use std::{io, net::SocketAddr, path::PathBuf};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
};

pub(crate) trait ReadWrite: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> ReadWrite for S {}

pub(crate) type Stream = Box<dyn ReadWrite>;

/// Where the box listens.
#[derive(Debug, Clone)]
pub(crate) enum Address {
    Socket(PathBuf),
    Tcp(SocketAddr),
}

impl Address {
    pub(crate) async fn connect(&self) -> io::Result<Stream> {
        Ok(match self {
            Self::Socket(path) => Box::new(UnixStream::connect(path).await?),
            Self::Tcp(address) => Box::new(TcpStream::connect(address).await?),
        })
    }
}

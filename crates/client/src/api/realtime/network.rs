//! Changes of this computer's network.

use std::io;

#[cfg(target_os = "linux")]
pub(super) use linux::NetworkChanges;
#[cfg(not(target_os = "linux"))]
pub(super) use other::NetworkChanges;

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::net;

    use rustix::{
        io::Errno,
        net::{AddressFamily, SocketFlags, SocketType, bind, netlink::SocketAddrNetlink, socket_with},
    };
    use tokio::net::UnixDatagram;

    use super::io;

    /// `RTMGRP_IPV4_IFADDR`, `RTMGRP_IPV4_ROUTE`, `RTMGRP_IPV6_IFADDR` and `RTMGRP_IPV6_ROUTE`.
    ///
    /// Source: rtnetlink(7).
    const GROUPS: u32 = 0x10 | 0x40 | 0x100 | 0x400;

    /// The kernel's messages about addresses and routes.
    #[derive(Debug)]
    pub(in crate::api::realtime) struct NetworkChanges(
        /// A netlink socket: its messages are received like those of any datagram socket.
        UnixDatagram,
    );

    impl NetworkChanges {
        pub(in crate::api::realtime) fn open() -> io::Result<Self> {
            let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
            // The default protocol of netlink is that of routes.
            let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?;
            bind(&socket, &SocketAddrNetlink::new(0, GROUPS))?;
            Ok(Self(UnixDatagram::from_std(net::UnixDatagram::from(socket))?))
        }

        /// Completes after the next changes. What changed is in the messages, which are not decoded.
        pub(in crate::api::realtime) async fn next(&self) -> io::Result<()> {
            let mut beginning = [0; 64];
            take(self.0.recv(&mut beginning).await)?;
            loop {
                match self.0.try_recv(&mut beginning) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                    received => take(received)?,
                }
            }
        }
    }

    fn take(received: io::Result<usize>) -> io::Result<()> {
        match received {
            // Messages were dropped, because there were too many.
            Err(error) if Errno::from_io_error(&error) == Some(Errno::NOBUFS) => Ok(()),
            received => received.map(drop),
        }
    }

    #[cfg(test)]
    mod tests {
        use std::time::Duration;

        use rustix::net::{SendFlags, send};

        use super::*;

        /// A request for the addresses (`RTM_GETADDR` with `NLM_F_REQUEST | NLM_F_DUMP`): its answers are messages like those
        /// of changes, which only an administrator could make.
        fn request() -> Vec<u8> {
            let mut message = Vec::new();
            message.extend(20_u32.to_ne_bytes());
            message.extend(22_u16.to_ne_bytes());
            message.extend(0x301_u16.to_ne_bytes());
            message.extend([0; 12]);
            message
        }

        #[tokio::test]
        async fn messages_of_the_kernel_are_changes() {
            let changes = NetworkChanges::open().unwrap();
            send(&changes.0, &request(), SendFlags::empty()).unwrap();
            tokio::time::timeout(Duration::from_secs(20), changes.next())
                .await
                .unwrap()
                .unwrap();
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::io;

    /// Changes of the network are only known on Linux.
    #[derive(Debug)]
    pub(in crate::api::realtime) struct NetworkChanges;

    impl NetworkChanges {
        pub(in crate::api::realtime) fn open() -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(in crate::api::realtime) async fn next(&self) -> io::Result<()> {
            std::future::pending().await
        }
    }
}

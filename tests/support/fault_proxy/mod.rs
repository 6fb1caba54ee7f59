//! A proxy between client and box that makes faults: by script, or at random from a seed.
//!
//! It understands HTTP/1.1 and WebSocket frames, so that it can lose the answer to a mutation that was executed, duplicate
//! a request, answer itself, or reorder events. It listens and connects on this computer only.

mod fault;
mod http;
mod relay;
mod stream;
mod websocket;

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tokio::{net::TcpListener, net::UnixListener, sync::watch};

use self::{fault::Rules, stream::Stream};
pub(crate) use self::{
    fault::{Fault, Mix},
    stream::Address,
};

/// A running proxy. Dropping it closes all its connections.
pub(crate) struct FaultProxy {
    shared: Arc<Shared>,
    address: Option<SocketAddr>,
}

/// What the connections share.
pub(crate) struct Shared {
    target: Address,
    rules: Mutex<Rules>,
    /// None at the end.
    up: watch::Sender<Option<bool>>,
}

impl Shared {
    fn with_rules<T>(&self, work: impl FnOnce(&mut Rules) -> T) -> T {
        work(&mut self.rules.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FaultProxy {
    /// Listens on a socket file.
    pub(crate) fn on_socket(path: &Path, target: Address) -> io::Result<Self> {
        let listener = std::os::unix::net::UnixListener::bind(path)?;
        listener.set_nonblocking(true)?;
        Ok(Self::start(None, target, async move |shared| {
            let listener = UnixListener::from_std(listener)?;
            accept(shared, async || {
                let (client, _) = listener.accept().await?;
                Ok(Box::new(client) as Stream)
            })
            .await
        }))
    }

    /// Listens on a port of loopback.
    pub(crate) fn on_tcp(target: Address) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self::start(Some(address), target, async move |shared| {
            let listener = TcpListener::from_std(listener)?;
            accept(shared, async || {
                let (client, _) = listener.accept().await?;
                Ok(Box::new(client) as Stream)
            })
            .await
        }))
    }

    /// Runs on a thread of its own, so that tests without a runtime can use it.
    fn start<R: Future<Output = io::Result<()>>>(
        address: Option<SocketAddr>,
        target: Address,
        run: impl FnOnce(Arc<Shared>) -> R + Send + 'static,
    ) -> Self {
        let shared = Arc::new(Shared {
            target,
            rules: Mutex::default(),
            up: watch::Sender::new(Some(true)),
        });
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let mut up = theirs.up.subscribe();
                let end = async move {
                    // An error means that the proxy is gone as well.
                    let _ = up.wait_for(Option::is_none).await;
                };
                tokio::select! {
                    ended = run(theirs) => ended.expect("it listens"),
                    () = end => {}
                }
            });
        });
        Self { shared, address }
    }

    /// Its port on loopback.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address.expect("a proxy on a port")
    }

    /// The faults of the next requests of an operation: the name of a GraphQL operation or of one of the user pool, or
    /// `event`.
    pub(crate) fn script(&self, operation: &str, faults: impl IntoIterator<Item = Fault>) {
        self.shared
            .with_rules(|rules| rules.script(operation, faults.into_iter().collect()));
    }

    /// Whether every fault of the scripts has happened.
    pub(crate) fn is_script_done(&self) -> bool {
        self.shared.with_rules(|rules| rules.is_script_done())
    }

    /// Faults at random, beside those of scripts; none without a mix.
    pub(crate) fn set_mix(&self, mix: Option<Mix>) {
        self.shared.with_rules(|rules| rules.mix = mix);
    }

    /// Cuts every connection and closes new ones at once, or lets them through.
    pub(crate) fn set_up(&self, up: bool) {
        self.shared.up.send_replace(Some(up));
    }

    /// The requests of an operation so far.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.shared.with_rules(|rules| rules.count(operation))
    }

    /// GraphQL requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.shared.with_rules(|rules| rules.requests)
    }

    /// Answers of status 200 to GraphQL requests that were delivered.
    pub(crate) fn responses(&self) -> usize {
        self.shared.with_rules(|rules| rules.responses)
    }

    /// Faults so far.
    pub(crate) fn faults(&self) -> usize {
        self.shared.with_rules(|rules| rules.faults)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.shared.up.send_replace(None);
    }
}

async fn accept(shared: Arc<Shared>, mut next: impl AsyncFnMut() -> io::Result<Stream>) -> io::Result<()> {
    let mut open = tokio::task::JoinSet::new();
    loop {
        let client = next().await?;
        let mut up = shared.up.subscribe();
        if *up.borrow_and_update() != Some(true) {
            continue;
        }
        let shared = Arc::clone(&shared);
        open.spawn(async move {
            tokio::select! {
                // An error is a connection that one side has closed.
                _ = relay::serve(client, &shared) => {}
                _ = up.changed() => {}
            }
        });
        while open.try_join_next().is_some() {}
    }
}

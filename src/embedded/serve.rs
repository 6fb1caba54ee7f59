//! The box on a TCP port, for other clients; and on the socket file, for screens and commands.

use std::{
    fs::TryLockError,
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use caltrack_local_backend::{
    Backend, BackendOptions, CodeFile, Outside,
    cognito::{
        CodeSink, Delivery,
        local::{CLIENT_ID, POOL_ID, REGION, ROTATING_CLIENT_ID},
    },
    server::{Origins, Scheme},
    sigv4::KeyPair,
};
use rustls::ServerConfig;
use serde::Serialize;
use tokio::{
    net::{TcpListener, UnixListener},
    sync::watch,
};

use super::{EmbeddedError, Role, holder, open_lock, socket};
use crate::config::DataDir;

/// How to serve.
#[derive(Debug)]
pub struct ServeOptions {
    /// Where to listen: a loopback address; port 0 picks one.
    pub listen: SocketAddr,
    /// The certificate and its key, for https and wss.
    pub tls: Option<Arc<ServerConfig>>,
    /// The web origins whose pages may use it.
    pub origins: Origins,
    /// Whether AWS's own APIs are served to whoever has the key.
    pub expose_aws: bool,
}

/// Where it answers; endpoints without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Served {
    /// This program's version.
    pub version: &'static str,
    /// GraphQL over HTTP.
    pub graphql_endpoint: String,
    /// AppSync's WebSocket dialect.
    pub realtime_endpoint: String,
    /// Cognito's API.
    pub cognito_endpoint: String,
    /// The region that the pool's id begins with.
    pub region: &'static str,
    /// The user pool.
    pub user_pool_id: &'static str,
    /// A public client; its refresh tokens stay the same.
    pub user_pool_client_id: &'static str,
    /// A public client whose refresh tokens change with every use.
    pub user_pool_client_id_rotating: &'static str,
    /// The key pair for AWS's own APIs, where they are served.
    pub credentials_file: Option<PathBuf>,
    /// What holds everything written.
    pub data_dir: PathBuf,
}

impl Served {
    fn at(address: SocketAddr, scheme: Scheme, data: &DataDir, credentials: Option<&Path>) -> Self {
        let (http, web_socket) = (scheme.http(), scheme.web_socket());
        Self {
            version: env!("CARGO_PKG_VERSION"),
            graphql_endpoint: format!("{http}://{address}/graphql"),
            realtime_endpoint: format!("{web_socket}://{address}/graphql/realtime"),
            cognito_endpoint: format!("{http}://{address}"),
            region: REGION,
            user_pool_id: POOL_ID,
            user_pool_client_id: CLIENT_ID,
            user_pool_client_id_rotating: ROTATING_CLIENT_ID,
            credentials_file: credentials.map(absolute),
            data_dir: absolute(data.path()),
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Codes go where they always go, and to standard error.
#[derive(Debug)]
struct Codes(CodeFile);

impl CodeSink for Codes {
    fn deliver(&self, delivery: &Delivery) -> io::Result<()> {
        self.0.deliver(delivery)?;
        let Delivery {
            username,
            purpose,
            code,
        } = delivery;
        let username = caltrack_domain::clean(username);
        print(Some(format!("code for {username} ({}): {code}", purpose.name())));
        Ok(())
    }

    fn rehearse(&self, delivery: &Delivery) -> io::Result<()> {
        self.0.rehearse(delivery)?;
        print(None);
        Ok(())
    }
}

/// Prints a line to standard error in the background: a slow terminal must not reveal whether a name exists. Requires the runtime.
fn print(line: Option<String>) {
    tokio::task::spawn_blocking(move || {
        if let Some(line) = line
            && let Err(error) = writeln!(io::stderr(), "{line}")
        {
            tracing::warn!(%error, "a code can't be shown; it is in the file of codes");
        }
    });
}

/// Hosts the box until `shutdown` completes. Calls `announce` once it answers.
///
/// # Errors
///
/// [`EmbeddedError`]: where another program hosts the box already, where the port can't be had, or where the data directory
/// can't be used. Nothing was changed then.
pub async fn serve(
    data: &DataDir,
    options: ServeOptions,
    announce: impl FnOnce(&Served),
    shutdown: impl Future<Output = ()>,
) -> Result<(), EmbeddedError> {
    let ServeOptions {
        listen,
        tls,
        origins,
        expose_aws,
    } = options;
    let port = |error: io::Error| EmbeddedError::Port {
        address: listen,
        detail: error.to_string(),
    };
    data.prepare()?;
    let path = socket::path(data.path())?;
    let lock = open_lock(&data.backend_lock())?;
    match lock.try_lock() {
        Ok(()) => holder::note(&lock, Role::Serve),
        Err(TryLockError::WouldBlock) => {
            return Err(EmbeddedError::Held(holder::named(&data.backend_lock())));
        }
        Err(TryLockError::Error(error)) => {
            return Err(EmbeddedError::Socket {
                path: data.backend_lock(),
                detail: error.to_string(),
            });
        }
    }
    let outer = TcpListener::bind(listen).await.map_err(port)?;
    let address = outer.local_addr().map_err(port)?;
    let codes = Codes(CodeFile::at(data.backend().join("codes.jsonl")));
    let backend_options = BackendOptions::with_codes(Arc::new(codes));
    let backend = Backend::start(&data.backend(), backend_options)
        .await
        .map_err(|error| EmbeddedError::Start(error.to_string()))?;
    let ready = expose(&backend, expose_aws).and_then(|exposed| Ok((exposed, socket::bind(&path)?)));
    let served = match ready {
        Ok((exposed, inner)) => {
            let scheme = if tls.is_some() {
                Scheme::Https
            } else {
                Scheme::Http
            };
            let (credentials, exposed) = exposed.unzip();
            announce(&Served::at(address, scheme, data, credentials.as_deref()));
            let outside = Outside {
                tls,
                origins,
                exposed,
            };
            both(&backend, inner, (outer, outside), shutdown)
                .await
                .map_err(port)
        }
        Err(error) => Err(error),
    };
    socket::remove(&path);
    backend.shutdown().await;
    // The lock is let go only when the files are closed and the socket is gone.
    drop(lock);
    served
}

/// The key for AWS's own APIs and its file, where they are to be served.
fn expose(backend: &Backend, wanted: bool) -> Result<Option<(PathBuf, KeyPair)>, EmbeddedError> {
    wanted
        .then(|| backend.credentials())
        .transpose()
        .map_err(|error| EmbeddedError::Start(error.to_string()))
}

/// Answers on both until the end.
async fn both(
    backend: &Backend,
    inner: UnixListener,
    (outer, outside): (TcpListener, Outside),
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let end = || {
        let mut stopped = stopped.clone();
        async move {
            // An error says that the other end is gone, which is an end as well.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        }
    };
    let serving = async {
        tokio::try_join!(
            backend.serve_unix(inner, end()),
            backend.serve_tcp(outer, outside, end())
        )
    };
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        outcome = &mut serving => outcome.map(drop),
        () = shutdown => {
            stop.send_replace(true);
            serving.await.map(drop)
        }
    }
}

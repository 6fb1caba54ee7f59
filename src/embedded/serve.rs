//! The box on a TCP port, for other clients, and on the socket file, for screens and commands.

use std::{
    fs::{File, TryLockError},
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use caltrack_local_backend::{
    Backend, BackendOptions, CodeFile, CodeSink, Delivery, TcpOptions,
    account::{CLIENT_ID, IDENTITY_POOL_ID, POOL_ID, REGION, ROTATING_CLIENT_ID},
    server::{Origins, Scheme},
    sigv4::KeyPair,
};
use rustls::ServerConfig;
use serde::Serialize;
use tokio::{
    net::{TcpListener, UnixListener},
    sync::watch,
};

use super::{
    account::known_account,
    codes,
    error::EmbeddedError,
    holder::{self, Role},
    lock::{open_lock, wait_for_lock},
    room, socket,
};
use caltrack_client::config::DataDir;

/// How long `serve` waits for commands that hold the box.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(10);

/// The options of `serve`.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The loopback address to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The certificate and its key, for https and wss.
    pub tls: Option<Arc<ServerConfig>>,
    /// The web origins whose pages may use the backend.
    pub origins: Origins,
    /// Whether AWS's own APIs are served to clients with the key.
    pub expose_aws: bool,
}

/// The addresses and ids of the served backend; endpoints without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServeInfo {
    /// The version of this program.
    pub version: &'static str,
    /// The address for GraphQL over HTTP.
    pub graphql_endpoint: String,
    /// The address for subscriptions over WebSocket.
    pub realtime_endpoint: String,
    /// The address of Cognito's API.
    pub cognito_endpoint: String,
    /// The region that the pool's id begins with.
    pub region: &'static str,
    /// The id of the user pool.
    pub user_pool_id: &'static str,
    /// The id of a public client without refresh token rotation.
    pub user_pool_client_id: &'static str,
    /// The id of a public client with refresh token rotation.
    pub user_pool_client_id_rotating: &'static str,
    /// The id of the identity pool, whose users sign requests.
    pub identity_pool_id: &'static str,
    /// The file of the key pair for AWS's own APIs, if they are served.
    pub credentials_file: Option<PathBuf>,
    /// The absolute path of the data directory.
    pub data_dir: PathBuf,
    /// The address of the endpoints.
    #[serde(skip)]
    pub address: SocketAddr,
}

impl ServeInfo {
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
            identity_pool_id: IDENTITY_POOL_ID,
            credentials_file: credentials.map(absolute),
            data_dir: absolute(data.path()),
            address,
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Writes codes to the file of codes and to standard error.
#[derive(Debug)]
struct FileAndStandardError(CodeFile);

impl CodeSink for FileAndStandardError {
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

/// Prints a line to standard error in the background: a slow terminal must not reveal whether a user exists. Requires the runtime.
fn print(line: Option<String>) {
    tokio::task::spawn_blocking(move || {
        if let Some(line) = line
            && let Err(error) = writeln!(io::stderr(), "{line}")
        {
            tracing::warn!(%error, "a code can't be printed; it is in the file of codes");
        }
    });
}

/// Hosts the box until `shutdown` completes. Calls `announce` when it serves.
///
/// # Errors
///
/// [`EmbeddedError`] if another program hosts the box (unless it is a command that ends within ten seconds), or if the port or the
/// data directory can't be used. Nothing is changed then.
pub async fn serve(
    data: &DataDir,
    options: ServeOptions,
    announce: impl FnOnce(&ServeInfo),
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
    let mut shutdown = std::pin::pin!(shutdown);
    let lock_file = data.backend_lock();
    let lock = tokio::select! {
        lock = take_lock(&lock_file, MAX_WAIT) => lock?,
        () = &mut shutdown => return Ok(()),
    };
    holder::write_name(&lock, Role::Serve);
    let outer = TcpListener::bind(listen).await.map_err(port)?;
    let address = outer.local_addr().map_err(port)?;
    let codes = FileAndStandardError(CodeFile::at(codes::path(&data.backend())));
    let mut backend_options = BackendOptions::with_codes(Arc::new(codes));
    backend_options.account = known_account(data);
    let directory = data.backend();
    let backend = Backend::start(&directory, backend_options)
        .await
        .map_err(|error| room::start_error(&directory, &error))?;
    let ready = expose(&backend, expose_aws).and_then(|exposed| Ok((exposed, socket::bind(&path)?)));
    let served = match ready {
        Ok((exposed, inner)) => {
            let scheme = if tls.is_some() {
                Scheme::Https
            } else {
                Scheme::Http
            };
            let (credentials, exposed) = exposed.unzip();
            announce(&ServeInfo::at(address, scheme, data, credentials.as_deref()));
            let outside = TcpOptions {
                tls,
                origins,
                exposed,
            };
            serve_both(&backend, inner, (outer, outside), shutdown)
                .await
                .map_err(port)
        }
        Err(error) => Err(error),
    };
    socket::remove(&path);
    backend.shutdown().await;
    // The lock is released only after the files are closed and the socket is removed.
    drop(lock);
    served
}

/// Takes the lock of the host. Waits at most `max_wait` for commands, but not for screens and another `serve`.
///
/// # Errors
///
/// [`EmbeddedError::Held`] if another program holds it.
pub(super) async fn take_lock(path: &Path, max_wait: Duration) -> Result<File, EmbeddedError> {
    let unusable = |error: &io::Error| EmbeddedError::Socket {
        path: path.to_owned(),
        detail: error.to_string(),
    };
    let lock = open_lock(path)?;
    match lock.try_lock() {
        Ok(()) => return Ok(lock),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(unusable(&error)),
    }
    let holder = holder::read_name(path);
    if !holder::ends_soon(&holder) {
        return Err(EmbeddedError::Held(holder));
    }
    tracing::info!(%holder, "waiting until a command has ended");
    match tokio::time::timeout(max_wait, wait_for_lock(lock)).await {
        Ok(Ok(lock)) => Ok(lock),
        // The thread couldn't lock the file.
        Ok(Err(_)) => Err(unusable(&io::ErrorKind::Other.into())),
        Err(_) => Err(EmbeddedError::Held(holder::read_name(path))),
    }
}

/// The key for AWS's own APIs and its file, if they are served.
fn expose(backend: &Backend, wanted: bool) -> Result<Option<(PathBuf, KeyPair)>, EmbeddedError> {
    wanted
        .then(|| backend.credentials())
        .transpose()
        .map_err(|error| EmbeddedError::Start {
            message: error.to_string(),
            advice: error.advice(),
        })
}

/// Serves the socket file and the port until `shutdown` completes.
async fn serve_both(
    backend: &Backend,
    inner: UnixListener,
    (outer, outside): (TcpListener, TcpOptions),
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let end = || {
        let mut stopped = stopped.clone();
        async move {
            // An error means that the sender is gone, which is an end as well.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A locked lock file.
    fn held_by(role: Option<Role>) -> (tempfile::TempDir, PathBuf, File) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("backend.lock");
        let lock = open_lock(&path).unwrap();
        lock.try_lock().unwrap();
        if let Some(role) = role {
            holder::write_name(&lock, role);
        }
        (directory, path, lock)
    }

    #[tokio::test]
    async fn serve_waits_for_a_command_that_holds_the_box() {
        for role in [Some(Role::Command), None] {
            let (_directory, path, lock) = held_by(role);
            let mut taking = std::pin::pin!(take_lock(&path, Duration::from_mins(1)));
            assert!(futures_util::poll!(&mut taking).is_pending(), "{role:?}");
            drop(lock);
            taking.await.unwrap();
        }
    }

    #[tokio::test]
    async fn screens_and_another_serve_are_reported_at_once_and_a_command_after_the_wait() {
        for (role, name, max_wait) in [
            (Role::Screens, "(the screens)", Duration::from_hours(1)),
            (Role::Serve, "(serve)", Duration::from_hours(1)),
            (Role::Command, "(a command)", Duration::from_millis(20)),
        ] {
            let (_directory, path, _lock) = held_by(Some(role));
            let refused = take_lock(&path, max_wait).await.unwrap_err().to_string();
            assert!(refused.contains(name), "{refused}");
        }
    }
}

//! The box on a TCP port, for other clients; and on the socket file, for screens and commands.

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
    account::{CLIENT_ID, POOL_ID, REGION, ROTATING_CLIENT_ID},
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
    EmbeddedError, Role, account::known_account, holder, open_lock, room, share::wait_for_turn, socket,
};
use caltrack_client::config::DataDir;

/// How long `serve` waits for commands that hold the box.
const COMMAND_TIME: Duration = Duration::from_secs(10);

/// How to serve.
#[derive(Debug, Clone)]
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
    /// Where it listens: the address of the endpoints.
    #[serde(skip)]
    pub address: SocketAddr,
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
            address,
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
/// [`EmbeddedError`]: where another program hosts the box already and is no command that ends within ten seconds, where the port
/// can't be had, or where the data directory can't be used. Nothing was changed then.
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
    let mut shutdown = std::pin::pin!(shutdown);
    let lock_file = data.backend_lock();
    let lock = tokio::select! {
        lock = take_lock(&lock_file, COMMAND_TIME) => lock?,
        () = &mut shutdown => return Ok(()),
    };
    holder::note(&lock, Role::Serve);
    let outer = TcpListener::bind(listen).await.map_err(port)?;
    let address = outer.local_addr().map_err(port)?;
    let codes = Codes(CodeFile::at(super::codes::path(&data.backend())));
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
            announce(&Served::at(address, scheme, data, credentials.as_deref()));
            let outside = TcpOptions {
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

/// The lock that hosts of the box hold. A command that hosts it right now is waited for, screens and another `serve` are not.
///
/// # Errors
///
/// [`EmbeddedError::Held`] where another program keeps it, and where commands have held it for all of `patience`.
async fn take_lock(path: &Path, patience: Duration) -> Result<File, EmbeddedError> {
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
    let holder = holder::named(path);
    if !holder::ends_soon(&holder) {
        return Err(EmbeddedError::Held(holder));
    }
    tracing::info!(%holder, "waiting until a command has ended");
    match tokio::time::timeout(patience, wait_for_turn(lock)).await {
        Ok(Ok(lock)) => Ok(lock),
        // The thread that waited says nothing more than that it can't lock.
        Ok(Err(_)) => Err(unusable(&io::ErrorKind::Other.into())),
        Err(_) => Err(EmbeddedError::Held(holder::named(path))),
    }
}

/// The key for AWS's own APIs and its file, where they are to be served.
fn expose(backend: &Backend, wanted: bool) -> Result<Option<(PathBuf, KeyPair)>, EmbeddedError> {
    wanted
        .then(|| backend.credentials())
        .transpose()
        .map_err(|error| EmbeddedError::Start {
            message: error.to_string(),
            advice: error.advice(),
        })
}

/// Answers on both until the end.
async fn both(
    backend: &Backend,
    inner: UnixListener,
    (outer, outside): (TcpListener, TcpOptions),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock file that is held.
    fn held_by(role: Option<Role>) -> (tempfile::TempDir, PathBuf, File) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("backend.lock");
        let lock = open_lock(&path).unwrap();
        lock.try_lock().unwrap();
        if let Some(role) = role {
            holder::note(&lock, role);
        }
        (directory, path, lock)
    }

    #[tokio::test]
    async fn a_command_that_holds_the_box_is_waited_for() {
        for role in [Some(Role::Command), None] {
            let (_directory, path, lock) = held_by(role);
            let mut taking = std::pin::pin!(take_lock(&path, Duration::from_mins(1)));
            assert!(futures_util::poll!(&mut taking).is_pending(), "{role:?}");
            drop(lock);
            taking.await.unwrap();
        }
    }

    #[tokio::test]
    async fn screens_and_another_serve_are_named_at_once_and_a_command_that_does_not_end_at_last() {
        for (role, name, patience) in [
            (Role::Screens, "(the screens)", Duration::from_hours(1)),
            (Role::Serve, "(serve)", Duration::from_hours(1)),
            (Role::Command, "(a command)", Duration::from_millis(20)),
        ] {
            let (_directory, path, _lock) = held_by(Some(role));
            let refused = take_lock(&path, patience).await.unwrap_err().to_string();
            assert!(refused.contains(name), "{refused}");
        }
    }
}

//! The backend as a whole: tables, user pool, API, aggregation and sweep, started and stopped together.

use std::{
    future::pending,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use caltrack_local_appsync::{
    ApiSettings, AppSync, SchemaError,
    realtime::SocketTimes,
    resolver::{CompiledResolvers, LoadError},
};
use caltrack_local_cognito::{
    self as cognito, CodeFile, CodeSink, CognitoError, KnownAccount, PoolSettings, UserPool,
};
use caltrack_local_core::{
    account::SIGN_IN,
    tables::{ACTIVITY_TABLE, DynamoError, Operation},
};
use caltrack_local_dynamodb::{OpenError, Tables};
use caltrack_resolvers::Files;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    authenticator::LocalAuthenticator,
    datadir::{DataDirError, DataDirectory},
    publisher::AppSyncPublisher,
    seed::seed_categories,
    serve::{serve, serve_port},
    server::{ApiState, AwsApis, CallerLimits, Origins, Scheme, amz_routes, api_routes, finish, for_port},
    settled::SettledTables,
    sigv4::{KeyFileError, KeyPair, Keyring},
    snapshots::{self, SnapshotError},
    stream::{Aggregator, PoisonFile, Pump},
    upgrade::count_entries,
};

/// The first sweep comes long after the first frame, which it would delay.
const FIRST_SWEEP: Duration = Duration::from_secs(30);
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// The first look for a snapshot of the day comes after the first sweep.
const FIRST_SNAPSHOT: Duration = Duration::from_mins(1);
const SNAPSHOT_EVERY: Duration = Duration::from_mins(10);

/// Options of a backend; the defaults are the deployed API's.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct BackendOptions {
    /// The sink of confirmation codes; by default `codes.jsonl` in the backend's directory.
    pub codes: Option<Arc<dyn CodeSink>>,
    /// The account on this computer: if the user pool has lost it, it is restored with its id, so that it keeps its
    /// entries.
    pub account: Option<KnownAccount>,
    /// Limits and introspection of the API.
    pub api: ApiSettings,
}

impl BackendOptions {
    /// The default options with a sink of codes.
    pub fn with_codes(codes: Arc<dyn CodeSink>) -> Self {
        Self {
            codes: Some(codes),
            ..Self::default()
        }
    }
}

impl std::fmt::Debug for BackendOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackendOptions").finish_non_exhaustive()
    }
}

/// The backend didn't start. Its directory is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The directory can't be used.
    #[error(transparent)]
    Directory(#[from] DataDirError),
    /// The tables can't be opened.
    #[error(transparent)]
    Tables(#[from] OpenError),
    /// The tables were opened, but a first call failed.
    #[error("the backend's tables failed ({0}). What was acknowledged is safe")]
    Dynamo(#[from] DynamoError),
    /// The user pool can't be opened.
    #[error(transparent)]
    Pool(#[from] cognito::OpenError),
    /// The pool was opened, but the account on this computer could not be restored in it.
    #[error("the backend's user pool failed ({0}). What was acknowledged is safe")]
    Account(#[from] CognitoError),
    /// The aggregator's key can't be read or created.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// A resolver can't be compiled: a fault of this build.
    #[error(transparent)]
    Resolver(#[from] LoadError),
    /// The schema is invalid: a fault of this build.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

impl StartError {
    /// What the user can do; empty if nothing helps.
    pub fn advice(&self) -> String {
        match self {
            Self::Directory(error) => error.advice(),
            Self::Tables(error) => error.advice(),
            Self::Pool(error) => error.advice(),
            Self::Keys(error) => error.advice(),
            Self::Dynamo(_) | Self::Account(_) => "Try again".to_owned(),
            Self::Resolver(_) | Self::Schema(_) => String::new(),
        }
    }
}

/// A running backend. [`Backend::shutdown`] stops it in order, and so does dropping it at once; neither loses an
/// acknowledged write.
#[derive(Debug)]
pub struct Backend {
    tables: Tables,
    app: AppSync,
    pool: UserPool,
    directory: DataDirectory,
    keyring: Keyring,
    tasks: JoinSet<()>,
}

/// Options of a TCP port, which the socket file doesn't have.
#[derive(Debug, Default)]
pub struct TcpOptions {
    /// Certificate and key for https and wss; none for http and ws.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// The web origins whose pages may use the port.
    pub origins: Origins,
    /// The key of AWS's own APIs; none if they are not served.
    pub exposed: Option<KeyPair>,
}

impl Backend {
    /// Starts on a directory (`<data>/backend`), which is created if absent. One process at a time may use it: the caller
    /// holds its lock.
    ///
    /// # Errors
    ///
    /// [`StartError`], with what was kept and advice.
    pub async fn start(directory: &Path, options: BackendOptions) -> Result<Self, StartError> {
        let path = directory.to_owned();
        let account_known = options.account.is_some();
        // Compiled on another thread while the files are opened.
        let compiled = blocking(|| Ok(CompiledResolvers::compile(Files::embedded())?));
        let (directory, tables) = blocking(move || {
            let directory = DataDirectory::prepare(&path)?;
            directory.check_tables(account_known)?;
            let tables = Tables::open(&directory.tables())?;
            Ok((directory, tables))
        })
        .await?;
        if directory.pool_is_empty()? && (account_known || hold_entries(&tables).await?) {
            tables.close().await;
            return Err(DataDirError::EmptiedPool(directory.pool()).into());
        }
        let (mut directory, pool, aggregator) = blocking(move || {
            let codes = options
                .codes
                .unwrap_or_else(|| Arc::new(CodeFile::at(directory.codes())));
            let pool = UserPool::open(&directory.pool(), PoolSettings::local(codes))?;
            if let Some(account) = &options.account
                && pool.restore(account)?
            {
                tracing::warn!(
                    username = account.username,
                    "the user pool had lost the account on this computer; it was created again with its id"
                );
            }
            let aggregator = KeyPair::at(&directory.aggregator_credentials())?;
            Ok((directory, pool, aggregator))
        })
        .await?;
        // Lists continue under the next host of the directory: their page tokens depend on a secret that stays in it.
        let resolvers = compiled
            .await?
            .on(Arc::new(SettledTables::new(tables.clone())), aggregator.secret())
            .with_environment(json!({ "SIGN_IN": SIGN_IN }));
        let app = blocking(move || Ok(AppSync::new(resolvers, options.api)?)).await?;
        let keyring = Keyring::of_aggregator(aggregator).with_users(pool.clone());
        seed_categories(&tables).await?;
        let publisher = AppSyncPublisher::new(app.clone());
        let pump = Pump::new(
            tables.stream().await?,
            Aggregator::new(tables.clone(), Arc::new(publisher)),
            PoisonFile::at(directory.poison()),
        );
        let mut tasks = JoinSet::new();
        tasks.spawn(async {
            let end = pump.run().await;
            tracing::info!(%end, "totals are no longer counted");
        });
        if directory.has_kcal_alone() {
            upgrade(&mut directory, &tables).await;
        }
        tasks.spawn(sweep_now_and_then(tables.clone()));
        tasks.spawn(take_snapshots(directory.path().to_owned()));
        Ok(Self {
            tables,
            app,
            pool,
            directory,
            keyring,
            tasks,
        })
    }

    /// Serves a socket file until `shutdown` completes. Several listeners can be served at once.
    ///
    /// # Errors
    ///
    /// None: a listener that can't accept tries again.
    #[cfg(unix)]
    pub async fn serve_unix(
        &self,
        listener: tokio::net::UnixListener,
        shutdown: impl Future<Output = ()>,
    ) -> std::io::Result<()> {
        serve(listener, self.router(), shutdown).await
    }

    /// The key of AWS's own APIs and its file. The first call creates it; later ones return the same.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`] if the file can't be read or created.
    pub fn credentials(&self) -> Result<(PathBuf, KeyPair), KeyFileError> {
        let path = self.directory.aws_credentials();
        let key = KeyPair::at(&path)?;
        Ok((path, key))
    }

    /// Serves a TCP port until `shutdown` completes. Other programs of this computer can reach it, so it has limits: 256
    /// connections, and 32 concurrent requests and 10 sockets per caller.
    ///
    /// # Errors
    ///
    /// None: a listener that can't accept tries again.
    pub async fn serve_tcp(
        &self,
        listener: tokio::net::TcpListener,
        options: TcpOptions,
        shutdown: impl Future<Output = ()>,
    ) -> std::io::Result<()> {
        let TcpOptions {
            tls,
            origins,
            exposed,
        } = options;
        let router = self.routes(exposed, Some(CallerLimits::default()));
        let scheme = if tls.is_some() {
            Scheme::Https
        } else {
            Scheme::Http
        };
        serve_port(listener, for_port(router, scheme, origins), tls, shutdown).await
    }

    /// All routes of the socket file.
    pub fn router(&self) -> Router {
        self.routes(None, None)
    }

    fn routes(&self, exposed: Option<KeyPair>, callers: Option<CallerLimits>) -> Router {
        let with_aws = exposed.is_some();
        let keyring = exposed.into_iter().fold(self.keyring.clone(), Keyring::exposing);
        let api = ApiState {
            app: self.app.clone(),
            authenticator: Arc::new(LocalAuthenticator::new(self.pool.clone(), keyring.clone())),
            limits: SocketTimes::default(),
            callers,
        };
        // Reads of the totals see every acknowledged write, as resolvers' reads do.
        let aws = with_aws.then(|| {
            AwsApis::new(
                SettledTables::new(self.tables.clone()),
                self.pool.clone(),
                keyring,
            )
        });
        finish(api_routes(api).merge(amz_routes(self.pool.clone(), aws)))
    }

    /// Closes every WebSocket, stops the background work, closes the files, and takes the day's snapshot if there is none: a
    /// host that runs for a moment, such as a command, takes it now.
    pub async fn shutdown(mut self) {
        self.app.end_sockets();
        self.tasks.shutdown().await;
        self.tables.close().await;
        take_snapshot(self.directory.path().to_owned(), snapshots::take_at_close).await;
    }
}

/// Begins at once, even if the future isn't polled yet.
fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> impl Future<Output = Result<T, StartError>> {
    let task = tokio::task::spawn_blocking(work);
    async {
        match task.await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down, and drops this future.
                Err(_cancelled) => pending().await,
            },
        }
    }
}

/// Upgrades a directory of the first format. Where that isn't possible, days without entries and digest stay until the next start.
async fn upgrade(directory: &mut DataDirectory, tables: &Tables) {
    if !tables.caught_up().await {
        tracing::warn!(
            "changes of the log are not counted yet; the totals will be upgraded at a later start"
        );
        return;
    }
    if let Err(error) = count_entries(tables).await {
        tracing::warn!(%error, "the totals could not be upgraded; the next start tries again");
        return;
    }
    if let Err(error) = directory.set_current() {
        tracing::warn!(%error, "the upgrade of the totals could not be noted; the next start repeats it");
    }
}

/// Whether any user has an entry.
async fn hold_entries(tables: &Tables) -> Result<bool, DynamoError> {
    let scan = json!({ "TableName": ACTIVITY_TABLE, "Limit": 1, "Select": "COUNT" });
    let found = tables.call(Operation::Scan, scan).await?;
    Ok(found.get("Count").and_then(Value::as_u64) != Some(0))
}

async fn take_snapshots(directory: PathBuf) {
    let mut pause = FIRST_SNAPSHOT;
    loop {
        tokio::time::sleep(pause).await;
        pause = SNAPSHOT_EVERY;
        take_snapshot(directory.clone(), snapshots::take_daily).await;
    }
}

/// Takes the day's snapshot, if there is none. The log is safe without it.
async fn take_snapshot(
    directory: PathBuf,
    take: fn(&Path, Timestamp) -> Result<Option<String>, SnapshotError>,
) {
    let taken = tokio::task::spawn_blocking(move || take(&directory, Timestamp::now()));
    match taken.await {
        Ok(Ok(None)) | Err(_) => {}
        Ok(Ok(Some(name))) => tracing::info!(name, "a snapshot was taken"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the day's snapshot could not be taken; the next try is later");
        }
    }
}

async fn sweep_now_and_then(tables: Tables) {
    let mut pause = FIRST_SWEEP;
    loop {
        tokio::time::sleep(pause).await;
        pause = SWEEP_EVERY;
        match tables.sweep_expired().await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "expired items were deleted"),
            Err(error) => {
                tracing::warn!(%error, "expired items could not be deleted; the next sweep is in an hour");
            }
        }
    }
}

#[cfg(test)]
mod tests;

//! The whole box: tables, stream pump, seed and sweep, started and stopped together.

use std::{
    future::pending,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use caltrack_local_appsync::{
    ApiSettings, AppSync, SchemaError,
    realtime::Limits,
    resolver::{LoadError, Resolvers},
};
use caltrack_local_cognito::{
    self as cognito, CodeFile, CodeSink, CognitoError, KnownAccount, PoolSettings, UserPool,
};
use caltrack_local_core::tables::{ACTIVITY_TABLE, DynamoError, Operation};
use caltrack_local_dynamodb::{OpenError, Tables};
use caltrack_resolvers::Files;
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
    stream::{Aggregator, PoisonFile, Pump},
};

/// The first sweep waits until the program has long painted its first frame.
const FIRST_SWEEP: Duration = Duration::from_secs(30);
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// How a backend differs from the usual one.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct BackendOptions {
    /// Where confirmation codes go; `codes.jsonl` in the backend's directory where it is absent.
    pub codes: Option<Arc<dyn CodeSink>>,
    /// The account on this computer: if the user pool has lost it, it is restored with its id, so that it keeps its
    /// entries.
    pub account: Option<KnownAccount>,
    /// What the API executes: the deployed limits, and introspection, by default.
    pub api: ApiSettings,
}

impl BackendOptions {
    /// Codes go there.
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

/// The backend didn't start. What the directory holds is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The directory can't be used.
    #[error(transparent)]
    Directory(#[from] DataDirError),
    /// The tables can't be opened.
    #[error(transparent)]
    Tables(#[from] OpenError),
    /// The tables opened, but failed at once.
    #[error("the backend's tables failed ({0}). What was acknowledged is safe. Try again.")]
    Dynamo(#[from] DynamoError),
    /// The user pool can't be opened.
    #[error(transparent)]
    Pool(#[from] cognito::OpenError),
    /// The pool was opened, but the account on this computer could not be restored in it.
    #[error("the backend's user pool failed ({0}). What was acknowledged is safe. Try again.")]
    Account(#[from] CognitoError),
    /// The aggregator's key can't be read or made.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// A resolver is at fault: this build can't work.
    #[error(transparent)]
    Resolver(#[from] LoadError),
    /// The schema is at fault: this build can't work.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

/// A running backend. Dropping it stops it, [`Backend::shutdown`] stops it in order; either way nothing acknowledged is
/// lost.
#[derive(Debug)]
pub struct Backend {
    tables: Tables,
    app: AppSync,
    pool: UserPool,
    directory: DataDirectory,
    keyring: Keyring,
    tasks: JoinSet<()>,
}

/// How a TCP port differs from the socket file.
#[derive(Debug, Default)]
pub struct TcpOptions {
    /// The certificate and its key, for https and wss.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// The web origins whose pages may use it.
    pub origins: Origins,
    /// The key that opens AWS's own APIs, where they are served.
    pub exposed: Option<KeyPair>,
}

impl Backend {
    /// Starts on a directory of its own (`<data>/backend`), which is created where it is absent. One process at a time:
    /// the caller holds the lock.
    ///
    /// # Errors
    ///
    /// [`StartError`] with what is wrong, what was kept, and what to do.
    pub async fn start(directory: &Path, options: BackendOptions) -> Result<Self, StartError> {
        let path = directory.to_owned();
        let account_known = options.account.is_some();
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
        let opened = tables.clone();
        let (directory, pool, app, keyring) = blocking(move || {
            let codes = options
                .codes
                .unwrap_or_else(|| Arc::new(CodeFile::at(directory.codes())));
            let pool = UserPool::open(&directory.pool(), PoolSettings::local(codes))?;
            if let Some(account) = &options.account
                && pool.restore(account)?
            {
                tracing::warn!(
                    username = account.username,
                    "the user pool had lost the account on this computer; it was made anew with its id"
                );
            }
            let aggregator = KeyPair::at(&directory.aggregator_credentials())?;
            // A list goes on where another program takes the directory over: page tokens hang on a secret that stays there.
            let app = AppSync::new(
                Resolvers::load(
                    Files::embedded().map_err(LoadError::from)?,
                    Arc::new(SettledTables::new(opened)),
                    aggregator.secret(),
                )?,
                options.api,
            )?;
            let keyring = Keyring::of_aggregator(aggregator);
            Ok((directory, pool, app, keyring))
        })
        .await?;
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
        tasks.spawn(sweep_now_and_then(tables.clone()));
        Ok(Self {
            tables,
            app,
            pool,
            directory,
            keyring,
            tasks,
        })
    }

    /// The four tables.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Waits until every write acknowledged so far is in the totals, for a few seconds at most.
    pub async fn settled(&self) {
        self.tables.caught_up().await;
    }

    /// Answers on a socket file until `shutdown` completes. Several listeners may be served at once.
    ///
    /// # Errors
    ///
    /// Where the listener fails for good.
    #[cfg(unix)]
    pub async fn serve_unix(
        &self,
        listener: tokio::net::UnixListener,
        shutdown: impl Future<Output = ()>,
    ) -> std::io::Result<()> {
        serve(listener, self.router(), shutdown).await
    }

    /// The key that opens AWS's own APIs, and the file that holds it. It is made at the first time and stays the same.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`] where it can't be read or made.
    pub fn credentials(&self) -> Result<(PathBuf, KeyPair), KeyFileError> {
        let path = self.directory.aws_credentials();
        let key = KeyPair::at(&path)?;
        Ok((path, key))
    }

    /// Answers on a TCP port until `shutdown` completes, over TLS where it is given. Other programs of this computer
    /// can reach it, so it has limits: 256 connections, and 32 concurrent requests and 10 sockets per caller.
    ///
    /// # Errors
    ///
    /// Where the listener fails for good.
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

    /// Everything that the box speaks over HTTP.
    pub fn router(&self) -> Router {
        self.routes(None, None)
    }

    fn routes(&self, exposed: Option<KeyPair>, callers: Option<CallerLimits>) -> Router {
        let with_aws = exposed.is_some();
        let keyring = exposed.into_iter().fold(self.keyring.clone(), Keyring::exposing);
        let api = ApiState {
            app: self.app.clone(),
            authenticator: Arc::new(LocalAuthenticator::new(self.pool.clone(), keyring.clone())),
            limits: Limits::default(),
            callers,
        };
        // Whoever reads the totals there sees every write that was acknowledged, as resolvers do.
        let aws = with_aws.then(|| {
            AwsApis::new(
                SettledTables::new(self.tables.clone()),
                self.pool.clone(),
                keyring,
            )
        });
        finish(api_routes(api).merge(amz_routes(self.pool.clone(), aws)))
    }

    /// Closes every WebSocket, stops the background work and closes the files.
    pub async fn shutdown(mut self) {
        self.app.end_sockets();
        self.tasks.shutdown().await;
        self.tables.close().await;
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only when the runtime is going down, and this future with it.
            Err(_cancelled) => pending().await,
        },
    }
}

/// Whether there is any entry of any user.
async fn hold_entries(tables: &Tables) -> Result<bool, DynamoError> {
    let scan = json!({ "TableName": ACTIVITY_TABLE, "Limit": 1, "Select": "COUNT" });
    let found = tables.call(Operation::Scan, scan).await?;
    Ok(found.get("Count").and_then(Value::as_u64) != Some(0))
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

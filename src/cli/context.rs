//! A backend during one command. In that time, this program may host the box.

use std::{
    cell::{Cell, RefCell},
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use caltrack_domain::Account;

use super::{
    challenges::finish_sign_in, error::CommandError, job_control, local_log::LocalLog, notice::notice,
    output::Output, prompt::Prompter,
};
use crate::{
    embedded::{self, Embedded, EmbeddedError, HostStatus, Readiness, Role, StoredAccount},
    logging,
    runtime::{self, Connected},
};
use caltrack_client::{
    api::Client,
    config::{BackendKind, Config},
    outbox::Outbox,
    replica::Replica,
};

/// Runs a command on the profile's backend, which responds by then, and releases the backend afterwards.
pub(super) async fn with_backend(
    config: &Config,
    command: impl AsyncFnOnce(&CommandContext<'_>) -> Result<Output, CommandError>,
) -> Result<Output, CommandError> {
    let context = CommandContext::open(config)?;
    let result = async {
        context.ready().await?;
        command(&context).await
    };
    let result = result.await;
    context.close().await;
    result
}

/// Runs a command for the signed-in user; the backend need not respond. In a new data directory, the account on this computer is
/// created first.
pub(super) async fn with_account(
    config: &Config,
    command: impl AsyncFnOnce(&CommandContext<'_>, &Account) -> Result<Output, CommandError>,
) -> Result<Output, CommandError> {
    let context = CommandContext::open(config)?;
    let result = async {
        let account = context.account().await?;
        command(&context, &account).await
    };
    let result = result.await;
    context.close().await;
    result
}

/// As [`with_account`], for a command that reads: what waits in the outbox is sent first.
pub(super) async fn with_log(
    config: &Config,
    command: impl AsyncFnOnce(&CommandContext<'_>, &Account) -> Result<Output, CommandError>,
) -> Result<Output, CommandError> {
    with_account(config, async |context, account| {
        context.send_waiting(account).await;
        command(context, account).await
    })
    .await
}

/// The backend of a command.
pub(super) struct CommandContext<'a> {
    pub(super) config: &'a Config,
    pub(super) client: Client,
    /// Makes one attempt at each call: a command that knows what to do without the backend doesn't wait for retries.
    pub(super) once: Client,
    embedded: Option<Embedded>,
    replica: RefCell<Option<Replica>>,
    /// Between two uses: opening and closing it costs more than most of what is done with it.
    pub(super) outbox: RefCell<Option<Outbox>>,
    /// Whether a request had no response in time: later ones don't wait for as long.
    pub(super) is_silent: Cell<bool>,
    /// Whether the data directory can't be written: what is known is shown, and nothing is sent.
    pub(super) is_read_only: bool,
    _log: Option<tracing_appender::non_blocking::WorkerGuard>,
}

impl<'a> CommandContext<'a> {
    /// Opens the backend, and waits for nothing.
    pub(super) fn open(config: &'a Config) -> Result<Self, CommandError> {
        let Connected {
            client,
            embedded,
            is_read_only,
        } = runtime::connect(config, Role::Command, report_slowness_once(config))?;
        if let Some(embedded) = &embedded {
            job_control::register(embedded.handle());
            tokio::spawn(report_silence(embedded.readiness()));
        }
        Ok(Self {
            config,
            once: client.with_single_attempts(),
            client,
            embedded,
            replica: RefCell::default(),
            outbox: RefCell::default(),
            is_silent: Cell::new(false),
            is_read_only,
            _log: logging::start(&config.data.log()),
        })
    }

    /// Waits until the box responds; a remote backend is not waited for.
    pub(super) async fn ready(&self) -> Result<(), EmbeddedError> {
        match self.readiness() {
            Some(mut readiness) => readiness.wait().await,
            None => Ok(()),
        }
    }

    /// Whether the box responds; none for a remote backend.
    pub(super) fn readiness(&self) -> Option<Readiness> {
        self.embedded.as_ref().map(Embedded::readiness)
    }

    /// What this computer knows of the user's log.
    pub(super) const fn local<'c>(&'c self, account: &'c Account) -> LocalLog<'c> {
        LocalLog::new(self.config, account, &self.replica, &self.outbox)
    }

    /// Ends this program's share in the box.
    pub(super) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.end().await;
        }
    }

    /// Whether the profile is that of the account on this computer.
    pub(super) fn is_local(&self) -> bool {
        self.config.profile.backend == BackendKind::InTheBox
    }

    /// Signs in as the account on this computer.
    pub(super) async fn open_account(&self) -> Result<Account, CommandError> {
        let sign_in = embedded::open_account(&self.client, &self.config.data).await?;
        finish_sign_in(&self.client, sign_in, &Prompter::at_terminal()).await
    }

    /// The signed-in user. In a new data directory, the account on this computer is created first.
    async fn account(&self) -> Result<Account, CommandError> {
        self.client.require_user()?;
        if let Some(account) = self.client.account() {
            return Ok(account);
        }
        if !self.is_local() {
            return Err(CommandError::signed_out());
        }
        if self.is_read_only {
            let account = embedded::remembered_account(self.config);
            return account.ok_or_else(CommandError::signed_out);
        }
        self.ready().await?;
        match embedded::stored_account(&self.config.data) {
            StoredAccount::SignedOut => Err(CommandError::signed_out()),
            // The session was lost, but not the password.
            StoredAccount::Ready => self.open_account().await,
            StoredAccount::Absent | StoredAccount::Begun => {
                let account = self.open_account().await?;
                notice(&format!(
                    "Created the account on this computer in {}",
                    self.config.data.path().display()
                ));
                Ok(account)
            }
        }
    }
}

/// How long a command waits for the backend if this computer knows an answer as well.
const PATIENCE: Duration = Duration::from_secs(10);

impl CommandContext<'_> {
    /// What the backend has, and the connection's name; or what this computer knows if the backend can't be reached or doesn't
    /// respond.
    pub(super) async fn or_known<T>(
        &self,
        fetch: impl AsyncFnOnce() -> Result<T, CommandError>,
        known: impl Fn() -> Option<T>,
    ) -> Result<(T, &'static str), CommandError> {
        let mut fetched = pin!(async {
            self.ready().await?;
            fetch().await
        });
        let patience = if self.is_silent.get() {
            Duration::ZERO
        } else {
            PATIENCE
        };
        let error = match tokio::time::timeout(patience, &mut fetched).await {
            Ok(Ok(fetched)) => return Ok((fetched, "live")),
            Ok(Err(error)) if self.can_do_without(&error) => error,
            Ok(Err(error)) => return Err(error),
            Err(_) => match known() {
                Some(known) => {
                    self.offline(&CommandError::silent());
                    return Ok((known, "offline"));
                }
                None => return fetched.await.map(|fetched| (fetched, "live")),
            },
        };
        match known() {
            Some(known) => {
                self.offline(&error);
                Ok((known, "offline"))
            }
            None => Err(error),
        }
    }

    /// Whether a command can show what this computer knows after a failure of the backend.
    pub(super) fn can_do_without(&self, error: &CommandError) -> bool {
        error.is_away() || self.is_read_only || !self.config.data.is_writable()
    }

    /// Reports that what is shown is this computer's copy.
    pub(super) fn offline(&self, error: &CommandError) {
        self.is_silent.set(true);
        notice(&format!(
            "offline: {}; shown is this computer's copy; next: {}",
            error.message(),
            error.next()
        ));
    }
}

/// Reports the first request without a response for some seconds.
fn report_slowness_once(config: &Config) -> impl Fn() + Send + Sync + 'static {
    let backend = match &config.profile.backend {
        BackendKind::InTheBox => "the backend".to_owned(),
        BackendKind::Remote(endpoints) => endpoints.graphql.clone(),
    };
    let reported = AtomicBool::new(false);
    move || {
        if !reported.swap(true, Ordering::Relaxed) {
            notice(&format!("no response from {backend} yet; still waiting …"));
        }
    }
}

/// Reports an unresponsive host for which a command waits. A stopped host is named by the error that follows at once.
async fn report_silence(mut readiness: Readiness) {
    loop {
        match readiness.next().await {
            HostStatus::Silent(host) if !host.is_stopped() => notice(&format!("{host}; waiting for it …")),
            HostStatus::Silent(_) | HostStatus::Ready => {}
            HostStatus::Failed(_) => return,
        }
    }
}

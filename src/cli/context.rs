//! A backend during one command. In that time, this program may host the box.

use std::sync::atomic::{AtomicBool, Ordering};

use caltrack_domain::{Account, Category};
use jiff::Timestamp;

use super::{
    challenges::finish_sign_in, error::CommandError, job_control, notice::notice, now::Now, output::Output,
    prompt::Prompter,
};
use crate::{
    app::catalog::are_fresh,
    embedded::{self, Embedded, HostStatus, Readiness, Role, StoredAccount},
    logging,
    runtime::{self, settings::Settings},
};
use caltrack_client::{
    api::Client,
    config::{BackendKind, Config},
    replica::{Owner, Replica},
};

/// Runs a command on the profile's backend, and releases the backend afterwards.
pub(super) async fn with_backend(
    config: &Config,
    command: impl AsyncFnOnce(&CommandContext<'_>) -> Result<Output, CommandError>,
) -> Result<Output, CommandError> {
    let context = CommandContext::open(config).await?;
    let result = command(&context).await;
    context.close().await;
    result
}

/// Runs a command for the signed-in user. In a new data directory, the account on this computer is created first.
pub(super) async fn with_account(
    config: &Config,
    command: impl AsyncFnOnce(&CommandContext<'_>, &Account) -> Result<Output, CommandError>,
) -> Result<Output, CommandError> {
    with_backend(config, async |context| {
        let account = context.account().await?;
        command(context, &account).await
    })
    .await
}

/// The backend of a command.
pub(super) struct CommandContext<'a> {
    pub(super) config: &'a Config,
    pub(super) client: Client,
    embedded: Option<Embedded>,
    _log: Option<tracing_appender::non_blocking::WorkerGuard>,
}

impl<'a> CommandContext<'a> {
    /// Opens the backend, and waits until the box responds.
    pub(super) async fn open(config: &'a Config) -> Result<Self, CommandError> {
        let (client, embedded) = runtime::connect(config, Role::Command, report_slowness_once(config))?;
        if let Some(embedded) = &embedded {
            job_control::register(embedded.handle());
            tokio::spawn(report_silence(embedded.readiness()));
        }
        let context = Self {
            config,
            client,
            embedded,
            _log: logging::start(&config.data.log()),
        };
        if let Some(embedded) = &context.embedded
            && let Err(error) = embedded.readiness().wait().await
        {
            context.close().await;
            return Err(error.into());
        }
        Ok(context)
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

    /// The present moment on the clock of the user's profile.
    pub(super) async fn now(&self) -> Result<Now, CommandError> {
        let moment = Timestamp::now();
        let Settings { clock, .. } = self.settings(moment).await?;
        Ok(Now { clock, moment })
    }

    /// The settings of the user's profile at a moment.
    pub(super) async fn settings(&self, now: Timestamp) -> Result<Settings, CommandError> {
        Ok(Settings::of(self.client.profile().await?.as_ref(), now))
    }

    /// Reads a value with the categories: with cached ones of the last day if it matches them, else with fetched ones.
    pub(super) async fn by_categories<T>(
        &self,
        account: &Account,
        read: impl Fn(&[Category]) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        if let Some(cached) = self.cached_categories(account)
            && let Ok(value) = read(&cached)
        {
            return Ok(value);
        }
        read(&self.fresh_categories(account).await?)
    }

    /// Fetches the categories, and caches them for later commands and screens.
    pub(super) async fn fresh_categories(&self, account: &Account) -> Result<Vec<Category>, CommandError> {
        let categories = self.client.categories().await?;
        let stored = Replica::open(&self.config.data.cache()).and_then(|opened| {
            opened
                .replica
                .save_categories(self.owner(account), &categories, Timestamp::now())
        });
        if let Err(error) = stored {
            tracing::warn!(%error, "the categories can't be cached, and are fetched again the next time");
        }
        Ok(categories)
    }

    fn cached_categories(&self, account: &Account) -> Option<Vec<Category>> {
        let replica = Replica::open(&self.config.data.cache()).ok()?.replica;
        let (categories, at) = replica.categories(self.owner(account)).ok()??;
        are_fresh(at, Timestamp::now()).then_some(categories)
    }

    pub(super) fn owner<'o>(&'o self, account: &'o Account) -> Owner<'o> {
        Owner {
            profile: &self.config.profile.name,
            sub: &account.sub,
        }
    }

    /// The signed-in user. In a new data directory, the account on this computer is created first.
    async fn account(&self) -> Result<Account, CommandError> {
        if let Some(account) = self.client.account() {
            return Ok(account);
        }
        if !self.is_local() {
            return Err(CommandError::signed_out());
        }
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

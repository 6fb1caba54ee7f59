//! The backend as a command uses it: for as long as the command takes, this program may be the box's host.

use std::sync::atomic::{AtomicBool, Ordering};

use caltrack_domain::Category;
use jiff::Timestamp;

use super::{answer::Answer, job, problem::Problem, prompt::Answers, say, values::Job};
use crate::{
    app::catalog::are_fresh,
    embedded::{self, Embedded, KeptAccount, Readiness, Role, Standing},
    logging, runtime,
};
use caltrack_client::{
    api::{Account, Client},
    config::{self, Config},
    store::{Cache, Owner},
};

/// An open backend.
pub(super) struct Backend<'a> {
    pub(super) config: &'a Config,
    pub(super) client: Client,
    embedded: Option<Embedded>,
    _log: Option<tracing_appender::non_blocking::WorkerGuard>,
}

impl<'a> Backend<'a> {
    /// Opens it, and waits until the box answers.
    pub(super) async fn open(config: &'a Config) -> Result<Self, Problem> {
        let (client, embedded) =
            runtime::connect(config, Role::Command, say_once_that_it_takes_long(config))?;
        if let Some(embedded) = &embedded {
            job::takes_part(embedded.handle());
            tokio::spawn(tell_of_silence(embedded.readiness()));
        }
        let backend = Self {
            config,
            client,
            embedded,
            _log: logging::start(&config.data.log()),
        };
        if let Some(embedded) = &backend.embedded
            && let Err(error) = embedded.readiness().wait().await
        {
            backend.close().await;
            return Err(error.into());
        }
        Ok(backend)
    }

    /// Ends this program's share.
    pub(super) async fn close(self) {
        if let Some(embedded) = self.embedded {
            embedded.end().await;
        }
    }

    /// Whether the profile carries an account on this computer.
    pub(super) fn has_account_here(&self) -> bool {
        self.config.profile.backend == config::Backend::InTheBox
    }

    /// Signs in as the account on this computer.
    pub(super) async fn open_account(&self) -> Result<Account, Problem> {
        let outcome = embedded::open_account(&self.client, &self.config.data).await?;
        self.finish(outcome, &Answers::of_the_terminal()).await
    }

    /// Reads a value by the categories: by cached ones of the last day if it matches them, else by newly fetched ones.
    pub(super) async fn by_categories<T>(
        &self,
        account: &Account,
        read: impl Fn(&[Category]) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if let Some(kept) = self.kept_categories(account)
            && let Ok(done) = read(&kept)
        {
            return Ok(done);
        }
        read(&self.fresh_categories(account).await?)
    }

    /// Fetches the categories, and caches them for later commands and screens.
    pub(super) async fn fresh_categories(&self, account: &Account) -> Result<Vec<Category>, Problem> {
        let categories = self.client.categories().await?;
        let kept = Cache::open(&self.config.data.cache()).and_then(|opened| {
            opened
                .cache
                .save_categories(self.owner(account), &categories, Timestamp::now())
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "the categories are asked for again the next time");
        }
        Ok(categories)
    }

    fn kept_categories(&self, account: &Account) -> Option<Vec<Category>> {
        let cache = Cache::open(&self.config.data.cache()).ok()?.cache;
        let (categories, at) = cache.categories(self.owner(account)).ok()??;
        are_fresh(at, Timestamp::now()).then_some(categories)
    }

    fn owner<'o>(&'o self, account: &'o Account) -> Owner<'o> {
        Owner {
            profile: &self.config.profile.name,
            sub: &account.sub,
        }
    }

    /// Who is signed in. On a fresh data directory, the account on this computer is made first.
    pub(super) async fn account(&self) -> Result<Account, Problem> {
        if let Some(account) = self.client.account() {
            return Ok(account);
        }
        if !self.has_account_here() {
            return Err(Problem::signed_out());
        }
        match embedded::kept_account(&self.config.data) {
            KeptAccount::SignedOut => Err(Problem::signed_out()),
            // The session was lost, and the password is not.
            KeptAccount::Ready => self.open_account().await,
            KeptAccount::Absent | KeptAccount::Begun => {
                let account = self.open_account().await?;
                say(&format!(
                    "Made the account on this computer in {}",
                    self.config.data.path().display()
                ));
                Ok(account)
            }
        }
    }
}

fn say_once_that_it_takes_long(config: &Config) -> impl Fn() + Send + Sync + 'static {
    let whom = match &config.profile.backend {
        config::Backend::InTheBox => "the backend".to_owned(),
        config::Backend::Remote(endpoints) => endpoints.graphql.clone(),
    };
    let said = AtomicBool::new(false);
    move || {
        if !said.swap(true, Ordering::Relaxed) {
            say(&format!("no answer from {whom} yet; still waiting for it …"));
        }
    }
}

/// Reports what a command waits for. For a stopped host there is no report: the error that names it follows at once.
async fn tell_of_silence(mut readiness: Readiness) {
    loop {
        match readiness.next().await {
            Standing::Silent(host) if !host.is_stopped() => say(&format!("{host}; waiting for it …")),
            Standing::Silent(_) | Standing::Ready => {}
            Standing::Failed(_) => return,
        }
    }
}

impl Job {
    /// Does it.
    pub(super) async fn run(self, backend: &Backend<'_>) -> Result<Answer, Problem> {
        match self {
            Self::SignIn(arguments) => return backend.sign_in(arguments).await,
            Self::SignOut => return backend.sign_out().await,
            Self::SignUp(arguments) => return backend.sign_up(arguments).await,
            Self::Confirm(arguments) => return backend.confirm(arguments).await,
            Self::ForgotPassword(arguments) => return backend.forgot_password(arguments).await,
            Self::Add(_)
            | Self::Log(_)
            | Self::List(_)
            | Self::Today
            | Self::Totals { .. }
            | Self::Categories
            | Self::Edit(_)
            | Self::Delete(_)
            | Self::Whoami => {}
        }
        let account = backend.account().await?;
        match self {
            Self::Add(line) => backend.add(&account, line).await,
            Self::Log(entry) => backend.log(&account, entry).await,
            Self::List(date) => backend.list(date).await,
            Self::Today => backend.today().await,
            Self::Totals { from, to } => backend.totals(from, to).await,
            Self::Categories => backend.categories(&account).await,
            Self::Edit(edit) => backend.edit(&account, edit).await,
            Self::Delete(id) => backend.delete(&id).await,
            Self::Whoami
            | Self::SignIn(_)
            | Self::SignOut
            | Self::SignUp(_)
            | Self::Confirm(_)
            | Self::ForgotPassword(_) => Ok(backend.whoami(&account)),
        }
    }
}

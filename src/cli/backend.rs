//! The backend as a command uses it: for as long as the command takes, this program may be the box's host.

use super::{answer::Answer, problem::Problem, prompt::Answers, say, values::Job};
use crate::{
    api::{Account, Client},
    config::{self, Config},
    embedded::{self, Embedded, KeptAccount, Role},
    logging, runtime,
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
        let (client, embedded) = runtime::connect(config, Role::Command)?;
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
            Self::Add(line) => backend.add(line).await,
            Self::Log(entry) => backend.log(entry).await,
            Self::List(date) => backend.list(date).await,
            Self::Today => backend.today().await,
            Self::Totals { from, to } => backend.totals(from, to).await,
            Self::Categories => backend.categories().await,
            Self::Edit(edit) => backend.edit(edit).await,
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

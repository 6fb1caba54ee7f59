//! Commands about the account.

use caltrack_domain::Account;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    arguments::{
        ConfirmArguments, ForgotPasswordArguments, SignInArguments, SignOutArguments, SignUpArguments,
    },
    challenges::finish_sign_in,
    context::CommandContext,
    error::CommandError,
    json,
    output::Output,
    prompt::Prompter,
};
use crate::{
    app::{Failure, FailureKind},
    embedded,
};
use caltrack_client::{
    api::{Client, SessionFile},
    replica::Replica,
};

impl CommandContext<'_> {
    pub(super) fn whoami(&self, account: &Account) -> Output {
        let (json, text) = self.identity(account);
        Output::read(json, text)
    }

    fn identity(&self, account: &Account) -> (Value, String) {
        let graphql = &self.client.endpoints().graphql;
        let text = format!(
            "{} on profile {} ({graphql})",
            caltrack_domain::clean(&account.username),
            self.config.profile.name
        );
        (json::whoami(self.config, account, graphql), text)
    }

    pub(super) async fn sign_in(&self, arguments: SignInArguments) -> Result<Output, CommandError> {
        self.client.require_user()?;
        let prompter = Prompter::new(&arguments.password);
        let account = match arguments.user {
            None if self.is_local() => self.open_account().await?,
            None => return Err(CommandError::usage("give the user: `sign-in USER`")),
            Some(user) => {
                let password = prompter.password(&user).await?;
                let sign_in = self.client.sign_in(&user, &password).await?;
                finish_sign_in(&self.client, sign_in, &prompter).await?
            }
        };
        self.send_waiting(&account).await;
        let (json, text) = self.identity(&account);
        Ok(Output::done(json, text, "signed in"))
    }

    pub(super) async fn sign_out(&self, arguments: &SignOutArguments) -> Result<Output, CommandError> {
        let account = self.client.account();
        let queued = account.as_ref().and_then(|account| {
            let queued = self.local(account).waiting();
            (queued > 0).then(|| kept_queue(queued, &account.username))
        });
        if let Some(queued) = &queued {
            let question = format!("{queued}. Sign out");
            if Prompter::at_terminal().confirmed(&question).await? == Some(false) {
                return Ok(Output::read(
                    Value::Null,
                    "still signed in; nothing was changed".to_owned(),
                ));
            }
        }
        self.client.sign_out().await?;
        let queued = queued.map_or_else(String::new, |queued| format!("; {queued}"));
        if !arguments.forget {
            return Ok(Output::done(
                Value::Null,
                format!("signed out; entries are kept{queued}"),
                "signed out",
            ));
        }
        let sub = account.as_ref().map(|account| account.sub.as_str());
        let forgotten = Replica::open(&self.config.data.cache())
            .and_then(|mut opened| opened.replica.forget(&self.config.profile.name, sub));
        if let Err(error) = forgotten {
            let failure = Failure {
                next: "end the other programs on this data directory, then repeat it".to_owned(),
                ..Failure::new(
                    FailureKind::Storage,
                    format!("signed out, but the copy of the log is still on this computer: {error}"),
                )
            };
            return Err(failure.into());
        }
        Ok(Output::done(
            Value::Null,
            format!("signed out; the copy of the log is removed from this computer{queued}"),
            "signed out",
        ))
    }

    pub(super) async fn sign_up(&self, arguments: SignUpArguments) -> Result<Output, CommandError> {
        let user = arguments.user;
        let password = Prompter::new(&arguments.password)
            .new_password(&user, true)
            .await?;
        let created = self
            .client
            .sign_up(&user, &password, arguments.email.as_deref())
            .await?;
        let shown = caltrack_domain::clean(&user);
        Ok(Output::done(
            json!({"username": user, "sub": created.sub, "confirmed": created.confirmed}),
            if created.confirmed {
                format!(
                    "created the account {shown}; next: {}",
                    self.command(&format!("sign-in {shown}"))
                )
            } else {
                let place = self.place_of_code(created.sent_to);
                let confirm = self.command(&format!("confirm {shown} CODE"));
                format!("created the account {shown}; {place}; next: {confirm}, then `sign-in {shown}`")
            },
            "the account is created",
        ))
    }

    pub(super) async fn confirm(&self, arguments: ConfirmArguments) -> Result<Output, CommandError> {
        let (user, shown) = (&arguments.user, caltrack_domain::clean(&arguments.user));
        let (text, done) = if let Some(code) = arguments.code {
            self.client.confirm_sign_up(user, code.trim()).await?;
            let text = format!(
                "{shown} is confirmed; next: {}",
                self.command(&format!("sign-in {shown}"))
            );
            (text, "the account is confirmed")
        } else {
            let sent_to = self.client.resend_code(user).await?;
            let next = self.command(&format!("confirm {shown} CODE"));
            (
                format!("{}; next: {next}", self.place_of_code(sent_to)),
                "a code is sent",
            )
        };
        Ok(Output::done(Value::Null, text, done))
    }

    pub(super) async fn forgot_password(
        &self,
        arguments: ForgotPasswordArguments,
    ) -> Result<Output, CommandError> {
        let (user, shown) = (&arguments.user, caltrack_domain::clean(&arguments.user));
        let (text, done) = if let Some(code) = arguments.code {
            let prompter = Prompter::new(&arguments.password);
            let password = prompter.new_password(user, true).await?;
            self.client.replace_password(user, code.trim(), &password).await?;
            let sessions = if arguments.sign_out_everywhere {
                self.end_sessions(user, &password, &prompter)
                    .await
                    .map_err(|error| {
                        let next = error.next().to_owned();
                        error.advising(format!(
                            "{next}; the password is replaced, but other sessions continue: sign in, then `Sign out everywhere` on the screens"
                        ))
                    })?;
                "every session of the account has ended"
            } else {
                "other sessions continue (--sign-out-everywhere ends them)"
            };
            let text = format!(
                "the password is replaced; {sessions}; next: {}",
                self.command(&format!("sign-in {shown}"))
            );
            (text, "the password is replaced")
        } else {
            let sent_to = self.client.forgot_password(user).await?;
            let place = self.place_of_code(sent_to);
            let text = format!(
                "{place}; next: {}",
                self.command(&format!("forgot-password {shown} --code CODE"))
            );
            (text, "a code is sent")
        };
        Ok(Output::done(Value::Null, text, done))
    }

    /// Ends all sessions of a user, with a temporary one. The session of this profile remains, unless it is the same user's.
    async fn end_sessions(
        &self,
        user: &str,
        password: &SecretString,
        prompter: &Prompter,
    ) -> Result<(), CommandError> {
        // No profile has a dot in its name.
        let name = format!("{}.{}", self.config.profile.name, std::process::id());
        let file = SessionFile::new(self.config.data.session(&name));
        let lock = file.lock_path();
        let client = Client::new(self.client.endpoints().clone(), file)?;
        let sign_in = client.sign_in(user, password).await?;
        finish_sign_in(&client, sign_in, prompter).await?;
        let ended = client.sign_out_everywhere().await;
        if ended.is_err() {
            // The temporary session must not outlive the command.
            client.sign_out().await?;
        }
        // The lock file of the temporary session is no longer needed.
        let _ = std::fs::remove_file(lock);
        Ok(ended?)
    }

    /// A command line on the same profile, for advice.
    fn command(&self, arguments: &str) -> String {
        self.config.profile.command(arguments)
    }

    /// Where the user finds the code.
    fn place_of_code(&self, sent_to: Option<String>) -> String {
        if self.is_local() {
            // The box writes codes to a file instead of sending e-mails.
            let file = embedded::codes_file(&self.config.data);
            return format!(
                "the code is in {}",
                caltrack_domain::clean(&file.display().to_string())
            );
        }
        match sent_to {
            Some(to) => format!("a code was sent to {to}"),
            None => "a code was sent".to_owned(),
        }
    }
}

/// What a sign-out leaves in the outbox, and when it will be sent.
fn kept_queue(count: usize, username: &str) -> String {
    let user = caltrack_domain::clean(username);
    let what = match count {
        1 => "1 change is queued. It stays".to_owned(),
        count => format!("{count} changes are queued. They stay"),
    };
    format!("{what} on this computer, sent when {user} signs in here again, and never as another user")
}

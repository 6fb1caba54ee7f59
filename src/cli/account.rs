//! Commands about the account.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{
    answer::Answer,
    arguments::{ConfirmArguments, ForgotPasswordArguments, SignInArguments, SignUpArguments},
    backend::Backend,
    json,
    problem::Problem,
    prompt::Answers,
};
use crate::embedded;
use caltrack_client::api::{Account, Client, CodeBy, SessionFile, SignIn, Wanted};

impl Backend<'_> {
    pub(super) fn whoami(&self, account: &Account) -> Answer {
        let (json, text) = self.who(account);
        Answer::read(json, text)
    }

    fn who(&self, account: &Account) -> (Value, String) {
        let graphql = &self.client.endpoints().graphql;
        let text = format!(
            "{} on profile {} ({graphql})",
            caltrack_domain::clean(&account.username),
            self.config.profile.name
        );
        (json::whoami(self.config, account, graphql), text)
    }

    pub(super) async fn sign_in(&self, arguments: SignInArguments) -> Result<Answer, Problem> {
        let answers = Answers::new(&arguments.password);
        let account = match arguments.user {
            None if self.has_account_here() => self.open_account().await?,
            None => return Err(Problem::bad_usage("say who: `sign-in USER`")),
            Some(user) => {
                let outcome = self
                    .client
                    .sign_in(&user, &answers.password(&user).await?)
                    .await?;
                self.finish(outcome, &answers).await?
            }
        };
        let (json, text) = self.who(&account);
        Ok(Answer::done(json, text, "signed in"))
    }

    /// Answers what the user pool asks for after the password.
    pub(super) async fn finish(&self, outcome: SignIn, answers: &Answers) -> Result<Account, Problem> {
        finish(&self.client, outcome, answers).await
    }

    pub(super) async fn sign_out(&self) -> Result<Answer, Problem> {
        self.client.sign_out().await?;
        Ok(Answer::done(
            Value::Null,
            "signed out; entries are kept",
            "signed out",
        ))
    }

    pub(super) async fn sign_up(&self, arguments: SignUpArguments) -> Result<Answer, Problem> {
        let user = arguments.user;
        let password = Answers::new(&arguments.password)
            .new_password(&user, true)
            .await?;
        let made = self
            .client
            .sign_up(&user, &password, arguments.email.as_deref())
            .await?;
        let shown = caltrack_domain::clean(&user);
        Ok(Answer::done(
            json!({"username": user, "sub": made.sub, "confirmed": made.confirmed}),
            if made.confirmed {
                format!(
                    "made the account {shown}; next: {}",
                    self.then(&format!("sign-in {shown}"))
                )
            } else {
                let place = self.place_of_code(made.sent_to);
                let confirm = self.then(&format!("confirm {shown} CODE"));
                format!("made the account {shown}; {place}; next: {confirm}, then `sign-in {shown}`")
            },
            "the account is made",
        ))
    }

    pub(super) async fn confirm(&self, arguments: ConfirmArguments) -> Result<Answer, Problem> {
        let (user, shown) = (&arguments.user, caltrack_domain::clean(&arguments.user));
        let (text, what) = if let Some(code) = arguments.code {
            self.client.confirm_sign_up(user, code.trim()).await?;
            let text = format!(
                "{shown} is confirmed; next: {}",
                self.then(&format!("sign-in {shown}"))
            );
            (text, "the account is confirmed")
        } else {
            let sent_to = self.client.resend_code(user).await?;
            let next = self.then(&format!("confirm {shown} CODE"));
            (
                format!("{}; next: {next}", self.place_of_code(sent_to)),
                "a code is sent",
            )
        };
        Ok(Answer::done(Value::Null, text, what))
    }

    pub(super) async fn forgot_password(
        &self,
        arguments: ForgotPasswordArguments,
    ) -> Result<Answer, Problem> {
        let (user, shown) = (&arguments.user, caltrack_domain::clean(&arguments.user));
        let (text, what) = if let Some(code) = arguments.code {
            let answers = Answers::new(&arguments.password);
            let password = answers.new_password(user, true).await?;
            self.client.replace_password(user, code.trim(), &password).await?;
            let sessions = if arguments.sign_out_everywhere {
                self.end_sessions(user, &password, &answers)
                    .await
                    .map_err(|problem| {
                        let next = problem.next().to_owned();
                        problem.advising(format!(
                            "{next}; the password is replaced, but other sessions continue: sign in, then `Sign out everywhere` on the screens"
                        ))
                    })?;
                "every session of the account has ended"
            } else {
                "other sessions continue (--sign-out-everywhere ends them)"
            };
            let text = format!(
                "the password is replaced; {sessions}; next: {}",
                self.then(&format!("sign-in {shown}"))
            );
            (text, "the password is replaced")
        } else {
            let sent_to = self.client.forgot_password(user).await?;
            let place = self.place_of_code(sent_to);
            let text = format!(
                "{place}; next: {}",
                self.then(&format!("forgot-password {shown} --code CODE"))
            );
            (text, "a code is sent")
        };
        Ok(Answer::done(Value::Null, text, what))
    }

    /// Ends every session of a user, through a temporary one. The session of this profile remains, unless it is the same user's.
    async fn end_sessions(
        &self,
        user: &str,
        password: &SecretString,
        answers: &Answers,
    ) -> Result<(), Problem> {
        // No profile's name has a dot.
        let name = format!("{}.{}", self.config.profile.name, std::process::id());
        let file = SessionFile::new(self.config.data.session(&name));
        let lock = file.lock_path();
        let client = Client::new(self.client.endpoints().clone(), file)?;
        let outcome = client.sign_in(user, password).await?;
        finish(&client, outcome, answers).await?;
        let ended = client.sign_out_everywhere().await;
        if ended.is_err() {
            // The session must not outlive the command.
            client.sign_out().await?;
        }
        // The lock of the temporary session is of no further use.
        let _ = std::fs::remove_file(lock);
        Ok(ended?)
    }

    /// What to call next, on the same profile.
    fn then(&self, arguments: &str) -> String {
        self.config.profile.command(arguments)
    }

    /// Where to look for a code.
    fn place_of_code(&self, sent_to: Option<String>) -> String {
        if self.has_account_here() {
            // Nobody mails codes on this computer.
            let file = embedded::codes_file(&self.config.data);
            return format!(
                "its code is in {}",
                caltrack_domain::clean(&file.display().to_string())
            );
        }
        match sent_to {
            Some(to) => format!("a code was sent to {to}"),
            None => "a code was sent".to_owned(),
        }
    }
}

async fn finish(client: &Client, mut outcome: SignIn, answers: &Answers) -> Result<Account, Problem> {
    loop {
        let challenge = match outcome {
            SignIn::Done(account) => return Ok(account),
            SignIn::Asked(challenge) => challenge,
        };
        let answer = match &challenge.wanted {
            Wanted::NewPassword => {
                answers.explain("The password you were given has to be replaced by one of your own.");
                answers.new_password(&challenge.user_id, false).await?
            }
            Wanted::Code(CodeBy::Authenticator) => answers.code("Code of your authenticator").await?,
            Wanted::Code(CodeBy::Sms) => answers.code("Code of the text message").await?,
            Wanted::Code(CodeBy::Email) => answers.code("Code of the e-mail").await?,
            Wanted::Enrolment(secret) => {
                answers.explain(&format!(
                    "The user pool wants an authenticator. Add this key to it (the screens show it as a QR code): {}",
                    secret.expose_secret()
                ));
                answers.code("Code that the authenticator shows now").await?
            }
        };
        outcome = client.answer(&challenge, &answer).await?;
    }
}

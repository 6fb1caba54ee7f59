//! Commands about the account.

use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    arguments::{ConfirmArguments, ForgotPasswordArguments, SignInArguments, SignUpArguments},
    backend::Backend,
    json,
    problem::Problem,
    prompt::Answers,
};
use crate::{
    api::{Account, CodeBy, SignIn, Wanted},
    embedded,
};

impl Backend<'_> {
    pub(super) fn whoami(&self, account: &Account) -> Answer {
        let graphql = &self.client.endpoints().graphql;
        Answer {
            json: json::whoami(self.config, account, graphql),
            text: format!(
                "{} on profile {} ({graphql})",
                caltrack_domain::clean(&account.username),
                self.config.profile.name
            ),
        }
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
        Ok(self.whoami(&account))
    }

    /// Answers what the user pool asks for after the password.
    pub(super) async fn finish(&self, mut outcome: SignIn, answers: &Answers) -> Result<Account, Problem> {
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
            outcome = self.client.answer(&challenge, &answer).await?;
        }
    }

    pub(super) async fn sign_out(&self) -> Result<Answer, Problem> {
        self.client.sign_out().await?;
        Ok(Answer {
            json: Value::Null,
            text: "signed out; entries are kept".to_owned(),
        })
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
        Ok(Answer {
            json: json!({"username": user, "sub": made.sub, "confirmed": made.confirmed}),
            text: if made.confirmed {
                format!(
                    "made the account {shown}; next: {}",
                    self.then(&format!("sign-in {shown}"))
                )
            } else {
                let place = self.place_of_code(made.sent_to);
                let confirm = self.then(&format!("confirm {shown} CODE"));
                format!("made the account {shown}; {place}; next: {confirm}, then `sign-in {shown}`")
            },
        })
    }

    pub(super) async fn confirm(&self, arguments: ConfirmArguments) -> Result<Answer, Problem> {
        let (user, shown) = (&arguments.user, caltrack_domain::clean(&arguments.user));
        let text = if let Some(code) = arguments.code {
            self.client.confirm_sign_up(user, code.trim()).await?;
            format!(
                "{shown} is confirmed; next: {}",
                self.then(&format!("sign-in {shown}"))
            )
        } else {
            let sent_to = self.client.resend_code(user).await?;
            let next = self.then(&format!("confirm {shown} CODE"));
            format!("{}; next: {next}", self.place_of_code(sent_to))
        };
        Ok(Answer {
            json: Value::Null,
            text,
        })
    }

    pub(super) async fn forgot_password(
        &self,
        arguments: ForgotPasswordArguments,
    ) -> Result<Answer, Problem> {
        let (user, shown) = (&arguments.user, caltrack_domain::clean(&arguments.user));
        let text = if let Some(code) = arguments.code {
            let password = Answers::new(&arguments.password).new_password(user, true).await?;
            self.client.replace_password(user, code.trim(), &password).await?;
            format!(
                "the password is replaced; next: {}",
                self.then(&format!("sign-in {shown}"))
            )
        } else {
            let sent_to = self.client.forgot_password(user).await?;
            let place = self.place_of_code(sent_to);
            format!(
                "{place}; next: {}",
                self.then(&format!("forgot-password {shown} --code CODE"))
            )
        };
        Ok(Answer {
            json: Value::Null,
            text,
        })
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
            return format!("its code is in {}", file.display());
        }
        match sent_to {
            Some(to) => format!("a code was sent to {to}"),
            None => "a code was sent".to_owned(),
        }
    }
}

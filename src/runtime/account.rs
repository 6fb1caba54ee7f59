//! Executes the commands of the account's forms at the user pool.

use secrecy::{ExposeSecret as _, SecretString};

use super::context::Context;
use crate::{
    app::{
        Failure, Password,
        session::command::{AccountAnswer, AccountCommand, Challenge, ChallengeKind, CodeSource},
    },
    embedded,
};
use caltrack_client::api::{self, ApiError, Client};

/// Executes a command; returns the answer as the core knows it.
pub(super) async fn execute(context: &Context, command: AccountCommand) -> Result<AccountAnswer, Failure> {
    let client = &context.client;
    match command {
        AccountCommand::StartOnThisComputer => Ok(signed_in_or_challenged(
            embedded::open_account(client, &context.data).await?,
        )),
        AccountCommand::SignIn { username, password } => sign_in(context, &username, &password).await,
        AccountCommand::SignUp {
            username,
            email,
            password,
        } => {
            let made = client
                .sign_up(&username, &secret(&password), email.as_deref())
                .await?;
            if made.confirmed {
                sign_in(context, &username, &password).await
            } else {
                Ok(context.code_sent(made.sent_to))
            }
        }
        AccountCommand::Confirm {
            username,
            code,
            password,
        } => {
            client.confirm_sign_up(&username, &code).await?;
            match password {
                Some(password) => sign_in(context, &username, &password).await,
                None => Ok(AccountAnswer::Confirmed),
            }
        }
        AccountCommand::Resend { username } => Ok(context.code_sent(client.resend_code(&username).await?)),
        AccountCommand::Forgot { username } => {
            Ok(context.code_sent(client.forgot_password(&username).await?))
        }
        AccountCommand::Reset {
            username,
            code,
            password,
        } => {
            client
                .replace_password(&username, &code, &secret(&password))
                .await?;
            sign_in(context, &username, &password).await
        }
        AccountCommand::Answer { challenge, answer } => {
            let outcome = client.respond(&challenge.into(), &secret(&answer)).await?;
            Ok(signed_in_or_challenged(outcome))
        }
        AccountCommand::ChangePassword { previous, proposed } => {
            change_password(client, &secret(&previous), &secret(&proposed)).await
        }
        AccountCommand::BeginAuthenticator => {
            let made = client.begin_authenticator().await?;
            Ok(AccountAnswer::Secret(Password::new(made.expose_secret())))
        }
        AccountCommand::FinishAuthenticator { code } => {
            client.finish_authenticator(&code).await?;
            Ok(AccountAnswer::Executed)
        }
        AccountCommand::TurnOffTwoStep => {
            client.drop_authenticator().await?;
            Ok(AccountAnswer::Executed)
        }
    }
}

impl Context {
    /// Where a code was sent: the box writes its codes to a file.
    fn code_sent(&self, to: Option<String>) -> AccountAnswer {
        let notice = match to {
            _ if self.is_in_the_box() => {
                format!("The code is in {}", embedded::codes_file(&self.data).display())
            }
            Some(to) => format!("A code was sent to {to}"),
            None => "A code was sent".to_owned(),
        };
        AccountAnswer::CodeSent { notice }
    }
}

fn secret(password: &Password) -> SecretString {
    SecretString::from(password.expose())
}

async fn sign_in(context: &Context, username: &str, password: &Password) -> Result<AccountAnswer, Failure> {
    match context.client.sign_in(username, &secret(password)).await {
        Err(ApiError::NotConfirmed) => Ok(AccountAnswer::NotConfirmed),
        outcome => Ok(signed_in_or_challenged(outcome?)),
    }
}

async fn change_password(
    client: &Client,
    previous: &SecretString,
    proposed: &SecretString,
) -> Result<AccountAnswer, Failure> {
    client.change_password(previous, proposed).await?;
    Ok(AccountAnswer::Executed)
}

fn signed_in_or_challenged(outcome: api::SignIn) -> AccountAnswer {
    match outcome {
        api::SignIn::Done(account) => AccountAnswer::SignedIn(account),
        api::SignIn::Challenge(challenge) => AccountAnswer::Challenged(challenge.into()),
    }
}

impl From<api::SignInChallenge> for Challenge {
    fn from(challenge: api::SignInChallenge) -> Self {
        Self {
            kind: match challenge.kind {
                api::SignInChallengeKind::NewPassword => ChallengeKind::NewPassword,
                api::SignInChallengeKind::Code(by) => ChallengeKind::Code(match by {
                    api::SecondFactor::Authenticator => CodeSource::Authenticator,
                    api::SecondFactor::Sms => CodeSource::Sms,
                    api::SecondFactor::Email => CodeSource::Email,
                }),
                api::SignInChallengeKind::Enrolment(secret) => {
                    ChallengeKind::Enrolment(Password::new(secret.expose_secret()))
                }
            },
            user_id: challenge.user_id,
            session: Password::new(challenge.session.expose_secret()),
        }
    }
}

impl From<Challenge> for api::SignInChallenge {
    fn from(challenge: Challenge) -> Self {
        Self {
            kind: match challenge.kind {
                ChallengeKind::NewPassword => api::SignInChallengeKind::NewPassword,
                ChallengeKind::Code(by) => api::SignInChallengeKind::Code(match by {
                    CodeSource::Authenticator => api::SecondFactor::Authenticator,
                    CodeSource::Sms => api::SecondFactor::Sms,
                    CodeSource::Email => api::SecondFactor::Email,
                }),
                ChallengeKind::Enrolment(made) => api::SignInChallengeKind::Enrolment(secret(&made)),
            },
            user_id: challenge.user_id,
            session: secret(&challenge.session),
        }
    }
}

//! What the account's forms ask of the user pool.

use secrecy::{ExposeSecret as _, SecretString};

use super::effects::Means;
use crate::{
    app::{
        Failure, Password,
        account::ask::{AccountAnswer, AccountAsk, Challenge, CodeBy, Wanted},
    },
    embedded,
};
use caltrack_client::api::{self, ApiError, Client};

/// Asks, and puts the answer into the core's words.
pub(super) async fn perform(means: &Means, ask: AccountAsk) -> Result<AccountAnswer, Failure> {
    let client = &means.client;
    match ask {
        AccountAsk::StartOnThisComputer => Ok(led_to(embedded::open_account(client, &means.data).await?)),
        AccountAsk::SignIn { username, password } => sign_in(means, &username, &password).await,
        AccountAsk::SignUp {
            username,
            email,
            password,
        } => {
            let made = client
                .sign_up(&username, &secret(&password), email.as_deref())
                .await?;
            if made.confirmed {
                sign_in(means, &username, &password).await
            } else {
                Ok(means.sent(made.sent_to))
            }
        }
        AccountAsk::Confirm {
            username,
            code,
            password,
        } => {
            client.confirm_sign_up(&username, &code).await?;
            match password {
                Some(password) => sign_in(means, &username, &password).await,
                None => Ok(AccountAnswer::Confirmed),
            }
        }
        AccountAsk::Resend { username } => Ok(means.sent(client.resend_code(&username).await?)),
        AccountAsk::Forgot { username } => Ok(means.sent(client.forgot_password(&username).await?)),
        AccountAsk::Reset {
            username,
            code,
            password,
        } => {
            client
                .replace_password(&username, &code, &secret(&password))
                .await?;
            sign_in(means, &username, &password).await
        }
        AccountAsk::Answer { challenge, answer } => {
            let outcome = client.respond(&challenge.into(), &secret(&answer)).await?;
            Ok(led_to(outcome))
        }
        AccountAsk::ChangePassword { previous, proposed } => {
            change_password(client, &secret(&previous), &secret(&proposed)).await
        }
        AccountAsk::BeginAuthenticator => {
            let made = client.begin_authenticator().await?;
            Ok(AccountAnswer::Secret(Password::new(made.expose_secret())))
        }
        AccountAsk::FinishAuthenticator { code } => {
            client.finish_authenticator(&code).await?;
            Ok(AccountAnswer::Done)
        }
        AccountAsk::DropAuthenticator => {
            client.drop_authenticator().await?;
            Ok(AccountAnswer::Done)
        }
    }
}

impl Means {
    /// Where a code is. Nobody mails those of the box.
    fn sent(&self, to: Option<String>) -> AccountAnswer {
        let said = match to {
            _ if self.is_in_the_box() => {
                format!("The code is in {}", embedded::codes_file(&self.data).display())
            }
            Some(to) => format!("A code is on its way to {to}"),
            None => "A code is on its way".to_owned(),
        };
        AccountAnswer::CodeSent { said }
    }
}

fn secret(password: &Password) -> SecretString {
    SecretString::from(password.expose())
}

async fn sign_in(means: &Means, username: &str, password: &Password) -> Result<AccountAnswer, Failure> {
    match means.client.sign_in(username, &secret(password)).await {
        Err(ApiError::NotConfirmed) => Ok(AccountAnswer::NotConfirmed),
        outcome => Ok(led_to(outcome?)),
    }
}

async fn change_password(
    client: &Client,
    previous: &SecretString,
    proposed: &SecretString,
) -> Result<AccountAnswer, Failure> {
    client.change_password(previous, proposed).await?;
    Ok(AccountAnswer::Done)
}

fn led_to(outcome: api::SignIn) -> AccountAnswer {
    match outcome {
        api::SignIn::Done(account) => AccountAnswer::SignedIn(account.into()),
        api::SignIn::Challenge(challenge) => AccountAnswer::Asked(challenge.into()),
    }
}

impl From<api::Challenge> for Challenge {
    fn from(challenge: api::Challenge) -> Self {
        Self {
            wanted: match challenge.kind {
                api::ChallengeKind::NewPassword => Wanted::NewPassword,
                api::ChallengeKind::Code(by) => Wanted::Code(match by {
                    api::CodeSource::Authenticator => CodeBy::Authenticator,
                    api::CodeSource::Sms => CodeBy::Sms,
                    api::CodeSource::Email => CodeBy::Email,
                }),
                api::ChallengeKind::Enrolment(secret) => {
                    Wanted::Enrolment(Password::new(secret.expose_secret()))
                }
            },
            user_id: challenge.user_id,
            session: Password::new(challenge.session.expose_secret()),
        }
    }
}

impl From<Challenge> for api::Challenge {
    fn from(challenge: Challenge) -> Self {
        Self {
            kind: match challenge.wanted {
                Wanted::NewPassword => api::ChallengeKind::NewPassword,
                Wanted::Code(by) => api::ChallengeKind::Code(match by {
                    CodeBy::Authenticator => api::CodeSource::Authenticator,
                    CodeBy::Sms => api::CodeSource::Sms,
                    CodeBy::Email => api::CodeSource::Email,
                }),
                Wanted::Enrolment(made) => api::ChallengeKind::Enrolment(secret(&made)),
            },
            user_id: challenge.user_id,
            session: secret(&challenge.session),
        }
    }
}

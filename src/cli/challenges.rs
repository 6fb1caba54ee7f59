//! The challenges of the user pool after the password, answered by the user.

use caltrack_domain::Account;
use secrecy::ExposeSecret as _;

use super::{error::CommandError, prompt::Prompter};
use caltrack_client::api::{Client, SecondFactor, SignIn, SignInChallengeKind};

/// Responds to the pool's challenges until the user is signed in.
pub(super) async fn finish_sign_in(
    client: &Client,
    mut sign_in: SignIn,
    prompter: &Prompter,
) -> Result<Account, CommandError> {
    loop {
        let challenge = match sign_in {
            SignIn::Done(account) => return Ok(account),
            SignIn::Challenge(challenge) => challenge,
        };
        let response = match &challenge.kind {
            SignInChallengeKind::NewPassword => {
                prompter.explain("The administrator's password must be replaced by one of your own.");
                prompter.new_password(&challenge.user_id, false).await?
            }
            SignInChallengeKind::Code(SecondFactor::Authenticator) => {
                prompter.code("Code of your authenticator").await?
            }
            SignInChallengeKind::Code(SecondFactor::Sms) => prompter.code("Code of the text message").await?,
            SignInChallengeKind::Code(SecondFactor::Email) => prompter.code("Code of the e-mail").await?,
            SignInChallengeKind::Enrolment(secret) => {
                prompter.explain(&format!(
                    "The user pool requires an authenticator. Add this key to it (the screens show it as a QR code): {}",
                    secret.expose_secret()
                ));
                prompter.code("Code that the authenticator shows now").await?
            }
        };
        sign_in = client.respond(&challenge, &response).await?;
    }
}

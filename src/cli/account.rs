//! Commands about the account.

use secrecy::SecretString;
use serde_json::Value;

use super::{answer::Answer, arguments::SignInArguments, backend::Backend, json, problem::Problem, prompt};
use crate::api::Account;

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
        let account = match arguments.user {
            None if self.has_account_here() => self.open_account().await?,
            None => return Err(Problem::bad_usage("say who: `sign-in USER`")),
            Some(user) => {
                let password: SecretString = prompt::password(&user, arguments.password_stdin)?;
                self.client.sign_in(&user, &password).await?
            }
        };
        Ok(self.whoami(&account))
    }

    pub(super) async fn sign_out(&self) -> Result<Answer, Problem> {
        self.client.sign_out().await?;
        Ok(Answer {
            json: Value::Null,
            text: "signed out; entries are kept".to_owned(),
        })
    }
}

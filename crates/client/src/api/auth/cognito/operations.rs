//! The user pool's public operations.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, Step, Tokens, UserPool};
use crate::api::{ApiError, SignUp, error::shown};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SignUpAnswer {
    user_confirmed: bool,
    user_sub: String,
    code_delivery_details: Option<DeliveryDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delivered {
    code_delivery_details: Option<DeliveryDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeliveryDetails {
    destination: Option<String>,
}

impl DeliveryDetails {
    fn destination(self) -> Option<String> {
        self.destination
            .map(|text| shown(&text))
            .filter(|text| !text.is_empty())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssociateAnswer {
    secret_code: String,
    session: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyAnswer {
    status: String,
    session: Option<String>,
}

/// An authenticator's secret.
pub(in crate::api::auth) struct Associated {
    /// Base32.
    pub(in crate::api::auth) secret: SecretString,
    pub(in crate::api::auth) session: Option<SecretString>,
}

/// On whose behalf an authenticator is set up.
#[derive(Clone, Copy)]
pub(in crate::api::auth) enum Caller<'a> {
    /// Somebody signed in.
    Access(&'a SecretString),
    /// Somebody about to sign in.
    Session(&'a SecretString),
}

impl Caller<'_> {
    fn with(self, mut body: Value) -> Value {
        let (name, secret) = match self {
            Self::Access(access) => ("AccessToken", access),
            Self::Session(session) => ("Session", session),
        };
        if let Some(members) = body.as_object_mut() {
            members.insert(name.to_owned(), secret.expose_secret().into());
        }
        body
    }
}

impl UserPool {
    pub(in crate::api::auth) async fn sign_up(
        &self,
        username: &str,
        password: &SecretString,
        email: Option<&str>,
    ) -> Result<SignUp, Refusal> {
        let attributes: Vec<Value> = email
            .map(|email| json!({"Name": "email", "Value": email}))
            .into_iter()
            .collect();
        let answer: SignUpAnswer = self
            .call(
                "SignUp",
                &json!({"ClientId": self.client_id, "Username": username,
                    "Password": password.expose_secret(), "UserAttributes": attributes}),
            )
            .await?;
        Ok(SignUp {
            confirmed: answer.user_confirmed,
            sub: answer.user_sub,
            sent_to: answer
                .code_delivery_details
                .and_then(DeliveryDetails::destination),
        })
    }

    pub(in crate::api::auth) async fn confirm_sign_up(
        &self,
        username: &str,
        code: &str,
    ) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "ConfirmSignUp",
                &json!({"ClientId": self.client_id, "Username": username, "ConfirmationCode": code}),
            )
            .await?;
        Ok(())
    }

    /// Tells where the code went.
    pub(in crate::api::auth) async fn resend_code(&self, username: &str) -> Result<Option<String>, Refusal> {
        let answer: Delivered = self
            .call(
                "ResendConfirmationCode",
                &json!({"ClientId": self.client_id, "Username": username}),
            )
            .await?;
        Ok(answer
            .code_delivery_details
            .and_then(DeliveryDetails::destination))
    }

    /// Has a code sent by which the password can be replaced; tells where it went.
    pub(in crate::api::auth) async fn forgot_password(
        &self,
        username: &str,
    ) -> Result<Option<String>, Refusal> {
        let answer: Delivered = self
            .call(
                "ForgotPassword",
                &json!({"ClientId": self.client_id, "Username": username}),
            )
            .await?;
        Ok(answer
            .code_delivery_details
            .and_then(DeliveryDetails::destination))
    }

    pub(in crate::api::auth) async fn confirm_forgot_password(
        &self,
        username: &str,
        code: &str,
        password: &SecretString,
    ) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "ConfirmForgotPassword",
                &json!({"ClientId": self.client_id, "Username": username, "ConfirmationCode": code,
                    "Password": password.expose_secret()}),
            )
            .await?;
        Ok(())
    }

    pub(in crate::api::auth) async fn change_password(
        &self,
        access: &SecretString,
        previous: &SecretString,
        proposed: &SecretString,
    ) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "ChangePassword",
                &json!({"AccessToken": access.expose_secret(), "PreviousPassword": previous.expose_secret(),
                    "ProposedPassword": proposed.expose_secret()}),
            )
            .await?;
        Ok(())
    }

    pub(in crate::api::auth) async fn global_sign_out(&self, access: &SecretString) -> Result<(), Refusal> {
        let _: Value = self
            .call("GlobalSignOut", &json!({"AccessToken": access.expose_secret()}))
            .await?;
        Ok(())
    }

    /// Has a secret made for an authenticator. It counts once a code of it is verified.
    pub(in crate::api::auth) async fn associate_token(
        &self,
        caller: Caller<'_>,
    ) -> Result<Associated, Refusal> {
        let answer: AssociateAnswer = self
            .call("AssociateSoftwareToken", &caller.with(json!({})))
            .await?;
        Ok(Associated {
            secret: answer.secret_code.into(),
            session: answer.session.map(SecretString::from),
        })
    }

    /// Proves that an authenticator knows the secret; answers with the session that sign-in goes on with, where there was one.
    pub(in crate::api::auth) async fn verify_token(
        &self,
        caller: Caller<'_>,
        code: &str,
    ) -> Result<Option<SecretString>, Refusal> {
        let answer: VerifyAnswer = self
            .call("VerifySoftwareToken", &caller.with(json!({"UserCode": code})))
            .await?;
        if answer.status == "SUCCESS" {
            Ok(answer.session.map(SecretString::from))
        } else {
            Err(Refusal::Other(ApiError::Rejected("the code is wrong".to_owned())))
        }
    }

    /// Has sign-in ask for an authenticator's code from now on, or no more.
    pub(in crate::api::auth) async fn prefer_token(
        &self,
        access: &SecretString,
        on: bool,
    ) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "SetUserMFAPreference",
                &json!({"AccessToken": access.expose_secret(),
                    "SoftwareTokenMfaSettings": {"Enabled": on, "PreferredMfa": on}}),
            )
            .await?;
        Ok(())
    }

    pub(in crate::api::auth) async fn initiate_srp(
        &self,
        username: &str,
        srp_a: &str,
    ) -> Result<Step, Refusal> {
        self.step("InitiateAuth", &self.srp_attempt(username, srp_a))
            .await
    }

    pub(super) fn srp_attempt(&self, username: &str, srp_a: &str) -> Value {
        json!({"AuthFlow": "USER_SRP_AUTH", "ClientId": self.client_id,
            "AuthParameters": {"USERNAME": username, "SRP_A": srp_a}})
    }

    pub(in crate::api::auth) async fn respond(
        &self,
        challenge: &str,
        session: Option<&SecretString>,
        responses: Value,
    ) -> Result<Step, Refusal> {
        let mut body =
            json!({"ClientId": self.client_id, "ChallengeName": challenge, "ChallengeResponses": responses});
        if let (Some(session), Some(members)) = (session, body.as_object_mut()) {
            members.insert("Session".to_owned(), session.expose_secret().into());
        }
        self.step("RespondToAuthChallenge", &body).await
    }

    /// Works with refresh-token rotation on or off, unlike `REFRESH_TOKEN_AUTH`.
    pub(in crate::api::auth) async fn refresh(&self, refresh: &SecretString) -> Result<Tokens, Refusal> {
        let step = self
            .step(
                "GetTokensFromRefreshToken",
                &json!({"ClientId": self.client_id, "RefreshToken": refresh.expose_secret()}),
            )
            .await?;
        match step {
            Step::Tokens(tokens) => Ok(tokens),
            Step::Challenge { name, .. } => Err(Refusal::Other(ApiError::Challenge(name))),
        }
    }

    pub(in crate::api::auth) async fn revoke(&self, refresh: &SecretString) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "RevokeToken",
                &json!({"ClientId": self.client_id, "Token": refresh.expose_secret()}),
            )
            .await?;
        Ok(())
    }
}

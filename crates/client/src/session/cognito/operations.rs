//! The public operations of a user pool.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    client::{AuthResponse, AuthStep, IssuedTokens, UserPoolClient},
    error::PoolError,
};
use crate::{
    error::{ApiError, shown},
    session::sign_up::SignUp,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SignUpResponse {
    user_confirmed: bool,
    user_sub: String,
    code_delivery_details: Option<DeliveryDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeliveryResponse {
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
struct AssociateResponse {
    secret_code: String,
    session: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyResponse {
    status: String,
    session: Option<String>,
}

/// The secret of a new authenticator.
pub(in crate::session) struct AuthenticatorSecret {
    /// In base32.
    pub(in crate::session) secret: SecretString,
    pub(in crate::session) session: Option<SecretString>,
}

/// The user whose authenticator is set up.
#[derive(Clone, Copy)]
pub(in crate::session) enum TokenOwner<'a> {
    /// A signed-in user, by the access token.
    Access(&'a SecretString),
    /// A user whose sign-in requires it, by the session of the challenge.
    Session(&'a SecretString),
}

impl TokenOwner<'_> {
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

impl UserPoolClient {
    pub(in crate::session) async fn sign_up(
        &self,
        username: &str,
        password: &SecretString,
        email: Option<&str>,
    ) -> Result<SignUp, PoolError> {
        let attributes: Vec<Value> = email
            .map(|email| json!({"Name": "email", "Value": email}))
            .into_iter()
            .collect();
        let response: SignUpResponse = self
            .call(
                "SignUp",
                &json!({"ClientId": self.client_id, "Username": username,
                    "Password": password.expose_secret(), "UserAttributes": attributes}),
            )
            .await?;
        Ok(SignUp {
            confirmed: response.user_confirmed,
            sub: response.user_sub,
            sent_to: response
                .code_delivery_details
                .and_then(DeliveryDetails::destination),
        })
    }

    pub(in crate::session) async fn confirm_sign_up(
        &self,
        username: &str,
        code: &str,
    ) -> Result<(), PoolError> {
        let _: Value = self
            .call(
                "ConfirmSignUp",
                &json!({"ClientId": self.client_id, "Username": username, "ConfirmationCode": code}),
            )
            .await?;
        Ok(())
    }

    /// Returns where the code was sent.
    pub(in crate::session) async fn resend_code(&self, username: &str) -> Result<Option<String>, PoolError> {
        let response: DeliveryResponse = self
            .call(
                "ResendConfirmationCode",
                &json!({"ClientId": self.client_id, "Username": username}),
            )
            .await?;
        Ok(response
            .code_delivery_details
            .and_then(DeliveryDetails::destination))
    }

    /// Requests a code that allows setting a new password; returns where it was sent.
    pub(in crate::session) async fn forgot_password(
        &self,
        username: &str,
    ) -> Result<Option<String>, PoolError> {
        let response: DeliveryResponse = self
            .call(
                "ForgotPassword",
                &json!({"ClientId": self.client_id, "Username": username}),
            )
            .await?;
        Ok(response
            .code_delivery_details
            .and_then(DeliveryDetails::destination))
    }

    pub(in crate::session) async fn confirm_forgot_password(
        &self,
        username: &str,
        code: &str,
        password: &SecretString,
    ) -> Result<(), PoolError> {
        let _: Value = self
            .call(
                "ConfirmForgotPassword",
                &json!({"ClientId": self.client_id, "Username": username, "ConfirmationCode": code,
                    "Password": password.expose_secret()}),
            )
            .await?;
        Ok(())
    }

    pub(in crate::session) async fn change_password(
        &self,
        access: &SecretString,
        previous: &SecretString,
        proposed: &SecretString,
    ) -> Result<(), PoolError> {
        let _: Value = self
            .call(
                "ChangePassword",
                &json!({"AccessToken": access.expose_secret(), "PreviousPassword": previous.expose_secret(),
                    "ProposedPassword": proposed.expose_secret()}),
            )
            .await?;
        Ok(())
    }

    pub(in crate::session) async fn global_sign_out(&self, access: &SecretString) -> Result<(), PoolError> {
        let _: Value = self
            .call("GlobalSignOut", &json!({"AccessToken": access.expose_secret()}))
            .await?;
        Ok(())
    }

    pub(in crate::session) async fn delete_user(&self, access: &SecretString) -> Result<(), PoolError> {
        let _: Value = self
            .call("DeleteUser", &json!({"AccessToken": access.expose_secret()}))
            .await?;
        Ok(())
    }

    /// Requests a secret for an authenticator, which takes effect once a code of it is verified.
    pub(in crate::session) async fn associate_token(
        &self,
        owner: TokenOwner<'_>,
    ) -> Result<AuthenticatorSecret, PoolError> {
        let response: AssociateResponse = self
            .call("AssociateSoftwareToken", &owner.with(json!({})))
            .await?;
        Ok(AuthenticatorSecret {
            secret: response.secret_code.into(),
            session: response.session.map(SecretString::from),
        })
    }

    /// Verifies the authenticator's first code; returns the session with which a sign-in continues.
    pub(in crate::session) async fn verify_token(
        &self,
        owner: TokenOwner<'_>,
        code: &str,
    ) -> Result<Option<SecretString>, PoolError> {
        let response: VerifyResponse = self
            .call("VerifySoftwareToken", &owner.with(json!({"UserCode": code})))
            .await?;
        if response.status == "SUCCESS" {
            Ok(response.session.map(SecretString::from))
        } else {
            Err(PoolError::Other(ApiError::Rejected(
                "the code is wrong".to_owned(),
            )))
        }
    }

    /// Turns the authenticator's code at sign-in on or off.
    pub(in crate::session) async fn prefer_token(
        &self,
        access: &SecretString,
        on: bool,
    ) -> Result<(), PoolError> {
        let _: Value = self
            .call(
                "SetUserMFAPreference",
                &json!({"AccessToken": access.expose_secret(),
                    "SoftwareTokenMfaSettings": {"Enabled": on, "PreferredMfa": on}}),
            )
            .await?;
        Ok(())
    }

    /// Begins a sign-in by SRP. Returns the first challenge with the clock skew of the pool in seconds.
    pub(in crate::session) async fn initiate_srp(
        &self,
        username: &str,
        srp_a: &str,
    ) -> Result<(AuthStep, Option<i64>), PoolError> {
        let attempt = self.srp_attempt(username, srp_a);
        let (response, skew): (AuthResponse, _) = self.calls.call_dated("InitiateAuth", &attempt).await?;
        Ok((response.try_into()?, skew))
    }

    pub(super) fn srp_attempt(&self, username: &str, srp_a: &str) -> Value {
        json!({"AuthFlow": "USER_SRP_AUTH", "ClientId": self.client_id,
            "AuthParameters": {"USERNAME": username, "SRP_A": srp_a}})
    }

    pub(in crate::session) async fn respond(
        &self,
        challenge: &str,
        session: Option<&SecretString>,
        responses: Value,
    ) -> Result<AuthStep, PoolError> {
        let mut body =
            json!({"ClientId": self.client_id, "ChallengeName": challenge, "ChallengeResponses": responses});
        if let (Some(session), Some(members)) = (session, body.as_object_mut()) {
            members.insert("Session".to_owned(), session.expose_secret().into());
        }
        self.step("RespondToAuthChallenge", &body).await
    }

    /// Requests new tokens; unlike `REFRESH_TOKEN_AUTH`, this works with refresh-token rotation on or off.
    pub(in crate::session) async fn refresh(
        &self,
        refresh: &SecretString,
    ) -> Result<IssuedTokens, PoolError> {
        let step = self
            .step(
                "GetTokensFromRefreshToken",
                &json!({"ClientId": self.client_id, "RefreshToken": refresh.expose_secret()}),
            )
            .await?;
        match step {
            AuthStep::Tokens(tokens) => Ok(tokens),
            AuthStep::Challenge { name, .. } => Err(PoolError::Other(ApiError::Challenge(name))),
        }
    }

    pub(in crate::session) async fn revoke(&self, refresh: &SecretString) -> Result<(), PoolError> {
        let _: Value = self
            .call(
                "RevokeToken",
                &json!({"ClientId": self.client_id, "Token": refresh.expose_secret()}),
            )
            .await?;
        Ok(())
    }
}

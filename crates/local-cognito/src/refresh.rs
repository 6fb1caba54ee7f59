//! Renews and ends sessions.

use caltrack_local_core::identity::CognitoIdentity;
use serde_json::{Value, json};

use super::{
    CognitoError, TokenError,
    fields::required,
    pool::Inner,
    store::{Session, User},
    tokens::{new_refresh, refresh_hash},
};

impl Inner {
    /// `InitiateAuth` with `REFRESH_TOKEN_AUTH`: not for clients with rotation.
    pub(super) fn refresh_by_auth_flow(
        &self,
        client: &str,
        parameters: &Value,
        issuer: &str,
    ) -> Result<Value, CognitoError> {
        if self.grace(client).is_some() {
            let message = "Refresh token rotation is enabled; use GetTokensFromRefreshToken.";
            return Err(CognitoError::invalid_parameter(message));
        }
        let token = required(parameters, "REFRESH_TOKEN")?;
        let (user, session) = self.session_of(client, token)?;
        let result = self.issue(issuer)?.result(&user, &session, None)?;
        Ok(json!({ "AuthenticationResult": result, "ChallengeParameters": {} }))
    }

    /// `GetTokensFromRefreshToken`: new tokens, and a new refresh token for clients with rotation.
    pub(super) fn get_tokens_from_refresh_token(
        &self,
        body: &Value,
        issuer: &str,
    ) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let token = required(body, "RefreshToken")?;
        let (user, session) = self.session_of(client, token)?;
        let issue = self.issue(issuer)?;
        let result = if self.grace(client).is_some() {
            let (fresh, hash) = new_refresh();
            self.store()
                .rotate(&session.id, &refresh_hash(token), &hash, self.now())?;
            issue.result(&user, &session, Some(&fresh))?
        } else {
            issue.result(&user, &session, None)?
        };
        Ok(json!({ "AuthenticationResult": result }))
    }

    /// Seconds that a rotated refresh token stays valid; `None` if the client doesn't rotate.
    fn grace(&self, client: &str) -> Option<i64> {
        self.settings.client(client)?.rotation
    }

    /// The session of a valid refresh token. A rotated token stays valid during its grace period, for clients that
    /// didn't get the response: it then yields further tokens, and those that it yielded before stay valid.
    fn session_of(&self, client: &str, token: &str) -> Result<(User, Session), CognitoError> {
        let hash = refresh_hash(token);
        let store = self.store();
        let (session, rotated) = store
            .session_of_refresh(&hash)?
            .filter(|(session, _)| session.client == client)
            .ok_or_else(|| CognitoError::not_authorized("Invalid Refresh Token"))?;
        if session.revoked {
            return Err(CognitoError::not_authorized("Refresh Token has been revoked"));
        }
        let now = self.now();
        if session.expires <= now {
            return Err(CognitoError::not_authorized("Refresh Token has expired"));
        }
        // The session stays valid by its newer tokens, as on AWS.
        if rotated.is_some_and(|rotated| now >= rotated + self.grace(client).unwrap_or_default()) {
            return Err(CognitoError::new(
                "RefreshTokenReuseException",
                "Refresh Token has been used already",
            ));
        }
        let user = store
            .user(&session.username)?
            .ok_or_else(|| CognitoError::not_authorized("Invalid Refresh Token"))?;
        Ok((user, session))
    }

    /// `RevokeToken`: ends the session of a refresh token. An unknown token is no error.
    pub(super) fn revoke_token(&self, body: &Value) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let token = required(body, "Token")?;
        if token.split('.').count() == 3 {
            let message = "Only refresh tokens can be revoked.";
            return Err(CognitoError::new("UnsupportedTokenTypeException", message));
        }
        let store = self.store();
        if let Some((session, _)) = store
            .session_of_refresh(&refresh_hash(token))?
            .filter(|(session, _)| session.client == client)
        {
            store.revoke(&session.id)?;
        }
        Ok(json!({}))
    }

    /// `GlobalSignOut`: ends all of a user's sessions.
    pub(super) fn global_sign_out(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        self.store().revoke_all(&user.username)?;
        Ok(json!({}))
    }

    /// The user of an access token whose session is not revoked.
    pub(super) fn user_of(&self, body: &Value) -> Result<User, CognitoError> {
        let token = required(body, "AccessToken")?;
        let identity = self.verify(token).map_err(|error| match error {
            TokenError::Expired => CognitoError::not_authorized("Access Token has expired"),
            _ => CognitoError::not_authorized("Invalid Access Token"),
        })?;
        if claim(&identity, "token_use") != "access" {
            return Err(CognitoError::not_authorized("Invalid Access Token"));
        }
        self.user_of_session(&identity)?
            .ok_or_else(|| CognitoError::not_authorized("Access Token has been revoked"))
    }

    /// The user of a verified token; `None` if its session is revoked.
    pub(super) fn user_of_session(&self, identity: &CognitoIdentity) -> Result<Option<User>, CognitoError> {
        let store = self.store();
        // By now, another user may have the name.
        let user = store
            .user(&identity.username)?
            .filter(|user| user.sub == identity.sub)
            .ok_or_else(|| CognitoError::new("UserNotFoundException", "User does not exist."))?;
        let session = store.session(claim(identity, "origin_jti"))?;
        Ok(session.filter(|session| !session.revoked).map(|_| user))
    }
}

/// A claim that is a text; empty where it is absent.
fn claim<'a>(identity: &'a CognitoIdentity, name: &str) -> &'a str {
    identity
        .claims
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

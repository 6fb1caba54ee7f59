//! Sessions: renewed, told about, ended.

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
        if self.rotates(client) {
            let message = "Refresh token rotation is enabled; use GetTokensFromRefreshToken.";
            return Err(CognitoError::invalid_parameter(message));
        }
        let token = required(parameters, "REFRESH_TOKEN")?;
        let (user, session) = self.session_of(client, token)?;
        let result = self.issue(issuer)?.result(&user, &session, None)?;
        Ok(json!({ "AuthenticationResult": result, "ChallengeParameters": {} }))
    }

    /// `GetTokensFromRefreshToken`.
    pub(super) fn get_tokens_from_refresh_token(
        &self,
        body: &Value,
        issuer: &str,
    ) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let token = required(body, "RefreshToken")?;
        let (user, session) = self.session_of(client, token)?;
        let issue = self.issue(issuer)?;
        let result = if self.rotates(client) {
            let (fresh, hash) = new_refresh();
            if !self.store().rotate(&session.id, &refresh_hash(token), &hash)? {
                return Err(reused());
            }
            issue.result(&user, &session, Some(&fresh))?
        } else {
            issue.result(&user, &session, None)?
        };
        Ok(json!({ "AuthenticationResult": result }))
    }

    fn rotates(&self, client: &str) -> bool {
        self.settings.client(client).is_some_and(|client| client.rotation)
    }

    /// The session of a refresh token that is good.
    fn session_of(&self, client: &str, token: &str) -> Result<(User, Session), CognitoError> {
        let hash = refresh_hash(token);
        let store = self.store();
        let Some(session) = store
            .session_of_refresh(&hash)?
            .filter(|session| session.client == client)
        else {
            if store.is_spent(&hash)? {
                return Err(reused());
            }
            return Err(CognitoError::not_authorized("Invalid Refresh Token"));
        };
        if session.revoked {
            return Err(CognitoError::not_authorized("Refresh Token has been revoked"));
        }
        if session.expires <= self.now() {
            return Err(CognitoError::not_authorized("Refresh Token has expired"));
        }
        let user = store
            .user(&session.username)?
            .ok_or_else(|| CognitoError::not_authorized("Invalid Refresh Token"))?;
        Ok((user, session))
    }

    /// `RevokeToken`: ends the session of a refresh token. A token that is none of ours is fine.
    pub(super) fn revoke_token(&self, body: &Value) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let token = required(body, "Token")?;
        if token.split('.').count() == 3 {
            let message = "Only refresh tokens can be revoked.";
            return Err(CognitoError::new("UnsupportedTokenTypeException", message));
        }
        let store = self.store();
        if let Some(session) = store
            .session_of_refresh(&refresh_hash(token))?
            .filter(|session| session.client == client)
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

    /// `GetUser`.
    pub(super) fn get_user(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let mut attributes = vec![json!({ "Name": "sub", "Value": user.sub })];
        if let Some(email) = user.email {
            attributes.push(json!({ "Name": "email", "Value": email }));
            attributes.push(json!({ "Name": "email_verified", "Value": user.confirmed.to_string() }));
        }
        let mut answer = json!({ "Username": user.username, "UserAttributes": attributes });
        if let (true, Some(answer)) = (user.totp.on, answer.as_object_mut()) {
            answer.insert("PreferredMfaSetting".to_owned(), json!("SOFTWARE_TOKEN_MFA"));
            answer.insert("UserMFASettingList".to_owned(), json!(["SOFTWARE_TOKEN_MFA"]));
        }
        Ok(answer)
    }

    /// The user of an access token whose session goes on.
    pub(super) fn user_of(&self, body: &Value) -> Result<User, CognitoError> {
        let token = required(body, "AccessToken")?;
        let identity = self.verify(token).map_err(|error| match error {
            TokenError::Expired => CognitoError::not_authorized("Access Token has expired"),
            _ => CognitoError::not_authorized("Invalid Access Token"),
        })?;
        let claim = |name: &str| {
            identity
                .claims
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        if claim("token_use") != "access" {
            return Err(CognitoError::not_authorized("Invalid Access Token"));
        }
        let store = self.store();
        let session = store.session(claim("origin_jti"))?;
        if session.is_none_or(|session| session.revoked) {
            return Err(CognitoError::not_authorized("Access Token has been revoked"));
        }
        store
            .user(&identity.username)?
            .ok_or_else(|| CognitoError::not_authorized("Invalid Access Token"))
    }
}

fn reused() -> CognitoError {
    CognitoError::new(
        "RefreshTokenReuseException",
        "Refresh Token has been used already",
    )
}

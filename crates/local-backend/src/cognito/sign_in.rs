//! Sign-in: by SRP, where the password itself is never sent, or by password; and the steps that may follow.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::civil::DateTime;
use num_bigint::BigUint;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::{
    CognitoError,
    challenges::{Challenge, Step, Wanted},
    fields::{optional, password, required, username},
    pool::Inner,
    srp,
    store::{Session, User},
    tokens::{REFRESH_LIFETIME, new_refresh},
};

/// How far a client's clock may be off, in seconds.
const CLOCK_SKEW: i64 = 300;

impl Inner {
    /// `InitiateAuth`.
    pub(super) fn initiate_auth(&self, body: &Value, issuer: &str) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let none = json!({});
        let parameters = body.get("AuthParameters").unwrap_or(&none);
        match required(body, "AuthFlow")? {
            "USER_SRP_AUTH" => self.challenge(client, parameters),
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => self.refresh_by_auth_flow(client, parameters, issuer),
            "USER_PASSWORD_AUTH" => {
                let name = username(required(parameters, "USERNAME")?)?;
                let user = self.user_by_password(name, required(parameters, "PASSWORD")?)?;
                self.after_password(client, &user, issuer)
            }
            flow @ ("USER_AUTH" | "CUSTOM_AUTH") => Err(CognitoError::invalid_parameter(format!(
                "{flow} flow not enabled for this client"
            ))),
            flow => Err(CognitoError::invalid_parameter(format!(
                "{flow} is not a flow of InitiateAuth"
            ))),
        }
    }

    /// The first step: salt and `B` for the client's `A`. A name that nobody has gets the same, with a salt of its own.
    fn challenge(&self, client: &str, parameters: &Value) -> Result<Value, CognitoError> {
        let name = username(required(parameters, "USERNAME")?)?;
        let a = self
            .group
            .client_public(required(parameters, "SRP_A")?)
            .ok_or_else(|| CognitoError::invalid_parameter("SRP_A is not a number of the group"))?;
        let now = self.now();
        self.refuse_locked(name)?;
        let user = self.store().user(name)?;
        let (salt, verifier) = self.kept_of(name, user.as_ref());
        let b = BigUint::from_bytes_be(&rand::random::<[u8; 32]>());
        let public = self.group.public(&verifier, &b);
        let block: [u8; 64] = [rand::random::<[u8; 32]>(), rand::random::<[u8; 32]>()]
            .concat()
            .try_into()
            .unwrap_or([0; 64]);
        let answer = json!({
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeParameters": {
                "USER_ID_FOR_SRP": name,
                "USERNAME": name,
                "SRP_B": public.to_str_radix(16),
                "SALT": salt.to_str_radix(16),
                "SECRET_BLOCK": STANDARD.encode(block),
            },
        });
        let challenge = Challenge {
            username: name.to_owned(),
            client: client.to_owned(),
            a,
            b,
            public,
            verifier,
            started: now,
        };
        self.challenges().add(block.to_vec(), challenge);
        Ok(answer)
    }

    /// `RespondToAuthChallenge`.
    pub(super) fn respond_to_auth_challenge(
        &self,
        body: &Value,
        issuer: &str,
    ) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let none = json!({});
        let responses = body.get("ChallengeResponses").unwrap_or(&none);
        match required(body, "ChallengeName")? {
            "PASSWORD_VERIFIER" => {
                let user = self.prove(client, responses)?;
                self.after_password(client, &user, issuer)
            }
            "NEW_PASSWORD_REQUIRED" => {
                let word = required(responses, "NEW_PASSWORD")?;
                // A weak one must not cost the session.
                password(word)?;
                let user = self.of_session(client, body, responses, Wanted::NewPassword)?;
                self.replace_password(&user.username, word)?;
                let user = self.store().user(&user.username)?.unwrap_or(user);
                self.after_password(client, &user, issuer)
            }
            "SOFTWARE_TOKEN_MFA" => {
                let typed = required(responses, "SOFTWARE_TOKEN_MFA_CODE")?;
                let user = self.of_session(client, body, responses, Wanted::Totp)?;
                self.check_totp(&user, typed)?;
                self.tokens(client, &user, issuer)
            }
            other => Err(CognitoError::invalid_parameter(format!(
                "No {other} challenge is open."
            ))),
        }
    }

    /// The password was right: tokens, or what else is wanted.
    fn after_password(&self, client: &str, user: &User, issuer: &str) -> Result<Value, CognitoError> {
        if !user.confirmed {
            return Err(CognitoError::new(
                "UserNotConfirmedException",
                "User is not confirmed.",
            ));
        }
        match user.given_until {
            Some(until) if until <= self.now() => {
                let message = "Temporary password has expired and must be reset by an administrator.";
                return Err(CognitoError::not_authorized(message));
            }
            Some(_) => {
                let attributes = user
                    .email
                    .as_ref()
                    .map_or_else(|| json!({}), |email| json!({ "email": email }));
                // Both are JSON in a text.
                let parameters = json!({ "USER_ID_FOR_SRP": user.username,
                    "userAttributes": attributes.to_string(), "requiredAttributes": "[]" });
                return Ok(self.ask(client, user, Wanted::NewPassword, &parameters));
            }
            None => {}
        }
        if user.totp.on {
            let parameters = json!({ "USER_ID_FOR_SRP": user.username });
            return Ok(self.ask(client, user, Wanted::Totp, &parameters));
        }
        self.tokens(client, user, issuer)
    }

    fn ask(&self, client: &str, user: &User, wanted: Wanted, parameters: &Value) -> Value {
        let name = match wanted {
            Wanted::NewPassword => "NEW_PASSWORD_REQUIRED",
            Wanted::Totp => "SOFTWARE_TOKEN_MFA",
        };
        let session = self.challenges().ask(Step {
            username: user.username.clone(),
            client: client.to_owned(),
            wanted,
            started: self.now(),
        });
        json!({ "ChallengeName": name, "Session": session, "ChallengeParameters": parameters })
    }

    /// Whose session it is. It is good for one answer, of its own user, client and kind.
    fn of_session(
        &self,
        client: &str,
        body: &Value,
        responses: &Value,
        wanted: Wanted,
    ) -> Result<User, CognitoError> {
        let over = || CognitoError::not_authorized("Invalid session for the user, session is expired.");
        let session = required(body, "Session")?;
        let step = self.challenges().answered(session, self.now()).ok_or_else(over)?;
        let named = optional(responses, "USERNAME").is_none_or(|name| name == step.username);
        if !named || step.client != client || step.wanted != wanted {
            return Err(over());
        }
        self.store().user(&step.username)?.ok_or_else(over)
    }

    /// A new session and its tokens.
    fn tokens(&self, client: &str, user: &User, issuer: &str) -> Result<Value, CognitoError> {
        let now = self.now();
        let session = Session {
            id: uuid::Uuid::new_v4().to_string(),
            username: user.username.clone(),
            client: client.to_owned(),
            auth_time: now,
            expires: now + REFRESH_LIFETIME,
            revoked: false,
        };
        let (refresh, hash) = new_refresh();
        self.store().add_session(&session, &hash)?;
        let result = self.issue(issuer)?.result(user, &session, Some(&refresh))?;
        Ok(json!({ "AuthenticationResult": result, "ChallengeParameters": {} }))
    }

    /// The second step: the proof that the client knows the password.
    fn prove(&self, client: &str, responses: &Value) -> Result<User, CognitoError> {
        let now = self.now();
        let block = STANDARD
            .decode(required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?)
            .unwrap_or_default();
        let timestamp = required(responses, "TIMESTAMP")?;
        let claimed = STANDARD
            .decode(required(responses, "PASSWORD_CLAIM_SIGNATURE")?)
            .unwrap_or_default();
        let challenge = self
            .challenges()
            .take(&block, now)
            .ok_or_else(CognitoError::wrong_password)?;
        // Whoever opened many challenges before gets no more guesses by it.
        self.refuse_locked(&challenge.username)?;
        let named = optional(responses, "USERNAME").is_none_or(|name| name == challenge.username);
        let on_time = moment(timestamp).is_some_and(|at| (at - now).abs() <= CLOCK_SKEW);
        let key = self
            .group
            .key(&challenge.a, &challenge.b, &challenge.public, &challenge.verifier);
        let name = &challenge.username;
        let proof = srp::signature(&key, self.settings.pool_name(), name, &block, timestamp);
        let proven = bool::from(proof.as_slice().ct_eq(claimed.as_slice()));
        let user = self.store().user(name)?;
        let Some(user) = user.filter(|_| proven && named && on_time && client == challenge.client) else {
            self.failed(name)?;
            return Err(CognitoError::wrong_password());
        };
        self.succeeded(name)?;
        Ok(user)
    }
}

/// Seconds since 1970 of `Sat Mar 7 08:05:09 UTC 2026`.
fn moment(timestamp: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = timestamp.split(' ').collect();
    let [_weekday, month, day, time, "UTC", year] = words.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    let at: DateTime = format!("{year}-{month:02}-{day:0>2}T{time}").parse().ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn the_clients_time_is_read() {
        assert_eq!(moment("Sat Mar 7 08:05:09 UTC 2026"), Some(1_772_870_709));
        assert_eq!(moment("Sat Mar 07 08:05:09 UTC 2026"), Some(1_772_870_709));
        assert_eq!(moment("2026-03-07T08:05:09Z"), None);
    }
}

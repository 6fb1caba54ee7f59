//! Sign-in by SRP: the password itself is never sent.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::civil::DateTime;
use num_bigint::BigUint;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::{
    CognitoError,
    challenges::Challenge,
    fields::{optional, required},
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
            flow @ ("USER_PASSWORD_AUTH" | "USER_AUTH" | "CUSTOM_AUTH") => Err(
                CognitoError::invalid_parameter(format!("{flow} flow not enabled for this client")),
            ),
            flow => Err(CognitoError::invalid_parameter(format!(
                "{flow} is not a flow of InitiateAuth"
            ))),
        }
    }

    /// The first step: salt and `B` for the client's `A`. A name that nobody has gets the same, with a salt of its own.
    fn challenge(&self, client: &str, parameters: &Value) -> Result<Value, CognitoError> {
        let name = required(parameters, "USERNAME")?;
        let a = self
            .group
            .client_public(required(parameters, "SRP_A")?)
            .ok_or_else(|| CognitoError::invalid_parameter("SRP_A is not a number of the group"))?;
        let now = self.now();
        if self.challenges().is_locked(name, now) {
            return Err(CognitoError::not_authorized("Password attempts exceeded"));
        }
        let user = self.store().user(name)?;
        let (salt, verifier) = match user {
            Some(user) => (
                BigUint::from_bytes_be(&user.salt),
                BigUint::from_bytes_be(&user.verifier),
            ),
            None => self.nobody(name),
        };
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

    /// Salt and verifier of a user who doesn't exist: the same at each try, and no password fits.
    fn nobody(&self, name: &str) -> (BigUint, BigUint) {
        let salt = srp::hmac(&self.pepper, &[b"salt", name.as_bytes()]);
        let wide: Vec<u8> = (0..12_u8)
            .flat_map(|n| srp::hmac(&self.pepper, &[b"verifier", &[n], name.as_bytes()]))
            .collect();
        let (salt, _) = salt.split_at(16);
        (BigUint::from_bytes_be(salt), BigUint::from_bytes_be(&wide))
    }

    /// `RespondToAuthChallenge`.
    pub(super) fn respond_to_auth_challenge(
        &self,
        body: &Value,
        issuer: &str,
    ) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        match required(body, "ChallengeName")? {
            "PASSWORD_VERIFIER" => {}
            other => {
                return Err(CognitoError::invalid_parameter(format!(
                    "No {other} challenge is open."
                )));
            }
        }
        let none = json!({});
        let responses = body.get("ChallengeResponses").unwrap_or(&none);
        let user = self.prove(client, responses)?;
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
        let result = self.issue(issuer)?.result(&user, &session, Some(&refresh))?;
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
            self.challenges().failed(name, now);
            return Err(CognitoError::wrong_password());
        };
        self.challenges().succeeded(name);
        if !user.confirmed {
            return Err(CognitoError::new(
                "UserNotConfirmedException",
                "User is not confirmed.",
            ));
        }
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

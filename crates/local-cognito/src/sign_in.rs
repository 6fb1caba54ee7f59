//! Sign-in by SRP, which never sends the password, or by password; and the later challenges.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use num_bigint::BigUint;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::{
    CognitoError, Transport,
    attributes::{self, Writer},
    challenges::{NextChallenge, SignInStep, SrpChallenge},
    fields::{invalid, optional, password, required},
    passwords::refuse_unconfirmed,
    pool::Inner,
    request::RequestContext,
    srp,
    store::{Guess, Session, User, fold},
    timestamp::Timestamp,
    tokens::{REFRESH_LIFETIME, new_refresh},
};

/// Maximum difference of a client's clock in seconds.
const CLOCK_SKEW: i64 = 300;

impl Inner {
    /// `InitiateAuth`: starts a sign-in, or refreshes tokens.
    pub(super) fn initiate_auth(
        &self,
        body: &Value,
        context: RequestContext<'_>,
    ) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let none = json!({});
        let parameters = body.get("AuthParameters").unwrap_or(&none);
        match required(body, "AuthFlow")? {
            "USER_SRP_AUTH" => self.challenge(client, parameters, context.transport),
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => {
                self.refresh_by_auth_flow(client, parameters, context.issuer)
            }
            "USER_PASSWORD_AUTH" => {
                let name = self.named(parameters)?;
                let word = required(parameters, "PASSWORD")?;
                let user = self.user_by_password(&name, word, context.transport)?;
                self.after_password(client, &user, context)
            }
            flow @ ("USER_AUTH" | "CUSTOM_AUTH") => Err(CognitoError::invalid_parameter(format!(
                "{flow} flow not enabled for this client"
            ))),
            flow => Err(CognitoError::invalid_parameter(format!(
                "{flow} is not a flow of InitiateAuth"
            ))),
        }
    }

    /// The normalised user name. Names from before the rules for new names can still sign in.
    fn named(&self, parameters: &Value) -> Result<String, CognitoError> {
        let name = required(parameters, "USERNAME")?;
        if name.chars().count() > 128 {
            return Err(invalid(
                "username",
                "Member must have length less than or equal to 128",
            ));
        }
        Ok(self.store().spelling(name)?)
    }

    /// Starts SRP: salt and `B` for the client's `A`. An unknown name gets a fake salt.
    fn challenge(
        &self,
        client: &str,
        parameters: &Value,
        transport: Transport,
    ) -> Result<Value, CognitoError> {
        let name = &*self.named(parameters)?;
        let a = self
            .group
            .client_public(required(parameters, "SRP_A")?)
            .ok_or_else(|| CognitoError::invalid_parameter("SRP_A is not a number of the group"))?;
        let now = self.now();
        self.refuse_locked(name, transport, Guess::Password)?;
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
        let challenge = SrpChallenge {
            username: name.to_owned(),
            transport,
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

    /// `RespondToAuthChallenge`: continues a sign-in.
    pub(super) fn respond_to_auth_challenge(
        &self,
        body: &Value,
        context: RequestContext<'_>,
    ) -> Result<Value, CognitoError> {
        let client = self.client(body)?;
        let none = json!({});
        let responses = body.get("ChallengeResponses").unwrap_or(&none);
        match required(body, "ChallengeName")? {
            "PASSWORD_VERIFIER" => {
                let user = self.prove(client, responses, context.transport)?;
                self.after_password(client, &user, context)
            }
            "NEW_PASSWORD_REQUIRED" => {
                // Neither a weak password nor an invalid attribute must use up the session.
                let word = password(required(responses, "NEW_PASSWORD")?, "password")?;
                let changes = attributes::of_responses(responses)?;
                let user = self.of_session(client, body, responses, NextChallenge::NewPassword)?;
                if !changes.is_empty() {
                    let mut attributes = user.attributes.clone();
                    attributes::change(&mut attributes, &changes, Writer::User);
                    self.store()
                        .set_attributes(&user.username, &attributes, self.now())?;
                }
                self.replace_password(&user.username, word)?;
                let user = self.store().user(&user.username)?.unwrap_or(user);
                self.after_password(client, &user, context)
            }
            "SOFTWARE_TOKEN_MFA" => {
                let typed = required(responses, "SOFTWARE_TOKEN_MFA_CODE")?;
                let user = self.of_session(client, body, responses, NextChallenge::Totp)?;
                self.check_totp(&user, typed, context.transport)?;
                self.tokens(client, &user, context)
            }
            other => Err(CognitoError::invalid_parameter(format!(
                "No {other} challenge is open."
            ))),
        }
    }

    /// After the correct password: tokens, or the next challenge.
    fn after_password(
        &self,
        client: &str,
        user: &User,
        context: RequestContext<'_>,
    ) -> Result<Value, CognitoError> {
        match user.given_until {
            Some(until) if until <= self.now() => {
                let message = "Temporary password has expired and must be reset by an administrator.";
                return Err(CognitoError::not_authorized(message));
            }
            Some(_) => {
                // Both values are JSON texts.
                let parameters = json!({ "USER_ID_FOR_SRP": user.username,
                    "userAttributes": json!(user.attributes).to_string(), "requiredAttributes": "[]" });
                return Ok(self.ask(client, user, NextChallenge::NewPassword, &parameters));
            }
            None => {}
        }
        if user.totp.on {
            let parameters = json!({ "USER_ID_FOR_SRP": user.username });
            return Ok(self.ask(client, user, NextChallenge::Totp, &parameters));
        }
        self.tokens(client, user, context)
    }

    fn ask(&self, client: &str, user: &User, wanted: NextChallenge, parameters: &Value) -> Value {
        let name = match wanted {
            NextChallenge::NewPassword => "NEW_PASSWORD_REQUIRED",
            NextChallenge::Totp => "SOFTWARE_TOKEN_MFA",
        };
        let session = self.challenges().ask(SignInStep {
            username: user.username.clone(),
            client: client.to_owned(),
            wanted,
            started: self.now(),
        });
        json!({ "ChallengeName": name, "Session": session, "ChallengeParameters": parameters })
    }

    /// The user of a session, which is valid for one response by its user and client to its challenge.
    fn of_session(
        &self,
        client: &str,
        body: &Value,
        responses: &Value,
        wanted: NextChallenge,
    ) -> Result<User, CognitoError> {
        let over = || CognitoError::not_authorized("Invalid session for the user, session is expired.");
        let session = required(body, "Session")?;
        let step = self.challenges().answered(session, self.now()).ok_or_else(over)?;
        let named = is_named(responses, &step.username);
        if !named || step.client != client || step.wanted != wanted {
            return Err(over());
        }
        self.store().user(&step.username)?.ok_or_else(over)
    }

    /// Completes the sign-in: creates a session with its tokens, and deletes earlier failures.
    fn tokens(&self, client: &str, user: &User, context: RequestContext<'_>) -> Result<Value, CognitoError> {
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
        let issue = self.issue(context.issuer)?;
        let result = issue.result(user, &session, Some(&refresh))?;
        let store = self.store();
        store.add_session(&session, &hash)?;
        store.forget_failures(&user.username, context.transport)?;
        Ok(json!({ "AuthenticationResult": result, "ChallengeParameters": {} }))
    }

    /// Completes SRP: verifies the client's proof that it knows the password.
    fn prove(&self, client: &str, responses: &Value, transport: Transport) -> Result<User, CognitoError> {
        let now = self.now();
        let block = STANDARD
            .decode(required(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?)
            .unwrap_or_default();
        let timestamp = Timestamp::read(required(responses, "TIMESTAMP")?)?;
        let claimed = STANDARD
            .decode(required(responses, "PASSWORD_CLAIM_SIGNATURE")?)
            .unwrap_or_default();
        let challenge = self
            .challenges()
            .take(&block, now)
            .ok_or_else(CognitoError::wrong_password)?;
        // Many open challenges don't allow more guesses.
        self.refuse_locked(&challenge.username, transport, Guess::Password)?;
        let named = is_named(responses, &challenge.username);
        let on_time = timestamp.is_within(CLOCK_SKEW, now);
        let key = self
            .group
            .key(&challenge.a, &challenge.b, &challenge.public, &challenge.verifier);
        let name = &challenge.username;
        let text = timestamp.canonical();
        let proof = srp::signature(&key, self.settings.pool_name(), name, &block, &text);
        let proven = bool::from(proof.as_slice().ct_eq(claimed.as_slice()));
        let user = self.store().user(name)?;
        refuse_unconfirmed(user.as_ref())?;
        let Some(user) = user.filter(|_| proven && named && on_time && client == challenge.client) else {
            self.failed(name, transport, Guess::Password)?;
            return Err(CognitoError::wrong_password());
        };
        Ok(user)
    }
}

/// Whether a response names this user or none. Some clients send the name as typed.
fn is_named(responses: &Value, username: &str) -> bool {
    optional(responses, "USERNAME").is_none_or(|name| fold(name) == fold(username))
}

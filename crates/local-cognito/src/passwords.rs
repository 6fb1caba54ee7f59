//! Passwords: stored as salt and verifier, compared, changed, replaced.

use num_bigint::BigUint;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::{
    CognitoError, Transport,
    codes::{self, Purpose},
    fields::{password, required, username},
    pool::Inner,
    srp,
    store::{Guess, User, fold},
};

impl Inner {
    /// A new salt and the verifier of a password, which are stored in its place.
    pub(super) fn derive(&self, name: &str, word: &str) -> (Vec<u8>, Vec<u8>) {
        let salt = BigUint::from_bytes_be(&rand::random::<[u8; 16]>());
        let verifier = self.group.verifier(self.settings.pool_name(), name, word, &salt);
        (salt.to_bytes_be(), verifier.to_bytes_be())
    }

    /// Salt and verifier of a user name. Unknown names get a fake pair at equal cost that no password matches, so that
    /// responses don't reveal who exists.
    pub(super) fn kept_of(&self, name: &str, user: Option<&User>) -> (BigUint, BigUint) {
        let nobodys = self.nobody(name);
        user.map_or(nobodys, |user| {
            (
                BigUint::from_bytes_be(&user.salt),
                BigUint::from_bytes_be(&user.verifier),
            )
        })
    }

    /// The fake salt and verifier of an unknown name, the same at each try.
    fn nobody(&self, name: &str) -> (BigUint, BigUint) {
        let salt = srp::hmac(&self.pepper, &[b"salt", name.as_bytes()]);
        let wide: Vec<u8> = (0..12_u8)
            .flat_map(|n| srp::hmac(&self.pepper, &[b"verifier", &[n], name.as_bytes()]))
            .collect();
        let (salt, _) = salt.split_at(16);
        (BigUint::from_bytes_be(salt), BigUint::from_bytes_be(&wide))
    }

    /// The user of a normalised name and a password. Unknown names cost the same work and get the same error. Earlier failures
    /// are kept until the sign-in is complete.
    pub(super) fn user_by_password(
        &self,
        name: &str,
        word: &str,
        transport: Transport,
    ) -> Result<User, CognitoError> {
        self.refuse_locked(name, transport, Guess::Password)?;
        let user = self.store().user(name)?;
        let (salt, verifier) = self.kept_of(name, user.as_ref());
        let found = self.group.verifier(self.settings.pool_name(), name, word, &salt);
        let fits = bool::from(found.to_bytes_be().ct_eq(&verifier.to_bytes_be()));
        refuse_unconfirmed(user.as_ref())?;
        let Some(user) = user.filter(|_| fits) else {
            self.failed(name, transport, Guess::Password)?;
            return Err(CognitoError::wrong_password());
        };
        Ok(user)
    }

    /// Replaces a user's password with one that the user chose.
    pub(super) fn replace_password(&self, name: &str, word: &str) -> Result<(), CognitoError> {
        let (salt, verifier) = self.derive(name, word);
        Ok(self
            .store()
            .set_password(name, &salt, &verifier, None, self.now())?)
    }

    /// `ChangePassword`. Sessions stay valid, as on AWS.
    pub(super) fn change_password(&self, body: &Value, transport: Transport) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let proposed = required(body, "ProposedPassword")?;
        let previous = required(body, "PreviousPassword")?;
        self.user_by_password(&user.username, previous, transport)?;
        password(proposed, "proposedPassword")?;
        self.replace_password(&user.username, proposed)?;
        // Failed guesses at the previous password no longer matter.
        self.store().forget_guesses(&user.username, Guess::Password)?;
        Ok(json!({}))
    }

    /// `ForgotPassword`: unknown names get the same response at the same cost.
    pub(super) fn forgot_password(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = username(required(body, "Username")?)?;
        let store = self.store();
        let user = store.user(name)?;
        let there = user
            .as_ref()
            .is_some_and(|user| user.confirmed && user.given_until.is_none());
        let name = user.map_or_else(|| fold(name), |user| user.username);
        let (codes, now) = (&*self.settings.codes, self.now());
        let delivery =
            store.whole(|| codes::send(&store, codes, &name, there, Purpose::ForgotPassword, now))?;
        Ok(json!({ "CodeDeliveryDetails": delivery }))
    }

    /// `ConfirmForgotPassword`. Sessions stay valid, as on AWS: a client that wants to end them signs in and calls
    /// `GlobalSignOut`.
    pub(super) fn confirm_forgot_password(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = username(required(body, "Username")?)?;
        let word = required(body, "Password")?;
        let code = required(body, "ConfirmationCode")?;
        // A weak password must not use up the code.
        password(word, "password")?;
        let (store, now) = (self.store(), self.now());
        let name = &store.spelling(name)?;
        codes::check(&store, name, Purpose::ForgotPassword, code, now)?;
        let (salt, verifier) = self.derive(name, word);
        store.whole(|| {
            codes::used(&store, name, Purpose::ForgotPassword)?;
            store.set_password(name, &salt, &verifier, None, now)?;
            store.forget_guesses(name, Guess::Password)?;
            Ok(json!({}))
        })
    }
}

/// Rejects unconfirmed users whatever the password, as AWS does in both flows, so that clients can continue with the confirmation.
pub(super) fn refuse_unconfirmed(user: Option<&User>) -> Result<(), CognitoError> {
    if user.is_some_and(|user| !user.confirmed) {
        return Err(CognitoError::new(
            "UserNotConfirmedException",
            "User is not confirmed.",
        ));
    }
    Ok(())
}

//! New accounts.

use serde_json::{Value, json};

use super::{
    CognitoError,
    codes::{self, Purpose},
    fields::{optional, password, required, username},
    pool::Inner,
    store::{Totp, User},
};

impl Inner {
    /// `SignUp`.
    pub(super) fn sign_up(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = username(required(body, "Username")?)?;
        let word = required(body, "Password")?;
        password(word)?;
        let (salt, verifier) = self.derive(name, word);
        let user = User {
            username: name.to_owned(),
            sub: uuid::Uuid::new_v4().to_string(),
            salt,
            verifier,
            email: attribute(body, "email")?,
            confirmed: false,
            given_until: None,
            totp: Totp::default(),
            groups: Vec::new(),
        };
        let now = self.now();
        let store = self.store();
        // An account whose code was never written could not be confirmed, and its name would be taken.
        let delivery = store.whole(|| {
            if !store.add_user(&user, now)? {
                return Err(CognitoError::new(
                    "UsernameExistsException",
                    "User already exists",
                ));
            }
            codes::send(&store, &*self.settings.codes, name, true, Purpose::SignUp, now)
        })?;
        Ok(json!({ "UserConfirmed": false, "UserSub": user.sub, "CodeDeliveryDetails": delivery }))
    }

    /// `ConfirmSignUp`.
    pub(super) fn confirm_sign_up(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = username(required(body, "Username")?)?;
        let store = self.store();
        if store.user(name)?.is_some_and(|user| user.confirmed) {
            return Err(CognitoError::not_authorized(
                "User cannot be confirmed. Current status is CONFIRMED",
            ));
        }
        codes::check(
            &store,
            name,
            Purpose::SignUp,
            required(body, "ConfirmationCode")?,
            self.now(),
        )?;
        store.whole(|| {
            codes::used(&store, name, Purpose::SignUp)?;
            store.confirm(name)?;
            Ok(json!({}))
        })
    }

    /// `ResendConfirmationCode`.
    pub(super) fn resend_confirmation_code(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = username(required(body, "Username")?)?;
        let store = self.store();
        let user = store.user(name)?;
        if user.as_ref().is_some_and(|user| user.confirmed) {
            return Err(CognitoError::invalid_parameter("User is already confirmed."));
        }
        let codes = &*self.settings.codes;
        let (there, now) = (user.is_some(), self.now());
        let delivery = store.whole(|| codes::send(&store, codes, name, there, Purpose::SignUp, now))?;
        Ok(json!({ "CodeDeliveryDetails": delivery }))
    }
}

/// An attribute of the request's; Cognito takes 2,048 characters of it.
pub(super) fn attribute(body: &Value, name: &str) -> Result<Option<String>, CognitoError> {
    let attributes = body.get("UserAttributes").and_then(Value::as_array);
    let found = attributes
        .into_iter()
        .flatten()
        .find(|attribute| optional(attribute, "Name") == Some(name))
        .and_then(|attribute| optional(attribute, "Value"));
    match found {
        Some(value) if value.chars().count() > 2_048 => Err(CognitoError::invalid_parameter(format!(
            "The value of {name} is too long"
        ))),
        found => Ok(found.map(str::to_owned)),
    }
}

//! New accounts.

use num_bigint::BigUint;
use serde_json::{Value, json};

use super::{
    CognitoError,
    codes::{self, Purpose},
    fields::{optional, password, required, username},
    pool::Inner,
    store::User,
};

impl Inner {
    /// `SignUp`.
    pub(super) fn sign_up(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = username(required(body, "Username")?)?;
        let word = required(body, "Password")?;
        password(word)?;
        let salt = BigUint::from_bytes_be(&rand::random::<[u8; 16]>());
        let verifier = self.group.verifier(self.settings.pool_name(), name, word, &salt);
        let user = User {
            username: name.to_owned(),
            sub: uuid::Uuid::new_v4().to_string(),
            salt: salt.to_bytes_be(),
            verifier: verifier.to_bytes_be(),
            email: attribute(body, "email"),
            confirmed: false,
        };
        let now = self.now();
        let store = self.store();
        if !store.add_user(&user, now)? {
            return Err(CognitoError::new(
                "UsernameExistsException",
                "User already exists",
            ));
        }
        let delivery = codes::send(&store, &*self.settings.codes, name, Purpose::SignUp, now)?;
        Ok(json!({ "UserConfirmed": false, "UserSub": user.sub, "CodeDeliveryDetails": delivery }))
    }

    /// `ConfirmSignUp`.
    pub(super) fn confirm_sign_up(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = required(body, "Username")?;
        let store = self.store();
        // An unknown name looks like a name whose code has expired.
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
        store.confirm(name)?;
        Ok(json!({}))
    }

    /// `ResendConfirmationCode`.
    pub(super) fn resend_confirmation_code(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = required(body, "Username")?;
        let store = self.store();
        let delivery = match store.user(name)? {
            Some(user) if user.confirmed => {
                return Err(CognitoError::invalid_parameter("User is already confirmed."));
            }
            Some(_) => codes::send(&store, &*self.settings.codes, name, Purpose::SignUp, self.now())?,
            None => {
                json!({ "Destination": "this computer", "DeliveryMedium": "EMAIL", "AttributeName": "email" })
            }
        };
        Ok(json!({ "CodeDeliveryDetails": delivery }))
    }
}

fn attribute(body: &Value, name: &str) -> Option<String> {
    let attributes = body.get("UserAttributes")?.as_array()?;
    let found = attributes
        .iter()
        .find(|attribute| optional(attribute, "Name") == Some(name))?;
    optional(found, "Value").map(str::to_owned)
}

//! Sign-up and confirmation of accounts.

use serde_json::{Value, json};

use super::{
    CognitoError, Transport,
    attributes::{self, Attributes, Writer},
    codes::{self, Purpose},
    fields::{password, required, username},
    pool::Inner,
    store::{User, fold},
};

impl Inner {
    /// `SignUp`. Names are stored in lower case, and are case-insensitive.
    pub(super) fn sign_up(&self, body: &Value, transport: Transport) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = fold(username(required(body, "Username")?)?);
        let word = password(required(body, "Password")?, "password")?;
        let written = attributes::read(body, Writer::SignUp)?;
        if self.is_reserved(&name, transport) {
            return Err(exists());
        }
        let mut attributes = Attributes::new();
        attributes::change(&mut attributes, &written, Writer::SignUp);
        let (salt, verifier) = self.derive(&name, word);
        let now = self.now();
        let user = User {
            username: name,
            sub: uuid::Uuid::new_v4().to_string(),
            salt,
            verifier,
            attributes,
            created: now,
            ..User::default()
        };
        let store = self.store();
        // An account whose code was not delivered could not be confirmed, but its name would be taken.
        let delivery = store.whole(|| {
            let name = &user.username;
            if !store.add_user(&user)? {
                return Err(exists());
            }
            // Codes and tries from before the account existed don't count.
            codes::used(&store, name, Purpose::SignUp)?;
            codes::send(&store, &*self.settings.codes, name, true, Purpose::SignUp, now)
        })?;
        Ok(json!({ "UserConfirmed": false, "UserSub": user.sub, "CodeDeliveryDetails": delivery }))
    }

    /// Whether the pool reserves a name for other transports.
    pub(super) fn is_reserved(&self, name: &str, transport: Transport) -> bool {
        transport == Transport::Port && self.settings.reserved.iter().any(|reserved| reserved == name)
    }

    /// `ConfirmSignUp`: confirms the account and verifies its e-mail.
    pub(super) fn confirm_sign_up(&self, body: &Value) -> Result<Value, CognitoError> {
        self.client(body)?;
        let name = username(required(body, "Username")?)?;
        let code = required(body, "ConfirmationCode")?;
        let (store, now) = (self.store(), self.now());
        let user = store.user(name)?;
        if user.as_ref().is_some_and(|user| user.confirmed) {
            return Err(CognitoError::not_authorized(
                "User cannot be confirmed. Current status is CONFIRMED",
            ));
        }
        let (name, mut attributes) = user.map_or_else(
            || (fold(name), Attributes::new()),
            |user| (user.username, user.attributes),
        );
        codes::check(&store, &name, Purpose::SignUp, code, now)?;
        attributes::verify_email(&mut attributes);
        store.whole(|| {
            codes::used(&store, &name, Purpose::SignUp)?;
            store.confirm(&name, now)?;
            store.set_attributes(&name, &attributes, now)?;
            Ok(json!({}))
        })
    }

    /// `ResendConfirmationCode`: sends another code.
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
        let name = user.map_or_else(|| fold(name), |user| user.username);
        let delivery = store.whole(|| codes::send(&store, codes, &name, there, Purpose::SignUp, now))?;
        Ok(json!({ "CodeDeliveryDetails": delivery }))
    }
}

fn exists() -> CognitoError {
    CognitoError::new("UsernameExistsException", "User already exists")
}

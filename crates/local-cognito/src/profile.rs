//! Users' operations on themselves: attributes, and the deletion of the account.

use serde_json::{Value, json};

use super::{
    CognitoError,
    attributes::{self, EMAIL, Writer},
    codes::{self, Purpose},
    fields::required,
    pool::Inner,
    store::User,
};

impl Inner {
    /// `GetUser`: the attributes and MFA settings of the access token's user.
    pub(super) fn get_user(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let mut answer = json!({ "Username": user.username, "UserAttributes": attributes::listed(&user) });
        add_mfa(&mut answer, &user);
        Ok(answer)
    }

    /// `UpdateUserAttributes`: a blank value deletes. A new e-mail applies at once, and is unverified until its code is
    /// entered.
    pub(super) fn update_user_attributes(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let changes = attributes::read(body, Writer::User)?;
        let mut attributes = user.attributes.clone();
        attributes::change(&mut attributes, &changes, Writer::User);
        let is_new =
            |name: &str| attributes.contains_key(name) && attributes.get(name) != user.attributes.get(name);
        let (store, now) = (self.store(), self.now());
        // An e-mail whose code was not delivered could not be verified.
        let sent = store.whole(|| {
            store.set_attributes(&user.username, &attributes, now)?;
            let sink = &*self.settings.codes;
            is_new(EMAIL)
                .then(|| codes::send(&store, sink, &user.username, true, Purpose::Email, now))
                .transpose()
        })?;
        Ok(json!({ "CodeDeliveryDetailsList": sent.into_iter().collect::<Vec<_>>() }))
    }

    /// `DeleteUserAttributes`: rejects attributes that must not be deleted.
    pub(super) fn delete_user_attributes(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let names = body.get("UserAttributeNames").and_then(Value::as_array);
        let mut blanks = attributes::Attributes::new();
        for name in names.into_iter().flatten().filter_map(Value::as_str) {
            if !attributes::is_standard(name) {
                return Err(attributes::unauthorized());
            }
            blanks.insert(name.to_owned(), String::new());
        }
        let mut attributes = user.attributes;
        attributes::change(&mut attributes, &blanks, Writer::User);
        self.store()
            .set_attributes(&user.username, &attributes, self.now())?;
        Ok(json!({}))
    }

    /// `GetUserAttributeVerificationCode`: sends a code for the e-mail.
    pub(super) fn get_user_attribute_verification_code(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        of_email(&user, body)?;
        let (store, codes, now) = (self.store(), &*self.settings.codes, self.now());
        let delivery =
            store.whole(|| codes::send(&store, codes, &user.username, true, Purpose::Email, now))?;
        Ok(json!({ "CodeDeliveryDetails": delivery }))
    }

    /// `VerifyUserAttribute`: verifies the e-mail by its code.
    pub(super) fn verify_user_attribute(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        of_email(&user, body)?;
        let code = required(body, "Code")?;
        let (store, now) = (self.store(), self.now());
        codes::check(&store, &user.username, Purpose::Email, code, now)?;
        let mut attributes = user.attributes;
        attributes::verify_email(&mut attributes);
        store.whole(|| {
            codes::used(&store, &user.username, Purpose::Email)?;
            store.set_attributes(&user.username, &attributes, now)?;
            Ok(json!({}))
        })
    }

    /// `DeleteUser`: the user alone, as on AWS. Rows with its `sub` stay in the tables; no later user gets that `sub`.
    pub(super) fn delete_user(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        self.store().delete_user(&user.username)?;
        Ok(json!({}))
    }

    /// `ListDevices`: always empty, since the pool is deployed without device tracking.
    pub(super) fn list_devices(&self, body: &Value) -> Result<Value, CognitoError> {
        self.user_of(body)?;
        Ok(json!({ "Devices": [] }))
    }
}

/// Rejects attributes other than the user's e-mail, the only one that can be verified here.
fn of_email(user: &User, body: &Value) -> Result<(), CognitoError> {
    match required(body, "AttributeName")? {
        EMAIL if user.attributes.contains_key(EMAIL) => Ok(()),
        EMAIL => Err(CognitoError::invalid_parameter(
            "The user has no email to verify.",
        )),
        "phone_number" => Err(CognitoError::invalid_parameter(
            "A phone number can't be verified: this pool sends no text messages.",
        )),
        name => Err(CognitoError::invalid_parameter(format!(
            "The attribute {name} can't be verified."
        ))),
    }
}

/// Adds the MFA members, if sign-in requires an authenticator's code.
pub(super) fn add_mfa(answer: &mut Value, user: &User) {
    if let (true, Some(answer)) = (user.totp.on, answer.as_object_mut()) {
        answer.insert("PreferredMfaSetting".to_owned(), json!("SOFTWARE_TOKEN_MFA"));
        answer.insert("UserMFASettingList".to_owned(), json!(["SOFTWARE_TOKEN_MFA"]));
    }
}

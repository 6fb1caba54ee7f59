//! What an administrator may do: make users, give them passwords, put them into the group. AWS wants these calls signed, and so
//! does the server: nothing here is reached by [`UserPool::call`].

use serde_json::{Value, json};

use super::{
    CognitoError, UserPool,
    codes::{self, Purpose},
    fields::{optional, password, required, username},
    pool::Inner,
    sign_up::attribute,
    store::{Totp, User},
};

/// A given password is good for a week: Cognito's default.
const GIVEN: i64 = 7 * 86_400;
/// The group that may change categories.
const ADMIN: &str = "admin";

impl UserPool {
    /// The operations that this takes.
    pub const ADMIN_OPERATIONS: [&str; 3] =
        ["AdminCreateUser", "AdminSetUserPassword", "AdminAddUserToGroup"];

    /// Calls one of Cognito's operations for administrators. Whoever calls has made sure that it is one.
    ///
    /// # Errors
    ///
    /// [`CognitoError`], an exception of Cognito's.
    pub async fn administer(&self, operation: &str, body: Value) -> Result<Value, CognitoError> {
        let inner = self.inner();
        let operation = operation.to_owned();
        let work = tokio::task::spawn_blocking(move || inner.administer(&operation, &body));
        work.await.map_err(|error| CognitoError::internal(&error))?
    }
}

impl Inner {
    fn administer(&self, operation: &str, body: &Value) -> Result<Value, CognitoError> {
        let pool = required(body, "UserPoolId")?;
        if pool != self.settings.pool_id {
            let message = format!("User pool {pool} does not exist.");
            return Err(CognitoError::new("ResourceNotFoundException", message));
        }
        let name = username(required(body, "Username")?)?;
        match operation {
            "AdminCreateUser" => self.admin_create_user(name, body),
            "AdminSetUserPassword" => self.admin_set_user_password(name, body),
            "AdminAddUserToGroup" => self.admin_add_user_to_group(name, body),
            other => Err(CognitoError::new(
                "UnknownOperationException",
                format!("The operation {other} is not built here."),
            )),
        }
    }

    fn admin_create_user(&self, name: &str, body: &Value) -> Result<Value, CognitoError> {
        let action = optional(body, "MessageAction").unwrap_or_default();
        let word = match optional(body, "TemporaryPassword") {
            Some(word) => word.to_owned(),
            None => given_password(),
        };
        password(&word)?;
        let now = self.now();
        let (salt, verifier) = self.derive(name, &word);
        let given_until = Some(now + GIVEN);
        let store = self.store();
        // A password that reaches nobody is not given.
        let user = store.whole(|| {
            let user = match store.user(name)? {
                Some(user) if action == "RESEND" && user.given_until.is_some() => {
                    store.set_password(name, &salt, &verifier, given_until)?;
                    user
                }
                Some(_) if action == "RESEND" => {
                    let message =
                        "User can only be resent an invitation while a password of their own is missing.";
                    return Err(CognitoError::new("UnsupportedUserStateException", message));
                }
                Some(_) => {
                    return Err(CognitoError::new(
                        "UsernameExistsException",
                        "User account already exists",
                    ));
                }
                None if action == "RESEND" => return Err(not_found()),
                None => {
                    let user = User {
                        username: name.to_owned(),
                        sub: uuid::Uuid::new_v4().to_string(),
                        salt,
                        verifier,
                        email: attribute(body, "email")?,
                        confirmed: true,
                        given_until,
                        totp: Totp::default(),
                        groups: Vec::new(),
                    };
                    store.add_user(&user, now)?;
                    user
                }
            };
            if action != "SUPPRESS" {
                codes::deliver(&*self.settings.codes, name, Purpose::Invitation, word)?;
            }
            Ok(user)
        })?;
        let mut attributes = vec![json!({ "Name": "sub", "Value": user.sub })];
        attributes.extend(user.email.map(|email| json!({ "Name": "email", "Value": email })));
        Ok(json!({ "User": {
            "Username": name, "Attributes": attributes, "UserCreateDate": now, "UserLastModifiedDate": now,
            "Enabled": true, "UserStatus": "FORCE_CHANGE_PASSWORD",
        }}))
    }

    fn admin_set_user_password(&self, name: &str, body: &Value) -> Result<Value, CognitoError> {
        let word = required(body, "Password")?;
        password(word)?;
        if self.store().user(name)?.is_none() {
            return Err(not_found());
        }
        let permanent = body.get("Permanent").and_then(Value::as_bool).unwrap_or_default();
        let given_until = (!permanent).then(|| self.now() + GIVEN);
        let (salt, verifier) = self.derive(name, word);
        self.store().set_password(name, &salt, &verifier, given_until)?;
        self.store().forget_failures(name)?;
        Ok(json!({}))
    }

    fn admin_add_user_to_group(&self, name: &str, body: &Value) -> Result<Value, CognitoError> {
        if required(body, "GroupName")? != ADMIN {
            return Err(CognitoError::new("ResourceNotFoundException", "Group not found."));
        }
        let store = self.store();
        if store.user(name)?.is_none() {
            return Err(not_found());
        }
        store.join(name, ADMIN)?;
        Ok(json!({}))
    }
}

fn not_found() -> CognitoError {
    CognitoError::new("UserNotFoundException", "User does not exist.")
}

/// A password that keeps to the policy.
fn given_password() -> String {
    let chance = uuid::Uuid::new_v4().simple().to_string();
    format!("Aa1-{chance}")
}

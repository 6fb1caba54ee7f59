//! Administrators' operations: create, read, list and delete users, set their passwords, add them to the group. As on
//! AWS, the server requires signed requests for them; [`UserPool::call`] doesn't reach them.

use serde_json::{Value, json};

use super::{
    CognitoError, Transport, UserPool,
    attributes::{self, Attributes, Writer},
    codes::{self, Purpose},
    fields::{optional, password, required, username},
    pool::Inner,
    profile::add_mfa,
    store::{Guess, PoolStore, User, fold},
};

/// Validity of a temporary password in seconds: Cognito's default of a week.
const GIVEN: i64 = 7 * 86_400;
/// The group of users that may change categories.
const ADMIN: &str = "admin";

impl UserPool {
    /// The names of the operations of [`UserPool::administer`].
    pub const ADMIN_OPERATIONS: [&str; 7] = [
        "AdminCreateUser",
        "AdminSetUserPassword",
        "AdminAddUserToGroup",
        "AdminGetUser",
        "AdminUpdateUserAttributes",
        "AdminDeleteUser",
        "ListUsers",
    ];

    /// Calls one of [`UserPool::ADMIN_OPERATIONS`]. The caller has verified the administrator's signature.
    ///
    /// # Errors
    ///
    /// [`CognitoError`], as Cognito reports it.
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
        if operation == "ListUsers" {
            return self.list_users(body);
        }
        let name = username(required(body, "Username")?)?;
        match operation {
            "AdminCreateUser" => self.admin_create_user(&fold(name), body),
            "AdminSetUserPassword" => self.admin_set_user_password(name, body),
            "AdminAddUserToGroup" => self.admin_add_user_to_group(name, body),
            "AdminGetUser" => self.admin_get_user(name),
            "AdminUpdateUserAttributes" => self.admin_update_user_attributes(name, body),
            "AdminDeleteUser" => self.admin_delete_user(name),
            other => Err(CognitoError::new(
                "UnknownOperationException",
                format!("The operation {other} is not supported."),
            )),
        }
    }

    fn admin_create_user(&self, name: &str, body: &Value) -> Result<Value, CognitoError> {
        let action = optional(body, "MessageAction").unwrap_or_default();
        let word = match optional(body, "TemporaryPassword") {
            Some(word) => word.to_owned(),
            None => given_password(),
        };
        password(&word, "temporaryPassword")?;
        let written = attributes::read(body, Writer::Administrator)?;
        let exists = || CognitoError::new("UsernameExistsException", "User account already exists");
        // Administrators use the port, too.
        if self.is_reserved(name, Transport::Port) {
            return Err(exists());
        }
        let now = self.now();
        let (salt, verifier) = self.derive(name, &word);
        let given_until = Some(now + GIVEN);
        let store = self.store();
        // A password that can't be delivered is not set.
        let user = store.whole(|| {
            let user = match store.user(name)? {
                Some(user) if action == "RESEND" && user.given_until.is_some() => {
                    // The verifier depends on the stored form of the name.
                    let (salt, verifier) = self.derive(&user.username, &word);
                    store.set_password(&user.username, &salt, &verifier, given_until, now)?;
                    user
                }
                Some(_) if action == "RESEND" => {
                    let message =
                        "User can only be resent an invitation while a password of their own is missing.";
                    return Err(CognitoError::new("UnsupportedUserStateException", message));
                }
                Some(_) => return Err(exists()),
                None if action == "RESEND" => return Err(not_found()),
                None => {
                    let mut attributes = Attributes::new();
                    attributes::change(&mut attributes, &written, Writer::Administrator);
                    let user = User {
                        username: name.to_owned(),
                        sub: uuid::Uuid::new_v4().to_string(),
                        salt,
                        verifier,
                        attributes,
                        confirmed: true,
                        given_until,
                        created: now,
                        modified: now,
                        ..User::default()
                    };
                    store.add_user(&user)?;
                    user
                }
            };
            if action != "SUPPRESS" {
                codes::deliver(&*self.settings.codes, &user.username, Purpose::Invitation, word)?;
            }
            Ok(user)
        })?;
        Ok(json!({ "User": described(&user, "Attributes") }))
    }

    fn admin_set_user_password(&self, name: &str, body: &Value) -> Result<Value, CognitoError> {
        let word = password(required(body, "Password")?, "password")?;
        let name = existing(&self.store(), name)?.username;
        let permanent = body.get("Permanent").and_then(Value::as_bool).unwrap_or_default();
        let now = self.now();
        let given_until = (!permanent).then(|| now + GIVEN);
        let (salt, verifier) = self.derive(&name, word);
        let store = self.store();
        store.set_password(&name, &salt, &verifier, given_until, now)?;
        store.forget_guesses(&name, Guess::Password)?;
        Ok(json!({}))
    }

    fn admin_add_user_to_group(&self, name: &str, body: &Value) -> Result<Value, CognitoError> {
        if required(body, "GroupName")? != ADMIN {
            return Err(CognitoError::new("ResourceNotFoundException", "Group not found."));
        }
        let store = self.store();
        let user = existing(&store, name)?;
        store.join(&user.username, ADMIN)?;
        Ok(json!({}))
    }

    fn admin_get_user(&self, name: &str) -> Result<Value, CognitoError> {
        let user = existing(&self.store(), name)?;
        let mut answer = described(&user, "UserAttributes");
        add_mfa(&mut answer, &user);
        Ok(answer)
    }

    fn admin_update_user_attributes(&self, name: &str, body: &Value) -> Result<Value, CognitoError> {
        let changes = attributes::read(body, Writer::Administrator)?;
        let store = self.store();
        let User {
            username,
            mut attributes,
            ..
        } = existing(&store, name)?;
        attributes::change(&mut attributes, &changes, Writer::Administrator);
        store.set_attributes(&username, &attributes, self.now())?;
        Ok(json!({}))
    }

    fn admin_delete_user(&self, name: &str) -> Result<Value, CognitoError> {
        let store = self.store();
        let user = existing(&store, name)?;
        store.delete_user(&user.username)?;
        Ok(json!({}))
    }
}

/// A user for administrators; `attributes` is the operation's name of the attributes.
pub(super) fn described(user: &User, attributes: &str) -> Value {
    let mut described = json!({
        "Username": user.username, "UserCreateDate": user.created, "UserLastModifiedDate": user.modified,
        "Enabled": true, "UserStatus": status(user),
    });
    if let Some(described) = described.as_object_mut() {
        described.insert(attributes.to_owned(), Value::from(attributes::listed(user)));
    }
    described
}

/// The `UserStatus` of a user.
pub(super) fn status(user: &User) -> &'static str {
    match (user.given_until, user.confirmed) {
        (Some(_), _) => "FORCE_CHANGE_PASSWORD",
        (None, true) => "CONFIRMED",
        (None, false) => "UNCONFIRMED",
    }
}

fn existing(store: &PoolStore, name: &str) -> Result<User, CognitoError> {
    store.user(name)?.ok_or_else(not_found)
}

fn not_found() -> CognitoError {
    CognitoError::new("UserNotFoundException", "User does not exist.")
}

/// A random password that satisfies the policy.
fn given_password() -> String {
    let chance = uuid::Uuid::new_v4().simple().to_string();
    format!("Aa1-{chance}")
}

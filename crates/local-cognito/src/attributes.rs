//! Users' standard attributes. The pool is deployed without custom ones.
//!
//! Source: Cognito's guide, "Working with user attributes"; error messages are as observed on AWS.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    CognitoError,
    fields::{invalid, optional, required, utf16_length},
    store::User,
};

/// Attributes that an app client without `WriteAttributes` may write: every standard attribute except `sub` and the
/// verification flags.
const STANDARD: [&str; 17] = [
    "address",
    "birthdate",
    "email",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];
pub(super) const EMAIL: &str = "email";
pub(super) const EMAIL_VERIFIED: &str = "email_verified";
const PHONE: &str = "phone_number";
const PHONE_VERIFIED: &str = "phone_number_verified";
/// Maximum characters of a value (API reference).
const LONGEST: usize = 2_048;

/// Attribute values by name.
pub(super) type Attributes = BTreeMap<String, String>;

/// The writer of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// A new user, through an app client. A blank value is a value.
    SignUp,
    /// A user, through an app client. A blank value deletes the attribute.
    User,
    /// An administrator. A blank value deletes the attribute.
    Administrator,
}

/// Reads the attributes of a request, and checks the writer's permission and each value's format.
pub(super) fn read(body: &Value, writer: Writer) -> Result<Attributes, CognitoError> {
    let list = body.get("UserAttributes").and_then(Value::as_array);
    let mut read = Attributes::new();
    for attribute in list.into_iter().flatten() {
        let name = required(attribute, "Name")?;
        let value = optional(attribute, "Value").unwrap_or_default();
        check(name, value, writer)?;
        read.insert(name.to_owned(), value.to_owned());
    }
    Ok(read)
}

/// Reads the attributes beside a new password: `userAttributes.<name>`.
pub(super) fn of_responses(responses: &Value) -> Result<Attributes, CognitoError> {
    let mut read = Attributes::new();
    for (member, value) in responses.as_object().into_iter().flatten() {
        if let (Some(name), Some(value)) = (member.strip_prefix("userAttributes."), value.as_str()) {
            check(name, value, Writer::User)?;
            read.insert(name.to_owned(), value.to_owned());
        }
    }
    Ok(read)
}

fn check(name: &str, value: &str, writer: Writer) -> Result<(), CognitoError> {
    let by_administrators =
        writer == Writer::Administrator && [EMAIL_VERIFIED, PHONE_VERIFIED].contains(&name);
    if !STANDARD.contains(&name) && !by_administrators {
        return Err(match writer {
            Writer::SignUp | Writer::User => unauthorized(),
            Writer::Administrator if name == "sub" => {
                CognitoError::invalid_parameter("Cannot modify the non-mutable attribute sub")
            }
            Writer::Administrator => not_in_the_schema(name, "Attribute does not exist in the schema."),
        });
    }
    if utf16_length(value) > LONGEST {
        let constraint = format!("Member must have length less than or equal to {LONGEST}");
        return Err(invalid("userAttributes", &constraint));
    }
    if value.is_empty() && writer != Writer::SignUp {
        return Ok(());
    }
    match name {
        EMAIL if !is_email(value) => Err(CognitoError::invalid_parameter("Invalid email address format.")),
        PHONE if !is_phone_number(value) => {
            Err(CognitoError::invalid_parameter("Invalid phone number format."))
        }
        // The standard schema: `birthdate` has ten characters, `updated_at` is a number.
        "birthdate" if utf16_length(value) != 10 => {
            Err(not_in_the_schema(name, "It must have 10 characters."))
        }
        "updated_at" if value.parse::<i64>().is_err() => Err(not_in_the_schema(name, "It must be a number.")),
        EMAIL_VERIFIED | PHONE_VERIFIED if !["true", "false"].contains(&value) => {
            Err(not_in_the_schema(name, "It must be true or false."))
        }
        _ => Ok(()),
    }
}

pub(super) fn unauthorized() -> CognitoError {
    CognitoError::not_authorized("A client attempted to write unauthorized attribute")
}

fn not_in_the_schema(name: &str, what: &str) -> CognitoError {
    CognitoError::invalid_parameter(format!(
        "Attributes did not conform to the schema: {name}: {what}"
    ))
}

/// Whether a text has the form `local@domain`, with a domain of at least two labels. Cognito doesn't publish its
/// pattern.
fn is_email(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let is_local = !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !local.contains(|c: char| c.is_whitespace() || c.is_control());
    is_local && domain.contains('.') && domain.split('.').all(is_label)
}

/// E.164 with its plus sign: up to 15 digits.
fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit()))
}

/// Applies changes. A changed e-mail or phone number is no longer verified; after a client's change, the verification
/// is `false` rather than absent.
pub(super) fn change(attributes: &mut Attributes, changes: &Attributes, writer: Writer) {
    for (name, value) in changes {
        if attributes.get(name) != Some(value)
            && let Some(verification) = verification_of(name)
        {
            attributes.remove(verification);
            if !value.is_empty() && writer != Writer::Administrator {
                attributes.insert(verification.to_owned(), "false".to_owned());
            }
        }
        if value.is_empty() {
            attributes.remove(name);
        } else {
            attributes.insert(name.clone(), value.clone());
        }
    }
}

fn verification_of(name: &str) -> Option<&'static str> {
    match name {
        EMAIL => Some(EMAIL_VERIFIED),
        PHONE => Some(PHONE_VERIFIED),
        _ => None,
    }
}

/// Marks the e-mail as verified, if there is one.
pub(super) fn verify_email(attributes: &mut Attributes) {
    if attributes.contains_key(EMAIL) {
        attributes.insert(EMAIL_VERIFIED.to_owned(), "true".to_owned());
    }
}

/// Whether a user may delete the attribute `name`.
pub(super) fn is_standard(name: &str) -> bool {
    STANDARD.contains(&name)
}

/// A user's attributes as responses list them: `sub` first, all values as texts.
pub(super) fn listed(user: &User) -> Vec<Value> {
    std::iter::once(("sub", &user.sub))
        .chain(user.attributes.iter().map(|(name, value)| (name.as_str(), value)))
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect()
}

/// A user's attributes as claims of an ID token: verifications as booleans, the address as an object.
pub(super) fn claims(user: &User) -> impl Iterator<Item = (&str, Value)> {
    let unverified = [(EMAIL, EMAIL_VERIFIED), (PHONE, PHONE_VERIFIED)]
        .into_iter()
        .filter(|(name, verification)| {
            user.attributes.contains_key(*name) && !user.attributes.contains_key(*verification)
        })
        .map(|(_, verification)| (verification, Value::Bool(false)));
    user.attributes
        .iter()
        .map(|(name, value)| {
            let claim = match name.as_str() {
                EMAIL_VERIFIED | PHONE_VERIFIED => Value::Bool(value == "true"),
                "address" => json!({ "formatted": value }),
                "updated_at" => value
                    .parse::<i64>()
                    .map_or_else(|_| Value::from(value.as_str()), Value::from),
                _ => Value::from(value.as_str()),
            };
            (name.as_str(), claim)
        })
        .chain(unverified)
}

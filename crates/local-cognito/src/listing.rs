//! `ListUsers`: pages of users, by a filter on one attribute.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    CognitoError,
    admin::{described, status},
    fields::{invalid, optional},
    pool::Inner,
    store::User,
};

/// Maximum and default number of users per page, as on Cognito.
const PAGE: usize = 60;

impl Inner {
    /// `ListUsers`, in the order of names. `AttributesToGet` selects attributes.
    pub(super) fn list_users(&self, body: &Value) -> Result<Value, CognitoError> {
        let limit = match body.get("Limit").map(Value::as_u64) {
            None => PAGE,
            Some(limit) => limit
                .and_then(|limit| usize::try_from(limit).ok())
                .filter(|limit| *limit <= PAGE)
                .ok_or_else(|| invalid("limit", "Member must have value less than or equal to 60"))?,
        };
        let filter = optional(body, "Filter")
            .filter(|filter| !filter.trim().is_empty())
            .map(Filter::parse)
            .transpose()?;
        let behind = match optional(body, "PaginationToken") {
            Some(token) => name_of(token)?,
            None => String::new(),
        };
        let mut users = self.store().users_behind(&behind)?;
        users.retain(|user| filter.as_ref().is_none_or(|filter| filter.fits(user)));
        let more = users.len() > limit;
        users.truncate(limit);
        let wanted = body.get("AttributesToGet").and_then(Value::as_array);
        let mut answer = json!({ "Users": users.iter().map(|user| shown(user, wanted)).collect::<Vec<_>>() });
        if let (true, Some(last), Some(answer)) = (more, users.last(), answer.as_object_mut()) {
            let token = URL_SAFE_NO_PAD.encode(&last.username);
            answer.insert("PaginationToken".to_owned(), Value::from(token));
        }
        Ok(answer)
    }
}

fn name_of(token: &str) -> Result<String, CognitoError> {
    let name = URL_SAFE_NO_PAD.decode(token).ok();
    name.and_then(|name| String::from_utf8(name).ok())
        .ok_or_else(|| CognitoError::invalid_parameter("Invalid pagination token."))
}

fn shown(user: &User, wanted: Option<&Vec<Value>>) -> Value {
    let mut user = described(user, "Attributes");
    if let (Some(wanted), Some(attributes)) =
        (wanted, user.get_mut("Attributes").and_then(Value::as_array_mut))
    {
        attributes.retain(|attribute| attribute.get("Name").is_some_and(|name| wanted.contains(name)));
    }
    user
}

/// Parses a filter: `name = "value"`, or `name ^= "value"` for a prefix.
struct Filter<'a> {
    attribute: &'a str,
    prefix: bool,
    value: String,
}

impl<'a> Filter<'a> {
    fn parse(text: &'a str) -> Result<Self, CognitoError> {
        let read = || {
            let (left, right) = text.split_once('=')?;
            let (attribute, prefix) = match left.trim_end().strip_suffix('^') {
                Some(attribute) => (attribute, true),
                None => (left, false),
            };
            let value = right.trim().strip_prefix('"')?.strip_suffix('"')?;
            Some(Self {
                attribute: attribute.trim().trim_matches('"'),
                prefix,
                value: value.replace("\\\"", "\""),
            })
        };
        read()
            .filter(|filter| FILTERED.contains(&filter.attribute))
            .ok_or_else(|| CognitoError::invalid_parameter("Error while parsing filter."))
    }

    /// Whether a user matches. Only `username` and `status` are case-sensitive (API reference).
    fn fits(&self, user: &User) -> bool {
        let found = match self.attribute {
            "username" => Some(user.username.as_str()),
            "sub" => Some(user.sub.as_str()),
            "cognito:user_status" => Some(status(user)),
            "status" => Some("Enabled"),
            name => user.attributes.get(name).map(String::as_str),
        };
        let case_sensitive = matches!(self.attribute, "username" | "status");
        let folded = |text: &str| {
            if case_sensitive {
                text.to_owned()
            } else {
                text.to_lowercase()
            }
        };
        found.is_some_and(|found| {
            let (found, value) = (folded(found), folded(&self.value));
            if self.prefix {
                found.starts_with(&value)
            } else {
                found == value
            }
        })
    }
}

/// The attributes that a filter may name (API reference).
const FILTERED: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

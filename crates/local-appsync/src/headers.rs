//! Headers that resolvers add to a response.

use std::collections::BTreeMap;

use serde_json::Value;

use super::resolver::ResolverError;

/// Bytes of all names and values that one operation may add (AppSync guide, "HTTP helpers in util.http").
const MOST_BYTES: usize = 4 << 10;

/// The headers of one operation, by name in lower case: the last one of a name counts.
#[derive(Debug, Default)]
pub(super) struct Headers {
    added: BTreeMap<String, String>,
    /// Of all that were added, those of the same name too.
    bytes: usize,
}

impl Headers {
    /// Adds a field's headers; an error for each that there is no room for.
    pub(super) fn add(&mut self, headers: Vec<(String, String)>) -> Vec<ResolverError> {
        let mut refused = Vec::new();
        for (name, value) in headers {
            let bytes = self.bytes.saturating_add(name.len()).saturating_add(value.len());
            if bytes > MOST_BYTES {
                refused.push(too_large(&name));
            } else {
                self.bytes = bytes;
                self.added.insert(name, value);
            }
        }
        refused
    }

    /// Names and values.
    pub(super) fn into_map(self) -> BTreeMap<String, String> {
        self.added
    }
}

fn too_large(name: &str) -> ResolverError {
    ResolverError {
        message: format!("The response header '{name}' makes more than {MOST_BYTES} bytes of them."),
        error_type: Some("ResponseHeaderError".to_owned()),
        data: Value::Null,
        info: Value::Null,
    }
}

//! Headers that resolvers add to a response.

use std::collections::BTreeMap;

use serde_json::Value;

use super::resolver::ResolverError;

/// Maximum bytes of all names and values of one operation (AppSync guide, "HTTP helpers in util.http").
const MOST_BYTES: usize = 4 << 10;

/// The headers of one operation, by name in lower case. The last value of a name is kept.
#[derive(Debug, Default)]
pub(super) struct Headers {
    added: BTreeMap<String, String>,
    /// Bytes of all headers that were added, replaced ones included.
    bytes: usize,
}

impl Headers {
    /// Adds a field's headers; returns an error for each that exceeds [`MOST_BYTES`].
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

    /// The headers by name.
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

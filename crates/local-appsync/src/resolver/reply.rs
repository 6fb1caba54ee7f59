//! The reply of a data source.

use serde_json::Value;

/// The result or error of a data source. The response handler runs with either.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reply {
    /// `ctx.result`, null after an error without data.
    pub(super) result: Value,
    /// `ctx.error`: message and type.
    pub(super) error: Option<(String, String)>,
}

impl Reply {
    /// The data source rejected the request, or failed.
    pub(super) fn failed(message: impl Into<String>, kind: &str, result: Value) -> Self {
        Self {
            result,
            error: Some((message.into(), kind.to_owned())),
        }
    }

    /// The data source executed the request.
    pub(super) fn of(result: Value) -> Self {
        Self { result, error: None }
    }

    /// AppSync doesn't accept the request object.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::failed(message, "MappingTemplate", Value::Null)
    }
}

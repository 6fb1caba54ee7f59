//! AppSync's GraphQL over HTTP: the body of a request, the envelope of a response, and the meaning of its errors.
//!
//! AppSync puts `errorType`, `errorInfo` and `data` beside an error's `message`, not under `extensions`. The envelope of
//! `graphql_client` drops them, so this crate has its own.

use std::fmt;

use graphql_client::{GraphQLQuery, QueryBody};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::data::DataObject;
use crate::{
    error::{ApiError, shown},
    http::HttpResponse,
    session::rejects_proof,
};

/// An operation of `graphql/operations/` with its variables.
pub(crate) struct GraphQlOperation<Q: GraphQLQuery> {
    query: QueryBody<Q::Variables>,
    /// Members of the variable `input`, beside those of `query`.
    input: Result<Map<String, Value>, String>,
}

impl<Q: GraphQLQuery> GraphQlOperation<Q> {
    pub(crate) fn new(variables: Q::Variables) -> Self {
        Self {
            query: Q::build_query(variables),
            input: Ok(Map::new()),
        }
    }

    /// Adds the members of a new object to the variable `input`, by their names in the API, without those that are null.
    pub(crate) fn creating(self, members: &impl Serialize) -> Self {
        self.add(members, |value| !value.is_null())
    }

    /// Adds the members of an edit to the variable `input`, by their names in the API.
    ///
    /// In an update, an absent member is unchanged, and a null one is removed. The generated inputs can only omit members.
    pub(crate) fn editing(self, members: &impl Serialize) -> Self {
        self.add(members, |_| true)
    }

    fn add(mut self, members: &impl Serialize, is_sent: fn(&Value) -> bool) -> Self {
        self.input = match serde_json::to_value(members) {
            Ok(Value::Object(members)) => self.input.map(|mut input| {
                input.extend(members.into_iter().filter(|(_, value)| is_sent(value)));
                input
            }),
            Ok(_) => Err("it is not an object".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        self
    }

    /// The name of the operation.
    pub(crate) const fn name(&self) -> &'static str {
        self.query.operation_name
    }

    /// The body of the request.
    pub(crate) fn body(&self) -> Result<String, ApiError> {
        let rejected = |error: &dyn fmt::Display| ApiError::Rejected(format!("this can't be sent: {error}"));
        let members = self.input.as_ref().map_err(|error| rejected(error))?;
        let mut body = serde_json::to_value(&self.query).map_err(|error| rejected(&error))?;
        if let Some(Value::Object(input)) = body.pointer_mut("/variables/input") {
            for (name, value) in members {
                input.insert(name.clone(), value.clone());
            }
        }
        Ok(body.to_string())
    }
}

/// The meaning of a response.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The operation succeeded: `data` without errors.
    Data(DataObject),
    /// The token was rejected; a new one may be accepted.
    TokenRejected(String),
    /// The API or something before it, such as a firewall or a network's sign-in page, didn't let the request in.
    Denied(String),
    /// It failed, and a retry would fail as well.
    Failed(ApiError),
    /// It failed, and a retry may succeed.
    Transient {
        error: ApiError,
        /// Whether the request may have been executed nevertheless.
        ambiguous: bool,
    },
}

#[derive(Deserialize)]
struct Envelope {
    data: Option<Value>,
    #[serde(default)]
    errors: Option<Vec<GraphQlError>>,
}

/// An error in AppSync's form.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct GraphQlError {
    #[serde(default)]
    pub(crate) message: Option<String>,
    #[serde(default, rename = "errorType")]
    pub(crate) error_type: Option<String>,
    #[serde(default)]
    pub(crate) path: Option<Vec<Value>>,
}

/// Classifies a response by its status and its first error.
pub(crate) fn classify(response: &HttpResponse) -> Outcome {
    let envelope: Result<Envelope, _> = serde_json::from_slice(&response.body);
    let first = envelope
        .as_ref()
        .ok()
        .and_then(|envelope| envelope.errors.as_ref())
        .and_then(|errors| errors.first())
        .cloned();
    let detail = first
        .as_ref()
        .map_or_else(|| format!("HTTP status {}", response.status), GraphQlError::text);
    match (response.status, envelope) {
        (200, Ok(envelope)) => match (first, envelope.data) {
            (Some(error), _) => error.outcome(),
            (None, Some(Value::Object(data))) => Outcome::Data(DataObject::new(data)),
            (None, _) => Outcome::Failed(ApiError::Protocol("it has no data".to_owned())),
        },
        (401, _) => Outcome::TokenRejected(detail),
        (403, _)
            if rejects_proof(
                first
                    .and_then(|error| error.error_type)
                    .unwrap_or_default()
                    .as_str(),
            ) =>
        {
            Outcome::TokenRejected(detail)
        }
        (403, _) => Outcome::Denied(detail),
        (429, _) => Outcome::Transient {
            error: ApiError::Busy(detail),
            ambiguous: false,
        },
        (500.., _) => match ApiError::disk_failure(&detail) {
            Some(error) => Outcome::Failed(error),
            None => Outcome::Transient {
                error: ApiError::Busy(detail),
                ambiguous: true,
            },
        },
        (404, _) => Outcome::Failed(ApiError::Protocol(
            "there is no GraphQL API at this address".to_owned(),
        )),
        (_, _) => Outcome::Failed(ApiError::Protocol(detail)),
    }
}

impl GraphQlError {
    fn text(&self) -> String {
        let text = shown(without_request(self.message.as_deref().unwrap_or_default()));
        match (&self.error_type, text.is_empty()) {
            (_, false) => text,
            (Some(kind), true) => shown(kind),
            (None, true) => "an error without a message".to_owned(),
        }
    }

    fn outcome(&self) -> Outcome {
        let text = self.text();
        let kind = self.error_type.as_deref().unwrap_or_default();
        let error = match kind {
            "Unauthorized" => ApiError::Unauthorized(text),
            "NotFound" => ApiError::NotFound(text),
            "Conflict" => ApiError::Conflict(text),
            "Deleted" => ApiError::Deleted(text),
            "BadRequest" => ApiError::Rejected(text),
            "ExecutionTimeout" | "InternalFailure" | "ServiceUnavailable" => {
                match ApiError::disk_failure(&text) {
                    Some(error) => error,
                    None => {
                        return Outcome::Transient {
                            error: ApiError::Busy(text),
                            ambiguous: true,
                        };
                    }
                }
            }
            _ if rejects_proof(kind) => return Outcome::TokenRejected(text),
            _ if kind.contains("Throttl") || kind.contains("ThroughputExceeded") => {
                return Outcome::Transient {
                    error: ApiError::Busy(text),
                    ambiguous: false,
                };
            }
            _ => ApiError::disk_failure(&text).unwrap_or_else(|| {
                ApiError::Failed(match self.path.as_ref().and_then(|path| path.first()) {
                    Some(Value::String(field)) => format!("{}: {text}", shown(field)),
                    Some(_) | None => text,
                })
            }),
        };
        Outcome::Failed(error)
    }
}

/// The message of a data source without the suffix of AWS's client, ` (Service: DynamoDb, Status Code: 500, Request ID: …)`, which
/// is logged.
fn without_request(message: &str) -> &str {
    match message.split_once(" (Service: ") {
        Some((text, request)) if request.ends_with(')') => {
            tracing::debug!(text, request, "a data source failed");
            text
        }
        Some(_) | None => message,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use serde_json::json;

    use super::*;

    fn classified(status: u16, body: &str) -> Outcome {
        classify(&HttpResponse {
            status,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn data_is_only_used_without_errors() {
        assert!(matches!(classified(200, r#"{"data":{"a":1}}"#), Outcome::Data(_)));
        assert!(matches!(
            classified(200, r#"{"data":{"a":1},"errors":[]}"#),
            Outcome::Data(_)
        ));
        assert!(matches!(
            classified(200, r#"{"data":null}"#),
            Outcome::Failed(ApiError::Protocol(_))
        ));
        assert!(matches!(
            classified(200, "<html>"),
            Outcome::Failed(ApiError::Protocol(_))
        ));
    }

    #[test]
    fn errors_of_fields_are_classified_by_their_type() {
        let of = |kind: &str| {
            classified(
                200,
                &format!(
                    r#"{{"data":{{"updateActivity":null}},"errors":[{{"path":["updateActivity"],"data":null,"errorType":"{kind}","errorInfo":null,"locations":[{{"line":2,"column":3,"sourceName":null}}],"message":"m"}}]}}"#
                ),
            )
        };
        assert!(matches!(
            of("Unauthorized"),
            Outcome::Failed(ApiError::Unauthorized(_))
        ));
        assert!(matches!(of("NotFound"), Outcome::Failed(ApiError::NotFound(_))));
        assert!(matches!(of("Conflict"), Outcome::Failed(ApiError::Conflict(_))));
        assert!(matches!(of("Deleted"), Outcome::Failed(ApiError::Deleted(_))));
        assert!(matches!(of("BadRequest"), Outcome::Failed(ApiError::Rejected(m)) if m == "m"));
        assert!(matches!(
            of("DynamoDB:ProvisionedThroughputExceededException"),
            Outcome::Transient { ambiguous: false, .. }
        ));
        assert!(matches!(
            of("ExecutionTimeout"),
            Outcome::Transient { ambiguous: true, .. }
        ));
        assert!(matches!(
            of("DynamoDB:ConditionalCheckFailedException"),
            Outcome::Failed(ApiError::Failed(m)) if m == "updateActivity: m"
        ));
    }

    #[test]
    fn a_full_disk_and_a_damaged_file_have_one_message_from_any_source() {
        let failed = |status: u16, kind: &str, message: &str| {
            let tail = "(Service: DynamoDb, Status Code: 500, Request ID: EPEG1)";
            let error = json!({"path": ["createActivity"], "errorType": kind, "message": format!("{message} {tail}")});
            match classified(status, &json!({"data": null, "errors": [error]}).to_string()) {
                Outcome::Failed(error) => error,
                other => panic!("{other:?}"),
            }
        };
        let full = "The disk is full. Nothing of this was written, and what was acknowledged before is kept.";
        for (status, kind) in [
            (200, "DynamoDB:InternalServerError"),
            (200, "InternalFailure"),
            (500, "InternalFailure"),
        ] {
            let error = failed(status, kind, full);
            assert_eq!(error, ApiError::DiskFull);
            assert_eq!(error.to_string(), "the disk is full; nothing was written");
        }
        let damaged = failed(
            200,
            "DynamoDB:InternalServerError",
            "backend: database disk image is malformed",
        );
        assert_eq!(damaged.kind(), caltrack_domain::FailureKind::Storage);
        assert_eq!(
            damaged.to_string(),
            "the backend can't use its files (database disk image is malformed)"
        );
        assert_eq!(
            failed(
                200,
                "DynamoDB:ItemCollectionSizeLimitExceededException",
                "Too large."
            )
            .to_string(),
            "the backend failed: createActivity: Too large."
        );
    }

    #[test]
    fn errors_of_requests_are_classified_by_their_status() {
        let body = "{\n  \"errors\" : [ {\n    \"errorType\" : \"UnauthorizedException\",\n    \"message\" : \"Token has expired.\"\n  } ]\n}";
        assert!(matches!(classified(401, body), Outcome::TokenRejected(m) if m == "Token has expired."));
        assert!(matches!(classified(403, "no"), Outcome::Denied(_)));
        assert!(matches!(
            classified(429, ""),
            Outcome::Transient { ambiguous: false, .. }
        ));
        assert!(matches!(
            classified(503, ""),
            Outcome::Transient { ambiguous: true, .. }
        ));
        assert!(matches!(
            classified(400, "{}"),
            Outcome::Failed(ApiError::Protocol(_))
        ));
        assert!(matches!(
            classified(302, ""),
            Outcome::Failed(ApiError::Protocol(_))
        ));
    }

    #[test]
    fn errors_of_validation_have_neither_path_nor_type() {
        let outcome = classified(
            200,
            r#"{"data":null,"errors":[{"path":null,"locations":[{"line":1,"column":9,"sourceName":null}],"message":"Validation error of type FieldUndefined: Field 'x' in type 'Query' is undefined @ 'x'"}]}"#,
        );
        assert!(matches!(outcome, Outcome::Failed(ApiError::Failed(m)) if m.starts_with("Validation error")));
    }
}

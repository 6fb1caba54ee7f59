//! AppSync's dialect of GraphQL over HTTP: the request's body, the answer's envelope, and what its errors mean.
//!
//! AppSync puts `errorType`, `errorInfo` and `data` beside an error's `message`, not under `extensions`. `graphql_client`'s envelope
//! drops them, so the envelope is our own.

use std::fmt;

use graphql_client::{GraphQLQuery, QueryBody};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ApiError, data::Data, error::shown, http::Answer};

/// An operation of `graphql/operations/` with its variables.
pub(crate) struct Request<Q: GraphQLQuery> {
    query: QueryBody<Q::Variables>,
    /// Members of the variable `input`, beside those of `query`.
    input: Result<Map<String, Value>, String>,
}

impl<Q: GraphQLQuery> Request<Q> {
    pub(crate) fn new(variables: Q::Variables) -> Self {
        Self {
            query: Q::build_query(variables),
            input: Ok(Map::new()),
        }
    }

    /// Adds the members of something new to the variable `input`, by their names in the API; null ones are left out.
    pub(crate) fn creating(self, members: &impl Serialize) -> Self {
        self.add(members, |value| !value.is_null())
    }

    /// Adds the members of an edit to the variable `input`, by their names in the API.
    ///
    /// To AppSync an absent member of an update stays as it is, and a null one is removed. The generated inputs can only
    /// leave members out.
    pub(crate) fn editing(self, members: &impl Serialize) -> Self {
        self.add(members, |_| true)
    }

    fn add(mut self, members: &impl Serialize, is_sent: fn(&Value) -> bool) -> Self {
        self.input = match serde_json::to_value(members) {
            Ok(Value::Object(members)) => self.input.map(|mut input| {
                input.extend(members.into_iter().filter(|(_, value)| is_sent(value)));
                input
            }),
            Ok(_) => Err("its members have no names".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        self
    }

    /// Sends a member of the variable `input` as null where `remove` says so; see [`Request::editing`].
    pub(crate) fn removing(mut self, member: &'static str, remove: bool) -> Self {
        if remove && let Ok(input) = &mut self.input {
            input.insert(member.to_owned(), Value::Null);
        }
        self
    }

    /// The operation's name.
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

/// What an answer comes to.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// `data` without a single error.
    Data(Data),
    /// The token isn't honoured; another one may be.
    Stale(String),
    /// It failed, and a repeat would fail alike.
    Failed(ApiError),
    /// It failed in a way that passes.
    Passing {
        error: ApiError,
        /// Whether it may have been carried out all the same.
        ambiguous: bool,
    },
}

#[derive(Deserialize)]
struct Envelope {
    data: Option<Value>,
    #[serde(default)]
    errors: Option<Vec<GraphQlError>>,
}

/// An error as AppSync writes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct GraphQlError {
    #[serde(default)]
    pub(crate) message: Option<String>,
    #[serde(default, rename = "errorType")]
    pub(crate) error_type: Option<String>,
    #[serde(default)]
    pub(crate) path: Option<Vec<Value>>,
}

/// Reads an answer.
pub(crate) fn judge(answer: &Answer) -> Verdict {
    let envelope: Result<Envelope, _> = serde_json::from_slice(&answer.body);
    let first = envelope
        .as_ref()
        .ok()
        .and_then(|envelope| envelope.errors.as_ref())
        .and_then(|errors| errors.first())
        .cloned();
    let detail = first
        .as_ref()
        .map_or_else(|| format!("HTTP status {}", answer.status), GraphQlError::text);
    match (answer.status, envelope) {
        (200, Ok(envelope)) => match (first, envelope.data) {
            (Some(error), _) => error.verdict(),
            (None, Some(Value::Object(data))) => Verdict::Data(Data::new(data)),
            (None, _) => Verdict::Failed(ApiError::Protocol("it holds no data".to_owned())),
        },
        (401, _) => Verdict::Stale(detail),
        (403, _) => Verdict::Failed(ApiError::Unauthorized(detail)),
        (429, _) => Verdict::Passing {
            error: ApiError::Busy(detail),
            ambiguous: false,
        },
        (500.., _) => match ApiError::of_disk(&detail) {
            Some(error) => Verdict::Failed(error),
            None => Verdict::Passing {
                error: ApiError::Busy(detail),
                ambiguous: true,
            },
        },
        (404, _) => Verdict::Failed(ApiError::Protocol(
            "there is no GraphQL API at this address".to_owned(),
        )),
        (_, _) => Verdict::Failed(ApiError::Protocol(detail)),
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

    fn verdict(&self) -> Verdict {
        let text = self.text();
        let kind = self.error_type.as_deref().unwrap_or_default();
        let error = match kind {
            "Unauthorized" => ApiError::Unauthorized(text),
            "NotFound" => ApiError::NotFound(text),
            "Conflict" => ApiError::Conflict(text),
            "Deleted" => ApiError::Deleted(text),
            "BadRequest" => ApiError::Rejected(text),
            "ExecutionTimeout" | "InternalFailure" | "ServiceUnavailable" => match ApiError::of_disk(&text) {
                Some(error) => error,
                None => {
                    return Verdict::Passing {
                        error: ApiError::Busy(text),
                        ambiguous: true,
                    };
                }
            },
            _ if kind.contains("UnauthorizedException") => return Verdict::Stale(text),
            _ if kind.contains("Throttl") || kind.contains("ThroughputExceeded") => {
                return Verdict::Passing {
                    error: ApiError::Busy(text),
                    ambiguous: false,
                };
            }
            _ => ApiError::of_disk(&text).unwrap_or_else(|| {
                ApiError::Failed(match self.path.as_ref().and_then(|path| path.first()) {
                    Some(Value::String(field)) => format!("{}: {text}", shown(field)),
                    Some(_) | None => text,
                })
            }),
        };
        Verdict::Failed(error)
    }
}

/// A data source's message without what AWS's client puts behind it, ` (Service: DynamoDb, Status Code: 500, Request ID: …)`; that
/// goes to the log.
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

    fn judged(status: u16, body: &str) -> Verdict {
        judge(&Answer {
            status,
            headers: HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn data_counts_only_without_errors() {
        assert!(matches!(judged(200, r#"{"data":{"a":1}}"#), Verdict::Data(_)));
        assert!(matches!(
            judged(200, r#"{"data":{"a":1},"errors":[]}"#),
            Verdict::Data(_)
        ));
        assert!(matches!(
            judged(200, r#"{"data":null}"#),
            Verdict::Failed(ApiError::Protocol(_))
        ));
        assert!(matches!(
            judged(200, "<html>"),
            Verdict::Failed(ApiError::Protocol(_))
        ));
    }

    #[test]
    fn field_errors_are_told_apart_by_their_type() {
        let of = |kind: &str| {
            judged(
                200,
                &format!(
                    r#"{{"data":{{"updateActivity":null}},"errors":[{{"path":["updateActivity"],"data":null,"errorType":"{kind}","errorInfo":null,"locations":[{{"line":2,"column":3,"sourceName":null}}],"message":"m"}}]}}"#
                ),
            )
        };
        assert!(matches!(
            of("Unauthorized"),
            Verdict::Failed(ApiError::Unauthorized(_))
        ));
        assert!(matches!(of("NotFound"), Verdict::Failed(ApiError::NotFound(_))));
        assert!(matches!(of("Conflict"), Verdict::Failed(ApiError::Conflict(_))));
        assert!(matches!(of("Deleted"), Verdict::Failed(ApiError::Deleted(_))));
        assert!(matches!(of("BadRequest"), Verdict::Failed(ApiError::Rejected(m)) if m == "m"));
        assert!(matches!(
            of("DynamoDB:ProvisionedThroughputExceededException"),
            Verdict::Passing { ambiguous: false, .. }
        ));
        assert!(matches!(
            of("ExecutionTimeout"),
            Verdict::Passing { ambiguous: true, .. }
        ));
        assert!(matches!(
            of("DynamoDB:ConditionalCheckFailedException"),
            Verdict::Failed(ApiError::Failed(m)) if m == "updateActivity: m"
        ));
    }

    #[test]
    fn a_full_disk_and_a_damaged_file_are_said_in_one_sentence_whoever_reports_them() {
        let failed = |status: u16, kind: &str, message: &str| {
            let tail = "(Service: DynamoDb, Status Code: 500, Request ID: EPEG1)";
            let error = json!({"path": ["createActivity"], "errorType": kind, "message": format!("{message} {tail}")});
            match judged(status, &json!({"data": null, "errors": [error]}).to_string()) {
                Verdict::Failed(error) => error,
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
        assert_eq!(damaged.kind(), "storage");
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
    fn whole_request_errors_are_told_apart_by_their_status() {
        let body = "{\n  \"errors\" : [ {\n    \"errorType\" : \"UnauthorizedException\",\n    \"message\" : \"Token has expired.\"\n  } ]\n}";
        assert!(matches!(judged(401, body), Verdict::Stale(m) if m == "Token has expired."));
        assert!(matches!(
            judged(403, "no"),
            Verdict::Failed(ApiError::Unauthorized(_))
        ));
        assert!(matches!(
            judged(429, ""),
            Verdict::Passing { ambiguous: false, .. }
        ));
        assert!(matches!(
            judged(503, ""),
            Verdict::Passing { ambiguous: true, .. }
        ));
        assert!(matches!(
            judged(400, "{}"),
            Verdict::Failed(ApiError::Protocol(_))
        ));
        assert!(matches!(judged(302, ""), Verdict::Failed(ApiError::Protocol(_))));
    }

    #[test]
    fn errors_of_validation_have_neither_path_nor_type() {
        let verdict = judged(
            200,
            r#"{"data":null,"errors":[{"path":null,"locations":[{"line":1,"column":9,"sourceName":null}],"message":"Validation error of type FieldUndefined: Field 'x' in type 'Query' is undefined @ 'x'"}]}"#,
        );
        assert!(matches!(verdict, Verdict::Failed(ApiError::Failed(m)) if m.starts_with("Validation error")));
    }
}

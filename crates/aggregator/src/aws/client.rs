//! Signed requests to AWS.

use std::time::{Duration, SystemTime};

use caltrack_sigv4::{Keys, Signer, UnsignedPost};
use serde_json::Value;

/// Limit of connecting: a reachable service accepts within milliseconds.
const CONNECT_TIME: Duration = Duration::from_secs(2);
/// Limit of a response in bytes: DynamoDB's have at most 1 MB here, AppSync's 5 MB.
const MAX_ANSWER: usize = 6 * 1024 * 1024;

/// Sends signed requests. Clones share connections.
#[derive(Debug, Clone)]
pub struct Aws {
    client: reqwest::Client,
    signer: Signer,
}

/// A POST request to one service.
#[derive(Debug, Clone, Copy)]
pub struct AwsRequest<'a> {
    /// The service's name in signatures.
    pub service: &'a str,
    /// Absolute, with its scheme.
    pub url: &'a str,
    /// Headers besides those of the signature; all are signed.
    pub headers: &'a [(&'a str, &'a str)],
    /// Limit until the whole response has arrived.
    pub time: Duration,
}

/// A complete response of any status.
#[derive(Debug, Clone, PartialEq)]
pub struct AwsResponse {
    /// HTTP status code.
    pub status: u16,
    /// The body, or `Null` if it isn't JSON.
    pub body: Value,
    /// The header `x-amzn-errortype`, which names the exception in responses without a body.
    pub error_header: Option<String>,
}

impl AwsResponse {
    /// The exception's name, without its namespace and the part after a colon; empty if the response has none.
    ///
    /// Source: AWS JSON 1.0 protocol (Smithy), "Operation error serialization".
    pub fn kind(&self) -> &str {
        let kind = self
            .body
            .get("__type")
            .and_then(Value::as_str)
            .or(self.error_header.as_deref())
            .unwrap_or_default();
        let kind = kind.split(':').next().unwrap_or_default();
        kind.rsplit('#').next().unwrap_or_default()
    }

    /// The exception's text. Some services name the member `Message`, with a capital M.
    pub fn message(&self) -> &str {
        ["message", "Message"]
            .iter()
            .find_map(|name| self.body.get(name)?.as_str())
            .unwrap_or_default()
    }
}

/// No complete response: whether the request was carried out is unknown. The message may contain the URL, but no header and
/// no body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

impl Aws {
    /// Prepares the client; connects to nothing.
    ///
    /// # Errors
    ///
    /// [`TransportError`] where TLS can't be set up.
    pub fn new(credentials: Keys, region: &str) -> Result<Self, TransportError> {
        // An error means that the process has a provider already, and it can only be this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("caltrack-aggregator/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIME)
            // A redirected signature would be invalid, and AWS doesn't redirect.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| TransportError(causes(&error)))?;
        Ok(Self {
            client,
            signer: Signer::new(credentials, region),
        })
    }

    /// Signs and sends a body. Each call is signed anew, so a repeat is no replay.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if no complete response arrived in time.
    pub async fn post(&self, call: AwsRequest<'_>, body: Vec<u8>) -> Result<AwsResponse, TransportError> {
        let request = self.signed(call, body, SystemTime::now())?;
        let mut request =
            reqwest::Request::try_from(request).map_err(|error| TransportError(causes(&error)))?;
        *request.timeout_mut() = Some(call.time);
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(|error| TransportError(causes(&error)))?;
        let status = response.status().as_u16();
        let error_header = response
            .headers()
            .get("x-amzn-errortype")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| TransportError(causes(&error)))?
        {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(TransportError(format!(
                    "a response of more than {MAX_ANSWER} bytes"
                )));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(AwsResponse {
            status,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
            error_header,
        })
    }

    fn signed(
        &self,
        call: AwsRequest<'_>,
        body: Vec<u8>,
        now: SystemTime,
    ) -> Result<http::Request<Vec<u8>>, TransportError> {
        let unsigned = UnsignedPost {
            service: call.service,
            url: call.url,
            headers: call.headers,
            body: &body,
        };
        let added = self
            .signer
            .sign(unsigned, now)
            .map_err(|error| TransportError(error.to_string()))?;
        let mut request = http::Request::post(call.url);
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        for (name, value) in added {
            let mut value =
                http::HeaderValue::try_from(value).map_err(|error| TransportError(causes(&error)))?;
            value.set_sensitive(name != "x-amz-date");
            request = request.header(name, value);
        }
        request.body(body).map_err(|error| TransportError(causes(&error)))
    }
}

/// The messages of an error and of its sources, separated by colons.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_signed_is_sent() {
        let keys = Keys::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            Some("TOKENEXAMPLE"),
        );
        let aws = Aws::new(keys, "eu-west-1").unwrap();
        let call = AwsRequest {
            service: "appsync",
            url: "https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com/graphql",
            headers: &[("content-type", "application/json")],
            time: CONNECT_TIME,
        };
        let body = br#"{"query":"mutation M { m { id } }"}"#;
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_870_709);
        let request = aws.signed(call, body.to_vec(), now).unwrap();
        let sent = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(sent("content-type"), Some("application/json"));
        assert_eq!(sent("x-amz-date"), Some("20260307T080509Z"));
        assert_eq!(sent("x-amz-security-token"), Some("TOKENEXAMPLE"));
        // Made by botocore 1.43.11.
        let signature = "f19108304d82193ad6359a20ec8cc3f8177baee65db769a27e22ad29558d183d";
        let authorization = sent("authorization").unwrap();
        assert!(
            authorization.ends_with(&format!("Signature={signature}")),
            "{authorization}"
        );
    }

    #[rstest]
    #[case(json!({ "__type": "com.amazonaws.dynamodb.v20120810#ValidationException" }), None, "ValidationException")]
    #[case(json!({ "__type": "ThrottlingException" }), Some("ignored"), "ThrottlingException")]
    #[case(
        Value::Null,
        Some("AccessDeniedException:http://internal.amazon.com/"),
        "AccessDeniedException"
    )]
    #[case(json!({}), None, "")]
    fn an_exception_is_named_without_its_namespace(
        #[case] body: Value,
        #[case] header: Option<&str>,
        #[case] kind: &str,
    ) {
        let answer = AwsResponse {
            status: 400,
            body,
            error_header: header.map(str::to_owned),
        };
        assert_eq!(answer.kind(), kind);
    }
}

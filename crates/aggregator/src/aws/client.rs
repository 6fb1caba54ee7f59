//! Signed requests to AWS: Signature Version 4, by AWS's own crate.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningParams, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use serde_json::Value;

/// Limit of connecting: a reachable service accepts within milliseconds.
const CONNECT_TIME: Duration = Duration::from_secs(2);
/// Limit of a response in bytes: DynamoDB's have at most 1 MB here, AppSync's 5 MB.
const MAX_ANSWER: usize = 6 * 1024 * 1024;

/// Sends signed requests. Clones share connections.
#[derive(Debug, Clone)]
pub struct Aws {
    client: reqwest::Client,
    identity: Identity,
    region: String,
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
    pub fn new(credentials: Credentials, region: &str) -> Result<Self, TransportError> {
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
            identity: credentials.into(),
            region: region.to_owned(),
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
        let failed = |error: &dyn std::error::Error| {
            TransportError(format!("the request can't be signed: {}", causes(error)))
        };
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name(call.service)
            .time(now)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| failed(&error))?
            .into();
        let signable = SignableRequest::new(
            "POST",
            call.url,
            call.headers.iter().copied(),
            SignableBody::Bytes(&body),
        )
        .map_err(|error| failed(&error))?;
        let (instructions, _) = sign(signable, &params)
            .map_err(|error| failed(&error))?
            .into_parts();
        let mut request = http::Request::post(call.url);
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).map_err(|error| failed(&error))?;
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
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

    const RT: [(&str, &str); 3] = [
        ("accept", "application/json, text/javascript"),
        ("content-encoding", "amz-1.0"),
        ("content-type", "application/json; charset=UTF-8"),
    ];
    const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

    /// Vectors made by botocore 1.43.11 for 2026-03-07T08:05:09Z.
    #[rstest]
    #[case("/graphql/connect", "{}", &RT, None, "de22484ac41be76f67548b15908b1e4d154c1a0378075299bf825bf7a9f0b2ad")]
    #[case("/graphql/connect", "{}", &RT, Some("TOKENEXAMPLE"), "c9fbc552a5e81aefef5a9e134c81711f2874122d3409851ca0243e2d0f9cb5f2")]
    #[case("/graphql", r#"{"query":"mutation M { m { id } }"}"#, &JSON, Some("TOKENEXAMPLE"), "f19108304d82193ad6359a20ec8cc3f8177baee65db769a27e22ad29558d183d")]
    fn signatures_equal_those_of_aws_s_own_tools(
        #[case] path: &str,
        #[case] body: &str,
        #[case] headers: &[(&str, &str)],
        #[case] token: Option<&str>,
        #[case] signature: &str,
    ) {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let credentials = Credentials::new("AKIDEXAMPLE", secret, token.map(str::to_owned), None, "test");
        let aws = Aws::new(credentials, "eu-west-1").unwrap();
        let url = format!("https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com{path}");
        let call = AwsRequest {
            service: "appsync",
            url: &url,
            headers,
            time: CONNECT_TIME,
        };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_870_709);
        let request = aws.signed(call, body.as_bytes().to_vec(), now).unwrap();
        let sent = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(sent("x-amz-date"), Some("20260307T080509Z"));
        assert_eq!(sent("x-amz-security-token"), token);
        let authorization = sent("authorization").unwrap();
        assert!(
            authorization.ends_with(&format!("Signature={signature}")),
            "{authorization}"
        );
        for (name, value) in headers {
            assert_eq!(sent(name), Some(*value), "what is signed is sent");
        }
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
